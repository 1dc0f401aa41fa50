#pragma once
#include <mutex>

#include "store/database.h"

namespace vigie::workspace {

/// On how many threads the engine of a workspace works: on the one that asks, where it is known to hold so few rows
/// that another finds nothing to do and still costs its time; on all while something is imported, and until it is known
/// what that left. Any thread may tell it. Threads that do not fit cost time and no answer.
class EngineThreads {
 public:
  explicit EngineThreads(store::Database& database) : database_(database) {}

  /// What was begun before an import ended says nothing of what that left.
  struct Moment {
    std::int64_t imports_ended = 0;
  };
  Moment now() const;  ///< taken before a state is begun

  void rows_are(Moment begun, std::int64_t rows);  ///< of a state begun not before that moment
  void import_begins();
  void import_ends();

 private:
  struct State {
    bool few = false, importing = false;
    bool is_of_one() const { return few && !importing; }
  };
  void suit(State next);

  store::Database& database_;
  mutable std::mutex mutex_;
  State state_;
  Moment now_;
};

}  // namespace vigie::workspace

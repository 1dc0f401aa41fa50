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
  void rows_are(std::int64_t rows);  ///< of the state that is read from now on
  void import_begins();
  void import_ends();

 private:
  void suit(bool few, bool importing);

  store::Database& database_;
  std::mutex mutex_;
  bool few_ = false, importing_ = false;
};

}  // namespace vigie::workspace

#pragma once
#include <mutex>
#include <utility>

#include "store/database.h"

namespace vigie::workspace {

/// How many threads the engine puts to one statement: the one that asks, where there are so few rows that another finds
/// nothing to do and still costs its time; else all cores, and always while something is imported. Any thread may ask.
class EngineThreads {
 public:
  enum class Rows { few, many };

  /// An import that is under way.
  class Import {
   public:
    explicit Import(EngineThreads& threads) : threads_(&threads) {}
    Import(Import&& other) noexcept : threads_(std::exchange(other.threads_, nullptr)) {}
    Import& operator=(Import&&) = delete;
    ~Import() {
      if (threads_ != nullptr) threads_->end_import();
    }

   private:
    EngineThreads* threads_;
  };

  explicit EngineThreads(store::Database& database) : database_(database) {}
  Result<> suit(Rows rows);  ///< for what is read next
  Result<Import> import();

 private:
  Result<> put(Rows rows);
  void end_import();

  store::Database& database_;
  std::mutex mutex_;
  Rows now_ = Rows::many;  ///< as a database is opened
  int imports_ = 0;        ///< under way
};

}  // namespace vigie::workspace

#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

#include "store/result_set.h"

namespace vigie::store {

/// Limits of one query. `cancelled` may be set from another thread; the engine looks at it often.
struct QueryLimits {
  std::chrono::milliseconds deadline{30'000};
  std::size_t max_rows = 5'000'000;
  const std::atomic<bool>* cancelled = nullptr;
};

/// What several queries of one run read, computed once and gone with this object. For one thread.
class Scratch {
 public:
  virtual ~Scratch() = default;
  /// Computes a `shared` part now, with all its columns; later queries that hold the same part read it from here.
  virtual Result<> keep(const RelPtr& shared, const QueryLimits& limits) = 0;
  virtual Result<ResultSet> query(const RelPtr& plan, const QueryLimits& limits) = 0;
  virtual std::string sql(const RelPtr& plan) const = 0;
};

/// The port that every engine implements. Thread-safe: each call uses a connection of its own.
///
/// Errors: engine.cancelled, engine.deadline, engine.too_many_rows, engine.out_of_memory, engine.failed.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Result<ResultSet> query(const RelPtr& plan, const QueryLimits& limits) = 0;
  virtual std::string sql(const RelPtr& plan) const = 0;  ///< what would be sent, for explanations
  virtual Result<std::unique_ptr<Scratch>> scratch() = 0;
  /// Those of which each may answer on a thread of its own at the same time, all from the same rows; this one first.
  /// They live as long as it does.
  virtual std::vector<Engine*> lanes() { return {this}; }
};

}  // namespace vigie::store

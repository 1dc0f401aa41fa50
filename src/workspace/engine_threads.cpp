#include "workspace/engine_threads.h"

#include <utility>

namespace vigie::workspace {
namespace {

/// Up to so many rows no statement finds work for a second thread.
constexpr std::int64_t kRowsOfOneThread = 500'000;

}  // namespace

EngineThreads::Moment EngineThreads::now() const {
  const std::lock_guard guard(mutex_);
  return now_;
}

void EngineThreads::rows_are(Moment begun, std::int64_t rows) {
  const std::lock_guard guard(mutex_);
  if (begun.imports_ended != now_.imports_ended) return;
  suit({.few = rows <= kRowsOfOneThread, .importing = state_.importing});
}

void EngineThreads::import_begins() {
  const std::lock_guard guard(mutex_);
  suit({.few = state_.few, .importing = true});
}

void EngineThreads::import_ends() {
  const std::lock_guard guard(mutex_);
  ++now_.imports_ended;
  suit({});  // whatever it brought is not counted yet
}

/// The engine is told where something changes alone: it may hear only when it is done with what it is at.
void EngineThreads::suit(State next) {
  using Threads = store::Database::Threads;
  const State before = std::exchange(state_, next);
  if (before.is_of_one() == next.is_of_one()) return;
  [[maybe_unused]] const Result<> suited = database_.run_on(next.is_of_one() ? Threads::one : Threads::all);
}

}  // namespace vigie::workspace

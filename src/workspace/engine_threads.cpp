#include "workspace/engine_threads.h"

namespace vigie::workspace {
namespace {

/// Up to so many rows no statement finds work for a second thread.
constexpr std::int64_t kRowsOfOneThread = 500'000;

}  // namespace

void EngineThreads::rows_are(std::int64_t rows) {
  const std::lock_guard guard(mutex_);
  suit(rows <= kRowsOfOneThread, importing_);
}

void EngineThreads::import_begins() {
  const std::lock_guard guard(mutex_);
  suit(few_, true);
}

void EngineThreads::import_ends() {
  const std::lock_guard guard(mutex_);
  suit(false, false);  // whatever it brought is not counted yet
}

/// The engine is told where something changes alone: it may hear only when it is done with what it is at.
void EngineThreads::suit(bool few, bool importing) {
  using Threads = store::Database::Threads;
  const bool was_one = few_ && !importing_, is_one = few && !importing;
  few_ = few, importing_ = importing;
  if (was_one == is_one) return;
  [[maybe_unused]] const Result<> suited = database_.run_on(is_one ? Threads::one : Threads::all);
}

}  // namespace vigie::workspace

#include "store/duckdb/watchdog.h"

namespace vigie::store {

using SteadyClock = std::chrono::steady_clock;

namespace {
constexpr std::chrono::milliseconds kPoll{5};

/// A deadline of years would overflow the clock's nanoseconds.
SteadyClock::time_point due_of(const QueryLimits& limits) {
  return limits.begun + std::min<std::chrono::milliseconds>(limits.deadline, std::chrono::hours(24 * 365));
}

Watchdog::Reason reason_of(const QueryLimits& limits) {
  if (limits.cancelled != nullptr && *limits.cancelled) return Watchdog::Reason::cancelled;
  return SteadyClock::now() >= due_of(limits) ? Watchdog::Reason::deadline : Watchdog::Reason::none;
}

Error stopped(Watchdog::Reason reason, std::chrono::milliseconds deadline) {
  if (reason == Watchdog::Reason::cancelled) {
    return fail(ErrorKind::unavailable, "engine.cancelled", "the query was cancelled").error();
  }
  return fail(ErrorKind::unavailable, "engine.deadline",
              fmt::format("the query took longer than the {} ms it may take", deadline.count()), {},
              "ask for a shorter range or fewer splits, or allow more time")
      .error();
}
}  // namespace

struct Watchdog::Guard::Watch {
  duckdb_connection connection;
  SteadyClock::time_point due;
  std::chrono::milliseconds deadline;
  const std::atomic<bool>* cancelled;
  std::atomic<Reason> reason{Reason::none};
};

Watchdog::Guard::~Guard() {
  const std::lock_guard lock(dog_.mutex_);
  dog_.watches_.erase(watch_);
}

Watchdog::Reason Watchdog::Guard::reason() const { return watch_->reason; }
std::chrono::milliseconds Watchdog::Guard::deadline() const { return watch_->deadline; }

Watchdog::Watchdog() = default;

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Watchdog::Guard Watchdog::watch(duckdb_connection connection, const QueryLimits& limits) {
  const std::lock_guard lock(mutex_);
  watches_.emplace_front(connection, due_of(limits), limits.deadline, limits.cancelled);
  watches_.front().reason = reason_of(limits);
  if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  changed_.notify_all();
  return Guard(*this, watches_.begin());
}

Error stopped(const Watchdog::Guard& guard) { return stopped(guard.reason(), guard.deadline()); }

Result<> check(const QueryLimits& limits) {
  const Watchdog::Reason reason = reason_of(limits);
  if (reason == Watchdog::Reason::none) return {};
  return std::unexpected(stopped(reason, limits.deadline));
}

void Watchdog::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto now = SteadyClock::now();
    auto wake = SteadyClock::time_point::max();
    for (Guard::Watch& watch : watches_) {
      if (watch.reason == Reason::none) {
        if (watch.cancelled != nullptr && *watch.cancelled) {
          watch.reason = Reason::cancelled;
        } else if (now >= watch.due) {
          watch.reason = Reason::deadline;
        }
      }
      if (watch.reason != Reason::none) duckdb_interrupt(watch.connection);
      const bool often = watch.reason != Reason::none || watch.cancelled != nullptr;
      wake = std::min(wake, often ? now + kPoll : watch.due);
    }
    if (watches_.empty()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, wake);
    }
  }
}

}  // namespace vigie::store

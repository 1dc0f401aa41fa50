#include "store/duckdb/watchdog.h"

#include <system_error>

namespace vigie::store {

using SteadyClock = std::chrono::steady_clock;

namespace {
constexpr std::chrono::milliseconds kPoll{5};
}

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
  const auto now = SteadyClock::now();
  // A deadline of years would overflow the clock's nanoseconds.
  const auto span = std::min<std::chrono::milliseconds>(limits.deadline, std::chrono::hours(24 * 365));
  const std::lock_guard lock(mutex_);
  const bool running = start();
  watches_.emplace_front(connection, now + span, limits.deadline, limits.cancelled);
  if (limits.cancelled != nullptr && *limits.cancelled) {
    watches_.front().reason = Reason::cancelled;
  } else if (span.count() <= 0) {
    watches_.front().reason = Reason::deadline;
  } else if (!running) {
    watches_.front().reason = Reason::unwatched;
  }
  changed_.notify_all();
  return Guard(*this, watches_.begin());
}

bool Watchdog::start() {
  if (thread_.joinable()) return true;
  try {
    thread_ = std::thread([this] { loop(); });
  } catch (const std::system_error&) {
    return false;
  }
  return true;
}

Error stopped(const Watchdog::Guard& guard) {
  if (guard.reason() == Watchdog::Reason::unwatched) {
    return fail(ErrorKind::unavailable, "engine.unwatched",
                "the system gives no thread to watch over the time of the query", {},
                "try again when fewer programs are running, or let this one have more threads")
        .error();
  }
  if (guard.reason() == Watchdog::Reason::cancelled) {
    return fail(ErrorKind::unavailable, "engine.cancelled", "the query was cancelled").error();
  }
  return fail(ErrorKind::unavailable, "engine.deadline",
              fmt::format("the query took longer than the {} ms it may take", guard.deadline().count()), {},
              "ask for a shorter range or fewer splits, or again when the machine does less")
      .error();
}

void Watchdog::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto now = SteadyClock::now();
    auto wake = SteadyClock::time_point::max();
    for (Guard::Watch& watch : watches_) {
      if (watch.reason == Reason::unwatched) continue;  // it does not begin
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

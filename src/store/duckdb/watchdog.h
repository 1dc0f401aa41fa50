#pragma once
#include <duckdb.h>

#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "store/engine.h"

namespace vigie::store {

/// Interrupts queries whose deadline has passed or whose `cancelled` flag is set.
///
/// One thread per database, started with the first watched query; it sleeps until the next deadline, and looks every 5
/// ms at the flags while there are any. It repeats the interrupt until the query has left, because DuckDB forgets one
/// that arrives before the query has begun. A loop of duckdb_pending_execute_task was the alternative: it looks at the
/// clock only between tasks, spins while other threads hold the work, and does not cover the reading of the result.
class Watchdog {
 public:
  enum class Reason { none, deadline, cancelled, unwatched };  ///< unwatched: there was no thread to be had

  /// Watches one query for as long as it lives. After its destruction no interrupt is sent.
  class Guard {
   public:
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    ~Guard();
    Reason reason() const;
    std::chrono::milliseconds deadline() const;

   private:
    friend class Watchdog;
    struct Watch;
    Guard(Watchdog& dog, std::list<Watch>::iterator watch) : dog_(dog), watch_(watch) {}
    Watchdog& dog_;
    std::list<Watch>::iterator watch_;
  };

  Watchdog();
  ~Watchdog();
  /// A guard that has a reason from the start is of a query that must not begin.
  Guard watch(duckdb_connection connection, const QueryLimits& limits);

 private:
  bool start();  ///< unless it runs; false: the system has no thread left
  void loop();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Guard::Watch> watches_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Why a watched query did not end by itself.
Error stopped(const Watchdog::Guard& guard);

}  // namespace vigie::store

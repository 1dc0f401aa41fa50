#pragma once
#include <condition_variable>
#include <functional>
#include <thread>

#include "journal/reader.h"
#include "server/events/event_maps.h"

namespace vigie::events {

/// Brings what is new in a journal into the warehouse, on a thread of its own: in batches, map by map, at most five
/// transactions a second. Each writes how far the journal is applied with its rows, so that an event is in the
/// warehouse once whatever ends when.
///
/// A map that cannot be applied (its file is wrong, or gone, or its rows cannot be merged) keeps its own events waiting
/// and nobody else's; it is tried again until it can.
class Applier {
 public:
  /// `applied` is Workspace::applied; `tell` is given what a person should know, once.
  Applier(workspace::Workspace& workspace, journal::Journal& journal, EventMaps& maps, std::filesystem::path folder,
          const std::map<std::string, std::int64_t>& applied, std::function<void(const Error&)> tell);
  ~Applier();  ///< what is under way is given up, and applied at the next start
  Applier(const Applier&) = delete;
  Applier& operator=(const Applier&) = delete;

  struct MapState {
    journal::Sequence applied = 0;  ///< its last event in the warehouse
    std::size_t waiting = 0;
    std::int64_t taken = 0, quarantined = 0;  ///< rows, since the start
    std::optional<Error> error;               ///< why they wait
  };
  struct State {
    journal::Sequence applied = 0;  ///< all up to here are in the warehouse, or in its quarantine
    Instant oldest_waiting{};       ///< when the first that is not was received; of none, 0
    std::map<std::string, MapState> maps;
    std::optional<Error> error;  ///< why nothing is read any more
  };
  State state() const;
  /// From when all that is there now is applied, none of it is kept in the journal any more: somebody was erased.
  void forget_applied() { forget_ = true; }

 private:
  struct Lane;
  using Records = std::vector<journal::Record>;
  using Clock = std::chrono::steady_clock;

  void run(const std::stop_token& stop);
  bool pace(const std::stop_token& stop);
  void round(Records records, const std::stop_token& stop);
  void retry(const std::stop_token& stop);
  Result<> catch_up(const std::string& map, Lane& lane, const std::stop_token& stop);
  Result<> apply(const std::string& map, Lane& lane, const Records& records);
  journal::Sequence low_water(const Lane& done) const;
  void wait_with(const std::string& map, Lane& lane, const Error& error, Clock::duration took);
  bool know(std::optional<Error> error);
  void free_applied();
  void forget_what_is_applied();

  workspace::Workspace& workspace_;
  journal::Journal& journal_;
  EventMaps& maps_;
  const std::filesystem::path folder_;
  const std::function<void(const Error&)> tell_;
  std::atomic<bool> cancelled_ = false, forget_ = false;
  journal::Sequence read_ = 0;  ///< all up to here were read
  Clock::time_point last_run_{};
  std::string not_freed_;  ///< why what is applied could not be removed; "" it was

  mutable std::mutex mutex_;  ///< over what follows, where a thread looks in
  std::map<std::string, Lane> lanes_;
  journal::Sequence written_ = 0;  ///< what the warehouse holds under the journal's own name
  std::optional<Error> error_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

/// Under which names the warehouse keeps how far the journal is applied: all of it, and the events of one map.
constexpr std::string_view kJournalName = "events";
std::string journal_of(std::string_view map);

}  // namespace vigie::events

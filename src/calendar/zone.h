#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace vigie::calendar {

/// A time zone of the system's tz database, as a table of offsets that is read once; beyond the table's last entry the
/// zone's own yearly rule goes on, to the year 2500. Immutable; any thread may use it.
///
///   VIGIE_TRY(auto paris, Zone::find("Europe/Paris"));
///   paris->day_of(*parse_instant("2025-03-30T22:30:00Z"));   // 2025-03-31
class Zone {
 public:
  /// `zone.unknown`, with the nearest name; `zone.database` where the machine has no tz database. The server's own zone
  /// ("localtime") is not a name: a company's days must not depend on the machine.
  static Result<std::shared_ptr<const Zone>> find(std::string_view name);

  const std::string& name() const { return name_; }
  /// East of UTC. Offsets before standard time (Paris until 1911) have seconds: rounded here, exact in all the others.
  int offset_minutes(Instant at) const;
  Date day_of(Instant at) const;  ///< the day a wall clock shows
  /// First instant of the local day; where midnight does not exist, the instant that skips it; of a day that the zone
  /// skipped whole (Apia, 2011-12-30), the start of the next.
  Instant start_of(Date day) const;
  /// The instant at which a wall clock shows this local time (µs since local 1970-01-01). A time that daylight saving
  /// skips takes the offset before the gap; one that occurs twice is the first.
  Instant from_local(std::int64_t local_micros) const;
  /// Changes of offset in [from, to): (instant, new offset in minutes), the first one being `from` itself. Empty for an
  /// empty range.
  std::vector<std::pair<Instant, int>> transitions(Instant from, Instant to) const;

 private:
  /// From `start` on (µs UTC), local time is UTC + `offset` µs.
  struct Segment {
    std::int64_t start, offset;
  };
  /// What local time means: a moment of a segment, or a place in the gap before the segment `after`.
  struct Found {
    std::int64_t micros;  ///< the instant, taking the offset before a gap
    bool in_gap;
    std::size_t after;
  };

  explicit Zone(std::string name) : name_(std::move(name)) {}
  std::size_t segment_at(std::int64_t micros) const;
  Found locate(std::int64_t local) const;

  std::string name_;
  std::vector<Segment> segments_;  ///< in order; the first starts at the beginning of time
};

}  // namespace vigie::calendar

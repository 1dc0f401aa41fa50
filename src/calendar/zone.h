#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace vigie::calendar {

/// A time zone of the tz database. Immutable; any thread may use it.
class Zone {
 public:
  static Result<std::shared_ptr<const Zone>> find(std::string_view name);  ///< `zone.unknown`, with the nearest name

  const std::string& name() const { return name_; }
  int offset_minutes(Instant at) const;      ///< east of UTC
  Date day_of(Instant at) const;             ///< local day
  Instant start_of(Date day) const;          ///< first instant of the local day (also where midnight does not exist)
  /// The instant at which a wall clock shows this local time (µs since local 1970-01-01). A time that daylight saving skips
  /// takes the offset before the gap; one that occurs twice is the first.
  Instant from_local(std::int64_t local_micros) const;
  /// Changes of offset in [from, to): (instant, new offset in minutes), the first one being `from` itself.
  std::vector<std::pair<Instant, int>> transitions(Instant from, Instant to) const;

 private:
  std::string name_;
  const void* impl_ = nullptr;  ///< date::time_zone, kept out of this header
};

}  // namespace vigie::calendar

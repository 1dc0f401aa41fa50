#pragma once
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace vigie::calendar {

/// The yearly rule at the end of a tz database file ("CET-1CEST,M3.5.0,M10.5.0/3"; POSIX.1-2017 §8.3 with the hours of
/// RFC 8536 §3.3.1, −167 to 167). The files of many systems state recent years by this rule alone.
struct PosixRule {
  /// A day of the year and a local time on it.
  struct Moment {
    enum class Kind { month_week_day, julian_without_leap, zero_based } kind = Kind::month_week_day;
    int month = 0, week = 0, weekday = 0;  ///< weekday: 0 Sunday; week 5 is the last
    int day = 0;
    int seconds = 7200;  ///< local time of the change, may be negative or beyond a day
  };

  int standard_offset = 0;  ///< seconds east of UTC
  int summer_offset = 0;
  std::optional<std::pair<Moment, Moment>> summer;  ///< start (in standard time), end (in summer time)

  static std::optional<PosixRule> parse(std::string_view text);  ///< nothing when it is not such a rule

  /// Both changes of that year, in order: (seconds since 1970 UTC, offset from then on). Empty without summer time.
  std::vector<std::pair<std::int64_t, int>> changes(int year) const;
};

}  // namespace vigie::calendar

#pragma once
// calendar/ — days, zones and periods of a company: its time zone, week start, fiscal year, 4-4-5 pattern and holidays; the
// grains one can group by; and which earlier period a period is compared with.
//
//   zone.h      a time zone: instants ↔ local days, with daylight saving
//   calendar.h  grains, periods, comparisons, working days
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/time.h"
#include "calendar/zone.h"

namespace vigie::calendar {

enum class Grain { hour, day, week, month, quarter, year, total };
Result<Grain> parse_grain(std::string_view name);  ///< `grain.unknown`, with the nearest
std::string_view name_of(Grain grain);

/// A run of local days, [from, to).
struct Range {
  Date from, to;
  int days() const { return to - from; }
  auto operator<=>(const Range&) const = default;
};

enum class WeekPattern { none, p445, p454, p544 };

struct CalendarSettings {
  std::string time_zone = "Europe/Paris";
  int week_start = 1;        ///< ISO weekday on which weeks begin: 1 Monday, 7 Sunday
  int fiscal_month = 1, fiscal_day = 1;
  WeekPattern pattern = WeekPattern::none;
  std::set<Date> holidays;
};

class Calendar {
 public:
  static Result<Calendar> make(CalendarSettings settings);  ///< `zone.unknown`, `calendar.fiscal_start`

  const Zone& zone() const { return *zone_; }
  const CalendarSettings& settings() const { return settings_; }

  /// The period of that grain that holds the day (grain hour: the day; total: not allowed).
  Range period_of(Date day, Grain grain) const;
  /// Every period that touches the range, whole, in order.
  std::vector<Range> periods(Range range, Grain grain) const;

  /// The run of the same grain just before; for total or a range that is no whole period: the same number of days before,
  /// except that whole months stay whole months.
  Range previous_period(Range range, Grain grain) const;
  /// The same period a year before: calendar dates (29 Feb → 28 Feb), fiscal periods and 4-4-5 weeks by their number.
  Range previous_year(Range range, Grain grain) const;
  /// 364 days before: the same weekdays.
  Range previous_year_weekday(Range range) const;

  bool is_working_day(Date day) const;
  int working_days(Range range) const;

 private:
  CalendarSettings settings_;
  std::shared_ptr<const Zone> zone_;
};

}  // namespace vigie::calendar

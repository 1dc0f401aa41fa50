#pragma once
// calendar/ — days, zones and periods of a company: its time zone, week start, fiscal year, 4-4-5 pattern and holidays;
// the grains one can group by; and which earlier period a period is compared with.
//
//   zone.h        a time zone: instants ↔ local days, with daylight saving; zone_files.h, posix_rule.h: as kept
//   calendar.h    grains, periods, comparisons, working days
//   settings.h    how a person writes them in vigie.yaml: "monday", "04-01", "4-4-5"
//   holidays.h    the public holidays of France, Alsace-Moselle included
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
  int week_start = 1;  ///< ISO weekday on which weeks begin: 1 Monday, 7 Sunday
  int fiscal_month = 1, fiscal_day = 1;
  WeekPattern pattern = WeekPattern::none;
  std::set<int> working_weekdays = {1, 2, 3, 4, 5};  ///< ISO weekdays on which people work
  std::set<Date> holidays = {};
};

/// The `index`-th period (from 1) of its grain in the fiscal year that begins in, or with a week pattern nearest to the
/// fiscal start of, civil year `year`.
struct PeriodNumber {
  int year, index;
  auto operator<=>(const PeriodNumber&) const = default;
};

/// The periods of one company. Months nest in quarters and quarters in fiscal years.
///
/// Without a week pattern, month k of a fiscal year begins k − 1 months after the fiscal start, on its day of the month
/// (on the last day of shorter months): with the usual fiscal day 1 these are the civil months. Weeks run across years.
///
/// With a week pattern (4-4-5, 4-5-4, 5-4-4) the fiscal year of civil year Y begins on the week start nearest to the
/// fiscal start of Y (at most three days off), so it has 52 or 53 weeks; each quarter is 13 weeks, split into months by
/// the pattern; the 53rd week belongs to the last month. (The 4-5-4 retail calendar of the American NRF is fiscal start
/// 02-01, weeks from Sunday.)
///
/// Immutable; any thread may use it.
///
///   VIGIE_TRY(auto calendar, Calendar::make({.time_zone = "Europe/Paris", .fiscal_month = 4}));
///   calendar.period_of(date_of(2025, 2, 14), Grain::year);   // [2024-04-01, 2025-04-01)
class Calendar {
 public:
  /// `zone.unknown`, `zone.database`, `calendar.week_start`, `calendar.fiscal_start` (a day that some years do not
  /// have), `calendar.working_days` (none, or no weekday).
  static Result<Calendar> make(CalendarSettings settings);

  const Zone& zone() const { return *zone_; }
  const CalendarSettings& settings() const { return settings_; }

  /// The period of that grain that holds the day (grain hour: the day; total: not allowed).
  Range period_of(Date day, Grain grain) const;
  /// Every period that touches the range, whole, in order (grain hour: the days; total: the range itself).
  std::vector<Range> periods(Range range, Grain grain) const;

  /// The number of the period that holds the day on the line of all periods of that grain: the next period has the next
  /// number. For buckets and for distances ("the third month after"). Total: not allowed.
  std::int64_t ordinal(Date day, Grain grain) const;
  Range period_at(std::int64_t ordinal, Grain grain) const;  ///< its inverse
  /// What people call it: quarter 2 of fiscal year 2025. Weeks are counted from the fiscal start, so without a week
  /// pattern week 1 is the one that holds the first day of the fiscal year.
  PeriodNumber number_of(Date day, Grain grain) const;

  /// The run of the same grain just before; for total or a range that is no whole period: the same number of days
  /// before, except that whole months (the calendar's, else civil ones) stay whole months.
  Range previous_period(Range range, Grain grain) const;
  /// The same period a year before. Whole months, quarters and years: by their number. With a week pattern also weeks
  /// and days, by number of week and weekday; week 53 is compared with week 52 where the year before has no other.
  /// Everything else by calendar dates (29 Feb → 28 Feb).
  Range previous_year(Range range, Grain grain) const;
  /// 364 days before: the same weekdays.
  Range previous_year_weekday(Range range) const;

  bool is_working_day(Date day) const;  ///< one of the working weekdays, and no holiday
  int working_days(Range range) const;

 private:
  Calendar(CalendarSettings settings, std::shared_ptr<const Zone> zone);

  bool has_pattern() const { return settings_.pattern != WeekPattern::none; }
  Date fiscal_start(int year) const;
  int fiscal_year_of(Date day) const;
  Date week_start_of(Date day) const;
  Date month_start(std::int64_t ordinal) const;
  std::int64_t month_ordinal(Date day) const;
  std::optional<std::pair<std::int64_t, std::int64_t>> whole_run(Range range, Grain grain) const;
  Range run(std::int64_t first, std::int64_t last, Grain grain) const;
  Date same_day_a_year_before(Date day) const;

  CalendarSettings settings_;
  std::shared_ptr<const Zone> zone_;
};

}  // namespace vigie::calendar

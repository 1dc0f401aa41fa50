#include "calendar/calendar.h"

#include <cassert>

#include "base/floor.h"
#include "base/text.h"

namespace vigie::calendar {
namespace {

constexpr int kWeek = 7;
constexpr int kMonthsInYear = 12;

struct GrainName {
  Grain grain;
  std::string_view name;
};
constexpr GrainName kGrains[] = {{Grain::hour, "hour"},   {Grain::day, "day"},         {Grain::week, "week"},
                                 {Grain::month, "month"}, {Grain::quarter, "quarter"}, {Grain::year, "year"},
                                 {Grain::total, "total"}};

/// The day of that month, or the month's last where it is shorter. `month` may lie outside 1…12: it carries into the
/// year.
Date clamped(int year, int month, int day) {
  const std::int64_t months = std::int64_t{year} * kMonthsInYear + month - 1;
  const int y = static_cast<int>(floor_div(months, kMonthsInYear)), m = floor_mod(months, kMonthsInYear) + 1;
  return date_of(y, m, std::min(day, days_in_month(y, m)));
}

bool whole_civil_months(Range range) {
  return range.from < range.to && civil(range.from).day == 1 && civil(range.to).day == 1;
}
Date civil_months_later(Date first_of_month, int months) {
  const auto [y, m, d] = civil(first_of_month);
  return clamped(y, m + months, d);
}
int civil_months_between(Range range) {
  const auto a = civil(range.from), b = civil(range.to);
  return (b.year - a.year) * kMonthsInYear + b.month - a.month;
}

/// Months of a period of that grain; 0 for those that are not made of months.
int months_in(Grain grain) {
  switch (grain) {
    case Grain::month: return 1;
    case Grain::quarter: return 3;
    case Grain::year: return kMonthsInYear;
    default: return 0;
  }
}

/// First week (from 0) of each month of a fiscal year.
constexpr std::array<int, 12> first_weeks(std::array<int, 3> lengths) {
  std::array<int, 12> out{};
  for (std::size_t month = 1; month < 12; ++month) out[month] = out[month - 1] + lengths[(month - 1) % 3];
  return out;
}
const std::array<int, 12>& first_weeks(WeekPattern pattern) {
  static constexpr std::array<int, 12> k445 = first_weeks({4, 4, 5}), k454 = first_weeks({4, 5, 4}),
                                       k544 = first_weeks({5, 4, 4});
  return pattern == WeekPattern::p445 ? k445 : pattern == WeekPattern::p454 ? k454 : k544;
}

}  // namespace

Result<Grain> parse_grain(std::string_view name) {
  std::vector<std::string> known;
  for (const GrainName& grain : kGrains) {
    if (grain.name == name) return grain.grain;
    known.emplace_back(grain.name);
  }
  return fail(ErrorKind::usage, "grain.unknown", fmt::format("\"{}\" is not a grain", name), {},
              nearest_name(name, known).empty() ? "known: " + join(known, ", ") : suggestion(name, known));
}

std::string_view name_of(Grain grain) {
  for (const GrainName& known : kGrains)
    if (known.grain == grain) return known.name;
  return "";
}

Calendar::Calendar(CalendarSettings settings, std::shared_ptr<const Zone> zone)
    : settings_(std::move(settings)), zone_(std::move(zone)) {}

Result<Calendar> Calendar::make(CalendarSettings settings) {
  VIGIE_TRY(auto zone, Zone::find(settings.time_zone));
  if (settings.week_start < 1 || settings.week_start > kWeek)
    return fail(ErrorKind::usage, "calendar.week_start",
                fmt::format("weeks cannot start on weekday {}", settings.week_start), {}, "1 is Monday, 7 is Sunday");
  const int month = settings.fiscal_month;
  constexpr int kCommonYear = 2025;  // so that 29 February, which most years lack, is refused
  if (month < 1 || month > kMonthsInYear || settings.fiscal_day < 1 ||
      settings.fiscal_day > days_in_month(kCommonYear, month))
    return fail(ErrorKind::usage, "calendar.fiscal_start",
                fmt::format("the fiscal year cannot start on {:02}-{:02}, which is not a day of every year", month,
                            settings.fiscal_day),
                {}, "write month and day, such as 04-01");
  const auto& working = settings.working_weekdays;
  if (working.empty() || *working.begin() < 1 || *working.rbegin() > kWeek)
    return fail(ErrorKind::usage, "calendar.working_days", "no day of the week is a working day", {},
                "name those on which the company works, such as [monday, tuesday]");
  return Calendar(std::move(settings), std::move(zone));
}

Date Calendar::week_start_of(Date day) const { return day - floor_mod(iso_weekday(day) - settings_.week_start, kWeek); }

Date Calendar::fiscal_start(int year) const {
  const Date start = date_of(year, settings_.fiscal_month, settings_.fiscal_day);
  return has_pattern() ? week_start_of(start + 3)
                       : start;  // the week start among the three days before, it, three after
}

int Calendar::fiscal_year_of(Date day) const {
  int year = civil(day).year + 1;  // a pattern's year may begin in the last days of the civil year before
  while (fiscal_start(year) > day) --year;
  return year;
}

// Months are numbered 12 · fiscal year + (0 … 11); quarters and years are divisions of that number.
std::int64_t Calendar::month_ordinal(Date day) const {
  const int year = fiscal_year_of(day);
  int month = kMonthsInYear - 1;
  while (month > 0 && month_start(std::int64_t{year} * kMonthsInYear + month) > day) --month;
  return std::int64_t{year} * kMonthsInYear + month;
}

Date Calendar::month_start(std::int64_t ordinal) const {
  const int year = static_cast<int>(floor_div(ordinal, kMonthsInYear)), month = floor_mod(ordinal, kMonthsInYear);
  if (!has_pattern()) return clamped(year, settings_.fiscal_month + month, settings_.fiscal_day);
  return fiscal_start(year) + kWeek * first_weeks(settings_.pattern)[static_cast<std::size_t>(month)];
}

std::int64_t Calendar::ordinal(Date day, Grain grain) const {
  assert(grain != Grain::total);
  if (const int months = months_in(grain); months > 0) return floor_div(month_ordinal(day), months);
  if (grain == Grain::week) return floor_div(week_start_of(day).days, kWeek);
  return day.days;
}

Range Calendar::period_at(std::int64_t ordinal, Grain grain) const {
  assert(grain != Grain::total);
  if (const int months = months_in(grain); months > 0)
    return {month_start(ordinal * months), month_start((ordinal + 1) * months)};
  if (grain == Grain::week) {
    // Week starts are all of one weekday, so exactly one of these seven days is one.
    const Date first{static_cast<std::int32_t>(ordinal * kWeek)};
    const Date start = week_start_of(first + (kWeek - 1));
    return {start, start + kWeek};
  }
  const Date day{static_cast<std::int32_t>(ordinal)};
  return {day, day + 1};
}

PeriodNumber Calendar::number_of(Date day, Grain grain) const {
  const int year = fiscal_year_of(day);
  if (grain == Grain::year) return {year, 1};
  return {year, static_cast<int>(ordinal(day, grain) - ordinal(fiscal_start(year), grain)) + 1};
}

Range Calendar::period_of(Date day, Grain grain) const { return period_at(ordinal(day, grain), grain); }

std::vector<Range> Calendar::periods(Range range, Grain grain) const {
  std::vector<Range> out;
  if (range.from >= range.to) return out;
  if (grain == Grain::total) return {range};
  const std::int64_t last = ordinal(range.to - 1, grain);
  for (std::int64_t i = ordinal(range.from, grain); i <= last; ++i) out.push_back(period_at(i, grain));
  return out;
}

/// First and last ordinal of the periods that the range is made of, when it is made of whole ones.
std::optional<std::pair<std::int64_t, std::int64_t>> Calendar::whole_run(Range range, Grain grain) const {
  if (range.from >= range.to || grain == Grain::total) return std::nullopt;
  const std::int64_t first = ordinal(range.from, grain), last = ordinal(range.to - 1, grain);
  if (run(first, last, grain) != range) return std::nullopt;
  return std::pair{first, last};
}

Range Calendar::run(std::int64_t first, std::int64_t last, Grain grain) const {
  return {period_at(first, grain).from, period_at(last, grain).to};
}

Range Calendar::previous_period(Range range, Grain grain) const {
  if (const auto whole = whole_run(range, grain)) {
    const auto [first, last] = *whole;
    return run(first - (last - first + 1), first - 1, grain);
  }
  if (const auto whole = whole_run(range, Grain::month)) {
    const auto [first, last] = *whole;
    return run(first - (last - first + 1), first - 1, Grain::month);
  }
  if (whole_civil_months(range)) return {civil_months_later(range.from, -civil_months_between(range)), range.from};
  return {range.from - range.days(), range.from};
}

Date Calendar::same_day_a_year_before(Date day) const {
  if (!has_pattern()) {
    const auto [y, m, d] = civil(day);
    return clamped(y - 1, m, d);
  }
  const int year = fiscal_year_of(day);
  const Date same = fiscal_start(year - 1) + (day - fiscal_start(year));
  return same < fiscal_start(year) ? same : same - kWeek;  // week 53 where the year before has 52
}

Range Calendar::previous_year(Range range, Grain grain) const {
  if (range.from >= range.to) {
    const Date day = same_day_a_year_before(range.from);
    return {day, day};
  }
  const bool of_days = grain == Grain::day || grain == Grain::hour || grain == Grain::week;
  if (!of_days) {
    if (const auto whole = whole_run(range, Grain::month))
      return run(whole->first - kMonthsInYear, whole->second - kMonthsInYear, Grain::month);
    if (whole_civil_months(range))
      return {civil_months_later(range.from, -kMonthsInYear), civil_months_later(range.to, -kMonthsInYear)};
  }
  return {same_day_a_year_before(range.from), same_day_a_year_before(range.to - 1) + 1};
}

Range Calendar::previous_year_weekday(Range range) const {
  constexpr int kWholeWeeks = 52 * kWeek;
  return {range.from - kWholeWeeks, range.to - kWholeWeeks};
}

bool Calendar::is_working_day(Date day) const {
  return settings_.working_weekdays.contains(iso_weekday(day)) && !settings_.holidays.contains(day);
}

int Calendar::working_days(Range range) const {
  if (range.from >= range.to) return 0;
  const auto is_worked = [&](Date day) { return settings_.working_weekdays.contains(iso_weekday(day)); };
  const int weeks = range.days() / kWeek;
  int count = weeks * static_cast<int>(settings_.working_weekdays.size());
  for (Date day = range.from + weeks * kWeek; day < range.to; day = day + 1) count += is_worked(day);
  const auto end = settings_.holidays.lower_bound(range.to);
  for (auto holiday = settings_.holidays.lower_bound(range.from); holiday != end; ++holiday)
    count -= is_worked(*holiday);
  return count;
}

}  // namespace vigie::calendar

#include "calendar/calendar.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "calendar/settings.h"
#include "calendar/test_calendar.h"

namespace vigie::calendar {
namespace {

Range range(std::string_view from, std::string_view to) { return {day(from), day(to)}; }

TEST(Calendar, CivilPeriods) {
  const Calendar calendar = make({});
  EXPECT_EQ(text(calendar.period_of(day("2024-02-29"), Grain::day)), "2024-02-29 2024-03-01");
  EXPECT_EQ(text(calendar.period_of(day("2024-02-29"), Grain::hour)), "2024-02-29 2024-03-01");
  EXPECT_EQ(text(calendar.period_of(day("2024-02-29"), Grain::month)), "2024-02-01 2024-03-01");
  EXPECT_EQ(text(calendar.period_of(day("2024-02-29"), Grain::quarter)), "2024-01-01 2024-04-01");
  EXPECT_EQ(text(calendar.period_of(day("2024-02-29"), Grain::year)), "2024-01-01 2025-01-01");
  EXPECT_EQ(text(calendar.period_of(day("2024-12-31"), Grain::quarter)), "2024-10-01 2025-01-01");
}

TEST(Calendar, WeeksFromMondayOrSunday) {
  // 1 January 2025 is a Wednesday.
  EXPECT_EQ(text(make({}).period_of(day("2025-01-01"), Grain::week)), "2024-12-30 2025-01-06");
  EXPECT_EQ(text(make({.week_start = 7}).period_of(day("2025-01-01"), Grain::week)), "2024-12-29 2025-01-05");
  EXPECT_EQ(text(make({.week_start = 7}).period_of(day("2025-01-05"), Grain::week)), "2025-01-05 2025-01-12");
  EXPECT_EQ(text(make({}).period_of(day("1969-12-31"), Grain::week)), "1969-12-29 1970-01-05");
}

TEST(Calendar, AFiscalYearFromApril) {
  const Calendar calendar = make({.fiscal_month = 4});
  EXPECT_EQ(text(calendar.period_of(day("2025-03-31"), Grain::year)), "2024-04-01 2025-04-01");
  EXPECT_EQ(text(calendar.period_of(day("2025-04-01"), Grain::year)), "2025-04-01 2026-04-01");
  EXPECT_EQ(text(calendar.period_of(day("2025-02-14"), Grain::quarter)), "2025-01-01 2025-04-01");
  EXPECT_EQ(text(calendar.period_of(day("2025-02-14"), Grain::month)), "2025-02-01 2025-03-01");
  EXPECT_EQ(calendar.number_of(day("2025-02-14"), Grain::quarter), (PeriodNumber{2024, 4}));
  EXPECT_EQ(calendar.number_of(day("2025-02-14"), Grain::month), (PeriodNumber{2024, 11}));
  EXPECT_EQ(calendar.number_of(day("2025-02-14"), Grain::year), (PeriodNumber{2024, 1}));
  EXPECT_EQ(calendar.number_of(day("2025-04-01"), Grain::week), (PeriodNumber{2025, 1}));
}

TEST(Calendar, AFiscalYearThatBeginsInsideAMonth) {
  const Calendar calendar = make({.fiscal_month = 4, .fiscal_day = 6});  // the British tax year
  EXPECT_EQ(text(calendar.period_of(day("2025-04-05"), Grain::year)), "2024-04-06 2025-04-06");
  EXPECT_EQ(text(calendar.period_of(day("2025-04-05"), Grain::month)), "2025-03-06 2025-04-06");
  const Calendar ends = make({.fiscal_month = 1, .fiscal_day = 31});  // short months begin on their last day
  EXPECT_EQ(text(ends.period_of(day("2025-02-28"), Grain::month)), "2025-02-28 2025-03-31");
  EXPECT_EQ(text(ends.period_of(day("2025-02-27"), Grain::month)), "2025-01-31 2025-02-28");
}

TEST(Calendar, PeriodsThatTouchARangeAreWhole) {
  const Calendar calendar = make({});
  const auto months = calendar.periods(range("2025-01-15", "2025-03-01"), Grain::month);
  ASSERT_EQ(months.size(), 2u);
  EXPECT_EQ(text(months[0]), "2025-01-01 2025-02-01");
  EXPECT_EQ(text(months[1]), "2025-02-01 2025-03-01");
  EXPECT_EQ(calendar.periods(range("2025-01-15", "2025-03-02"), Grain::month).size(), 3u);
  EXPECT_EQ(calendar.periods(range("2024-01-01", "2025-01-01"), Grain::day).size(), 366u);
  EXPECT_EQ(calendar.periods(range("2024-01-15", "2024-02-15"), Grain::total),
            std::vector{range("2024-01-15", "2024-02-15")});
  EXPECT_TRUE(calendar.periods(range("2025-01-15", "2025-01-15"), Grain::month).empty());
}

TEST(Calendar, ThePeriodBefore) {
  const Calendar calendar = make({});
  const auto before = [&](std::string_view from, std::string_view to, Grain grain) {
    return text(calendar.previous_period(range(from, to), grain));
  };
  EXPECT_EQ(before("2024-02-29", "2024-03-01", Grain::day), "2024-02-28 2024-02-29");
  EXPECT_EQ(before("2025-01-06", "2025-01-13", Grain::week), "2024-12-30 2025-01-06");
  EXPECT_EQ(before("2024-03-01", "2024-04-01", Grain::month), "2024-02-01 2024-03-01");
  EXPECT_EQ(before("2025-01-01", "2025-04-01", Grain::quarter), "2024-10-01 2025-01-01");
  EXPECT_EQ(before("2025-01-01", "2026-01-01", Grain::year), "2024-01-01 2025-01-01");
  // Three months as one run; a total over whole months; the first half of March as days.
  EXPECT_EQ(before("2025-03-01", "2025-06-01", Grain::month), "2024-12-01 2025-03-01");
  EXPECT_EQ(before("2025-03-01", "2025-06-01", Grain::total), "2024-12-01 2025-03-01");
  EXPECT_EQ(before("2025-03-01", "2025-03-16", Grain::total), "2025-02-14 2025-03-01");
  EXPECT_EQ(before("2025-03-01", "2025-03-16", Grain::month), "2025-02-14 2025-03-01");
}

TEST(Calendar, TheYearBefore) {
  const Calendar calendar = make({});
  const auto before = [&](std::string_view from, std::string_view to, Grain grain) {
    return text(calendar.previous_year(range(from, to), grain));
  };
  EXPECT_EQ(before("2024-02-29", "2024-03-01", Grain::day), "2023-02-28 2023-03-01");
  EXPECT_EQ(before("2024-02-28", "2024-02-29", Grain::day), "2023-02-28 2023-03-01");
  EXPECT_EQ(before("2025-02-28", "2025-03-01", Grain::day), "2024-02-28 2024-02-29");
  EXPECT_EQ(before("2025-02-01", "2025-03-01", Grain::month), "2024-02-01 2024-03-01");  // all 29 days
  EXPECT_EQ(before("2024-02-01", "2024-03-01", Grain::month), "2023-02-01 2023-03-01");
  EXPECT_EQ(before("2025-01-01", "2025-04-01", Grain::quarter), "2024-01-01 2024-04-01");
  EXPECT_EQ(before("2025-01-01", "2026-01-01", Grain::total), "2024-01-01 2025-01-01");
  EXPECT_EQ(before("2025-03-10", "2025-03-17", Grain::week), "2024-03-10 2024-03-17");   // by dates
  EXPECT_EQ(before("2025-03-01", "2025-03-16", Grain::month), "2024-03-01 2024-03-16");  // to date
  EXPECT_EQ(text(calendar.previous_year_weekday(range("2025-03-10", "2025-03-17"))), "2024-03-11 2024-03-18");
}

TEST(Calendar, TheYearBeforeInAFiscalYear) {
  const Calendar calendar = make({.fiscal_month = 4});
  EXPECT_EQ(text(calendar.previous_year(range("2024-04-01", "2025-04-01"), Grain::year)), "2023-04-01 2024-04-01");
  EXPECT_EQ(text(calendar.previous_year(range("2025-01-01", "2025-04-01"), Grain::quarter)), "2024-01-01 2024-04-01");
  const Calendar tax = make({.fiscal_month = 4, .fiscal_day = 6});
  EXPECT_EQ(text(tax.previous_year(range("2025-01-01", "2025-02-01"), Grain::total)), "2024-01-01 2024-02-01");
}

TEST(Calendar, WorkingDays) {
  CalendarSettings settings;
  for (const Date holiday : french_holidays(2025, FrenchRegion::metropole)) settings.holidays.insert(holiday);
  const Calendar calendar = make(settings);
  // May 2025: 22 days from Monday to Friday; off: Thursday 1, Thursday 8, Thursday 29 (Ascension). 22 − 3 = 19.
  EXPECT_EQ(calendar.working_days(range("2025-05-01", "2025-06-01")), 19);
  EXPECT_FALSE(calendar.is_working_day(day("2025-05-29")));
  EXPECT_TRUE(calendar.is_working_day(day("2025-05-30")));
  EXPECT_FALSE(calendar.is_working_day(day("2025-05-31")));  // a Saturday
  // 1 November 2025 is a Saturday: a holiday that takes no working day. 20 weekdays, less Tuesday 11.
  EXPECT_EQ(calendar.working_days(range("2025-11-01", "2025-12-01")), 19);
  EXPECT_EQ(calendar.working_days(range("2025-05-01", "2025-05-01")), 0);
}

RC_GTEST_PROP(Calendar, WorkingDaysAreCountedAsTheyAre, ()) {
  CalendarSettings settings;
  settings.working_weekdays =
      *rc::gen::elementOf(std::vector<std::set<int>>{{1, 2, 3, 4, 5}, {2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6, 7}, {7}});
  for (const Date holiday : french_holidays(2024, FrenchRegion::alsace_moselle)) settings.holidays.insert(holiday);
  const Calendar calendar = make(settings);
  const Date from = date_of(2023, 11, 1) + *rc::gen::inRange(0, 400);
  const Range any{from, from + *rc::gen::inRange(0, 100)};
  int count = 0;
  for (Date d = any.from; d < any.to; d = d + 1) count += calendar.is_working_day(d);
  RC_ASSERT(calendar.working_days(any) == count);
}

RC_GTEST_PROP(Calendar, PeriodsTileTheLine, ()) {
  const auto pattern = *rc::gen::element(WeekPattern::none, WeekPattern::p445, WeekPattern::p454, WeekPattern::p544);
  const int month = *rc::gen::inRange(1, 13);
  const Calendar calendar = make({.week_start = *rc::gen::inRange(1, 8),
                                  .fiscal_month = month,
                                  .fiscal_day = *rc::gen::inRange(1, days_in_month(2025, month) + 1),
                                  .pattern = pattern});
  const auto grain = *rc::gen::element(Grain::hour, Grain::day, Grain::week, Grain::month, Grain::quarter, Grain::year);
  const Date any = date_of(1960, 1, 1) + *rc::gen::inRange(0, 60'000);
  const Range period = calendar.period_of(any, grain);
  RC_ASSERT(period.from <= any);
  RC_ASSERT(any < period.to);
  const std::int64_t number = calendar.ordinal(any, grain);
  RC_ASSERT(calendar.period_at(number, grain) == period);
  RC_ASSERT(calendar.period_at(number + 1, grain).from == period.to);
  RC_ASSERT(calendar.ordinal(period.to, grain) == number + 1);
  RC_ASSERT(calendar.ordinal(period.from, grain) == number);
  RC_ASSERT(calendar.previous_period(period, grain).to == period.from);
  RC_ASSERT(calendar.previous_year(period, grain).days() > 0);
  // Months lie in one quarter, quarters in one year.
  if (grain == Grain::month)
    RC_ASSERT(calendar.ordinal(period.from, Grain::quarter) == calendar.ordinal(period.to - 1, Grain::quarter));
  if (grain == Grain::quarter)
    RC_ASSERT(calendar.ordinal(period.from, Grain::year) == calendar.ordinal(period.to - 1, Grain::year));
}

TEST(Calendar, AWeekEndOfItsOwn) {
  // A shop that is open from Tuesday to Saturday. March 2025 has 31 days from a Saturday on: five Saturdays, Sundays
  // and Mondays, four of each other day: 4 · 4 + 5 = 21.
  const Calendar shop = make({.working_weekdays = {2, 3, 4, 5, 6}});
  EXPECT_EQ(shop.working_days(range("2025-03-01", "2025-04-01")), 21);
  EXPECT_TRUE(shop.is_working_day(day("2025-03-01")));   // a Saturday
  EXPECT_FALSE(shop.is_working_day(day("2025-03-03")));  // a Monday
  // Easter Monday takes nothing from who does not work on Mondays; Thursday 1 May does.
  const Calendar with_holidays =
      make({.working_weekdays = {2, 3, 4, 5, 6}, .holidays = {day("2025-04-21"), day("2025-05-01")}});
  EXPECT_EQ(with_holidays.working_days(range("2025-04-21", "2025-04-28")), 5);
  EXPECT_EQ(with_holidays.working_days(range("2025-04-28", "2025-05-05")), 4);
}

TEST(Calendar, SettingsThatCannotBe) {
  EXPECT_EQ(Calendar::make({.working_weekdays = {}}).error().code, "calendar.working_days");
  EXPECT_EQ(Calendar::make({.working_weekdays = {0, 1}}).error().code, "calendar.working_days");

  EXPECT_EQ(Calendar::make({.time_zone = "Mars/Olympus"}).error().code, "zone.unknown");
  EXPECT_EQ(Calendar::make({.week_start = 0}).error().code, "calendar.week_start");
  EXPECT_EQ(Calendar::make({.fiscal_month = 2, .fiscal_day = 29}).error().code, "calendar.fiscal_start");
  EXPECT_EQ(Calendar::make({.fiscal_month = 13}).error().code, "calendar.fiscal_start");
}

TEST(Settings, AsPeopleWriteThem) {
  EXPECT_EQ(parse_weekday("monday"), 1);
  EXPECT_EQ(parse_weekday("Sunday"), 7);
  EXPECT_EQ(name_of_weekday(3), "wednesday");
  EXPECT_EQ(parse_weekday("sundey").error().text(), R"("sundey" is not a day of the week; did you mean "sunday"?)");
  EXPECT_EQ(parse_fiscal_start("04-01")->month, 4);
  EXPECT_EQ(parse_fiscal_start("02-29").error().text(),
            R"("02-29" is not a day on which every fiscal year can start; write month and day, such as 04-01)");
  EXPECT_EQ(parse_fiscal_start("4-1").error().text(), R"("4-1" is not a month and a day; write it as 04-01)");
  EXPECT_EQ(parse_week_pattern("4-5-4"), WeekPattern::p454);
  EXPECT_EQ(parse_week_pattern("4-4-4").error().code, "calendar.pattern");
  EXPECT_EQ(parse_holidays("France_Alsace_Moselle").value(), FrenchRegion::alsace_moselle);
  EXPECT_EQ(parse_holidays("none").value(), std::nullopt);
  EXPECT_EQ(parse_holidays("belgium").error().code, "calendar.holidays");
  EXPECT_EQ(parse_grain("month"), Grain::month);
  EXPECT_EQ(parse_grain("mouth").error().hint, R"(did you mean "month"?)");
  EXPECT_EQ(parse_grain("fortnight").error().code, "grain.unknown");
  EXPECT_EQ(name_of(Grain::quarter), "quarter");
}

}  // namespace
}  // namespace vigie::calendar

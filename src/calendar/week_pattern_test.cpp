#include <gtest/gtest.h>

#include "calendar/test_calendar.h"

namespace vigie::calendar {
namespace {

/// The 4-5-4 calendar of the National Retail Federation: weeks from Sunday, the year begins nearest to 1 February.
Calendar retail() { return make({.week_start = 7, .fiscal_month = 2, .pattern = WeekPattern::p454}); }

TEST(WeekPattern, RetailYearsBeginWhereTheFederationSays) {
  const Calendar calendar = retail();
  // 1 February 2023 is a Wednesday: Sunday 29 January is 3 days before, 5 February 4 after. 2024: 4 February.
  EXPECT_EQ(text(calendar.period_of(day("2023-06-01"), Grain::year)), "2023-01-29 2024-02-04");  // 53 weeks
  EXPECT_EQ(text(calendar.period_of(day("2022-06-01"), Grain::year)), "2022-01-30 2023-01-29");
  EXPECT_EQ(text(calendar.period_of(day("2024-06-01"), Grain::year)), "2024-02-04 2025-02-02");
  EXPECT_EQ(text(calendar.period_of(day("2017-06-01"), Grain::year)), "2017-01-29 2018-02-04");   // 53 weeks
  EXPECT_EQ(text(calendar.period_of(day("2023-02-01"), Grain::month)), "2023-01-29 2023-02-26");  // February: 4 weeks
  EXPECT_EQ(text(calendar.period_of(day("2023-03-01"), Grain::month)), "2023-02-26 2023-04-02");  // March: 5
  EXPECT_EQ(text(calendar.period_of(day("2024-01-31"), Grain::month)), "2023-12-31 2024-02-04");  // January: 4 + 53rd
  EXPECT_EQ(text(calendar.period_of(day("2024-01-31"), Grain::quarter)), "2023-10-29 2024-02-04");
  EXPECT_EQ(calendar.number_of(day("2024-01-31"), Grain::week), (PeriodNumber{2023, 53}));
  EXPECT_EQ(calendar.number_of(day("2024-01-31"), Grain::month), (PeriodNumber{2023, 12}));
}

TEST(WeekPattern, AYearMayBeginInTheCivilYearBefore) {
  const Calendar calendar = make({.pattern = WeekPattern::p445});
  // 1 January 2025 is a Wednesday: the nearest Monday is 30 December 2024.
  EXPECT_EQ(text(calendar.period_of(day("2024-12-31"), Grain::year)), "2024-12-30 2025-12-29");
  EXPECT_EQ(calendar.number_of(day("2024-12-31"), Grain::month), (PeriodNumber{2025, 1}));
  EXPECT_EQ(text(calendar.period_of(day("2024-12-29"), Grain::month)), "2024-11-25 2024-12-30");
}

TEST(WeekPattern, MonthsOfAQuarterFollowThePattern) {
  const auto weeks = [](WeekPattern pattern) {
    const Calendar calendar = make({.pattern = pattern});
    std::vector<int> out;
    for (const Range month : calendar.periods(calendar.period_of(day("2025-06-01"), Grain::year), Grain::month))
      out.push_back(month.days() / 7);
    return out;
  };
  EXPECT_EQ(weeks(WeekPattern::p445), (std::vector{4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5}));
  EXPECT_EQ(weeks(WeekPattern::p454), (std::vector{4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 4}));
  EXPECT_EQ(weeks(WeekPattern::p544), (std::vector{5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4}));
}

TEST(WeekPattern, TheYearBeforeGoesByNumber) {
  const Calendar calendar = retail();
  // Week 1 of 2024 is compared with week 1 of 2023, although 2023 had 53 weeks.
  EXPECT_EQ(text(calendar.previous_year({day("2024-02-04"), day("2024-02-11")}, Grain::week)), "2023-01-29 2023-02-05");
  // Week 53 of 2023 has no counterpart in 2022: week 52.
  EXPECT_EQ(text(calendar.previous_year({day("2024-01-28"), day("2024-02-04")}, Grain::week)), "2023-01-22 2023-01-29");
  EXPECT_EQ(text(calendar.previous_year({day("2024-01-31"), day("2024-02-01")}, Grain::day)), "2023-01-25 2023-01-26");
  // March 2024 (5 weeks) with March 2023; the whole year with the one before; both quarters of a run.
  EXPECT_EQ(text(calendar.previous_year({day("2024-03-03"), day("2024-04-07")}, Grain::month)),
            "2023-02-26 2023-04-02");
  EXPECT_EQ(text(calendar.previous_year({day("2024-02-04"), day("2025-02-02")}, Grain::year)), "2023-01-29 2024-02-04");
  EXPECT_EQ(text(calendar.previous_year({day("2024-02-04"), day("2025-02-02")}, Grain::total)),
            "2023-01-29 2024-02-04");
  EXPECT_EQ(text(calendar.previous_year({day("2024-02-04"), day("2024-08-04")}, Grain::quarter)),
            "2023-01-29 2023-07-30");
  EXPECT_EQ(text(calendar.previous_year_weekday({day("2024-02-04"), day("2024-02-11")})), "2023-02-05 2023-02-12");
}

TEST(WeekPattern, ThePeriodBeforeGoesByNumber) {
  const Calendar calendar = retail();
  EXPECT_EQ(text(calendar.previous_period({day("2024-02-04"), day("2024-03-03")}, Grain::month)),
            "2023-12-31 2024-02-04");
  EXPECT_EQ(text(calendar.previous_period({day("2024-02-04"), day("2025-02-02")}, Grain::year)),
            "2023-01-29 2024-02-04");
  EXPECT_EQ(text(calendar.previous_period({day("2024-02-04"), day("2024-02-11")}, Grain::week)),
            "2024-01-28 2024-02-04");
  EXPECT_EQ(text(calendar.previous_period({day("2024-02-04"), day("2024-03-03")}, Grain::total)),
            "2023-12-31 2024-02-04");
  // A civil month asked for in such a company stays a civil month.
  EXPECT_EQ(text(calendar.previous_period({day("2024-03-01"), day("2024-04-01")}, Grain::total)),
            "2024-02-01 2024-03-01");
  EXPECT_EQ(text(calendar.previous_year({day("2025-02-01"), day("2025-03-01")}, Grain::total)),
            "2024-02-01 2024-03-01");
}

TEST(WeekPattern, EveryYearHas52Or53Weeks) {
  for (const int week_start : {1, 7}) {
    const Calendar calendar =
        make({.week_start = week_start, .fiscal_month = 2, .fiscal_day = 28, .pattern = WeekPattern::p544});
    int long_years = 0;
    for (int year = 1900; year < 2300; ++year) {
      const int days = calendar.period_of(date_of(year, 7, 1), Grain::year).days();
      ASSERT_TRUE(days == 364 || days == 371) << year;
      long_years += days == 371;
    }
    EXPECT_EQ(long_years, 71);  // 400 years are 20,871 weeks: 400 · 52 + 71
  }
}

}  // namespace
}  // namespace vigie::calendar

#include "plan/spans.h"

#include <gtest/gtest.h>

#include "plan/test_span.h"

namespace vigie::plan {
namespace {

calendar::Calendar make(calendar::CalendarSettings settings) {
  auto made = calendar::Calendar::make(std::move(settings));
  EXPECT_TRUE(made) << (made ? "" : made.error().text());
  return std::move(made).value();
}

std::string text(const Span& span) { return to_string(span.from) + " " + to_string(span.to); }

TEST(Spans, TwelveCompleteMonthsUpToTheEnd) {
  const calendar::Calendar civil = make({});
  EXPECT_EQ(text(trailing_12_months(civil, span("2025-01-01", "2025-02-01"))), "2024-02-01 2025-02-01");
  // A span that ends inside a month leaves that month out, also where the end is cut inside a day.
  EXPECT_EQ(text(trailing_12_months(civil, span("2025-01-01", "2025-02-15"))), "2024-02-01 2025-02-01");
  Span cut = span("2025-01-01", "2025-01-31");
  cut.to_tod = kMicrosPerDay / 2;
  EXPECT_EQ(text(trailing_12_months(civil, cut)), "2024-01-01 2025-01-01");
}

TEST(Spans, TwelveMonthsAreThoseOfTheCompany) {
  const calendar::Calendar tax = make({.fiscal_month = 4, .fiscal_day = 6});
  EXPECT_EQ(text(trailing_12_months(tax, span("2025-03-06", "2025-04-06"))), "2024-04-06 2025-04-06");
  EXPECT_EQ(text(trailing_12_months(tax, span("2024-04-01", "2025-04-01"))), "2024-03-06 2025-03-06");
  // 4-4-5: 2026 begins on 29 December 2025 and has 53 weeks, the last one in its twelfth month (of six weeks, from 23
  // November on).
  const calendar::Calendar weeks = make({.pattern = calendar::WeekPattern::p445});
  const auto months = month_ends_12(weeks, span("2026-11-23", "2027-01-04"));
  ASSERT_EQ(months.size(), 12u);
  EXPECT_EQ(text(months.front()), "2025-12-29 2026-01-26");
  EXPECT_EQ(text(months[2]), "2026-02-23 2026-03-30");
  EXPECT_EQ(text(months.back()), "2026-11-23 2027-01-04");
}

TEST(Spans, APeriodIsCutInsideADayBefore1970Too) {
  const calendar::Calendar civil = make({.time_zone = "UTC"});
  const calendar::Range november{*parse_date("1969-11-01"), *parse_date("1969-12-01")};
  const auto noon = parse_instant("1969-11-10T12:00:00Z");
  ASSERT_TRUE(noon);
  const Period cut = period_at(civil, november, seen_until(civil, *noon));
  EXPECT_EQ(text(cut.span), "1969-11-01 1969-11-10");
  EXPECT_EQ(cut.span.to_tod, kMicrosPerDay / 2);
  EXPECT_DOUBLE_EQ(cut.elapsed, 9.5 / 30);
}

TEST(Spans, TheYearBefore) {
  const calendar::Calendar civil = make({});
  EXPECT_EQ(text(year_before(civil, span("2025-03-01", "2025-04-01"))), "2024-03-01 2025-03-01");
  EXPECT_EQ(text(year_before(civil, span("2024-02-29", "2024-03-01"))), "2023-02-28 2024-02-29");
  // Months that begin on a 31st begin on the last day of shorter ones: 29 February 2024 in its leap year.
  const calendar::Calendar ends = make({.fiscal_month = 1, .fiscal_day = 31});
  EXPECT_EQ(text(year_before(ends, span("2025-02-28", "2025-03-31"))), "2024-02-29 2025-02-28");
  // 4-4-5: the second month of 2025 begins on 27 January, that of 2024 on 29 January; the third day of the one is a
  // year after the third day of the other.
  const calendar::Calendar weeks = make({.pattern = calendar::WeekPattern::p445});
  EXPECT_EQ(text(year_before(weeks, span("2025-01-27", "2025-02-24"))), "2024-01-29 2025-01-27");
  EXPECT_EQ(text(year_before(weeks, span("2025-01-29", "2025-01-30"))), "2024-01-31 2025-01-29");
}

}  // namespace
}  // namespace vigie::plan

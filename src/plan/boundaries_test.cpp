#include "plan/boundaries.h"

#include <gtest/gtest.h>

namespace vigie::plan {
namespace {

expr::InstantLiteral midnight(Date day) { return {Instant{day.days * kMicrosPerDay}, day, 0, true}; }

PeriodInstants period(std::int64_t id, Date from, Date to) { return {id, midnight(from), midnight(to)}; }

TEST(Boundaries, NumberTheEndsOfPeriods) {
  const Date january = date_of(2025, 1, 1), february = date_of(2025, 2, 1), march = date_of(2025, 3, 1);
  const std::vector<PeriodInstants> periods{period(0, january, february), period(1, february, march),
                                            period(2, january, march)};
  const Boundaries at(periods);
  EXPECT_EQ(at.bit(midnight(january)), 1);
  EXPECT_EQ(at.bit(midnight(march)), 4);
  EXPECT_EQ(at.end(), 8);
  EXPECT_EQ(at.reached(date_of(2024, 12, 31)), 1) << "before the first";
  EXPECT_EQ(at.reached(january), 2) << "what happens on its first instant comes after it";
  EXPECT_EQ(at.reached(date_of(2025, 1, 31)), 2);
  EXPECT_EQ(at.reached(march), 8);
  // Sold on 20 January, and next on 10 March: active at 1 February and at 1 March.
  EXPECT_EQ(at.reached(date_of(2025, 3, 10)) - at.reached(date_of(2025, 1, 20)), 2 + 4);
  // What is sold in (1 January, 1 March] stands at the first end after it: bits 2 and 4.
  EXPECT_EQ(at.between(midnight(january), midnight(march)), 2 + 4);
  EXPECT_EQ(at.between(midnight(january), midnight(january)), 0);
}

TEST(Boundaries, AnInstantInsideADayIsReachedInsideIt) {
  const Date january = date_of(2025, 1, 1), cut_day = date_of(2025, 1, 20);
  const expr::InstantLiteral noon{Instant{cut_day.days * kMicrosPerDay + kMicrosPerDay / 2}, cut_day, 0, false};
  const std::vector<PeriodInstants> periods{{0, midnight(january), noon}};
  const Boundaries at(periods);
  EXPECT_EQ(at.reached(cut_day), 2) << "its morning";
  EXPECT_EQ(at.reached(cut_day + 1), 4);
}

TEST(Boundaries, ComeInSetsThatFitAnInteger) {
  std::vector<PeriodInstants> periods;
  const Date first = date_of(2025, 1, 1);
  for (int i = 0; i < 200; ++i) periods.push_back(period(i, first + i, first + i + 1));
  periods.push_back(period(200, first, first + 200));
  std::size_t seen = 0;
  for (const auto& set : Boundaries::sets(periods)) {
    seen += set.size();
    EXPECT_GT(Boundaries(set).end(), 0);
  }
  EXPECT_EQ(seen, periods.size());
  EXPECT_TRUE(Boundaries::sets({}).empty());
}

}  // namespace
}  // namespace vigie::plan

#include "stats/quantiles.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "stats/test_decimal.h"

namespace vigie::stats {
namespace {

using Days = WeightedSample<std::int64_t>;
using Amounts = WeightedSample<Decimal>;
using Doubles = WeightedSample<double>;

TEST(Quantiles, TypeSevenByHand) {
  // 1, 2, 4, 8: the 0.25-quantile lies at 3 · 0.25 = 0.75, so 1 + 0.75 · (2 − 1) = 1.75; the median halfway between 2
  // and 4.
  const Days days({{8, 1}, {1, 1}, {4, 1}, {2, 1}});
  EXPECT_EQ(quantile(days, dec("0.25")), 1.75);
  EXPECT_EQ(quantile(days, kMedian), 3.0);
  EXPECT_EQ(quantile(days, dec("0")), 1.0);
  EXPECT_EQ(quantile(days, dec("1")), 8.0);
}

TEST(Quantiles, CountsStandForValues) {
  // 5, 5, 5, 7, 7, 100: the median lies at 2.5, between the third and the fourth.
  const Days days({{7, 2}, {5, 1}, {100, 1}, {5, 2}, {6, 0}});
  EXPECT_EQ(days.n(), 6);
  EXPECT_EQ(quantile(days, kMedian), 6.0);
  EXPECT_EQ(days.at_rank(2), 5);
  EXPECT_EQ(days.at_rank(3), 7);
}

TEST(Quantiles, DecimalsStayExact) {
  // Engines give 0.10, 0.11 or 0.105 for the median of 0.10 and 0.11: it is 0.105.
  const Amounts amounts({{dec("0.10"), 1}, {dec("0.11"), 1}});
  EXPECT_EQ((*quantile(amounts, kMedian))->to_plain(), "0.105");
  // 0.9 of three values lies at 1.8: 20.10 + 0.8 · 10.03 = 28.124.
  const Amounts three({{dec("10.00"), 1}, {dec("20.10"), 1}, {dec("30.13"), 1}});
  EXPECT_EQ((*quantile(three, dec("0.9")))->to_plain(), "28.124");
}

TEST(Quantiles, APositionThatDoublesWouldMissIsExact) {
  // 20 · 0.15 is 3.0000000000000004 in doubles elsewhere; here rank 3 and nothing to interpolate.
  const auto position = quantile_position(21, dec("0.15"));
  EXPECT_EQ(position->rank, 3);
  EXPECT_TRUE(position->fraction.is_zero());
  EXPECT_EQ(quantile_position(1, kMedian)->rank, 0);
  EXPECT_EQ(quantile_position(1'000'000'000'000, dec("0.999999999999999999"))->rank, 999'999'999'998);
}

TEST(Quantiles, NothingOfNothing) {
  EXPECT_FALSE(quantile(Days({}), kMedian));
  EXPECT_FALSE(quantile(Days({{5, 0}}), kMedian));
  EXPECT_FALSE(quantile(Days({{5, 1}}), dec("1.01")));
  EXPECT_FALSE(quantile(Days({{5, 1}}), dec("-0.5")));
  EXPECT_FALSE(*quantile(Amounts({}), kMedian));
}

TEST(Quantiles, EndlessValuesDoNotMakeNonsense) {
  const Doubles doubles({{HUGE_VAL, 3}, {1.0, 1}});
  EXPECT_EQ(quantile(doubles, kMedian), HUGE_VAL);
}

RC_GTEST_PROP(Quantiles, AgreeWithTheSpreadOutSample, ()) {
  const auto values = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(-50, 50)));
  const int q = *rc::gen::inRange(0, 1001);
  std::vector<Weighted<std::int64_t>> items;
  for (const int value : values) items.push_back({value, 1});
  std::vector<int> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const int place = static_cast<int>(sorted.size() - 1) * q;  // in thousandths
  const auto below = static_cast<std::size_t>(place / 1000);
  const double expected =
      place % 1000 == 0 ? sorted[below] : sorted[below] + (sorted[below + 1] - sorted[below]) * (place % 1000) / 1000.0;
  RC_ASSERT(std::abs(*quantile(Days(items), Decimal(q, 3)) - expected) < 1e-12);
}

TEST(MedianIntervals, FromOrderStatistics) {
  // Ten values: the second and the ninth.
  const Days days({{1, 1}, {2, 1}, {3, 2}, {5, 1}, {8, 1}, {9, 1}, {12, 1}, {40, 1}, {90, 1}});
  const auto interval = order_statistic_interval(days, kMedian);
  ASSERT_TRUE(interval);
  EXPECT_EQ(interval->first, 2);
  EXPECT_EQ(interval->second, 40);
  EXPECT_FALSE(order_statistic_interval(Days({{1, 5}}), kMedian));
}

TEST(MedianIntervals, TheBootstrapIsSeeded) {
  std::vector<Weighted<double>> items;
  for (int i = 0; i < 1001; ++i) items.push_back({i * i / 1000.0, 1});
  const Doubles sample(items);
  const auto once = bootstrap_interval(sample, kMedian, {999, 7});
  const auto again = bootstrap_interval(sample, kMedian, {999, 7});
  const auto other = bootstrap_interval(sample, kMedian, {999, 8});
  ASSERT_TRUE(once && again && other);
  EXPECT_EQ(once->low, again->low);
  EXPECT_EQ(once->high, again->high);
  EXPECT_NE(once->low + once->high, other->low + other->high);
  // The median is 250; order statistics 31 below and above its rank of 500 enclose it with 95 %: 469² and 531², in
  // thousands.
  EXPECT_NEAR(once->low, 220, 5);
  EXPECT_NEAR(once->high, 282, 5);
  EXPECT_FALSE(bootstrap_interval(Doubles({{1.0, 1}}), kMedian, {999, 7}));
}

TEST(MedianIntervals, TheBootstrapDrawsWhatResamplingDraws) {
  // Of four values the smallest possible median, 1, comes up when both middle draws are 1, that is when at least three
  // of four draws are: 4 · (1/4)³ · 3/4 + (1/4)⁴ = 13/256 = 5.1 %. So the 2.5 % point is 1, and by symmetry the
  // other 40.
  const Doubles four({{1.0, 1}, {2.0, 1}, {3.0, 1}, {40.0, 1}});
  const auto interval = bootstrap_interval(four, kMedian, {20'000, 1});
  EXPECT_EQ(interval->low, 1);
  EXPECT_EQ(interval->high, 40);
  // At z = 1.55 the tails are 6.06 %: the median 1 is left out, and the next, (1 + 2)/2, which comes up in another 11.7
  // % (two draws of 1, and a 2 among the others: 6 · (1/4)² · (3/4)² · (1 − (2/3)²)), is the limit; above, (3 + 40)/2.
  const auto narrower = bootstrap_interval(four, kMedian, {20'000, 1}, 1.55);
  EXPECT_EQ(narrower->low, 1.5);
  EXPECT_EQ(narrower->high, 21.5);
}

TEST(MedianIntervals, TenMillionValuesCostNoMore) {
  const Doubles sample({{1.0, 4'000'000}, {2.0, 3'000'000}, {3.0, 3'000'000}});
  const auto interval = bootstrap_interval(sample, kMedian, {1000, 3});
  EXPECT_EQ(interval->low, 2);
  EXPECT_EQ(interval->high, 2);
}

}  // namespace
}  // namespace vigie::stats

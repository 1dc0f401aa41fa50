#include "stats/intervals.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace vigie::stats {
namespace {

void expect_near(const std::optional<Interval>& interval, double low, double high, double tolerance) {
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, low, tolerance);
  EXPECT_NEAR(interval->high, high, tolerance);
}

TEST(Wilson, HasThePublishedValues) {
  // R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3.
  expect_near(wilson(81, 263), 0.2553, 0.3662, 5e-5);
  expect_near(wilson(15, 148), 0.0624, 0.1605, 5e-5);
  expect_near(wilson(0, 20), 0.0000, 0.1611, 5e-5);
  expect_near(wilson(1, 29), 0.0061, 0.1718, 5e-5);
}

TEST(Wilson, EndsAreExactlyNoughtAndOne) {
  EXPECT_EQ(wilson(0, 20)->low, 0.0);
  EXPECT_EQ(wilson(20, 20)->high, 1.0);
  EXPECT_FALSE(wilson(0, 0));
  EXPECT_FALSE(wilson(6, 5));  // a ratio of counts of two populations may pass 1: it is no share
  EXPECT_FALSE(wilson(-1, 5));
}

RC_GTEST_PROP(Wilson, HoldsTheShareAndIsSymmetric, ()) {
  const std::int64_t n = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
  const std::int64_t x = *rc::gen::inRange<std::int64_t>(0, n + 1);
  const Interval interval = *wilson(x, n), mirrored = *wilson(n - x, n);
  const double share = static_cast<double>(x) / static_cast<double>(n);
  RC_ASSERT(interval.low >= 0);
  RC_ASSERT(interval.low <= share + 1e-15);
  RC_ASSERT(share <= interval.high + 1e-15);
  RC_ASSERT(interval.high <= 1);
  RC_ASSERT(std::abs(interval.low - (1 - mirrored.high)) < 1e-14);
}

TEST(MeanInterval, FromCountSumAndSquares) {
  // 2, 4, 4, 4, 5, 5, 7, 9: mean 40/8 = 5, squares 232, variance (232 − 40²/8)/7 = 32/7, error √(32/56) = 0.755929.
  const Moments sample{8, 40, 232};
  EXPECT_DOUBLE_EQ(sample.variance(), 32.0 / 7);
  expect_near(mean_interval(sample), 5 - 1.959964 * 0.7559289, 5 + 1.959964 * 0.7559289, 1e-6);
  EXPECT_FALSE(mean_interval({1, 5, 25}));
  EXPECT_FALSE(mean_interval({0, 0, 0}));
}

TEST(MeanLessInterval, AddsWhatRefundsVaryBy) {
  // 100, 200, 300 less 30 and 60: 510/3; s² = 10000; √(10000/3 + (900 + 3600)/9) = 61.913919.
  const double half = 1.959964 * 61.913919;
  expect_near(mean_less_interval({3, 600, 140000}, 90, 4500), 170 - half, 170 + half, 1e-4);
  EXPECT_FALSE(mean_less_interval({1, 5, 25}, 0, 0));
}

TEST(RatioInterval, FromTheResidualsOfEachUnit) {
  // Amounts 10, 30, 20 over items 1, 2, 3: 10; residuals 0, 10, −10; √(3 · 100)/6 = 2.886751.
  const double half = 1.959964 * 2.8867513;
  expect_near(ratio_interval({3, 60, 6, 1400, 14, 130}), 10 - half, 10 + half, 1e-6);
  expect_near(ratio_interval({2, 30, 3, 500, 5, 50}), 10, 10, 1e-12);  // 10 an item in each: no doubt
  EXPECT_FALSE(ratio_interval({1, 10, 1, 100, 1, 10}));
  EXPECT_FALSE(ratio_interval({3, 10, 0, 100, 0, 0}));
}

TEST(PoissonInterval, HasThePublishedEnds) {
  // Garwood's table at 95 %: 0 … 3.689, 0.0253 … 5.572, 4.795 … 18.39.
  expect_near(poisson_interval(0), 0, 3.6889, 1e-4);
  expect_near(poisson_interval(1), 0.02532, 5.5716, 1e-4);
  expect_near(poisson_interval(10), 4.7954, 18.3904, 1e-4);
  EXPECT_FALSE(poisson_interval(-1));
}

TEST(MeanInterval, AVarianceSmallBesideTheMeanSurvives) {
  // A million values of 1,000,000 and as many of 1,000,001: variance 1/4 · n/(n−1), from sums of 10¹⁸.
  const double half = 1e6, n = 2e6;
  const Moments sample{2'000'000, half * 1e6 + half * 1'000'001, half * 1e12 + half * 1'000'001.0 * 1'000'001.0};
  EXPECT_NEAR(sample.variance(), 0.25 * n / (n - 1), 1e-3);
  EXPECT_EQ((Moments{3, 0.3, 0.03}).variance() >= 0, true);  // equal values: rounding must not make it negative
}

TEST(BoundedMean, OfFewIsTheScoreOfItsPlaceOnTheScale) {
  // Marks 5, 4, 2 of 5: 1 + 0.8 + 0.4 = 2.2 of 3. Centre (2.2 + 3.841459/2) / (3 + 3.841459) = 0.602317,
  // half 1.959964 · √(2.2 · 0.8 / 3 + 3.841459/4) / 6.841459 = 0.356327.
  expect_near(bounded_mean_interval({3, 2.2, 1 + 0.64 + 0.16}, {0, 1}), 0.245990, 0.958645, 1e-6);
  // Of yes and no it is Wilson's, on any scale.
  expect_near(bounded_mean_interval({29, 1, 1}, {0, 1}), wilson(1, 29)->low, wilson(1, 29)->high, 1e-15);
  expect_near(bounded_mean_interval({4, 200, 40'000}, {-100, 100}), 200 * wilson(3, 4)->low - 100,
              200 * wilson(3, 4)->high - 100, 1e-12);
}

TEST(BoundedMean, EndsWhereTheScaleEnds) {
  EXPECT_EQ(bounded_mean_interval({3, 300, 30'000}, {-100, 100})->high, 100);
  EXPECT_EQ(bounded_mean_interval({3, -300, 30'000}, {-100, 100})->low, -100);
  EXPECT_LT(bounded_mean_interval({3, 300, 30'000}, {-100, 100})->low, 0);  // three alike do not make it certain
  EXPECT_EQ(bounded_mean_interval({1, 1, 1}, {0, 1})->high, 1);
  // From 30 on it is the normal one, as far as the scale reaches: 29 of 30 are 1, one is 0.
  const Interval many = *bounded_mean_interval({30, 29, 29}, {0, 1}), normal = *mean_interval({30, 29, 29});
  EXPECT_EQ(many.low, normal.low);
  EXPECT_GT(normal.high, 1);
  EXPECT_EQ(many.high, 1);
  EXPECT_FALSE(bounded_mean_interval({0, 0, 0}, {0, 1}));
  EXPECT_FALSE(bounded_mean_interval({2, 2.5, 4.25}, {0, 1}));  // values off the scale
  EXPECT_FALSE(bounded_mean_interval({2, -1, 1}, {0, 1}));
}

TEST(BoundedMean, CoversAtSmallSamples) {
  // All outcomes of 8 marks of 5, 4 and 1 of 5 with probabilities 0.85, 0.1 and 0.05: mean 0.94. Better than one time
  // in four all of them are the best, and the normal interval is a point.
  const double best = 0.85, good = 0.1, bad = 0.05, mean = best + 0.8 * good + 0.2 * bad;
  const int n = 8;
  double covered = 0, covered_by_normal = 0;
  for (int i = 0; i <= n; ++i)
    for (int j = 0; i + j <= n; ++j) {
      const int k = n - i - j;
      const double probability =
          std::exp(std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(j + 1) - std::lgamma(k + 1) +
                   i * std::log(best) + j * std::log(good) + k * std::log(bad));
      const Moments sample{n, i + 0.8 * j + 0.2 * k, i + 0.64 * j + 0.04 * k};
      const Interval found = *bounded_mean_interval(sample, {0, 1}), normal = *mean_interval(sample);
      EXPECT_GE(found.low, 0);
      EXPECT_LE(found.high, 1);
      covered += probability * (found.low <= mean && mean <= found.high);
      covered_by_normal += probability * (normal.low <= mean && mean <= normal.high);
    }
  EXPECT_GT(covered, 0.95);
  EXPECT_LT(covered_by_normal, 0.75);
}

TEST(ShareDifference, TheFormulaOfLargeSamples) {
  // 50 % for, 16.7 % against: 1.959964 · √((0.667 − 0.333²)/n), ±4.6 points of 100 at n = 1,000, ±14.6 at n = 100.
  const double at_1000 = 1.959964 * std::sqrt((0.667 - 0.333 * 0.333) / 1000);
  EXPECT_NEAR(at_1000, 0.0462, 5e-5);
  expect_near(share_difference(500, 167, 1000), 0.333 - at_1000, 0.333 + at_1000, 1e-12);
  const double at_100 = 1.959964 * std::sqrt((0.67 - 0.33 * 0.33) / 100);
  EXPECT_NEAR(at_100, 0.1468, 5e-5);  // 17 % against
  expect_near(share_difference(50, 17, 100), 0.33 - at_100, 0.33 + at_100, 1e-12);
  EXPECT_FALSE(share_difference(0, 0, 0));
  EXPECT_FALSE(share_difference(3, 3, 5));
}

TEST(ShareDifference, SmallSamplesUseTheScore) {
  // Reference: the statistic of Tango (1998) with the constrained maximum found by direct search, roots by Brent's
  // method.
  expect_near(share_difference(5, 2, 10), -0.216592202, 0.675277890, 1e-8);
  expect_near(share_difference(3, 0, 12), -0.053117513, 0.532305337, 1e-8);
  expect_near(share_difference(0, 4, 9), -0.733348708, -0.012346032, 1e-8);
  expect_near(share_difference(12, 5, 29), -0.038688661, 0.482752120, 1e-8);
  expect_near(share_difference_score(1, 0, 44), -0.059393232, 0.118077098, 1e-8);
  // Nobody for, nobody against: not ±0 as the formula for large samples has it.
  expect_near(share_difference(0, 0, 10), -0.277532803, 0.277532803, 1e-8);
  expect_near(share_difference(10, 0, 10), 0.444934394, 1, 1e-8);
  EXPECT_EQ(share_difference(10, 0, 10)->high, 1.0);
  EXPECT_EQ(share_difference(0, 10, 10)->low, -1.0);
}

RC_GTEST_PROP(ShareDifference, TheScoreMirrorsAndMeetsTheFormulaForLargeSamples, ()) {
  const std::int64_t n = *rc::gen::inRange<std::int64_t>(1, 3000);
  const std::int64_t positive = *rc::gen::inRange<std::int64_t>(0, n + 1);
  const std::int64_t negative = *rc::gen::inRange<std::int64_t>(0, n - positive + 1);
  const Interval score = *share_difference_score(positive, negative, n);
  const Interval mirrored = *share_difference_score(negative, positive, n);
  const double m = static_cast<double>(n), estimate = static_cast<double>(positive - negative) / m;
  RC_ASSERT(-1 <= score.low && score.low <= estimate + 1e-12);
  RC_ASSERT(estimate <= score.high + 1e-12 && score.high <= 1);
  RC_ASSERT(std::abs(score.low + mirrored.high) < 1e-9);
  if (n > 1000 && positive > n / 10 && negative > n / 10 && positive + negative < n * 9 / 10)
    RC_ASSERT(std::abs(score.low - share_difference(positive, negative, n)->low) < 6 / m);
}

TEST(ShareDifference, TheScoreCoversAtSmallSamples) {
  // All outcomes of 12 answers with true shares 0.6, 0.3, 0.1: the interval holds 0.3 in about 95 % of them; the
  // formula for large samples in fewer.
  const double p = 0.6, d = 0.1, rest = 0.3;
  double covered = 0, covered_by_formula = 0;
  const int n = 12;
  for (int i = 0; i <= n; ++i)
    for (int j = 0; i + j <= n; ++j) {
      const double probability =
          std::exp(std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(j + 1) - std::lgamma(n - i - j + 1) +
                   i * std::log(p) + j * std::log(d) + (n - i - j) * std::log(rest));
      const Interval score = *share_difference(i, j, n);
      covered += probability * (score.low <= p - d && p - d <= score.high);
      const double e = (i - j) / static_cast<double>(n);
      const double half = kZ * std::sqrt(((i + j) / static_cast<double>(n) - e * e) / n);
      covered_by_formula += probability * (e - half <= p - d && p - d <= e + half);
    }
  EXPECT_GT(covered, 0.94);
  EXPECT_LT(covered, 0.98);
  EXPECT_LT(covered_by_formula, covered);
}

TEST(ProportionChange, HasThePublishedValues) {
  // R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 10; there first − second.
  expect_near(proportion_change({48, 80}, {56, 70}), 0.0524, 0.3339, 5e-5);
  expect_near(proportion_change({3, 10}, {9, 10}), 0.1705, 0.8090, 5e-5);
  expect_near(proportion_change({2, 7}, {6, 7}), 0.0582, 0.8062, 5e-5);
  expect_near(proportion_change({0, 29}, {5, 56}), -0.0381, 0.1926, 5e-5);
  expect_near(proportion_change({0, 20}, {0, 10}), -0.1611, 0.2775, 5e-5);
  expect_near(proportion_change({0, 20}, {10, 10}), 0.6791, 1.0, 5e-5);
  EXPECT_FALSE(proportion_change({0, 0}, {1, 2}));
}

TEST(MeanChange, AgreesWithWelch) {
  // 3, 5, 8, 10, 12, 14.5 and 6, 9, 11, 20, 31: t = 1.364384, df = 5.195266, p = 0.228578 (scipy 1.x, equal_var=False).
  const auto change = mean_change({6, 52.5, 552.25}, {5, 77, 1599});
  ASSERT_TRUE(change);
  EXPECT_NEAR(change->difference, 15.4 - 8.75, 1e-12);
  EXPECT_NEAR(change->degrees_of_freedom, 5.195266186, 1e-8);
  EXPECT_NEAR(change->p_value, 0.228578415, 1e-8);
  expect_near(change->interval, -5.738682607, 19.038682607, 1e-6);
  EXPECT_FALSE(mean_change({1, 5, 25}, {5, 77, 1599}));
}

TEST(MeanChange, WithoutVarianceTheDifferenceIsCertain) {
  const auto change = mean_change({3, 6, 12}, {4, 12, 36});  // 2, 2, 2 and 3, 3, 3, 3
  EXPECT_EQ(change->interval.low, 1);
  EXPECT_EQ(change->interval.high, 1);
  EXPECT_EQ(change->p_value, 0);
  EXPECT_EQ(mean_change({3, 6, 12}, {4, 8, 16})->p_value, 1);
}

TEST(QuantileRanks, OfAMedian) {
  using Ranks = std::pair<std::int64_t, std::int64_t>;
  // n = 6: the extremes fail to enclose with probability 2/64 = 3.1 %. n = 5: 2/32 = 6.3 %, too much.
  EXPECT_EQ(quantile_ranks(6, 0.5), (Ranks{1, 6}));
  EXPECT_FALSE(quantile_ranks(5, 0.5));
  EXPECT_EQ(quantile_ranks(10, 0.5), (Ranks{2, 9}));
  EXPECT_EQ(quantile_ranks(100, 0.5), (Ranks{40, 61}));
  EXPECT_EQ(quantile_ranks(1000, 0.5), (Ranks{469, 532}));
  EXPECT_EQ(quantile_ranks(50, 0.9), (Ranks{41, 50}));
  EXPECT_FALSE(quantile_ranks(20, 0.9));
  EXPECT_FALSE(quantile_ranks(0, 0.5));
  const auto large = quantile_ranks(1'000'000'000, 0.5);  // 5·10⁸ ± 1.96 · √(10⁹/4) = ± 30,990
  EXPECT_NEAR(static_cast<double>(large->first), 5e8 - 30'990, 3);
  EXPECT_NEAR(static_cast<double>(large->second), 5e8 + 30'991, 3);
}

}  // namespace
}  // namespace vigie::stats

#pragma once
// stats/ — pure mathematics on numbers that others have counted: no input or output, no SQL, no names of measures.
//
//   intervals.h        shares, means and their differences: how far chance alone may move them
//   quantiles.h        type-7 quantiles of weighted samples, exact, and their intervals
//   survival.h         Kaplan–Meier and Nelson–Aalen on grouped, censored, left-truncated durations
//   competing_risks.h  Aalen–Johansen: cumulative incidence of outcomes that exclude each other
//   log_rank.h         do groups differ in their survival? also within strata
//   decomposition.h    a change split into effects that add up exactly
//   apportionment.h    rounding parts so that they still add up to the whole
//   risk_table.h       at risk, events, censored at each time: what the survival files stand on
#include <cstdint>
#include <optional>
#include <utility>

namespace vigie::stats {

/// The standard normal quantile of 0.975, to the six decimals that all intervals here are defined with. Another z gives
/// another confidence: 1 − erfc(z/√2), two-sided.
inline constexpr double kZ = 1.959964;

struct Interval {
  double low, high;
};

/// Share `successes / n`: Wilson's score interval (J. Am. Stat. Assoc. 22, 1927). Within [0, 1], also for 0 and n
/// successes. Nothing when n is 0 or when successes lie outside 0…n (a ratio that is no share).
std::optional<Interval> wilson(std::int64_t successes, std::int64_t n, double z = kZ);

/// Count, sum and sum of squares of a sample: all that means and variances need.
struct Moments {
  std::int64_t n = 0;
  double sum = 0, sum_of_squares = 0;

  double mean() const { return sum / static_cast<double>(n); }
  /// With n − 1; 0 where rounding would make it negative. n must be at least 2.
  double variance() const;
};

/// Mean of a sample: normal approximation, mean ± z·√(variance/n). Nothing below n = 2.
std::optional<Interval> mean_interval(const Moments& sample, double z = kZ);

/// What a second sum takes off a mean: (sum − less) / n, where `less` adds up marks of events that come by chance on
/// their own (refunds of the period, whatever period their sales are of). Its variance is that of a compound Poisson
/// sum, estimated by the sum of squared marks; what the two have in common is not taken off, so the interval is wide
/// rather than narrow where dear sales are refunded more. Nothing below n = 2.
std::optional<Interval> mean_less_interval(const Moments& sample, double less, double less_squares, double z = kZ);

/// Sums over n units that have two values each, and of their squares and products.
struct PairMoments {
  std::int64_t n = 0;
  double above = 0, below = 0, above_squares = 0, below_squares = 0, products = 0;
};
/// The ratio of two sums over the same units (Cochran, Sampling Techniques, §2.11: the delta method): with
/// R = above / below, R ± z·√(n·s²)/below, s² the variance of above − R·below over the units. Nothing below n = 2 and
/// where `below` is not positive.
std::optional<Interval> ratio_interval(const PairMoments& sample, double z = kZ);

/// The expectation of a count of what comes by chance, one by one: the exact interval of F. Garwood (Biometrika 28,
/// 1936), each tail at most half. `count` need not be whole. Nothing where it is negative.
std::optional<Interval> poisson_interval(double count, double z = kZ);

/// Mean of values that lie on a scale with two ends (marks as shares of the best one, balances from −100 to 100), never
/// beyond these. For n ≥ 30 that of mean_interval, cut at the ends. Below it Wilson's score interval of the mean's
/// place on the scale: with that mean no values vary more than those that are one end or the other (R. Bhatia and
/// C. Davis, Am. Math. Monthly 107, 2000, 353–357), so it holds the true mean at least as often as it holds a share,
/// also where all values are alike, of which the normal one says that there is no doubt. Nothing when n is 0 or the
/// mean does not lie on the scale.
std::optional<Interval> bounded_mean_interval(const Moments& sample, Interval scale, double z = kZ);
/// The fewest values whose mean (or difference of shares) is taken as normal.
inline constexpr std::int64_t kNormalFrom = 30;

/// Difference of two shares of *one* sample (those for, less those against, the rest neutral), in [−1, 1]:
/// z·√((p + d − (p − d)²)/n) for n ≥ 30, below it the score interval of T. Tango (Statistics in Medicine 17, 1998,
/// 891–908), which inverts the test of p − d = Δ with the nuisance share at its constrained maximum and so stays right
/// for small samples, also where one side or both are empty. Nothing when n is 0 or the counts do not fit.
std::optional<Interval> share_difference(std::int64_t positive, std::int64_t negative, std::int64_t n, double z = kZ);
/// Tango's score interval at any n.
std::optional<Interval> share_difference_score(std::int64_t positive, std::int64_t negative, std::int64_t n,
                                               double z = kZ);

struct Share {
  std::int64_t successes, n;
};
/// after − before of shares of two independent samples: hybrid score interval, method 10 of R. G. Newcombe (Statistics
/// in Medicine 17, 1998, 873–890), in [−1, 1]. Nothing where one of them has no Wilson interval.
std::optional<Interval> proportion_change(Share before, Share after, double z = kZ);

struct MeanChange {
  double difference;  ///< after − before
  Interval interval;
  double degrees_of_freedom;
  double p_value;  ///< two-sided, of no difference
};
/// after − before of two means, variances not assumed equal: B. L. Welch (Biometrika 34, 1947), Student's t at the same
/// confidence as z. Nothing when a sample has fewer than two values. Two samples without any variance: the interval is
/// the difference itself, and p is 1 when it is 0, else 0.
std::optional<MeanChange> mean_change(const Moments& before, const Moments& after, double z = kZ);

/// Ranks (from 1) of the order statistics that enclose the q-quantile with at least the confidence of z, whatever the
/// distribution: the binomial interval (W. R. Thompson 1936; Hahn & Meeker, Statistical Intervals, §5.2), each tail at
/// most half. Nothing where n is too small for one (below 6 for a median).
std::optional<std::pair<std::int64_t, std::int64_t>> quantile_ranks(std::int64_t n, double q, double z = kZ);

}  // namespace vigie::stats

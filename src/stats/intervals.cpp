#include "stats/intervals.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace vigie::stats {
namespace {

/// a·b − c·d with one rounding error instead of the cancellation of two products (W. Kahan, 2004).
double difference_of_products(double a, double b, double c, double d) {
  const double cd = c * d;
  const double error = std::fma(-c, d, cd);
  return std::fma(a, b, -cd) + error;
}

double square(double x) { return x * x; }

/// Tango's score statistic for p − d = delta; falls as delta rises.
double score_statistic(double positive, double negative, double n, double delta) {
  const double a = 2 * n;
  const double b = -positive - negative + (2 * n - positive + negative) * delta;
  const double c = -negative * delta * (1 - delta);
  const double root = std::sqrt(std::max(0.0, b * b - 4 * a * c));
  // The larger root of a·x² + b·x + c; written so that b > 0 does not cancel.
  const double against = b > 0 ? -2 * c / (b + root) : (root - b) / (2 * a);
  const double variance = n * (2 * against + delta * (1 - delta));
  const double distance = positive - negative - n * delta;
  if (variance <= 0) return distance == 0 ? 0 : std::copysign(HUGE_VAL, distance);
  return distance / std::sqrt(variance);
}

/// Where the falling statistic crosses `level` between low and high, to the last bit.
double crossing(double positive, double negative, double n, double level, double low, double high) {
  for (;;) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    (score_statistic(positive, negative, n, middle) > level ? low : high) = middle;
  }
}

/// Wilson's interval of x parts of n; x need not be whole.
Interval score_interval(double x, double n, double z) {
  const double center = x + z * z / 2, scale = n + z * z;
  const double half = z * std::sqrt(x * (n - x) / n + z * z / 4);
  return Interval{x == 0 ? 0 : std::max(0.0, (center - half) / scale),
                  x == n ? 1 : std::min(1.0, (center + half) / scale)};
}

bool is_sample(std::int64_t positive, std::int64_t negative, std::int64_t n) {
  return n > 0 && positive >= 0 && negative >= 0 && positive <= n && negative <= n - positive;
}

}  // namespace

std::optional<Interval> wilson(std::int64_t successes, std::int64_t n, double z) {
  if (n <= 0 || successes < 0 || successes > n) return std::nullopt;
  return score_interval(static_cast<double>(successes), static_cast<double>(n), z);
}

double Moments::variance() const {
  const double m = static_cast<double>(n);
  return std::max(0.0, difference_of_products(m, sum_of_squares, sum, sum)) / m / (m - 1);
}

std::optional<Interval> mean_interval(const Moments& sample, double z) {
  if (sample.n < 2) return std::nullopt;
  const double half = z * std::sqrt(sample.variance() / static_cast<double>(sample.n));
  return Interval{sample.mean() - half, sample.mean() + half};
}

std::optional<Interval> mean_less_interval(const Moments& sample, double less, double less_squares, double z) {
  if (sample.n < 2) return std::nullopt;
  const double n = static_cast<double>(sample.n), mean = sample.mean() - less / n;
  const double half = z * std::sqrt(sample.variance() / n + less_squares / n / n);
  return Interval{mean - half, mean + half};
}

std::optional<Interval> ratio_interval(const PairMoments& sample, double z) {
  if (sample.n < 2 || sample.below <= 0) return std::nullopt;
  const double n = static_cast<double>(sample.n), ratio = sample.above / sample.below;
  const double residual_squares =
      sample.above_squares - 2 * ratio * sample.products + ratio * ratio * sample.below_squares;
  const double half = z * std::sqrt(n * std::max(0.0, residual_squares) / (n - 1)) / sample.below;
  return Interval{ratio - half, ratio + half};
}

std::optional<Interval> poisson_interval(double count, double z) {
  if (!(count >= 0)) return std::nullopt;
  const double tail = std::erfc(z / std::sqrt(2.0)) / 2;
  return Interval{count == 0 ? 0 : boost::math::gamma_p_inv(count, tail), boost::math::gamma_q_inv(count + 1, tail)};
}

std::optional<Interval> bounded_mean_interval(const Moments& sample, Interval scale, double z) {
  const double n = static_cast<double>(sample.n), length = scale.high - scale.low;
  if (sample.n <= 0 || sample.mean() < scale.low || sample.mean() > scale.high) return std::nullopt;
  if (sample.n >= kNormalFrom) {
    const Interval normal = *mean_interval(sample, z);
    return Interval{std::max(scale.low, normal.low), std::min(scale.high, normal.high)};
  }
  const double parts = std::clamp((sample.sum - n * scale.low) / length, 0.0, n);
  const Interval place = score_interval(parts, n, z);
  return Interval{scale.low + length * place.low, place.high == 1 ? scale.high : scale.low + length * place.high};
}

std::optional<Interval> share_difference_score(std::int64_t positive, std::int64_t negative, std::int64_t n, double z) {
  if (!is_sample(positive, negative, n)) return std::nullopt;
  const double b = static_cast<double>(positive), c = static_cast<double>(negative), m = static_cast<double>(n);
  const double estimate = (b - c) / m;
  return Interval{positive - negative == -n ? -1 : crossing(b, c, m, z, -1, estimate),
                  positive - negative == n ? 1 : crossing(b, c, m, -z, estimate, 1)};
}

std::optional<Interval> share_difference(std::int64_t positive, std::int64_t negative, std::int64_t n, double z) {
  if (n < kNormalFrom) return share_difference_score(positive, negative, n, z);
  if (!is_sample(positive, negative, n)) return std::nullopt;
  const double m = static_cast<double>(n);
  const double p = static_cast<double>(positive) / m, d = static_cast<double>(negative) / m;
  const double half = z * std::sqrt(std::max(0.0, p + d - square(p - d)) / m);
  return Interval{std::max(-1.0, p - d - half), std::min(1.0, p - d + half)};
}

std::optional<Interval> proportion_change(Share before, Share after, double z) {
  const auto b = wilson(before.successes, before.n, z), a = wilson(after.successes, after.n, z);
  if (!a || !b) return std::nullopt;
  const double pa = static_cast<double>(after.successes) / static_cast<double>(after.n);
  const double pb = static_cast<double>(before.successes) / static_cast<double>(before.n);
  const double difference = pa - pb;
  return Interval{std::max(-1.0, difference - std::hypot(pa - a->low, b->high - pb)),
                  std::min(1.0, difference + std::hypot(a->high - pa, pb - b->low))};
}

std::optional<MeanChange> mean_change(const Moments& before, const Moments& after, double z) {
  if (before.n < 2 || after.n < 2) return std::nullopt;
  const double nb = static_cast<double>(before.n), na = static_cast<double>(after.n);
  const double vb = before.variance() / nb, va = after.variance() / na;
  const double difference = after.mean() - before.mean();
  if (va + vb <= 0) return MeanChange{difference, {difference, difference}, na + nb - 2, difference == 0 ? 1.0 : 0.0};

  const double freedom = square(va + vb) / (square(va) / (na - 1) + square(vb) / (nb - 1));
  const boost::math::students_t distribution(freedom);
  const double tail = std::erfc(z / std::sqrt(2.0)) / 2;
  const double error = std::sqrt(va + vb);
  const double half = boost::math::quantile(boost::math::complement(distribution, tail)) * error;
  const double p = 2 * boost::math::cdf(boost::math::complement(distribution, std::abs(difference) / error));
  return MeanChange{difference, {difference - half, difference + half}, freedom, p};
}

std::optional<std::pair<std::int64_t, std::int64_t>> quantile_ranks(std::int64_t n, double q, double z) {
  if (n < 1 || q <= 0 || q >= 1) return std::nullopt;
  const double tail = std::erfc(z / std::sqrt(2.0)) / 2;
  const double m = static_cast<double>(n);
  const boost::math::binomial_distribution<double> below(m, q);  // how many of n values lie below the quantile
  const double guess = z * std::sqrt(m * q * (1 - q));

  // Lower rank: the largest r with P(below ≤ r − 1) ≤ tail.
  const auto low_fits = [&](std::int64_t r) {
    return r < 1 || boost::math::cdf(below, static_cast<double>(r - 1)) <= tail;
  };
  std::int64_t low = std::clamp<std::int64_t>(std::llround(m * q - guess), 1, n);
  while (!low_fits(low)) --low;
  while (low < n && low_fits(low + 1)) ++low;

  // Upper rank: the smallest s with P(below ≥ s) ≤ tail.
  const auto high_fits = [&](std::int64_t s) {
    return s > n || boost::math::cdf(boost::math::complement(below, static_cast<double>(s - 1))) <= tail;
  };
  std::int64_t high = std::clamp<std::int64_t>(std::llround(m * q + guess), 1, n);
  while (!high_fits(high)) ++high;
  while (high > 1 && high_fits(high - 1)) --high;

  if (low < 1 || high > n) return std::nullopt;
  return std::pair{low, high};
}

}  // namespace vigie::stats

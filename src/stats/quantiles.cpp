#include "stats/quantiles.h"

#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <random>

namespace vigie::stats {
namespace {

constexpr int kMaxDecimalsOfQ = 18;
constexpr int kFewestDraws = 40;  // below it the outer 2.5 % hold no draw

Int128 wide_power_of_ten(int exponent) {
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// In (0, 1), from the upper 53 bits; written out because the standard library's distributions differ between
/// platforms.
double uniform(std::mt19937_64& random) { return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53; }

/// The type-7 quantile of one resample: the ranks that n draws with replacement put at the two positions.
class Resampler {
 public:
  Resampler(const WeightedSample<double>& sample, QuantilePosition position)
      : sample_(sample), position_(position), n_(static_cast<double>(sample.n())) {}

  double draw(std::mt19937_64& random) const {
    // Of n uniform numbers the one of rank k (from 1) is Beta(k, n + 1 − k); the next lies above it like the least of
    // the n − k others in what is left.
    const double k = static_cast<double>(position_.rank) + 1;
    const double first = boost::math::ibeta_inv(k, n_ + 1 - k, uniform(random));
    const double lower = value_at(first);
    if (position_.fraction.is_zero()) return lower;
    const double gap = -std::expm1(std::log(uniform(random)) / (n_ - k));
    return interpolate(lower, value_at(first + (1 - first) * gap), position_.fraction);
  }

 private:
  double value_at(double share) const {
    const auto rank = static_cast<std::int64_t>(share * n_);
    return sample_.at_rank(std::min(rank, sample_.n() - 1));
  }

  const WeightedSample<double>& sample_;
  QuantilePosition position_;
  double n_;
};

template <class Value>
std::optional<double> quantile_as_double(const WeightedSample<Value>& sample, Decimal q) {
  const auto position = quantile_position(sample.n(), q);
  if (!position) return std::nullopt;
  const Value lower = sample.at_rank(position->rank);
  if (position->fraction.is_zero()) return static_cast<double>(lower);
  return interpolate(lower, sample.at_rank(position->rank + 1), position->fraction);
}

}  // namespace

std::optional<QuantilePosition> quantile_position(std::int64_t n, Decimal q) {
  if (n < 1 || q < Decimal::integer(0) || q > Decimal::integer(1) || q.scale() > kMaxDecimalsOfQ) return std::nullopt;
  const Int128 one = wide_power_of_ten(q.scale());
  const Int128 steps = Int128{n - 1} * q.units();  // below 2⁶³ · 10¹⁸ < 2¹²⁷
  return QuantilePosition{static_cast<std::int64_t>(steps / one), Decimal(steps % one, q.scale())};
}

Result<Decimal> interpolate(Decimal lower, Decimal upper, Decimal fraction) {
  VIGIE_TRY(const Decimal gap, upper.minus(lower));
  VIGIE_TRY(const Decimal part, gap.times(fraction));
  return lower.plus(part);
}

double interpolate(double lower, double upper, Decimal fraction) {
  if (lower == upper) return lower;  // also for infinities, whose difference is no number
  return std::lerp(lower, upper, fraction.to_double());
}

double interpolate(std::int64_t lower, std::int64_t upper, Decimal fraction) {
  // 19 digits each, and 18 decimals of the fraction: within the 38 digits of a Decimal.
  const Result<Decimal> exact = interpolate(Decimal::integer(lower), Decimal::integer(upper), fraction);
  return exact ? exact->to_double() : interpolate(static_cast<double>(lower), static_cast<double>(upper), fraction);
}

std::optional<double> quantile(const WeightedSample<std::int64_t>& sample, Decimal q) {
  return quantile_as_double(sample, q);
}

std::optional<double> quantile(const WeightedSample<double>& sample, Decimal q) {
  return quantile_as_double(sample, q);
}

Result<std::optional<Decimal>> quantile(const WeightedSample<Decimal>& sample, Decimal q) {
  const auto position = quantile_position(sample.n(), q);
  if (!position) return std::optional<Decimal>{};
  const Decimal lower = sample.at_rank(position->rank);
  if (position->fraction.is_zero()) return std::optional(lower);
  VIGIE_TRY(const Decimal value, interpolate(lower, sample.at_rank(position->rank + 1), position->fraction));
  return std::optional(value);
}

std::optional<Interval> bootstrap_interval(const WeightedSample<double>& sample, Decimal q, Bootstrap bootstrap,
                                           double z) {
  const auto position = quantile_position(sample.n(), q);
  if (!position || sample.n() < 2 || bootstrap.draws < kFewestDraws) return std::nullopt;

  std::mt19937_64 random(bootstrap.seed);
  const Resampler resampler(sample, *position);
  std::vector<double> drawn(static_cast<std::size_t>(bootstrap.draws));
  for (double& value : drawn) value = resampler.draw(random);
  std::sort(drawn.begin(), drawn.end());

  const double tail = std::erfc(z / std::sqrt(2.0)) / 2;
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(drawn.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    return std::lerp(drawn[below], drawn[std::min(below + 1, drawn.size() - 1)], place - std::floor(place));
  };
  return Interval{at(tail), at(1 - tail)};
}

}  // namespace vigie::stats

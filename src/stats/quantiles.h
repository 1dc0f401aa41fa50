#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/decimal.h"
#include "stats/intervals.h"

namespace vigie::stats {

inline constexpr Decimal kMedian{5, 1};

/// Where the q-quantile of n values lies (type 7 of R. J. Hyndman & Y. Fan, The American Statistician 50, 1996):
/// between the order statistics `rank` and `rank + 1` (from 0), `fraction` of the way, which is exact and below 1. With
/// fraction 0 the second one is not needed and may not exist.
struct QuantilePosition {
  std::int64_t rank;
  Decimal fraction;
};
/// Nothing for n < 1, for q outside [0, 1] and for q with more than 18 decimals.
std::optional<QuantilePosition> quantile_position(std::int64_t n, Decimal q);

/// lower + fraction · (upper − lower), exact; `decimal.overflow` where 38 digits do not hold it.
Result<Decimal> interpolate(Decimal lower, Decimal upper, Decimal fraction);
double interpolate(double lower, double upper, Decimal fraction);
double interpolate(std::int64_t lower, std::int64_t upper,
                   Decimal fraction);  ///< the nearest double to the exact value

template <class Value>
struct Weighted {
  Value value;
  std::int64_t count;
};

/// A sample given as values and how often each occurs, in any order; equal values may repeat, counts of 0 or less are
/// dropped. Immutable.
template <class Value>
class WeightedSample {
 public:
  explicit WeightedSample(std::vector<Weighted<Value>> items) : items_(std::move(items)) {
    std::erase_if(items_, [](const Weighted<Value>& item) { return item.count <= 0; });
    std::sort(items_.begin(), items_.end(),
              [](const Weighted<Value>& a, const Weighted<Value>& b) { return a.value < b.value; });
    std::int64_t below = 0;
    ends_.reserve(items_.size());
    for (const Weighted<Value>& item : items_) ends_.push_back(below += item.count);
  }

  std::int64_t n() const { return ends_.empty() ? 0 : ends_.back(); }

  /// The order statistic of that rank, 0 ≤ rank < n.
  const Value& at_rank(std::int64_t rank) const {
    const auto end = std::upper_bound(ends_.begin(), ends_.end(), rank);
    return items_[static_cast<std::size_t>(end - ends_.begin())].value;
  }

 private:
  std::vector<Weighted<Value>> items_;
  std::vector<std::int64_t> ends_;  ///< values up to and with that item
};

/// The q-quantile; nothing where `quantile_position` has none.
std::optional<double> quantile(const WeightedSample<std::int64_t>& sample, Decimal q);
std::optional<double> quantile(const WeightedSample<double>& sample, Decimal q);
/// The same, exact to the last decimal; `decimal.overflow` where 38 digits do not hold it.
Result<std::optional<Decimal>> quantile(const WeightedSample<Decimal>& sample, Decimal q);

/// Interval of the q-quantile from the order statistics of `quantile_ranks`: holds for every distribution.
template <class Value>
std::optional<std::pair<Value, Value>> order_statistic_interval(const WeightedSample<Value>& sample, Decimal q,
                                                                double z = kZ) {
  const auto ranks = quantile_ranks(sample.n(), q.to_double(), z);
  if (!ranks) return std::nullopt;
  return std::pair{sample.at_rank(ranks->first - 1), sample.at_rank(ranks->second - 1)};
}

struct Bootstrap {
  int draws;
  std::uint64_t seed;
};
/// Percentile bootstrap of the q-quantile. The resamples are drawn exactly, but through the order statistics that the
/// quantile needs (those of n uniform numbers are beta variables), so a draw costs the same for ten values and for ten
/// million. The same seed gives the same interval. Nothing below n = 2 or 40 draws.
std::optional<Interval> bootstrap_interval(const WeightedSample<double>& sample, Decimal q, Bootstrap bootstrap,
                                           double z = kZ);

}  // namespace vigie::stats

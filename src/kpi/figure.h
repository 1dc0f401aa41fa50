#pragma once
#include "kpi/formula.h"
#include "stats/intervals.h"

namespace vigie::kpi {

/// The kind of an interval of a mean of few values that lie on a scale.
constexpr std::string_view kScoreOfMean = "mean_score";
/// The normal one of a mean of amounts; two of them are compared by Welch's.
constexpr std::string_view kNormalOfMean = "mean";

/// A figure with what is needed to judge it; a Row without its place in time.
struct Figure {
  Value value, numerator, denominator;
  std::int64_t n = 0;
  std::optional<double> ci_low, ci_high;
  std::string ci_kind;
  double maturing = 0;
  std::int64_t unpriced = 0;
  std::map<std::string, double> measures;
  double sum_squares = 0;  ///< of a mean, to judge differences

  /// Of a mean: the units are those of its denominator, which may be fewer than n (customers whose margin is known).
  stats::Moments moments() const {
    return {static_cast<std::int64_t>(denominator.number()), numerator.number(), sum_squares};
  }
};

}  // namespace vigie::kpi

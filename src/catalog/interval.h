#pragma once
#include <string>

namespace vigie::catalog {

/// How the interval of a variant is worked out, and the measures that it needs.
enum class IntervalKind { none, wilson, mean, nps, delay, weighted, ratio, poisson };

struct Interval {
  IntervalKind kind = IntervalKind::none;
  std::string squares;                ///< measure: sum of squares of what is above the line (mean, ratio)
  std::string less, less_squares;     ///< measures: what is taken off the sum, by events of its own (mean)
  std::string of_squares, products;   ///< measures: squares of what is below the line, and both multiplied (ratio)
  std::string promoters, detractors;  ///< measures (nps)
  /// Of max(0, median − baseline) × weight: the interval of the median, the baseline and the weight taken as they are.
  std::string median, baseline, weight;  ///< measures (delay)
  std::string variance;                  ///< measure: of the numerator, the denominator taken as it is (weighted)
};

}  // namespace vigie::catalog

#pragma once
#include "base/decimal.h"
#include "insight/insight.h"

namespace vigie::insight {

/// What one driver did to the figure: items per order, and the amount by which they moved the average sale.
struct DriverEffect {
  std::string id;
  Text label;
  std::string unit;                     ///< of before and after
  std::optional<double> before, after;  ///< the driver's own figure
  Decimal effect;                       ///< in the unit of the figure that it moves
};

/// The change of a figure over its drivers: the effects add up to it to the last digit, or why they cannot be told.
struct DriverEffects {
  std::string refusal;  ///< code: no_parts, out_of_reach, inexact, too_large
  Text why_not;
  std::vector<DriverEffect> effects;  ///< the largest first
};

}  // namespace vigie::insight

#pragma once
#include "kpi/evaluation.h"
#include "stats/decomposition.h"

namespace vigie::insight {

/// What one driver did to the figure: items per order, and the amount by which they moved the average sale.
struct DriverEffect {
  std::string id;
  kpi::Text label;
  std::string unit;                     ///< of before and after
  std::optional<double> before, after;  ///< the driver's own figure
  Decimal effect;                       ///< in the unit of the figure that it moves
};

/// The change of a figure over its drivers: the effects add up to it to the last digit, or why they cannot be told.
struct DriverEffects {
  std::string refusal;  ///< code: no_parts, out_of_reach, inexact, too_large
  kpi::Text why_not;
  std::vector<DriverEffect> effects;  ///< the largest first
};

/// The variant with the measures of its drivers among those that an evaluation of it plans.
catalog::Variant with_driver_measures(const catalog::Variant& variant);

/// One side of a change: its span, and the figure as an exact fraction.
struct ChangeSide {
  plan::Span span;
  stats::Fraction figure;
};

/// Splits `change` (after − before, as people see them) over the drivers of a variant: each one's step from before to
/// after, averaged over all orders in which they may change. A part that has no value on one side (the price of what
/// was not sold then) counts as unchanged. `evaluation` is of with_driver_measures(), and has run.
Result<DriverEffects> driver_effects(const catalog::Drivers& drivers, const kpi::Evaluation& evaluation,
                                     const ChangeSide& before, const ChangeSide& after, const Decimal& change);

/// The same where no figure can be read, with the reason.
DriverEffects refused_drivers(std::string code);

}  // namespace vigie::insight

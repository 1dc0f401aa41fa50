#pragma once
#include "insight/driver_effects.h"
#include "kpi/evaluation.h"
#include "stats/apportionment.h"

namespace vigie::insight {

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

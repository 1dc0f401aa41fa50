#pragma once
#include "base/json_writer.h"
#include "insight/driver_effects.h"
#include "insight/insight.h"
#include "stats/decomposition.h"

namespace vigie::insight {

/// What one value of a dimension did to the figure. rate + mix + unmatched = total; of a sum, total alone.
struct Effect {
  std::optional<std::string> value;  ///< empty: rows that give none
  stats::Presence presence = stats::Presence::both;
  std::optional<double> before, after;         ///< its own figure
  double weight_before = 0, weight_after = 0;  ///< its share of the denominator, or of the sum
  Decimal rate, mix, unmatched, total;
};

/// One dimension: its effects add up to the change to the last digit, or why it cannot say.
struct DimensionEffects {
  std::string id;
  Text label;
  std::string refusal;  ///< code: overlapping, inexact, one_value, too_large
  Text why_not;
  std::vector<Effect> effects;  ///< the largest first
  Decimal rate, mix, unmatched;
  /// How far the change is from what an even move of all values would give: half the sum of |effect − weight · change|,
  /// in the figure's unit. It ranks the dimensions.
  double explained = 0;
};

struct Why {
  std::string kpi, variant, unit, currency;
  int version = 1;
  Text label;
  Date from, to;  ///< what was asked for
  /// What the two figures are of: as-of may cut what was asked for, and the other side alike.
  Date before_from, before_to, after_from, after_to;
  Instant as_of;
  bool ratio = true;                         ///< false: the figure is a sum, its effects have no rate and mix
  Decimal before, after, change;             ///< at 18 decimals
  std::optional<DriverEffects> drivers;      ///< of a figure that its definition writes over drivers
  std::vector<DimensionEffects> dimensions;  ///< those that explain most first, the refused last
  std::vector<kpi::Warning> warnings;        ///< of definitions that are wrong
};

/// Splits the change of a question's total against what it is compared with (the previous period where it says nothing)
/// over the values of each dimension of `question.by`, or of every one its measures share; and over its drivers, where
/// the definition has any.
///
/// Errors: those of ask(); why.no_value (a side has no figure, and why), why.not_decomposable (a median, a product),
/// why.compare (a target, or several comparisons).
Result<Why> why(const kpi::Session& session, const plan::Question& question, const store::QueryLimits& limits);

void to_json(const Why& why, JsonWriter& out);

}  // namespace vigie::insight

#pragma once
#include "kpi/formula.h"
#include "stats/apportionment.h"

namespace vigie::insight {

/// constant + Σ coefficient · name, over measures and other KPIs.
struct Linear {
  std::vector<std::pair<std::string, stats::Fraction>> terms;  ///< each name once, in the order of the text
  stats::Fraction constant;
  bool is_constant() const { return terms.empty(); }
};

/// A formula as the ratio of two linear combinations.
struct LinearRatio {
  Linear numerator, denominator;
};

/// Rewrites a formula so: sums, differences, constant factors and one division; parameters ("$name") become their
/// values. Empty where it is anything else (a median, a product of measures, a choice between cases).
Result<std::optional<LinearRatio>> linear_ratio_of(const expr::Expr& formula, const kpi::Lookup& parameters);

/// A figure as an exact fraction, doubles included; empty for a null.
std::optional<stats::Fraction> exact(const kpi::Value& value);

}  // namespace vigie::insight

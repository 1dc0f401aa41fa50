#pragma once
#include "kpi/evaluation.h"

namespace vigie::insight {

/// The formula of a figure as it stands on both sides of a change: a sum, or a ratio where there is a denominator.
/// Which of its cases hold is decided of the whole, so that what the parts are reckoned by is what the whole is.
struct SummedFormula {
  expr::Expr numerator, denominator;
};

/// Empty where the two spans are not reckoned alike (quotas of people in one, of teams in the other).
Result<std::optional<SummedFormula>> formula_of_whole(const expr::Expr& formula, const kpi::Evaluation& evaluation,
                                                      std::span<const plan::Span> spans);

/// What one side comes to as exact sums: `sum` / `of`, where the mean of month-ends is the sum over them and their
/// number.
struct ExactSum {
  Decimal sum, of;
};
/// A sum that is not known is why_not "unknown"; one that is a quotient itself, "inexact".
struct SideRead {
  std::optional<ExactSum> exact;
  std::string why_not;
};
Result<SideRead> read_side(const expr::Expr& side, const kpi::Evaluation& evaluation,
                           const calendar::Calendar& calendar, const plan::Span& span, const plan::Key& key,
                           kpi::Level level);

}  // namespace vigie::insight

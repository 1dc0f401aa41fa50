#pragma once
// The expressions and columns that the builders of relations write most.
#include "expr/expr.h"
#include "store/rel.h"

namespace vigie::plan {

expr::Expr any_of(std::vector<expr::Expr> conditions);
expr::Expr when(expr::Expr condition, expr::Expr then, expr::Expr otherwise);
/// Condition, value, condition, value … and what else; that alone is itself.
expr::Expr cases(expr::Type type, std::vector<expr::Expr> args, int scale = 0);
expr::Expr coalesce(std::vector<expr::Expr> args);
expr::Expr flag(expr::Expr condition);  ///< 1 or 0, as an integer
expr::Expr zero_money();
expr::Expr real(expr::Expr value);
/// Is the text of that column this one?
expr::Expr is(const store::RelPtr& rows, std::string_view column, std::string_view text);
expr::Expr day_of(expr::Expr at);  ///< of an instant in the reporting zone; a day is its own
expr::Expr days_later(expr::Expr day, std::int64_t days);
expr::Expr duration(expr::Expr from, expr::Expr to);
/// Does the instant lie in the row's period: opens_at ≤ at < closes_at?
expr::Expr in_period(expr::Expr at, const store::RelPtr& rows);

/// The columns of `rows` as `joined` has them: what they had before others were joined to them.
std::vector<store::NamedExpr> columns_kept(const store::RelPtr& rows, const store::RelPtr& joined);
/// Those, with `more` beside them; one of them in the place of a column of its name.
store::RelPtr kept_beside(const store::RelPtr& rows, const store::RelPtr& joined, std::vector<store::NamedExpr> more);
/// No rows, but the columns of a join of the two: what its condition names.
store::RelPtr side_by_side(const store::RelPtr& left, const store::RelPtr& right, std::string_view prefix = "");

}  // namespace vigie::plan

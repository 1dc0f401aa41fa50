#pragma once
#include "expr/expr.h"

namespace vigie::plan {

/// The end of what holds from one instant to another, for the condition of a LEFT JOIN: `until` in µs, or beyond all
/// instants where it is null (and yet one that a clock can show). A condition of comparisons alone, each of one side
/// with the other, goes into the engine's hash join on the keys; `until is null or …` made it hold every row against
/// every row.
inline expr::Expr held_until(const std::string& until) {
  constexpr std::int64_t kForGood = 253'402'300'800'000'000;  // 10000-01-01
  return expr::call(expr::Op::coalesce, expr::Type::integer,
                    {expr::column(until, expr::Type::integer), expr::integer(kForGood)});
}

}  // namespace vigie::plan

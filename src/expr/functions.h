#pragma once
#include "expr/expr.h"

namespace vigie::expr {

/// A call by name, with checked arguments: coalesce, least, greatest, abs, lower, date, year, quarter, month, weekday,
/// hour, duration, within, matured, number, real. Names are read in any case of letters.
///
/// Errors: expr.unknown_function (nearest name), expr.type (also a wrong number of arguments), expr.money.
Result<Expr> call_function(std::string_view name, std::vector<Expr> args, const SourcePosition& where);

/// How a function is called in texts; empty for what is written with an operator.
std::string_view function_name(Op op);

}  // namespace vigie::expr

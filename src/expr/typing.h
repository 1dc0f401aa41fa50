#pragma once
#include "expr/expr.h"

namespace vigie::expr {

// The rules of types: what may stand beside what, and which type comes out. Each function takes checked arguments (with
// their places, which errors point at) and gives a checked tree. What the writer left open is settled here: a text
// beside a date is read as a date, null takes the type of its neighbour, an instant beside a day is asked for its local
// day.
//
// Errors: expr.type, expr.money.

bool is_plain_number(Type type);  ///< integer, number, real
bool is_time(Type type);          ///< date, instant
std::string a_type(Type type);    ///< "a text", "an integer"
std::string_view sign_of(Op op);  ///< "<=", "+", …

Result<Expr> compare(Op op, Expr a, Expr b, SourcePosition where);  ///< eq, ne, lt, le, gt, ge
Result<Expr> member(std::vector<Expr> args, SourcePosition where);  ///< args[0] in args[1…]
Result<Expr> like(Expr a, Expr pattern, SourcePosition where);

Result<Expr> arithmetic(Op op, Expr a, Expr b, SourcePosition where);  ///< add, sub, mul, div
Result<Expr> negate(Expr a, SourcePosition where);

/// Brings the values to one type, which coalesce, case, least and greatest then have. `values` points into their
/// arguments.
Result<std::pair<Type, int>> unify(const std::vector<Expr*>& values, std::string_view what);
/// An end of a duration or window: a date or an instant.
Result<Expr> point_in_time(Expr e, std::string_view what);
Result<Expr> wants(Expr e, Type wanted, std::string_view what);  ///< exactly this type; null takes it

Expr placed(Op op, Type type, std::vector<Expr> args, SourcePosition where, int scale = 0);

}  // namespace vigie::expr

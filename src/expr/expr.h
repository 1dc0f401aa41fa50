#pragma once
// expr/ — the small expression language of definitions, maps' filters and questions' filters.
//
// A text is parsed into a tree (parse.h), checked against a scope that knows the columns and parameters (check.h), and
// the checked tree is the one scalar language of the whole program: relational trees (store/) hold it, and a dialect
// prints it (print.h). Text written by a person never reaches a database; only a checked tree does, printed with every
// literal quoted by us.
//
// Instants have facets. An instant column X of the warehouse is four physical columns: X (µs UTC), X_day (day number in
// the reporting zone), X_off (offset of the reporting zone in minutes, so that the wall clock is X + X_off) and X_bare
// (true when the source gave a date alone). An expression of type instant can be asked for any of the four; that is how
// durations are whole days when either end is a bare date, and how windows are counted in calendar days, without a
// time-zone function in any query.
//
//   node.h       types, literals, operations, the tree
//   expr.h       building and walking trees, binding parameters
//   check.h      text → checked tree; quantity.h: values as a person writes them
//   print.h      tree → SQL of a dialect, tree → text
//   limits.h     what a text may ask for; weight.h: how much of a query it makes
#include <functional>
#include <map>
#include <optional>

#include "expr/node.h"

namespace vigie::expr {

/// Before the name of a column: its value of now, written current(segment), where the plain name means the value then.
constexpr std::string_view kCurrent = "current:";

// Builders, for trees that code writes. Types are the caller's promise; check.h computes them for texts.
Expr column(std::string name, Type type, int scale = 0);
Expr parameter(std::string name, Type type);
Expr literal(Literal value);  ///< type from the alternative
Expr null_of(Type type);
Expr call(Op op, Type type, std::vector<Expr> args, int scale = 0);
Expr all_of(std::vector<Expr> conditions);  ///< and; true when empty
Expr eq(Expr a, Expr b);
Expr lt(Expr a, Expr b);
Expr le(Expr a, Expr b);
Expr gt(Expr a, Expr b);
Expr ge(Expr a, Expr b);
Expr not_(Expr a);
Expr is_null(Expr a);
Expr is_not_null(Expr a);
Expr integer(std::int64_t value);
Expr text(std::string value);

bool is_null_literal(const Expr& e);
bool same(const Expr& a, const Expr& b);                          ///< equality of structure, positions aside
void columns_of(const Expr& e, std::vector<std::string>& names);  ///< appends each column's name once
/// Replaces columns by name (those `replace` returns null for stay).
Expr map_columns(const Expr& e, const std::function<Expr(const Node&)>& replace);
/// Replaces parameters by literals; a whole number is taken where a number is wanted, null everywhere. Errors (usage):
/// `parameter.missing` when one has no value, `parameter.type` when the value has another type or too many decimals.
Result<Expr> bind(const Expr& e, const std::map<std::string, Literal>& parameters);
/// Whether a pattern of `like` does not end in the middle of an escape.
bool is_whole_pattern(std::string_view pattern);
/// Fails with `expr.currency`, at its place, when an amount is written in another currency than the reporting one.
Result<> check_currency(const Expr& e, std::string_view reporting);

}  // namespace vigie::expr

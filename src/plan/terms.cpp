#include "plan/terms.h"

#include "plan/tree_names.h"

namespace vigie::plan {

Expr any_of(std::vector<Expr> conditions) {
  if (conditions.size() == 1) return conditions.front();
  return expr::call(Op::or_, Type::boolean, std::move(conditions));
}

Expr when(Expr condition, Expr then, Expr otherwise) {
  const Type type = then->type == Type::null ? otherwise->type : then->type;
  const int scale = std::max(then->scale, otherwise->scale);
  return expr::call(Op::case_, type, {std::move(condition), std::move(then), std::move(otherwise)}, scale);
}

Expr cases(Type type, std::vector<Expr> args, int scale) {
  return args.size() == 1 ? args.front() : expr::call(Op::case_, type, std::move(args), scale);
}

Expr coalesce(std::vector<Expr> args) {
  const Type type = args.front()->type;
  const int scale = args.front()->scale;
  return expr::call(Op::coalesce, type, std::move(args), scale);
}

Expr flag(Expr condition) { return when(std::move(condition), expr::integer(1), expr::integer(0)); }

Expr zero_money() {
  return expr::call(Op::coalesce, Type::money, {expr::null_of(Type::money), expr::literal(Decimal(0, 6))}, 6);
}

Expr real(Expr value) { return expr::call(Op::as_real, Type::real, {std::move(value)}); }

Expr is(const RelPtr& rows, std::string_view column, std::string_view text) {
  return expr::eq(col(rows, column), expr::text(std::string(text)));
}

Expr day_of(Expr at) { return at->type == Type::date ? at : expr::call(Op::date_of, Type::date, {std::move(at)}); }

Expr days_later(Expr day, std::int64_t days) {
  return expr::call(Op::add, Type::date, {std::move(day), expr::literal(expr::Micros{days * kMicrosPerDay})});
}

Expr duration(Expr from, Expr to) { return expr::call(Op::duration, Type::duration, {std::move(from), std::move(to)}); }

Expr in_period(Expr at, const RelPtr& rows) {
  return expr::all_of({expr::ge(at, col(rows, "opens_at")), expr::lt(at, col(rows, "closes_at"))});
}

std::vector<store::NamedExpr> columns_kept(const RelPtr& rows, const RelPtr& joined) {
  std::vector<store::NamedExpr> out;
  for (const store::Column& column : rows->columns) out.push_back({column.name, col(joined, column.name)});
  return out;
}

RelPtr kept_beside(const RelPtr& rows, const RelPtr& joined, std::vector<store::NamedExpr> more) {
  std::vector<store::NamedExpr> out = columns_kept(rows, joined);
  for (store::NamedExpr& one : more) {
    const auto there = std::ranges::find(out, one.name, &store::NamedExpr::name);
    if (there == out.end()) out.push_back(std::move(one));
    else there->value = std::move(one.value);
  }
  return store::project(joined, std::move(out));
}

RelPtr side_by_side(const RelPtr& left, const RelPtr& right, std::string_view prefix) {
  std::vector<store::Column> both = left->columns;
  for (const store::Column& column : right->columns)
    both.push_back({fmt::format("{}{}", prefix, column.name), column.type, column.scale});
  return store::values(std::move(both), {});
}

}  // namespace vigie::plan

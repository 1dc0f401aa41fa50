#include "plan/relation_builder.h"

#include <cassert>

#include "plan/reporting_currency.h"

namespace vigie::plan {

using expr::Expr;
using expr::Op;
using expr::Type;
using store::RelPtr;

RelPtr RelationBuilder::table(std::string_view name) const {
  RelPtr rows = store::table_scan(context_.model, name, context_.facts.attributes);
  return context_.currency.empty() ? rows : in_currency(context_, *context_.model.table(name), std::move(rows));
}

RelPtr RelationBuilder::history(std::string_view name) const {
  RelPtr rows = store::history_scan(context_.model, name);
  // The ingest prices rows, not their versions.
  const bool as_stored = context_.currency.empty() && !context_.facts.has_foreign_versions;
  return as_stored ? rows : history_in_currency(context_, *context_.model.table(name), std::move(rows));
}

RelPtr RelationBuilder::events(std::string_view name, std::string_view time) const {
  const RelPtr rows = table(name);
  return store::filter(rows, expr::lt(store::col(rows, time), as_of()));
}

RelPtr RelationBuilder::rows_before_as_of(std::string_view name) const {
  const RelPtr rows = table(name);
  const model::Table* declared = context_.model.table(name);
  if (declared->time.empty()) return rows;
  const Expr at = store::col(rows, declared->time);
  if (at->type == Type::instant) return store::filter(rows, any_of({expr::is_null(at), expr::lt(at, as_of())}));
  const Date last = context_.calendar.zone().day_of(Instant{context_.as_of.at.micros - 1});
  return store::filter(rows, any_of({expr::is_null(at), expr::le(at, expr::literal(last))}));
}

Expr RelationBuilder::param(std::string_view name) const {
  const auto found = context_.params.find(std::string(name));
  assert(found != context_.params.end());
  return expr::literal(found->second);
}

RelPtr RelationBuilder::periods() const {
  std::vector<std::vector<expr::Literal>> rows;
  for (const PeriodInstants& period : context_.periods) {
    expr::InstantLiteral end = period.close;
    if (end.bare) end.day = end.day - 1;
    const Date whole_to = context_.grain == calendar::Grain::total || context_.grain == calendar::Grain::hour
                              ? period.close.day
                              : std::max(period.close.day, context_.calendar.period_of(period.open.day, context_.grain).to);
    rows.push_back({period.id, period.open, period.close, end, whole_to});
  }
  return store::values({{"period_id", Type::integer}, {"opens_at", Type::instant}, {"closes_at", Type::instant}, {"ends_at", Type::instant}, {"whole_to", Type::date}},
                       std::move(rows));
}

RelPtr RelationBuilder::in_periods(RelPtr input, const std::function<Expr(const RelPtr&)>& condition) const {
  // An interval join is an equi-join on the key, then a condition; here every row meets every period.
  const RelPtr left = store::extend(std::move(input), {{"every", expr::integer(1)}});
  const RelPtr right = store::extend(periods(), {{"each", expr::integer(1)}});
  std::vector<store::Column> both = left->columns;
  both.insert(both.end(), right->columns.begin(), right->columns.end());
  const RelPtr shape = store::values(both, {});
  return store::join(store::JoinKind::inner, left, right, {{"every", "each"}}, "", condition(shape));
}

Expr covers(Expr started, Expr ended, Expr t) {
  return expr::all_of({expr::lt(std::move(started), t), any_of({expr::is_null(ended), expr::ge(ended, t)})});
}

Expr any_of(std::vector<Expr> conditions) {
  if (conditions.size() == 1) return conditions.front();
  return expr::call(Op::or_, Type::boolean, std::move(conditions));
}

Expr when(Expr condition, Expr then, Expr otherwise) {
  const Type type = then->type == Type::null ? otherwise->type : then->type;
  const int scale = std::max(then->scale, otherwise->scale);
  return expr::call(Op::case_, type, {std::move(condition), std::move(then), std::move(otherwise)}, scale);
}

Expr coalesce(std::vector<Expr> args) {
  const Type type = args.front()->type;
  const int scale = args.front()->scale;
  return expr::call(Op::coalesce, type, std::move(args), scale);
}

void keep_attributes(const RelPtr& rel, std::vector<store::NamedExpr>& columns, std::string_view prefix) {
  const std::string start = fmt::format("{}x_", prefix);
  for (const store::Column& column : rel->columns) {
    if (!column.name.starts_with(start)) continue;
    const std::string name = column.name.substr(prefix.size());
    if (std::ranges::find(columns, name, &store::NamedExpr::name) == columns.end()) columns.push_back({name, store::col(rel, column.name)});
  }
}

Expr flag(Expr condition) { return when(std::move(condition), expr::integer(1), expr::integer(0)); }

Expr zero_money() { return expr::call(Op::coalesce, Type::money, {expr::null_of(Type::money), expr::literal(Decimal(0, 6))}, 6); }

}  // namespace vigie::plan

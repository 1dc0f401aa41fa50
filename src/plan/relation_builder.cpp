#include "plan/relation_builder.h"

#include <cassert>

#include "plan/reporting_currency.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr std::string_view kCustomers = "customers", kMergedInto = "merged_into", kDeletedAt = "deleted_at";

/// Of each replaced customer, the one that survives: merged, survivor. Each round doubles the steps taken.
RelPtr survivors(const RelationContext& context) {
  const RelPtr customers = store::table_scan(context.model, kCustomers);
  const Merges& merges = context.facts.merged_customers;
  std::vector<Expr> replaced{expr::is_not_null(store::col(customers, kMergedInto))};
  if (!merges.circle.empty()) {
    std::vector<Expr> among{store::col(customers, "key")};
    for (const std::int64_t key : merges.circle) among.push_back(expr::integer(key));
    replaced.push_back(expr::not_(expr::call(Op::in, Type::boolean, std::move(among))));
  }
  RelPtr steps = store::filter(customers, expr::all_of(std::move(replaced)));
  steps = store::project(steps, {{"merged", store::col(steps, "key")}, {"survivor", store::col(steps, kMergedInto)}});
  for (int reach = 1; reach < merges.longest; reach *= 2) {
    const RelPtr twice = store::join(store::JoinKind::left, steps, steps, {{"survivor", "merged"}}, "next.");
    steps = store::project(
        twice, {{"merged", store::col(twice, "merged")},
                {"survivor", coalesce({store::col(twice, "next.survivor"), store::col(twice, "survivor")})}});
  }
  return steps;
}

/// Every customer named in the rows is the one that survives; a record that was replaced is no customer.
RelPtr of_survivors(const RelationContext& context, const model::Table& table, RelPtr rows) {
  const RelPtr told = rows;
  std::vector<store::NamedExpr> now;
  const RelPtr known = survivors(context);
  const auto join = [&](const std::string& key) {
    const std::string prefix = fmt::format("survivor_of.{}.", key);
    rows = store::join(store::JoinKind::left, rows, known, {{key, "merged"}}, prefix);
    return prefix + "survivor";
  };
  for (const model::Column& column : table.columns)
    if (column.references == kCustomers && column.name != kMergedInto) {
      const std::string survivor = join(column.name);
      now.push_back({column.name, coalesce({store::col(rows, survivor), store::col(rows, column.name)})});
    }
  if (table.name == kCustomers) {
    const std::string survivor = join("key");
    rows = store::filter(rows, expr::is_null(store::col(rows, survivor)));
  }
  return kept_beside(told, rows, std::move(now));
}

bool names_customers(const model::Table& table) {
  return table.name == kCustomers || std::ranges::any_of(table.columns, [](const model::Column& column) {
           return column.references == kCustomers;
         });
}

}  // namespace

RelPtr RelationBuilder::table(std::string_view name) const {
  const model::Table& declared = *context_.model.table(name);
  RelPtr rows = store::table_scan(context_.model, name, context_.facts.attributes);
  // The ingest prices a deal by its close, where it has one: at as_of it may have had none yet, or its deletion came
  // first.
  const bool later = context_.facts.last_foreign_close && context_.as_of.at <= *context_.facts.last_foreign_close;
  const bool closed_since = name == "opportunities" && (later || context_.facts.has_forestalled_closes);
  if (!context_.currency.empty() || closed_since) rows = in_currency(context_, declared, std::move(rows));
  if (context_.facts.merged_customers.any && names_customers(declared))
    rows = of_survivors(context_, declared, std::move(rows));
  return rows;
}

RelPtr RelationBuilder::history(std::string_view name) const {
  RelPtr rows = store::history_scan(context_.model, name);
  // The ingest prices rows, not their versions.
  const bool as_stored = context_.currency.empty() && !context_.facts.has_foreign_versions;
  return as_stored ? rows : history_in_currency(context_, *context_.model.table(name), std::move(rows));
}

RelPtr RelationBuilder::events(std::string_view name, std::string_view time) const {
  const RelPtr rows = table(name);
  const Expr at = store::col(rows, time);
  return before_deletion(name, store::filter(rows, expr::lt(at, as_of())), at);
}

Expr RelationBuilder::if_there(std::string_view table, const RelPtr& rows, const Expr& t, Expr condition) const {
  if (!context_.facts.deleted.contains(std::string(table))) return condition;
  const Expr deleted = store::col(rows, kDeletedAt);
  return expr::all_of({std::move(condition), any_of({expr::is_null(deleted), expr::ge(deleted, t)})});
}

RelPtr RelationBuilder::before_deletion(std::string_view table, RelPtr rows, const Expr& at) const {
  if (!context_.facts.deleted.contains(std::string(table))) return rows;
  const Expr dated_before = if_before_deletion(table, rows, at, expr::literal(true));
  return store::filter(rows, any_of({expr::is_null(at), dated_before}));
}

Expr RelationBuilder::if_before_deletion(std::string_view table, const RelPtr& rows, const Expr& at,
                                         Expr condition) const {
  if (!context_.facts.deleted.contains(std::string(table))) return condition;
  const Expr deleted = store::col(rows, kDeletedAt);
  // A day begins before an instant if it is the day of the microsecond before, or an earlier one.
  const Expr last = expr::call(Op::sub, Type::integer, {deleted, expr::integer(1)});
  const Expr before = at->type == Type::date ? expr::le(at, day_of(on_clock(last))) : expr::lt(at, deleted);
  return expr::all_of({std::move(condition), any_of({expr::is_null(deleted), before})});
}

Expr RelationBuilder::ended_or_deleted(std::string_view table, const RelPtr& rows, Expr ended) const {
  if (!context_.facts.deleted.contains(std::string(table))) return ended;
  const Expr deleted = on_clock(store::col(rows, kDeletedAt));
  const Type type = ended->type;
  return expr::call(Op::least, type, {std::move(ended), type == Type::date ? day_of(deleted) : deleted});
}

Expr RelationBuilder::gone(std::string_view table, const RelPtr& rows) const {
  if (!context_.facts.deleted.contains(std::string(table))) return expr::literal(false);
  return coalesce({expr::lt(store::col(rows, kDeletedAt), as_of()), expr::literal(false)});
}

Expr RelationBuilder::on_clock(const Expr& micros) const {
  // Clocks change twice a year: the changes from the first day of the data to as_of; of what comes later none is asked.
  const std::optional<Date> first = context_.facts.first_day();
  const calendar::Zone& zone = context_.calendar.zone();
  const Instant end{context_.as_of.at.micros + 1};
  const auto changes =
      zone.transitions(first ? std::min(zone.start_of(*first), context_.as_of.at) : context_.as_of.at, end);
  std::vector<Expr> offsets;
  for (std::size_t i = 1; i < changes.size(); ++i) {
    offsets.push_back(expr::lt(micros, expr::integer(changes[i].first.micros)));
    offsets.push_back(expr::integer(changes[i - 1].second));
  }
  offsets.push_back(expr::integer(changes.back().second));
  return expr::call(Op::on_clock, Type::instant, {micros, cases(Type::integer, std::move(offsets))});
}

RelPtr RelationBuilder::rows_before_as_of(std::string_view name) const {
  const RelPtr all = table(name);
  const model::Table* declared = context_.model.table(name);
  if (declared->time.empty()) return all;
  const Expr at = store::col(all, declared->time);
  const RelPtr rows = before_deletion(name, all, at);
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
    const expr::InstantLiteral end = seen_until(context_.calendar, period.close.at);
    rows.push_back({period.id, period.open, period.close, end, end.day, period.whole_to});
  }
  return store::values({{"period_id", Type::integer},
                        {"opens_at", Type::instant},
                        {"closes_at", Type::instant},
                        {"ends_at", Type::instant},
                        {"last_day", Type::date},
                        {"whole_to", Type::date}},
                       std::move(rows));
}

RelPtr RelationBuilder::in_periods(RelPtr input, const OfPeriod& condition) const {
  // An interval join is an equi-join on the key, then a condition; here every row meets every period.
  const RelPtr left = store::extend(std::move(input), {{"every", expr::integer(1)}});
  const RelPtr right = store::extend(periods(), {{"each", expr::integer(1)}});
  const RelPtr shape = side_by_side(left, right);
  return store::join(store::JoinKind::inner, left, right, {{"every", "each"}}, "", condition(shape));
}

RelPtr RelationBuilder::inside_periods(RelPtr input, const OfPeriod& condition) const {
  const RelPtr right = periods();
  const RelPtr shape = side_by_side(input, right);
  return store::join(store::JoinKind::inner, std::move(input), right, {}, "", condition(shape));
}

RelPtr RelationBuilder::once(Made make) const {
  if (const auto known = made_.find(make); known != made_.end()) return known->second;
  return made_[make] = make(*this);
}

Expr covers(Expr started, Expr ended, Expr t) {
  return expr::all_of({expr::lt(std::move(started), t), any_of({expr::is_null(ended), expr::ge(ended, t)})});
}

void keep_attributes(const RelPtr& rel, std::vector<store::NamedExpr>& columns, std::string_view prefix) {
  const std::string start = fmt::format("{}x_", prefix);
  for (const store::Column& column : rel->columns) {
    if (!column.name.starts_with(start)) continue;
    const std::string name = column.name.substr(prefix.size());
    if (std::ranges::find(columns, name, &store::NamedExpr::name) == columns.end())
      columns.push_back({name, store::col(rel, column.name)});
  }
}

}  // namespace vigie::plan

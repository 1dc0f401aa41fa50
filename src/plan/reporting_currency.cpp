// Amounts in another currency than the workspace's.
#include "plan/reporting_currency.h"

#include "model/money.h"
#include "plan/relation_builder.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

using model::kQuoteBase;
using model::money_columns;

constexpr int kRateScale = 8, kMoneyScale = 6;
/// The day of a quote, and of a row, where only the latest rate counts.
constexpr Date kUndated{0};

Expr one() { return expr::literal(Decimal(100'000'000, kRateScale)); }

/// One quote a currency and day, that of the last batch: currency, day, per_unit.
RelPtr quotes(const RelationContext& context) {
  const RelPtr rows = store::table_scan(context.model, "fx_rates");
  const Expr counts = expr::all_of({expr::is_null(col(rows, "deleted_at")),
                                    expr::gt(col(rows, "per_euro"), expr::literal(Decimal(0, kRateScale))),
                                    expr::not_(is(rows, "currency", kQuoteBase))});
  const RelPtr known = store::filter(rows, counts);
  const RelPtr last = store::first_per_key(known, {"currency", "date"}, {{"batch", true}, {"key"}});
  return store::project(
      last, {{"currency", col(last, "currency")}, {"day", col(last, "date")}, {"per_unit", col(last, "per_euro")}});
}

/// The rate of every day that has one: the last quote on or before it that is not too old.
RelPtr rates_by_day(const RelationContext& context) {
  const RelPtr quoted = quotes(context);
  const RelPtr followed =
      store::extend(store::neighbours(quoted, {"currency"}, {{"day"}}, {{"next_day", store::NeighbourFn::lead, "day"}}),
                    {{"every", expr::integer(1)}});
  std::vector<std::vector<expr::Literal>> ages;
  for (int age = 0; age <= model::kOldestQuote; ++age)
    ages.push_back({std::int64_t{1}, expr::Micros{age * kMicrosPerDay}});
  const RelPtr aged = store::join(JoinKind::inner, followed,
                                  store::values({{"each", Type::integer}, {"age", Type::duration}}, std::move(ages)),
                                  {{"every", "each"}});
  const Expr day = expr::call(Op::add, Type::date, {col(aged, "day"), col(aged, "age")});
  const RelPtr in_force =
      store::filter(aged, any_of({expr::is_null(col(aged, "next_day")), expr::lt(day, col(aged, "next_day"))}));
  return store::project(
      in_force, {{"currency", col(in_force, "currency")}, {"day", day}, {"per_unit", col(in_force, "per_unit")}});
}

RelPtr latest_rates(const RelationContext& context) {
  const RelPtr quoted = quotes(context);
  const RelPtr last = store::first_per_key(quoted, {"currency"}, {{"day", true}});
  return store::project(
      last,
      {{"currency", col(last, "currency")}, {"day", expr::literal(kUndated)}, {"per_unit", col(last, "per_unit")}});
}

const std::string& currency_of(const RelationContext& context) {
  return context.currency.empty() ? context.settings.currency : context.currency;
}

/// (rate_currency, rate_day) → per_document, per_target.
RelPtr rates_into(const RelationContext& context, const RelPtr& rates) {
  const auto named = [](const RelPtr& rows, Expr currency, std::string_view day, Expr per_document, Expr per_target) {
    return store::project(rows, {{"rate_currency", std::move(currency)},
                                 {"rate_day", col(rows, day)},
                                 {"per_document", std::move(per_document)},
                                 {"per_target", std::move(per_target)}});
  };
  if (currency_of(context) == kQuoteBase)
    return named(rates, col(rates, "currency"), "day", col(rates, "per_unit"), one());
  const RelPtr of_target = store::filter(rates, is(rates, "currency", currency_of(context)));
  const RelPtr target =
      store::project(of_target, {{"target_day", col(of_target, "day")}, {"per_target", col(of_target, "per_unit")}});
  const RelPtr crossed = store::join(JoinKind::inner, rates, target, {{"day", "target_day"}});
  const RelPtr from_base =
      named(target, expr::text(std::string(kQuoteBase)), "target_day", one(), col(target, "per_target"));
  return store::union_all(
      {named(crossed, col(crossed, "currency"), "day", col(crossed, "per_unit"), col(crossed, "per_target")),
       from_base});
}

/// There is one rate of each currency and day. As groups the tree says so, and where no amount is asked for, neither
/// the rates are read nor what tells the day and the currency of a row.
RelPtr one_each(const RelPtr& rates) {
  std::vector<store::NamedExpr> groups;
  for (const char* name : {"rate_currency", "rate_day"}) groups.push_back({name, col(rates, name)});
  std::vector<store::AggregateColumn> values;
  for (const char* name : {"per_document", "per_target"})
    values.push_back({name, AggregateFn::max, col(rates, name), nullptr});
  return store::aggregate(rates, std::move(groups), std::move(values));
}

/// Adds "priced_day" to rows: the first of the table's pricing columns that is there at as_of. What is dated later is
/// not seen, and what is dated after the deletion of its row never was: such a deal is priced as an open one.
RelPtr with_pricing_day(const RelationContext& context, const model::Table& table, RelPtr rows) {
  std::vector<Expr> days;
  for (const std::string& path : table.priced_at) {
    const auto dot = path.find('.');
    if (dot == std::string::npos) {
      const Expr at = col(rows, path);
      const bool seen = path == table.priced_at.back() || at->type != Type::instant;
      const Expr before =
          RelationBuilder(context).if_before_deletion(table.name, rows, at, expr::lt(at, expr::literal(context.as_of)));
      days.push_back(seen ? day_of(at) : cases(Type::date, {before, day_of(at), expr::null_of(Type::date)}));
      continue;
    }
    const std::string key = path.substr(0, dot), of = path.substr(dot + 1);
    const RelPtr parents = store::table_scan(context.model, table.find(key)->references);
    const RelPtr dated = store::project(parents, {{"of", col(parents, "key")}, {"day", day_of(col(parents, of))}});
    const std::string prefix = fmt::format("priced_by.{}.", days.size());
    rows = store::join(JoinKind::left, rows, dated, {{key, "of"}}, prefix);
    days.push_back(col(rows, prefix + "day"));
  }
  if (days.empty()) days.push_back(expr::literal(kUndated));
  return store::extend(rows, {{"priced_day", days.size() == 1 ? days.front() : coalesce(days)}});
}

/// The columns `wanted`, amounts converted by the row's "priced_day".
RelPtr converted(const RelationContext& context, const RelPtr& rates, RelPtr rows,
                 const std::vector<store::Column>& wanted, const std::vector<std::string>& money) {
  rows = store::join(JoinKind::left, rows, one_each(rates_into(context, rates)),
                     {{"currency", "rate_currency"}, {"priced_day", "rate_day"}});
  const Expr as_it_is = is(rows, "currency", currency_of(context));
  std::vector<store::NamedExpr> columns;
  for (const store::Column& column : wanted) {
    Expr value = col(rows, column.name);
    if (std::ranges::find(money, column.name) != money.end()) {
      const Expr own = col(rows, store::document_amount(column.name));
      const Expr price = expr::call(Op::converted, Type::money,
                                    {own, col(rows, "per_document"), col(rows, "per_target")}, kMoneyScale);
      value = cases(Type::money, {as_it_is, own, price}, kMoneyScale);
    }
    columns.push_back({column.name, std::move(value)});
  }
  return store::project(rows, std::move(columns));
}

}  // namespace

RelPtr in_currency(const RelationContext& context, const model::Table& table, RelPtr rows) {
  const std::vector<std::string> money = money_columns(table);
  if (money.empty()) return rows;
  const std::vector<store::Column> wanted = rows->columns;
  const RelPtr rates = table.priced_at.empty() ? latest_rates(context) : rates_by_day(context);
  return converted(context, rates, with_pricing_day(context, table, std::move(rows)), wanted, money);
}

RelPtr converted_on(const RelationContext& context, RelPtr rows, const std::string& amount) {
  const std::vector<store::Column> wanted = rows->columns;
  return converted(context, rates_by_day(context), std::move(rows), wanted, {amount});
}

RelPtr history_in_currency(const RelationContext& context, const model::Table& table, RelPtr versions) {
  std::vector<std::string> money;
  for (const std::string& name : money_columns(table))
    if (store::find_column(versions, name)) money.push_back(name);
  if (money.empty()) return versions;
  const std::vector<store::Column> wanted = versions->columns;
  const RelPtr current = with_pricing_day(context, table, store::table_scan(context.model, table.name));
  // A version of an open deal was priced when it had no close yet: by the last of the days, that of its creation.
  const std::string& last = table.priced_at.back();
  const RelPtr dated = store::project(current, {{"of", col(current, "key")},
                                                {"priced_day", col(current, "priced_day")},
                                                {"open_day", day_of(col(current, last))}});
  RelPtr rows = store::join(JoinKind::left, std::move(versions), dated, {{"key", "of"}}, "now.");
  std::vector<Expr> days;
  if (store::find_column(rows, "outcome"))
    days.insert(days.end(), {is(rows, "outcome", "open"), col(rows, "now.open_day")});
  // One that was closed, by the close of which it told itself: its row may tell a later one, or none.
  if (store::find_column(rows, "closed_at"))
    days.insert(days.end(),
                {expr::lt(col(rows, "closed_at"), expr::literal(context.as_of)), day_of(col(rows, "closed_at"))});
  days.push_back(col(rows, "now.priced_day"));
  const Expr day = cases(Type::date, days);
  rows = store::extend(rows, {{"priced_day", day}});
  return converted(context, rates_by_day(context), std::move(rows), wanted, money);
}

}  // namespace vigie::plan

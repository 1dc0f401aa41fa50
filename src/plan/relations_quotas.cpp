// What is to be sold, and what was sold in the time of it.
#include "plan/quotas.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

/// What a row of net_sales is made of: a sale, or a refund with its amount turned round.
struct NetRow {
  std::string_view when;
  Expr amount, team, own_team;
};

RelPtr net_rows(const RelPtr& rows, const NetRow& row) {
  std::vector<store::NamedExpr> columns{{"key", col(rows, "key")},
                                        {"source_key", col(rows, "source_key")},
                                        {"customer_key", col(rows, "customer_key")},
                                        {"owner_key", col(rows, "owner_key")},
                                        {"team_key", row.team},
                                        {"own_team_key", row.own_team},
                                        {"channel", col(rows, "channel")},
                                        {"at", col(rows, row.when)},
                                        {"amount", row.amount}};
  keep_attributes(rows, columns);
  return store::project(rows, std::move(columns));
}

/// The rows of both, with the attributes of either; one that is of two types is of neither.
RelPtr stacked(const RelPtr& above, const RelPtr& below) {
  std::vector<store::NamedExpr> upper, lower;
  const auto add = [&](const store::Column& column) {
    const store::Column *up = store::find_column(above, column.name), *low = store::find_column(below, column.name);
    const bool known = std::ranges::find(upper, column.name, &store::NamedExpr::name) != upper.end();
    if (known || (up && low && up->type != low->type)) return;
    const auto value = [&](const store::Column* there, const RelPtr& rel) {
      return there ? col(rel, column.name) : expr::null_of(column.type);
    };
    upper.push_back({column.name, value(up, above)});
    lower.push_back({column.name, value(low, below)});
  };
  for (const store::Column& column : above->columns) add(column);
  for (const store::Column& column : below->columns) add(column);
  return store::union_all({store::project(above, std::move(upper)), store::project(below, std::move(lower))});
}

/// Quotas of the same `keys` that touch or overlap, as one: the keys, spell_from, spell_to (the day after the last).
RelPtr spells(const RelPtr& quotas, const std::vector<std::string>& keys) {
  const std::vector<store::SortKey> by_time{{"from_date"}, {"to_date"}, {"key"}};
  RelPtr rows = store::neighbours(quotas, keys, by_time, {{"reach", NeighbourFn::greatest_so_far, "to_date"}});
  rows = store::neighbours(rows, keys, by_time, {{"reached", NeighbourFn::lag, "reach"}});
  const Expr apart =
      any_of({expr::is_null(col(rows, "reached")), expr::gt(col(rows, "from_date"), col(rows, "reached"))});
  rows = store::extend(rows, {{"begins", flag(apart)}});
  rows = store::neighbours(rows, keys, by_time, {{"spell", NeighbourFn::total_so_far, "begins"}});
  std::vector<store::NamedExpr> groups{{"spell", col(rows, "spell")}};
  for (const std::string& key : keys) groups.push_back({"of_" + key, col(rows, key)});
  return store::aggregate(rows, std::move(groups),
                          {{"spell_from", AggregateFn::min, col(rows, "from_date"), nullptr},
                           {"spell_to", AggregateFn::max, col(rows, "to_date"), nullptr}});
}

/// Adds "<name>.spell_from": not null where the day of the row lies in a quota of the same `keys`.
RelPtr with_spell(const RelPtr& rows, const RelPtr& quotas, const std::vector<std::string>& keys,
                  std::string_view name) {
  const std::string prefix = fmt::format("{}.", name);
  const RelPtr found = spells(quotas, keys);
  std::vector<std::pair<std::string, std::string>> on;
  for (const std::string& key : keys) on.emplace_back(key, "of_" + key);
  std::vector<store::Column> both = rows->columns;
  for (const store::Column& column : found->columns) both.push_back({prefix + column.name, column.type, column.scale});
  const RelPtr shape = store::values(both, {});
  const Expr day = expr::call(Op::date_of, Type::date, {col(shape, "at")});
  return store::join(
      JoinKind::left, rows, found, std::move(on), prefix,
      expr::all_of({expr::ge(day, col(shape, prefix + "spell_from")), expr::lt(day, col(shape, prefix + "spell_to"))}));
}

/// Adds the flag `name`: does the day of the row lie in the time of the quotas that it counts for? Those of its own
/// seller (or team: `whose`), and those of nobody in particular; of who has none in the period, anybody's.
RelPtr with_time_of_quotas(RelPtr rows, const RelPtr& quotas, const std::string& whose, const std::string& name) {
  const std::vector<store::Column> before = rows->columns;
  const RelPtr named = store::filter(quotas, expr::is_not_null(col(quotas, whose)));
  const RelPtr general = store::filter(quotas, expr::is_null(col(quotas, whose)));
  const RelPtr holders = store::aggregate(named, {{"held_in", col(named, "period_id")}, {"held_by", col(named, whose)}},
                                          {{"held", AggregateFn::count, nullptr, nullptr}});
  rows = with_spell(rows, named, {"period_id", whose}, "own");
  rows = with_spell(rows, general, {"period_id"}, "general");
  rows = with_spell(rows, quotas, {"period_id"}, "any");
  rows = store::join(JoinKind::left, rows, holders, {{"period_id", "held_in"}, {whose, "held_by"}});
  const Expr others = expr::all_of({expr::is_null(col(rows, "held")), expr::is_not_null(col(rows, "any.spell_from"))});
  const Expr counts = any_of(
      {expr::is_not_null(col(rows, "own.spell_from")), expr::is_not_null(col(rows, "general.spell_from")), others});
  std::vector<store::NamedExpr> columns;
  for (const store::Column& column : before) columns.push_back({column.name, col(rows, column.name)});
  columns.push_back({name, counts});
  return store::project(rows, std::move(columns));
}

/// Rows of net_rows with each period that they are dated in, and whether they fall in the time of its quotas of people
/// (in_people) and of teams (in_teams).
Result<RelPtr> held_against_quotas(const RelationContext& context, RelPtr sold) {
  const RelationBuilder build(context);
  RelPtr rows = build.inside_periods(std::move(sold), [](const RelPtr& r) {
    return expr::all_of({expr::ge(col(r, "at"), col(r, "opens_at")), expr::lt(col(r, "at"), col(r, "closes_at"))});
  });
  if (!context.facts.has("quotas"))
    return store::extend(rows, {{"in_people", expr::literal(false)}, {"in_teams", expr::literal(false)}});
  VIGIE_TRY(const RelPtr all, quotas(context));
  rows = with_time_of_quotas(rows, store::filter(all, col(all, "of_person")), "owner_key", "in_people");
  return with_time_of_quotas(rows, store::filter(all, expr::not_(col(all, "of_person"))), "team_key", "in_teams");
}

RelPtr won_rows(const RelPtr& dealt) {
  const RelPtr won = store::filter(dealt, expr::eq(col(dealt, "outcome"), expr::text("won")));
  return net_rows(won, {"closed_at", col(won, "amount"), col(won, "team_key"), col(won, "own_team_key")});
}

}  // namespace

Result<RelPtr> net_sales(const RelationContext& context) {
  const RelationBuilder build(context);
  const Expr no_team = expr::null_of(Type::integer);
  RelPtr sold;
  if (context.sale_event == catalog::SaleEvent::won_deal) {
    VIGIE_TRY(const RelPtr dealt, deals(context));
    sold = won_rows(dealt);
  } else {
    VIGIE_TRY(RelPtr documents, sales(context));
    documents = with_team_of_owner(build, documents);
    sold = net_rows(documents, {"sold_at", col(documents, "amount_net"), col(documents, "owner_team"), no_team});
  }
  VIGIE_TRY(RelPtr back, refunds(context));
  back = with_team_of_owner(build, back);
  const Expr minus = expr::call(Op::neg, Type::money, {col(back, "amount_net")}, 6);
  return stacked(sold, net_rows(back, {"refunded_at", minus, col(back, "owner_team"), no_team}));
}

Result<RelPtr> quotas(const RelationContext& context) {
  const RelationBuilder build(context);
  RelPtr rows = with_team_of_owner(build, build.table("quotas"));
  std::vector<store::NamedExpr> columns;
  for (const std::string_view name : {"key", "source_key", "owner_key", "from_date", "to_date", "amount"})
    columns.push_back({std::string(name), col(rows, name)});
  columns.push_back({"team_key", coalesce({col(rows, "team_key"), col(rows, "owner_team")})});
  columns.push_back({"of_person", expr::is_not_null(col(rows, "owner_key"))});
  columns.push_back(
      {"length", expr::call(Op::duration, Type::duration, {col(rows, "from_date"), col(rows, "to_date")})});
  // A quota counts in each period that holds the whole of it, once it has begun: one for longer is in none of them.
  return build.in_periods(store::project(rows, std::move(columns)), [](const RelPtr& r) {
    const Expr opens_on = expr::call(Op::date_of, Type::date, {col(r, "opens_at")});
    return expr::all_of({expr::ge(col(r, "from_date"), opens_on), expr::le(col(r, "from_date"), col(r, "last_day")),
                         expr::le(col(r, "to_date"), col(r, "whole_to"))});
  });
}

Result<RelPtr> quota_sales(const RelationContext& context) {
  VIGIE_TRY(const RelPtr sold, net_sales(context));
  return held_against_quotas(context, sold);
}

Result<RelPtr> quota_deals(const RelationContext& context) {
  VIGIE_TRY(const RelPtr dealt, deals(context));
  return held_against_quotas(context, won_rows(dealt));
}

}  // namespace vigie::plan

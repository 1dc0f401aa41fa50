// What is to be sold, and what was sold in the time of it.
#include "plan/quotas.h"
#include "plan/sellers.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

/// What a row of net_sales is made of: a sale, or a refund with its amount turned round.
RelPtr net_rows(const RelPtr& rows, std::string_view when, const Expr& amount) {
  std::vector<store::NamedExpr> columns{{"key", col(rows, "key")},
                                        {"source_key", col(rows, "source_key")},
                                        {"customer_key", col(rows, "customer_key")},
                                        {"channel", col(rows, "channel")},
                                        {"at", col(rows, when)},
                                        {"amount", amount}};
  keep_sellers(rows, columns);
  keep_own_team(rows, columns);
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

using DayOf = std::function<Expr(const RelPtr&)>;  ///< the day of a row that quotas are asked for

/// Adds the flag `name`: does the day of the row lie in a quota of the same `keys`?
RelPtr with_time_of(const RelPtr& rows, const RelPtr& quotas, const std::vector<std::string>& keys, const DayOf& day,
                    const std::string& name) {
  constexpr std::string_view kPrefix = "spell.";
  const RelPtr found = spells(quotas, keys);
  std::vector<std::pair<std::string, std::string>> on;
  for (const std::string& key : keys) on.emplace_back(key, "of_" + key);
  const RelPtr shape = side_by_side(rows, found, kPrefix);
  const RelPtr joined = store::join(JoinKind::left, rows, found, std::move(on), std::string(kPrefix),
                                    expr::all_of({expr::ge(day(shape), col(shape, "spell.spell_from")),
                                                  expr::lt(day(shape), col(shape, "spell.spell_to"))}));
  return kept_beside(rows, joined, {{name, expr::is_not_null(col(joined, "spell.spell_from"))}});
}

/// Adds `name`: the day after the last of the quotas of the same `keys`; null where there are none.
RelPtr with_end_of(const RelPtr& rows, const RelPtr& quotas, const std::vector<std::string>& keys,
                   const std::string& name) {
  std::vector<store::NamedExpr> groups;
  std::vector<std::pair<std::string, std::string>> on;
  for (const std::string& key : keys) {
    groups.push_back({"of_" + key, col(quotas, key)});
    on.emplace_back(key, "of_" + key);
  }
  const RelPtr ends =
      store::aggregate(quotas, std::move(groups), {{"last", AggregateFn::max, col(quotas, "to_date"), nullptr}});
  const RelPtr joined = store::join(JoinKind::left, rows, ends, std::move(on), "ends.");
  return kept_beside(rows, joined, {{name, col(joined, "ends.last")}});
}

/// Quotas of the same kind, and what a row must have in common with one that it counts for.
struct Kind {
  RelPtr quotas;
  std::vector<std::string> keys;
  std::string in, until;  ///< names of the flag, and of the end
};

/// Those of people, of teams, and of the whole company; none where nobody has any.
Result<std::vector<Kind>> kinds_of_quotas(const RelationContext& context) {
  if (!context.facts.has("quotas")) return std::vector<Kind>{};
  VIGIE_TRY(RelPtr rows, quotas(context));
  VIGIE_TRY(rows, with_paths(std::move(rows), "quotas", {"team_key"}, context, ""));
  std::vector<store::NamedExpr> columns;
  for (const std::string_view name : {"period_id", "key", "owner_key", "team_key", "of_person", "from_date", "to_date"})
    columns.push_back({std::string(name), col(rows, name)});
  const RelPtr all = store::shared(store::project(rows, std::move(columns)));
  const Expr of_person = col(all, "of_person"), of_team = expr::is_not_null(col(all, "team_key"));
  const auto those = [&](std::vector<Expr> conditions) {
    return store::filter(all, expr::all_of(std::move(conditions)));
  };
  return std::vector<Kind>{
      {those({of_person}), {"period_id", "owner_key"}, "in_people", "people_until"},
      {those({expr::not_(of_person), of_team}), {"period_id", "team_key"}, "in_teams", "team_until"},
      {those({expr::not_(of_person), expr::not_(of_team)}), {"period_id"}, "in_company", "company_until"}};
}

/// Adds of each kind whether the day of the row lies in the time of the quotas of whom it is of.
RelPtr with_times_of_quotas(const std::vector<Kind>& kinds, RelPtr rows, const DayOf& day) {
  const Expr never = expr::literal(false);
  if (kinds.empty()) return store::extend(rows, {{"in_people", never}, {"in_teams", never}, {"in_company", never}});
  for (const Kind& kind : kinds) rows = with_time_of(rows, kind.quotas, kind.keys, day, kind.in);
  return rows;
}

/// Rows of net_sales with each period that they are dated in, and whether they fall in the time of its quotas: of whom
/// had them sold then, whoever has them now.
Result<RelPtr> held_against_quotas(const RelationContext& context, RelPtr sold, std::string_view relation) {
  VIGIE_TRY(sold, with_paths(std::move(sold), relation, {"owner_key", "team_key"}, context, "at"));
  const RelPtr rows = RelationBuilder(context).inside_periods(
      std::move(sold), [](const RelPtr& r) { return in_period(col(r, "at"), r); });
  VIGIE_TRY(const std::vector<Kind> kinds, kinds_of_quotas(context));
  return with_times_of_quotas(kinds, rows, [](const RelPtr& r) { return day_of(col(r, "at")); });
}

}  // namespace

Result<RelPtr> net_sales(const RelationContext& context) {
  VIGIE_TRY(const RelPtr made, sales(context));
  VIGIE_TRY(const RelPtr back, refunds(context));
  const Expr minus = expr::call(Op::neg, Type::money, {col(back, "amount_net")}, 6);
  RelPtr sold = net_rows(made, "sold_at", col(made, "amount_net")), given_back = net_rows(back, "refunded_at", minus);
  // Where either tells today's sellers apart from those of then, both do: what is stacked is null where it is not told.
  if (store::find_column(sold, kSellerNow) || store::find_column(given_back, kSellerNow)) {
    sold = with_seller_now(sold);
    given_back = with_seller_now(given_back);
  }
  return stacked(sold, given_back);
}

Result<RelPtr> quotas(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr rows = build.table("quotas");
  std::vector<store::NamedExpr> columns;
  for (const std::string_view name : {"key", "source_key", "owner_key", "from_date", "to_date", "amount"})
    columns.push_back({std::string(name), col(rows, name)});
  keep_own_team(rows, columns, "team_key");
  columns.push_back({"of_person", expr::is_not_null(col(rows, "owner_key"))});
  columns.push_back({"length", duration(col(rows, "from_date"), col(rows, "to_date"))});
  // A quota counts in each period that holds the whole of it, once it has begun: one for longer is in none of them.
  return build.in_periods(store::project(rows, std::move(columns)), [](const RelPtr& r) {
    const Expr opens_on = day_of(col(r, "opens_at"));
    return expr::all_of({expr::ge(col(r, "from_date"), opens_on), expr::le(col(r, "from_date"), col(r, "last_day")),
                         expr::le(col(r, "to_date"), col(r, "whole_to"))});
  });
}

Result<RelPtr> quota_sales(const RelationContext& context) {
  VIGIE_TRY(const RelPtr sold, net_sales(context));
  return held_against_quotas(context, sold, "quota_sales");
}

Result<RelPtr> quota_deals(const RelationContext& context) {
  VIGIE_TRY(const RelPtr dealt, deals(context));
  const RelPtr won = store::filter(dealt, is(dealt, "outcome", "won"));
  return held_against_quotas(context, net_rows(won, "closed_at", col(won, "amount")), "quota_deals");
}

Result<RelPtr> quota_pipeline(const RelationContext& context) {
  VIGIE_TRY(RelPtr rows, deal_periods(context));
  VIGIE_TRY(rows, with_paths(std::move(rows), "quota_pipeline", {"owner_key", "team_key"}, context, ""));
  VIGIE_TRY(const std::vector<Kind> kinds, kinds_of_quotas(context));
  rows =
      with_times_of_quotas(kinds, std::move(rows), [](const RelPtr& r) { return col(r, "opening_expected_close_on"); });
  const Expr never = expr::null_of(Type::date);
  if (kinds.empty())
    return store::extend(rows, {{"people_until", never}, {"team_until", never}, {"company_until", never}});
  for (const Kind& kind : kinds) rows = with_end_of(rows, kind.quotas, kind.keys, kind.until);
  return rows;
}

}  // namespace vigie::plan

// What kind of company it is, at whichever as-of.
#include "plan/kinds.h"

#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr const char* kWho = "who";
constexpr const char* kOf = "of";

/// Spells of one customer that end together are one, from the first of them on: most never end.
RelPtr fewer(const RelPtr& spells, const std::vector<std::string>& keys) {
  std::vector<store::NamedExpr> groups;
  for (const std::string& name : keys) groups.push_back({name, col(spells, name)});
  groups.push_back({"seen_to", col(spells, "seen_to")});
  return store::aggregate(spells, std::move(groups),
                          {{"seen_from", AggregateFn::min, col(spells, "seen_from"), nullptr}});
}

/// How many more buy and pay from each instant on: kOf, who (where the spells have it), at, buying, paying.
RelPtr steps(const RelPtr& spells, std::int64_t of, std::int64_t buying, std::int64_t paying) {
  const auto at = [&](const RelPtr& rows, const char* edge, std::int64_t sign) {
    std::vector<store::NamedExpr> columns{{kOf, expr::integer(of)}};
    if (store::find_column(rows, kWho)) columns.push_back({kWho, col(rows, kWho)});
    columns.push_back({"at", col(rows, edge)});
    columns.push_back({"buying", expr::integer(sign * buying)});
    columns.push_back({"paying", expr::integer(sign * paying)});
    return store::project(rows, std::move(columns));
  };
  const RelPtr ending = store::filter(spells, expr::is_not_null(col(spells, "seen_to")));
  return store::union_all({at(spells, "seen_from", 1), at(ending, "seen_to", -1)});
}

/// Where, among those alike in `keys`, some buy who do not pay, and where none does any more: keys, at, there.
RelPtr turns(const RelPtr& all, const std::vector<std::string>& keys) {
  std::vector<store::NamedExpr> groups;
  for (const std::string& name : keys) groups.push_back({name, col(all, name)});
  groups.push_back({"at", col(all, "at")});
  const RelPtr sums = store::aggregate(all, std::move(groups),
                                       {{"buying", AggregateFn::sum, col(all, "buying"), nullptr},
                                        {"paying", AggregateFn::sum, col(all, "paying"), nullptr}});
  RelPtr rows =
      store::neighbours(sums, keys, {{"at"}},
                        {{"buy", NeighbourFn::total_so_far, "buying"}, {"pay", NeighbourFn::total_so_far, "paying"}});
  const Expr none = expr::integer(0);
  rows = store::extend(
      rows, {{"there", flag(expr::all_of({expr::gt(col(rows, "buy"), none), expr::eq(col(rows, "pay"), none)}))}});
  rows = store::neighbours(rows, keys, {{"at"}}, {{"before", NeighbourFn::lag, "there"}});
  const Expr there = col(rows, "there");
  rows = store::filter(rows, expr::not_(expr::eq(there, coalesce({col(rows, "before"), none}))));
  std::vector<store::NamedExpr> columns;
  for (const std::string& name : keys) columns.push_back({name, col(rows, name)});
  columns.push_back({"at", col(rows, "at")});
  columns.push_back({"there", there});
  return store::project(rows, std::move(columns));
}

/// Without whom their own row calls under contract: they are no buyers at any as-of.
RelPtr undeclared(const RelationBuilder& build, const RelPtr& spells) {
  if (!build.context().facts.has_declared_contracts) return spells;
  const RelPtr customers = build.table("customers");
  const RelPtr declared = store::filter(customers, is(customers, "relation", kContract));
  const RelPtr keys = store::project(declared, {{"declared", col(declared, "key")}});
  const RelPtr rows = store::join(JoinKind::left, spells, keys, {{kWho, "declared"}});
  return kept_beside(spells, store::filter(rows, expr::is_null(col(rows, "declared"))), {});
}

/// The steps of buyers of one event. Of those who never pay a spell is one of all; of each of the others what it paid
/// comes off what it bought.
RelPtr buyers(const RelationBuilder& build, std::int64_t of, const RelPtr& payers) {
  const RelPtr bought = store::shared(fewer(undeclared(build, sale_spells(build, kEvents[of])), {kWho}));
  const RelPtr who_pays = store::aggregate(
      payers, {{"payer", col(payers, kWho)}},
      {{"for_good", AggregateFn::min, col(payers, "seen_from"), expr::is_null(col(payers, "seen_to"))}});
  const RelPtr beside = store::join(JoinKind::left, bought, who_pays, {{kWho, "payer"}});
  const Expr payer = col(beside, "payer");
  // Who pays and is sent its invoices since adds no turn, and those are the most.
  const Expr pays_already =
      coalesce({expr::ge(col(beside, "seen_from"), col(beside, "for_good")), expr::literal(false)});
  const RelPtr never = fewer(store::filter(beside, expr::is_null(payer)), {});
  const RelPtr others = kept_beside(
      bought, store::filter(beside, expr::all_of({expr::is_not_null(payer), expr::not_(pays_already)})), {});
  const RelPtr who_buys = store::aggregate(others, {{"buyer", col(others, kWho)}}, {});
  const RelPtr paid = kept_beside(payers, store::join(JoinKind::inner, payers, who_buys, {{kWho, "buyer"}}), {});
  const RelPtr apart = turns(store::union_all({steps(others, of, 1, 0), steps(paid, of, 0, 1)}), {kOf, kWho});
  const Expr more = when(expr::eq(col(apart, "there"), expr::integer(1)), expr::integer(1), expr::integer(-1));
  return store::union_all(
      {steps(never, of, 1, 0),
       store::project(
           apart, {{kOf, col(apart, kOf)}, {"at", col(apart, "at")}, {"buying", more}, {"paying", expr::integer(0)}})});
}

}  // namespace

RelPtr turns_of_kinds(const RelationBuilder& build) {
  const RelPtr payers = store::shared(fewer(payer_spells(build), {kWho}));
  // To find whether anybody pays, who pays counts as somebody who is there.
  std::vector<RelPtr> all{steps(fewer(payers, {}), kOfPayers, 1, 0)};
  for (std::size_t i = 0; i < std::size(kEvents); ++i)
    all.push_back(buyers(build, static_cast<std::int64_t>(i), payers));
  return turns(store::union_all(std::move(all)), {kOf});
}

}  // namespace vigie::plan

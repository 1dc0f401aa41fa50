// Subscriptions: those that are paid, how many are in force and how long they last.
#include "plan/documents.h"
#include "plan/kinds.h"
#include "plan/renewals.h"
#include "plan/tree_names.h"
#include "plan/trials.h"

namespace vigie::plan {
namespace {

/// What is free is no contract; an amount that is not known is not 0.
Expr is_free(const Expr& owed) {
  return coalesce({expr::le(owed, expr::literal(Decimal(0, 4))), expr::literal(false)});
}

}  // namespace

RelPtr subscription_stretches(const RelationBuilder& build) {
  const RelPtr rows = stretches(build);
  std::vector<store::NamedExpr> columns;
  for (const char* name : {"key", "source_key", "customer_key", "plan_key", "mrr", "past_due_since", "renews_on",
                           "owner_key", "subscription_key", "quantity", "change_kind", "is_trial_stretch"})
    columns.push_back({name, col(rows, name)});
  columns.push_back({"started_at", col(rows, "begun_at")});
  columns.push_back({"ended_at", col(rows, "over_at")});
  columns.push_back({"channel", col(rows, "source_channel")});
  columns.push_back({"subscription", coalesce({col(rows, "subscription_key"), col(rows, "key")})});
  // An amount without a rate is an amount: whether something is owed is read from the document's own figure.
  columns.push_back({"owed", col(rows, store::document_amount("mrr"))});
  return store::project(rows, std::move(columns));
}

RelPtr paid_subscriptions(const RelationBuilder& build) {
  const RelPtr rows = subscription_stretches(build);
  return store::filter(
      rows, expr::all_of({expr::not_(is_free(col(rows, "owed"))), expr::not_(col(rows, "is_trial_stretch"))}));
}

RelPtr payer_spells(const RelationBuilder& build) {
  const RelPtr all = pieces_seen_paid(build);
  const RelPtr rows = store::filter(all, expr::not_(is_free(col(all, store::document_amount("mrr")))));
  return store::project(
      rows,
      {{"who", col(rows, "customer_key")}, {"seen_from", col(rows, "seen_from")}, {"seen_to", col(rows, "seen_to")}});
}

RelPtr contract_customers(const RelationBuilder& build) {
  const RelPtr paid = paid_subscriptions(build);
  RelPtr keys = store::project(paid, {{"contract_of", col(paid, "customer_key")}});
  if (build.context().facts.has_declared_contracts) {
    const RelPtr customers = build.table("customers");
    const RelPtr declared = store::filter(customers, is(customers, "relation", kContract));
    keys = store::union_all({keys, store::project(declared, {{"contract_of", col(declared, "key")}})});
  }
  return store::aggregate(keys, {{"contract_of", col(keys, "contract_of")}}, {});
}

RelPtr with_relation(const RelationBuilder& build, RelPtr rows) {
  const Expr purchase = expr::text(std::string(kPurchase));
  if (!build.context().has_payers()) return store::extend(std::move(rows), {{"relation", purchase}});
  const RelPtr joined = store::join(JoinKind::left, rows, contract_customers(build), {{"customer_key", "contract_of"}});
  const Expr has_one = expr::is_not_null(col(joined, "contract_of"));
  return kept_beside(rows, joined, {{"relation", when(has_one, expr::text(std::string(kContract)), purchase)}});
}

Expr not_too_long_past_due(const RelationContext& context, const RelPtr& rows, const Expr& t) {
  const std::int64_t grace = context.settings.past_due_days * kMicrosPerDay;
  const Expr since = col(rows, "past_due_since");
  return any_of({expr::is_null(since),
                 expr::call(expr::Op::matured, Type::boolean, {t, since, expr::literal(expr::Micros{-grace})})});
}

RelPtr changed_on_the_way(const RelPtr& paid) {
  constexpr std::string_view kNext = "next.";
  std::vector<store::NamedExpr> columns;
  for (const char* name :
       {"customer_key", "started_at", "subscription_key", "owed", "quantity", "plan_key", "change_kind"})
    columns.push_back({name, col(paid, name)});
  const RelPtr next = store::project(paid, std::move(columns));
  const RelPtr both = store::join(JoinKind::inner, paid, next,
                                  {{"customer_key", "customer_key"}, {"ended_at", "started_at"}}, std::string(kNext));
  const auto then = [&](std::string_view name) { return col(both, fmt::format("{}{}", kNext, name)); };
  const auto same = [&](std::string_view name) { return expr::eq(col(both, name), then(name)); };
  const Expr is_change =
      expr::all_of({same("subscription_key"), expr::not_(expr::eq(then("change_kind"), expr::text("renewal"))),
                    expr::not_(expr::all_of({same("owed"), same("quantity"), same("plan_key")}))});
  const RelPtr changed = store::filter(both, is_change);
  return store::aggregate(changed, {{"changed_row", col(changed, "key")}}, {});
}

Result<RelPtr> subscription_periods(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr paid = paid_subscriptions(build);
  const auto in_force = [&](const RelPtr& r, std::string_view at) {
    return expr::all_of(
        {covers(col(r, "started_at"), col(r, "ended_at"), col(r, at)), not_too_long_past_due(context, r, col(r, at))});
  };
  const RelPtr rows = build.in_periods(
      paid, [&](const RelPtr& r) { return any_of({in_force(r, "opens_at"), in_force(r, "closes_at")}); });
  std::vector<store::NamedExpr> columns;
  for (const char* name : {"period_id", "opens_at", "key", "source_key", "subscription", "customer_key", "plan_key",
                           "started_at", "ended_at", "owner_key", "channel"})
    columns.push_back({name, col(rows, name)});
  columns.push_back({"opening_in_force", in_force(rows, "opens_at")});
  columns.push_back({"closing_in_force", in_force(rows, "closes_at")});
  return store::project(rows, std::move(columns));
}

Result<RelPtr> subscription_lives(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr paid = paid_subscriptions(build);
  const Expr ended = col(paid, "ended_at");
  const Expr dropped_on = days_later(day_of(col(paid, "past_due_since")), context.settings.past_due_days);
  // Past due for too long before its end: it left on that day.
  const Expr is_dropped = expr::all_of({expr::is_not_null(col(paid, "past_due_since")),
                                        any_of({expr::is_null(ended), expr::lt(dropped_on, day_of(ended))})});
  // Over its priced periods: from the first start to the last end, and it runs while one of them does.
  const RelPtr ends = store::aggregate(paid, {{"ends_of", col(paid, "subscription")}},
                                       {{"last_end", AggregateFn::max, ended, expr::not_(is_dropped)},
                                        {"last_drop", AggregateFn::max, dropped_on, is_dropped},
                                        {"running", AggregateFn::count, nullptr,
                                         expr::all_of({any_of({expr::is_null(ended), expr::ge(ended, build.as_of())}),
                                                       not_too_long_past_due(context, paid, build.as_of())})}});
  const RelPtr firsts = store::first_per_key(paid, {"subscription"}, {{"started_at"}, {"key"}});
  const RelPtr rows = store::join(JoinKind::inner, firsts, ends, {{"subscription", "ends_of"}});
  const Expr is_over = expr::eq(col(rows, "running"), expr::integer(0));
  const Expr last_end = col(rows, "last_end"), last_drop = col(rows, "last_drop");
  const Expr by_drop = expr::all_of({is_over, expr::is_not_null(last_drop),
                                     any_of({expr::is_null(last_end), expr::le(day_of(last_end), last_drop)})});
  std::vector<store::NamedExpr> columns;
  for (const char* name : {"subscription", "customer_key", "plan_key", "started_at", "owner_key", "channel"})
    columns.push_back({name, col(rows, name)});
  columns.push_back(
      {"ended_at", when(expr::all_of({is_over, expr::not_(by_drop)}), last_end, expr::null_of(Type::instant))});
  columns.push_back({"left_on", when(by_drop, last_drop, expr::null_of(Type::date))});
  return store::project(rows, std::move(columns));
}

}  // namespace vigie::plan

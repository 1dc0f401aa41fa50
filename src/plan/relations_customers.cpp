// Customers: when they came, and whether they are there at the two ends of a period.
#include "plan/relation_builder.h"

namespace vigie::plan {
namespace {

using expr::Expr;
using expr::Op;
using expr::Type;
using store::AggregateFn;
using store::col;
using store::RelPtr;

Expr text_null() { return expr::null_of(Type::text); }
Expr key_null() { return expr::null_of(Type::integer); }

/// A past-due subscription is active for so many days, then its customer has left: state just before t.
Expr not_too_long_past_due(const RelationContext& context, const RelPtr& rows, const Expr& t) {
  const std::int64_t grace = context.settings.past_due_days * kMicrosPerDay;
  const Expr since = col(rows, "past_due_since");
  return any_of({expr::is_null(since), expr::call(Op::matured, Type::boolean, {t, since, expr::literal(expr::Micros{-grace})})});
}

/// Paid periods of subscriptions: trials and rows without a price make nobody active.
RelPtr paid_subscriptions(const RelationBuilder& build) {
  const RelPtr rows = build.events("subscriptions", "started_at");
  // By the contract's own amount: who pays in a currency without a rate pays.
  return store::filter(rows, expr::all_of({expr::gt(col(rows, store::document_amount("mrr")), expr::literal(Decimal(0, 4))),
                                           expr::not_(coalesce({col(rows, "is_trial"), expr::literal(false)})),
                                           expr::is_not_null(col(rows, "customer_key"))}));
}

RelPtr known_sales(const RelPtr& sold) { return store::filter(sold, expr::is_not_null(col(sold, "customer_key"))); }

RelPtr first_sales(const RelPtr& sold) {
  const RelPtr firsts = store::filter(known_sales(sold), expr::eq(col(sold, "nth"), expr::integer(1)));
  return store::project(firsts, {{"customer_key", col(firsts, "customer_key")},
                                 {"first_at", col(firsts, "sold_at")},
                                 {"channel", col(firsts, "channel")},
                                 {"campaign_key", col(firsts, "campaign_key")},
                                 {"owner_key", col(firsts, "owner_key")},
                                 {"relation", expr::text("purchase")}});
}

RelPtr first_subscriptions(const RelationBuilder& build) {
  const RelPtr paid = paid_subscriptions(build);
  const RelPtr firsts = store::first_per_key(paid, {"customer_key"}, {{"started_at"}, {"key"}});
  return store::project(firsts, {{"customer_key", col(firsts, "customer_key")},
                                 {"first_at", col(firsts, "started_at")},
                                 {"channel", text_null()},
                                 {"campaign_key", key_null()},
                                 {"owner_key", key_null()},
                                 {"relation", expr::text("contract")}});
}

Expr left_truncated(const RelationContext& context, const Expr& acquired_at) {
  const auto until = truncated_until(context);
  return until ? expr::lt(acquired_at, expr::literal(start_of(context.calendar, *until))) : expr::literal(false);
}

constexpr std::string_view kStateColumns[] = {"opening", "closing", "joined", "first", "renewals", "early"};

/// One row per customer and period from rows that say, for themselves, what they contribute.
RelPtr states(const RelationBuilder& build, const RelPtr& rows, std::string_view relation) {
  std::vector<store::AggregateColumn> sums{{"opening_mrr", AggregateFn::sum, col(rows, "opening_mrr"), nullptr},
                                           {"closing_mrr", AggregateFn::sum, col(rows, "closing_mrr"), nullptr}};
  for (const std::string_view name : kStateColumns) sums.push_back({std::string(name), AggregateFn::sum, col(rows, name), nullptr});
  const RelPtr summed = store::aggregate(rows, {{"customer_key", col(rows, "customer_key")}, {"period_id", col(rows, "period_id")}}, std::move(sums));
  const RelPtr periods = build.periods();
  const RelPtr opening = store::project(periods, {{"opening_of", col(periods, "period_id")}, {"opens_at", col(periods, "opens_at")}});
  const RelPtr grouped = store::join(store::JoinKind::inner, summed, opening, {{"period_id", "opening_of"}});
  const auto some = [&](std::string_view name) { return expr::gt(col(grouped, name), expr::integer(0)); };
  const Expr joined = expr::all_of({expr::not_(some("opening")), some("joined")});
  return store::project(grouped, {{"period_id", col(grouped, "period_id")},
                                  {"opens_at", col(grouped, "opens_at")},
                                  {"customer_key", col(grouped, "customer_key")},
                                  {"relation", expr::text(std::string(relation))},
                                  {"opening_active", some("opening")},
                                  {"closing_active", some("closing")},
                                  {"joined", joined},
                                  {"is_new", expr::all_of({expr::not_(some("opening")), some("first")})},
                                  {"reactivated", expr::all_of({joined, expr::not_(some("first"))})},
                                  {"up_for_renewal", some("renewals")},
                                  {"opening_mrr", col(grouped, "opening_mrr")},
                                  {"closing_mrr", col(grouped, "closing_mrr")}});
}

Expr in_period(const Expr& at, const RelPtr& rel) {
  return expr::all_of({expr::ge(at, col(rel, "opens_at")), expr::lt(at, col(rel, "closes_at"))});
}

Expr day_in_period(const Expr& day, const RelPtr& rel) {
  const auto day_of = [](Expr at) { return expr::call(Op::date_of, Type::date, {std::move(at)}); };
  return expr::all_of({expr::ge(day, day_of(col(rel, "opens_at"))), expr::lt(day, day_of(col(rel, "closes_at")))});
}

RelPtr contract_states(const RelationBuilder& build) {
  const RelPtr paid = paid_subscriptions(build);
  const RelPtr numbered = store::neighbours(paid, {"customer_key"}, {{"started_at"}, {"key"}}, {{"rank", store::NeighbourFn::row_number, ""}});
  const RelPtr kept = store::project(numbered, {{"customer_key", col(numbered, "customer_key")},
                                                {"started_at", col(numbered, "started_at")},
                                                {"ended_at", col(numbered, "ended_at")},
                                                {"past_due_since", col(numbered, "past_due_since")},
                                                {"renews_on", col(numbered, "renews_on")},
                                                {"mrr", col(numbered, "mrr")},
                                                {"rank", col(numbered, "rank")}});
  const auto active = [&](const RelPtr& r, std::string_view at) {
    return expr::all_of({covers(col(r, "started_at"), col(r, "ended_at"), col(r, at)), not_too_long_past_due(build.context(), r, col(r, at))});
  };
  const RelPtr rows = build.in_periods(kept, [&](const RelPtr& r) {
    return any_of({active(r, "opens_at"), active(r, "closes_at"), in_period(col(r, "started_at"), r)});
  });
  const Expr opens = active(rows, "opens_at");
  const Expr closes = active(rows, "closes_at");
  const Expr due = any_of({in_period(col(rows, "ended_at"), rows), day_in_period(col(rows, "renews_on"), rows)});
  const Expr started = in_period(col(rows, "started_at"), rows);
  const Expr first = expr::all_of({started, expr::eq(col(rows, "rank"), expr::integer(1))});
  const RelPtr flags = store::project(rows, {{"customer_key", col(rows, "customer_key")},
                                             {"period_id", col(rows, "period_id")},
                                             {"opening", flag(opens)},
                                             {"closing", flag(closes)},
                                             {"joined", flag(started)},
                                             {"first", flag(first)},
                                             {"early", flag(expr::all_of({started, expr::not_(closes)}))},
                                             {"renewals", flag(due)},
                                             {"opening_mrr", when(opens, col(rows, "mrr"), zero_money())},
                                             {"closing_mrr", when(closes, col(rows, "mrr"), zero_money())}});
  return states(build, flags, "contract");
}

RelPtr purchase_states(const RelationBuilder& build, const RelPtr& sold) {
  const RelPtr known = known_sales(sold);
  const RelPtr kept = store::project(known, {{"customer_key", col(known, "customer_key")},
                                             {"sold_at", col(known, "sold_at")},
                                             {"next_at", col(known, "next_at")},
                                             {"nth", col(known, "nth")}});
  // Active at t: a sale in [t − H, t). The last sale before t stands for the customer, so that each counts once.
  const std::int64_t horizon = build.context().settings.inactivity_days * kMicrosPerDay;
  const auto active = [horizon](const RelPtr& r, std::string_view at) {
    const Expr t = col(r, at);
    const Expr not_too_old = expr::call(Op::matured, Type::boolean, {t, col(r, "sold_at"), expr::literal(expr::Micros{-horizon})});
    return expr::all_of({covers(col(r, "sold_at"), col(r, "next_at"), t), not_too_old});
  };
  const RelPtr rows = build.in_periods(kept, [&](const RelPtr& r) {
    return any_of({active(r, "opens_at"), active(r, "closes_at"), in_period(col(r, "sold_at"), r)});
  });
  const Expr sold_inside = in_period(col(rows, "sold_at"), rows);
  const RelPtr flags = store::project(rows, {{"customer_key", col(rows, "customer_key")},
                                             {"period_id", col(rows, "period_id")},
                                             {"opening", flag(active(rows, "opens_at"))},
                                             {"closing", flag(active(rows, "closes_at"))},
                                             {"joined", flag(sold_inside)},
                                             {"first", flag(expr::all_of({sold_inside, expr::eq(col(rows, "nth"), expr::integer(1))}))},
                                             {"early", expr::integer(0)},
                                             {"renewals", expr::integer(0)},
                                             {"opening_mrr", zero_money()},
                                             {"closing_mrr", zero_money()}});
  return states(build, flags, "purchase");
}

/// The relation whose churn is the headline: the one the profile names, else the contract where there is one.
bool contract_leads(const RelationContext& context) {
  if (!context.facts.has_paid_subscriptions) return false;
  const auto& profile = context.settings.profile;
  return profile.empty() || std::ranges::find(profile, catalog::Profile::subscription) != profile.end();
}

}  // namespace

std::optional<Date> truncated_until(const RelationContext& context) {
  std::optional<Date> start;
  const auto tables = tables_behind("acquisitions", context.sale_event);
  for (const auto& one : context.facts.coverage) {
    if (one.rows == 0 || !one.first || std::ranges::find(tables, one.table) == tables.end()) continue;
    if (one.history_complete) return std::nullopt;
    start = std::min(start.value_or(*one.first), *one.first);
  }
  if (!start) return std::nullopt;
  return *start + context.settings.inactivity_days;
}

Result<RelPtr> acquisitions(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  RelPtr firsts = first_sales(sold);
  if (context.facts.has_paid_subscriptions) {
    const RelPtr both = store::union_all({firsts, first_subscriptions(build)});
    firsts = store::first_per_key(both, {"customer_key"}, {{"first_at"}, {"relation"}});
  }
  const RelPtr customers = build.table("customers");
  const RelPtr known = store::project(customers, {{"of", col(customers, "key")},
                                                  {"since", col(customers, "customer_since")},
                                                  {"acquisition_channel", col(customers, "acquisition_channel")}});
  const RelPtr joined = store::join(store::JoinKind::left, firsts, known, {{"customer_key", "of"}});
  const Expr acquired = coalesce({col(joined, "since"), col(joined, "first_at")});
  const RelPtr all = store::project(joined, {{"customer_key", col(joined, "customer_key")},
                                             {"acquired_at", acquired},
                                             {"first_at", col(joined, "first_at")},
                                             {"channel", coalesce({col(joined, "acquisition_channel"), col(joined, "channel")})},
                                             {"campaign_key", col(joined, "campaign_key")},
                                             {"owner_key", col(joined, "owner_key")},
                                             {"relation", col(joined, "relation")},
                                             {"left_truncated", expr::all_of({expr::is_null(col(joined, "since")), left_truncated(context, col(joined, "first_at"))})}});
  return all;
}

Result<RelPtr> customer_periods(const RelationContext& context) {
  const RelationBuilder build(context);
  if (contract_leads(context)) return contract_states(build);
  VIGIE_TRY(const RelPtr sold, sales(context));
  return purchase_states(build, sold);
}

Result<RelPtr> customer_periods_by_relation(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  const RelPtr purchases = purchase_states(build, sold);
  if (!context.facts.has_paid_subscriptions) return purchases;
  return store::union_all({contract_states(build), purchases});
}

}  // namespace vigie::plan

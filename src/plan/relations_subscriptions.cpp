// Subscriptions: those that are paid, trials and what became of them, how many are in force and how long they last.
#include "plan/relation_builder.h"

namespace vigie::plan {

using expr::Expr;
using expr::Type;
using store::AggregateFn;
using store::col;
using store::JoinKind;
using store::RelPtr;

RelPtr subscriptions_by_start(const RelationBuilder& build) {
  const RelPtr rows = build.events("subscriptions", "started_at");
  const RelPtr known = store::filter(rows, expr::is_not_null(col(rows, "customer_key")));
  std::vector<store::NamedExpr> columns;
  for (const char* name : {"key", "source_key", "customer_key", "plan_key", "started_at", "mrr", "past_due_since",
                           "renews_on", "owner_key"})
    columns.push_back({name, col(known, name)});
  columns.push_back({"ended_at", build.ended_or_deleted("subscriptions", known, col(known, "ended_at"))});
  columns.push_back({"channel", col(known, "source_channel")});
  columns.push_back({"subscription", coalesce({col(known, "subscription_key"), col(known, "key")})});
  // An amount without a rate is an amount: whether something is owed is read from the document's own figure.
  columns.push_back({"owed", col(known, store::document_amount("mrr"))});
  columns.push_back({"is_trial", coalesce({col(known, "is_trial"), expr::literal(false)})});
  return store::project(known, std::move(columns));
}

RelPtr paid_subscriptions(const RelationBuilder& build) {
  const RelPtr rows = subscriptions_by_start(build);
  return store::filter(rows, expr::all_of({expr::gt(col(rows, "owed"), expr::literal(Decimal(0, 4))),
                                           expr::not_(col(rows, "is_trial"))}));
}

RelPtr contract_customers(const RelationBuilder& build) {
  const RelPtr paid = paid_subscriptions(build);
  RelPtr keys = store::project(paid, {{"contract_of", col(paid, "customer_key")}});
  if (build.context().facts.has_declared_contracts) {
    const RelPtr customers = build.table("customers");
    const RelPtr declared =
        store::filter(customers, expr::eq(col(customers, "relation"), expr::text(std::string(kContract))));
    keys = store::union_all({keys, store::project(declared, {{"contract_of", col(declared, "key")}})});
  }
  return store::aggregate(keys, {{"contract_of", col(keys, "contract_of")}}, {});
}

RelPtr with_relation(const RelationBuilder& build, RelPtr rows) {
  const Expr purchase = expr::text(std::string(kPurchase));
  if (!build.context().facts.has_paid_subscriptions) return store::extend(std::move(rows), {{"relation", purchase}});
  const std::vector<store::Column> kept = rows->columns;
  const RelPtr joined =
      store::join(JoinKind::left, std::move(rows), contract_customers(build), {{"customer_key", "contract_of"}});
  std::vector<store::NamedExpr> columns;
  for (const store::Column& column : kept) columns.push_back({column.name, col(joined, column.name)});
  columns.push_back(
      {"relation", when(expr::is_not_null(col(joined, "contract_of")), expr::text(std::string(kContract)), purchase)});
  return store::project(joined, std::move(columns));
}

Expr not_too_long_past_due(const RelationContext& context, const RelPtr& rows, const Expr& t) {
  const std::int64_t grace = context.settings.past_due_days * kMicrosPerDay;
  const Expr since = col(rows, "past_due_since");
  return any_of({expr::is_null(since),
                 expr::call(expr::Op::matured, Type::boolean, {t, since, expr::literal(expr::Micros{-grace})})});
}

Result<RelPtr> trials(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr all = subscriptions_by_start(build);
  const RelPtr tried = store::filter(all, col(all, "is_trial"));
  const RelPtr paid = paid_subscriptions(build);
  const RelPtr last = store::aggregate(paid, {{"payer", col(paid, "customer_key")}},
                                       {{"last_paid_at", AggregateFn::max, col(paid, "started_at"), nullptr}});
  const RelPtr rows = store::join(JoinKind::left, tried, last, {{"customer_key", "payer"}});
  std::vector<store::NamedExpr> columns;
  for (const char* name :
       {"key", "source_key", "customer_key", "plan_key", "started_at", "ended_at", "owner_key", "channel"})
    columns.push_back({name, col(rows, name)});
  columns.push_back({"paid_later", expr::all_of({expr::is_not_null(col(rows, "last_paid_at")),
                                                 expr::gt(col(rows, "last_paid_at"), col(rows, "started_at"))})});
  return store::project(rows, std::move(columns));
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
  // Over its priced periods: from the first start to the last end, and it runs while one of them does.
  const RelPtr ends = store::aggregate(
      paid, {{"ends_of", col(paid, "subscription")}},
      {{"last_end", AggregateFn::max, col(paid, "ended_at"), nullptr},
       {"running", AggregateFn::count, nullptr,
        any_of({expr::is_null(col(paid, "ended_at")), expr::ge(col(paid, "ended_at"), build.as_of())})}});
  const RelPtr firsts = store::first_per_key(paid, {"subscription"}, {{"started_at"}, {"key"}});
  const RelPtr rows = store::join(JoinKind::inner, firsts, ends, {{"subscription", "ends_of"}});
  std::vector<store::NamedExpr> columns;
  for (const char* name : {"subscription", "customer_key", "plan_key", "started_at", "owner_key", "channel"})
    columns.push_back({name, col(rows, name)});
  columns.push_back({"ended_at", when(expr::eq(col(rows, "running"), expr::integer(0)), col(rows, "last_end"),
                                      expr::null_of(Type::instant))});
  return store::project(rows, std::move(columns));
}

}  // namespace vigie::plan

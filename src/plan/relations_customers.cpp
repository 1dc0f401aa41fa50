// Customers: when they came, and how long they stayed.
#include "plan/relation_builder.h"
#include "plan/sellers.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

RelPtr first_sales(const RelPtr& sold) {
  const RelPtr firsts = store::filter(
      sold, expr::all_of({expr::is_not_null(col(sold, "customer_key")), expr::eq(col(sold, "nth"), expr::integer(1))}));
  std::vector<store::NamedExpr> columns{{"customer_key", col(firsts, "customer_key")},
                                        {"first_at", col(firsts, "sold_at")},
                                        {"channel", col(firsts, "channel")},
                                        {"campaign_key", col(firsts, "campaign_key")},
                                        {"at_once", expr::integer(1)}};
  keep_sellers(firsts, columns);
  return store::project(firsts, std::move(columns));
}

/// In the columns of `beside`, the first sales: a subscription tells no channel, campaign or seller.
RelPtr first_subscriptions(const RelationBuilder& build, const RelPtr& beside) {
  const RelPtr paid = paid_subscriptions(build);
  const RelPtr firsts = store::first_per_key(paid, {"customer_key"}, {{"started_at"}, {"key"}});
  const std::map<std::string_view, Expr> told{{"customer_key", col(firsts, "customer_key")},
                                              {"first_at", col(firsts, "started_at")},
                                              {"at_once", expr::integer(0)}};
  std::vector<store::NamedExpr> columns;
  for (const store::Column& column : beside->columns) {
    const auto found = told.find(column.name);
    columns.push_back({column.name, found == told.end() ? expr::null_of(column.type) : found->second});
  }
  return store::project(firsts, std::move(columns));
}

Expr left_truncated(const RelationContext& context, const Expr& acquired_at) {
  const auto days = truncated_days(context);
  if (!days) return expr::literal(false);
  const auto start = [&](Date day) { return expr::literal(start_of(context.calendar, day)); };
  const Expr before = expr::lt(acquired_at, start(days->until));
  return days->from ? expr::all_of({expr::ge(acquired_at, start(*days->from)), before}) : before;
}

}  // namespace

std::optional<Truncated> truncated_days(const RelationContext& context) {
  std::optional<Date> start;
  bool some_whole = false;
  const auto tables = tables_behind("acquisitions", context.sale_event);
  for (const auto& one : context.facts.coverage) {
    if (one.rows == 0 || !one.first || std::ranges::find(tables, one.table) == tables.end()) continue;
    some_whole = some_whole || one.history_complete;
    if (one.history_complete) continue;  // the others may begin in the middle all the same
    start = std::min(start.value_or(*one.first), *one.first);
  }
  if (!start) return std::nullopt;
  return Truncated{some_whole ? start : std::nullopt, *start + context.settings.inactivity_days};
}

Result<RelPtr> acquisitions(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  RelPtr firsts = first_sales(sold);
  if (context.has_payers()) {
    // Of a sale and a subscription at one instant, the subscription.
    const RelPtr both = store::union_all({firsts, first_subscriptions(build, firsts)});
    firsts = store::first_per_key(both, {"customer_key"}, {{"first_at"}, {"at_once"}});
  }
  const RelPtr customers = build.table("customers");
  const RelPtr known = store::project(customers, {{"of", col(customers, "key")},
                                                  {"since", col(customers, "customer_since")},
                                                  {"acquisition_channel", col(customers, "acquisition_channel")}});
  const RelPtr related = with_relation(build, firsts);
  const RelPtr joined = store::join(store::JoinKind::left, related, known, {{"customer_key", "of"}});
  const Expr acquired = coalesce({col(joined, "since"), col(joined, "first_at")});
  std::vector<store::NamedExpr> columns{
      {"customer_key", col(joined, "customer_key")},
      {"acquired_at", acquired},
      {"first_at", col(joined, "first_at")},
      {"channel", coalesce({col(joined, "acquisition_channel"), col(joined, "channel")})},
      {"campaign_key", col(joined, "campaign_key")},
      {"relation", col(joined, "relation")},
      {"left_truncated",
       expr::all_of({expr::is_null(col(joined, "since")), left_truncated(context, col(joined, "first_at"))})}};
  keep_sellers(joined, columns);
  // The value of customers, their cost, their conversion: several of a board's queries read who came when.
  return store::shared(store::project(joined, std::move(columns)));
}

namespace {

/// Of each customer without a contract: from its first sale to the horizon after its last, where that is over.
RelPtr lives_by_purchases(const RelationBuilder& build, const RelPtr& sold) {
  const std::int64_t horizon = build.context().settings.inactivity_days;
  const RelPtr known = store::filter(sold, expr::is_not_null(col(sold, "customer_key")));
  const RelPtr ends = store::aggregate(known, {{"customer_key", col(known, "customer_key")}},
                                       {{"came_at", store::AggregateFn::min, col(known, "sold_at"), nullptr},
                                        {"last_at", store::AggregateFn::max, col(known, "sold_at"), nullptr}});
  const RelPtr all = with_relation(build, ends);
  const RelPtr rows = store::filter(all, is(all, "relation", kPurchase));
  const Expr active =
      expr::call(expr::Op::matured, Type::boolean,
                 {build.as_of(), col(rows, "last_at"), expr::literal(expr::Micros{-horizon * kMicrosPerDay})});
  return store::project(
      rows, {{"customer_key", col(rows, "customer_key")},
             {"relation", col(rows, "relation")},
             {"came_at", col(rows, "came_at")},
             {"left_on", when(active, expr::null_of(Type::date), days_later(day_of(col(rows, "last_at")), horizon))}});
}

/// Of each customer under contract: from its first paid day to the end of the last, where none is paid any more.
RelPtr lives_by_contract(const RelationBuilder& build) {
  const RelPtr paid = paid_subscriptions(build);
  const Expr running = expr::all_of({covers(col(paid, "started_at"), col(paid, "ended_at"), build.as_of()),
                                     not_too_long_past_due(build.context(), paid, build.as_of())});
  const Expr ended = expr::call(expr::Op::least, Type::date,
                                {day_of(col(paid, "ended_at")), days_later(day_of(col(paid, "past_due_since")),
                                                                           build.context().settings.past_due_days)});
  const RelPtr rows = store::aggregate(paid, {{"customer_key", col(paid, "customer_key")}},
                                       {{"came_at", store::AggregateFn::min, col(paid, "started_at"), nullptr},
                                        {"last_end", store::AggregateFn::max, ended, nullptr},
                                        {"running", store::AggregateFn::count, nullptr, running}});
  return store::project(rows, {{"customer_key", col(rows, "customer_key")},
                               {"relation", expr::text(std::string(kContract))},
                               {"came_at", col(rows, "came_at")},
                               {"left_on", when(expr::eq(col(rows, "running"), expr::integer(0)), col(rows, "last_end"),
                                                expr::null_of(Type::date))}});
}

}  // namespace

Result<RelPtr> known_customers(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr came, acquisitions(context));
  const RelPtr kept = store::project(came, {{"customer_key", col(came, "customer_key")},
                                            {"relation", col(came, "relation")},
                                            {"first_at", col(came, "first_at")}});
  return build.in_periods(kept, [](const RelPtr& r) { return expr::lt(col(r, "first_at"), col(r, "closes_at")); });
}

Result<RelPtr> customer_lives(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  std::vector<RelPtr> parts;
  if (context.has_payers()) parts.push_back(lives_by_contract(build));
  if (!context.has_payers() || context.has_buyers()) parts.push_back(lives_by_purchases(build, sold));
  return parts.size() == 1 ? parts.front() : store::union_all(std::move(parts));
}

}  // namespace vigie::plan

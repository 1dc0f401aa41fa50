// Cohorts: customers by the period in which they came, and the periods after it in which they bought.
#include "plan/relation_builder.h"

namespace vigie::plan {
namespace {

using expr::Expr;
using expr::Op;
using expr::Type;
using store::AggregateFn;
using store::col;
using store::JoinKind;
using store::RelPtr;

/// (day, number of the period that holds it), for every day the data may reach.
RelPtr period_numbers(const RelationContext& context, std::string_view day_name, std::string_view number_name) {
  const std::optional<Date> first = context.facts.first_day();
  std::vector<std::vector<expr::Literal>> rows;
  const Date last = context.calendar.zone().day_of(context.as_of.at);
  const calendar::Grain grain = context.grain == calendar::Grain::hour ? calendar::Grain::day : context.grain;
  if (grain != calendar::Grain::total)
    for (Date day = first.value_or(last); day <= last; day = day + 1)
      rows.push_back({day, context.calendar.ordinal(day, grain)});
  return store::values({{std::string(day_name), Type::date}, {std::string(number_name), Type::integer}},
                       std::move(rows));
}

Expr day_of(const Expr& at) { return expr::call(Op::date_of, Type::date, {at}); }

}  // namespace

Result<RelPtr> cohort_activity(const RelationContext& context) {
  if (context.grain == calendar::Grain::total)
    return fail(ErrorKind::usage, "question.grain", "cohorts need a grain: the period in which customers came", {},
                "ask with grain month, quarter or year");
  VIGIE_TRY(const RelPtr came, acquisitions(context));
  VIGIE_TRY(const RelPtr sold, sales(context));
  const RelPtr joiners = store::extend(came, {{"came_day", day_of(col(came, "acquired_at"))}});
  const RelPtr numbered =
      store::join(JoinKind::inner, joiners, period_numbers(context, "came", "came_in"), {{"came_day", "came"}});
  const RelPtr known = store::filter(sold, expr::is_not_null(col(sold, "customer_key")));
  const RelPtr events = store::project(known, {{"buyer", col(known, "customer_key")},
                                               {"sold_day", day_of(col(known, "sold_at"))},
                                               {"amount_net", col(known, "amount_net")}});
  const RelPtr placed =
      store::join(JoinKind::inner, events, period_numbers(context, "bought", "bought_in"), {{"sold_day", "bought"}});
  const RelPtr both = store::join(JoinKind::inner, numbered, placed, {{"customer_key", "buyer"}});
  return store::extend(both,
                       {{"age", expr::call(Op::sub, Type::integer, {col(both, "bought_in"), col(both, "came_in")})}});
}

Result<RelPtr> cohort_last(const RelationContext& context) {
  VIGIE_TRY(const RelPtr rows, cohort_activity(context));
  return store::first_per_key(rows, {"customer_key"}, {{"age", true}});
}

Result<RelPtr> repeat_buyers(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  const RelPtr known = store::filter(sold, expr::is_not_null(col(sold, "customer_key")));
  const RelPtr kept = store::project(known, {{"customer_key", col(known, "customer_key")},
                                             {"sold_at", col(known, "sold_at")},
                                             {"channel", col(known, "channel")}});
  const RelPtr rows = build.in_periods(kept, [](const RelPtr& r) {
    return expr::all_of(
        {expr::ge(col(r, "sold_at"), col(r, "opens_at")), expr::lt(col(r, "sold_at"), col(r, "closes_at"))});
  });
  // How often a customer bought is decided on all its sales of the period; a filter then selects among the sales.
  const RelPtr counts = store::aggregate(
      rows, {{"counted_period", col(rows, "period_id")}, {"counted_customer", col(rows, "customer_key")}},
      {{"purchases", AggregateFn::count, nullptr, nullptr},
       {"purchase_days", AggregateFn::count_distinct, day_of(col(rows, "sold_at")), nullptr}});
  return store::join(JoinKind::inner, rows, counts,
                     {{"period_id", "counted_period"}, {"customer_key", "counted_customer"}});
}

}  // namespace vigie::plan

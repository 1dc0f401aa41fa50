// Cohorts: customers by the period in which they came, and the periods after it in which they were there: those under
// contract, in whatever a paid subscription covers an instant of; the others, in what they bought in.
#include "plan/relation_builder.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

calendar::Grain grain_of(const RelationContext& context) {
  return context.grain == calendar::Grain::hour ? calendar::Grain::day : context.grain;
}

/// (day, number of the period that holds it), for every day the data may reach.
RelPtr period_numbers(const RelationContext& context, std::string_view day_name, std::string_view number_name) {
  const std::optional<Date> first = context.facts.first_day();
  std::vector<std::vector<expr::Literal>> rows;
  const Date last = context.calendar.zone().day_of(context.as_of.at);
  const calendar::Grain grain = grain_of(context);
  if (grain != calendar::Grain::total)
    for (Date day = first.value_or(last); day <= last; day = day + 1)
      rows.push_back({day, context.calendar.ordinal(day, grain)});
  return store::values({{std::string(day_name), Type::date}, {std::string(number_name), Type::integer}},
                       std::move(rows));
}

/// The periods that have begun by as_of, with their instants, for every day of the data.
RelPtr periods_begun(const RelationContext& context) {
  const std::optional<Date> first = context.facts.first_day();
  const Date last = context.calendar.zone().day_of(Instant{context.as_of.at.micros - 1});
  const calendar::Grain grain = grain_of(context);
  std::vector<std::vector<expr::Literal>> rows;
  if (first && *first <= last)
    for (auto number = context.calendar.ordinal(*first, grain); number <= context.calendar.ordinal(last, grain);
         ++number) {
      const calendar::Range range = context.calendar.period_at(number, grain);
      rows.push_back(
          {std::int64_t{1}, number, start_of(context.calendar, range.from), start_of(context.calendar, range.to)});
    }
  return store::values({{"each", Type::integer},
                        {"bought_in", Type::integer},
                        {"opens_at", Type::instant},
                        {"closes_at", Type::instant}},
                       std::move(rows));
}

/// One row per paid subscription (`buyer`) and period of which it covers some instant.
RelPtr periods_paid(const RelationBuilder& build) {
  const RelationContext& context = build.context();
  const RelPtr paid = paid_subscriptions(build);
  const RelPtr left = store::project(paid, {{"every", expr::integer(1)},
                                            {"buyer", col(paid, "customer_key")},
                                            {"begun", col(paid, "started_at")},
                                            {"ended", col(paid, "ended_at")},
                                            {"due_since", col(paid, "past_due_since")}});
  const RelPtr periods = periods_begun(context);
  const RelPtr shape = side_by_side(left, periods);
  const Expr ended = col(shape, "ended"), since = col(shape, "due_since"), opens = col(shape, "opens_at");
  const Expr lasts =
      any_of({expr::is_null(ended), expr::all_of({expr::gt(ended, opens), expr::gt(ended, col(shape, "begun"))})});
  const expr::Micros grace{context.settings.past_due_days * kMicrosPerDay};
  const Expr granted = any_of(
      {expr::is_null(since), expr::not_(expr::call(Op::matured, Type::boolean, {since, opens, expr::literal(grace)}))});
  return store::join(JoinKind::inner, left, periods, {{"every", "each"}}, "",
                     expr::all_of({expr::lt(col(shape, "begun"), col(shape, "closes_at")), lasts, granted}));
}

RelPtr of_relation(const RelPtr& rows, std::string_view relation) {
  return store::filter(rows, is(rows, "relation", relation));
}

/// The columns of the customers, with how old they were (`age`) in the periods in which they were there.
RelPtr with_age(const RelPtr& rows, const RelPtr& came, Expr amount) {
  const Expr came_in = col(rows, "came_in"), bought_in = col(rows, "bought_in");
  return kept_beside(came, rows,
                     {{"came_in", came_in},
                      {"bought_in", bought_in},
                      {"amount_net", std::move(amount)},
                      {"age", expr::call(Op::sub, Type::integer, {bought_in, came_in})}});
}

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
  const auto bought = [&](const RelPtr& rows) { return with_age(rows, came, col(rows, "amount_net")); };
  if (!context.has_payers()) return bought(both);
  const RelationBuilder build(context);
  const RelPtr paid = store::join(JoinKind::inner, numbered, periods_paid(build), {{"customer_key", "buyer"}});
  return store::union_all(
      {with_age(of_relation(paid, kContract), came, expr::null_of(Type::money)), bought(of_relation(both, kPurchase))});
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
  const RelPtr rows = build.in_periods(kept, [](const RelPtr& r) { return in_period(col(r, "sold_at"), r); });
  // How often a customer bought is decided on all its sales of the period; a filter then selects among the sales.
  const RelPtr counts = store::aggregate(
      rows, {{"counted_period", col(rows, "period_id")}, {"counted_customer", col(rows, "customer_key")}},
      {{"purchases", AggregateFn::count, nullptr, nullptr},
       {"purchase_days", AggregateFn::count_distinct, day_of(col(rows, "sold_at")), nullptr}});
  return store::join(JoinKind::inner, rows, counts,
                     {{"period_id", "counted_period"}, {"customer_key", "counted_customer"}});
}

}  // namespace vigie::plan

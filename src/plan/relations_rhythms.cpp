// The rhythm that each customer without a contract buys in, and for how long it has been silent at the end of a period.
//
// Sales are read once, whatever the number of periods: those of a customer between two ends become one row, which tells
// of all that customer's sales so far and meets the ends up to its next one.
#include "plan/boundaries.h"
#include "plan/relation_builder.h"
#include "plan/rhythms.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

Expr days_between(Expr from, Expr to) { return expr::call(Op::sub, Type::integer, {std::move(to), std::move(from)}); }

/// The number of the first of the ends that follows `at`, found by halves.
Expr end_after(const Expr& at, const std::vector<expr::InstantLiteral>& ends, std::size_t first, std::size_t last) {
  if (first == last) return expr::integer(static_cast<std::int64_t>(first));
  const std::size_t middle = (first + last) / 2;
  return when(expr::lt(at, expr::literal(ends[middle])), end_after(at, ends, first, middle),
              end_after(at, ends, middle + 1, last));
}

/// Of each customer between two ends: its first and its last sale, how often it came back on a later day, and after how
/// many days at most.
RelPtr stretches(const RelPtr& sold, const std::vector<expr::InstantLiteral>& ends) {
  const RelPtr known = store::filter(sold, expr::all_of({expr::is_not_null(col(sold, "customer_key")),
                                                         expr::lt(col(sold, "sold_at"), expr::literal(ends.back()))}));
  const RelPtr timed =
      store::project(known, {{"customer_key", col(known, "customer_key")},
                             {"sold_at", col(known, "sold_at")},
                             {"stretch", end_after(col(known, "sold_at"), ends, 0, ends.size() - 1)},
                             {"gap", days_between(day_of(col(known, "prev_at")), day_of(col(known, "sold_at")))}});
  return store::aggregate(timed, {{"customer_key", col(timed, "customer_key")}, {"stretch", col(timed, "stretch")}},
                          {{"first_at", AggregateFn::min, col(timed, "sold_at"), nullptr},
                           {"last_at", AggregateFn::max, col(timed, "sold_at"), nullptr},
                           {"gaps", AggregateFn::count, nullptr, expr::gt(col(timed, "gap"), expr::integer(0))},
                           {"longest_gap", AggregateFn::max, col(timed, "gap"), nullptr}});
}

/// The day that is certainly past the last one on which a customer is active whose last sale it was.
Expr past_active(const RelPtr& rows, std::int64_t horizon) {
  return days_later(day_of(col(rows, "last_at")), horizon + 1);
}

/// Of each customer without a contract, between two ends, what it has done so far: its last sale, its gaps and the
/// longest of them; until the end that is past its next sale (next_at), or past its activity (until_day).
RelPtr rhythms_so_far(const RelationBuilder& build, const RelPtr& stretched) {
  const RelPtr run = store::neighbours(stretched, {"customer_key"}, {{"stretch"}},
                                       {{"gaps_so_far", store::NeighbourFn::total_so_far, "gaps"},
                                        {"longest_so_far", store::NeighbourFn::greatest_so_far, "longest_gap"},
                                        {"next_at", store::NeighbourFn::lead, "first_at"}});
  const RelPtr all = with_relation(build, run);
  const RelPtr rows = store::filter(
      all, expr::all_of({expr::gt(col(all, "gaps_so_far"), expr::integer(0)), is(all, "relation", kPurchase)}));
  const Expr past = past_active(rows, build.context().settings.inactivity_days);
  return store::project(rows, {{"customer_key", col(rows, "customer_key")},
                               {"relation", col(rows, "relation")},
                               {"last_at", col(rows, "last_at")},
                               {"next_at", col(rows, "next_at")},
                               {"until_day", expr::call(Op::least, Type::date, {day_of(col(rows, "next_at")), past})},
                               {"gaps", col(rows, "gaps_so_far")},
                               {"longest_gap", col(rows, "longest_so_far")}});
}

/// One row per customer who is active at the end of a period.
RelPtr at_ends(const RelationBuilder& build, const RelPtr& so_far) {
  const std::int64_t horizon = build.context().settings.inactivity_days;
  return build.inside_periods(so_far, [&](const RelPtr& r) {
    const Expr closes = col(r, "closes_at"), last = col(r, "last_at"), next = col(r, "next_at");
    return expr::all_of({expr::lt(last, closes), expr::ge(col(r, "until_day"), day_of(closes)),
                         any_of({expr::is_null(next), expr::ge(next, closes)}),
                         expr::call(Op::matured, Type::boolean,
                                    {closes, last, expr::literal(expr::Micros{-horizon * kMicrosPerDay})})});
  });
}

}  // namespace

Result<RelPtr> customer_rhythms(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  std::vector<expr::InstantLiteral> closings;
  for (const PeriodInstants& period : context.periods) closings.push_back(period.close);
  std::vector<expr::InstantLiteral> ends = in_order(std::move(closings));
  if (ends.empty()) ends.push_back(context.as_of);
  const RelPtr rows = at_ends(build, rhythms_so_far(build, stretches(sold, ends)));
  const RelPtr customers = build.table("customers");
  const RelPtr names = store::project(customers, {{"of", col(customers, "key")}, {"name", col(customers, "name")}});
  const RelPtr named = store::join(store::JoinKind::left, rows, names, {{"customer_key", "of"}});
  const Expr silent = days_between(day_of(col(named, "last_at")), day_of(col(named, "closes_at")));
  return store::project(named,
                        {{"period_id", col(named, "period_id")},
                         {"opens_at", col(named, "opens_at")},
                         {"customer_key", col(named, "customer_key")},
                         {"name", col(named, "name")},
                         {"relation", col(named, "relation")},
                         {"last_at", col(named, "last_at")},
                         {"gaps", col(named, "gaps")},
                         {"longest_gap", col(named, "longest_gap")},
                         {"silent_days", silent},
                         {"overdue_days", expr::call(Op::sub, Type::integer, {silent, col(named, "longest_gap")})}});
}

}  // namespace vigie::plan

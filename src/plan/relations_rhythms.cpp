// The rhythm that each customer without a contract buys in, and for how long it has been silent at the end of a period.
//
// Sales are read once, whatever the number of periods: those of a customer between two ends become one row, and rows,
// not sales, meet the periods.
#include "plan/relation_builder.h"
#include "plan/rhythms.h"

namespace vigie::plan {
namespace {

using expr::Expr;
using expr::Op;
using expr::Type;
using store::AggregateFn;
using store::col;
using store::RelPtr;

Expr day_of(Expr at) { return expr::call(Op::date_of, Type::date, {std::move(at)}); }
Expr days_between(Expr from, Expr to) { return expr::call(Op::sub, Type::integer, {std::move(to), std::move(from)}); }

/// The ends of the periods in their order, each once.
std::vector<expr::InstantLiteral> ends_of(std::span<const PeriodInstants> periods) {
  std::vector<expr::InstantLiteral> out;
  for (const PeriodInstants& period : periods) out.push_back(period.close);
  const auto at = [](const expr::InstantLiteral& one) { return one.at; };
  std::ranges::sort(out, {}, at);
  const auto rest = std::ranges::unique(out, {}, at);
  out.erase(rest.begin(), rest.end());
  return out;
}

/// The number of the first of the ends that follows `at`, found by halves.
Expr end_after(const Expr& at, const std::vector<expr::InstantLiteral>& ends, std::size_t first, std::size_t last) {
  if (first == last) return expr::integer(static_cast<std::int64_t>(first));
  const std::size_t middle = (first + last) / 2;
  return when(expr::lt(at, expr::literal(ends[middle])), end_after(at, ends, first, middle),
              end_after(at, ends, middle + 1, last));
}

/// Of each customer between two ends: its last sale, how often it came back on a later day, and after how many days at
/// most.
RelPtr stretches(const RelPtr& sold, const std::vector<expr::InstantLiteral>& ends) {
  const RelPtr known = store::filter(sold, expr::all_of({expr::is_not_null(col(sold, "customer_key")),
                                                         expr::lt(col(sold, "sold_at"), expr::literal(ends.back()))}));
  const RelPtr timed =
      store::project(known, {{"customer_key", col(known, "customer_key")},
                             {"sold_at", col(known, "sold_at")},
                             {"stretch", end_after(col(known, "sold_at"), ends, 0, ends.size() - 1)},
                             {"gap", days_between(day_of(col(known, "prev_at")), day_of(col(known, "sold_at")))}});
  return store::aggregate(timed, {{"customer_key", col(timed, "customer_key")}, {"stretch", col(timed, "stretch")}},
                          {{"last_at", AggregateFn::max, col(timed, "sold_at"), nullptr},
                           {"gaps", AggregateFn::count, nullptr, expr::gt(col(timed, "gap"), expr::integer(0))},
                           {"longest_gap", AggregateFn::max, col(timed, "gap"), nullptr}});
}

/// One row per customer and period before whose end it bought.
RelPtr at_ends(const RelationBuilder& build, const RelPtr& stretched) {
  const RelPtr rows =
      build.in_periods(stretched, [](const RelPtr& r) { return expr::lt(col(r, "last_at"), col(r, "closes_at")); });
  const RelPtr summed =
      store::aggregate(rows, {{"customer_key", col(rows, "customer_key")}, {"period_id", col(rows, "period_id")}},
                       {{"last_at", AggregateFn::max, col(rows, "last_at"), nullptr},
                        {"gaps", AggregateFn::sum, col(rows, "gaps"), nullptr},
                        {"longest_gap", AggregateFn::max, col(rows, "longest_gap"), nullptr}});
  const RelPtr periods = build.periods();
  const RelPtr ends = store::project(periods, {{"end_of", col(periods, "period_id")},
                                               {"opens_at", col(periods, "opens_at")},
                                               {"closes_at", col(periods, "closes_at")}});
  return store::join(store::JoinKind::inner, summed, ends, {{"period_id", "end_of"}});
}

}  // namespace

Result<RelPtr> customer_rhythms(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  const std::int64_t horizon = context.settings.inactivity_days;
  std::vector<expr::InstantLiteral> ends = ends_of(context.periods);
  if (ends.empty()) ends.push_back(context.as_of);
  const RelPtr all = with_relation(build, at_ends(build, stretches(sold, ends)));
  const Expr active =
      expr::call(Op::matured, Type::boolean,
                 {col(all, "closes_at"), col(all, "last_at"), expr::literal(expr::Micros{-horizon * kMicrosPerDay})});
  const RelPtr rows =
      store::filter(all, expr::all_of({active, expr::gt(col(all, "gaps"), expr::integer(0)),
                                       expr::eq(col(all, "relation"), expr::text(std::string(kPurchase)))}));
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

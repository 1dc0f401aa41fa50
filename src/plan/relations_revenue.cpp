// What revenue is measured by beside sales: what was paid, and what sales earn day by day.
#include "plan/coverage.h"
#include "plan/documents.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

/// The last day of which anything is in the period.
Expr last_day(const RelPtr& rows) { return day_of(col(rows, "ends_at")); }
Expr first_day(const RelPtr& rows) { return day_of(col(rows, "opens_at")); }

/// Does the document say over which days it serves? Both ends, and at least one day between them.
Expr is_served(const RelPtr& rows) {
  return coalesce({expr::gt(col(rows, "service_to"), col(rows, "service_from")), expr::literal(false)});
}

/// What is earned before a day: the part of the amount that the days of the service before it are of all its days.
/// Rounded here, once: what a stretch of days earns is the difference of two such sums, so that stretches which make up
/// the service make up the amount, to the last digit.
Expr earned_before(const RelPtr& rows, Expr day) {
  const Expr from = col(rows, "service_from"), to = col(rows, "service_to");
  const Expr until = expr::call(Op::least, Type::date, {std::move(day), to});
  const Expr served = expr::call(Op::greatest, Type::duration, {duration(from, until), expr::literal(expr::Micros{0})});
  return expr::call(Op::portion, Type::money, {col(rows, "amount_net"), served, duration(from, to)}, expr::kMoneyScale);
}

/// A sale in a period, and what is earned of it there.
RelPtr parts_of(const RelPtr& rows, const RelPtr& sold, Expr earned) {
  std::vector<store::NamedExpr> more{{"recognised", std::move(earned)}};
  for (const char* name : {"period_id", "opens_at", "closes_at"}) more.push_back({name, col(rows, name)});
  return kept_beside(sold, rows, std::move(more));
}

}  // namespace

Result<RelPtr> payments(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr rows = with_their_order(build, build.events("payments", "paid_at"));
  std::vector<store::NamedExpr> columns;
  for (const char* name : {"key", "source_key", "order_key", "paid_at", "amount", "currency", "method"})
    columns.push_back({name, col(rows, name)});
  add_what_their_order_tells(rows, columns);
  return store::project(rows, std::move(columns));
}

Result<RelPtr> recognised_sales(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  const RelPtr at_once = build.inside_periods(store::filter(sold, expr::not_(is_served(sold))),
                                              [](const RelPtr& r) { return in_period(col(r, "sold_at"), r); });
  const RelPtr served = build.inside_periods(store::filter(sold, is_served(sold)), [](const RelPtr& r) {
    return expr::all_of({expr::le(col(r, "service_from"), last_day(r)), expr::gt(col(r, "service_to"), first_day(r))});
  });
  const Expr earned =
      expr::call(Op::sub, Type::money,
                 {earned_before(served, days_later(last_day(served), 1)), earned_before(served, first_day(served))},
                 expr::kMoneyScale);
  return store::union_all({parts_of(served, sold, earned), parts_of(at_once, sold, col(at_once, "amount_net"))});
}

}  // namespace vigie::plan

// What each customer has left so far, as it was worth on the day it came.
#include <cmath>

#include "plan/relation_builder.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr int kFactorScale = 12, kMoneyScale = 6, kDaysPerYear = 365;

/// By days since a customer came, what 1 of that day is worth on the first: (1 + rate)^(−days / 365).
RelPtr factors(const RelationBuilder& build) {
  const RelationContext& context = build.context();
  std::optional<Date> first;
  for (const auto& one : context.facts.coverage)
    if (one.first) first = std::min(first.value_or(*one.first), *one.first);
  const Date last = context.calendar.zone().day_of(context.as_of.at);
  const double rate = std::get<Decimal>(context.params.at("annual_discount_rate")).to_double();
  std::vector<std::vector<expr::Literal>> rows;
  for (int days = 0; days <= last - first.value_or(last); ++days) {
    const auto factor = Decimal::parse(
        fmt::format("{:.{}f}", std::pow(1 + rate, -static_cast<double>(days) / kDaysPerYear), kFactorScale));
    rows.push_back({expr::Micros{days * kMicrosPerDay}, factor.value_or(Decimal(0, kFactorScale))});
  }
  return store::values({{"age", Type::duration}, {"factor", Type::number, kFactorScale}}, std::move(rows));
}

/// Margins dated `at`, summed by customer, each discounted from the day the customer came.
RelPtr discounted(const RelationBuilder& build, const RelPtr& rows, const RelPtr& came, std::string_view at,
                  const std::string& sum) {
  const RelPtr since =
      store::project(came, {{"buyer", col(came, "customer_key")}, {"came_on", day_of(col(came, "acquired_at"))}});
  const RelPtr both = store::join(JoinKind::inner, rows, since, {{"customer_key", "buyer"}});
  const Expr passed = duration(col(both, "came_on"), day_of(col(both, at)));
  const RelPtr aged = store::extend(
      both, {{"since_it_came", expr::call(Op::greatest, Type::duration, {passed, expr::literal(expr::Micros{0})})}});
  const RelPtr worth = store::join(JoinKind::inner, aged, factors(build), {{"since_it_came", "age"}});
  const Expr value =
      expr::call(Op::mul, Type::money, {col(worth, "margin"), col(worth, "factor")}, kMoneyScale + kFactorScale);
  return store::aggregate(worth, {{sum + "_of", col(worth, "customer_key")}},
                          {{sum, AggregateFn::sum, value, nullptr}});
}

}  // namespace

Result<RelPtr> discounted_value(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr came, acquisitions(context));
  VIGIE_TRY(const RelPtr sold, sale_margins(context));
  VIGIE_TRY(const RelPtr back, refund_margins(context));
  // Whose margin is known is decided once, where it is not discounted.
  VIGIE_TRY(const RelPtr valued, customer_value(context));
  RelPtr rows = store::join(JoinKind::left, valued, discounted(build, sold, came, "sold_at", "earned"),
                            {{"customer_key", "earned_of"}});
  rows = store::join(JoinKind::left, rows,
                     discounted(build, store::filter(back, expr::is_not_null(col(back, "customer_key"))), came,
                                "refunded_at", "returned"),
                     {{"customer_key", "returned_of"}});
  constexpr int kScale = kMoneyScale + kFactorScale;
  const auto sum = [&](std::string_view name) {
    return expr::call(Op::coalesce, Type::money, {col(rows, name), expr::literal(Decimal(0, kScale))}, kScale);
  };
  const Expr net = expr::call(Op::sub, Type::money, {sum("earned"), sum("returned")}, kScale);
  const Expr known = expr::is_not_null(col(rows, "margin"));
  return kept_beside(came, rows, {{"margin", when(known, net, expr::null_of(Type::money))}});
}

}  // namespace vigie::plan

// What was said of deals (arguments, offers, competitors, reasons), and how those with a tag fared against those
// without it.
#include "plan/relation_builder.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr int kShareScale = 12;
constexpr std::int64_t kSizes = 4;

Expr minus(Expr a, Expr b) { return expr::call(Op::sub, Type::integer, {std::move(a), std::move(b)}); }
Expr times(Expr a, Expr b) { return expr::call(Op::mul, Type::integer, {std::move(a), std::move(b)}); }
Expr product(Expr a, Expr b) { return expr::call(Op::mul, Type::real, {std::move(a), std::move(b)}); }

Expr quotient(Expr a, Expr b) {
  return expr::call(Op::as_number, Type::number, {expr::call(Op::div, Type::real, {std::move(a), std::move(b)})},
                    kShareScale);
}

Expr is_won(const RelPtr& rows) { return is(rows, "outcome", "won"); }

/// Every tag of every deal, once, with the words of the dimensions.
RelPtr tags(const RelationBuilder& build) {
  const RelPtr rows = build.table("deal_tags");
  const Expr put_on = coalesce({expr::lt(col(rows, "tagged_at"), build.as_of()), expr::literal(true)});
  const RelPtr named = store::filter(rows, expr::all_of({expr::is_not_null(col(rows, "value")), put_on}));
  return store::aggregate(
      named,
      {{"tagged", col(named, "opportunity_key")}, {"tag_kind", col(named, "kind")}, {"tag", col(named, "value")}},
      {{"times", AggregateFn::count, nullptr, nullptr}});
}

/// Deals closed in each period, with the segment of their customer when they closed, and their quarter by amount among
/// those of the period (0: no amount).
Result<RelPtr> closed_by_size(const RelationBuilder& build, const RelPtr& dealt) {
  constexpr std::string_view kSegment = "customer.segment";
  const RelPtr ended = store::filter(dealt, expr::not_(is(dealt, "outcome", "open")));
  RelPtr rows = build.in_periods(ended, [](const RelPtr& r) { return in_period(col(r, "closed_at"), r); });
  VIGIE_TRY(rows, with_paths(std::move(rows), "deals", {std::string(kSegment)}, build.context(), "closed_at"));
  const Expr priced = expr::is_not_null(col(rows, "amount"));
  const RelPtr counted = store::aggregate(rows, {{"period", col(rows, "period_id")}, {"has_amount", priced}},
                                          {{"among", AggregateFn::count, nullptr, nullptr}});
  rows = store::extend(rows, {{"priced", priced}});
  rows =
      store::neighbours(rows, {"period_id", "priced"}, {{"amount"}, {"key"}}, {{"place", NeighbourFn::row_number, ""}});
  rows = store::join(JoinKind::inner, rows, counted, {{"period_id", "period"}, {"priced", "has_amount"}});
  const Expr before = times(minus(col(rows, "place"), expr::integer(1)), expr::integer(kSizes));
  std::vector<Expr> quarters{expr::not_(col(rows, "priced")), expr::integer(0)};
  for (std::int64_t quarter = 1; quarter < kSizes; ++quarter) {
    quarters.push_back(expr::lt(before, times(col(rows, "among"), expr::integer(quarter))));
    quarters.push_back(expr::integer(quarter));
  }
  quarters.push_back(expr::integer(kSizes));
  return store::project(rows, {{"deal", col(rows, "key")},
                               {"period_id", col(rows, "period_id")},
                               {"segment", coalesce({col(rows, kSegment), expr::text("")})},
                               {"size", cases(Type::integer, std::move(quarters))},
                               {"won", is_won(rows)}});
}

}  // namespace

Result<RelPtr> tagged_deals(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr dealt, deals(context));
  return store::join(JoinKind::inner, dealt, tags(build), {{"key", "tagged"}});
}

Result<RelPtr> tagged_sales(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  const RelPtr linked = store::filter(sold, expr::is_not_null(col(sold, "opportunity_key")));
  return store::join(JoinKind::inner, linked, tags(build), {{"opportunity_key", "tagged"}});
}

Result<RelPtr> tag_strata(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr dealt, deals(context));
  VIGIE_TRY(const RelPtr closed, closed_by_size(build, dealt));
  const RelPtr all = store::aggregate(
      closed,
      {{"of_period", col(closed, "period_id")},
       {"of_segment", col(closed, "segment")},
       {"of_size", col(closed, "size")}},
      {{"deals", AggregateFn::count, nullptr, nullptr}, {"wins", AggregateFn::count, nullptr, col(closed, "won")}});
  const RelPtr marked = store::join(JoinKind::inner, closed, tags(build), {{"deal", "tagged"}});
  const RelPtr with = store::aggregate(marked,
                                       {{"period_id", col(marked, "period_id")},
                                        {"tag_kind", col(marked, "tag_kind")},
                                        {"tag", col(marked, "tag")},
                                        {"segment", col(marked, "segment")},
                                        {"size", col(marked, "size")}},
                                       {{"with_deals", AggregateFn::count, nullptr, nullptr},
                                        {"with_wins", AggregateFn::count, nullptr, col(marked, "won")}});
  RelPtr rows = store::join(JoinKind::inner, with, all,
                            {{"period_id", "of_period"}, {"segment", "of_segment"}, {"size", "of_size"}});
  const Expr n1 = col(rows, "with_deals"), w1 = col(rows, "with_wins");
  const Expr n0 = minus(col(rows, "deals"), n1), w0 = minus(col(rows, "wins"), w1);
  // A stratum in which all have the tag, or none, compares nothing.
  rows = store::filter(rows, expr::gt(n0, expr::integer(0)));
  const Expr n = real(col(rows, "deals"));
  const Expr cube0 = product(real(n0), product(real(n0), real(n0))),
             cube1 = product(real(n1), product(real(n1), real(n1)));
  const Expr spread =
      expr::call(Op::add, Type::real,
                 {product(real(times(w1, minus(n1, w1))), cube0), product(real(times(w0, minus(n0, w0))), cube1)});
  return store::project(rows, {{"period_id", col(rows, "period_id")},
                               {"tag_kind", col(rows, "tag_kind")},
                               {"tag", col(rows, "tag")},
                               {"segment", col(rows, "segment")},
                               {"with_deals", n1},
                               {"without_deals", n0},
                               {"weight", quotient(real(times(n1, n0)), n)},
                               {"gain", quotient(real(minus(times(w1, n0), times(w0, n1))), n)},
                               {"spread", quotient(spread, product(product(real(n1), real(n0)), product(n, n)))}});
}

}  // namespace vigie::plan

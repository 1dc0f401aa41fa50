// What is in a sale: items, categories, and whether a repeat buyer went for a dearer product of the same category.
#include "plan/relation_builder.h"
#include "plan/sellers.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

/// Lines of sales that are items (not shipping, discounts or deposits), with the category of their product.
Result<RelPtr> item_lines(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr lines, sale_lines(context));
  const Expr is_item =
      expr::call(Op::in, Type::boolean,
                 {coalesce({col(lines, "kind"), expr::text("goods")}), expr::text("goods"), expr::text("service")});
  const RelPtr items = store::filter(lines, is_item);
  const RelPtr products = build.table("products");
  const RelPtr categories =
      store::project(products, {{"product_of", col(products, "key")}, {"category", col(products, "category")}});
  return store::join(JoinKind::left, items, categories, {{"product_key", "product_of"}});
}

/// A sale and a category in it, with what the sale tells.
std::vector<store::NamedExpr> by_category(const RelPtr& lines) {
  std::vector<store::NamedExpr> columns;
  for (const char* name : {"order_key", "category", "customer_key", "sold_at", "channel"})
    columns.push_back({name, col(lines, name)});
  keep_sellers(lines, columns);
  return columns;
}

Expr quantity_of(const RelPtr& lines) { return coalesce({col(lines, "quantity"), expr::literal(Decimal(10'000, 4))}); }

/// The lines of known customers whose category is known: what they bought, and what that added, are both read of them.
RelPtr comparable(const RelPtr& lines) {
  const RelPtr known = store::filter(
      lines, expr::all_of({expr::is_not_null(col(lines, "customer_key")), expr::is_not_null(col(lines, "category"))}));
  std::vector<store::NamedExpr> columns = by_category(known);
  for (const char* name : {"unit_price", "quantity"}) columns.push_back({name, col(known, name)});
  return store::shared(store::project(known, std::move(columns)));
}

/// `lines` by sale and category: the dearest price in it, that of the customer's sale before, and whether it is dearer.
RelPtr purchases_of(const RelPtr& lines) {
  const RelPtr bought = store::aggregate(lines, by_category(lines),
                                         {{"unit_price", AggregateFn::max, col(lines, "unit_price"), nullptr},
                                          {"quantity", AggregateFn::sum, quantity_of(lines), nullptr}});
  const RelPtr placed = store::neighbours(bought, {"customer_key", "category"}, {{"sold_at"}, {"order_key"}},
                                          {{"previous_price", store::NeighbourFn::lag, "unit_price"}});
  return store::extend(placed, {{"is_repeat", expr::is_not_null(col(placed, "previous_price"))},
                                {"is_upsell", expr::gt(col(placed, "unit_price"), col(placed, "previous_price"))}});
}

/// What the dearer lines of each purchase added to the price before it; what else it has of the category added nothing.
RelPtr gains_of(const RelPtr& lines, const RelPtr& purchases) {
  const RelPtr dearer = store::filter(purchases, col(purchases, "is_upsell"));
  const RelPtr before = store::project(dearer, {{"dearer_order", col(dearer, "order_key")},
                                                {"dearer_category", col(dearer, "category")},
                                                {"price_before", col(dearer, "previous_price")}});
  const RelPtr met =
      store::join(JoinKind::inner, lines, before, {{"order_key", "dearer_order"}, {"category", "dearer_category"}}, "",
                  expr::gt(col(lines, "unit_price"), col(before, "price_before")));
  const Expr more = expr::call(Op::sub, Type::money, {col(met, "unit_price"), col(met, "price_before")}, 6);
  return store::aggregate(
      met, {{"gain_order", col(met, "dearer_order")}, {"gain_category", col(met, "dearer_category")}},
      {{"gain", AggregateFn::sum, expr::call(Op::mul, Type::money, {more, quantity_of(met)}, 10), nullptr}});
}

}  // namespace

Result<RelPtr> baskets(const RelationContext& context) {
  VIGIE_TRY(const RelPtr sold, sales(context));
  VIGIE_TRY(const RelPtr lines, item_lines(context));
  const RelPtr sums = store::aggregate(lines, {{"basket_of", col(lines, "order_key")}},
                                       {{"items", AggregateFn::sum, quantity_of(lines), nullptr},
                                        {"categories", AggregateFn::count_distinct, col(lines, "category"), nullptr}});
  return store::join(JoinKind::inner, sold, sums, {{"key", "basket_of"}});
}

Result<RelPtr> category_purchases(const RelationContext& context) {
  VIGIE_TRY(const RelPtr items, item_lines(context));
  const RelPtr lines = comparable(items);
  const RelPtr purchases = store::shared(purchases_of(lines));
  return store::join(JoinKind::left, purchases, gains_of(lines, purchases),
                     {{"order_key", "gain_order"}, {"category", "gain_category"}});
}

Result<RelPtr> basket_gains(const RelationContext& context) {
  VIGIE_TRY(const RelPtr held, baskets(context));
  VIGIE_TRY(const RelPtr items, item_lines(context));
  const RelPtr lines = comparable(items);
  const RelPtr by_purchase = gains_of(lines, purchases_of(lines));
  const RelPtr gains = store::aggregate(by_purchase, {{"dearer_order", col(by_purchase, "gain_order")}},
                                        {{"gained", AggregateFn::sum, col(by_purchase, "gain"), nullptr}});
  const RelPtr rows = store::join(JoinKind::left, held, gains, {{"key", "dearer_order"}});
  return store::extend(rows, {{"gain", coalesce({col(rows, "gained"), zero_money()})}});
}

Result<RelPtr> repeat_sales(const RelationContext& context) {
  VIGIE_TRY(const RelPtr sold, sales(context));
  VIGIE_TRY(const RelPtr items, item_lines(context));
  const RelPtr bought = purchases_of(comparable(items));
  const RelPtr again = store::filter(
      sold, expr::all_of({expr::ge(col(sold, "nth"), expr::integer(2)), expr::is_not_null(col(sold, "customer_key"))}));
  const RelPtr dearer = store::filter(bought, col(bought, "is_upsell"));
  const RelPtr marked = store::aggregate(dearer, {{"dearer_order", col(dearer, "order_key")}},
                                         {{"dearer_categories", AggregateFn::count, nullptr, nullptr}});
  const RelPtr rows = store::join(JoinKind::left, again, marked, {{"key", "dearer_order"}});
  return store::extend(rows, {{"is_upsell", expr::is_not_null(col(rows, "dearer_order"))}});
}

Result<RelPtr> category_baskets(const RelationContext& context) {
  VIGIE_TRY(const RelPtr lines, item_lines(context));
  const RelPtr known = store::filter(lines, expr::is_not_null(col(lines, "category")));
  return store::aggregate(known, by_category(known), {{"lines", AggregateFn::count, nullptr, nullptr}});
}

Result<RelPtr> category_pairs(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr baskets, category_baskets(context));
  std::vector<store::NamedExpr> columns{{"given", col(baskets, "category")}};
  for (const char* name : {"order_key", "sold_at", "customer_key", "channel"})
    columns.push_back({name, col(baskets, name)});
  keep_sellers(baskets, columns);
  const RelPtr held = store::project(baskets, std::move(columns));
  const RelPtr products = build.table("products");
  const RelPtr named = store::filter(products, expr::is_not_null(col(products, "category")));
  const RelPtr all =
      store::extend(store::aggregate(named, {{"category", col(named, "category")}}, {}), {{"each", expr::integer(1)}});
  const RelPtr crossed =
      store::join(JoinKind::inner, store::extend(held, {{"every", expr::integer(1)}}), all, {{"every", "each"}});
  const RelPtr other =
      store::project(held, {{"other_order", col(held, "order_key")}, {"other_category", col(held, "given")}});
  const RelPtr both =
      store::join(JoinKind::left, crossed, other, {{"order_key", "other_order"}, {"category", "other_category"}});
  const RelPtr apart = store::filter(both, expr::not_(expr::eq(col(both, "category"), col(both, "given"))));
  return store::extend(apart, {{"attached", expr::is_not_null(col(apart, "other_order"))}});
}

}  // namespace vigie::plan

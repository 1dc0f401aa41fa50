// What sales leave: margin by the cost of their lines or products, else by the workspace's rate; and what each customer
// has left so far.
#include "plan/relation_builder.h"
#include "plan/reporting_currency.h"
#include "plan/tree_names.h"
#include "plan/versions.h"
#include "store/warehouse.h"

namespace vigie::plan {
namespace {

// Products and differences keep every decimal: what a share of a margin is taken of must be the margin itself.
Expr times(Expr amount, Expr factor) {
  const int scale = amount->scale + factor->scale;
  return expr::call(Op::mul, Type::money, {std::move(amount), std::move(factor)}, scale);
}
Expr minus(Expr a, Expr b) {
  const int scale = std::max(a->scale, b->scale);
  return expr::call(Op::sub, Type::money, {std::move(a), std::move(b)}, scale);
}

/// amount × margin_rate; null where the workspace declares none.
Expr at_margin_rate(const RelationContext& context, Expr amount) {
  if (!context.settings.margin_rate) return expr::null_of(Type::money);
  return times(std::move(amount), expr::literal(*context.settings.margin_rate));
}

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

/// Of a customer that came at `came`: does its first year, up to the same day of the next one on the clock of the
/// reporting zone, hold a 29 February? Empty where no year of the data has one.
Expr over_leap_day(const RelationContext& context, const Expr& came) {
  const std::optional<Date> first = context.facts.first_day();
  if (!first) return {};
  const Expr came_on = day_of(came);
  std::vector<Expr> any;
  // The first year of who came before the data may reach into them.
  for (int year = civil(*first).year - 1; year <= civil(context.calendar.zone().day_of(context.as_of.at)).year + 1;
       ++year) {
    if (!is_leap(year)) continue;
    const Date leap_day = date_of(year, 2, 29);
    any.push_back(
        expr::all_of({expr::ge(came_on, expr::literal(leap_day - 365)), expr::lt(came_on, expr::literal(leap_day))}));
  }
  return any.empty() ? Expr{} : any_of(std::move(any));
}

/// Does `at` lie in the first 12 months of a customer that came at `came`? They are 366 days over a 29 February, else
/// 365.
Expr in_first_year(const RelationContext& context, const Expr& came, const Expr& at) {
  const auto within = [&](std::int64_t days) {
    return expr::call(Op::within, Type::boolean, {came, at, expr::literal(expr::Micros{days * kMicrosPerDay})});
  };
  const Expr leap = over_leap_day(context, came);
  return leap ? any_of({within(365), expr::all_of({within(366), leap})}) : within(365);
}

/// Are these 12 months over at as-of?
Expr first_year_over(const RelationContext& context, const Expr& came) {
  const auto after = [&](std::int64_t days) {
    return expr::call(Op::matured, Type::boolean,
                      {came, expr::literal(context.as_of), expr::literal(expr::Micros{days * kMicrosPerDay})});
  };
  const Expr leap = over_leap_day(context, came);
  return leap ? expr::all_of({after(365), any_of({after(366), expr::not_(leap)})}) : after(365);
}

/// Does anything tell what goods cost?
bool knows_costs(const DataFacts& facts) { return facts.has_product_costs || facts.has_line_costs; }

/// Lines of orders with the cost of one unit of their product (unit_cost), where products have any. A cost in another
/// currency is converted at the rate of the day on which it was sold: the product has no date of its own.
RelPtr costed_lines(const RelationBuilder& build) {
  const RelationContext& context = build.context();
  const RelPtr lines = build.table("order_lines");
  if (!context.facts.has_product_costs) return lines;
  if (context.currency.empty() && !context.facts.has_foreign_costs) {
    const RelPtr products = build.table("products");
    const RelPtr costs = store::project(products, {{"of", col(products, "key")}, {"unit_cost", col(products, "cost")}});
    return store::join(JoinKind::left, lines, costs, {{"product_key", "of"}});
  }
  const RelPtr products = store::table_scan(context.model, "products"),
               orders = store::table_scan(context.model, "orders");
  const std::string told = store::document_amount("unit_cost");
  const RelPtr costs = store::project(products, {{"of", col(products, "key")},
                                                 {"unit_cost", col(products, "cost")},
                                                 {told, col(products, store::document_amount("cost"))},
                                                 {"currency", col(products, "currency")}});
  const RelPtr days =
      store::project(orders, {{"order", col(orders, "key")}, {"priced_day", day_of(col(orders, "ordered_at"))}});
  // The line's own cost is an amount of the line, and in the currency of the answer already.
  const RelPtr own =
      store::project(lines, {{"order_key", col(lines, "order_key")},
                             {"product_key", col(lines, "product_key")},
                             {"quantity", col(lines, "quantity")},
                             {"kind", col(lines, "kind")},
                             {"cost", col(lines, "cost")},
                             {store::document_amount("cost"), col(lines, store::document_amount("cost"))}});
  const RelPtr sold = store::join(JoinKind::left, store::join(JoinKind::left, own, costs, {{"product_key", "of"}}),
                                  days, {{"order_key", "order"}});
  return converted_on(context, sold, "unit_cost");
}

/// What the goods of a line cost, and whether that is not known.
struct LineCost {
  Expr amount, unknown;
};

/// Of rows of costed_lines: what the line says itself, of all its units (one that no rate prices is not known), else
/// the cost of its product for each of them.
LineCost cost_of_line(const DataFacts& facts, const RelPtr& lines) {
  LineCost by_product{expr::null_of(Type::money), expr::literal(true)};
  if (facts.has_product_costs) {
    const Expr units = coalesce({col(lines, "quantity"), expr::literal(Decimal(10'000, 4))});
    by_product = {times(col(lines, "unit_cost"), units), expr::is_null(col(lines, "unit_cost"))};
  }
  if (!facts.has_line_costs) return by_product;
  const Expr told = expr::is_not_null(col(lines, store::document_amount("cost")));
  const Expr amount = when(told, col(lines, "cost"), by_product.amount);
  return {amount, expr::is_null(amount)};
}

/// Cost of the goods of each order, and whether (1) or not (0, or empty for want of goods) one of its lines has none:
/// the one reading of all the lines, whatever the instants at which customers are valued.
/// `only`: of these orders alone (`order`); null: of all.
RelPtr order_costs(const RelationBuilder& build, const RelPtr& only = nullptr) {
  RelPtr joined = costed_lines(build);
  if (only) joined = store::join(JoinKind::inner, joined, only, {{"order_key", "order"}}, "only.");
  const Expr is_item =
      expr::call(Op::in, Type::boolean,
                 {coalesce({col(joined, "kind"), expr::text("goods")}), expr::text("goods"), expr::text("service")});
  const LineCost cost = cost_of_line(build.context().facts, joined);
  return store::shared(store::aggregate(joined, {{"costed_order", col(joined, "order_key")}},
                                        {{"goods_cost", AggregateFn::sum, cost.amount, is_item},
                                         {"uncosted", AggregateFn::max, flag(cost.unknown), is_item}}));
}

/// Is the margin of the order told by the costs of its goods? Of rows joined with order_costs.
Expr is_costed(const RelPtr& joined) {
  return expr::all_of({expr::is_not_null(col(joined, "costed_order")),
                       expr::eq(coalesce({col(joined, "uncosted"), expr::integer(0)}), expr::integer(0))});
}

/// Adds `margin` to refunds, what each takes off the margin: its whole amount where that of its order comes from costs
/// (the goods came back used, if at all), else the margin that was counted on it, none where that is not known. One of
/// no order takes its whole amount where any margin comes from costs.
RelPtr with_refunded_margin(const RelationBuilder& build, const RelPtr& back) {
  const RelationContext& context = build.context();
  if (!knows_costs(context.facts))
    return store::extend(back, {{"margin", at_margin_rate(context, col(back, "amount_net"))}});
  const RelPtr of_orders = store::filter(back, expr::is_not_null(col(back, "order_key")));
  const RelPtr orders = store::aggregate(of_orders, {{"order", col(of_orders, "order_key")}},
                                         {{"refunds", AggregateFn::count, nullptr, nullptr}});
  const RelPtr joined = store::join(JoinKind::left, back, order_costs(build, orders), {{"order_key", "costed_order"}});
  const Expr amount = col(joined, "amount_net");
  const Expr whole = any_of({expr::is_null(col(joined, "order_key")), is_costed(joined)});
  return kept_beside(back, joined, {{"margin", when(whole, amount, at_margin_rate(context, amount))}});
}

Expr sum_or_zero(const RelPtr& rel, std::string_view name) { return coalesce({col(rel, name), zero_money()}); }

bool asks_for(const RelationContext& context, std::string_view column) {
  return std::ranges::find(context.paths, column) != context.paths.end();
}

/// The relation of the customer, where the question tells them apart.
RelPtr related(const RelationBuilder& build, RelPtr rows) {
  return asks_for(build.context(), "relation") ? with_relation(build, std::move(rows)) : rows;
}

Result<RelPtr> margins_of_sales(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  const Expr at_rate = at_margin_rate(context, col(sold, "amount_net"));
  if (!knows_costs(context.facts))
    return store::extend(sold, {{"cost", expr::null_of(Type::money)}, {"margin", at_rate}});
  const RelPtr joined = store::join(JoinKind::left, sold, order_costs(build), {{"key", "costed_order"}});
  const Expr known = is_costed(joined);
  const Expr cost = when(known, sum_or_zero(joined, "goods_cost"), expr::null_of(Type::money));
  const Expr margin = when(known, minus(col(joined, "amount_net"), sum_or_zero(joined, "goods_cost")),
                           at_margin_rate(context, col(joined, "amount_net")));
  return store::extend(joined, {{"cost", cost}, {"margin", margin}});
}

}  // namespace

Result<RelPtr> sale_margins(const RelationContext& context) {
  VIGIE_TRY(const RelPtr rows, margins_of_sales(context));
  return related(RelationBuilder(context), rows);
}

Result<RelPtr> refund_margins(const RelationContext& context) {
  VIGIE_TRY(const RelPtr back, refunds(context));
  const RelationBuilder build(context);
  return related(build, with_refunded_margin(build, back));
}

namespace {

/// The instants at which one run values the customers: what was dated before each is counted there. They are read
/// together, the rows of each customer summed from one instant to the next, so that many cost little more than one;
/// only where an earlier instant sees nothing else than fewer rows.
class Looks {
 public:
  explicit Looks(const RelationContext& context) : last_(context), at_({context.as_of}) {
    const auto own = std::ranges::find(context.looks, context.as_of.at, &expr::InstantLiteral::at);
    if (own == context.looks.end()) return;
    RelationContext first = context;
    first.as_of = context.looks.front();
    if (!sees_only_fewer_rows(first)) return;
    at_.assign(context.looks.begin(), context.looks.end());
    last_.as_of = at_.back();
    number_ = static_cast<std::size_t>(own - context.looks.begin());
  }

  /// The context of the last of them, which sees all that the others see.
  const RelationContext& last() const { return last_; }

  /// Sums of rows that have come before the last look, by customer (`customer`, from customer_key), of what lies
  /// before the one of this context.
  RelPtr summed(const RelPtr& rows, std::string_view at, const std::string& customer,
                std::vector<store::AggregateColumn> sums) const {
    std::vector<store::NamedExpr> groups = {{customer, col(rows, "customer_key")}};
    if (at_.size() == 1) return store::aggregate(rows, std::move(groups), std::move(sums));
    groups.push_back({std::string(kLook), first_seen(col(rows, at), 0, at_.size() - 1)});
    std::vector<std::string> names;
    for (const store::AggregateColumn& sum : sums) names.push_back(sum.name);
    const RelPtr steps = store::shared(store::aggregate(rows, std::move(groups), std::move(sums)));
    const RelPtr seen =
        store::filter(steps, expr::le(col(steps, kLook), expr::integer(static_cast<std::int64_t>(number_))));
    if (number_ == 0) {  // of each customer one row: what the first look sees is summed already
      std::vector<store::NamedExpr> columns{{customer, col(seen, customer)}};
      for (const std::string& name : names) columns.push_back({name, col(seen, name)});
      return store::project(seen, std::move(columns));
    }
    std::vector<store::AggregateColumn> of_steps;
    for (const std::string& name : names) of_steps.push_back({name, AggregateFn::sum, col(seen, name), nullptr});
    return store::aggregate(seen, {{customer, col(seen, customer)}}, std::move(of_steps));
  }

 private:
  static constexpr std::string_view kLook = "first_look";

  static bool sees_only_fewer_rows(const RelationContext& first) {
    const DataFacts& facts = first.facts;
    return first.currency.empty() && first.sale_event != catalog::SaleEvent::won_deal && facts.deleted.empty() &&
           !facts.merged_customers.any && !facts.has_foreign_costs && !documents_changed_since(first) &&
           !(facts.last_cancelled && first.as_of.at <= *facts.last_cancelled);
  }

  /// The number of the first look from `low` to `high` that sees what is dated `at`.
  Expr first_seen(const Expr& at, std::size_t low, std::size_t high) const {
    if (low == high) return expr::integer(static_cast<std::int64_t>(low));
    const std::size_t middle = (low + high) / 2;
    return when(expr::lt(at, expr::literal(at_[middle])), first_seen(at, low, middle),
                first_seen(at, middle + 1, high));
  }

  RelationContext last_;
  std::vector<expr::InstantLiteral> at_;
  std::size_t number_ = 0;
};

/// Customers and since when they are, for rows of theirs.
Result<RelPtr> with_arrival(const RelationContext& context, const RelPtr& rows) {
  VIGIE_TRY(const RelPtr came, acquisitions(context));
  const RelPtr since =
      store::project(came, {{"buyer", col(came, "customer_key")}, {"came_at", col(came, "acquired_at")}});
  return store::join(JoinKind::inner, rows, since, {{"customer_key", "buyer"}});
}

/// What each customer bought up to as_of, by `seller`.
Result<RelPtr> sold_to_customers(const Looks& looks) {
  VIGIE_TRY(const RelPtr sold, sale_margins(looks.last()));
  VIGIE_TRY(const RelPtr dated, with_arrival(looks.last(), sold));
  const Expr first_year = in_first_year(looks.last(), col(dated, "came_at"), col(dated, "sold_at"));
  return looks.summed(
      dated, "sold_at", "seller",
      {{"sold_net", AggregateFn::sum, col(dated, "amount_net"), nullptr},
       {"sold_margin", AggregateFn::sum, col(dated, "margin"), nullptr},
       {"sold_margin_year", AggregateFn::sum, col(dated, "margin"), first_year},
       {"sold_net_year", AggregateFn::sum, col(dated, "amount_net"), first_year},
       {"sold_count", AggregateFn::count, nullptr, nullptr},
       {"sold_unpriced", AggregateFn::count, nullptr, expr::is_null(col(dated, "amount_net"))},
       {"unknown_margins", AggregateFn::count, nullptr,
        expr::all_of({expr::is_null(col(dated, "margin")), expr::is_not_null(col(dated, "amount_net"))})}});
}

/// What each customer gave back up to as_of, by `returner`.
Result<RelPtr> returned_by_customers(const Looks& looks) {
  VIGIE_TRY(const RelPtr back, refund_margins(looks.last()));
  const RelPtr known = store::filter(back, expr::is_not_null(col(back, "customer_key")));
  VIGIE_TRY(const RelPtr dated, with_arrival(looks.last(), known));
  const Expr in_year = in_first_year(looks.last(), col(dated, "came_at"), col(dated, "refunded_at"));
  return looks.summed(dated, "refunded_at", "returner",
                      {{"returned_net", AggregateFn::sum, col(dated, "amount_net"), nullptr},
                       {"returned_margin", AggregateFn::sum, col(dated, "margin"), nullptr},
                       {"returned_margin_year", AggregateFn::sum, col(dated, "margin"), in_year},
                       {"returned_net_year", AggregateFn::sum, col(dated, "amount_net"), in_year}});
}

}  // namespace

Result<RelPtr> customer_value(const RelationContext& context) {
  const Looks looks(context);
  VIGIE_TRY(const RelPtr came, acquisitions(context));
  VIGIE_TRY(const RelPtr sums, sold_to_customers(looks));
  VIGIE_TRY(const RelPtr returned, returned_by_customers(looks));
  RelPtr rows = store::join(JoinKind::left, came, sums, {{"customer_key", "seller"}});
  rows = store::join(JoinKind::left, rows, returned, {{"customer_key", "returner"}});
  const Expr returned_margin = sum_or_zero(rows, "returned_margin"),
             returned_margin_year = sum_or_zero(rows, "returned_margin_year");
  // Who was sold nothing left no margin that anybody knows of: a contract without invoices is not worth 0. Neither is
  // who was sold at amounts of which nobody knows one.
  const Expr told = expr::literal(knows_costs(context.facts) || context.settings.margin_rate.has_value());
  const auto count = [&](std::string_view name) { return coalesce({col(rows, name), expr::integer(0)}); };
  const Expr some_amount = expr::gt(count("sold_count"), count("sold_unpriced"));
  const Expr known = expr::all_of({told, some_amount, expr::eq(count("unknown_margins"), expr::integer(0))});
  const Expr margin = when(known, minus(sum_or_zero(rows, "sold_margin"), returned_margin), expr::null_of(Type::money));
  RelPtr valued = kept_beside(
      came, rows,
      {{"revenue", minus(sum_or_zero(rows, "sold_net"), sum_or_zero(rows, "returned_net"))},
       {"margin", margin},
       {"margin_first_year",
        when(known, minus(sum_or_zero(rows, "sold_margin_year"), returned_margin_year), expr::null_of(Type::money))},
       {"revenue_first_year", minus(sum_or_zero(rows, "sold_net_year"), sum_or_zero(rows, "returned_net_year"))},
       {"first_year_over", first_year_over(context, col(rows, "acquired_at"))},
       {"sales_unpriced", count("sold_unpriced")},
       {"orders", count("sold_count")}});
  // A board asks for them several times.
  return store::shared(std::move(valued));
}

}  // namespace vigie::plan

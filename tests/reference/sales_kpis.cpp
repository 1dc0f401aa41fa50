// Revenue, orders, the average sale and its variants, buyers.
#include <cmath>

#include "reference/derived.h"

namespace vigie::reference {
namespace {

const std::vector<std::string> kOfBuyers{"channel", "segment", "country", "nps_group"};
const std::vector<std::string> kOfSales{"channel", "segment", "country", "nps_group", "owner", "team"};

struct Totals {
  Decimal sum{0, 6}, extra{0, 6}, discount{0, 6}, before_discount{0, 6}, of_known{0, 6};
  std::int64_t count = 0, priced = 0, unpriced = 0, of_known_count = 0;
  std::set<std::string> buyers, paying;
  std::vector<double> amounts;
};

Attributes of_sale(const Scope& scope, const Sale& sale) {
  Attributes out = attributes(scope, sale.customer, sale.at.at, sale.channel);
  out.names["owner"] = sale.seller;
  out.names["team"] = sale.team;
  out.amount = sale.net;
  return out;
}

const Order* find_order(const World& world, const Name& key) {
  const auto found = std::ranges::find_if(world.orders, [&](const Order& one) { return key == one.key; });
  return found == world.orders.end() ? nullptr : &*found;
}

/// What is told of a document (a refund, a payment) at an instant: through its channel, by its seller on its date, in
/// the team of that instant; of its customer unless it names one itself.
Attributes of_document(const Scope& scope, const Order* order, const Name& own_customer, Instant at) {
  const Name customer = own_customer ? own_customer : order ? order->customer : Name();
  Attributes out = attributes(scope, customer, at, order ? order->channel : Name());
  out.names["owner"] = order ? order->seller_at(order->at.at) : Name();
  out.names["team"] = order ? team_of(scope.world, *order, at) : Name();
  return out;
}

Totals totals(const Scope& scope) {
  Totals out;
  for (const Sale& sale : sales(scope)) {
    if (!scope.inside(sale.at.at) || !scope.selects(of_sale(scope, sale))) continue;
    ++out.count;
    if (sale.customer) out.buyers.insert(*sale.customer), ++out.of_known_count;
    if (!sale.net) {
      ++out.unpriced;
      continue;
    }
    ++out.priced;
    out.sum = plus(out.sum, *sale.net);
    out.amounts.push_back(sale.net->to_double());
    if (sale.extra) out.extra = plus(out.extra, *sale.extra);
    if (sale.customer) out.of_known = plus(out.of_known, *sale.net), out.paying.insert(*sale.customer);
  }
  return out;
}

struct Refunded {
  Decimal sum{0, 6};
  std::int64_t count = 0, unpriced = 0;
};

/// A refund stands on its own date; its channel is that of its order, its customer its own or that of its order.
Refunded refunds_of(const Scope& scope) {
  Refunded out;
  for (const Refund& refund : scope.world.refunds) {
    Attributes row = of_document(scope, find_order(scope.world, refund.order), refund.customer, refund.at.at);
    row.amount = refund.net.base;
    if (!scope.inside(refund.at.at) || !scope.selects(row)) continue;
    out.count += 1;
    if (refund.net.base) out.sum = plus(out.sum, *refund.net.base);
    else out.unpriced += 1;
  }
  return out;
}

Decimal refunds(const Scope& scope) { return refunds_of(scope).sum; }

Figure revenue(const Scope& scope) {
  const Totals sold = totals(scope);
  const Decimal net = minus(sold.sum, refunds(scope));
  // Of sales none of which has a known amount the sum is not known.
  if (sold.count > 0 && sold.unpriced == sold.count && net.is_zero()) return {};
  return Figure::of(net);
}

/// A refund stands on the date of its order, where that is known and comes before it.
Figure restated(const Scope& scope) {
  const Totals sold = totals(scope);
  Decimal back(0, 6);
  for (const Refund& refund : scope.world.refunds) {
    const Order* order = find_order(scope.world, refund.order);
    const Instant at = order ? std::min(order->at.at, refund.at.at) : refund.at.at;
    Attributes row = of_document(scope, order, refund.customer, at);
    row.amount = refund.net.base;
    if (refund.net.base && scope.happened(refund.at.at) && scope.inside(at) && scope.selects(row))
      back = plus(back, *refund.net.base);
  }
  const Decimal net = minus(sold.sum, back);
  if (sold.count > 0 && sold.unpriced == sold.count && net.is_zero()) return {};
  Figure out = Figure::of(net);
  out.n = sold.count;
  out.unpriced = sold.unpriced;
  return out;
}

/// What the days of its service that have begun inside the span earn, day by day: of each, what is earned with it less
/// what was earned before it. Without a service, all of it on its own date. Nothing where no day of it is inside.
std::optional<Decimal> earned(const Scope& scope, const Sale& sale) {
  const Order* order = scope.world.trade == Trade::deals ? nullptr : find_order(scope.world, sale.key);
  const bool served = order && order->service_from && order->service_to && *order->service_from < *order->service_to;
  if (!served) return scope.inside(sale.at.at) ? std::optional(sale.net.value_or(Decimal(0, 6))) : std::nullopt;
  const int days = *order->service_to - *order->service_from;
  std::optional<Decimal> sum;
  for (int i = 0; i < days; ++i) {
    if (!scope.inside(scope.moments.start_of(*order->service_from + i))) continue;
    const Int128 units = sale.net ? sale.net->units() : 0;
    const Int128 share = half_to_even(units * (i + 1), days) - half_to_even(units * i, days);
    sum = plus(sum.value_or(Decimal(0, 6)), Decimal(share, 6));
  }
  return sum;
}

Figure recognised(const Scope& scope) {
  Decimal sum(0, 6);
  std::int64_t count = 0, unpriced = 0;
  for (const Sale& sale : sales(scope)) {
    const auto share = earned(scope, sale);
    if (!share || !scope.selects(of_sale(scope, sale))) continue;
    ++count;
    unpriced += sale.net ? 0 : 1;
    sum = plus(sum, *share);
  }
  const Decimal net = minus(sum, refunds(scope));
  if (count > 0 && unpriced == count && net.is_zero()) return {};
  Figure out = Figure::of(net);
  out.n = count;
  out.unpriced = unpriced;
  return out;
}

/// What was paid, on its own date: by its own customer, else by that of the document that it pays.
Figure collected(const Scope& scope) {
  Decimal sum(0, 6);
  std::int64_t count = 0, unpriced = 0;
  for (const Payment& one : scope.world.payments) {
    const Attributes row = of_document(scope, find_order(scope.world, one.order), one.customer, one.at.at);
    if (!scope.inside(one.at.at) || !scope.selects(row)) continue;
    ++count;
    unpriced += one.amount.base ? 0 : 1;
    if (one.amount.base) sum = plus(sum, *one.amount.base);
  }
  if (count > 0 && unpriced == count && sum.is_zero()) return {};
  Figure out = Figure::of(sum);
  out.n = count;
  out.unpriced = unpriced;
  return out;
}

Figure orders(const Scope& scope) {
  Figure out = Figure::count(totals(scope).count);
  out.unpriced = totals(scope).unpriced;
  return out;
}

Figure with_counts(Figure figure, const Totals& sold) {
  figure.n = sold.priced;
  figure.unpriced = sold.unpriced;
  return figure;
}

Figure average_sale(const Scope& scope) {
  const Totals sold = totals(scope);
  return with_counts(Figure::ratio(sold.sum.to_double(), static_cast<double>(sold.priced)), sold);
}

Figure after_returns(const Scope& scope) {
  const Totals sold = totals(scope);
  return with_counts(Figure::ratio(minus(sold.sum, refunds(scope)).to_double(), static_cast<double>(sold.priced)),
                     sold);
}

Figure with_tax_and_shipping(const Scope& scope) {
  const Totals sold = totals(scope);
  return with_counts(Figure::ratio(plus(sold.sum, sold.extra).to_double(), static_cast<double>(sold.priced)), sold);
}

Figure median(const Scope& scope) {
  const Totals sold = totals(scope);
  Figure out;
  out.value = quantile(sold.amounts, scope.real_parameter("q", 0.5));
  out.unpriced = sold.unpriced;
  return out;
}

Figure per_customer(const Scope& scope) {
  const Totals sold = totals(scope);
  return Figure::ratio(sold.of_known.to_double(), static_cast<double>(sold.paying.size()));
}

Figure buying_customers(const Scope& scope) {
  return Figure::count(static_cast<std::int64_t>(totals(scope).buyers.size()));
}

Figure orders_per_customer(const Scope& scope) {
  const Totals sold = totals(scope);
  return Figure::ratio(static_cast<double>(sold.of_known_count), static_cast<double>(sold.buyers.size()));
}

/// Of refunds none of which has a known amount the sum is not known.
Figure refunded(const Scope& scope) {
  const Refunded back = refunds_of(scope);
  return back.count > 0 && back.unpriced == back.count ? Figure() : Figure::of(back.sum);
}

/// Orders of the period that were cancelled since, over those that were not drafts or tests.
Figure cancellation_rate(const Scope& scope) {
  double cancelled = 0, sent = 0;
  for (const Order& one : scope.world.orders) {
    if (one.document != "order" || (one.status != "confirmed" && one.status != "cancelled")) continue;
    if (one.deleted && *one.deleted <= one.at.at) continue;
    if (!scope.inside(one.at.at) || !scope.selects(of_document(scope, &one, one.customer, one.at.at))) continue;
    cancelled += one.status == "cancelled" ? 1 : 0;
    sent += 1;
  }
  return Figure::ratio(cancelled, sent);
}

Figure refund_rate(const Scope& scope) {
  return Figure::ratio(refunds(scope).to_double(), totals(scope).sum.to_double());
}

/// Repeat is decided on everything bought in the span; the filter then says who is looked at.
Figure repeat(const Scope& scope, bool by_day) {
  std::map<std::string, std::set<std::int64_t>> bought;
  std::set<std::string> looked_at;
  for (const Sale& sale : sales(scope)) {
    if (!sale.customer || !scope.inside(sale.at.at)) continue;
    const auto count = static_cast<std::int64_t>(bought[*sale.customer].size());
    bought[*sale.customer].insert(by_day ? scope.moments.day_of(sale.at.at).days : count);
    if (scope.selects(of_sale(scope, sale))) looked_at.insert(*sale.customer);
  }
  double again = 0;
  for (const std::string& customer : looked_at) again += bought[customer].size() >= 2 ? 1 : 0;
  return Figure::ratio(again, static_cast<double>(looked_at.size()));
}

Figure repeat_purchase_rate(const Scope& scope) { return repeat(scope, false); }
Figure repeat_by_day(const Scope& scope) { return repeat(scope, true); }

bool sells(const World& world) { return world.trade == Trade::deals ? !world.deals.empty() : !world.orders.empty(); }
bool has_refunds(const World& world) {
  return !world.refunds.empty() && world.trade != Trade::deals && !world.orders.empty();
}
bool has_payments(const World& world) { return !world.payments.empty(); }
bool has_orders(const World& world) { return world.trade != Trade::deals && !world.orders.empty(); }

}  // namespace

std::vector<Kpi> sales_kpis() {
  const std::pair<std::string, std::vector<std::string>> quantiles{"q", {"0.5", "0.25", "0.9", "0", "1"}};
  return {{"revenue:default", kOfSales, true, {}, {}, sells, revenue},
          {"revenue:recognised", kOfSales, true, {}, {}, sells, recognised},
          {"revenue:restated", kOfSales, true, {}, {}, sells, restated},
          {"revenue:collected", kOfSales, false, {}, {}, has_payments, collected},
          {"orders:default", kOfSales, true, {}, {}, sells, orders},
          {"average_sale:default", kOfSales, true, {}, {}, sells, average_sale},
          {"average_sale:after_returns", kOfSales, true, {}, {}, sells, after_returns},
          {"average_sale:with_tax_and_shipping", kOfSales, true, {}, {}, has_orders, with_tax_and_shipping},
          {"average_sale:median", kOfSales, true, {}, {quantiles}, sells, median},
          {"average_sale:per_customer", kOfSales, true, {}, {}, sells, per_customer},
          {"buying_customers:default", kOfSales, true, {}, {}, sells, buying_customers},
          {"orders_per_customer:default", kOfSales, true, {}, {}, sells, orders_per_customer},
          {"refund_rate:default", kOfSales, true, {}, {}, has_orders, refund_rate},
          {"refunds:default", kOfSales, true, {}, {}, has_refunds, refunded},
          {"cancellation_rate:default", kOfSales, false, {}, {}, has_orders, cancellation_rate},
          {"retention_rate:repeat_purchase_rate", kOfBuyers, false, {}, {}, sells, repeat_purchase_rate},
          {"retention_rate:repeat_purchase_rate_by_day", kOfBuyers, false, {}, {}, sells, repeat_by_day}};
}

}  // namespace vigie::reference

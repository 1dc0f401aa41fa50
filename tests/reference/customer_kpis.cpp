// Customers: who is there at an instant, who came, who left, and what they pay.
#include "reference/derived.h"

namespace vigie::reference {
namespace {

const std::vector<std::string> kOfCustomers{"channel", "segment", "country"};

bool by_contract(const World& world) { return world.trade == Trade::subscription; }

/// What a customer pays a month just before t.
Decimal paid_at(const Scope& scope, const std::string& customer, Instant t) {
  Decimal sum(0, 6);
  for (const Subscription& row : scope.world.subscriptions)
    if (row.customer == customer && pays(row) && scope.happened(row.start.at) && row.start.at < t &&
        (!row.end || t <= row.end->at))
      sum = plus(sum, row.mrr.base.value_or(Decimal(0, 6)));
  return sum;
}

/// Does a contract that is paid for cover t? Also one whose amount no rate prices.
bool pays_at(const Scope& scope, const std::string& customer, Instant t) {
  return std::ranges::any_of(scope.world.subscriptions, [&](const Subscription& row) {
    return row.customer == customer && pays(row) && scope.happened(row.start.at) && row.start.at < t &&
           (!row.end || t <= row.end->at);
  });
}

bool bought_within(const Scope& scope, const std::string& customer, Instant from, Instant to) {
  return std::ranges::any_of(sales(scope), [&](const Sale& sale) {
    return sale.customer == customer && from <= sale.at.at && sale.at.at < to;
  });
}

bool active_at(const Scope& scope, const std::string& customer, Instant t) {
  if (by_contract(scope.world)) return pays_at(scope, customer, t);
  const Instant since = scope.moments.plus_days({t, false}, -scope.world.inactivity_days);
  return bought_within(scope, customer, since, t);
}

/// Did something begin in the span that makes a customer active?
bool began(const Scope& scope, const std::string& customer) {
  if (!by_contract(scope.world)) return bought_within(scope, customer, scope.span.from, scope.span.to);
  return std::ranges::any_of(scope.world.subscriptions, [&](const Subscription& row) {
    return row.customer == customer && pays(row) && scope.inside(row.start.at);
  });
}

bool paid_before(const Scope& scope, const std::string& customer, Instant t) {
  return std::ranges::any_of(scope.world.subscriptions, [&](const Subscription& row) {
    return row.customer == customer && pays(row) && row.start.at < t;
  });
}

struct State {
  std::string customer;
  bool opening = false, closing = false, joined = false;
  Decimal opening_mrr{0, 6}, closing_mrr{0, 6};
};

std::vector<State> states(const Scope& scope) {
  std::set<std::string> everybody;
  for (const Sale& sale : sales(scope))
    if (sale.customer) everybody.insert(*sale.customer);
  for (const Subscription& row : scope.world.subscriptions) everybody.insert(row.customer);
  std::vector<State> out;
  for (const std::string& customer : everybody) {
    if (!scope.selects(at_opening(scope, customer))) continue;
    State one{customer, active_at(scope, customer, scope.span.from), active_at(scope, customer, scope.span.to)};
    one.joined = !one.opening && began(scope, customer);
    one.opening_mrr = paid_at(scope, customer, scope.span.from);
    one.closing_mrr = paid_at(scope, customer, scope.span.to);
    out.push_back(one);
  }
  return out;
}

struct Counts {
  std::int64_t opening = 0, closing = 0, leavers = 0, joined = 0, early = 0;
  Decimal opening_mrr{0, 6}, closing_mrr{0, 6}, kept{0, 6}, least{0, 6};
};

Counts counts(const Scope& scope) {
  Counts out;
  for (const State& one : states(scope)) {
    out.opening += one.opening;
    out.closing += one.closing;
    out.leavers += one.opening && !one.closing;
    out.joined += one.joined;
    out.early += one.joined && !one.closing;
    out.opening_mrr = plus(out.opening_mrr, one.opening_mrr);
    out.closing_mrr = plus(out.closing_mrr, one.closing_mrr);
    if (!one.opening) continue;
    out.kept = plus(out.kept, one.closing_mrr);
    out.least = plus(out.least, std::min(one.opening_mrr, one.closing_mrr));
  }
  return out;
}

Figure share(std::int64_t above, std::int64_t below) {
  return Figure::ratio(static_cast<double>(above), static_cast<double>(below));
}

Figure active_customers(const Scope& scope) { return Figure::count(counts(scope).closing); }
Figure mrr(const Scope& scope) { return Figure::of(counts(scope).closing_mrr); }

Figure churn(const Scope& scope) {
  const Counts c = counts(scope);
  Figure out = share(c.leavers, c.opening);
  out.n = c.opening;
  return out;
}
Figure churn_plus_new(const Scope& scope) {
  const Counts c = counts(scope);
  return share(c.leavers + c.early, c.opening + c.joined);
}
Figure churn_with_joiners(const Scope& scope) {
  const Counts c = counts(scope);
  return share(c.leavers + c.early, c.opening);
}
Figure rolling(const Scope& scope) {
  const Instant from = scope.moments.plus_days({scope.span.to, false}, -scope.parameter("trailing", 30));
  const Counts c = counts(scope.over({scope.moments.day_of(from), from, scope.span.to}));
  return share(c.leavers, c.opening);
}
Figure revenue_gross(const Scope& scope) {
  const Counts c = counts(scope);
  return Figure::ratio(minus(c.opening_mrr, c.least).to_double(), c.opening_mrr.to_double());
}
Figure revenue_net(const Scope& scope) {
  const Counts c = counts(scope);
  return Figure::ratio(minus(c.opening_mrr, c.kept).to_double(), c.opening_mrr.to_double());
}
Figure retention(const Scope& scope) {
  const Counts c = counts(scope);
  return share(c.opening - c.leavers, c.opening);
}
Figure gross_retention(const Scope& scope) {
  const Counts c = counts(scope);
  return Figure::ratio(c.least.to_double(), c.opening_mrr.to_double());
}
Figure net_retention(const Scope& scope) {
  const Counts c = counts(scope);
  return Figure::ratio(c.kept.to_double(), c.opening_mrr.to_double());
}

Figure movements(const Scope& scope) {
  std::map<std::string, Decimal> sums;
  for (const char* name : {"opening", "new", "reactivation", "expansion", "contraction", "churn", "closing"})
    sums[name] = Decimal(0, 6);
  const auto add = [&](const std::string& name, const Decimal& amount) { sums[name] = plus(sums[name], amount); };
  for (const State& one : states(scope)) {
    add("opening", one.opening_mrr);
    add("closing", one.closing_mrr);
    const Decimal change = minus(one.closing_mrr, one.opening_mrr);
    // Who pays an amount that no rate prices is there all the same: whether it came or went is told by that.
    if (!one.opening)
      add(paid_before(scope, one.customer, scope.span.from) ? "reactivation" : "new", change);
    else if (!one.closing)
      add("churn", change);
    else
      add(change.units() > 0 ? "expansion" : "contraction", change);
  }
  return Figure::of(sums.at(*scope.axis));
}

/// New: the first counting sale or paid subscription in the whole history, seen as it was then.
Figure new_customers(const Scope& scope) {
  std::int64_t count = 0;
  for (const auto& [customer, first] : first_purchases(scope))
    count += scope.inside(first.at.at) && scope.selects(attributes(scope, customer, first.at.at, first.channel));
  return Figure::count(count);
}

bool has_customers(const World& world) {
  return by_contract(world)           ? !world.subscriptions.empty()
         : world.trade == Trade::shop ? !world.orders.empty()
                                      : !world.deals.empty();
}
bool has_subscribers(const World& world) {
  return by_contract(world) && std::ranges::any_of(world.subscriptions, pays);
}

}  // namespace

std::vector<Kpi> customer_kpis() {
  const std::vector<std::string> where_from{"segment", "country"};
  return {
      {"active_customers:default", kOfCustomers, false, {}, {}, has_customers, active_customers},
      {"mrr:default", kOfCustomers, false, {}, {}, has_subscribers, mrr},
      {"churn_rate:default", kOfCustomers, false, {}, {}, has_customers, churn},
      {"churn_rate:leavers_over_opening_plus_new", kOfCustomers, false, {}, {}, has_customers, churn_plus_new},
      {"churn_rate:leavers_incl_joiners", kOfCustomers, false, {}, {}, has_customers, churn_with_joiners},
      {"churn_rate:rolling_30d", kOfCustomers, false, {}, {{"trailing", {"30", "7", "60"}}}, has_customers, rolling},
      {"churn_rate:revenue_gross", kOfCustomers, false, {}, {}, has_subscribers, revenue_gross},
      {"churn_rate:revenue_net", kOfCustomers, false, {}, {}, has_subscribers, revenue_net},
      {"churn_rate:mrr_movements",
       kOfCustomers,
       false,
       {"movement", "opening", "new", "reactivation", "expansion", "contraction", "churn", "closing"},
       {},
       has_subscribers,
       movements},
      {"retention_rate:default", kOfCustomers, false, {}, {}, has_customers, retention},
      {"retention_rate:gross_revenue_retention", kOfCustomers, false, {}, {}, has_subscribers, gross_retention},
      {"retention_rate:net_revenue_retention", kOfCustomers, false, {}, {}, has_subscribers, net_retention},
      {"new_customers:default", where_from, false, {}, {}, has_customers, new_customers}};
}

}  // namespace vigie::reference

// Customers: who is there at an instant, who came, who left, and what they pay.
#include "reference/derived.h"

namespace vigie::reference {
namespace {

const std::vector<std::string> kOfCustomers{"channel", "segment", "country"};
const std::vector<std::string> kOfRelations{"channel", "segment", "country", "relation"};

bool by_contract(const Scope& scope) { return has_paid(scope.world, scope.moments, scope.as_of.at); }
bool by_contract(const Scope& scope, const std::string& customer) { return relation(scope, customer) == "contract"; }
/// Where all are under contract, nobody is told by its purchases, not even before it first paid.
bool is_told(const Scope& scope, const std::string& customer) {
  return by_contract(scope, customer) || !by_contract(scope) || is_mixed(scope.world, scope.moments, scope.as_of.at);
}
Attributes told(const Scope& scope, const std::string& customer) {
  Attributes out = at_opening(scope, customer);
  out.names["relation"] = relation(scope, customer);
  return out;
}

/// Is it paid for just before t?
bool covers(const Scope& scope, const Subscription& row, Instant t) {
  return std::ranges::any_of(paid(scope, row),
                             [&](const Stretch& one) { return one.from.at < t && (!one.to || t <= one.to->at); });
}

/// What a customer pays a month just before t.
Decimal paid_at(const Scope& scope, const std::string& customer, Instant t) {
  Decimal sum(0, 6);
  for (const Subscription& row : scope.world.subscriptions)
    if (row.customer == customer && covers(scope, row, t)) sum = plus(sum, row.mrr.base.value_or(Decimal(0, 6)));
  return sum;
}

/// Is something among it that no rate prices?
bool is_unpriced_at(const Scope& scope, const std::string& customer, Instant t) {
  return std::ranges::any_of(scope.world.subscriptions, [&](const Subscription& row) {
    return row.customer == customer && !row.mrr.base && covers(scope, row, t);
  });
}

/// Does a contract that is paid for cover t? Also one whose amount no rate prices.
bool pays_at(const Scope& scope, const std::string& customer, Instant t) {
  return std::ranges::any_of(scope.world.subscriptions, [&](const Subscription& row) {
    return row.customer == customer && covers(scope, row, t);
  });
}

bool bought_within(const Scope& scope, const std::string& customer, Instant from, Instant to) {
  return std::ranges::any_of(sales(scope), [&](const Sale& sale) {
    return sale.customer == customer && from <= sale.at.at && sale.at.at < to;
  });
}

bool active_at(const Scope& scope, const std::string& customer, Instant t) {
  if (by_contract(scope, customer)) return pays_at(scope, customer, t);
  const Instant since = scope.moments.plus_days({t, false}, -scope.world.inactivity_days);
  return bought_within(scope, customer, since, t);
}

/// Did something begin in the span that makes a customer active?
bool began(const Scope& scope, const std::string& customer) {
  if (!by_contract(scope, customer)) return bought_within(scope, customer, scope.span.from, scope.span.to);
  return std::ranges::any_of(scope.world.subscriptions, [&](const Subscription& row) {
    return row.customer == customer &&
           std::ranges::any_of(paid(scope, row), [&](const Stretch& one) { return scope.inside(one.from.at); });
  });
}

bool paid_before(const Scope& scope, const std::string& customer, Instant t) {
  return std::ranges::any_of(scope.world.subscriptions, [&](const Subscription& row) {
    return row.customer == customer &&
           std::ranges::any_of(paid(scope, row), [&](const Stretch& one) { return one.from.at < t; });
  });
}

struct State {
  std::string customer;
  bool opening = false, closing = false, joined = false;
  Decimal opening_mrr{0, 6}, closing_mrr{0, 6};
  bool closing_priced = true, priced = true;  ///< at the end, and at both ends
};

std::vector<State> states(const Scope& scope) {
  std::set<std::string> everybody;
  for (const Sale& sale : sales(scope))
    if (sale.customer) everybody.insert(*sale.customer);
  for (const Subscription& row : scope.world.subscriptions) everybody.insert(row.customer);
  std::vector<State> out;
  for (const std::string& customer : everybody) {
    if (!is_told(scope, customer) || !scope.selects(told(scope, customer))) continue;
    State one{customer, active_at(scope, customer, scope.span.from), active_at(scope, customer, scope.span.to)};
    one.joined = !one.opening && began(scope, customer);
    one.opening_mrr = paid_at(scope, customer, scope.span.from);
    one.closing_mrr = paid_at(scope, customer, scope.span.to);
    one.closing_priced = !is_unpriced_at(scope, customer, scope.span.to);
    one.priced = one.closing_priced && !is_unpriced_at(scope, customer, scope.span.from);
    out.push_back(one);
  }
  return out;
}

struct Counts {
  std::int64_t opening = 0, closing = 0, leavers = 0, joined = 0, early = 0;
  std::int64_t priced = 0, unpriced = 0;  ///< of the opening under contract
  Decimal opening_mrr{0, 6}, kept{0, 6}, least{0, 6};
};

Counts counts(const Scope& scope) {
  Counts out;
  for (const State& one : states(scope)) {
    out.opening += one.opening;
    out.closing += one.closing;
    out.leavers += one.opening && !one.closing;
    out.joined += one.joined;
    out.early += one.joined && !one.closing;
    if (!one.opening || !by_contract(scope, one.customer)) continue;
    // Who pays an amount without a rate at one of the ends is compared with nothing.
    ++(one.priced ? out.priced : out.unpriced);
    if (!one.priced) continue;
    out.opening_mrr = plus(out.opening_mrr, one.opening_mrr);
    out.kept = plus(out.kept, one.closing_mrr);
    out.least = plus(out.least, std::min(one.opening_mrr, one.closing_mrr));
  }
  return out;
}

Figure share(std::int64_t above, std::int64_t below) {
  return Figure::ratio(static_cast<double>(above), static_cast<double>(below));
}

Figure active_customers(const Scope& scope) { return Figure::count(counts(scope).closing); }
/// What is known of it; nothing, where customers pay and not one of their amounts is known.
Figure mrr(const Scope& scope) {
  Decimal sum(0, 6);
  std::int64_t all = 0, unpriced = 0;
  for (const State& one : states(scope)) {
    if (!one.closing || !by_contract(scope, one.customer)) continue;
    all += 1;
    unpriced += !one.closing_priced;
    sum = plus(sum, one.closing_mrr);
  }
  Figure out = all > 0 && all == unpriced && sum.is_zero() ? Figure{} : Figure::of(sum);
  out.n = all;
  out.unpriced = unpriced;
  return out;
}

Figure churn(const Scope& scope) {
  const Counts c = counts(apart(scope));
  Figure out = share(c.leavers, c.opening);
  out.n = c.opening;
  return out;
}
Figure churn_plus_new(const Scope& scope) {
  const Counts c = counts(apart(scope));
  return share(c.leavers + c.early, c.opening + c.joined);
}
Figure churn_with_joiners(const Scope& scope) {
  const Counts c = counts(apart(scope));
  return share(c.leavers + c.early, c.opening);
}
Figure rolling(const Scope& scope) {
  // It opens with a day, wherever in one it ends.
  const Date from =
      scope.moments.day_of(scope.moments.plus_days({scope.span.to, false}, -scope.parameter("trailing", 30)));
  const Counts c = counts(apart(scope).over({from, scope.moments.start_of(from), scope.span.to}));
  return share(c.leavers, c.opening);
}
/// The periods of the question that lie in the span, as far as they do.
std::vector<Span> periods_of(const Scope& scope) {
  if (scope.grain == calendar::Grain::total || scope.span.to <= scope.span.from) return {scope.span};
  const Date last = scope.moments.day_of(Instant{scope.span.to.micros - 1});
  std::vector<Span> out;
  for (const calendar::Range& range : scope.moments.calendar().periods({scope.span.from_day, last + 1}, scope.grain)) {
    const Date first = std::max(range.from, scope.span.from_day);
    out.push_back({first, scope.moments.start_of(first), std::min(scope.moments.start_of(range.to), scope.span.to)});
  }
  return out;
}
Figure period_mean(const Scope& scope) {
  std::int64_t leavers = 0, opening = 0;
  for (const Span& period : periods_of(scope)) {
    const Counts c = counts(apart(scope).over(period));
    leavers += c.leavers;
    opening += c.opening;
  }
  return share(leavers, opening);
}

std::int64_t customers_so_far(const Scope& scope) {
  std::int64_t count = 0;
  for (const auto& [customer, first] : first_purchases(scope))
    count += first.at.at < scope.span.to && scope.selects(told(scope, customer));
  return count;
}
Figure inactive_share(const Scope& scope) {
  const Scope here = apart(scope);
  const std::int64_t all = customers_so_far(here);
  return share(all - counts(here).closing, all);
}

/// Who tried in the span, and who of them paid for something begun after a trial of it.
Figure trial_to_paid(const Scope& scope) {
  std::set<std::string> tried, converted;
  for (const Subscription& row : scope.world.subscriptions)
    for (const Stretch& trial : stretches(scope.moments, row, scope.as_of.at)) {
      if (!trial.trial || !scope.inside(trial.from.at) ||
          !scope.selects(attributes(scope, row.customer, trial.from.at, std::nullopt)))
        continue;
      tried.insert(row.customer);
      for (const Subscription& other : scope.world.subscriptions)
        for (const Stretch& one : paid(scope, other))
          if (other.customer == row.customer && trial.from.at < one.from.at) converted.insert(row.customer);
    }
  return share(static_cast<std::int64_t>(converted.size()), static_cast<std::int64_t>(tried.size()));
}

Figure subscriptions_in_force(const Scope& scope) {
  std::int64_t count = 0;
  for (const Subscription& row : scope.world.subscriptions) {
    Attributes seen = at_opening(scope, row.customer);
    seen.names["channel"] = std::nullopt;
    count += covers(scope, row, scope.span.to) && scope.selects(seen);
  }
  return Figure::count(count);
}

/// No two paid stretches of a row lie over each other.
Figure never(const Scope& /*scope*/) { return Figure::count(0); }

/// A life in days, and whether it is over.
struct Stay {
  double days = 0;
  bool over = false;
};

std::vector<Stay> lives_of_subscriptions(const Scope& scope) {
  std::vector<Stay> out;
  for (const Subscription& row : scope.world.subscriptions) {
    const std::vector<Stretch> all = paid(scope, row);
    if (all.empty() || !scope.inside(all.front().from.at) ||
        !scope.selects(attributes(scope, row.customer, all.front().from.at, std::nullopt)))
      continue;
    // Over all its stretches: it runs while one of them does.
    const Moment begun = all.front().from;
    const auto& end = all.back().to;
    if (end && scope.happened(end->at)) out.push_back({scope.moments.days_between(begun, *end), true});
    else out.push_back({scope.moments.age(begun, scope.as_of), false});
  }
  return out;
}

std::optional<Stay> life_of(const Scope& scope, const std::string& customer, Moment& came) {
  std::optional<Moment> first;
  Date left{};
  bool there = false;
  if (by_contract(scope, customer)) {
    for (const Subscription& row : scope.world.subscriptions) {
      if (row.customer != customer) continue;
      for (const Stretch& one : paid(scope, row)) {
        if (!first || one.from.at < first->at) first = one.from;
        there = there || !one.to || scope.as_of.at <= one.to->at;
        if (one.to) left = std::max(left, scope.moments.day_of(one.to->at));
      }
    }
    there = there || active_at(scope, customer, scope.as_of.at);
  } else {
    for (const Sale& sale : sales(scope)) {
      if (sale.customer != customer) continue;
      if (!first) first = sale.at;
      left = scope.moments.day_of(sale.at.at) + scope.world.inactivity_days;
    }
    there = active_at(scope, customer, scope.as_of.at);
  }
  if (!first) return std::nullopt;
  came = *first;
  if (there) return Stay{scope.moments.age(came, scope.as_of), false};
  return Stay{static_cast<double>(left - scope.moments.day_of(came.at)), true};
}

std::vector<Stay> lives_of_customers(const Scope& scope) {
  std::set<std::string> everybody;
  for (const auto& [customer, first] : first_purchases(scope)) everybody.insert(customer);
  std::vector<Stay> out;
  for (const std::string& customer : everybody) {
    Moment came;
    const auto life = life_of(scope, customer, came);
    if (!life || !is_told(scope, customer) || !scope.inside(came.at)) continue;
    Attributes row = attributes(scope, customer, came.at, std::nullopt);
    for (const Customer& one : scope.world.customers)
      if (one.key == customer) row.names["channel"] = one.acquisition_channel;
    row.names["relation"] = relation(scope, customer);
    if (scope.selects(row)) out.push_back(*life);
  }
  return out;
}

/// Kaplan–Meier: what is left just after each time at which somebody left, events before censorings.
std::vector<std::pair<double, double>> staying(std::vector<Stay> lives) {
  std::ranges::sort(lives, {}, &Stay::days);
  std::vector<std::pair<double, double>> out;
  double left = 1;
  for (std::size_t i = 0; i < lives.size();) {
    std::size_t next = i, over = 0;
    for (; next < lives.size() && lives[next].days == lives[i].days; ++next) over += lives[next].over;
    left *= 1 - static_cast<double>(over) / static_cast<double>(lives.size() - i);
    out.emplace_back(lives[i].days, left);
    i = next;
  }
  return out;
}

Figure still_there(const std::vector<Stay>& lives, double age) {
  const auto curve = staying(lives);
  Figure out;
  out.n = static_cast<std::int64_t>(lives.size());
  if (curve.empty() || (curve.back().first < age && curve.back().second > 0)) return out;
  double left = 1;
  for (const auto& [days, after] : curve)
    if (days <= age) left = after;
  out.value = left;
  return out;
}

Figure median_life(const std::vector<Stay>& lives, double q) {
  Figure out;
  out.n = static_cast<std::int64_t>(lives.size());
  double before = 1;
  for (const auto& [days, after] : staying(lives)) {
    if (after < before && after <= 1 - q + 1e-12) {
      out.value = days;
      return out;
    }
    before = after;
  }
  return out;
}

Figure mean_life(const std::vector<Stay>& lives, double within) {
  const auto curve = staying(lives);
  Figure out;
  out.n = static_cast<std::int64_t>(lives.size());
  if (curve.empty() || (curve.back().first < within && curve.back().second > 0)) return out;
  double area = 0, from = 0, left = 1;
  for (const auto& [days, after] : curve) {
    if (within <= days) break;
    area += left * (days - from);
    from = days;
    left = after;
  }
  out.value = area + left * (within - from);
  return out;
}

Figure subscription_curve(const Scope& scope) {
  return still_there(lives_of_subscriptions(scope), std::stod(*scope.axis));
}
Figure subscription_median(const Scope& scope) {
  return median_life(lives_of_subscriptions(scope), scope.real_parameter("q", 0.5));
}
Figure subscription_mean(const Scope& scope) {
  return mean_life(lives_of_subscriptions(scope), scope.parameter("within", 365));
}
Figure customer_curve(const Scope& scope) {
  return still_there(lives_of_customers(apart(scope)), std::stod(*scope.axis));
}
Figure customer_median(const Scope& scope) {
  return median_life(lives_of_customers(apart(scope)), scope.real_parameter("q", 0.5));
}
Figure customer_mean(const Scope& scope) {
  return mean_life(lives_of_customers(apart(scope)), scope.parameter("within", 365));
}
/// Of the opening customers under contract whose amounts are all known at both ends.
Figure of_opening_mrr(const Counts& c, const Decimal& part) {
  Figure out = Figure::ratio(part.to_double(), c.opening_mrr.to_double());
  out.n = c.priced;
  out.unpriced = c.unpriced;
  return out;
}
Figure revenue_gross(const Scope& scope) {
  const Counts c = counts(scope);
  return of_opening_mrr(c, minus(c.opening_mrr, c.least));
}
Figure revenue_net(const Scope& scope) {
  const Counts c = counts(scope);
  return of_opening_mrr(c, minus(c.opening_mrr, c.kept));
}
/// What a customer under contract pays at the end, of those whose every amount is known.
Figure arpa(const Scope& scope) {
  Decimal sum(0, 6);
  std::int64_t known = 0, unpriced = 0;
  for (const State& one : states(scope)) {
    if (!one.closing || !by_contract(scope, one.customer)) continue;
    ++(one.closing_priced ? known : unpriced);
    if (one.closing_priced) sum = plus(sum, one.closing_mrr);
  }
  Figure out = Figure::ratio(sum.to_double(), static_cast<double>(known));
  out.n = known;
  out.unpriced = unpriced;
  return out;
}
Figure retention(const Scope& scope) {
  const Counts c = counts(apart(scope));
  return share(c.opening - c.leavers, c.opening);
}
Figure gross_retention(const Scope& scope) {
  const Counts c = counts(scope);
  return of_opening_mrr(c, c.least);
}
Figure net_retention(const Scope& scope) {
  const Counts c = counts(scope);
  return of_opening_mrr(c, c.kept);
}

Figure movements(const Scope& scope) {
  std::map<std::string, Decimal> sums;
  for (const char* name : {"opening", "new", "reactivation", "expansion", "contraction", "churn", "closing"})
    sums[name] = Decimal(0, 6);
  const auto add = [&](const std::string& name, const Decimal& amount) { sums[name] = plus(sums[name], amount); };
  std::int64_t known = 0, unpriced = 0;
  for (const State& one : states(scope)) {
    const bool there = (one.opening || one.closing) && by_contract(scope, one.customer);
    if (there) ++(one.priced ? known : unpriced);
    if (!one.priced) continue;
    add("opening", one.opening_mrr);
    add("closing", one.closing_mrr);
    const Decimal change = minus(one.closing_mrr, one.opening_mrr);
    if (!one.opening) add(paid_before(scope, one.customer, scope.span.from) ? "reactivation" : "new", change);
    else if (!one.closing) add("churn", change);
    else add(change.units() > 0 ? "expansion" : "contraction", change);
  }
  // Of customers none of whom has a known amount nothing is known.
  Figure out = known == 0 && unpriced > 0 ? Figure{} : Figure::of(sums.at(*scope.axis));
  out.unpriced = unpriced;
  return out;
}

/// New: the first counting sale or paid subscription in the whole history, seen as it was then.
Figure new_customers(const Scope& scope) {
  std::int64_t count = 0;
  for (const auto& [customer, first] : first_purchases(scope))
    count += scope.inside(first.at.at) && scope.selects(attributes(scope, customer, first.at.at, first.channel));
  return Figure::count(count);
}

bool has_subscribers(const World& world) { return std::ranges::any_of(world.subscriptions, is_owed); }
bool has_customers(const World& world) {
  return has_subscribers(world) ? true : world.trade == Trade::shop ? !world.orders.empty() : !world.deals.empty();
}
bool has_subscriptions(const World& world) { return !world.subscriptions.empty(); }

}  // namespace

std::vector<Kpi> customer_kpis() {
  const std::vector<std::string> where_from{"segment", "country"};
  const std::vector<std::string> ages{"age", "30", "60", "90", "180", "365", "730", "1095", "1825"};
  const std::pair<std::string, std::vector<std::string>> quantiles{"q", {"0.5", "0.25", "0.9"}},
      horizons{"within", {"30", "100", "365"}};
  return {
      {"active_customers:default", kOfRelations, false, {}, {}, has_customers, active_customers},
      {"mrr:default", kOfCustomers, false, {}, {}, has_subscribers, mrr},
      {"arpa:default", kOfCustomers, false, {}, {}, has_subscribers, arpa},
      {"churn_rate:default", kOfRelations, false, {}, {}, has_customers, churn, true},
      {"churn_rate:leavers_over_opening_plus_new", kOfRelations, false, {}, {}, has_customers, churn_plus_new, true},
      {"churn_rate:leavers_incl_joiners", kOfRelations, false, {}, {}, has_customers, churn_with_joiners, true},
      {"churn_rate:rolling_30d",
       kOfRelations,
       false,
       {},
       {{"trailing", {"30", "7", "60"}}},
       has_customers,
       rolling,
       true},
      {"churn_rate:period_mean", kOfRelations, false, {}, {}, has_customers, period_mean, true},
      {"inactive_share:default", kOfRelations, false, {}, {}, has_customers, inactive_share, true},
      {"conversion_rate:trial_to_paid", where_from, false, {}, {}, has_subscriptions, trial_to_paid},
      {"paid_twice:default", where_from, false, {}, {}, has_subscriptions, never},
      {"subscriptions_in_force:default", where_from, false, {}, {}, has_subscriptions, subscriptions_in_force},
      {"subscription_survival:default", where_from, false, ages, {}, has_subscriptions, subscription_curve},
      {"subscription_survival:median", where_from, false, {}, {quantiles}, has_subscriptions, subscription_median},
      {"subscription_survival:restricted_mean",
       where_from,
       false,
       {},
       {horizons},
       has_subscriptions,
       subscription_mean},
      {"customer_survival:default", kOfRelations, false, ages, {}, has_customers, customer_curve, true},
      {"customer_survival:median", kOfRelations, false, {}, {quantiles}, has_customers, customer_median, true},
      {"customer_survival:restricted_mean", kOfRelations, false, {}, {horizons}, has_customers, customer_mean, true},
      {"churn_rate:revenue_gross", kOfCustomers, false, {}, {}, has_subscribers, revenue_gross},
      {"churn_rate:revenue_net", kOfCustomers, false, {}, {}, has_subscribers, revenue_net},
      {"churn_rate:mrr_movements",
       kOfCustomers,
       false,
       {"movement", "opening", "new", "reactivation", "expansion", "contraction", "churn", "closing"},
       {},
       has_subscribers,
       movements},
      {"retention_rate:default", kOfRelations, false, {}, {}, has_customers, retention, true},
      {"retention_rate:gross_revenue_retention", kOfCustomers, false, {}, {}, has_subscribers, gross_retention},
      {"retention_rate:net_revenue_retention", kOfCustomers, false, {}, {}, has_subscribers, net_retention},
      {"new_customers:default", where_from, false, {}, {}, has_customers, new_customers}};
}

}  // namespace vigie::reference

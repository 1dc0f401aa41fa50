#include "reference/derived.h"

#include <cmath>

namespace vigie::reference {

Figure Figure::ratio(double above, double below) {
  Figure out;
  out.numerator = above;
  out.denominator = below;
  if (below != 0) out.value = above / below;
  return out;
}

bool Scope::selects(const Attributes& row) const {
  if (filter && filter->holds(row) != std::optional(true)) return false;
  for (const auto& [name, value] : split) {
    const auto found = row.names.find(name);
    if ((found == row.names.end() ? Name() : found->second) != value) return false;
  }
  return true;
}

Scope Scope::over(Span other) const {
  Scope out{world, moments, as_of, other, filter, split, params, axis, grain, asked};
  return out;
}

int Scope::parameter(const std::string& name, int fallback) const {
  const auto found = params.find(name);
  return found == params.end() ? fallback : std::stoi(found->second);
}

double Scope::real_parameter(const std::string& name, double fallback) const {
  const auto found = params.find(name);
  return found == params.end() ? fallback : std::stod(found->second);
}

Decimal plus(const Decimal& a, const Decimal& b) { return *a.plus(b); }
Decimal minus(const Decimal& a, const Decimal& b) { return *a.minus(b); }

Int128 half_to_even(Int128 above, Int128 below) {
  if (above < 0) return -half_to_even(-above, below);
  const Int128 whole = above / below, rest = above % below;
  return 2 * rest > below || (2 * rest == below && whole % 2 == 1) ? whole + 1 : whole;
}

namespace {

/// The order's own amount; its lines only where it has none, and only where all of theirs are known.
std::optional<Decimal> amount_of(const World& world, const Order& order) {
  if (order.net.amount) return order.net.base;
  std::optional<Decimal> sum;
  for (const Line& line : world.lines) {
    if (line.order != order.key) continue;
    if (!line.net.base) return std::nullopt;
    sum = plus(sum.value_or(Decimal(0, 6)), *line.net.base);
  }
  return sum;
}

Decimal or_nothing(const std::optional<Decimal>& amount) { return amount.value_or(Decimal(0, 6)); }

}  // namespace

Name team_of(const World& world, const Order& order, Instant at) {
  if (order.team) return order.team;
  const Name seller = order.seller_at(order.at.at);
  for (const Seller& one : world.sellers)
    if (seller == one.key) return one.moved && *one.moved <= at ? one.later_team : one.team;
  return std::nullopt;
}

std::vector<Sale> sales(const Scope& scope) {
  std::vector<Sale> out;
  if (scope.world.trade == Trade::deals) {
    for (const Deal& deal : scope.world.deals)
      if (deal.outcome == "won" && scope.happened(deal.closed->at) &&
          !(deal.deleted && *deal.deleted <= deal.closed->at))
        out.push_back({deal.key, deal.customer, deal.channel, {}, *deal.closed, deal.amount.base, {}, {}});
  } else {
    for (const Order& order : scope.world.orders)
      if (order.document == "order" && order.status == "confirmed" && scope.happened(order.at.at) &&
          !(order.deleted && *order.deleted <= order.at.at))
        out.push_back({order.key, order.customer, order.channel, order.seller_at(order.at.at), order.at,
                       amount_of(scope.world, order), plus(or_nothing(order.tax.base), or_nothing(order.shipping.base)),
                       order.discount.base, team_of(scope.world, order, order.at.at)});
  }
  std::ranges::sort(out, {}, [](const Sale& sale) { return std::pair(sale.at.at, sale.key); });
  return out;
}

/// What the customer's latest answer up to an instant made of it.
Name nps_group(const Scope& scope, const Name& customer, Instant at) {
  const Answer* latest = nullptr;
  for (const Answer& one : scope.world.answers) {
    if (!customer || one.customer != customer || !scope.happened(one.at.at) || at < one.at.at) continue;
    if (!latest || latest->at.at < one.at.at) latest = &one;
  }
  if (!latest) return std::nullopt;
  return latest->score >= 9 ? "promoter" : latest->score <= 6 ? "detractor" : "passive";
}

Attributes attributes(const Scope& scope, const Name& customer, Instant at, const Name& channel) {
  Attributes out;
  out.names = {{"channel", channel},
               {"segment", std::nullopt},
               {"country", std::nullopt},
               {"nps_group", nps_group(scope, customer, at)}};
  for (const Customer& one : scope.world.customers)
    if (customer == one.key) {
      out.names["segment"] = one.moved && *one.moved <= at ? one.later_segment : one.segment;
      out.names["country"] = one.country;
    }
  return out;
}

Attributes at_opening(const Scope& scope, const std::string& customer) {
  // The state at an instant is what holds just before it.
  Attributes out = attributes(scope, customer, Instant{scope.span.from.micros - 1}, std::nullopt);
  for (const Customer& one : scope.world.customers)
    if (customer == one.key) out.names["channel"] = one.acquisition_channel;
  return out;
}

const Deal* find_deal(const World& world, const std::string& key) {
  const auto found = std::ranges::find(world.deals, key, &Deal::key);
  return found == world.deals.end() ? nullptr : &*found;
}

namespace {

const Deal* first_naming(const Scope& scope, const Lead& lead, bool with_customer) {
  const Deal* first = nullptr;
  for (const Deal& deal : scope.world.deals)
    if (deal.lead == lead.key && (deal.customer || !with_customer) && scope.happened(deal.created.at))
      if (!first || deal.created.at < first->created.at) first = &deal;
  return first;
}

}  // namespace

Name customer_of(const Scope& scope, const Lead& lead) {
  if (lead.customer) return lead.customer;
  if (const Deal* deal = lead.deal ? find_deal(scope.world, *lead.deal) : nullptr)
    if (deal->customer && scope.happened(deal->created.at)) return deal->customer;
  const Deal* first = first_naming(scope, lead, true);
  return first ? first->customer : std::nullopt;
}

std::string company_of(const Scope& scope, const Lead& lead) {
  if (const Name customer = customer_of(scope, lead)) return *customer;
  if (lead.deal) return "deal " + *lead.deal;
  const Deal* first = first_naming(scope, lead, false);
  return first ? "deal " + first->key : "lead " + lead.key;
}

std::string outcome(const Scope& scope, const Deal& deal) {
  if (deal.closed && deal.deleted && *deal.deleted <= deal.closed->at) return "open";
  return deal.closed && scope.happened(deal.closed->at) && scope.happened(deal.created.at) ? deal.outcome : "open";
}

std::optional<Moment> ended(const Subscription& row) {
  if (!row.deleted || (row.end && row.end->at <= *row.deleted)) return row.end;
  return Moment{*row.deleted, false};
}

bool is_owed(const Subscription& row) { return row.mrr.amount && *row.mrr.amount > Decimal(0, 0); }

namespace {

struct Run {
  std::string says;
  Instant from;
};

/// What its versions say, one after another, without those that say what the one before them said.
std::vector<Run> runs(const Subscription& row, Instant as_of) {
  std::vector<Run> out;
  for (std::size_t i = 0; i < row.said.size(); ++i) {
    const Subscription::Said& one = row.said[i];
    if (i > 0 && as_of <= one.at) break;
    const std::string before = out.empty() ? "paid" : out.back().says;
    std::string says = "paid";
    if (one.status == "trial") says = "trial";
    else if (one.is_trial) says = "until";
    else if (one.status == "cancelled" || one.status == "paused") says = before;
    if (out.empty() || says != before) out.push_back({says, one.at});
  }
  return out;
}

Moment later(const Moment& a, const Moment& b) { return a.at < b.at ? b : a; }
Moment earlier(const Moment& a, const Moment& b) { return b.at < a.at ? b : a; }
std::optional<Moment> earlier(const std::optional<Moment>& a, const std::optional<Moment>& b) {
  return !a ? b : !b ? a : earlier(*a, *b);
}

bool lasts(const Stretch& one) { return !one.to || one.from.at < one.to->at; }

}  // namespace

std::vector<Stretch> stretches(const Moments& moments, const Subscription& row, Instant as_of) {
  std::vector<Stretch> out;
  if (as_of <= row.start.at) return out;
  const auto end = ended(row);
  const std::vector<Run> all = runs(row, as_of);
  const std::optional<Moment> over = row.trial_end ? std::optional(later(row.start, *row.trial_end)) : std::nullopt;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string says = all[i].says, before = i == 0 ? "" : all[i - 1].says;
    const bool paid_next = i + 1 < all.size() && all[i + 1].says == "paid";
    const Moment from = i == 0 ? row.start : later(row.start, Moment{all[i].from, false});
    const auto next = i + 1 < all.size() ? std::optional(Moment{all[i + 1].from, false}) : std::nullopt;
    const std::optional<Moment> to = earlier(end, next);
    std::optional<Moment> paid_from;
    if (says == "paid")
      paid_from = !over ? from : before.empty() ? later(from, *over) : before == "until" ? earlier(from, *over) : from;
    if (says == "until" && over && !paid_next) paid_from = later(from, *over);
    if (paid_from && is_owed(row) && paid_from->at < as_of) {
      const bool late_end = row.said.back().status == "cancelled" && over && paid_from->at == over->at &&
                            row.start.at < over->at && end && end->at < moments.plus_days(*over, 1);
      const Stretch one{*paid_from, to, false};
      const bool whole = one.from.at == row.start.at && to && end && to->at == end->at;
      if (!late_end && (lasts(one) || whole)) out.push_back(one);
    }
    if (says == "paid" && (!before.empty() || !over)) continue;
    if (before == "trial" || (before == "until" && (!over || from.at <= over->at))) continue;  // it goes on
    const Stretch tried{from, says == "trial" ? to : earlier(to, over), true};
    if (lasts(tried) || (tried.from.at == row.start.at && tried.to && end && tried.to->at == end->at))
      out.push_back(tried);
  }
  return out;
}

std::vector<Stretch> paid(const Scope& scope, const Subscription& row) {
  std::vector<Stretch> out;
  for (const Stretch& one : stretches(scope.moments, row, scope.as_of.at))
    if (!one.trial) out.push_back(one);
  return out;
}

namespace {

bool is_payer(const World& world, const Moments& moments, const Name& customer) {
  const Instant horizon = moments.start_of(world.complete_until + 1);
  return std::ranges::any_of(world.subscriptions, [&](const Subscription& row) {
    return (!customer || row.customer == *customer) &&
           std::ranges::any_of(stretches(moments, row, horizon), [](const Stretch& one) { return !one.trial; });
  });
}

}  // namespace

bool has_paid(const World& world, const Moments& moments) { return is_payer(world, moments, std::nullopt); }

bool is_mixed(const World& world, const Moments& moments) {
  if (!has_paid(world, moments)) return false;
  return std::ranges::any_of(world.orders, [&](const Order& order) {
    return order.customer && order.document == "order" && order.last_status() == "confirmed" &&
           !is_payer(world, moments, order.customer);
  });
}

std::string relation(const Scope& scope, const std::string& customer) {
  if (!has_paid(scope.world, scope.moments)) return "purchase";
  const bool pays = std::ranges::any_of(scope.world.subscriptions, [&](const Subscription& row) {
    return row.customer == customer && !paid(scope, row).empty();
  });
  return pays ? "contract" : "purchase";
}

Scope apart(const Scope& scope) {
  Scope out = scope.over(scope.span);
  const auto asked = std::ranges::find(scope.split, "relation", &std::pair<std::string, Name>::first);
  if (is_mixed(scope.world, scope.moments) && asked == scope.split.end())
    out.split.emplace_back("relation", "contract");
  return out;
}

std::map<std::string, Sale> first_purchases(const Scope& scope) {
  std::map<std::string, Sale> out;
  for (const Sale& sale : sales(scope))
    if (sale.customer) out.emplace(*sale.customer, sale);
  for (const Subscription& row : scope.world.subscriptions) {
    for (const Stretch& one : paid(scope, row)) {
      const Sale first{row.key, row.customer, std::nullopt, std::nullopt, one.from, {}, {}, {}};
      const auto [at, fresh] = out.emplace(row.customer, first);
      if (!fresh && one.from.at < at->second.at.at) at->second = first;
    }
  }
  return out;
}

bool serves_acquisition(const Cost& cost) { return cost.function == "sales" || cost.function == "marketing"; }

std::optional<double> quantile(std::vector<double> values, double q) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const double position = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(position));
  const double rest = position - static_cast<double>(below);
  if (below + 1 >= values.size()) return values.back();
  return values[below] + rest * (values[below + 1] - values[below]);
}

}  // namespace vigie::reference

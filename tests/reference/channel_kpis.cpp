// Which contacts brought a customer, by every model of attribution, one customer and one contact after the other.
#include <cmath>

#include "reference/derived.h"

namespace vigie::reference {
namespace {

const std::vector<std::string> kModels{"first",      "last",       "last_non_direct",
                                       "linear",     "time_decay", "position_u",
                                       "position_w", "position_j", "position_inverse_j"};

/// A share of one new customer.
struct Credit {
  const Sale* first;
  Name channel;
  double share;
};

const Lead* find_lead(const World& world, const std::string& key) {
  const auto found = std::ranges::find(world.leads, key, &Lead::key);
  return found == world.leads.end() ? nullptr : &*found;
}

/// Whom the contact names: the customer named, else the one that the lead became, by itself or through a deal.
Name named_by(const Scope& scope, const Touch& touch) {
  if (touch.customer || !touch.lead) return touch.customer;
  const Lead* lead = find_lead(scope.world, *touch.lead);
  if (!lead || !scope.happened(lead->created.at)) return std::nullopt;
  return customer_of(scope, *lead);
}

/// Who is named, else whom the first contact of the same visitor to name anybody names.
Name toucher(const Scope& scope, const Touch& touch) {
  if (const Name named = named_by(scope, touch); named || !touch.visitor) return named;
  const Touch* first = nullptr;
  for (const Touch& other : scope.world.touches) {
    if (other.visitor != touch.visitor || !scope.happened(other.at.at) || !named_by(scope, other)) continue;
    if (!first || other.at.at < first->at.at) first = &other;
  }
  return first ? named_by(scope, *first) : std::nullopt;
}

std::vector<const Touch*> touches_before(const Scope& scope, const Sale& first) {
  const int window = scope.parameter("window", 90);
  std::vector<const Touch*> out;
  for (const Touch& touch : scope.world.touches) {
    if (toucher(scope, touch) != first.customer || !scope.happened(touch.at.at)) continue;
    if (touch.at.at <= first.at.at && scope.moments.plus_days(first.at, -window) <= touch.at.at) out.push_back(&touch);
  }
  std::ranges::sort(out, {}, [](const Touch* one) { return one->at.at; });
  return out;
}

bool is_direct(const Touch* touch) { return touch->channel == "direct"; }

std::vector<double> only(std::size_t count, std::size_t which) {
  std::vector<double> out(count, 0.0);
  out[which] = 1;
  return out;
}

/// The ends and what is between, in hundredths; of two contacts the ends' alone.
std::vector<double> by_position(std::size_t count, double first, double between, double last) {
  if (count == 1) return {1};
  std::vector<double> out(count, count > 2 ? between / static_cast<double>(count - 2) : 0);
  out.front() = first;
  out.back() = last;
  return out;
}

std::vector<double> w_shape(std::size_t count) {
  std::vector<double> out(count, count > 3 ? 10.0 / static_cast<double>(count - 3) : 0);
  for (const std::size_t place : {std::size_t{1}, (count + 1) / 2, count}) out[place - 1] = 30;
  return out;
}

std::vector<double> weights(const Scope& scope, const std::vector<const Touch*>& touches, const Sale& first) {
  const std::size_t count = touches.size();
  const auto found = scope.params.find("model");
  const std::string model = found == scope.params.end() ? "last_non_direct" : found->second;
  if (model == "first") return only(count, 0);
  if (model == "last") return only(count, count - 1);
  if (model == "position_u") return by_position(count, 40, 20, 40);
  if (model == "position_w") return w_shape(count);
  if (model == "position_j") return by_position(count, 20, 20, 60);
  if (model == "position_inverse_j") return by_position(count, 60, 20, 20);
  if (model == "linear") return std::vector<double>(count, 1.0);
  if (model == "time_decay") {
    std::vector<double> out;
    for (const Touch* one : touches)
      out.push_back(std::exp2(-scope.moments.days_between(one->at, first.at) / scope.parameter("half_life", 7)));
    return out;
  }
  for (std::size_t i = count; i-- > 0;)
    if (!is_direct(touches[i])) return only(count, i);
  return only(count, count - 1);
}

/// The customer's own channel, else that of its first purchase.
Name own_channel(const Scope& scope, const Sale& first) {
  for (const Customer& one : scope.world.customers)
    if (one.key == first.customer && one.acquisition_channel) return one.acquisition_channel;
  return first.channel;
}

std::vector<Credit> credits(const Scope& scope, const std::map<std::string, Sale>& firsts) {
  const bool any = std::ranges::any_of(
      scope.world.touches, [&](const Touch& one) { return (one.customer || one.lead) && scope.happened(one.at.at); });
  std::vector<Credit> out;
  for (const auto& [customer, first] : firsts) {
    const auto touches = touches_before(scope, first);
    if (touches.empty()) {
      const Name own = own_channel(scope, first);
      out.push_back({&first, own && (!any || own == "direct") ? own : Name("unknown"), 1});
      continue;
    }
    const auto weight = weights(scope, touches, first);
    double all = 0;
    for (const double one : weight) all += one;
    for (std::size_t i = 0; i < touches.size(); ++i) out.push_back({&first, touches[i]->channel, weight[i] / all});
  }
  return out;
}

bool keeps(const Scope& scope, const Name& channel) {
  Attributes row;
  row.names["channel"] = channel;
  return scope.selects(row);
}

double spent(const Scope& scope, Instant from, Instant to) {
  double sum = 0;
  for (const Spend& one : scope.world.spend) {
    const Instant at = scope.moments.start_of(one.day);
    if (one.amount.base && from <= at && at < to && scope.happened(at) && keeps(scope, one.channel))
      sum += one.amount.base->to_double();
  }
  return sum;
}

/// What serves sales or marketing and names a channel.
double channel_costs(const Scope& scope, Instant from, Instant to) {
  double sum = 0;
  for (const Cost& one : scope.world.costs) {
    const Instant at = scope.moments.start_of(one.day);
    if (!one.amount.base || !one.share || !one.channel || !serves_acquisition(one)) continue;
    if (from <= at && at < to && scope.happened(at) && keeps(scope, one.channel))
      sum += one.amount.base->to_double() * one.share->to_double();
  }
  return sum;
}

double customers(const Scope& scope, const std::function<bool(const Name&)>& which) {
  const auto firsts = first_purchases(scope);
  double sum = 0;
  for (const Credit& one : credits(scope, firsts))
    if (scope.inside(one.first->at.at) && which(one.channel) && keeps(scope, one.channel)) sum += one.share;
  return sum;
}

Figure by_channel(const Scope& scope) {
  const double cost =
      spent(scope, scope.span.from, scope.span.to) + channel_costs(scope, scope.span.from, scope.span.to);
  return Figure::ratio(cost, customers(scope, [](const Name&) { return true; }));
}

/// A channel on which money was ever spent, up to as-of.
Figure paid(const Scope& scope) {
  const auto is_paid = [&](const Name& channel) {
    return std::ranges::any_of(scope.world.spend, [&](const Spend& one) {
      return channel == one.channel && one.amount.base && one.amount.base->units() > 0 &&
             scope.happened(scope.moments.start_of(one.day));
    });
  };
  return Figure::ratio(spent(scope, scope.span.from, scope.span.to), customers(scope, is_paid));
}

/// Before the same day and time of the next year, on the wall clock (28 February after a 29th); before that day, where
/// one of the two has no time.
bool in_first_year(const Scope& scope, const Moment& came_at, const Moment& then) {
  const Instant came = came_at.at, at = then.at;
  const auto& zone = scope.moments.calendar().zone();
  const auto wall = [&](Instant one) { return one.micros + zone.offset_minutes(one) * 60 * kMicrosPerSecond; };
  const Date day = scope.moments.day_of(came);
  const auto [y, m, d] = civil(day);
  const Date year_later = date_of(y + 1, m, std::min(d, days_in_month(y + 1, m)));
  if (came_at.bare || then.bare) return scope.moments.day_of(at) < year_later;
  return wall(at) < wall(came) + (year_later - day) * kMicrosPerDay;
}

/// What a customer paid in its first twelve months, less what it was paid back in them.
double first_year(const Scope& scope, const Sale& first) {
  double sum = 0;
  for (const Sale& sale : sales(scope))
    if (sale.customer == first.customer && sale.net && in_first_year(scope, first.at, sale.at))
      sum += sale.net->to_double();
  for (const Refund& refund : scope.world.refunds) {
    Name who = refund.customer;
    for (const Order& order : scope.world.orders)
      if (!who && refund.order == order.key) who = order.customer;
    if (who == first.customer && refund.net.base && scope.happened(refund.at.at) &&
        in_first_year(scope, first.at, refund.at))
      sum -= refund.net.base->to_double();
  }
  return sum;
}

/// What is known of what customers were sold.
struct Sold {
  bool any = false, priced = false;
};

void note(const Scope& scope, const Sale& first, Sold& sold) {
  for (const Sale& sale : sales(scope)) {
    if (sale.customer != first.customer) continue;
    sold.any = true;
    sold.priced = sold.priced || sale.net.has_value();
  }
}

/// Over the 12 complete months up to the end of the span. Of sales without a single known amount: not known.
Figure roas(const Scope& scope) {
  const Date end = scope.moments.month_start(scope.moments.day_of(scope.span.to), 0);
  const Instant from = scope.moments.start_of(scope.moments.month_start(end, -12)), to = scope.moments.start_of(end);
  const auto firsts = first_purchases(scope);
  double revenue = 0, won = 0, open = 0;
  Sold sold;
  for (const Credit& one : credits(scope, firsts)) {
    if (from > one.first->at.at || one.first->at.at >= to || one.share <= 0 || !keeps(scope, one.channel)) continue;
    revenue += one.share * first_year(scope, *one.first);
    won += one.share;
    note(scope, *one.first, sold);
    if (in_first_year(scope, one.first->at, Moment{scope.as_of.at})) open += one.share;
  }
  Figure out = Figure::ratio(revenue, spent(scope, from, to) + channel_costs(scope, from, to));
  if (sold.any && !sold.priced) {
    out.value.reset();
    out.numerator.reset();
  }
  out.maturing = won > 0 ? open / won : 0;
  return out;
}

bool asked_of(const World& world) {
  const bool bought =
      world.trade == Trade::deals ? !world.deals.empty() : !world.orders.empty() || !world.subscriptions.empty();
  return bought && !world.spend.empty() && !world.costs.empty();
}

}  // namespace

std::vector<Kpi> channel_kpis() {
  const std::vector<std::pair<std::string, std::vector<std::string>>> params{
      {"model", kModels}, {"window", {"1", "14", "30", "90", "400"}}, {"half_life", {"1", "7", "30"}}};
  return {{"cac:by_channel", {"channel"}, false, {}, params, asked_of, by_channel},
          {"cac:paid", {"channel"}, false, {}, params, asked_of, paid},
          {"channel_roi:roas", {"channel"}, false, {}, params, asked_of, roas, false, true}};
}

}  // namespace vigie::reference

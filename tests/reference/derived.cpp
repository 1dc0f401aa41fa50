#include "reference/derived.h"

#include <cmath>
#include <limits>
#include <map>
#include <set>

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

bool is_owed(const Subscription& row) { return !row.mrr.amount || *row.mrr.amount > Decimal(0, 0); }

namespace {

using Said = Subscription::Said;

bool same_moment(const std::optional<Moment>& a, const std::optional<Moment>& b) {
  return a.has_value() == b.has_value() && (!a || (a->at == b->at && a->bare == b->bare));
}
bool same_words(const Said& a, const Said& b) {
  return a.status == b.status && a.is_trial == b.is_trial && same_moment(a.trial_end, b.trial_end);
}

/// What is kept of the words of a row. A word that says the same is no version, unless it dates one that nobody dated.
/// A slip gives way to a dated word, in whichever order they come, and whatever came between them; of dated words and
/// undated ones the one that came later is the row's. (Dates never go back here.)
struct Told {
  std::vector<Said> versions;
  std::string status;  ///< what the row says now

  explicit Told(const Subscription& row) {
    const Said* last = nullptr;
    bool dated = false;
    for (const Said& word : row.said) {
      if (word.slip && dated) continue;
      if (!word.slip || !last || !last->slip || !same_words(word, *last)) add(word, last);
      last = &word;
      dated = dated || word.at;
      status = word.status;
    }
  }

 private:
  void add(const Said& word, const Said* last) {
    if (last && last->slip && (word.slip || word.at) && versions.back().slip) versions.pop_back();
    if (versions.empty()) return versions.push_back(word);
    const bool dates_it = word.at && versions.size() > 1 && !versions.back().at;
    if (!same_words(word, versions.back()) || dates_it) versions.push_back(word);
  }
};

/// One row at each instant of its life, as an as-of sees it: the words that hold, and whether it is a trial then.
class Life {
 public:
  Life(const Told& told, const Subscription& row, Instant as_of) : versions_(told.versions), start_(row.start.at) {
    Instant since{std::numeric_limits<std::int64_t>::min()};
    for (std::size_t i = 0; i < versions_.size(); ++i) {
      if (i > 0 && versions_[i].at) since = *versions_[i].at;
      if (since < as_of) since_.push_back(since);
    }
  }

  /// The instants at which it may become something else, the first of each first.
  std::map<Instant, Moment> edges(const Subscription& row) const {
    std::map<Instant, Moment> out{{row.start.at, row.start}};
    for (const Instant since : since_) out.try_emplace(since, Moment{since, false});
    for (const Said& one : versions_)
      if (one.trial_end) out.try_emplace(one.trial_end->at, *one.trial_end);
    std::erase_if(out, [&](const auto& edge) { return edge.first < row.start.at; });
    return out;
  }

  bool is_trial(Instant t) const {
    const std::size_t now = holding(t);
    const Said& one = versions_[now];
    if (one.status == "trial") return true;
    const auto over = end_of(now);
    if (one.is_trial) return !over || t < *over;
    return !spoke_up_to(now) && over && t < *over;
  }
  /// Of one that was over at once: what it says last.
  bool is_trial_at_last() const {
    const std::size_t now = what_it_is(since_.size() - 1);
    const Said& one = versions_[now];
    if (one.status == "trial") return true;
    const auto over = one.trial_end ? std::optional(one.trial_end->at) : std::nullopt;
    if (one.is_trial) return !over || start_ < *over;
    return !spoke_up_to(now) && over && start_ < *over;
  }

 private:
  static bool is_rest(const Said& one) {
    return !one.is_trial && (one.status == "cancelled" || one.status == "paused");
  }
  /// What is cancelled or paused is what it was before.
  std::size_t what_it_is(std::size_t version) const {
    while (version > 0 && is_rest(versions_[version])) --version;
    return version;
  }
  /// The last that was told of those that hold since then or before.
  std::size_t holding(Instant t) const {
    std::size_t last = 0;
    for (std::size_t i = 0; i < since_.size(); ++i)
      if (since_[i] <= t) last = i;
    return what_it_is(last);
  }
  /// All that ever held, one after another, each with when it begins.
  std::vector<std::pair<Instant, std::size_t>> held() const {
    std::vector<std::pair<Instant, std::size_t>> out;
    for (const Instant since : since_) {
      const std::size_t now = holding(since);
      if (out.empty() || out.back().second != now) out.emplace_back(since, now);
    }
    return out;
  }
  bool spoke_up_to(std::size_t version) const {
    for (const auto& [since, one] : held())
      if (one <= version && (versions_[one].status == "trial" || versions_[one].is_trial)) return true;
    return false;
  }
  /// Its own end, else the next one's, told afterwards.
  std::optional<Instant> end_of(std::size_t version) const {
    if (versions_[version].trial_end) return versions_[version].trial_end->at;
    const auto all = held();
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
      if (all[i].second != version) continue;
      const auto& [since, next] = all[i + 1];
      const auto& end = versions_[next].trial_end;
      if (end && end->at <= since) return end->at;
    }
    return std::nullopt;
  }

  const std::vector<Said>& versions_;
  std::vector<Instant> since_;  ///< of those that as_of sees, the last dated change up to each
  Instant start_;
};

}  // namespace

std::vector<Stretch> stretches(const Moments& moments, const Subscription& row, Instant as_of) {
  if (as_of <= row.start.at) return {};
  const auto end = ended(row);
  const Told told(row);
  const Life life(told, row, as_of);
  std::vector<Stretch> all;
  if (end && end->at <= row.start.at) all.push_back({row.start, end, life.is_trial_at_last()});
  else
    for (const auto& [at, moment] : life.edges(row)) {
      if (end && end->at <= at) break;
      const bool trial = life.is_trial(at);
      if (!all.empty() && all.back().trial == trial) continue;
      if (!all.empty()) all.back().to = moment;
      all.push_back({moment, end, trial});
    }
  std::erase_if(all, [&](const Stretch& one) {
    if (as_of <= one.from.at) return true;
    if (one.trial) return false;
    const bool over_with_it =
        row.start.at < one.from.at && told.status == "cancelled" && end && end->at < moments.plus_days(one.from, 1);
    return over_with_it || !is_owed(row);
  });
  return all;
}

std::vector<Stretch> paid(const Scope& scope, const Subscription& row) {
  std::vector<Stretch> out;
  for (const Stretch& one : stretches(scope.moments, row, scope.as_of.at))
    if (!one.trial) out.push_back(one);
  return out;
}

namespace {

/// Whoever pays a subscription, or did, as it is told at as_of.
std::set<std::string> payers(const World& world, const Moments& moments, Instant as_of) {
  std::set<std::string> out;
  for (const Subscription& row : world.subscriptions)
    for (const Stretch& one : stretches(moments, row, as_of))
      if (!one.trial) out.insert(row.customer);
  return out;
}

}  // namespace

bool has_paid(const World& world, const Moments& moments, Instant as_of) {
  return !payers(world, moments, as_of).empty();
}

bool is_mixed(const World& world, const Moments& moments, Instant as_of) {
  const std::set<std::string> paying = payers(world, moments, as_of);
  if (paying.empty()) return false;
  const Scope then{world, moments, {as_of}, {}, nullptr, {}, {}, {}};
  return std::ranges::any_of(sales(then),
                             [&](const Sale& sale) { return sale.customer && !paying.contains(*sale.customer); });
}

std::string relation(const Scope& scope, const std::string& customer) {
  for (const Subscription& row : scope.world.subscriptions)
    if (row.customer == customer && !paid(scope, row).empty()) return "contract";
  return "purchase";
}

Scope apart(const Scope& scope) {
  Scope out = scope.over(scope.span);
  const auto asked = std::ranges::find(scope.split, "relation", &std::pair<std::string, Name>::first);
  if (is_mixed(scope.world, scope.moments, scope.as_of.at) && asked == scope.split.end())
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

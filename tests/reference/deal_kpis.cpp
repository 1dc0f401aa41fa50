// Conversion of leads and deals, the length of the sales cycle, the open pipeline.
#include "reference/derived.h"

namespace vigie::reference {
namespace {

const std::vector<std::string> kOfDeals{"channel", "segment", "country", "nps_group"};

/// Something that may become a sale: a lead, or a deal.
struct Unit {
  std::string key;
  std::string who;  ///< two units of one company in one period count once
  Moment created;
  std::optional<Moment> converted;
  Attributes row;
};

void earlier(std::optional<Moment>& best, const Moment& other) {
  if (!best || other.at < best->at) best = other;
}

/// What made a lead a customer by itself: its customer's first purchase, or a won deal linked to it; its own date only
/// without a link.
std::optional<Moment> conversion(const Scope& scope, const Lead& lead, const std::map<std::string, Sale>& firsts) {
  std::optional<Moment> out;
  const Name customer = customer_of(scope, lead);
  bool linked = customer.has_value();
  if (customer)
    if (const auto found = firsts.find(*customer); found != firsts.end()) earlier(out, found->second.at);
  for (const Deal& deal : scope.world.deals) {
    if (lead.deal != deal.key && deal.lead != lead.key) continue;
    if (!scope.happened(deal.created.at) && lead.deal != deal.key) continue;
    linked = true;
    if (outcome(scope, deal) == "won") earlier(out, *deal.closed);
  }
  if (!linked && lead.converted && scope.happened(lead.converted->at)) out = lead.converted;
  return out;
}

std::vector<Unit> deal_units(const Scope& scope) {
  std::vector<Unit> out;
  for (const Deal& deal : scope.world.deals) {
    if (!scope.happened(deal.created.at)) continue;
    std::optional<Moment> won;
    if (outcome(scope, deal) == "won") won = deal.closed;
    out.push_back({deal.key, deal.customer.value_or("deal " + deal.key), deal.created, won,
                   attributes(scope, deal.customer, deal.created.at, deal.channel)});
  }
  return out;
}

/// Leads; without any, deals in their place, two of one company in one period counting once. Asked for, deals are
/// deals.
std::vector<Unit> units(const Scope& scope) {
  const auto of = scope.params.find("of");
  if (of != scope.params.end() && of->second == "opportunities") {
    auto out = deal_units(scope);
    for (std::size_t i = 0; i < out.size(); ++i) out[i].who = fmt::format("deal {}", i);
    return out;
  }
  if (scope.world.leads.empty()) return deal_units(scope);
  std::vector<Unit> out;
  const auto firsts = first_purchases(scope);
  std::map<std::string, std::optional<Moment>> by_company;
  for (const Lead& lead : scope.world.leads) {
    if (!scope.happened(lead.created.at)) continue;
    out.push_back({lead.key, company_of(scope, lead), lead.created, conversion(scope, lead, firsts),
                   attributes(scope, customer_of(scope, lead), lead.created.at, lead.channel)});
    if (out.back().converted) earlier(by_company[out.back().who], *out.back().converted);
  }
  // A company is won once, by whichever of its leads.
  for (Unit& unit : out) unit.converted = by_company[unit.who];
  return out;
}

/// Half-open, in calendar days: whole ones where either end is a bare date.
bool within(const Scope& scope, const Unit& unit, int window) {
  if (!unit.converted) return false;
  if (unit.created.bare || unit.converted->bare)
    return scope.moments.days_between(unit.created, *unit.converted) < window;
  return unit.converted->at < scope.moments.plus_days(unit.created, window);
}
bool matured(const Scope& scope, const Unit& unit, int window) {
  return scope.moments.plus_days(unit.created, window) <= scope.as_of.at;
}

struct Cohort {
  std::set<std::string> entered, matured, immature, converted, ever;
};

Cohort cohort(const Scope& scope, const std::vector<Unit>& all, int window) {
  Cohort out;
  for (const Unit& unit : all) {
    if (!scope.inside(unit.created.at) || !scope.selects(unit.row)) continue;
    out.entered.insert(unit.who);
    if (unit.converted) out.ever.insert(unit.who);
    (matured(scope, unit, window) ? out.matured : out.immature).insert(unit.who);
    if (matured(scope, unit, window) && within(scope, unit, window)) out.converted.insert(unit.who);
  }
  return out;
}

double size(const std::set<std::string>& of) { return static_cast<double>(of.size()); }

Figure in_window(const Scope& scope, int window) {
  const Cohort c = cohort(scope, units(scope), window);
  Figure out = Figure::ratio(size(c.converted), size(c.matured));
  if (!c.entered.empty()) out.maturing = size(c.immature) / size(c.entered);
  return out;
}

Figure conversion_rate(const Scope& scope) { return in_window(scope, scope.parameter("window", 90)); }
Figure at_age(const Scope& scope) { return in_window(scope, scope.parameter("age", 30)); }

Figure created_to_date(const Scope& scope) {
  const Cohort c = cohort(scope, units(scope), 1);
  return Figure::ratio(size(c.ever), size(c.entered));
}

Figure period_ratio(const Scope& scope) {
  std::set<std::string> entered, converted;
  for (const Unit& unit : units(scope)) {
    if (scope.inside(unit.created.at) && scope.selects(unit.row)) entered.insert(unit.who);
    if (unit.converted && scope.inside(unit.converted->at) && scope.selects(unit.row)) converted.insert(unit.who);
  }
  return Figure::ratio(size(converted), size(entered));
}

Figure win_rate(const Scope& scope) {
  const int window = scope.parameter("window", 90);
  double won = 0, closed = 0, open = 0;
  for (const Unit& unit : deal_units(scope)) {
    if (!scope.inside(unit.created.at) || !scope.selects(unit.row)) continue;
    (matured(scope, unit, window) ? closed : open) += 1;
    won += matured(scope, unit, window) && within(scope, unit, window) ? 1 : 0;
  }
  Figure out = Figure::ratio(won, closed);
  if (closed + open > 0) out.maturing = open / (closed + open);
  return out;
}

/// A deal with the outcome in force, seen at its close or at its creation.
struct Seen {
  const Deal* deal;
  std::string outcome;
};
enum class By { creation, close };

std::vector<Seen> deals(const Scope& scope, By by) {
  std::vector<Seen> out;
  for (const Deal& deal : scope.world.deals) {
    const std::string now = outcome(scope, deal);
    if (!scope.happened(deal.created.at) || (by == By::close && now == "open")) continue;
    const Moment at = by == By::close ? *deal.closed : deal.created;
    if (scope.inside(at.at) && scope.selects(attributes(scope, deal.customer, at.at, deal.channel)))
      out.push_back({&deal, now});
  }
  return out;
}

/// What the deals won in the span are worth, at their close.
Figure signed_amount(const Scope& scope) {
  Decimal sum(0, 6);
  std::int64_t count = 0, unpriced = 0;
  for (const Seen& seen : deals(scope, By::close)) {
    if (seen.outcome != "won") continue;
    ++count;
    if (seen.deal->amount.base) sum = plus(sum, *seen.deal->amount.base);
    else ++unpriced;
  }
  if (count > 0 && unpriced == count && sum.is_zero()) return {};
  Figure out = Figure::of(sum);
  out.n = count;
  out.unpriced = unpriced;
  return out;
}

Figure win_rate_closed(const Scope& scope) {
  double won = 0, all = 0;
  for (const Seen& seen : deals(scope, By::close)) won += seen.outcome == "won" ? 1 : 0, all += 1;
  return Figure::ratio(won, all);
}

Figure by_value_of(const std::vector<Seen>& seen) {
  Decimal won(0, 6), all(0, 6);
  for (const Seen& one : seen) {
    if (!one.deal->amount.base) continue;
    all = plus(all, *one.deal->amount.base);
    if (one.outcome == "won") won = plus(won, *one.deal->amount.base);
  }
  return Figure::ratio(won.to_double(), all.to_double());
}
Figure by_value(const Scope& scope) { return by_value_of(deals(scope, By::creation)); }
Figure by_value_closed(const Scope& scope) { return by_value_of(deals(scope, By::close)); }

Figure deal_size(const Scope& scope) {
  Decimal won(0, 6);
  double count = 0;
  for (const Seen& one : deals(scope, By::close))
    if (one.outcome == "won" && one.deal->amount.base) won = plus(won, *one.deal->amount.base), count += 1;
  return Figure::ratio(won.to_double(), count);
}

Moment start(const Deal& deal) { return deal.first_contact.value_or(deal.created); }

/// Days that it stood lost before it was open again, or closed for good: those since its first contact.
double lost_since_contact(const Scope& scope, const Deal& deal, const Moment& until) {
  const Moment begun = start(deal);
  if (until.at <= begun.at) return 0;
  return scope.moments.days_between(begun.at < deal.lost->at ? *deal.lost : begun, until);
}

/// Days of the cycle, less those that it stood lost before it was closed for good; none for a close before the
/// creation. Of the same day, where one of them is a bare date: 0.
std::optional<double> cycle(const Scope& scope, const Deal& deal) {
  if (scope.moments.days_between(deal.created, *deal.closed) < 0) return std::nullopt;
  double days = scope.moments.days_between(start(deal), *deal.closed);
  if (deal.lost) days -= lost_since_contact(scope, deal, *deal.closed);
  return days < 0 ? std::nullopt : std::optional(days);
}

}  // namespace

/// Of each company one cycle, from the first of its units that came before it converted.
std::vector<double> lead_cycles(const Scope& scope) {
  std::vector<Unit> forward;
  for (Unit& unit : units(scope))
    if (unit.converted && scope.moments.days_between(unit.created, *unit.converted) >= 0)
      forward.push_back(std::move(unit));
  std::ranges::sort(forward, {}, [](const Unit& one) {
    return std::tuple(one.created.at.micros, one.converted->at.micros, one.key);
  });
  std::vector<double> out;
  std::set<std::string> seen;
  for (const Unit& unit : forward) {
    if (!seen.insert(unit.who).second || !scope.inside(unit.converted->at) || !scope.selects(unit.row)) continue;
    out.push_back(scope.moments.days_between(unit.created, *unit.converted));
  }
  return out;
}

namespace {

std::vector<double> cycles(const Scope& scope, const std::string& which) {
  std::vector<double> out;
  for (const Seen& one : deals(scope, By::close))
    if (which == "closed" || one.outcome == which)
      if (const auto days = cycle(scope, *one.deal)) out.push_back(*days);
  return out;
}

}  // namespace

std::vector<double> won_cycles(const Scope& scope) { return cycles(scope, "won"); }

namespace {

Figure quantile_figure(std::vector<double> values, double q) {
  Figure out;
  out.n = static_cast<std::int64_t>(values.size());
  out.value = quantile(std::move(values), q);
  return out;
}

Figure median_cycle(const Scope& scope) {
  const auto which = scope.params.find("outcome");
  return quantile_figure(cycles(scope, which == scope.params.end() ? "won" : which->second),
                         scope.real_parameter("q", 0.5));
}
Figure p90(const Scope& scope) { return quantile_figure(cycles(scope, "won"), 0.9); }
Figure won_and_lost(const Scope& scope) {
  return quantile_figure(cycles(scope, "closed"), scope.real_parameter("q", 0.5));
}

Figure lead_to_sale(const Scope& scope) { return quantile_figure(lead_cycles(scope), scope.real_parameter("q", 0.5)); }

Figure mean_cycle(const Scope& scope) {
  const auto all = cycles(scope, "won");
  double sum = 0;
  for (const double days : all) sum += days;
  Figure out = Figure::ratio(sum, static_cast<double>(all.size()));
  out.numerator.reset();  // in which unit a sum of days is shown is nobody's business
  return out;
}

/// One deal of a cohort: how long it was watched open, and what ended it (0 nothing yet, 1 won, 2 lost).
struct Watched {
  double days;
  int end;
};

std::vector<Watched> watched(const Scope& scope) {
  std::vector<Watched> out;
  for (const Seen& one : deals(scope, By::creation)) {
    if (one.outcome == "open") {
      const auto& deleted = one.deal->deleted;
      const bool gone = deleted && scope.happened(*deleted);
      double age = gone ? scope.moments.days_between(start(*one.deal), {*deleted, false})
                        : scope.moments.age(start(*one.deal), scope.as_of);
      if (one.deal->lost) age -= lost_since_contact(scope, *one.deal, {*one.deal->undone, false});
      if (age >= 0) out.push_back({age, 0});
    } else if (const auto days = cycle(scope, *one.deal)) {
      out.push_back({*days, one.outcome == "won" ? 1 : 2});
    }
  }
  std::ranges::sort(out, {}, &Watched::days);
  return out;
}

/// Kaplan–Meier: the first t with S(t) <= 1 − q; none when never reached. Events come before censorings.
Figure survival(const Scope& scope, bool losses_end_it) {
  const auto all = watched(scope);
  const double q = scope.real_parameter("q", 0.5);
  double left = 1;
  Figure out;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t next = i;
    double events = 0;
    for (; next < all.size() && all[next].days == all[i].days; ++next)
      events += all[next].end == 1 || (losses_end_it && all[next].end == 2) ? 1 : 0;
    left *= 1 - events / static_cast<double>(all.size() - i);
    if (events > 0 && left <= 1 - q + 1e-12) {
      out.value = all[i].days;
      return out;
    }
    i = next;
  }
  return out;
}
Figure cohort_median(const Scope& scope) { return survival(scope, true); }
Figure cohort_median_won(const Scope& scope) { return survival(scope, false); }

/// Aalen–Johansen: the share won (or lost) by an age, those that ended otherwise out of the running.
Figure won_by_age(const Scope& scope) {
  const auto all = watched(scope);
  const double age = std::stod(*scope.axis);
  const auto which = scope.params.find("along.outcome");
  const int wanted = which != scope.params.end() && which->second == "lost" ? 2 : 1;
  double left = 1, won = 0;
  for (std::size_t i = 0; i < all.size() && all[i].days <= age;) {
    std::size_t next = i;
    double wins = 0, ends = 0;
    for (; next < all.size() && all[next].days == all[i].days; ++next)
      wins += all[next].end == wanted ? 1 : 0, ends += all[next].end != 0 ? 1 : 0;
    const double at_risk = static_cast<double>(all.size() - i);
    won += left * wins / at_risk;
    left *= 1 - ends / at_risk;
    i = next;
  }
  Figure out;
  if (!all.empty()) out.value = won;
  return out;
}

Figure pipeline_value(const Scope& scope) {
  Decimal sum(0, 6);
  int known = 0, unpriced = 0;
  for (const Deal& deal : scope.world.deals) {
    if (!scope.happened(deal.created.at) || scope.span.to <= deal.created.at) continue;
    if (deal.deleted && *deal.deleted < scope.span.to) continue;
    const bool lost = deal.lost && deal.lost->at < scope.span.to && scope.span.to <= *deal.undone;
    const bool open = !lost && (outcome(scope, deal) == "open" || scope.span.to <= deal.closed->at);
    if (!open || !scope.selects(attributes(scope, deal.customer, Instant{scope.span.from.micros - 1}, deal.channel)))
      continue;
    const bool undone_since = deal.lost && scope.span.to <= *deal.undone;
    const std::optional<Decimal>& worth = (undone_since ? deal.lost_while_open : deal.while_open).base;
    ++(worth ? known : unpriced);
    if (worth) sum = plus(sum, *worth);
  }
  // Of deals none of which has a known amount the sum is not known.
  if (known == 0 && unpriced > 0) return {};
  return Figure::of(sum);
}

bool has_deals(const World& world) { return !world.deals.empty(); }
bool has_leads(const World& world) { return !world.leads.empty(); }
bool has_units(const World& world) { return !world.deals.empty() || !world.leads.empty(); }

}  // namespace

std::vector<Kpi> deal_kpis() {
  const std::pair<std::string, std::vector<std::string>> windows{"window", {"90", "30", "7", "1"}},
      ages{"age", {"30", "10", "90"}}, quantiles{"q", {"0.5", "0.25", "0.9"}}, of{"of", {"leads", "opportunities"}},
      outcomes{"outcome", {"won", "lost", "closed"}};
  const std::vector<std::string> of_channel{"channel"};
  return {{"conversion_rate:default", of_channel, false, {}, {windows, of}, has_units, conversion_rate},
          {"conversion_rate:at_age", of_channel, false, {}, {ages}, has_units, at_age},
          {"conversion_rate:created_to_date", of_channel, false, {}, {}, has_units, created_to_date},
          {"conversion_rate:period_ratio", of_channel, false, {}, {}, has_units, period_ratio},
          {"conversion_rate:win_rate", kOfDeals, false, {}, {windows}, has_deals, win_rate},
          {"revenue:signed", kOfDeals, false, {}, {}, has_deals, signed_amount},
          {"conversion_rate:win_rate_closed", kOfDeals, false, {}, {}, has_deals, win_rate_closed},
          {"conversion_rate:by_value", kOfDeals, false, {}, {}, has_deals, by_value},
          {"conversion_rate:by_value_closed", kOfDeals, false, {}, {}, has_deals, by_value_closed},
          {"average_sale:deal_size", kOfDeals, false, {}, {}, has_deals, deal_size},
          {"sales_cycle:default", kOfDeals, false, {}, {quantiles, outcomes}, has_deals, median_cycle},
          {"sales_cycle:lead_to_sale", of_channel, false, {}, {quantiles}, has_leads, lead_to_sale},
          {"sales_cycle:mean", kOfDeals, false, {}, {}, has_deals, mean_cycle},
          {"sales_cycle:p90", kOfDeals, false, {}, {}, has_deals, p90},
          {"sales_cycle:won_and_lost", kOfDeals, false, {}, {quantiles}, has_deals, won_and_lost},
          {"sales_cycle:cohort_median", of_channel, false, {}, {quantiles}, has_deals, cohort_median},
          {"sales_cycle:cohort_median_won", of_channel, false, {}, {quantiles}, has_deals, cohort_median_won},
          {"sales_cycle:cumulative_incidence",
           of_channel,
           false,
           {"age", "7", "14", "30", "60", "90", "120", "180", "365"},
           {},
           has_deals,
           won_by_age},
          {"pipeline_value:default", of_channel, false, {}, {}, has_deals, pipeline_value}};
}

}  // namespace vigie::reference

#include "demo/deals.h"

#include <cmath>

#include "demo/arithmetic.h"
#include "demo/names.h"
#include "demo/sales.h"

namespace vigie::demo {
namespace {

constexpr std::array<std::string_view, 5> kLostReasons{"Prix", "Concurrent", "Projet reporté", "Sans réponse",
                                                       "Délai de livraison"};
constexpr std::array<double, 5> kLostWeights{0.30, 0.22, 0.20, 0.18, 0.10};
constexpr std::array<std::string_view, 4> kArguments{"Garantie 10 ans", "Fabrication locale", "Essai sur site",
                                                     "Reprise de l'ancien mobilier"};
constexpr std::array<std::string_view, 3> kCompetitors{"Mobilia Pro", "Bureau & Cie", "Nordkontor"};
constexpr double kNeverContacted = 0.04;

double fractional(WallTime from, WallTime to) { return static_cast<double>(to - from) / kDaySeconds; }

int staff_of(Segment segment, Random& random) {
  switch (segment) {
    case Segment::private_person: return 0;
    case Segment::very_small: return 1 + random.below(9);
    case Segment::small: return 10 + random.below(240);
    case Segment::mid: return 250 + random.below(2'500);
    case Segment::large: return 5'000 + random.below(20'000);
  }
  return 0;
}

Lead new_lead(const World& world, const Conversion& from, Random& random) {
  Lead out;
  const Place place = a_place(random);
  out.country = place.country;
  out.region = place.region;
  out.city = place.city;
  out.segment = static_cast<Segment>(random.pick(world.truth.lead_segments));
  out.name = a_company(random, place.country, out.industry);
  out.created = from.at;
  out.true_channel = from.channel;
  if (from.known) out.channel = from.channel;
  out.owner = a_rep(world, random, out.segment, out.country, out.region, day_of(out.created));
  return out;
}

/// First contact, then in or out. Returns whether it was qualified.
bool work(const World& world, Lead& lead, Random& random) {
  const WallTime end = start_of(world.time.end);
  const double delay = random.lognormal(world.truth.contact_median_days, world.truth.contact_sigma);
  const double logit = world.truth.qualify + world.truth.qualify_channel[index(lead.true_channel)] +
                       world.truth.delay * portable::log(1 + delay);
  const bool good = random.chance(portable::logistic(logit));
  const double decided_after = good ? random.gamma(1.5, 4) : random.gamma(1.5, 6);
  if (random.chance(kNeverContacted)) return false;
  const WallTime contacted = in_office_hours(lead.created + static_cast<WallTime>(delay * kDaySeconds));
  if (contacted >= end) return false;
  lead.contacted = std::max(contacted, lead.created);
  const WallTime decided = in_office_hours(*lead.contacted + static_cast<WallTime>(decided_after * kDaySeconds));
  if (decided >= end) return false;
  const WallTime after = std::max(decided, *lead.contacted + 1);
  (good ? lead.qualified : lead.disqualified) = after;
  lead.state = good ? LeadState::qualified : LeadState::disqualified;
  return good;
}

Customer account_of(const Lead& lead, std::size_t number, Random& random) {
  Customer out;
  out.key = fmt::format("ACC-{:05}", number + 1);
  out.in_crm = true;
  out.name = lead.name;
  out.country = lead.country;
  out.region = lead.region;
  out.city = lead.city;
  out.industry = lead.industry;
  out.segment = lead.segment;
  out.created = *lead.qualified;
  out.channel = lead.channel;
  out.owner = lead.owner;
  out.employees = staff_of(lead.segment, random);
  out.satisfaction = random.normal();
  return out;
}

void describe(Deal& deal, Random& random, double& logit, const Parameters& truth) {
  if (random.chance(0.35)) {
    deal.argument = random.one_of(kArguments);
    // One argument works; the others are only said.
    if (deal.argument == kArguments[0]) logit += truth.argument_effect;
  }
  if (random.chance(0.25)) {
    deal.competitor = random.one_of(kCompetitors);
    if (deal.competitor == kCompetitors[0]) logit += truth.competitor_effect;
  }
}

void finish(Deal& deal, Random& random, const Timeline& time) {
  if (deal.outcome == Outcome::lost) deal.lost_reason = kLostReasons[random.pick(kLostWeights)];
  if (deal.outcome != Outcome::won) deal.amount_known = !random.chance(0.03);
  const int hoped = 20 + random.below(60);
  const Date close = deal.closed
                         ? day_of(*deal.closed)
                         : std::max(day_of(deal.created) + hoped, random.chance(0.75) ? time.end + 3 + random.below(50)
                                                                                      : day_of(deal.created) + hoped);
  deal.expected_close = close;
}

std::uint32_t add_deal(World& world, Deal deal, Random& random) {
  const auto place = static_cast<std::uint32_t>(world.deals.size());
  finish(deal, random, world.time);
  deal.key = fmt::format("OPP-{:06}", place + 1);
  world.deals.push_back(std::move(deal));
  return place;
}

std::int64_t deal_amount(const World& world, Random& random, Segment segment, double share, Date day) {
  const double euros =
      share * random.lognormal(world.truth.deal_median[static_cast<std::size_t>(segment)], world.truth.deal_sigma);
  return static_cast<std::int64_t>(std::floor(std::max(euros, 200.0) * price_level(world, day))) * 100;
}

void open_first_deal(World& world, std::uint32_t lead_place, Random& random) {
  const auto account = static_cast<std::uint32_t>(world.customers.size());
  Lead& lead = world.leads[lead_place];
  const Date day = day_of(*lead.qualified);
  world.customers.push_back(account_of(lead, account, random));
  lead.customer = account;
  Deal deal;
  deal.name = fmt::format("{} - aménagement", lead.name);
  deal.pipeline = &world.truth.first_deals;
  deal.customer = account;
  deal.lead = lead_place;
  deal.owner = lead.owner;
  deal.channel = lead.channel;
  deal.created = *lead.qualified;
  deal.first_contact = *lead.contacted;
  deal.amount = deal_amount(world, random, lead.segment, 1, day);
  const auto segment = static_cast<std::size_t>(lead.segment);
  double logit = world.truth.win + world.truth.win_channel[index(lead.true_channel)] +
                 world.truth.win_segment[segment] + rep_effect(world, lead.owner, day) +
                 world.truth.delay * portable::log(1 + fractional(lead.created, *lead.contacted));
  describe(deal, random, logit, world.truth);
  const bool wins = random.chance(portable::logistic(logit));
  run_deal(random, world.truth, world.time,
           {deal.pipeline, deal.created, wins, world.truth.stage_pace[segment], world.truth.reopened_share}, deal);
  lead.deal = add_deal(world, std::move(deal), random);
  if (world.deals[lead.deal].outcome == Outcome::won) follow_win(world, lead.deal);
}

}  // namespace

void follow_win(World& world, std::uint32_t place) {
  Random random = world.random("won deal", place);
  const Deal deal = world.deals[place];
  const WallTime at = in_office_hours(*deal.closed + static_cast<WallTime>(random.gamma(1.5, 0.8) * kDaySeconds));
  if (at >= start_of(world.time.end)) return;
  Sale sale{.kind = SaleKind::deal,
            .at = at,
            .customer = deal.customer,
            .owner = deal.owner,
            .deal = place,
            .channel = deal.channel,
            .swiss = world.customers[deal.customer].swiss()};
  sale.net = in_currency(world, sale.swiss, day_of(at), static_cast<double>(deal.amount) / 100);
  const double off = random.chance(0.6) ? 0.12 * random.uniform() : 0;
  sale.discount = static_cast<std::int64_t>(static_cast<double>(sale.net) * off / (1 - off) + 0.5);
  record(world, sale, an_office(random, world.products, static_cast<double>(deal.amount) / (1 - off)));
  if (deal.lead != kNobody) live_on(world, deal.customer, at, random);
}

void live_on(World& world, std::uint32_t customer, WallTime first_order, Random& random) {
  constexpr double kDaysPerMonth = 30.4375, kSmallerDeals = 0.45;
  const PurchaseTruth& truth = world.truth.company_purchases;
  const Buyer buyer = a_buyer(random, truth);
  world.customers[customer].satisfaction =
      satisfaction_of(random, buyer.dropout, truth.a, truth.b, world.truth.satisfaction_loyalty);
  const Customer account = world.customers[customer];
  for (const WallTime at : repeat_purchases(random, buyer, world.time.office, first_order)) {
    Sale sale{.kind = SaleKind::reorder,
              .at = at,
              .customer = customer,
              .owner = account.owner,
              .channel = random.chance(0.7) ? std::optional(Channel::direct) : std::nullopt,
              .swiss = account.swiss()};
    const double euros = random.gamma(truth.p, 1 / buyer.spend_rate) * price_level(world, day_of(at));
    sale.net = in_currency(world, sale.swiss, day_of(at), euros);
    record_basket(world, random, sale);
  }
  const double gone = static_cast<double>(first_order) +
                      random.exponential(world.truth.company_life_months * kDaysPerMonth) * kDaySeconds;
  double at = static_cast<double>(first_order);
  for (;;) {
    at += random.exponential(365.25 / world.truth.expansions_per_year) * kDaySeconds;
    const WallTime created = in_office_hours(static_cast<WallTime>(at));
    if (at >= gone || created >= start_of(world.time.end)) return;
    Deal deal;
    deal.name = fmt::format("{} - extension", account.name);
    deal.pipeline = &world.truth.expansions;
    deal.customer = customer;
    deal.owner = a_rep(world, random, account.segment, account.country, account.region, day_of(created));
    deal.channel = account.channel;
    deal.created = deal.first_contact = created;
    deal.amount = deal_amount(world, random, account.segment, kSmallerDeals, day_of(created));
    const bool wins = random.chance(world.truth.expansion_win);
    run_deal(random, world.truth, world.time,
             {deal.pipeline, created, wins, world.truth.stage_pace[static_cast<std::size_t>(account.segment)], 0},
             deal);
    const std::uint32_t place = add_deal(world, std::move(deal), random);
    if (world.deals[place].outcome == Outcome::won) follow_win(world, place);
  }
}

void add_deals(World& world) {
  for (Conversion& conversion : world.conversions) {
    if (conversion.market != Market::deals) continue;
    const auto place = static_cast<std::uint32_t>(world.leads.size());
    Random random = world.random("lead", place);
    Lead lead = new_lead(world, conversion, random);
    lead.key = fmt::format("L-{:06}", place + 1);
    conversion.lead = place;
    const bool qualified = work(world, lead, random);
    world.leads.push_back(std::move(lead));
    if (qualified) open_first_deal(world, place, random);
  }
}

}  // namespace vigie::demo

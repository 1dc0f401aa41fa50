#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "demo/arithmetic.h"
#include "demo/market.h"
#include "demo/sales.h"

// What happens in the company follows its true parameters: each share and mean lies within five standard errors of what
// the parameters say, for one company of 4,000 customers.
namespace vigie::demo {
namespace {

constexpr double kErrors = 5;
constexpr int kCustomers = 4'000;

const World& company() {
  static const std::unique_ptr<World> world = make_world(true_parameters(kCustomers, 11), date_of(2026, 9, 14), 36);
  return *world;
}

/// Events and the sum of their chances, each its own.
struct Tally {
  double happened = 0, expected = 0, variance = 0;
  int tried = 0;
  void add(bool did, double chance) {
    happened += did ? 1 : 0;
    expected += chance;
    variance += chance * (1 - chance);
    ++tried;
  }
  void check(int at_least) const {
    EXPECT_GE(tried, at_least);
    EXPECT_NEAR(happened, expected, kErrors * std::sqrt(variance)) << "of " << tried;
  }
};

/// Operational times, in weeks, of each shop customer's purchases.
std::map<std::uint32_t, std::vector<double>> purchases(const World& world) {
  std::map<std::uint32_t, std::vector<double>> out;
  for (const Sale& sale : world.sales)
    if (sale.kind == SaleKind::shop && sale.customer != kNobody && sale.state == SaleState::confirmed)
      out[sale.customer].push_back(world.time.shop.operational(sale.at) / 7);
  return out;
}

TEST(World, BringsAsManyShopCustomersAsAskedFor) {
  double customers = 0;
  for (const Customer& one : company().customers) customers += one.in_crm ? 0 : 1;
  // Paths that the end of the data cuts do not convert: up to 2 % of them.
  EXPECT_NEAR(customers, 0.88 * kCustomers * 0.99, kErrors * std::sqrt(0.88 * kCustomers) + 0.01 * kCustomers);
}

TEST(World, RepeatPurchasesFollowBgNbd) {
  const World& world = company();
  const PurchaseTruth& truth = world.truth.shop_purchases;
  const double end = world.time.shop.end() / 7;
  constexpr double kFirst = 20, kSecond = 60;
  Tally none, only_one;
  for (const auto& [customer, at] : purchases(world)) {
    // No purchase within τ of the first: (alpha / (alpha + τ))^r.
    if (at[0] + kFirst < end)
      none.add(at.size() < 2 || at[1] - at[0] > kFirst, portable::power(truth.alpha / (truth.alpha + kFirst), truth.r));
    // After the first repeat, t1 later: gone with a / (a + b), else λ ~ Gamma(r + 1, alpha + t1).
    if (at.size() < 2 || at[1] + kSecond >= end) continue;
    const double after = truth.alpha + at[1] - at[0], gone = truth.a / (truth.a + truth.b);
    only_one.add(at.size() < 3 || at[2] - at[1] > kSecond,
                 gone + (1 - gone) * portable::power(after / (after + kSecond), truth.r + 1));
  }
  none.check(2'000);
  only_one.check(1'000);
}

TEST(World, SpendFollowsGammaGamma) {
  const World& world = company();
  const PurchaseTruth& truth = world.truth.shop_purchases;
  std::set<std::uint32_t> seen;
  double sum = 0, squares = 0, n = 0;
  for (const Sale& sale : world.sales) {
    if (sale.kind != SaleKind::shop || sale.customer == kNobody || sale.state != SaleState::confirmed ||
        !seen.insert(sale.customer).second)
      continue;
    const Date day = day_of(sale.at);
    double euros = static_cast<double>(sale.net) / 100 / price_level(world, day);
    if (sale.swiss) euros /= world.francs_on(day);
    if (world.time.promotion(day)) euros /= 1 - world.truth.promotion_discount;
    sum += euros;
    squares += euros * euros;
    ++n;
  }
  const double mean = sum / n, error = std::sqrt((squares / n - mean * mean) / n);
  EXPECT_NEAR(mean, truth.p * truth.gamma / (truth.q - 1), kErrors * error);  // 4 · 155 / 2.6 = 238.46
}

TEST(World, PathsConvertAsTheirChainSays) {
  const World& world = company();
  struct Seen {
    Channel first;
    bool converted;
    WallTime at;
  };
  std::map<std::uint32_t, Seen> paths;
  for (const Touch& touch : world.touches)
    paths.try_emplace(touch.visitor, Seen{touch.channel, touch.conversion != kNobody, touch.at});
  const auto shop = conversion_chances(world.truth.paths[0]), deals = conversion_chances(world.truth.paths[1]);
  const auto shop_starts = expected_starts(world, Market::shop), deal_starts = expected_starts(world, Market::deals);
  std::array<Tally, kChannels> tallies;
  for (const auto& [visitor, seen] : paths) {
    if (seen.at > start_of(world.time.end - 120)) continue;
    const std::size_t c = index(seen.first);
    const double to_deals = deal_starts[c] / (shop_starts[c] + deal_starts[c]);
    tallies[c].add(seen.converted, to_deals * deals[c] + (1 - to_deals) * shop[c]);
  }
  for (const Tally& tally : tallies) tally.check(200);
}

TEST(World, RemovalEffectsAreSharesOfAllConversions) {
  for (const Market market : {Market::shop, Market::deals})
    for (const double effect : removal_effects(company(), market)) {
      EXPECT_GE(effect, 0);
      EXPECT_LT(effect, 0.6);
    }
}

TEST(World, ContractsAreRenewedAsShiftedBetaGeometric) {
  const World& world = company();
  std::map<std::uint32_t, std::vector<ContractPeriod>> contracts;
  for (const ContractPeriod& one : world.contract_periods)
    if (!one.trial) contracts[one.contract].push_back(one);
  Tally first, second;
  for (const auto& [number, periods] : contracts) {
    const PlanTruth& plan = world.truth.plans[periods[0].plan];
    if (plan.term_months != 3) continue;
    // It left at the end of a term if a period ends there and none begins there.
    const auto left = [&](Date day) {
      bool ends = false, begins = false;
      for (const ContractPeriod& one : periods) {
        ends = ends || (one.ended && one.to == day);
        begins = begins || one.from == day;
      }
      return ends && !begins;
    };
    const Date one_term = months_after(periods[0].from, 3), two_terms = months_after(one_term, 3);
    if (one_term >= world.time.end) continue;
    first.add(left(one_term), plan.a / (plan.a + plan.b));
    if (!left(one_term) && two_terms < world.time.end) second.add(left(two_terms), plan.a / (plan.a + plan.b + 1));
  }
  first.check(100);
  second.check(80);
}

TEST(World, DealsOfExistingAccountsAreWonAsOften) {
  const World& world = company();
  Tally won;
  for (const Deal& deal : world.deals)
    if (deal.lead == kNobody && day_of(deal.created) < world.time.end - 200)
      won.add(deal.outcome == Outcome::won, world.truth.expansion_win);
  won.check(60);
}

/// Days of the stays at a stage that are over and did not end in a loss, begun in [from, to); at the pace of a small
/// company.
std::vector<double> stays_at(const World& world, std::string_view stage, Date from, Date to) {
  std::vector<double> out;
  for (const Deal& deal : world.deals) {
    const double pace = world.truth.stage_pace[static_cast<std::size_t>(world.customers[deal.customer].segment)];
    for (std::size_t i = 0; i + 1 < deal.stays.size(); ++i)
      if (deal.stays[i].stage == stage && deal.stays[i + 1].stage != deal.pipeline->lost_key &&
          day_of(deal.stays[i].entered) >= from && day_of(deal.stays[i].entered) < to)
        out.push_back(static_cast<double>(deal.stays[i + 1].entered - deal.stays[i].entered) / kDaySeconds / pace);
  }
  return out;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

TEST(World, StaysLastAsTheirStageSaysAndTheBottleneckTookHold) {
  const World& world = company();
  const auto& stage = world.truth.first_deals.stages[2];
  ASSERT_EQ(stage.key, world.truth.slow_stage);
  const auto usual = stays_at(world, stage.key, world.time.first, world.time.slow_from - 60);
  const auto slowed = stays_at(world, stage.key, world.time.slow_from, world.time.slow_from + 40);
  // Gamma(shape, mean / shape): deviation mean / √shape. Office hours and week-ends move a close by up to two days.
  const double error = stage.mean_days / std::sqrt(stage.shape * static_cast<double>(usual.size()));
  EXPECT_NEAR(mean_of(usual), stage.mean_days, kErrors * error + 1);
  ASSERT_GE(slowed.size(), 10U);
  EXPECT_GT(mean_of(slowed), 1.25 * mean_of(usual));
}

TEST(World, DissatisfiedCustomersLeave) {
  const World& world = company();
  double stayed = 0, left = 0, stayed_n = 0, left_n = 0;
  for (const ContractPeriod& one : world.contract_periods) {
    if (one.trial || (one.ended && one.cancel_reason.empty())) continue;
    (one.ended ? left : stayed) += world.customers[one.customer].satisfaction;
    ++(one.ended ? left_n : stayed_n);
  }
  EXPECT_LT(left / left_n, stayed / stayed_n - 0.1);
}

TEST(World, LinesAddUpToTheirDocument) {
  const World& world = company();
  for (const Sale& sale : world.sales) {
    std::int64_t net = 0, discount = 0;
    for (std::uint32_t n = 0; n < sale.lines; ++n) {
      net += world.lines[sale.first_line + n].net;
      discount += world.lines[sale.first_line + n].discount;
    }
    ASSERT_EQ(net, sale.net);
    ASSERT_EQ(discount, sale.discount);
    ASSERT_GT(sale.net, 0);
  }
}

/// What was paid of each document, and the last day of it; what went back aside.
std::map<std::uint32_t, std::pair<std::int64_t, Date>> paid_of(const World& world) {
  std::map<std::uint32_t, std::pair<std::int64_t, Date>> out;
  for (const Payment& one : world.payments) {
    if (one.amount < 0) continue;
    auto& [amount, last] = out[one.sale];
    amount += one.amount;
    last = std::max(last, day_of(one.at));
  }
  return out;
}

TEST(World, NobodyPaysMoreThanIsOwedAndTheShopIsPaidAtOnce) {
  const World& world = company();
  const auto paid = paid_of(world);
  for (std::uint32_t i = 0; i < world.sales.size(); ++i) {
    const Sale& sale = world.sales[i];
    const std::int64_t owed = sale.net + sale.shipping + sale.tax;
    const auto found = paid.find(i);
    ASSERT_TRUE(found == paid.end() || (sale.state == SaleState::confirmed && found->second.first <= owed));
    if (sale.kind != SaleKind::shop || sale.state != SaleState::confirmed || day_of(sale.at) >= world.time.end - 1)
      continue;
    ASSERT_TRUE(found != paid.end() && found->second.first == owed && found->second.second <= day_of(sale.at) + 1);
  }
}

TEST(World, CompaniesPayAsTheirParametersSay) {
  const World& world = company();
  const PaymentTruth& truth = world.truth.payments;
  const auto paid = paid_of(world);
  Tally unpaid, two_payments;
  double days = 0, squares = 0, late = 0;
  std::map<std::uint32_t, int> payments;
  for (const Payment& one : world.payments) payments[one.sale] += one.amount > 0 ? 1 : 0;
  // Late payers have paid by then, all but e^(−(200 − due) / late_days) of them: 1 in 12,000.
  const Date until = world.time.end - 200;
  for (std::uint32_t i = 0; i < world.sales.size(); ++i) {
    const Sale& sale = world.sales[i];
    if (sale.kind != SaleKind::deal && sale.kind != SaleKind::reorder) continue;
    if (sale.state != SaleState::confirmed || day_of(sale.at) >= until) continue;
    const auto found = paid.find(i);
    const bool whole = found != paid.end() && found->second.first == sale.net + sale.tax;
    unpaid.add(!whole, truth.unpaid_share);
    if (sale.kind == SaleKind::deal && static_cast<double>(sale.net) >= truth.deposit_above * 100)
      two_payments.add(payments[i] == 2, 1 - truth.unpaid_share);
    // Who pays in time does so two days after the day it is due at the latest, and a week-end later.
    const int after = whole ? found->second.second - day_of(sale.at) - truth.due_days : 0;
    if (after <= 4) continue;
    days += after, squares += static_cast<double>(after) * after, ++late;
  }
  unpaid.check(300);
  two_payments.check(50);
  // Late beyond the 4th day: the rest of an exponential delay has its mean; whole days and week-ends add up to two.
  const double mean = days / late, error = std::sqrt((squares / late - mean * mean) / late);
  EXPECT_NEAR(mean, 4 + truth.late_days, kErrors * error + 2);
}

TEST(World, PastDueContractsHaveABillThatIsNotPaid) {
  const World& world = company();
  const auto paid = paid_of(world);
  std::map<std::uint32_t, Date> since;
  for (const ContractPeriod& one : world.contract_periods)
    if (one.past_due_since) since[one.contract] = *one.past_due_since;
  ASSERT_FALSE(since.empty());
  for (std::uint32_t i = 0; i < world.sales.size(); ++i) {
    const Sale& sale = world.sales[i];
    if (sale.kind != SaleKind::contract || day_of(sale.at) >= world.time.end - 15) continue;
    const auto found = since.find(sale.contract);
    const bool overdue = found != since.end() && sale.service_from <= found->second && found->second < sale.service_to;
    ASSERT_EQ(paid.contains(i), !overdue);
  }
}

TEST(World, EverythingHappensInOrderAndInTime) {
  const World& world = company();
  const WallTime first = start_of(world.time.first), end = start_of(world.time.end);
  for (const Sale& sale : world.sales) ASSERT_TRUE(sale.at >= first && sale.at < end);
  for (const Refund& refund : world.refunds)
    ASSERT_TRUE(refund.at < end && (refund.sale == kNobody || refund.at > world.sales[refund.sale].at - kDaySeconds));
  for (const Payment& payment : world.payments)
    ASSERT_TRUE(payment.at < end &&
                (payment.sale == kNobody || payment.at > world.sales[payment.sale].at - kDaySeconds));
  for (const Touch& touch : world.touches) ASSERT_TRUE(touch.at >= first && touch.at < end);
  for (const Deal& deal : world.deals) {
    ASSERT_EQ(deal.stays.front().entered, deal.created);
    for (std::size_t i = 1; i < deal.stays.size(); ++i) ASSERT_GT(deal.stays[i].entered, deal.stays[i - 1].entered);
    ASSERT_LT(deal.stays.back().entered, end);
    ASSERT_EQ(deal.outcome == Outcome::open, !deal.closed.has_value());
  }
  for (const Lead& lead : world.leads) {
    ASSERT_TRUE(!lead.contacted || *lead.contacted >= lead.created);
    ASSERT_TRUE(!lead.qualified || *lead.qualified > *lead.contacted);
    ASSERT_EQ(lead.qualified.has_value(), lead.deal != kNobody);
  }
}

TEST(World, OneContractHasOnePeriodAtATime) {
  std::map<std::uint32_t, Date> until;
  for (const ContractPeriod& one : company().contract_periods) {
    if (until.contains(one.contract)) {
      ASSERT_GE(one.from, until[one.contract]);
    }
    ASSERT_TRUE(!one.ended || one.to > one.from);
    until[one.contract] = one.ended ? one.to : Date{1'000'000};
  }
}

TEST(World, HasTheOdditiesOfRealData) {
  const World& world = company();
  std::set<SaleState> states;
  bool guest = false, unpriced = false, swiss = false, reopened = false, skipped = false, sent_back = false;
  for (const Sale& sale : world.sales) {
    states.insert(sale.state);
    guest = guest || sale.customer == kNobody;
    unpriced = unpriced || !sale.amount_known;
    swiss = swiss || sale.swiss;
  }
  for (const Deal& deal : world.deals)
    for (std::size_t i = 0; i + 1 < deal.stays.size(); ++i) {
      const std::string_view from = deal.stays[i].stage, to = deal.stays[i + 1].stage;
      reopened = reopened || from == deal.pipeline->lost_key;
      skipped = skipped || (from == "A1" && to == "A3");
      sent_back = sent_back || (from == "A4" && to == "A3");
    }
  EXPECT_EQ(states.size(), 3U);
  EXPECT_TRUE(guest && unpriced && swiss && reopened && skipped && sent_back);
}

}  // namespace
}  // namespace vigie::demo

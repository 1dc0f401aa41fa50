#include <cmath>

#include "demo/sales.h"

namespace vigie::demo {
namespace {

constexpr int kTrialDays = 30;
constexpr double kPastDueShare = 0.02;
constexpr int kPastDueAfterDays = 15;
constexpr std::array<std::string_view, 5> kCancelReasons{"Trop cher", "Peu utilisé", "Déménagement",
                                                         "Service insuffisant", "Cessation d'activité"};

/// Who may take a contract, and since when it buys.
struct Candidate {
  std::uint32_t customer, owner;
  WallTime first_sale;
};

std::vector<Candidate> candidates(const World& world) {
  std::vector<Candidate> out;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i)
    if (!world.customers[i].in_crm && world.customers[i].segment == Segment::very_small)
      out.push_back({i, kNobody, world.customers[i].created});
  for (const Sale& sale : world.sales)
    if (sale.kind == SaleKind::deal && world.deals[sale.deal].lead != kNobody)
      out.push_back({sale.customer, sale.owner, sale.at});
  return out;
}

std::uint32_t plan_for(Segment segment, Random& random) {
  switch (segment) {
    case Segment::private_person:
    case Segment::very_small: return 0;
    case Segment::small: return random.chance(0.35) ? 0 : 1;
    case Segment::mid: return random.chance(0.6) ? 1 : 2;
    case Segment::large: return 2;
  }
  return 0;
}

int sites_of(Segment segment, Random& random) {
  switch (segment) {
    case Segment::private_person:
    case Segment::very_small: return 1;
    case Segment::small: return 1 + random.below(2);
    case Segment::mid: return 1 + random.below(2);
    case Segment::large: return 2 + random.below(4);
  }
  return 1;
}

/// One contract, term by term.
class Contract {
 public:
  Contract(World& world, Random& random, std::uint32_t number, const Candidate& of)
      : world_(world),
        random_(random),
        plan_number_(plan_for(world.customers[of.customer].segment, random)),
        plan_(world.truth.plans[plan_number_]) {
    period_.contract = number;
    period_.customer = of.customer;
    period_.owner = of.owner;
    period_.plan = plan_number_;
    period_.quantity = sites_of(world.customers[of.customer].segment, random);
    leaving_ = random.beta(plan_.a, plan_.b);
    world.customers[of.customer].satisfaction =
        satisfaction_of(random, leaving_, plan_.a, plan_.b, world.truth.satisfaction_loyalty);
  }

  void run(Date start) {
    if (plan_.term_months < 12 && random_.chance(world_.truth.trial_share)) {
      if (!try_out(start)) return;
      start = start + kTrialDays;
    }
    begin(start, "new");
    for (Date term = start; term < world_.time.end;) {
      bill(term);
      const Date over = months_after(term, plan_.term_months);
      const bool leaves = random_.chance(leaving_);
      const Date asked = over - 5 - random_.below(35);
      if (leaves && asked < world_.time.end && asked > term) {
        period_.cancel_requested = asked;
        period_.cancel_reason = random_.one_of(kCancelReasons);
      }
      if (over >= world_.time.end) return stay_open(term, over);
      if (leaves) {
        close(over);
        if (!random_.chance(world_.truth.reactivated_share)) return;
        term = over + 60 + random_.below(180);
        if (term >= world_.time.end) return;
        begin(term, "reactivation");
        continue;
      }
      renew(over);
      term = over;
    }
  }

 private:
  std::int64_t price(Date day) const {
    return static_cast<std::int64_t>(std::floor(plan_.price * price_level(world_, day) * 100 + 0.5));
  }

  void begin(Date day, std::string_view change) {
    period_.from = day;
    period_.mrr = price(day) * period_.quantity;
    period_.change = change;
    period_.trial = period_.ended = false;
    period_.cancel_requested.reset();
    period_.cancel_reason = {};
  }
  void close(Date day) {
    period_.to = period_.renews_on = day;
    period_.ended = true;
    world_.contract_periods.push_back(period_);
  }
  /// A month for nothing. Returns whether it goes on.
  bool try_out(Date start) {
    begin(start, "new");
    period_.mrr = 0;
    period_.trial = true;
    const bool paid = random_.chance(world_.truth.trial_paid);
    const Date over = start + kTrialDays;
    if (over < world_.time.end) {
      close(over);
      return paid;
    }
    period_.renews_on = over;
    world_.contract_periods.push_back(period_);
    return false;
  }
  void renew(Date day) {
    const bool more = random_.chance(world_.truth.upgrade_per_term),
               fewer = period_.quantity > 1 && random_.chance(world_.truth.downgrade_per_term);
    const bool dearer = price(day) * period_.quantity != period_.mrr;
    if (!more && !fewer && !dearer) return;
    close(day);
    period_.quantity += more ? 1 : fewer ? -1 : 0;
    begin(day, more ? "upgrade" : fewer ? "downgrade" : "price");
  }
  void bill(Date term) {
    Sale sale;
    sale.kind = SaleKind::contract;
    sale.at = start_of(term) + 6 * 3600;
    sale.customer = period_.customer;
    sale.owner = period_.owner;
    sale.contract = period_.contract;
    sale.net = period_.mrr * plan_.term_months;
    sale.service_from = term;
    sale.service_to = months_after(term, plan_.term_months);
    std::uint16_t product = 0;
    while (world_.products[product].key != plan_.key) ++product;
    record(world_, sale, {{product, plan_.term_months * period_.quantity}});
  }
  void stay_open(Date term, Date over) {
    period_.renews_on = over;
    if (random_.chance(kPastDueShare) && term + kPastDueAfterDays < world_.time.end)
      period_.past_due_since = term + kPastDueAfterDays;
    world_.contract_periods.push_back(period_);
  }

  World& world_;
  Random& random_;
  std::uint32_t plan_number_;
  const PlanTruth& plan_;
  ContractPeriod period_;
  double leaving_ = 0;
};

}  // namespace

void add_contracts(World& world) {
  std::uint32_t number = 0;
  for (const Candidate& one : candidates(world)) {
    Random random = world.random("contract", one.customer);
    const bool in_crm = world.customers[one.customer].in_crm;
    if (!random.chance(in_crm ? world.truth.company_contract_share : world.truth.shop_contract_share)) continue;
    const Date start = day_of(one.first_sale) + 5 + static_cast<int>(random.gamma(1.5, 18));
    if (start < world.time.end) Contract(world, random, number++, one).run(start);
  }
}

}  // namespace vigie::demo

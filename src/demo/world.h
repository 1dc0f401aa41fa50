#pragma once
#include <memory>

#include "demo/products.h"
#include "demo/random.h"
#include "demo/records.h"

namespace vigie::demo {

struct Team {
  std::string key, name, manager, region;
};

/// Everything that happens in the company from its first day to its last. Filled part by part, in the order below: each
/// part reads what the ones before it made, and draws from streams of its own. Stays where it is: deals point at the
/// stages of `truth`.
struct World {
  Parameters truth;
  Timeline time;
  std::vector<Product> products;
  std::vector<std::int64_t> francs_per_euro;  ///< by day of the window, in ten-thousandths; 0 on days without a quote
  std::vector<Team> teams;
  std::vector<Person> people;
  std::array<std::vector<std::int64_t>, kChannels> spend;  ///< cents by day
  std::vector<Touch> touches;
  std::vector<Conversion> conversions;
  std::vector<Customer> customers;
  std::vector<Lead> leads;
  std::vector<Deal> deals;
  std::vector<ContractPeriod> contract_periods;
  std::vector<Sale> sales;
  std::vector<Line> lines;
  std::vector<Refund> refunds;
  std::vector<Payment> payments;
  std::vector<Answer> answers;

  World(const Parameters& parameters, Date end_date, int months);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  /// The last quote on or before the day, francs per euro.
  double francs_on(Date day) const;
  std::size_t day_index(Date day) const { return static_cast<std::size_t>(day - time.first); }
  Random random(std::string_view part, std::uint64_t index = 0) const { return {truth.seed, part, index}; }
};

void add_rates(World& world);      ///< rates.cpp
void add_staff(World& world);      ///< staff.cpp: teams, people, their skill
void add_spend(World& world);      ///< spend.cpp
void add_paths(World& world);      ///< market.cpp: touches and conversions; calibrates the responses first
void add_shop(World& world);       ///< shop.cpp: customers of the shop and what they buy
void add_deals(World& world);      ///< deals.cpp: leads, accounts, deals, what they and later orders bring
void add_contracts(World& world);  ///< contracts.cpp
void add_oddities(World& world);  ///< oddities.cpp: cancelled and test orders, guests, unknown amounts; sorts the sales
void add_refunds(World& world);   ///< oddities.cpp
void add_payments(World& world);  ///< payments.cpp
void add_answers(World& world);   ///< survey.cpp

/// All of it, for about `parameters.scale` × 10,000 customers.
std::unique_ptr<World> make_world(const Parameters& parameters, Date end_date, int months);

}  // namespace vigie::demo

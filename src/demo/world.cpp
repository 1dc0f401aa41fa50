#include "demo/world.h"

#include "demo/market.h"

namespace vigie::demo {

World::World(const Parameters& parameters, Date end_date, int months)
    : truth(parameters), time(timeline_of(truth, end_date, months)), products(all_products(truth)) {}

std::unique_ptr<World> make_world(const Parameters& parameters, Date end_date, int months) {
  constexpr double kReferenceCustomers = 10'000, kShopShare = 0.88;
  auto world = std::make_unique<World>(parameters, end_date, months);
  add_rates(*world);
  add_staff(*world);
  add_spend(*world);
  calibrate(*world, kShopShare * kReferenceCustomers * parameters.scale);
  add_paths(*world);
  add_shop(*world);
  add_deals(*world);
  add_contracts(*world);
  add_oddities(*world);
  add_refunds(*world);
  add_payments(*world);
  add_answers(*world);
  return world;
}

}  // namespace vigie::demo

#include <cmath>

#include "demo/arithmetic.h"
#include "demo/world.h"

namespace vigie::demo {

void add_rates(World& world) {
  constexpr double kMean = 0.95, kDaily = 0.0028, kReturn = 0.012;
  Random random = world.random("rates");
  double level = 0;
  for (int day = 0; day < world.time.days(); ++day) {
    level += -kReturn * level + kDaily * random.normal();
    const bool quoted = iso_weekday(world.time.first + day) < 6 || day == 0;
    world.francs_per_euro.push_back(
        quoted ? static_cast<std::int64_t>(std::floor(kMean * portable::exp(level) * 10'000 + 0.5)) : 0);
  }
}

double World::francs_on(Date day) const {
  std::size_t at = day_index(day);
  while (francs_per_euro[at] == 0) --at;
  return static_cast<double>(francs_per_euro[at]) / 10'000;
}

}  // namespace vigie::demo

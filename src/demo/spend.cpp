#include <cmath>

#include "demo/arithmetic.h"
#include "demo/market.h"

namespace vigie::demo {
namespace {

constexpr double kSpendGrowthPerYear = 0.22;

/// What the budget does from week to week, 1 on average.
double weekly_level(Channel channel, int week, Random& random) {
  const double noise = random.normal();
  switch (channel) {
    case Channel::social: return (week % 6 < 4 ? 1.35 : 0.30) * portable::exp(0.15 * noise);  // campaigns of four weeks
    case Channel::paid_search:
      return (random.chance(0.045) ? 0.05 : 1.0) * portable::exp(0.28 * noise);  // a stop now and then
    case Channel::email:
      return 1 + 0.02 * noise;  // a subscription to a tool: hardly varies, so nothing can be learnt from it
    case Channel::referral: return (week / 9 % 2 == 0 ? 1.25 : 0.75) * portable::exp(0.10 * noise);
    case Channel::outbound: return portable::exp(0.30 * noise);
    case Channel::organic_search:
    case Channel::events:
    case Channel::direct: return 1;
  }
  return 1;
}

double weekday_level(Channel channel, Date day) {
  const int weekday = iso_weekday(day);
  const bool closed = weekday > 5;
  if (channel == Channel::outbound || channel == Channel::referral) return closed ? 0 : 1.4;
  if (channel == Channel::paid_search) return closed ? 0.8 : 1.08;
  return 1;
}

bool fair_season(Date day) {
  const int month = civil(day).month;
  return (month >= 3 && month <= 6) || (month >= 9 && month <= 11);
}

/// Trade fairs: on Tuesdays to Thursdays of spring and autumn, about one day in thirteen of those.
double fair(Date day, const ResponseTruth& truth, Random& random) {
  constexpr double kChance = 0.12;
  constexpr double kFairDaysShare = kChance * (3.0 / 7) * (7.0 / 12);
  const bool held = random.chance(kChance);
  const double size = random.lognormal(1, 0.35);
  const int weekday = iso_weekday(day);
  return held && fair_season(day) && weekday >= 2 && weekday <= 4 ? truth.mean_spend / kFairDaysShare * size : 0;
}

}  // namespace

void add_spend(World& world) {
  const int days = world.time.days();
  for (std::size_t c = 0; c < kChannels; ++c) {
    const auto channel = static_cast<Channel>(c);
    const ResponseTruth& truth = world.truth.responses[c];
    std::vector<std::int64_t>& out = world.spend[c];
    out.assign(static_cast<std::size_t>(days), 0);
    if (truth.mean_spend == 0) continue;
    Random random = world.random("spend", c);
    double level = 1;
    for (int i = 0; i < days; ++i) {
      const Date day = world.time.first + i;
      if (i % 7 == 0) level = weekly_level(channel, i / 7, random);
      const double grown =
          channel == Channel::email ? 1 : portable::exp(kSpendGrowthPerYear * (i - days / 2.0) / 365.25);
      const double euros = channel == Channel::events ? fair(day, truth, random)
                                                      : truth.mean_spend * level * weekday_level(channel, day) *
                                                            (0.94 + 0.12 * random.uniform());
      out[static_cast<std::size_t>(i)] = static_cast<std::int64_t>(std::floor(euros * grown * 100));
    }
  }
}

}  // namespace vigie::demo

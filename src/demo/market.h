#pragma once
#include "demo/world.h"

namespace vigie::demo {

/// The chance that a path now at each channel converts in the end: (I − N) h = c, exactly.
std::array<double, kChannels> conversion_chances(const PathTruth& truth);
/// The same when a channel is not there: a path that would go to it ends.
std::array<double, kChannels> conversion_chances_without(const PathTruth& truth, Channel removed);

/// Spend as it works on: A = spend + carry × A of the day before, in euros, by day.
std::vector<double> adstock(const std::vector<std::int64_t>& cents_by_day, double carry);
/// A^slope / (half^slope + A^slope); 0 where A is 0.
double saturation(double adstocked, const ResponseTruth& truth);

/// Paths begun by each channel towards a market, expected over the whole time.
std::array<double, kChannels> expected_starts(const World& world, Market market);

/// Scales base and lift of all channels so that `shop_customers` paths end in the shop, expected.
void calibrate(World& world, double shop_customers);

/// Share of the expected conversions of a market that would not be there without the channel.
std::array<double, kChannels> removal_effects(const World& world, Market market);

}  // namespace vigie::demo

#include "demo/market.h"

#include <cmath>

#include "demo/arithmetic.h"
#include "demo/ordering.h"

namespace vigie::demo {
namespace {

constexpr int kMostTouches = 15;

/// Solves (I − next) h = converts by elimination; the matrix is diagonally dominant, so no pivot is needed.
std::array<double, kChannels> solve(std::array<std::array<double, kChannels>, kChannels> next,
                                    std::array<double, kChannels> right) {
  for (std::size_t i = 0; i < kChannels; ++i)
    for (std::size_t j = 0; j < kChannels; ++j) next[i][j] = (i == j ? 1.0 : 0.0) - next[i][j];
  for (std::size_t k = 0; k < kChannels; ++k)
    for (std::size_t i = k + 1; i < kChannels; ++i) {
      const double factor = next[i][k] / next[k][k];
      for (std::size_t j = k; j < kChannels; ++j) next[i][j] -= factor * next[k][j];
      right[i] -= factor * right[k];
    }
  for (std::size_t k = kChannels; k-- > 0;) {
    for (std::size_t j = k + 1; j < kChannels; ++j) right[k] -= next[k][j] * right[j];
    right[k] /= next[k][k];
  }
  return right;
}

double share_towards(const ResponseTruth& truth, Market market) {
  return market == Market::deals ? truth.deal_share : 1 - truth.deal_share;
}

/// Paths begun by a channel towards a market on each day, expected.
std::vector<double> starts_by_day(const World& world, std::size_t channel, Market market) {
  const ResponseTruth& truth = world.truth.responses[channel];
  const Pace& pace = market == Market::shop ? world.time.shop : world.time.office;
  const std::vector<double> working = adstock(world.spend[channel], truth.carry);
  std::vector<double> out;
  for (int i = 0; i < world.time.days(); ++i) {
    const auto day = static_cast<std::size_t>(i);
    const double level = truth.base * world.time.trend[day] + truth.lift * saturation(working[day], truth);
    out.push_back(share_towards(truth, market) * pace.on(world.time.first + i) * level);
  }
  return out;
}

/// One person on the way: touches from the first channel on, until it converts, goes away, or the data end.
class Path {
 public:
  Path(World& world, Market market, Random& random)
      : world_(world), truth_(world.truth.paths[static_cast<std::size_t>(market)]), market_(market), random_(random) {}

  void walk(Channel first, Date day, std::uint32_t visitor) {
    const bool measured = random_.chance(world_.truth.measured_share);
    const std::size_t begun = world_.touches.size();
    Channel channel = first, credited = first;
    WallTime at = moment(day);
    for (int touch = 0; touch < kMostTouches && at < start_of(world_.time.end); ++touch) {
      if (measured) world_.touches.push_back({at, channel, visitor, kNobody});
      if (channel != Channel::direct) credited = channel;
      const std::size_t step = next(channel);
      if (step == kChannels) return convert(at, credited, begun);
      if (step > kChannels) return;
      channel = static_cast<Channel>(step);
      const WallTime later = at + static_cast<WallTime>(random_.exponential(truth_.mean_gap_days) * kDaySeconds);
      at = std::max(moment(day_of(later)), at + 15 * 60);
    }
  }

 private:
  WallTime moment(Date day) {
    const Pace& pace = market_ == Market::shop ? world_.time.shop : world_.time.office;
    return start_of(day) + pace.second_of_day(random_.uniform());
  }
  /// A channel; kChannels: converts; more: goes away.
  std::size_t next(Channel channel) {
    double left = random_.uniform() - truth_.converts[index(channel)];
    if (left < 0) return kChannels;
    const auto& row = truth_.next[index(channel)];
    for (std::size_t to = 0; to < kChannels; ++to) {
      left -= row[to];
      if (left < 0) return to;
    }
    return kChannels + 1;
  }
  void convert(WallTime last_touch, Channel credited, std::size_t begun) {
    const WallTime at = last_touch + 120 + static_cast<WallTime>(random_.exponential(15 * 60));
    if (at >= start_of(world_.time.end)) return;
    const auto conversion = static_cast<std::uint32_t>(world_.conversions.size());
    world_.conversions.push_back({at, market_, credited, !random_.chance(world_.truth.unknown_share)});
    for (std::size_t i = begun; i < world_.touches.size(); ++i) world_.touches[i].conversion = conversion;
  }

  World& world_;
  const PathTruth& truth_;
  Market market_;
  Random& random_;
};

/// Conversions in order of time; touches follow.
void sort_conversions(World& world) {
  std::vector<std::uint32_t> order(world.conversions.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(world.conversions[a].at, a) < std::pair(world.conversions[b].at, b);
  });
  std::vector<std::uint32_t> place(order.size());
  std::vector<Conversion> sorted;
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = static_cast<std::uint32_t>(i);
    sorted.push_back(world.conversions[order[i]]);
  }
  world.conversions = std::move(sorted);
  for (Touch& touch : world.touches)
    if (touch.conversion != kNobody) touch.conversion = place[touch.conversion];
  order_by(world.touches, [](const Touch& touch) { return touch.at; });
}

double expected_conversions(const World& world, Market market) {
  const auto chances = conversion_chances(world.truth.paths[static_cast<std::size_t>(market)]);
  const auto starts = expected_starts(world, market);
  double sum = 0;
  for (std::size_t c = 0; c < kChannels; ++c) sum += starts[c] * chances[c];
  return sum;
}

}  // namespace

std::array<double, kChannels> conversion_chances(const PathTruth& truth) { return solve(truth.next, truth.converts); }

std::array<double, kChannels> conversion_chances_without(const PathTruth& truth, Channel removed) {
  PathTruth without = truth;
  for (auto& row : without.next) row[index(removed)] = 0;
  auto out = conversion_chances(without);
  out[index(removed)] = 0;
  return out;
}

std::vector<double> adstock(const std::vector<std::int64_t>& cents_by_day, double carry) {
  std::vector<double> out;
  double level = 0;
  for (const std::int64_t cents : cents_by_day) {
    level = static_cast<double>(cents) / 100 + carry * level;
    out.push_back(level);
  }
  return out;
}

double saturation(double adstocked, const ResponseTruth& truth) {
  if (adstocked <= 0) return 0;
  return portable::logistic(truth.slope * (portable::log(adstocked) - portable::log(truth.half)));
}

std::array<double, kChannels> expected_starts(const World& world, Market market) {
  std::array<double, kChannels> out{};
  for (std::size_t c = 0; c < kChannels; ++c)
    for (const double starts : starts_by_day(world, c, market)) out[c] += starts;
  return out;
}

void calibrate(World& world, double shop_customers) {
  const double factor = shop_customers / expected_conversions(world, Market::shop);
  for (ResponseTruth& truth : world.truth.responses) {
    truth.base *= factor;
    truth.lift *= factor;
  }
}

std::array<double, kChannels> removal_effects(const World& world, Market market) {
  const auto starts = expected_starts(world, market);
  const double all = expected_conversions(world, market);
  std::array<double, kChannels> out{};
  for (std::size_t removed = 0; removed < kChannels; ++removed) {
    const auto chances =
        conversion_chances_without(world.truth.paths[static_cast<std::size_t>(market)], static_cast<Channel>(removed));
    double left = 0;
    for (std::size_t c = 0; c < kChannels; ++c) left += starts[c] * chances[c];
    out[removed] = 1 - left / all;
  }
  return out;
}

void add_paths(World& world) {
  std::uint32_t visitor = 0;
  for (const Market market : {Market::shop, Market::deals}) {
    std::array<std::vector<double>, kChannels> starts;
    for (std::size_t c = 0; c < kChannels; ++c) starts[c] = starts_by_day(world, c, market);
    for (int i = 0; i < world.time.days(); ++i) {
      Random random = world.random(market == Market::shop ? "shop paths" : "deal paths", static_cast<std::uint64_t>(i));
      Path path(world, market, random);
      for (std::size_t c = 0; c < kChannels; ++c)
        for (int n = random.poisson(starts[c][static_cast<std::size_t>(i)]); n > 0; --n)
          path.walk(static_cast<Channel>(c), world.time.first + i, visitor++);
    }
  }
  sort_conversions(world);
}

}  // namespace vigie::demo

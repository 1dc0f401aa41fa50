#include "demo/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace vigie::demo {
namespace {

constexpr int kDraws = 40'000;

/// The mean of many draws lies within five standard errors of what it should be.
void expect_mean(const std::function<double(Random&)>& draw, double mean, double deviation) {
  Random random(7, "a test of means");
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) sum += draw(random);
  EXPECT_NEAR(sum / kDraws, mean, 5 * deviation / std::sqrt(kDraws));
}

TEST(Random, IsTheSameForASeedEverywhere) {
  Random random(1, "orders", 3);
  EXPECT_EQ(random.bits(), 1'831'641'084'003'246'439ULL);
}

TEST(Random, PartsAndIndexesHaveStreamsOfTheirOwn) {
  const std::uint64_t first = Random(1, "orders", 0).bits();
  EXPECT_NE(first, Random(2, "orders", 0).bits());
  EXPECT_NE(first, Random(1, "deals", 0).bits());
  EXPECT_NE(first, Random(1, "orders", 1).bits());
}

TEST(Random, DistributionsHaveTheirMeans) {
  expect_mean([](Random& r) { return r.uniform(); }, 0.5, 0.289);
  expect_mean([](Random& r) { return r.normal(); }, 0, 1);
  expect_mean(
      [](Random& r) {
        const double x = r.normal();
        return x * x;
      },
      1, 1.42);
  expect_mean([](Random& r) { return r.exponential(4); }, 4, 4);
  expect_mean([](Random& r) { return r.gamma(3, 2); }, 6, 3.47);
  expect_mean([](Random& r) { return r.gamma(0.4, 5); }, 2, 3.17);
  // Beta(0.9, 4.2): mean 0.9 / 5.1 = 0.17647, variance 0.9 · 4.2 / (5.1² · 6.1) = 0.02382.
  expect_mean([](Random& r) { return r.beta(0.9, 4.2); }, 0.17647, 0.1544);
  expect_mean([](Random& r) { return r.poisson(2.5); }, 2.5, 1.582);
  expect_mean([](Random& r) { return r.poisson(40); }, 40, 6.33);
  expect_mean([](Random& r) { return std::log(r.lognormal(100, 0.5)); }, std::log(100), 0.5);
  expect_mean([](Random& r) { return r.below(6); }, 2.5, 1.71);
  expect_mean([](Random& r) { return r.chance(0.3) ? 1 : 0; }, 0.3, 0.459);
}

TEST(Random, PicksByWeight) {
  constexpr std::array<double, 3> kWeights{1, 0, 3};
  Random random(5, "picks");
  std::array<int, 3> count{};
  for (int i = 0; i < kDraws; ++i) ++count[random.pick(kWeights)];
  EXPECT_EQ(count[1], 0);
  EXPECT_NEAR(count[0], kDraws / 4.0, 5 * std::sqrt(kDraws * 0.25 * 0.75));
}

}  // namespace
}  // namespace vigie::demo

#include "demo/arithmetic.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vigie::demo {
namespace {

TEST(Portable, LogAndExpAgreeWithTheLibrary) {
  for (const double x : {1e-300, 1e-9, 0.3, 0.7071, 1.0, 1.0000001, 2.5, 1234.5, 7e200})
    EXPECT_NEAR(portable::log(x), std::log(x), 1e-13 * (1 + std::fabs(std::log(x))));
  for (const double x : {-600.0, -30.0, -0.4, -1e-9, 0.0, 0.34, 0.36, 1.0, 88.8, 600.0})
    EXPECT_NEAR(portable::exp(x) / std::exp(x), 1, 1e-13) << x;
  EXPECT_EQ(portable::log(1), 0);
  EXPECT_EQ(portable::exp(0), 1);
  EXPECT_NEAR(portable::power(2, 10), 1024, 1e-9);
}

TEST(Portable, CosineAndSineAreOfTurns) {
  for (double turns = -3; turns <= 3; turns += 0.037) {
    EXPECT_NEAR(portable::cosine(turns), std::cos(2 * M_PI * turns), 1e-13) << turns;
    EXPECT_NEAR(portable::sine(turns), std::sin(2 * M_PI * turns), 1e-13) << turns;
  }
}

TEST(Portable, LogisticIsAHalfAtNought) {
  EXPECT_EQ(portable::logistic(0), 0.5);
  EXPECT_NEAR(portable::logistic(2) + portable::logistic(-2), 1, 1e-15);
}

}  // namespace
}  // namespace vigie::demo

#include "demo/arithmetic.h"

#include <cmath>

namespace vigie::demo::portable {
namespace {

constexpr double kLn2High = 0.693147180369123816490;  // its low bits are zero, so that k · kLn2High is exact
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kTwoPi = 6.283185307179586476925;

/// cos(2πt) for |t| ≤ 1/4, by its series.
double short_cosine(double turns) {
  const double x = kTwoPi * turns, square = x * x;
  double term = 1, sum = 1;
  for (int k = 2; k <= 24; k += 2) {
    term *= -square / ((k - 1) * k);
    sum += term;
  }
  return sum;
}

}  // namespace

double log(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);  // exact, in [1/2, 1)
  if (m < 0.70710678118654752440) {
    m *= 2;
    --exponent;
  }
  const double s = (m - 1) / (m + 1), square = s * s;
  double power = s, sum = 0;
  for (int k = 1; k <= 21; k += 2) {
    sum += power / k;
    power *= square;
  }
  return exponent * kLn2High + (2 * sum + exponent * kLn2Low);
}

double exp(double x) {
  const double k = std::floor(x / (kLn2High + kLn2Low) + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;
  double term = 1, sum = 1;
  for (int n = 1; n <= 16; ++n) {
    term *= r / n;
    sum += term;
  }
  return std::ldexp(sum, static_cast<int>(k));
}

double power(double base, double exponent) { return exp(exponent * log(base)); }

double cosine(double turns) {
  const double t = std::fabs(turns - std::floor(turns + 0.5));  // in [0, 1/2]
  return t <= 0.25 ? short_cosine(t) : -short_cosine(0.5 - t);
}

double sine(double turns) { return cosine(turns - 0.25); }

double logistic(double x) { return 1 / (1 + exp(-x)); }

}  // namespace vigie::demo::portable

#pragma once
#include <boost/multiprecision/cpp_int.hpp>
#include <vector>

#include "base/decimal.h"

namespace vigie::stats {

using BigInt = boost::multiprecision::cpp_int;

/// An exact fraction. Not reduced: the fractions here are short sums, and dividing once at the end is cheaper than a
/// greatest common divisor at every step. `denominator` is never 0.
struct Fraction {
  BigInt numerator = 0, denominator = 1;

  friend Fraction operator+(const Fraction& a, const Fraction& b);
  friend Fraction operator-(const Fraction& a, const Fraction& b);
  friend Fraction operator*(const Fraction& a, const Fraction& b);
};

BigInt to_big(Int128 value);
/// a / b; b must not be zero.
Fraction fraction_of(const Decimal& a, const Decimal& b);
bool is_zero(const Fraction& value);

/// Decimals of what a decomposition returns: 17 significant digits at 0.1, and room for 10¹⁹ before the point.
inline constexpr int kEffectScale = 18;

/// The fraction at `kEffectScale` decimals, half to even. `decimal.overflow` where 38 digits do not hold it.
Result<Decimal> rounded(const Fraction& value);

/// The parts at `kEffectScale` decimals so that they add up to `total` to the last digit: each is rounded down, and
/// what is missing goes by units of the last decimal to the parts that lost most (largest remainder). Parts that need
/// no rounding stay as they are, unless none does. The exact parts must add up to the total but for its own rounding;
/// each part is then off by at most two units. `decimal.overflow` where 38 digits do not hold a part.
Result<std::vector<Decimal>> apportion(const std::vector<Fraction>& parts, const Decimal& total);

}  // namespace vigie::stats

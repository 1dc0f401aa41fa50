#include "stats/apportionment.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace vigie::stats {
namespace {

BigInt power_of_ten(int exponent) { return boost::multiprecision::pow(BigInt(10), static_cast<unsigned>(exponent)); }

struct Floored {
  BigInt units;      ///< of the last decimal, rounded down
  BigInt remainder;  ///< left over, in 1/denominator of such a unit; 0 ≤ remainder < denominator
  BigInt denominator;
};

Floored floored(const Fraction& value) {
  const bool negative = value.denominator < 0;
  const BigInt numerator = (negative ? -value.numerator : value.numerator) * power_of_ten(kEffectScale);
  Floored out{0, 0, negative ? BigInt(-value.denominator) : value.denominator};
  boost::multiprecision::divide_qr(numerator, out.denominator, out.units, out.remainder);
  if (out.remainder < 0) out.units -= 1, out.remainder += out.denominator;  // the division truncates towards 0
  return out;
}

Result<Decimal> decimal_of(const BigInt& units) {
  static const BigInt kLimit = power_of_ten(38);
  if (units >= kLimit || units <= -kLimit)
    return fail(ErrorKind::data, "decimal.overflow",
                fmt::format("an effect needs more than 38 digits at {} decimals", kEffectScale));
  return Decimal(units.convert_to<Int128>(), kEffectScale);
}

/// Ordered by what rounding down took from them, those that lost nothing last.
std::vector<std::size_t> by_remainder(const std::vector<Floored>& parts) {
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const BigInt left = parts[a].remainder * parts[b].denominator, right = parts[b].remainder * parts[a].denominator;
    return left != right ? left > right : a < b;
  });
  return order;
}

}  // namespace

Fraction operator+(const Fraction& a, const Fraction& b) {
  return {a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator};
}
Fraction operator-(const Fraction& a, const Fraction& b) {
  return {a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator};
}
Fraction operator*(const Fraction& a, const Fraction& b) {
  return {a.numerator * b.numerator, a.denominator * b.denominator};
}

BigInt to_big(Int128 value) { return BigInt(value); }

Fraction fraction_of(const Decimal& a, const Decimal& b) {
  assert(!b.is_zero());
  return {to_big(a.units()) * power_of_ten(b.scale()), to_big(b.units()) * power_of_ten(a.scale())};
}

bool is_zero(const Fraction& value) { return value.numerator == 0; }

Result<Decimal> rounded(const Fraction& value) {
  const Floored down = floored(value);
  const BigInt twice = down.remainder * 2;
  const bool up = twice > down.denominator || (twice == down.denominator && (down.units & 1) != 0);
  return decimal_of(up ? BigInt(down.units + 1) : down.units);
}

Result<std::vector<Decimal>> apportion(const std::vector<Fraction>& parts, const Decimal& total) {
  std::vector<Floored> floors;
  floors.reserve(parts.size());
  VIGIE_TRY(const Decimal scaled, total.rescaled(kEffectScale));
  BigInt missing = to_big(scaled.units());
  for (const Fraction& part : parts) missing -= floors.emplace_back(floored(part)).units;

  if (missing != 0 && !parts.empty()) {
    const auto order = by_remainder(floors);
    std::size_t inexact = 0;
    for (const Floored& part : floors) inexact += part.remainder != 0;
    if (missing > 0) {
      const std::size_t takers = inexact > 0 ? inexact : order.size();
      for (std::size_t i = 0; missing > 0; i = (i + 1) % takers) floors[order[i]].units += 1, missing -= 1;
    } else {
      const std::size_t givers = inexact > 0 ? inexact : order.size();
      for (std::size_t i = 0; missing < 0; i = (i + 1) % givers) floors[order[givers - 1 - i]].units -= 1, missing += 1;
    }
  }

  std::vector<Decimal> out;
  out.reserve(floors.size());
  for (const Floored& part : floors) {
    VIGIE_TRY(const Decimal value, decimal_of(part.units));
    out.push_back(value);
  }
  return out;
}

}  // namespace vigie::stats

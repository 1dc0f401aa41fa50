#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie {

using Int128 = __int128;

/// An exact decimal number: units · 10^-scale, at most 38 digits, scale 0…38. Sums and products are exact; what does
/// not fit is `decimal.overflow`, never a wrapped or rounded figure. Values of different scales compare by value.
///
///   VIGIE_TRY(Decimal total, a.plus(b));
///   total.to_string();            // "1184.50"
class Decimal {
 public:
  constexpr Decimal() = default;
  constexpr Decimal(Int128 units, int scale) : units_(units), scale_(scale) {}
  static constexpr Decimal integer(std::int64_t value) { return {value, 0}; }

  /// "-12.30" (no thousands marks, no exponent). Fails with `decimal.invalid` or `decimal.overflow`.
  static Result<Decimal> parse(std::string_view text);

  Int128 units() const { return units_; }
  int scale() const { return scale_; }
  bool is_zero() const { return units_ == 0; }

  Result<Decimal> plus(Decimal other) const;
  Result<Decimal> minus(Decimal other) const;
  Result<Decimal> times(Decimal other) const;
  Decimal negated() const { return {-units_, scale_}; }
  /// The same value at another scale; fewer digits round half to even. Fails with `decimal.overflow`.
  Result<Decimal> rescaled(int scale) const;

  double to_double() const;       ///< nearest double
  std::string to_string() const;  ///< every digit of the scale: 100.00 at scale 2
  std::string to_plain() const;   ///< without trailing zeros: "100"

  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }

 private:
  Int128 units_ = 0;
  int scale_ = 0;
};

/// a / b to the nearest double, from the exact parts; b must not be zero.
double ratio(const Decimal& a, const Decimal& b);

std::string to_string(Int128 value);

}  // namespace vigie

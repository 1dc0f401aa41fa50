#include "base/decimal.h"

#include <cmath>

namespace vigie {
namespace {

constexpr int kMaxDigits = 38;

constexpr auto kPow10 = [] {
  std::array<Int128, kMaxDigits + 1> powers{};
  powers[0] = 1;
  for (int i = 1; i <= kMaxDigits; ++i)
    powers[static_cast<std::size_t>(i)] = powers[static_cast<std::size_t>(i - 1)] * 10;
  return powers;
}();
constexpr Int128 pow10(int n) { return kPow10[static_cast<std::size_t>(n)]; }

std::unexpected<Error> overflow() {
  return fail(ErrorKind::data, "decimal.overflow", "a sum or product needs more than 38 digits", {},
              "the amounts are far beyond any currency: look for a column mapped to the wrong field");
}

bool fits(Int128 units) { return units < pow10(kMaxDigits) && units > -pow10(kMaxDigits); }

Result<Decimal> checked(bool overflowed, Int128 units, int scale) {
  if (overflowed || !fits(units)) return overflow();
  return Decimal(units, scale);
}

/// Both at the larger scale.
Result<std::pair<Int128, Int128>> aligned(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale(), b.scale());
  Int128 x, y;
  if (__builtin_mul_overflow(a.units(), pow10(scale - a.scale()), &x) ||
      __builtin_mul_overflow(b.units(), pow10(scale - b.scale()), &y))
    return overflow();
  return std::pair{x, y};
}

}  // namespace

std::string to_string(Int128 value) {
  if (value == 0) return "0";
  const bool negative = value < 0;
  unsigned __int128 rest = negative ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
  std::string out;
  for (; rest > 0; rest /= 10) out += static_cast<char>('0' + static_cast<int>(rest % 10));
  if (negative) out += '-';
  std::reverse(out.begin(), out.end());
  return out;
}

Result<Decimal> Decimal::parse(std::string_view text) {
  const auto bad = [&] {
    return fail(ErrorKind::usage, "decimal.invalid", fmt::format("\"{}\" is not a decimal number", text), {},
                "write it as 1234.50");
  };
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  Int128 units = 0;
  int scale = 0, digits = 0;
  bool point = false;
  for (const char c : rest) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return bad();
    ++digits;
    scale += point;
    if (scale > kMaxDigits) return overflow();
    if (__builtin_mul_overflow(units, Int128{10}, &units) || __builtin_add_overflow(units, Int128{c - '0'}, &units) ||
        !fits(units))
      return overflow();
  }
  if (digits == 0) return bad();
  return Decimal(negative ? -units : units, scale);
}

Result<Decimal> Decimal::plus(Decimal other) const {
  VIGIE_TRY(const auto both, aligned(*this, other));
  Int128 sum;
  return checked(__builtin_add_overflow(both.first, both.second, &sum), sum, std::max(scale_, other.scale_));
}

Result<Decimal> Decimal::minus(Decimal other) const { return plus(other.negated()); }

Result<Decimal> Decimal::times(Decimal other) const {
  Int128 product;
  const bool overflowed = __builtin_mul_overflow(units_, other.units_, &product);
  if (scale_ + other.scale_ > kMaxDigits) return overflow();
  return checked(overflowed, product, scale_ + other.scale_);
}

Result<Decimal> Decimal::rescaled(int scale) const {
  if (scale >= scale_) {
    if (scale > kMaxDigits) return overflow();
    Int128 units;
    return checked(__builtin_mul_overflow(units_, pow10(scale - scale_), &units), units, scale);
  }
  const Int128 divisor = pow10(scale_ - scale);
  Int128 quotient = units_ / divisor;
  const Int128 rest = units_ % divisor < 0 ? -(units_ % divisor) : units_ % divisor;
  const Int128 half = divisor / 2;
  if (rest > half || (rest == half && quotient % 2 != 0)) quotient += units_ < 0 ? -1 : 1;
  return Decimal(quotient, scale);
}

double Decimal::to_double() const { return static_cast<double>(std::strtold(to_string().c_str(), nullptr)); }

std::string Decimal::to_string() const {
  std::string digits = vigie::to_string(units_ < 0 ? -units_ : units_);
  if (scale_ > 0) {
    if (digits.size() <= static_cast<std::size_t>(scale_))
      digits.insert(0, static_cast<std::size_t>(scale_) + 1 - digits.size(), '0');
    digits.insert(digits.size() - static_cast<std::size_t>(scale_), 1, '.');
  }
  return units_ < 0 ? "-" + digits : digits;
}

std::string Decimal::to_plain() const {
  std::string out = to_string();
  if (out.find('.') == std::string::npos) return out;
  out.erase(out.find_last_not_of('0') + 1);
  if (out.ends_with('.')) out.pop_back();
  return out == "-0" ? "0" : out;
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  if (const auto both = aligned(a, b)) return both->first <=> both->second;
  // One of them does not fit the other's scale: the magnitudes are then far apart.
  const long double x = std::strtold(a.to_string().c_str(), nullptr), y = std::strtold(b.to_string().c_str(), nullptr);
  return x < y ? std::strong_ordering::less : std::strong_ordering::greater;
}

double ratio(const Decimal& a, const Decimal& b) {
  const long double x = std::strtold(a.to_string().c_str(), nullptr), y = std::strtold(b.to_string().c_str(), nullptr);
  return static_cast<double>(x / y);
}

}  // namespace vigie

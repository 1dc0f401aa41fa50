#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "ingest/fault.h"

namespace vigie::ingest {

/// How a source writes its numbers. Nothing is guessed: what does not match is refused, so that "12,50" can never
/// become 1250.
struct NumberFormat {
  char decimal = '.';
  std::string thousands;             ///< "" none; " " also takes U+00A0, U+2009, U+202F; "'" also U+2019
  std::vector<std::string> symbols;  ///< taken off either end: "$", "EUR", "%"
  bool parentheses = false;          ///< (12.50) is -12.50
  /// Letters after the digits, and the power of ten that they stand for: {"K", 3} reads 1.5K as 1500.
  std::vector<std::pair<std::string, int>> magnitudes;
  bool round = false;  ///< more decimals than the column keeps: half to even instead of a refusal
  Decimal factor = Decimal::integer(1);

  /// One line that `from_text` reads back: how a format travels into a query as a constant.
  std::string to_text() const;
  static NumberFormat from_text(std::string_view text);
  bool operator==(const NumberFormat&) const = default;
};

struct Units {
  std::int64_t value = 0;
  Fault fault = Fault::none;
};

/// The number in units of 10^-scale, at most 18 digits. Exponents ("1.5E3") are read. Marks of thousands must stand
/// before groups of three digits; commas also as in India (12,34,567). A minus may stand behind the digits.
Units read_number(std::string_view text, const NumberFormat& format, int scale);

}  // namespace vigie::ingest

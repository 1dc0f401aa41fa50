#include "store/duckdb/price_function.h"

#include "base/decimal.h"
#include "store/duckdb/guarded.h"
#include "store/duckdb/scalar_function.h"
#include "store/duckdb/vectors.h"

namespace vigie::store {
namespace {

/// amount / per_document · per_target, half to even at six decimals, over integers of 128 bits: the one rounding there
/// is.
std::optional<std::int64_t> price(std::int64_t amount, std::int64_t per_document, std::int64_t per_target) {
  if (per_document <= 0) return std::nullopt;
  constexpr Int128 kTwoDecimalsMore = 100, kLargest = 999'999'999'999'999'999;
  const Int128 dividend = Int128{amount} * per_target;  // at most 10^36
  const Int128 divisor = per_document;
  const bool negative = dividend < 0;
  Int128 rest = negative ? -dividend : dividend;
  Int128 whole = rest / divisor;
  rest = rest % divisor * kTwoDecimalsMore;
  if (whole > kLargest) return std::nullopt;
  whole = whole * kTwoDecimalsMore + rest / divisor;
  rest = rest % divisor * 2;
  if (rest > divisor || (rest == divisor && whole % 2 == 1)) ++whole;
  if (whole > kLargest) return std::nullopt;
  return static_cast<std::int64_t>(negative ? -whole : whole);
}

void price_amounts(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  // Decimals of at most 18 digits, in their units.
  const FixedValues<std::int64_t> amounts(input, 0), per_document(input, 1), per_target(input, 2);
  Output<std::int64_t> prices(output);
  for (idx_t row = 0; row < rows; ++row) {
    const bool known = !amounts.is_null(row) && !per_document.is_null(row) && !per_target.is_null(row);
    const auto found = known ? price(amounts.at(row), per_document.at(row), per_target.at(row)) : std::nullopt;
    if (found) prices.set(row, *found);
    else prices.set_null(row);
  }
}

RawType decimal(std::uint8_t scale) { return RawType(duckdb_create_decimal_type(18, scale)); }

}  // namespace

Result<> register_price_function(duckdb_connection connection) {
  const RawType amount = decimal(4), rate = decimal(8), result = decimal(6);
  return add_scalar_function(connection, "vigie_price", {&amount, &rate, &rate}, result, guarded<price_amounts>);
}

}  // namespace vigie::store

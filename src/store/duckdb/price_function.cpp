#include "store/duckdb/price_function.h"

#include "base/decimal.h"
#include "store/duckdb/guarded.h"
#include "store/duckdb/instance.h"

namespace vigie::store {
namespace {

/// A decimal argument of at most 18 digits, in its units.
class Numbers {
 public:
  Numbers(duckdb_data_chunk input, idx_t argument) {
    const duckdb_vector vector = duckdb_data_chunk_get_vector(input, argument);
    data_ = static_cast<std::int64_t*>(duckdb_vector_get_data(vector));
    validity_ = duckdb_vector_get_validity(vector);
  }
  bool is_null(idx_t row) const { return validity_ != nullptr && (validity_[row / 64] >> (row % 64) & 1) == 0; }
  std::int64_t at(idx_t row) const { return data_[row]; }

 private:
  std::int64_t* data_;
  std::uint64_t* validity_;
};

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
  const Numbers amounts(input, 0), per_document(input, 1), per_target(input, 2);
  auto* prices = static_cast<std::int64_t*>(duckdb_vector_get_data(output));
  duckdb_vector_ensure_validity_writable(output);
  uint64_t* validity = duckdb_vector_get_validity(output);
  for (idx_t row = 0; row < rows; ++row) {
    const bool known = !amounts.is_null(row) && !per_document.is_null(row) && !per_target.is_null(row);
    const auto found = known ? price(amounts.at(row), per_document.at(row), per_target.at(row)) : std::nullopt;
    if (found) {
      prices[row] = *found;
    } else {
      duckdb_validity_set_row_invalid(validity, row);
    }
  }
}

RawType decimal(std::uint8_t scale) { return RawType(duckdb_create_decimal_type(18, scale)); }

}  // namespace

Result<> register_price_function(duckdb_connection connection) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(function, "vigie_price");
  const RawType amount = decimal(4), rate = decimal(8), result = decimal(6);
  duckdb_scalar_function_add_parameter(function, amount.get());
  duckdb_scalar_function_add_parameter(function, rate.get());
  duckdb_scalar_function_add_parameter(function, rate.get());
  duckdb_scalar_function_set_return_type(function, result.get());
  duckdb_scalar_function_set_function(function, guarded<price_amounts>);
  const duckdb_state state = duckdb_register_scalar_function(connection, function);
  duckdb_destroy_scalar_function(&function);
  if (state != DuckDBSuccess) {
    return fail(ErrorKind::internal, "engine.failed", "the engine did not take the function vigie_price");
  }
  return {};
}

}  // namespace vigie::store

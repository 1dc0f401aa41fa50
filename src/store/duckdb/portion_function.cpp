#include "store/duckdb/portion_function.h"

#include "base/decimal.h"
#include "store/duckdb/guarded.h"
#include "store/duckdb/scalar_function.h"
#include "store/duckdb/vectors.h"

namespace vigie::store {
namespace {

/// Half to even. The amount is divided before it is multiplied, so that nothing passes 128 bits: what is left over is
/// below the whole, and both factors of its product fit 64 bits.
std::optional<Int128> portion(Int128 amount, std::int64_t part, std::int64_t whole) {
  if (whole <= 0 || part < 0 || part > whole) return std::nullopt;
  const bool negative = amount < 0;
  const Int128 size = negative ? -amount : amount;
  const Int128 left_over = size % whole * part;
  Int128 out = size / whole * part + left_over / whole;
  const Int128 twice = left_over % whole * 2;
  if (twice > whole || (twice == whole && out % 2 == 1)) ++out;
  return negative ? -out : out;
}

void portions(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  const FixedValues<Int128> amounts(input, 0);  // a decimal of 38 digits: its units as an integer of 128 bits
  const FixedValues<std::int64_t> parts(input, 1), wholes(input, 2);
  Output<Int128> shares(output);
  for (idx_t row = 0; row < rows; ++row) {
    const bool known = !amounts.is_null(row) && !parts.is_null(row) && !wholes.is_null(row);
    const auto share = known ? portion(amounts.at(row), parts.at(row), wholes.at(row)) : std::nullopt;
    if (share) shares.set(row, *share);
    else shares.set_null(row);
  }
}

}  // namespace

Result<> register_portion_function(duckdb_connection connection) {
  const RawType money(duckdb_create_decimal_type(38, 6)), integer(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
  return add_scalar_function(connection, "vigie_portion", {&money, &integer, &integer}, money, guarded<portions>);
}

}  // namespace vigie::store

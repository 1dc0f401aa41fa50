#include "store/duckdb/portion_function.h"

#include "base/decimal.h"
#include "store/duckdb/guarded.h"
#include "store/duckdb/instance.h"

namespace vigie::store {
namespace {

/// An argument, row by row; a decimal of 38 digits is its units as an integer of 128 bits.
template <typename Number>
class Argument {
 public:
  Argument(duckdb_data_chunk input, idx_t place) {
    const duckdb_vector vector = duckdb_data_chunk_get_vector(input, place);
    data_ = static_cast<Number*>(duckdb_vector_get_data(vector));
    validity_ = duckdb_vector_get_validity(vector);
  }
  bool is_null(idx_t row) const { return validity_ != nullptr && (validity_[row / 64] >> (row % 64) & 1) == 0; }
  Number at(idx_t row) const { return data_[row]; }

 private:
  Number* data_;
  std::uint64_t* validity_;
};

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
  const Argument<Int128> amounts(input, 0);
  const Argument<std::int64_t> parts(input, 1), wholes(input, 2);
  auto* found = static_cast<Int128*>(duckdb_vector_get_data(output));
  duckdb_vector_ensure_validity_writable(output);
  uint64_t* validity = duckdb_vector_get_validity(output);
  for (idx_t row = 0; row < rows; ++row) {
    const bool known = !amounts.is_null(row) && !parts.is_null(row) && !wholes.is_null(row);
    const auto share = known ? portion(amounts.at(row), parts.at(row), wholes.at(row)) : std::nullopt;
    if (share) {
      found[row] = *share;
    } else {
      duckdb_validity_set_row_invalid(validity, row);
    }
  }
}

}  // namespace

Result<> register_portion_function(duckdb_connection connection) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(function, "vigie_portion");
  const RawType money(duckdb_create_decimal_type(38, 6)), integer(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
  duckdb_scalar_function_add_parameter(function, money.get());
  duckdb_scalar_function_add_parameter(function, integer.get());
  duckdb_scalar_function_add_parameter(function, integer.get());
  duckdb_scalar_function_set_return_type(function, money.get());
  duckdb_scalar_function_set_function(function, guarded<portions>);
  const duckdb_state state = duckdb_register_scalar_function(connection, function);
  duckdb_destroy_scalar_function(&function);
  if (state != DuckDBSuccess) {
    return fail(ErrorKind::internal, "engine.failed", "the engine did not take the function vigie_portion");
  }
  return {};
}

}  // namespace vigie::store

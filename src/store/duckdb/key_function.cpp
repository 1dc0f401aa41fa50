#include "store/duckdb/key_function.h"

#include "base/hash.h"
#include "store/duckdb/instance.h"

namespace vigie::store {
namespace {

void key_of_texts(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  const duckdb_vector texts = duckdb_data_chunk_get_vector(input, 0);
  auto* data = static_cast<duckdb_string_t*>(duckdb_vector_get_data(texts));
  uint64_t* validity = duckdb_vector_get_validity(texts);
  auto* keys = static_cast<int64_t*>(duckdb_vector_get_data(output));
  uint64_t* output_validity = nullptr;
  for (idx_t row = 0; row < rows; ++row) {
    if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) {
      if (output_validity == nullptr) {
        duckdb_vector_ensure_validity_writable(output);
        output_validity = duckdb_vector_get_validity(output);
      }
      duckdb_validity_set_row_invalid(output_validity, row);
      continue;
    }
    keys[row] = key_hash({duckdb_string_t_data(&data[row]), duckdb_string_t_length(data[row])});
  }
}

}  // namespace

Result<> register_key_function(duckdb_connection connection) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  const RawType text(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
  const RawType key(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
  duckdb_scalar_function_set_name(function, "vigie_key");
  duckdb_scalar_function_add_parameter(function, text.get());
  duckdb_scalar_function_set_return_type(function, key.get());
  duckdb_scalar_function_set_function(function, key_of_texts);
  const duckdb_state state = duckdb_register_scalar_function(connection, function);
  duckdb_destroy_scalar_function(&function);
  if (state != DuckDBSuccess) {
    return fail(ErrorKind::internal, "engine.failed", "the engine did not take the function vigie_key");
  }
  return {};
}

}  // namespace vigie::store

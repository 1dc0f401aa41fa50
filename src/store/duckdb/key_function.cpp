#include "store/duckdb/key_function.h"

#include <string_view>
#include <vector>

#include "base/hash.h"
#include "store/duckdb/guarded.h"
#include "store/duckdb/instance.h"

namespace vigie::store {
namespace {

/// One argument, row by row.
class Part {
 public:
  Part(duckdb_data_chunk input, idx_t argument) {
    const duckdb_vector vector = duckdb_data_chunk_get_vector(input, argument);
    data_ = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
    validity_ = duckdb_vector_get_validity(vector);
  }
  bool is_null(idx_t row) const { return validity_ != nullptr && !duckdb_validity_row_is_valid(validity_, row); }
  std::string_view at(idx_t row) const {
    return {duckdb_string_t_data(&data_[row]), duckdb_string_t_length(data_[row])};
  }

 private:
  duckdb_string_t* data_;
  uint64_t* validity_;
};

void set_null(duckdb_vector output, idx_t row) {
  duckdb_vector_ensure_validity_writable(output);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(output), row);
}

void key_of_text(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const Part text(input, 0);
  auto* keys = static_cast<int64_t*>(duckdb_vector_get_data(output));
  for (idx_t row = 0; row < duckdb_data_chunk_get_size(input); ++row) {
    if (text.is_null(row)) set_null(output, row);
    else keys[row] = key_hash(text.at(row));
  }
}

/// As of `head || tail`, without the engine keeping that text of every row.
void key_of_two(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const Part head(input, 0), tail(input, 1);
  auto* keys = static_cast<int64_t*>(duckdb_vector_get_data(output));
  std::string text;
  for (idx_t row = 0; row < duckdb_data_chunk_get_size(input); ++row) {
    if (head.is_null(row) || tail.is_null(row)) {
      set_null(output, row);
      continue;
    }
    text = head.at(row);
    text += tail.at(row);
    keys[row] = key_hash(text);
  }
}

Result<> add(duckdb_connection connection, int texts, duckdb_scalar_function_t body) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  const RawType text(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
  const RawType key(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
  duckdb_scalar_function_set_name(function, "vigie_key");
  for (int i = 0; i < texts; ++i) duckdb_scalar_function_add_parameter(function, text.get());
  duckdb_scalar_function_set_return_type(function, key.get());
  duckdb_scalar_function_set_function(function, body);
  const duckdb_state state = duckdb_register_scalar_function(connection, function);
  duckdb_destroy_scalar_function(&function);
  if (state != DuckDBSuccess) {
    return fail(ErrorKind::internal, "engine.failed", "the engine did not take the function vigie_key");
  }
  return {};
}

}  // namespace

Result<> register_key_function(duckdb_connection connection) {
  VIGIE_CHECK(add(connection, 1, guarded<key_of_text>));
  return add(connection, 2, guarded<key_of_two>);
}

}  // namespace vigie::store

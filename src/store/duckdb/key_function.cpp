#include "store/duckdb/key_function.h"

#include <string>

#include "base/hash.h"
#include "store/duckdb/guarded.h"
#include "store/duckdb/scalar_function.h"
#include "store/duckdb/vectors.h"

namespace vigie::store {
namespace {

/// Makes the mask of an output only where one is needed: keys hardly ever are null.
void set_null(duckdb_vector output, idx_t row) {
  duckdb_vector_ensure_validity_writable(output);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(output), row);
}

void key_of_text(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const Texts text(input, 0);
  auto* keys = static_cast<int64_t*>(duckdb_vector_get_data(output));
  for (idx_t row = 0; row < duckdb_data_chunk_get_size(input); ++row) {
    if (text.is_null(row)) set_null(output, row);
    else keys[row] = key_hash(text.at(row));
  }
}

/// As of `head || tail`, without the engine keeping that text of every row.
void key_of_two(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const Texts head(input, 0), tail(input, 1);
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

}  // namespace

Result<> register_key_function(duckdb_connection connection) {
  const RawType text(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
  const RawType key(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
  VIGIE_CHECK(add_scalar_function(connection, "vigie_key", {&text}, key, guarded<key_of_text>));
  return add_scalar_function(connection, "vigie_key", {&text, &text}, key, guarded<key_of_two>);
}

}  // namespace vigie::store

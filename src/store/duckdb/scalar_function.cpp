#include "store/duckdb/scalar_function.h"

namespace vigie::store {

Result<> add_scalar_function(duckdb_connection connection, const char* name,
                             std::initializer_list<const RawType*> arguments, const RawType& result,
                             duckdb_scalar_function_t body) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(function, name);
  for (const RawType* argument : arguments) duckdb_scalar_function_add_parameter(function, argument->get());
  duckdb_scalar_function_set_return_type(function, result.get());
  duckdb_scalar_function_set_function(function, body);
  const duckdb_state state = duckdb_register_scalar_function(connection, function);
  duckdb_destroy_scalar_function(&function);
  if (state == DuckDBSuccess) return {};
  return fail(ErrorKind::internal, "engine.failed", fmt::format("the engine did not take the function {}", name));
}

}  // namespace vigie::store

#pragma once
#include <duckdb.h>

#include <initializer_list>

#include "base/result.h"
#include "store/duckdb/instance.h"

namespace vigie::store {

/// Gives the engine a function that needs nothing but its arguments; `body` is guarded<…>. The types stay the caller's.
Result<> add_scalar_function(duckdb_connection connection, const char* name,
                             std::initializer_list<const RawType*> arguments, const RawType& result,
                             duckdb_scalar_function_t body);

}  // namespace vigie::store

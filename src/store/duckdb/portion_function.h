#pragma once
#include <duckdb.h>

#include "base/result.h"

namespace vigie::store {

/// Registers vigie_portion(amount DECIMAL(38,6), part BIGINT, whole BIGINT) → DECIMAL(38,6) for all connections of the
/// database: amount · part / whole, half to even at six decimals. Null where an argument is null, the whole is not
/// above 0 or the part lies outside it.
Result<> register_portion_function(duckdb_connection connection);

}  // namespace vigie::store

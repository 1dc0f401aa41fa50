#pragma once
#include <duckdb.h>

#include "base/result.h"

namespace vigie::store {

/// Registers vigie_key(VARCHAR) → BIGINT, base/hash.h's key_hash, and vigie_key(head, tail), that of head || tail, for
/// all connections of the database; null gives null.
Result<> register_key_function(duckdb_connection connection);

}  // namespace vigie::store

#pragma once
#include <duckdb.h>

#include "base/result.h"

namespace vigie::store {

/// Registers vigie_price(amount DECIMAL(18,4), per_document DECIMAL(18,8), per_target DECIMAL(18,8)) → DECIMAL(18,6)
/// for all connections of the database: the amount in another currency, by what one unit of the quotes' base is worth
/// in each. Null where an argument is null, a rate is not above 0 or the result has more than 18 digits.
Result<> register_price_function(duckdb_connection connection);

}  // namespace vigie::store

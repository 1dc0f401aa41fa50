#pragma once
#include <functional>

#include "store/database.h"

namespace vigie::store {

/// The rows of one SELECT a piece at a time, as the engine makes them: however many there are, few are in memory.
/// `limits` hold for all of it, also for what `take` does with them; what `take` fails with ends it. The connection is
/// one of that database, and may be in a transaction.
Result<> stream(Database& database, Connection& connection, std::string_view sql, const QueryLimits& limits,
                const std::function<Result<>(const ResultSet&)>& take);

/// A statement that may take long and whose result nobody reads: COPY … TO a file.
Result<> execute(Database& database, Connection& connection, std::string_view sql, const QueryLimits& limits);

}  // namespace vigie::store

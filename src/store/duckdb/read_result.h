#pragma once
#include <duckdb.h>

#include "store/result_set.h"

namespace vigie::store {

/// All rows of a result, by chunks, exact: decimals keep their scale, HUGEINT is a decimal of scale 0, dates are day
/// numbers, timestamps µs. Types without a place in a Cell (blobs, lists, structs, intervals, …) are `engine.type`, by
/// column.
Result<ResultSet> read_result(duckdb_result& result);

/// The same a piece at a time, each forgotten before the next is fetched. What `take` fails with ends it.
Result<> read_pieces(duckdb_result& result, const std::function<Result<>(const ResultSet&)>& take);

}  // namespace vigie::store

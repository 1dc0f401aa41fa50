#pragma once
#include <map>

#include "store/duckdb_engine.h"

namespace vigie::workspace {

/// The last batch of a state.
Result<std::int64_t> last_batch(store::DuckDbSnapshot& data, const store::QueryLimits& limits);

/// Queries about the warehouse as a whole, with their answers kept in it for as long as its data are the same. What the
/// data hold is asked at every start: read back it costs a millisecond, counted anew a tenth of a second for the demo
/// and much longer for millions of rows. An answer belongs to the last batch there was when it was read; a query that
/// is worded otherwise is another query. All answers are of one state, that of the snapshot, which must outlive this.
///
///   VIGIE_TRY(RememberedQueries queries, RememberedQueries::open(data, limits));
///   VIGIE_TRY(const store::ResultSet rows, queries.query("SELECT count(*) FROM orders"));
///   queries.keep(database);   // once nothing can be torn any more; a result that may be dropped
class RememberedQueries {
 public:
  static Result<RememberedQueries> open(store::DuckDbSnapshot& data, const store::QueryLimits& limits);
  /// Rows of integers, truths and texts.
  Result<store::ResultSet> query(const std::string& sql);
  /// Writes what was not known yet, in place of what is out of date, on a connection of its own.
  Result<> keep(store::Database& database) const;
  store::Connection& connection() { return data_->connection(); }

 private:
  RememberedQueries(store::DuckDbSnapshot& data, const store::QueryLimits& limits) : data_(&data), limits_(limits) {}

  store::DuckDbSnapshot* data_;
  store::QueryLimits limits_;
  std::int64_t batch_ = 0;
  std::map<std::string, std::string, std::less<>> answers_;
  bool fresh_ = false;
};

}  // namespace vigie::workspace

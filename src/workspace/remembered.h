#pragma once
#include <map>

#include "store/database.h"

namespace vigie::workspace {

/// The last batch of the state that a connection reads.
Result<std::int64_t> last_batch(store::Connection& connection, const store::QueryLimits& limits);

/// Queries about the warehouse as a whole, with their answers kept in it for as long as its data are the same. What the
/// data hold is asked at every start: read back it costs a millisecond, counted anew a tenth of a second for the demo and
/// much longer for millions of rows. An answer belongs to the last batch there was when it was read; a query that is
/// worded otherwise is another query. The connection stands in a transaction: all answers are of one state, that of `batch`.
///
///   VIGIE_TRY(RememberedQueries queries, RememberedQueries::open(connection, limits));
///   VIGIE_TRY(const store::ResultSet rows, queries.query("SELECT count(*) FROM orders"));
///   queries.keep(database);   // once nothing can be torn any more; a result that may be dropped
class RememberedQueries {
 public:
  static Result<RememberedQueries> open(store::Connection& connection, const store::QueryLimits& limits);
  /// Rows of integers, truths and texts.
  Result<store::ResultSet> query(const std::string& sql);
  /// Writes what was not known yet, in place of what is out of date, on a connection of its own.
  Result<> keep(store::Database& database) const;
  std::int64_t batch() const { return batch_; }
  store::Connection& connection() { return *connection_; }

 private:
  RememberedQueries(store::Connection& connection, const store::QueryLimits& limits) : connection_(&connection), limits_(limits) {}

  store::Connection* connection_;
  store::QueryLimits limits_;
  std::int64_t batch_ = 0;
  std::map<std::string, std::string, std::less<>> answers_;
  bool fresh_ = false;
};

}  // namespace vigie::workspace

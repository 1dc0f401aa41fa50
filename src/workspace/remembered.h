#pragma once
#include <map>

#include "store/database.h"

namespace vigie::workspace {

/// Queries about the warehouse as a whole, with their answers kept in it for as long as its data are the same. What the
/// data hold is asked at every start: read back it costs a millisecond, counted anew a tenth of a second for the demo and
/// much longer for millions of rows. An answer belongs to the last batch there was when it was read; a query that is
/// worded otherwise is another query.
///
///   VIGIE_TRY(RememberedQueries queries, RememberedQueries::open(connection));
///   VIGIE_TRY(const store::ResultSet rows, queries.query("SELECT count(*) FROM orders"));
///   VIGIE_CHECK(queries.keep());
class RememberedQueries {
 public:
  static Result<RememberedQueries> open(store::Connection& connection);
  /// Rows of integers, truths and texts.
  Result<store::ResultSet> query(const std::string& sql);
  Result<> keep();  ///< writes what was not known yet, in place of what is out of date

 private:
  RememberedQueries(store::Connection& connection, std::int64_t batch) : connection_(&connection), batch_(batch) {}

  store::Connection* connection_;
  std::int64_t batch_;
  std::map<std::string, std::string, std::less<>> answers_;
  bool fresh_ = false;
};

}  // namespace vigie::workspace

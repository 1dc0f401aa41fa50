#include "store/duckdb_engine.h"

#include "store/print_rel.h"

namespace vigie::store {

Result<ResultSet> DuckDbEngine::query(const RelPtr& plan, const QueryLimits& limits) {
  VIGIE_TRY(Connection connection, database_.connect());
  VIGIE_TRY(ResultSet raw, connection.query(sql(plan), limits));
  ResultSet rows(plan->columns);  // the tree's types: a day number is a date here, an integer there
  for (std::size_t i = 0; i < plan->columns.size(); ++i) rows.column(i) = std::move(raw.column(i));
  return rows;
}

std::string DuckDbEngine::sql(const RelPtr& plan) const { return print(plan, duckdb_dialect()); }

}  // namespace vigie::store

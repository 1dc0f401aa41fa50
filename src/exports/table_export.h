#pragma once
#include "exports/table_query.h"
#include "exports/writer.h"
#include "plan/relations.h"
#include "store/duckdb_engine.h"

namespace vigie::exports {

/// One committed state of the warehouse, and what is to be said of it.
struct TableStanding {
  const model::Model& model;
  const plan::DataFacts& facts;
  std::string company, currency;  ///< the workspace's
  const calendar::Zone* zone;
  Instant now;
};

/// Where the rows are: one committed state, and the database that it is of.
struct TableSource {
  store::Database& database;
  store::DuckDbSnapshot& state;
};

/// Writes the rows of a canonical table, as the engine makes them: however many there are, few are in memory. They come
/// in the order of the table's own time, then of their keys, where they are no more than a sheet holds; else as the
/// engine meets them.
///
/// Errors: those of TableQuery, of Writer (too many rows for a sheet are told before the first one is written), and of
/// queries.
Result<Exported> export_table(TableSource& data, const TableStanding& standing, const TableOrder& order,
                              const Form& form, const Destination& to, const store::QueryLimits& limits);

}  // namespace vigie::exports

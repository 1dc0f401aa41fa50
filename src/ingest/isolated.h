#pragma once
#include "ingest/job.h"

namespace vigie::ingest {

constexpr std::string_view kQueryRows = "vigie_query_rows";

/// What a map's query gave: rows in the table kQueryRows of the job's connection.
struct QueryResult {
  std::vector<std::string> columns, types;
  std::string table;
};

/// Runs the map's query in an engine of its own, in memory, that holds the named inputs as tables and can reach nothing
/// else. Records of the inputs that could not be taken apart go to the quarantine and count as read.
///
/// Errors: map.query (not exactly one SELECT), engine.sql with the place in the query, engine.refused, engine.deadline
/// (Map::query_limit).
Result<QueryResult> run_query(Job& job);

}  // namespace vigie::ingest

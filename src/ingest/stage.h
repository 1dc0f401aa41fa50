#pragma once
#include "ingest/job.h"
#include "ingest/rows_ahead.h"

namespace vigie::ingest {

/// The typed rows of a batch, in file order, in the temporary table `vigie_stage` (columns: RowSql::staged). Bad rows
/// are still in it, marked, so that a snapshot does not take them for missing.
struct Stage {
  std::int64_t rows = 0, bad = 0;
  std::vector<store::PhysicalColumn> columns;  ///< physical ones of the mapped columns
  std::vector<RowSql::Reference> references;
  std::vector<RowsAhead> ahead;
};

/// Does the map bring that physical column?
bool has_column(const Stage& stage, std::string_view name);

constexpr std::string_view kStage = "vigie_stage";

/// Reads the files, or runs the map's query over them, into the stage; what cannot be taken waits for
/// quarantine_refusals. Fills the receipt's read, filtered, quarantined and files.
///
/// Not within a transaction: the stage is of this connection alone and goes with it, and the engine reads rows that are
/// not committed yet, whatever their number, in one thread.
///
/// Errors: map.input_column, csv.*, file.*, and those of a query: map.query (not one SELECT), engine.sql,
/// engine.refused.
Result<Stage> fill_stage(Job& job);

/// Drops the stage and what else the import put beside it.
Result<> drop_stage(Job& job);

}  // namespace vigie::ingest

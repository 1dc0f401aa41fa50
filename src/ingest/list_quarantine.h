#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace vigie::ingest {

/// A row that could not be taken, one line for each of its defects.
struct QuarantinedRow {
  std::int64_t id = 0;
  std::int64_t batch = 0;
  std::string map, file;
  std::int64_t row = 0;  ///< as in Refusal::first_row
  std::string column, code, message, value;
  std::string record;  ///< the input row as JSON, or its text where it could not be taken apart
};

struct QuarantineFilter {
  std::int64_t batch = 0;  ///< 0: all
  std::string map;         ///< "": all
  std::size_t limit = 0;
  std::size_t bytes = 0;  ///< of the values and records that are listed; one row is, however long
  std::string code = {}, column = {}, file = {};
  std::vector<std::int64_t> ids = {};
  std::size_t from = 0;  ///< lines left out at the beginning
};
struct Quarantine {
  std::vector<QuarantinedRow> rows;
  std::int64_t left_out = 0;  ///< lines beyond both limits
};

/// What waits in the quarantine, in the order of batches, files and rows, from one committed state. Errors:
/// import.unknown (no such batch, no import under such a map), engine.cancelled, engine.deadline.
Result<Quarantine> quarantined(store::Database& database, const QuarantineFilter& filter,
                               const store::QueryLimits& limits);

/// One reason for which rows of a map wait.
struct QuarantineReason {
  std::string map, column, code, message;
  std::int64_t rows = 0, example_id = 0;
  std::string example_file;
  std::int64_t example_row = 0;
  std::string example;  ///< its text, as in Refusal
};
struct QuarantineReasons {
  std::vector<QuarantineReason> reasons;
  std::int64_t left_out = 0;
};
/// The same rows by reason: most of them first.
Result<QuarantineReasons> quarantine_reasons(store::Database& database, const QuarantineFilter& filter,
                                             const store::QueryLimits& limits);

}  // namespace vigie::ingest

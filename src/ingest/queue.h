#pragma once
#include "ingest/stage.h"

namespace vigie::ingest {

// The quarantine as a queue. _quarantine has the complaints, one line each; here is one line a row.
//
// _waiting(id, batch, map, source, table_name, file, row, place, since, map_file, kept, read_as, mark, reasons,
// own_key,
//   key, told, fixed): a row that waits. (batch, file, row) finds its lines in _quarantine. `id` is its own for good:
//   it is the same when its file is read again and the row is as it was. `place` counts within the batch, in the order
//   of the files; `mark` tells one record from another; `own_key`, `key` and `told` are its key and its updated_at,
//   where they could be read; `fixed` is what a person gave for its columns, as JSON.
// _settled(id, batch, map, source, table_name, file, row, place, mark, reasons, key, told, fixed, record, outcome,
//   into_batch, settled_at, by_whom, why): a row that has left. Of each receipt, quarantined = those that wait + those
//   that left. The record is kept of dropped rows alone: of others a table has it, or their file.
//
// A row leaves its batch when its record is refused again in another one, under the same id (refused_again); and the
// queue when it is taken (replayed), when the map's filter leaves it out now (filtered), when a person drops it
// (dropped), and when something newer tells of it (superseded): its file is read again, a later version of its key is
// taken through the same map, or a later snapshot of that map says all there is.

/// What there is of a row.
constexpr std::string_view kRow = "row";        ///< its columns, as JSON
constexpr std::string_view kText = "text";      ///< the text of a record that could not be taken apart
constexpr std::string_view kCut = "cut";        ///< a part of it
constexpr std::string_view kNone = "none";      ///< nothing
constexpr std::string_view kBehind = "behind";  ///< a record of a file that a query reads: no row of the map

/// What is refused while the files are read, before there is a batch: as _quarantine without its number, and what
/// _waiting knows of the row.
constexpr std::string_view kRefused = "vigie_refused";

/// Creates the tables; rows that an earlier version left in _quarantine begin to wait.
Result<> prepare_queue(store::Connection& connection);

/// What was refused waits; what this map refused before and is not refused any more has left.
Result<> enqueue(Job& job);
/// What waits and is overtaken by the rows that the batch took.
Result<> supersede(Job& job, const Stage& stage);
/// How many rows have left through this batch, but for those that come again as they were.
Result<std::int64_t> count_settled(const Job& job);

struct Leaving {
  std::string_view outcome;
  std::optional<std::int64_t> into_batch;
  Instant at;
  std::string by, why;
};
/// The rows whose ids a SELECT gives leave.
Result<> settle(store::Connection& connection, const std::string& ids, const Leaving& how);

/// Of these columns, of the row `row`, as SQL: the lines of _quarantine of a row of _waiting under the name w.
std::string lines_of_waiting(std::string_view line, std::string_view row);

}  // namespace vigie::ingest

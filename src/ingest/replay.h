#pragma once
#include "ingest/mend.h"
#include "ingest/quarantine.h"
#include "ingest/queue.h"

namespace vigie::ingest {

// Rows that wait, through the map as it is now. They are read from the queue in place of a file (replay_rows.cpp),
// typed and merged as any (stage.h, merge.h), and told apart afterwards by their ordinals.
//
// vigie_again(ordinal, id, batch, place, file, row, own_key, kept, record, read_as, is_json, obj, broken, unparsed,
// code,
//   message, part): the rows of one map. `obj` is the row as JSON, with what was fixed; a text that cannot be taken
//   apart has none, and `code` and `message` say why. `part` numbers rows that are read alike.
constexpr std::string_view kAgain = "vigie_again";
/// What is wrong with them now: ordinal and the rest as RowSql::defects says.
constexpr std::string_view kFaults = "vigie_faults";

/// The rows of kMeant that are this map's, and what of them cannot be tried.
Result<std::vector<Untried>> gather(Job& job);
/// The stage of these rows, with their ordinals (s_ordinal), and kFaults.
Result<Stage> stage_again(Job& job);

}  // namespace vigie::ingest

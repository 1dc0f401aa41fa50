#pragma once
#include "ingest/stage.h"

namespace vigie::ingest {

/// Brings the stage's good rows into the canonical table: the last version of each key wins, by updated_at, then by
/// batch, then by the later row. Columns that the map does not name keep what an earlier map gave them. Also writes key
/// tables, history, neighbours and base amounts of the touched rows, and fills the receipt's loaded … unpriced.
///
/// Errors: key.collision (two natural keys with one 64-bit key: the import is refused whole), map.snapshot_deletes.
Result<> merge(Job& job, const Stage& stage);

}  // namespace vigie::ingest

#pragma once
// Private to ingest/: what differs where the rows are events out of a journal.
#include "ingest/job.h"

namespace vigie::ingest {

/// Gives a file of events the columns that its map names and no event of it has: they are empty there. (In an export, a
/// column that is missing is a slip; an event leaves out what it has nothing to say of.)
void add_absent_columns(const Map& map, SourceFile& file);

/// Writes how far the journals of the request are applied; in the transaction of the rows.
Result<> record_applied(Job& job);

}  // namespace vigie::ingest

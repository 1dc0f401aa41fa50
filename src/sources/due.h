#pragma once
#include "sources/last_runs.h"

namespace vigie::sources {

/// A folder that says no schedule: it is looked at all the time.
bool is_watched(const Source& source);

/// When a source is to be read next by itself; nothing: when somebody says so, or a watched folder has a new file.
///
///   never read yet     at once
///   read well          the first time that its schedule names after the last run began: whoever was off for a week
///                      has one run to catch up, not a hundred
///   failed             what may pass by itself (nobody there, a locked file, a run that was killed) is tried again
///                      after 1, 2, 4 … 60 minutes, before its time too; what somebody must mend (a password, a column
///                      that is gone) at its time, and no sooner than that
std::optional<Instant> due_at(const Source& source, const LastRuns& runs, Instant now, const calendar::Zone& zone);

/// From when on figures that rest on a map say that it is behind; nothing: never. Its schedule allows one time to be
/// missed. A watched folder may fail for ten minutes, a source without schedule for a day.
std::optional<Instant> behind_from(const Source& source, const LastRun& run, const calendar::Zone& zone);

/// How a last run counts now: by the schedule that its source says today; and without the one that is under way, which
/// is on record as if it had failed already.
LastRun as_it_counts(LastRun run, const Source& source, bool is_under_way, const calendar::Zone& zone);

}  // namespace vigie::sources

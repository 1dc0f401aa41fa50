#pragma once
#include <map>

#include "sources/sources.h"

namespace vigie::sources {

/// How the last run of a source went: data/syncs/<source>.json. For people, and for when it is due again; no row rests
/// on what stands in it.
struct JournalLine {
  std::string map;
  Outcome outcome = Outcome::begun;
  Instant last_run;
  double seconds = 0;  ///< that it took, all maps of the source together
  std::optional<Instant> last_good;
  std::optional<Instant> data_until;     ///< what the data that are here tell of: see FeedStatus
  int failures = 0;                      ///< in a row; one that is under way, or was killed, counts
  std::optional<Instant> failing_since;  ///< the run that was the first of those
  std::optional<Instant> behind_from;    ///< from then on, figures that rest on it say that it is behind
  std::int64_t rows = 0, loaded = 0, updated = 0, deleted = 0, quarantined = 0;
  std::string reached;
  std::optional<Error> error;
};
using Journal = std::vector<JournalLine>;

/// Empty where there is none, or none that can be read.
Journal read_journal(const std::filesystem::path& workspace, const std::string& source);
/// Of all sources that were ever synced here, by their ids.
std::map<std::string, Journal> read_journals(const std::filesystem::path& workspace);
/// Which file it is, and when it was written: as long as that is the same, so is what it holds. "": there is none.
std::string journal_identity(const std::filesystem::path& workspace, const std::string& source);
/// Fails with file.unwritable.
Result<> write_journal(const std::filesystem::path& workspace, const std::string& source, const Journal& journal);

}  // namespace vigie::sources

#pragma once
#include "sources/sources.h"

namespace vigie::sources {

/// How the last run of a source went: data/syncs/<source>.json. For people; a sync rests on nothing that stands in it.
struct JournalLine {
  std::string map;
  Outcome outcome = Outcome::begun;
  Instant last_run;
  std::optional<Instant> last_good;
  std::int64_t rows = 0, loaded = 0, updated = 0, deleted = 0, quarantined = 0;
  std::string reached;
  std::optional<Error> error;
};
using Journal = std::vector<JournalLine>;

/// Empty where there is none, or none that can be read.
Journal read_journal(const std::filesystem::path& workspace, const std::string& source);
/// Fails with file.unwritable.
Result<> write_journal(const std::filesystem::path& workspace, const std::string& source, const Journal& journal);

}  // namespace vigie::sources

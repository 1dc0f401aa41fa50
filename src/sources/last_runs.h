#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace vigie::sources {

/// How one map of one source fared.
enum class Outcome {
  brought,      ///< rows came: see its receipts
  nothing_new,  ///< all is known already; nothing was written
  failed,       ///< its error says why
  left,         ///< not read, or not taken, because another of the source failed before
  absent,       ///< of a preset: the source has no such tables
  begun,        ///< of a last run: under way, or killed on its way
};
std::string_view name_of(Outcome outcome);

/// How the last run of a map of a source went: data/syncs/<source>.json. For people, and for when it is due again; no
/// row rests on what stands in it.
struct LastRun {
  std::string map;
  std::string map_file = {};  ///< by which it is known while it cannot be read; see file_on_record
  std::string table = {};     ///< that its rows go into
  Outcome outcome = Outcome::begun;
  Instant began = {};
  double seconds = 0;                     ///< that it took, all maps of the source together
  std::optional<Instant> last_good = {};  ///< when the last one began that went well
  /// What the data that are here tell of: where the cursor is a time, the greatest; of a folder, when the last file
  /// that was taken had been written; else when the last good run began.
  std::optional<Instant> data_until = {};
  int failures = 0;                           ///< in a row; one that is under way, or was killed, counts
  std::optional<Instant> failing_since = {};  ///< the run that was the first of those
  std::optional<Instant> behind_from = {};    ///< from then on, figures that rest on it say that it is behind
  std::int64_t rows = 0, loaded = 0, updated = 0, deleted = 0, quarantined = 0;
  std::string reached = {};  ///< of a cursor: what its column said last
  std::optional<Error> error = {};
};
using LastRuns = std::vector<LastRun>;

/// The file of a map as it is on record: from the workspace on where it is in it.
std::string file_on_record(const std::filesystem::path& map_file, const std::filesystem::path& workspace);
/// The id of a map that cannot be read: the one that its file had at its last run; where it had none, the file's name.
std::string id_on_record(const LastRuns& runs, const std::filesystem::path& map_file,
                         const std::filesystem::path& workspace);

/// Empty where there is none, or none that can be read.
LastRuns last_runs_of(const std::filesystem::path& workspace, const std::string& source);
/// Of all sources that were ever synced here, by their ids.
std::map<std::string, LastRuns> all_last_runs(const std::filesystem::path& workspace);
/// Which file it is, and when it was written: as long as that is the same, so is what it holds. "": there is none.
std::string identity_of_last_runs(const std::filesystem::path& workspace, const std::string& source);
/// Fails with file.unwritable.
Result<> write_last_runs(const std::filesystem::path& workspace, const std::string& source, const LastRuns& runs);

}  // namespace vigie::sources

#pragma once
// sources/ — systems that rows come from again and again: a folder, a database. Source → a file of rows → ingest.
//
//   sources.h       sync what there is, and tell how it stands; report_json.h: both as JSON
//   source.h        a file of `sources/` (docs/sources.md), parsed strictly; schedule.h: when
//   database_preset.h  the tables of a known product (presets/*/source.yaml) → the feeds of a source
//
//   run.h           one source on its way into the warehouse; last_runs.h: how that went
//   reader.h        one committed state of a database, read by cursor or whole: sqlite_, postgres_, mysql_reader.cpp
//   cursor_sql.h    what a server is asked: which rows are beyond a place, and which is the last
//   rows_file.h     the rows on their way
//   folder.h        the new files of a folder, each once, and none that still grows
//
//   due.h           when a source is to be read next, and from when on it is behind
//   agenda.h        which sources are to be read now: schedules, watched folders, files of `sources/` that changed
//   folder_watch.h  a folder while it is watched
//   under_way.h     none of them twice at a time
//
// How far a source has been read stands in the warehouse (_syncs), written in the transaction of the rows that were:
// what fails or is killed on the way leaves rows and place as they were. How the last
// run went (data/syncs) is for people alone; who removes it loses the past, and no row. A source in which nothing is
// new leaves the warehouse untouched.
//
// Nothing here knows a KPI, or what a column means: that is the map's.
#include <memory>
#include <set>

#include "ingest/ingest.h"
#include "sources/last_runs.h"
#include "sources/source.h"
#include "sources/under_way.h"

namespace vigie::sources {

/// The right to write into the warehouse, which one at a time has; given back with the object.
using Turn = std::shared_ptr<void>;

/// What a workspace gives to every sync.
struct Context {
  const ingest::Context& ingest;
  std::filesystem::path workspace;
  std::filesystem::path presets;  ///< the folder of those that ship with the program
  UnderWay& under_way;
  /// Waits for the turn of a source to write, and has it for as long as what it returns lives: a source may take its
  /// time to be read, and nobody waits for that. Not set: nobody else writes. Errors: engine.cancelled.
  std::function<Result<Turn>(const std::string& source, const std::atomic<bool>* cancelled)> turn = {};
};

struct Order {
  std::string source;  ///< "": all of them
  std::function<void(std::string_view stage, double share)> progress = {};
  const std::atomic<bool>* cancelled = nullptr;
  std::set<std::string> whole = {};  ///< files of a folder that do not grow any more, as NewFile::stands
};

/// How one map of one source fared.
struct FeedReport {
  std::string source, map;  ///< ids; of a map that cannot be read, see id_on_record
  Outcome outcome = Outcome::left;
  std::vector<ingest::Receipt> receipts;  ///< of a folder, one a file
  std::optional<Error> error;
  std::int64_t rows = 0;              ///< that the source gave
  std::string reached;                ///< of a cursor: what its column said last
  std::optional<Instant> data_until;  ///< of what came, see LastRun
  std::string missing = {};           ///< of one that is absent: the tables and columns that it needs
  double seconds = 0;
};

struct Report {
  std::vector<FeedReport> feeds;
  const Error* first_error() const;
};

/// Syncs one source, or all in the order of their files. What is wrong with one keeps none of the others from it: its
/// error stands in the report. Within a source the first that fails ends it, and what came before stays. A sync that is
/// cancelled leaves on record how the run before it went: it never was.
///
/// Errors, of the order itself: source.unknown (with the nearest name), source.none, import.busy (one of them is being
/// read already).
Result<Report> sync(const Context& context, const Order& order);
/// Removes rows that a killed process left on their way. For who opens a workspace, before anything is synced.
void remove_leftovers(const std::filesystem::path& workspace);

enum class State {
  fine,
  never_run,
  running,
  failing,     ///< its last sync failed
  behind,      ///< nothing failed, and its schedule was not kept
  unreadable,  ///< its file
};
std::string_view name_of(State state);

/// How a source stands.
struct FeedStatus {
  std::string map;
  Mode mode = Mode::snapshot;
  std::optional<LastRun> run = {};         ///< none: it never ran
  std::optional<Error> error = {};         ///< of its map; else of that run
  std::vector<checks::State> checks = {};  ///< how those of its map stand
};
struct Status {
  std::string id;  ///< of a file that cannot be read, its name
  std::string file;
  std::optional<Kind> kind;
  State state = State::unreadable;
  std::string schedule;
  bool is_watched = false;  ///< a folder that says no schedule
  std::optional<Instant> due;
  int failures = 0;  ///< in a row
  std::optional<Instant> failing_since;
  std::vector<FeedStatus> feeds;
  std::optional<Error> error;  ///< of its file
};

/// All sources of a workspace.
Result<std::vector<Status>> status(const Context& context);

/// A source that is behind: figures that rest on these tables say so.
struct Behind {
  std::string source;
  std::set<std::string> tables;
  std::optional<Instant> last_good;
  bool fails = false;  ///< else nobody read it
};
/// As far as the last runs tell, in a moment.
bool may_be_behind(const std::filesystem::path& workspace, Instant now);
std::vector<Behind> behind(const Context& context);

/// What is wrong in the files of `sources/`, and in what they say of maps.
std::vector<Error> check(const std::filesystem::path& workspace, const std::filesystem::path& presets,
                         const model::Model& model, const std::string& time_zone);

}  // namespace vigie::sources

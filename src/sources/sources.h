#pragma once
// sources/ — systems that rows come from again and again: a folder, a database. Source → a file of rows → ingest.
//
//   sources.h       sync what there is, and tell how it stands
//   source.h        a file of `sources/` (docs/sources.md), parsed strictly; schedule.h: when
//   reader.h        one committed state of a database, read by cursor or whole: sqlite_, postgres_, mysql_reader.cpp
//   cursor_sql.h    what a server is asked: which rows are beyond a place, and which is the last
//   folder.h        the new files of a folder, each once, and none that still grows
//   rows_file.h     the rows on their way
//   run.h           one source on its way into the warehouse; journal.h: how its last run went
//   report_json.h   both of them as JSON
//
// How far a source has been read stands in the warehouse (_syncs), written in the transaction of the rows that were:
// what fails or is killed on the way leaves rows and place as they were. The journal is for people alone; who removes
// it loses the past, and no row. A source in which nothing is new leaves the warehouse untouched.
//
// Nothing here knows a KPI, or what a column means: that is the map's.
#include "ingest/ingest.h"
#include "sources/source.h"

namespace vigie::sources {

/// What a workspace gives to every sync.
struct Context {
  const ingest::Context& ingest;
  std::filesystem::path workspace;
  /// Waits for the right to write, and gives it for as long as what it returns lives: a source may take its time to be
  /// read, and nobody waits for that. Not set: nobody else writes. Errors: engine.cancelled.
  std::function<Result<std::shared_ptr<void>>(const std::string& source, const std::atomic<bool>* cancelled)>
      begin_writing = {};
};

struct Order {
  std::string source;  ///< "": all of them
  std::function<void(std::string_view stage, double share)> progress;
  const std::atomic<bool>* cancelled = nullptr;
};

enum class Outcome {
  brought,      ///< rows came: see its receipts
  nothing_new,  ///< all is known already; nothing was written
  failed,       ///< its error says why
  left,         ///< not read, or not taken, because another of the source failed before
  begun,        ///< of the journal: under way, or killed on its way
};
std::string_view name_of(Outcome outcome);

/// How one map of one source fared.
struct FeedReport {
  std::string source, map;  ///< ids; of a map that cannot be read, the name of its file
  Outcome outcome = Outcome::left;
  std::vector<ingest::Receipt> receipts;  ///< of a folder, one a file
  std::optional<Error> error;
  std::int64_t rows = 0;  ///< that the source gave
  std::string reached;    ///< of a cursor: what its column said last
  double seconds = 0;
};

struct Report {
  std::vector<FeedReport> feeds;
  const Error* first_error() const;
};

/// Syncs one source, or all in the order of their files. What is wrong with one keeps none of the others from it: its
/// error stands in the report. Within a source the first that fails ends it, and what came before stays.
///
/// Errors, of the order itself: source.unknown (with the nearest name), source.none.
Result<Report> sync(const Context& context, const Order& order);

/// How a source stands.
struct FeedStatus {
  std::string map;
  Mode mode = Mode::snapshot;
  std::optional<Outcome> outcome;  ///< of its last run; none: it never ran
  std::optional<Instant> last_run, last_good;
  std::int64_t rows = 0, loaded = 0, updated = 0, deleted = 0, quarantined = 0;  ///< of its last run
  std::string reached;
  std::optional<Error> error;
};
struct Status {
  std::string id;  ///< of a file that cannot be read, its name
  std::string file;
  std::optional<Kind> kind;
  std::string schedule;
  std::optional<Instant> due;
  std::vector<FeedStatus> feeds;
  std::optional<Error> error;  ///< of its file
};

/// All sources of a workspace. `under_way`: the one that is synced right now, "*" all of them, "" none.
Result<std::vector<Status>> status(const Context& context, const std::string& under_way);

/// What is wrong in the files of `sources/`, and in what they say of maps.
std::vector<Error> check(const std::filesystem::path& workspace, const model::Model& model,
                         const std::string& time_zone);

}  // namespace vigie::sources

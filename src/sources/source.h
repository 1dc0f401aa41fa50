#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/secret.h"
#include "ingest/map.h"
#include "sources/schedule.h"

namespace vigie::sources {

enum class Kind { files, sqlite, postgres, mysql };
std::string_view name_of(Kind kind);

/// How much before the place that was reached is read again: rows whose transaction ended after a later one's. Of a
/// cursor that dates rows a length of time, of one that numbers them a number.
struct Overlap {
  std::int64_t amount = 0;  ///< seconds, or numbers
  bool is_time = false;
};

enum class Mode {
  cursor,    ///< what a column says is newer than what was read
  snapshot,  ///< all of it, each time; what is missing then is deleted
};

/// One map of a source, and the rows that it is to read.
struct Feed {
  std::filesystem::path map_file;
  SourcePosition where;
  std::string table;  ///< "sales.orders"; "" where there is a query
  std::string query;
  SourcePosition rows_where;  ///< of the table or the query
  Mode mode = Mode::snapshot;
  bool says_snapshot = false;  ///< what is missing is to be deleted: the map must say so too
  std::string cursor, tie_break;
  SourcePosition cursor_where, tie_where;
  std::optional<Overlap> overlap;
  SourcePosition overlap_where;
  /// Of a cursor: how often all rows are read all the same, so that what is gone is seen.
  std::optional<std::chrono::seconds> whole;
  std::vector<std::string> needs;  ///< of a preset: tables and columns without which it is left out
  std::vector<std::string> files;  ///< of a folder: paths and globs

  /// What of this entry decides which rows come: where it changes, all of them are read again.
  std::string digest() const;
  std::string shown() const { return query.empty() ? table : "query"; }
};

struct DatabasePreset;  // database_preset.h

/// A file of `sources/` (docs/sources.md): a system that rows come from, where it is, and through which maps.
///
/// Errors point at file:line:column and name the nearest right word: yaml.*, source.value, source.option (an option
/// that means nothing to that kind), secret.form (a password in clear), source.map, schedule.*, preset.*.
struct Source {
  std::string id;
  Kind kind = Kind::files;
  std::filesystem::path file, workspace;
  SourcePosition where;
  std::filesystem::path place;  ///< the folder, or the file of an SQLite database
  SourcePosition place_where;
  std::string host, database, user, tls;
  int port = 0;  ///< 0: that of its kind
  std::optional<Secret> password;
  std::chrono::seconds settled{60};  ///< a file that changed later than so long ago may still grow
  std::string done;                  ///< "" or the ending of the empty file that says that one is whole
  std::chrono::minutes longest{60};  ///< how long one sync may ask the source
  std::optional<Schedule> schedule;
  std::shared_ptr<const DatabasePreset> preset;  ///< where it names one
  std::vector<YamlNode> checks;                  ///< what is expected of rows, beside what maps say; each names its map
  std::vector<Feed> feeds;                       ///< first those of the preset, as it writes them; then its own

  /// Which system it is: where it changes, nothing of what was read before counts.
  std::string digest() const;

  /// `presets` is the folder of those that ship with the program.
  static Result<Source> load(const std::filesystem::path& file, const std::filesystem::path& workspace,
                             const std::filesystem::path& presets);
  static Result<Source> parse(std::string_view text, const std::string& shown_as,
                              const std::filesystem::path& workspace, const std::filesystem::path& presets);
};

/// The map of a feed, with what the source expects of its rows beside its own checks, where it can bring what the feed
/// says: one input, a key, and a mode that goes with the feed's. Errors: those of maps, check.*, and source.mode.
Result<ingest::Map> map_of(const Source& source, const Feed& feed, const model::Model& model,
                           const std::string& time_zone);

/// A check of the source that names none of these maps (source.checks).
Result<> check_names_of_maps(const Source& source, const std::vector<std::string>& maps);

}  // namespace vigie::sources

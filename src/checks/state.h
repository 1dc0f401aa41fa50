#pragma once
#include "checks/check.h"

namespace vigie::checks {

/// Runs a SELECT.
using Query = std::function<Result<store::ResultSet>(const std::string& sql)>;

enum class Standing {
  fine,
  failing,
  refused,     ///< batches were refused for it, and rows are missing
  not_judged,  ///< nothing can be said yet: `told` says why
};
std::string_view name_of(Standing standing);

/// As many files are told by their names; the others, as one file of this name, for all of them are read at each
/// answer.
inline constexpr std::size_t kMostMissing = 1000;
inline constexpr std::string_view kOtherFiles = "…";

/// A file that was refused and has not come since.
struct Missing {
  std::string name;  ///< without its folder, or from the watched one on; of a database, what people know its rows by
  std::string told;  ///< why
  bool is_others() const { return name == kOtherFiles; }
};
struct Refused {
  Instant at;                    ///< since when something is missing
  std::vector<Missing> missing;  ///< what was refused first stands first
};

/// How one check of one map stands: a row of `_checks`.
struct State {
  std::string map, name, source, table;
  Kind kind = Kind::not_null;
  Severity severity = Severity::warning;
  std::string columns, refers;
  std::string text;                          ///< Check::text
  Standing standing = Standing::not_judged;  ///< of the rows that are in; of freshness see stands_at
  std::int64_t rows = 0;                     ///< that fail
  std::string example;                       ///< one of them
  std::string told;                          ///< one sentence: what is wrong; of freshness, what will be
  /// From when on figures are touched: no failing row is dated before it. Of freshness, from when on it fails.
  std::optional<Instant> from;
  std::optional<Instant> newest;  ///< freshness: of the rows
  Instant since, seen;            ///< it stands so; it was last looked at
  std::int64_t batch = 0;         ///< after which
  std::optional<Refused> refused;
  std::string map_file;  ///< where the map stood that was held last; "" not known
};

/// As of a moment: what was new enough when it came is too old one day.
Standing stands_at(const State& state, Instant at);
/// The instant since which it stands as it does then.
Instant since_of(const State& state, Instant at);
/// What is wrong, in one sentence; "" where nothing is.
std::string sentence_of(const State& state, Instant at);
/// "check_not_null", "check_refused": the code of that sentence beside figures, and (with a dot) of what a check finds.
std::string code_of(const State& state, Instant at);

/// Creates `_checks` where it is not there, or not as it is written now.
Result<> prepare(store::Connection& connection);
/// Whether it is there, as any version wrote it.
Result<bool> is_prepared(store::Connection& connection);
/// All of them, by map and name.
Result<std::vector<State>> states(const Query& query);
/// Puts them in the place of the earlier ones of the same names.
Result<> write(store::Connection& connection, const std::vector<State>& states);
/// Removes those of a map that are called otherwise than these.
Result<> forget_others(store::Connection& connection, const std::string& map, const std::vector<Check>& checks);

}  // namespace vigie::checks

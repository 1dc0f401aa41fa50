#include "checks/state.h"

#include <ranges>

#include "base/text.h"

namespace vigie::checks {
namespace {

using store::quote_text;

std::string number_or_null(const std::optional<Instant>& at) { return at ? std::to_string(at->micros) : "NULL"; }

std::optional<Instant> instant_or_none(const store::ResultSet& rows, std::size_t row, std::size_t column) {
  return rows.is_null(row, column) ? std::nullopt : std::optional(Instant{rows.int64(row, column)});
}

constexpr std::string_view kColumns =
    "map, name, source, table_name, kind, severity, columns, refers, text, standing, rows, example, told, from_at, "
    "newest, since, seen, batch, refused_at, refused_told, refused_files, map_file";

Standing standing_of(std::string_view name) {
  for (const Standing one : {Standing::fine, Standing::failing})
    if (name_of(one) == name) return one;
  return Standing::not_judged;
}

/// A line a name, and a line a reason. An earlier version wrote one reason for all.
std::vector<Missing> missing_in(const std::string& names, const std::string& reasons) {
  const std::vector<std::string> told = split(reasons, '\n');
  std::vector<Missing> out;
  for (const std::string& name : split(names, '\n'))
    out.push_back({name, told.empty() ? "" : told[std::min(out.size(), told.size() - 1)]});
  return out;
}

State state_in(const store::ResultSet& rows, std::size_t row) {
  enum : std::size_t {
    map,
    name,
    source,
    table,
    kind,
    severity,
    columns,
    refers,
    text,
    standing,
    count,
    example,
    told
  };
  constexpr std::size_t kFrom = told + 1, kNewest = kFrom + 1, kSince = kNewest + 1, kSeen = kSince + 1,
                        kBatch = kSeen + 1, kRefused = kBatch + 1, kMapFile = kRefused + 3;
  State out;
  out.map = rows.text(row, map);
  out.name = rows.text(row, name);
  out.source = rows.text(row, source);
  out.table = rows.text(row, table);
  out.kind = kind_of(rows.text(row, kind)).value_or(Kind::expect);
  out.severity = rows.text(row, severity) == name_of(Severity::error) ? Severity::error : Severity::warning;
  out.columns = rows.text(row, columns);
  out.refers = rows.text(row, refers);
  out.text = rows.text(row, text);
  out.standing = standing_of(rows.text(row, standing));
  out.rows = rows.int64(row, count);
  out.example = rows.text(row, example);
  out.told = rows.text(row, told);
  out.from = instant_or_none(rows, row, kFrom);
  out.newest = instant_or_none(rows, row, kNewest);
  out.since = Instant{rows.int64(row, kSince)};
  out.seen = Instant{rows.int64(row, kSeen)};
  out.batch = rows.int64(row, kBatch);
  if (const auto at = instant_or_none(rows, row, kRefused))
    out.refused = Refused{*at, missing_in(rows.text(row, kRefused + 2), rows.text(row, kRefused + 1))};
  out.map_file = rows.text(row, kMapFile);
  return out;
}

std::string lines_of(const Refused& refused, std::string Missing::* what) {
  std::string out;
  for (const Missing& one : refused.missing) out += fmt::format("{}{}", out.empty() ? "" : "\n", one.*what);
  return out;
}

std::string values_of(const State& state) {
  std::string out;
  for (const std::string_view one :
       {std::string_view(state.map), std::string_view(state.name), std::string_view(state.source),
        std::string_view(state.table), name_of(state.kind), name_of(state.severity), std::string_view(state.columns),
        std::string_view(state.refers), std::string_view(state.text), name_of(state.standing)})
    out += quote_text(one) + ", ";
  out += fmt::format("{}, {}, {}, {}, {}, {}, {}, {}, ", state.rows, quote_text(state.example), quote_text(state.told),
                     number_or_null(state.from), number_or_null(state.newest), state.since.micros, state.seen.micros,
                     state.batch);
  out += state.refused ? fmt::format("{}, {}, {}, ", state.refused->at.micros,
                                     quote_text(lines_of(*state.refused, &Missing::told)),
                                     quote_text(lines_of(*state.refused, &Missing::name)))
                       : "NULL, NULL, NULL, ";
  return out + quote_text(state.map_file);
}

/// "may.csv, june.csv, july.csv (+2)", or "(+997 …)"
std::string names_of(const Refused& refused) {
  constexpr std::size_t kNamed = 3;
  std::string out;
  for (const Missing& one : refused.missing | std::views::take(kNamed)) out += (out.empty() ? "" : ", ") + one.name;
  const bool others = refused.missing.back().is_others();
  if (const std::size_t named = refused.missing.size() - (others ? 1 : 0); named > kNamed)
    out += fmt::format(" (+{}{})", named - kNamed, others ? " …" : "");
  return out;
}

}  // namespace

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::fine: return "fine";
    case Standing::failing: return "failing";
    case Standing::refused: return "refused";
    case Standing::not_judged: return "not_judged";
  }
  return "";
}

Standing stands_at(const State& state, Instant at) {
  if (state.refused) return Standing::refused;
  if (state.kind != Kind::freshness || state.standing == Standing::not_judged) return state.standing;
  return !state.from || *state.from <= at ? Standing::failing : Standing::fine;
}

Instant since_of(const State& state, Instant at) {
  switch (stands_at(state, at)) {
    case Standing::refused: return state.refused->at;
    case Standing::failing: return state.kind == Kind::freshness && state.from ? *state.from : state.since;
    default: return state.since;
  }
}

std::string sentence_of(const State& state, Instant at) {
  switch (stands_at(state, at)) {
    case Standing::fine: return "";
    case Standing::refused:
      return fmt::format("nothing of {} of the map {} is in, for it was refused: {}", names_of(*state.refused),
                         state.map, state.refused->missing.front().told);
    default: return state.told;
  }
}

std::string code_of(const State& state, Instant at) {
  return stands_at(state, at) == Standing::refused ? "check_refused" : fmt::format("check_{}", name_of(state.kind));
}

Result<> prepare(store::Connection& connection) {
  VIGIE_TRY(const store::ResultSet known,
            connection.query("SELECT count(*) FROM duckdb_columns() WHERE table_name = '_checks' AND column_name = "
                             "'map_file'"));
  if (known.int64(0, 0) > 0) return {};
  return connection.execute(
      "CREATE TABLE IF NOT EXISTS _checks(map VARCHAR, name VARCHAR, source VARCHAR, table_name VARCHAR, kind VARCHAR, "
      "severity VARCHAR, columns VARCHAR, refers VARCHAR, text VARCHAR, standing VARCHAR, rows BIGINT, example "
      "VARCHAR, "
      "told VARCHAR, from_at BIGINT, newest BIGINT, since BIGINT, seen BIGINT, batch BIGINT, refused_at BIGINT, "
      "refused_told VARCHAR, refused_files VARCHAR); ALTER TABLE _checks ADD COLUMN IF NOT EXISTS map_file VARCHAR");
}

Result<bool> is_prepared(store::Connection& connection) {
  VIGIE_TRY(const store::ResultSet rows,
            connection.query("SELECT count(*) FROM duckdb_columns() WHERE table_name = '_checks'"));
  return rows.int64(0, 0) > 0;
}

Result<std::vector<State>> states(const Query& query) {
  // One that is only read may be as an earlier version made it.
  VIGIE_TRY(const store::ResultSet rows,
            query(fmt::format("SELECT {} FROM (FROM _checks UNION ALL BY NAME SELECT NULL::VARCHAR AS map_file WHERE "
                              "false) ORDER BY map, name",
                              kColumns)));
  std::vector<State> out;
  for (std::size_t row = 0; row < rows.rows(); ++row) out.push_back(state_in(rows, row));
  return out;
}

Result<> write(store::Connection& connection, const std::vector<State>& states) {
  for (const State& one : states)
    VIGIE_CHECK(connection.execute(
        fmt::format("DELETE FROM _checks WHERE map = {} AND name = {}; INSERT INTO _checks({}) VALUES ({})",
                    quote_text(one.map), quote_text(one.name), kColumns, values_of(one))));
  return {};
}

Result<> forget_others(store::Connection& connection, const std::string& map, const std::vector<Check>& checks) {
  std::string names;
  for (const Check& one : checks) names += fmt::format("{}{}", names.empty() ? "" : ", ", quote_text(one.name));
  return connection.execute(fmt::format("DELETE FROM _checks WHERE map = {}{}", quote_text(map),
                                        names.empty() ? "" : fmt::format(" AND name NOT IN ({})", names)));
}

}  // namespace vigie::checks

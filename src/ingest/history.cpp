// Earlier values of tracked columns. While no tracked column of a table has ever changed, its history is empty: the
// rows themselves say all there is to say, and half the tables of a company never need more. The first change fills it.
#include "ingest/aftermath.h"
#include "ingest/slips.h"

namespace vigie::ingest {
namespace {

using store::kBeginning;
using store::quote_identifier;

constexpr std::string_view kBase = "_base";
constexpr std::string_view kVersions = "vigie_versions";
constexpr std::string_view kSequence = "vigie_sequence", kSlips = "vigie_slips";
/// The columns of a history that say which version it is, and not what it says.
constexpr std::string_view kOfVersions[] = {"key", "valid_from", "valid_to", "begun_by", "ended_by"};

std::vector<std::string> tracked_columns(const model::Table& table) {
  std::vector<std::string> out;
  for (const store::PhysicalColumn& column : store::history_columns(table))
    if (std::ranges::find(kOfVersions, column.name) == std::end(kOfVersions)) out.push_back(column.name);
  return out;
}

/// Those that make a version another one: base amounts follow from the others, and are priced later (pricing.cpp).
std::vector<std::string> telling_columns(const model::Table& table) {
  std::vector<std::string> out;
  for (const std::string& name : tracked_columns(table))
    if (!name.ends_with(kBase)) out.push_back(name);
  return out;
}

bool is_staged(const Stage& stage, std::string_view name) {
  return std::ranges::find(stage.columns, name, &store::PhysicalColumn::name) != stage.columns.end();
}

/// The tracked columns that the map brings.
std::vector<std::string> staged_columns(const Job& job, const Stage& stage) {
  std::vector<std::string> out;
  for (const std::string& name : telling_columns(*job.map.table))
    if (is_staged(stage, name)) out.push_back(name);
  return out;
}

/// "a.X IS DISTINCT FROM b.X OR …"; "false" of no columns.
std::string differs(const std::vector<std::string>& columns, std::string_view a, std::string_view b) {
  std::string out;
  for (const std::string& name : columns)
    out += fmt::format("{}{}.{} IS DISTINCT FROM {}.{}", out.empty() ? "" : " OR ", a, quote_identifier(name), b,
                       quote_identifier(name));
  return out.empty() ? "false" : out;
}

std::string history_of(const Job& job) { return quote_identifier(store::history_table(job.map.table->name)); }

Result<bool> any(Job& job, const std::string& from) {
  VIGIE_TRY(const std::int64_t n, job.number(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1)", from)));
  return n > 0;
}

Result<bool> has_versions(Job& job) {
  VIGIE_TRY(const std::int64_t n,
            job.number(fmt::format("SELECT count(*) FROM duckdb_tables() WHERE table_name = '{}'", kVersions)));
  return n > 0;
}

/// What the versions of one row in the batch say one after another, behind the one in force: each line with its instant
/// `told_at`, not before that of the version in force, so that a version dated earlier corrects it.
std::string told_versions(const Job& job, const Stage& stage) {
  std::string known, told;
  const auto teller = [&](std::string_view name) { return is_staged(stage, name) ? "v" : "t"; };
  for (const std::string& name : tracked_columns(*job.map.table)) {
    const std::string quoted = quote_identifier(name);
    known += fmt::format(", h.{}", quoted);
    const std::string amount = name.ends_with(kBase) ? name.substr(0, name.size() - kBase.size()) : "";
    if (amount.empty()) told += fmt::format(", {}.{}", teller(name), quoted);
    else
      told += fmt::format(", CASE WHEN {}.currency = {} THEN {}.{}::DECIMAL(18,6) END", teller("currency"),
                          store::quote_text(job.context.base_currency), teller(amount), quote_identifier(amount));
  }
  const std::string open = fmt::format("(SELECT * FROM {} WHERE valid_to IS NULL) AS h", history_of(job));
  return fmt::format(
      "SELECT h.key, h.valid_from AS told_at, h.valid_from AS since, h.begun_by AS since_by, 0 AS later, 0 AS r, "
      "NULL::BIGINT AS updated_at{0} FROM {2} WHERE h.key IN (SELECT key FROM {3}) UNION ALL "
      "SELECT v.key, coalesce(greatest(v.updated_at, h.valid_from), {4}), coalesce(h.valid_from, {4}), "
      "coalesce(h.begun_by, '{7}'), 1, v.r, v.updated_at{1} FROM {3} AS v JOIN {5} AS t ON t.key = v.key AND t.batch = "
      "{6} LEFT JOIN {2} ON h.key = v.key "
      "WHERE v.updated_at IS NOT NULL OR h.key IS NULL",
      known, told, open, kVersions, kBeginning, job.table(), job.receipt.batch, store::kBySource);
}

/// The versions of rows that came several times in the batch, in place of the one in force.
Result<> write_sequences(Job& job, const Stage& stage) {
  const std::vector<std::string> tracked = tracked_columns(*job.map.table);
  const std::vector<std::string> telling = telling_columns(*job.map.table);
  std::string before, changed;
  for (const std::string& name : telling) {
    before += fmt::format(", lag({0}) OVER w AS {1}", quote_identifier(name), quote_identifier("before_" + name));
    changed += fmt::format(" OR {} IS DISTINCT FROM {}", quote_identifier(name), quote_identifier("before_" + name));
  }
  const std::string one_an_instant = fmt::format(
      "SELECT * FROM ({}) QUALIFY row_number() OVER "
      "(PARTITION BY key, told_at ORDER BY later DESC, updated_at DESC NULLS LAST, r DESC) = 1",
      told_versions(job, stage));
  const std::string in_order =
      fmt::format("SELECT *, row_number() OVER w AS nth{} FROM ({}) WINDOW w AS (PARTITION BY key ORDER BY told_at)",
                  before, one_an_instant);
  VIGIE_CHECK(job.connection.execute(fmt::format(
      "CREATE TEMP TABLE {0} AS SELECT key, {1}, valid_from, lead(valid_from) OVER w AS valid_to, begun_by, "
      "lead(begun_by) OVER w AS ended_by FROM (SELECT *, CASE WHEN nth = 1 THEN since ELSE told_at END AS valid_from, "
      "CASE WHEN nth = 1 THEN since_by ELSE '{5}' END AS begun_by FROM ({2}) WHERE nth = 1{3}) "
      "WINDOW w AS (PARTITION BY key ORDER BY valid_from); "
      "DELETE FROM {4} WHERE valid_to IS NULL AND key IN (SELECT key FROM {0}); "
      "INSERT INTO {4} BY NAME SELECT * FROM {0}; DROP TABLE {0}",
      kSequence, column_list(tracked), in_order, changed, history_of(job), store::kBySource)));
  return job.connection.execute(fmt::format("DROP TABLE {}", kVersions));
}

/// How the first version of t began, as SQL.
std::string first_begun_by(const Job& job) {
  return fmt::format("CASE WHEN {} THEN '{}' ELSE '{}' END", is_told_ahead("t", job.now), store::kBySlip,
                     store::kBySource);
}

/// How a change of t began, as SQL. What a map without updated_at tells of a row that a slip told is not told by it.
std::string change_begun_by(const Job& job, const Stage& stage) {
  const std::string is_slip = is_staged(stage, "updated_at") ? is_told_ahead("t", job.now) : "false";
  return fmt::format("CASE WHEN {} IS NOT NULL THEN '{}' WHEN {} THEN '{}' ELSE '{}' END", told_at("t", job.now),
                     store::kBySource, is_slip, store::kBySlip, store::kByImport);
}

/// Every row of the table as the only version of it that was ever known.
std::string first_versions(const Job& job) {
  const std::vector<std::string> tracked = tracked_columns(*job.map.table);
  return fmt::format("INSERT INTO {} (key, {}, valid_from, begun_by) SELECT t.key, {}, {}, {} FROM {} AS t",
                     history_of(job), column_list(tracked), column_list(tracked, "t."), kBeginning, first_begun_by(job),
                     job.table());
}

/// Does the map change one of these columns in a row that is known?
Result<bool> any_change(Job& job, std::string_view match, const std::vector<std::string>& columns) {
  return any(job,
             fmt::format("{} AS m JOIN {} AS s ON s.rowid = m.r JOIN {} AS t ON t.rowid = m.target WHERE m.changed "
                         "AND ({})",
                         match, kStage, job.table(), differs(columns, "s", "t")));
}

/// Whose a row is, and of which group: that may have been so all along. What moves with its row may not: an amount or
/// an instant may be empty for not being yet, and the stage of today is none that the deal was in before.
bool may_have_been_so(const model::Column& column) {
  using Type = model::ColumnType;
  return (column.type == Type::key && column.references != "stages") || column.type == Type::text;
}

/// Of these columns those that are told for the first time: empty in all rows that this map brought, and in all that it
/// names now, whoever brought them, and in all versions of these. A map that has come to name the seller tells who
/// sold, and not that it was nobody before; one that named it, and then nobody, has told that.
Result<std::vector<std::string>> told_first(Job& job, std::string_view match, const std::vector<std::string>& columns) {
  const std::string known = fmt::format(
      "(batch IN (SELECT batch FROM _batches WHERE map = {}) OR rowid IN (SELECT "
      "target FROM {}))",
      store::quote_text(job.map.id), match);
  std::vector<std::string> out;
  for (const std::string& name : columns) {
    const model::Column* column = job.map.table->find(name);
    if (!column || !may_have_been_so(*column)) continue;
    const std::string quoted = quote_identifier(name);
    VIGIE_TRY(const bool in_rows, any(job, fmt::format("{} WHERE {} IS NOT NULL AND {}", job.table(), quoted, known)));
    if (in_rows) continue;
    VIGIE_TRY(const bool in_versions,
              any(job, fmt::format("{} WHERE {} IS NOT NULL AND key IN (SELECT key FROM {} WHERE {})", history_of(job),
                                   quoted, job.table(), known)));
    if (!in_versions) out.push_back(name);
  }
  return out;
}

std::vector<std::string> without(std::vector<std::string> columns, const std::vector<std::string>& left_out) {
  std::erase_if(columns, [&](const std::string& name) { return std::ranges::find(left_out, name) != left_out.end(); });
  return columns;
}

/// Gives versions that lack a column what `told`, lines of key and that column, says of their row.
Result<> fill_column(Job& job, const std::string& column, const std::string& told) {
  return job.connection.execute(
      fmt::format("UPDATE {0} AS h SET {1} = n.{1} FROM ({2}) AS n WHERE n.key = h.key AND h.{1} IS NULL",
                  history_of(job), quote_identifier(column), told));
}

/// Tells all versions of the rows what is told of them for the first time: of those that come several times, by the
/// first that tells it.
Result<> fill_versions(Job& job, std::string_view match, const std::vector<std::string>& columns) {
  VIGIE_TRY(const bool several, has_versions(job));
  for (const std::string& name : columns) {
    const std::string quoted = quote_identifier(name);
    const std::string among_several =
        fmt::format("SELECT key, arg_min({0}, (coalesce(updated_at, {1}), r)) AS {0} FROM {2} GROUP BY key", quoted,
                    kBeginning, kVersions);
    if (several) VIGIE_CHECK(fill_column(job, name, among_several));
    const std::string by_rows =
        fmt::format("SELECT s.s_key AS key, s.{} FROM {} AS m JOIN {} AS s ON s.rowid = m.r WHERE m.changed", quoted,
                    match, kStage);
    VIGIE_CHECK(fill_column(job, name, by_rows));
  }
  return {};
}

/// Does a slip take the place of a word that is none? What the row said is then told by its first version alone.
Result<bool> replaced_by_slip(Job& job, const Stage& stage, std::string_view match) {
  if (!is_staged(stage, "updated_at")) return false;
  VIGIE_TRY(const bool any_slip,
            any(job, fmt::format("{} AS s WHERE NOT s.s_bad AND {}", kStage, is_told_ahead("s", job.now))));
  if (!any_slip) return false;
  return any(job, fmt::format("{} AS m JOIN {} AS s ON s.rowid = m.r JOIN {} AS t ON t.rowid = m.target WHERE "
                              "m.changed AND {} AND NOT {}",
                              match, kStage, job.table(), is_told_ahead("s", job.now), is_told_ahead("t", job.now)));
}

/// A slip leaves nothing in the history of a row once another dated one, or another slip, tells of it: the version that
/// it began, the one in force, is taken back, and the one before it, if any, is in force again. What nobody dates comes
/// after the slip, as after any that nobody dates: also where it says the same.
Result<> take_slips_back(Job& job, const Stage& stage, std::string_view match) {
  if (!is_staged(stage, "updated_at")) return {};
  const std::string begun = fmt::format("h.valid_to IS NULL AND h.begun_by = '{}'", store::kBySlip);
  VIGIE_TRY(const bool slips, any(job, fmt::format("{} AS h WHERE {}", history_of(job), begun)));
  if (!slips) return {};
  VIGIE_CHECK(job.connection.execute(
      fmt::format("CREATE TEMP TABLE {} AS SELECT h.key, h.valid_from FROM {} AS m "
                  "JOIN {} AS s ON s.rowid = m.r JOIN {} AS t ON t.rowid = m.target "
                  "JOIN {} AS h ON h.key = t.key AND {} "
                  "WHERE m.changed AND s.updated_at IS NOT NULL AND {}",
                  kSlips, match, kStage, job.table(), history_of(job), begun, is_told_ahead("t", job.now))));
  return job.connection.execute(fmt::format(
      "DELETE FROM {0} AS h USING {1} AS p WHERE h.key = p.key AND h.valid_from = p.valid_from; "
      "UPDATE {0} AS h SET valid_to = NULL, ended_by = NULL FROM {1} AS p WHERE h.key = p.key AND h.valid_to = "
      "p.valid_from; DROP TABLE {1}",
      history_of(job), kSlips));
}

Result<> write_changes(Job& job, const Stage& stage) {
  const std::vector<std::string> tracked = tracked_columns(*job.map.table);
  std::string sets;
  for (const std::string& name : tracked)
    sets += fmt::format("{}{} = t.{}", sets.empty() ? "" : ", ", quote_identifier(name), quote_identifier(name));
  const std::string history = history_of(job);
  const std::string at = fmt::format("coalesce({}, {})", told_at("t", job.now), job.now.micros);
  const std::string changed = fmt::format("h.key = t.key AND t.batch = {} AND h.valid_to IS NULL AND ({})",
                                          job.receipt.batch, differs(telling_columns(*job.map.table), "h", "t"));
  // A change dated no later than the version it replaces is a correction of that version, not a new one.
  VIGIE_CHECK(job.connection.execute(fmt::format("UPDATE {} AS h SET {} FROM {} AS t WHERE {} AND {} <= h.valid_from",
                                                 history, sets, job.table(), changed, at)));
  VIGIE_CHECK(
      job.connection.execute(fmt::format("UPDATE {} AS h SET valid_to = {}, ended_by = {} FROM {} AS t WHERE {}",
                                         history, at, change_begun_by(job, stage), job.table(), changed)));
  return job.connection.execute(fmt::format(
      "INSERT INTO {0} (key, {1}, valid_from, begun_by) SELECT t.key, {2}, coalesce(last.ended, {3}), "
      "coalesce(last.ended_by, {6}) FROM {4} AS t LEFT JOIN (SELECT key, max(valid_to) AS ended, arg_max(ended_by, "
      "valid_to) AS ended_by, count(*) FILTER (valid_to IS NULL) AS open FROM {0} GROUP BY key) AS last ON last.key = "
      "t.key WHERE t.batch = {5} AND coalesce(last.open, 0) = 0",
      history, column_list(tracked), column_list(tracked, "t."), kBeginning, job.table(), job.receipt.batch,
      first_begun_by(job)));
}

}  // namespace

Result<> note_versions(Job& job, const Stage& stage, const std::string& repeated) {
  const std::vector<std::string> staged = staged_columns(job, stage);
  if (staged.empty() || !is_staged(stage, "updated_at")) return {};  // nothing tracked, or nothing to date it by
  VIGIE_CHECK(job.connection.execute(
      fmt::format("CREATE TEMP TABLE {0} AS SELECT s.s_key AS key, s.updated_at, s.rowid AS r, {1} "
                  "FROM {2} AS s LEFT JOIN {3} AS t ON t.key = s.s_key "
                  "WHERE NOT s.s_bad AND s.s_key IN {4} AND NOT {5} AND NOT {6}",
                  kVersions, column_list(staged, "s."), kStage, job.table(), repeated, is_told_ahead("s", job.now),
                  is_late("s", "t", job.now))));
  // Either they differ among themselves, or from the row that is there: which the first of them dates.
  VIGIE_TRY(const bool tell,
            any(job, fmt::format("{} AS v LEFT JOIN {} AS t ON t.key = v.key GROUP BY v.key HAVING "
                                 "count(DISTINCT row({})) > 1 OR bool_or(t.key IS NOT NULL AND ({}))",
                                 kVersions, job.table(), column_list(staged, "v."), differs(staged, "v", "t"))));
  return tell ? Result<>() : job.connection.execute(fmt::format("DROP TABLE {}", kVersions));
}

Result<bool> begin_history(Job& job, const Stage& stage, std::string_view match) {
  if (tracked_columns(*job.map.table).empty()) return false;
  VIGIE_TRY(const bool begun, any(job, history_of(job)));
  VIGIE_TRY(bool begins, has_versions(job));
  std::vector<std::string> first;
  if (!match.empty()) {
    const std::vector<std::string> staged = staged_columns(job, stage);
    VIGIE_TRY(const bool changes, any_change(job, match, staged));
    if (changes) {
      VIGIE_TRY(first, told_first(job, match, staged));
    }
    if (!begun && !begins && changes) {
      VIGIE_TRY(begins, any_change(job, match, without(staged, first)));
    }
    if (!begun && !begins) {
      VIGIE_TRY(begins, replaced_by_slip(job, stage, match));
    }
  }
  if (!begun && begins) VIGIE_CHECK(job.connection.execute(first_versions(job)));
  if (begun || begins) VIGIE_CHECK(fill_versions(job, match, first));
  if ((begun || begins) && !match.empty()) VIGIE_CHECK(take_slips_back(job, stage, match));
  return begun || begins;
}

Result<> write_history(Job& job, const Stage& stage) {
  VIGIE_TRY(const bool several, has_versions(job));
  if (several) VIGIE_CHECK(write_sequences(job, stage));
  return write_changes(job, stage);
}

}  // namespace vigie::ingest

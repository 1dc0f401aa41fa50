// Earlier values of tracked columns. While no tracked column of a table has ever changed, its history is empty: the
// rows themselves say all there is to say, and half the tables of a company never need more. The first change fills it.
#include "ingest/aftermath.h"
#include "ingest/slips.h"
#include "ingest/versions.h"

namespace vigie::ingest {
namespace {

using store::kBeginning;
using store::quote_identifier;
using store::quote_text;

constexpr std::string_view kSlips = "vigie_slips";

/// How the first version of t began, as SQL.
std::string first_begun_by(const Job& job) {
  return fmt::format("CASE WHEN {} THEN '{}' ELSE '{}' END", is_told_ahead("t", job.now), store::kBySlip,
                     store::kBySource);
}

/// When a change of t was told, and how it began, as SQL over s, its word in the stage. What no updated_at dates is
/// dated by none that an earlier word left.
struct Told {
  std::string at, by;
};
Told told_of_change(const Job& job, const Stage& stage) {
  const std::string now = std::to_string(job.now.micros);
  if (!has_column(stage, "updated_at")) return {now, quote_text(store::kByImport)};
  return {fmt::format("coalesce({}, {})", told_at("s", job.now), now),
          fmt::format("CASE WHEN {} IS NOT NULL THEN '{}' WHEN {} THEN '{}' ELSE '{}' END", told_at("s", job.now),
                      store::kBySource, is_told_ahead("s", job.now), store::kBySlip, store::kByImport)};
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
  if (!has_column(stage, "updated_at")) return false;
  VIGIE_TRY(const bool any_slip,
            any(job, fmt::format("{} AS s WHERE NOT s.s_bad AND {}", kStage, is_told_ahead("s", job.now))));
  if (!any_slip) return false;
  return any(job, fmt::format("{} AS m JOIN {} AS s ON s.rowid = m.r JOIN {} AS t ON t.rowid = m.target WHERE "
                              "m.changed AND {} AND NOT {}",
                              match, kStage, job.table(), is_told_ahead("s", job.now), is_told_ahead("t", job.now)));
}

/// vigie_slips: the last slip of each row that another dated word, or another slip, now tells of; all_told where its
/// own map has told the row without a date since, and so all that the versions since then say.
Result<> find_slips(Job& job, std::string_view match) {
  return job.connection.execute(fmt::format(
      "CREATE TEMP TABLE {0} AS SELECT h.key, h.valid_from, h.valid_to, h.ended_by, m.r, t.updated_at IS NULL "
      "AS all_told FROM {1} AS m JOIN {2} AS s ON s.rowid = m.r JOIN {3} AS t ON t.rowid = m.target "
      "JOIN {4} AS h ON h.key = t.key AND h.begun_by = '{5}' "
      "WHERE m.changed AND s.updated_at IS NOT NULL AND ({6} OR t.updated_at IS NULL AND h.valid_to IS NOT NULL) "
      "QUALIFY row_number() OVER (PARTITION BY h.key ORDER BY h.valid_from DESC) = 1",
      kSlips, match, kStage, job.table(), history_of(job), store::kBySlip, is_told_ahead("t", job.now)));
}

/// "X = CASE WHEN u.X says what x, the slip, does THEN from.X ELSE u.X END, …".
std::string without_slip(const std::vector<std::string>& columns, std::string_view from) {
  std::string out;
  for (const std::string& name : columns)
    out += fmt::format("{0}{1} = CASE WHEN u.{1} IS NOT DISTINCT FROM x.{1} THEN {2}.{1} ELSE u.{1} END",
                       out.empty() ? "" : ", ", quote_identifier(name), from);
  return out;
}

/// Base amounts of versions that a slip had told, where no rate is needed; the others are priced with their rows.
std::string rebased(const Job& job) {
  std::string sets;
  for (const std::string& name : tracked_columns(*job.map.table))
    if (const std::string amount = amount_of(name); !amount.empty())
      sets += fmt::format("{}{} = CASE WHEN u.currency = {} THEN u.{}::DECIMAL(18,6) ELSE u.{} END",
                          sets.empty() ? "" : ", ", quote_identifier(name), quote_text(job.context.base_currency),
                          quote_identifier(amount), quote_identifier(name));
  if (sets.empty()) return "";
  return fmt::format("UPDATE {} AS u SET {} WHERE u.key IN (SELECT key FROM {} WHERE valid_to IS NOT NULL);",
                     history_of(job), sets, kSlips);
}

/// Versions since a slip repeat of it what their own maps did not tell: that is then what was said before it. Of a row
/// that was first told by it they go back to the beginning, and say of it what its new word says.
Result<> forget_slips_words(Job& job, const Stage& stage) {
  const std::vector<std::string> own = staged_columns(job, stage);
  VIGIE_TRY(const bool repeated, any(job, fmt::format("{} WHERE valid_to IS NOT NULL", kSlips)));
  if (!repeated || own.empty()) return {};
  const std::string since = fmt::format(
      "p.valid_to IS NOT NULL AND NOT p.all_told AND u.key = p.key AND u.valid_from >= p.valid_to AND x.key = p.key "
      "AND x.valid_from = "
      "p.valid_from AND x.begun_by = '{}'",
      store::kBySlip);
  const std::string first = fmt::format("p.valid_from = {} AND p.valid_to IS NOT NULL", kBeginning);
  return job.connection.execute(fmt::format(
      "UPDATE {0} AS u SET {1} FROM {2} AS p, {0} AS x, {3} AS s WHERE {4} AND {5} AND s.rowid = p.r; "
      "UPDATE {0} AS u SET {6} FROM {2} AS p, {0} AS x, {0} AS b WHERE {4} AND b.key = p.key AND b.valid_to = "
      "p.valid_from AND b.valid_from < b.valid_to; {7} "
      "DELETE FROM {0} AS u USING {2} AS p WHERE u.key = p.key AND u.valid_from = p.valid_from AND {5}; "
      "UPDATE {0} AS u SET valid_from = {8}, begun_by = '{9}' FROM {2} AS p WHERE u.key = p.key AND u.valid_from = "
      "p.valid_to AND {5}; DELETE FROM {2} AS p WHERE {5}",
      history_of(job), without_slip(own, "s"), kSlips, kStage, since, first, without_slip(own, "b"), rebased(job),
      kBeginning, store::kBySource));
}

/// A slip leaves nothing in the history of a row once another dated one, or another slip, tells of it: the version that
/// it began is taken back, and the one before it, if any, goes on. What nobody dates comes after the slip, as after any
/// that nobody dates: also where it says the same.
Result<> take_slips_back(Job& job, const Stage& stage, std::string_view match) {
  if (!has_column(stage, "updated_at")) return {};
  VIGIE_TRY(const bool slips,
            any(job, fmt::format("{} AS h WHERE h.begun_by = '{}'", history_of(job), store::kBySlip)));
  if (!slips) return {};
  VIGIE_CHECK(find_slips(job, match));
  VIGIE_CHECK(forget_slips_words(job, stage));
  return job.connection.execute(
      fmt::format("DELETE FROM {0} AS h USING {1} AS p WHERE h.key = p.key AND h.valid_from = p.valid_from; "
                  "UPDATE {0} AS h SET valid_to = p.valid_to, ended_by = p.ended_by FROM {1} AS p WHERE h.key = p.key "
                  "AND h.valid_to "
                  "= p.valid_from; DROP TABLE {1}",
                  history_of(job), kSlips));
}

Result<> write_changes(Job& job, const Stage& stage) {
  const std::vector<std::string> tracked = tracked_columns(*job.map.table);
  std::string sets;
  for (const std::string& name : tracked)
    sets += fmt::format("{}{} = t.{}", sets.empty() ? "" : ", ", quote_identifier(name), quote_identifier(name));
  const std::string history = history_of(job);
  const Told told = told_of_change(job, stage);
  const std::string rows = fmt::format("{} AS t JOIN {} AS s ON s.s_key = t.key AND NOT s.s_bad", job.table(), kStage);
  const std::string changed = fmt::format("h.key = t.key AND t.batch = {} AND h.valid_to IS NULL AND ({})",
                                          job.receipt.batch, differs(telling_columns(*job.map.table), "h", "t"));
  // A change dated no later than the version it replaces is a correction of that version, not a new one.
  VIGIE_CHECK(job.connection.execute(fmt::format("UPDATE {} AS h SET {} FROM {} WHERE {} AND {} <= h.valid_from",
                                                 history, sets, rows, changed, told.at)));
  VIGIE_CHECK(job.connection.execute(fmt::format("UPDATE {} AS h SET valid_to = {}, ended_by = {} FROM {} WHERE {}",
                                                 history, told.at, told.by, rows, changed)));
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
  if (staged.empty() || !has_column(stage, "updated_at")) return {};  // nothing tracked, or nothing to date it by
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
  VIGIE_CHECK(note_words_among_undated(job, stage));
  VIGIE_TRY(const bool several, has_versions(job));
  if (several) VIGIE_CHECK(write_sequences(job, stage));
  return write_changes(job, stage);
}

}  // namespace vigie::ingest

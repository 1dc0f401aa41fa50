// Several words of one row, each with its date, among those that the history holds: what each tells holds from its date
// to the next. What nobody dated was noted when it was imported; a dated word that comes afterwards, of an earlier
// instant, goes before it, to where its date belongs.
#include "ingest/slips.h"
#include "ingest/versions.h"

namespace vigie::ingest {
namespace {

using store::kBeginning;
using store::quote_identifier;
using store::quote_text;

constexpr std::string_view kPlaces = "vigie_places", kUndated = "vigie_undated", kSequence = "vigie_sequence";

/// Whether a version held at any instant, as SQL: what was corrected before it held did at none.
std::string held(std::string_view version) {
  return fmt::format("({0}.valid_to IS NULL OR {0}.valid_to > {0}.valid_from)", version);
}

/// "{'X': X, …}": these columns as one value.
std::string packed(const std::vector<std::string>& columns) {
  std::string out = "{'told': true";
  for (const std::string& name : columns) out += fmt::format(", {}: {}", quote_text(name), quote_identifier(name));
  return out + "}";
}

/// The last version of each row that its source dated, else the first, as SQL: key, since, since_by.
std::string last_dated(const Job& job) {
  return fmt::format(
      "(SELECT key, max(valid_from) AS since, arg_max(begun_by, valid_from) AS since_by FROM {} WHERE begun_by = '{}' "
      "OR valid_from = {} GROUP BY key)",
      history_of(job), store::kBySource, kBeginning);
}

/// Whether what the row `word` says belongs before versions that nobody dated, as SQL: h is the one in force, d the
/// last dated one. Either it says something else than h, or h than d: then it dates it.
std::string says_anew(const std::vector<std::string>& staged, std::string_view word) {
  return fmt::format("({} OR {})", differs(staged, word, "h"), differs(staged, "h", "d"));
}

/// The versions in force of rows, h, and the last dated one before each, d, as part of a FROM clause behind `word`.
std::string beside_versions(const Job& job, std::string_view word) {
  return fmt::format(
      "JOIN {0} AS h ON h.key = {1}.key AND h.valid_to IS NULL JOIN {2} AS l ON l.key = {1}.key JOIN {0} AS d ON d.key "
      "= "
      "{1}.key AND d.valid_from = l.since AND {3}",
      history_of(job), word, last_dated(job), held("d"));
}

/// vigie_places: from which version on each row is told anew. `first_at`: the first of its words that goes before
/// versions that nobody dated; null where none does.
Result<> find_places(Job& job, const std::vector<std::string>& staged) {
  return job.connection.execute(fmt::format(
      "CREATE TEMP TABLE {0} AS SELECT key, CASE WHEN moves THEN since ELSE valid_from END AS since, "
      "CASE WHEN moves THEN since_by ELSE begun_by END AS since_by, CASE WHEN moves THEN first_at END AS first_at "
      "FROM (SELECT *, coalesce(begun_by <> '{1}' AND first_at <= valid_from, false) AS moves "
      "FROM (SELECT h.key, h.valid_from, h.begun_by, l.since, l.since_by, "
      "min(v.updated_at) FILTER (v.updated_at > l.since AND {2}) AS first_at FROM {3} AS v {4} GROUP BY ALL))",
      kPlaces, store::kBySource, says_anew(staged, "v"), kVersions, beside_versions(job, "v")));
}

/// vigie_undated: the versions since those that nobody dated, and what of each is told anew: of the map's own columns
/// (tells), and of the others (tells_others).
Result<> find_undated(Job& job, const std::vector<std::string>& own) {
  const std::vector<std::string> telling = telling_columns(*job.map.table);
  const std::vector<std::string> others = without(telling, own);
  const std::vector<std::string> told = without(telling, others);
  return job.connection.execute(fmt::format(
      "CREATE TEMP TABLE {0} AS SELECT u.key, {1}, u.valid_from, u.begun_by, p.since, p.since_by, p.first_at, "
      "{2} AS tells, {3} AS tells_others FROM {4} AS u JOIN {5} AS p ON p.key = u.key AND u.valid_from > p.since "
      "JOIN {4} AS b ON b.key = u.key AND b.valid_to = u.valid_from AND b.valid_from < b.valid_to WHERE {6}",
      kUndated, column_list(tracked_columns(*job.map.table), "u."), differs(told, "u", "b"), differs(others, "u", "b"),
      history_of(job), kPlaces, held("u")));
}

/// What v, a word, tells of the tracked columns: of those that its map does not bring, what t, its row, says.
std::string told_columns(const Job& job, const Stage& stage) {
  std::string out;
  const auto teller = [&](std::string_view name) { return has_column(stage, name) ? "v" : "t"; };
  for (const std::string& name : tracked_columns(*job.map.table)) {
    const std::string amount = amount_of(name);
    if (amount.empty()) out += fmt::format(", {}.{}", teller(name), quote_identifier(name));
    else
      out += fmt::format(", CASE WHEN {}.currency = {} THEN {}.{}::DECIMAL(18,6) END", teller("currency"),
                         quote_text(job.context.base_currency), teller(amount), quote_identifier(amount));
  }
  return out;
}

/// All that is told of the rows of vigie_versions from their places on, each line with its instant `told_at`: the
/// version that stands there, those that nobody dated, and the words of the batch. `since`: of which instant the first
/// is then.
std::string lines(const Job& job, const Stage& stage) {
  const std::string tracked = column_list(tracked_columns(*job.map.table));
  const std::string standing = fmt::format(
      "SELECT h.key, p.since AS told_at, p.since, p.since_by, p.first_at, p.since_by AS begun_by, 0 AS later, 0 AS r, "
      "NULL::BIGINT AS updated_at, true AS tells, true AS tells_others, {} "
      "FROM {} AS h JOIN {} AS p ON p.key = h.key AND h.valid_from = p.since AND {}",
      column_list(tracked_columns(*job.map.table), "h."), history_of(job), kPlaces, held("h"));
  const std::string undated = fmt::format(
      "SELECT key, valid_from, since, since_by, first_at, begun_by, 0, 0, "
      "NULL, tells AND coalesce(valid_from < first_at, true), tells_others, {} FROM {}",
      tracked, kUndated);
  const std::string words = fmt::format(
      "SELECT v.key, coalesce(greatest(v.updated_at, p.since), {0}), coalesce(p.since, {0}), "
      "coalesce(p.since_by, '{1}'), p.first_at, '{1}', 1, v.r, v.updated_at, true, p.key IS NULL{2} "
      "FROM {3} AS v JOIN {4} AS t ON t.key = v.key AND t.batch = {5} LEFT JOIN {6} AS p ON p.key = v.key "
      "WHERE (v.updated_at IS NOT NULL OR p.key IS NULL) AND coalesce(v.updated_at >= p.first_at, true)",
      kBeginning, store::kBySource, told_columns(job, stage), kVersions, job.table(), job.receipt.batch, kPlaces);
  return fmt::format("{} UNION ALL {} UNION ALL {}", standing, undated, words);
}

/// One line an instant, in which each column says what was told of it last.
std::string filled(const Job& job, const Stage& stage) {
  const std::vector<std::string> own = own_columns(job, stage);
  const std::vector<std::string> others = without(tracked_columns(*job.map.table), own);
  std::string columns;
  for (const std::string& name : own) columns += fmt::format(", own.{0} AS {0}", quote_identifier(name));
  for (const std::string& name : others) columns += fmt::format(", others.{0} AS {0}", quote_identifier(name));
  return fmt::format(
      "SELECT key, told_at, since, since_by, first_at, begun_by{} FROM (SELECT *, "
      "last_value(CASE WHEN tells THEN {} END IGNORE NULLS) OVER w AS own, "
      "last_value(CASE WHEN tells_others THEN {} END IGNORE NULLS) OVER w AS others FROM (SELECT * FROM ({}) "
      "QUALIFY row_number() OVER (PARTITION BY key, told_at ORDER BY later DESC, updated_at DESC NULLS LAST, r DESC) = "
      "1) "
      "WINDOW w AS (PARTITION BY key ORDER BY told_at ROWS UNBOUNDED PRECEDING))",
      columns, packed(own), packed(others), lines(job, stage));
}

/// Those lines that say something else than the one before, or than its correction, each up to the next.
std::string sequence(const Job& job, const Stage& stage) {
  std::string before, changed;
  for (const std::string& name : telling_columns(*job.map.table)) {
    before += fmt::format(", lag({0}) OVER w AS {1}", quote_identifier(name), quote_identifier("before_" + name));
    changed += fmt::format(" OR {} IS DISTINCT FROM {}", quote_identifier(name), quote_identifier("before_" + name));
  }
  const std::string in_order =
      fmt::format("SELECT *, row_number() OVER w AS nth{} FROM ({}) WINDOW w AS (PARTITION BY key ORDER BY told_at)",
                  before, filled(job, stage));
  return fmt::format(
      "SELECT key, {0}, valid_from, lead(valid_from) OVER w AS valid_to, begun_by, lead(begun_by) OVER w AS ended_by "
      "FROM (SELECT * REPLACE (CASE WHEN nth = 1 THEN since_by ELSE begun_by END AS begun_by), "
      "CASE WHEN nth = 1 THEN since ELSE told_at END AS valid_from FROM ({1}) "
      "WHERE nth = 1 OR told_at = first_at{2}) WINDOW w AS (PARTITION BY key ORDER BY valid_from)",
      column_list(tracked_columns(*job.map.table)), in_order, changed);
}

/// What nobody dated, and a dated word goes before, was still told of the version that stood until then: corrections of
/// it, that held at no instant. They end as they begin, or, in their order, some microseconds before.
std::string corrections(const Job& job) {
  return fmt::format(
      "SELECT key, {}, first_at AS valid_from, first_at + 1 - row_number() OVER (PARTITION BY key ORDER BY valid_from "
      "DESC) AS valid_to, '{}' AS begun_by, '{}' AS ended_by FROM {} WHERE tells AND valid_from >= first_at",
      column_list(tracked_columns(*job.map.table)), store::kByImport, store::kBySource, kUndated);
}

}  // namespace

Result<> note_words_among_undated(Job& job, const Stage& stage) {
  const std::vector<std::string> staged = staged_columns(job, stage);
  if (staged.empty() || !has_column(stage, "updated_at")) return {};
  VIGIE_TRY(const bool undated, any(job, fmt::format("{} WHERE begun_by <> '{}'", history_of(job), store::kBySource)));
  if (!undated) return {};
  VIGIE_TRY(const bool several, has_versions(job));
  const std::string told = told_at("s", job.now);
  const std::string words = fmt::format(
      "SELECT t.key, s.updated_at, 0::BIGINT AS r, {0} FROM {1} AS t JOIN {2} AS s ON s.s_key = t.key AND NOT s.s_bad "
      "{3} "
      "WHERE t.batch = {4} AND {5} > l.since AND {5} <= h.valid_from AND h.begun_by <> '{6}' AND {7}{8}",
      column_list(staged, "t."), job.table(), kStage, beside_versions(job, "t"), job.receipt.batch, told,
      store::kBySource, says_anew(staged, "t"),
      several ? fmt::format(" AND t.key NOT IN (SELECT key FROM {})", kVersions) : "");
  return job.connection.execute(several ? fmt::format("INSERT INTO {} BY NAME {}", kVersions, words)
                                        : fmt::format("CREATE TEMP TABLE {} AS {}", kVersions, words));
}

Result<> write_sequences(Job& job, const Stage& stage) {
  VIGIE_CHECK(find_places(job, staged_columns(job, stage)));
  VIGIE_CHECK(find_undated(job, own_columns(job, stage)));
  VIGIE_CHECK(job.connection.execute(
      fmt::format("CREATE TEMP TABLE {0} AS {1}; "
                  "DELETE FROM {2} AS h USING {3} AS p WHERE h.key = p.key AND h.valid_from >= p.since AND {4}; "
                  "INSERT INTO {2} BY NAME {5}; INSERT INTO {2} BY NAME SELECT * FROM {0}",
                  kSequence, sequence(job, stage), history_of(job), kPlaces, held("h"), corrections(job))));
  std::string drops;
  for (const std::string_view table : {kSequence, kUndated, kPlaces, kVersions})
    drops += fmt::format("DROP TABLE {}; ", table);
  return job.connection.execute(drops);
}

}  // namespace vigie::ingest

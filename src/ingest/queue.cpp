#include "ingest/queue.h"

#include "ingest/slips.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

constexpr std::string_view kLeft = "vigie_left", kCome = "vigie_come";

/// Of what an earlier version left behind: what was kept of each row, and how it was read.
constexpr std::string_view kKeptBefore =
    "CASE WHEN record IS NULL OR code = 'json.invalid' THEN 'none' WHEN code IN ('csv.line_too_long', 'csv.encoding') "
    "THEN 'cut' WHEN record LIKE '{%' AND json_valid(record) THEN 'row' WHEN of_query THEN 'behind' ELSE 'text' END";

/// The digest of each file of each batch, and whether a query stood before it.
constexpr std::string_view kFilesBefore =
    "SELECT batch, f->>'path' AS file, left(f->>'digest', 16) AS digest, of_query FROM (SELECT batch, "
    "unnest(from_json(json_extract(receipt, '$.files'), '[\"JSON\"]')) AS f, false AS of_query FROM _batches UNION ALL "
    "SELECT batch, unnest(from_json(json_extract(receipt, '$.inputs'), '[\"JSON\"]')), true FROM _batches)";

/// Rows of _quarantine that wait without a line of their own: an earlier version put them there.
Result<> take_over(store::Connection& connection) {
  const std::string unknown =
      "(SELECT q.*, q.rowid AS nth FROM _quarantine AS q WHERE NOT EXISTS (SELECT 1 FROM _waiting AS w WHERE w.batch = "
      "q.batch AND w.file = q.file AND w.row = q.row))";
  VIGIE_TRY(const store::ResultSet found, connection.query("SELECT count(*) FROM " + unknown));
  if (found.int64(0, 0) > 0)
    VIGIE_CHECK(connection.execute(fmt::format(
        "INSERT INTO _waiting SELECT (SELECT greatest(coalesce((SELECT max(id) FROM _waiting), 0), coalesce((SELECT "
        "max(id) FROM _settled), 0))) + row_number() OVER (ORDER BY batch, nth), batch, map, source, table_name, file, "
        "row, nth, since, NULL, kept, CASE WHEN kept = 'row' THEN json_object('columns', json_keys(record), 'types', "
        "[]::VARCHAR[], 'json', lower(file) SIMILAR TO '.*[.](jsonl|ndjson)([.](gz|zst))?')::VARCHAR END, "
        "vigie_key(coalesce(record, '')), reasons, CASE WHEN kept = 'row' AND digest IS NOT NULL THEN digest || ':' || "
        "(row - before) END, NULL, NULL, NULL FROM (SELECT *, {} AS kept, count(*) FILTER (record IS NOT NULL AND "
        "record NOT LIKE '{{%') OVER (PARTITION BY batch, file ORDER BY row) AS before FROM (SELECT q.batch, q.map, "
        "q.source, q.table_name, q.file, q.row, min(q.nth) AS nth, any_value(b.imported_at) AS since, "
        "any_value(q.record) AS record, min(q.code) AS code, string_agg(DISTINCT trim(q.code || ' ' || "
        "q.column_name), ', ') AS reasons, any_value(f.digest) AS digest, coalesce(bool_or(f.of_query), false) AS "
        "of_query FROM {} AS q LEFT JOIN _batches AS b ON b.batch = q.batch LEFT JOIN ({}) AS f ON f.batch = q.batch "
        "AND f.file = q.file GROUP BY ALL))",
        kKeptBefore, unknown, kFilesBefore)));
  // Of a record that was not taken apart, another row of its file tells the columns; else it cannot be read again.
  VIGIE_CHECK(connection.execute(
      "UPDATE _waiting SET read_as = o.read_as FROM (SELECT batch, file, any_value(read_as) AS read_as FROM _waiting "
      "WHERE "
      "kept = 'row' GROUP BY ALL) AS o WHERE o.batch = _waiting.batch AND o.file = _waiting.file AND _waiting.kept = "
      "'text' AND _waiting.read_as IS NULL; UPDATE _waiting SET kept = 'none' WHERE kept = 'text' AND read_as IS "
      "NULL"));
  // And the other way round: what it took out.
  return settle(connection,
                "SELECT w.id FROM _waiting AS w WHERE NOT EXISTS (SELECT 1 FROM _quarantine AS q WHERE q.batch = "
                "w.batch AND q.file = w.file AND q.row = w.row)",
                {"superseded", std::nullopt, {}, "", "an earlier version of Vigie read its file again"});
}

Result<std::int64_t> last_id(const Job& job) {
  return job.number(
      "SELECT greatest(coalesce((SELECT max(id) FROM _waiting), 0), coalesce((SELECT max(id) FROM _settled), 0))");
}

/// What was refused, a line a row; `nth` tells equal records apart.
Result<> note_those_come(Job& job) {
  return job.connection.execute(fmt::format(
      "CREATE OR REPLACE TEMP TABLE {} AS SELECT *, row_number() OVER (PARTITION BY mark, own_key, CASE WHEN own_key "
      "IS "
      "NULL THEN file END ORDER BY place) AS nth FROM (SELECT file, row, min(rowid) AS place, any_value(kept) AS kept, "
      "any_value(read_as) AS read_as, any_value(own_key) AS own_key, any_value(told) AS told, "
      "vigie_key(coalesce(any_value(record), '')) AS mark, string_agg(DISTINCT trim(code || ' ' || column_name), ', ') "
      "AS "
      "reasons FROM {} GROUP BY file, row)",
      kCome, kRefused));
}

/// Rows of this map that wait, and whose lines have gone, or whose record is refused once more; and those of this very
/// batch, which is told once more.
Result<std::int64_t> note_those_left(Job& job) {
  VIGIE_CHECK(job.connection.execute(
      fmt::format("CREATE OR REPLACE TEMP TABLE {0} AS SELECT *, row_number() OVER (PARTITION BY mark, own_key, CASE "
                  "WHEN own_key IS "
                  "NULL THEN file END ORDER BY batch, place) AS nth FROM _waiting AS w WHERE map = {1} AND (batch = "
                  "{2} OR NOT EXISTS "
                  "(SELECT 1 FROM _quarantine AS q WHERE {3}) OR EXISTS (SELECT 1 FROM {4} AS c WHERE c.own_key = "
                  "w.own_key AND c.mark "
                  "= w.mark))",
                  kLeft, quote_text(job.map.id), job.receipt.batch, lines_of_waiting("q", "w"), kCome)));
  return job.number(fmt::format("SELECT count(*) FROM {}", kLeft));
}

/// Those that were there before, with the id that they had and what a person gave for them.
std::string come_with_ids(const Job& job) {
  return fmt::format(
      "SELECT c.*, l.id, l.since, coalesce(l.fixed, s.fixed) AS fixed FROM {0} AS c LEFT JOIN {1} AS l ON l.mark = "
      "c.mark "
      "AND l.nth = c.nth AND l.own_key IS NOT DISTINCT FROM c.own_key AND (c.own_key IS NOT NULL OR l.file = c.file) "
      "LEFT "
      "JOIN (SELECT mark, arg_max(fixed, settled_at) AS fixed FROM _settled WHERE map = {2} AND fixed IS NOT NULL "
      "GROUP BY "
      "ALL) AS s ON s.mark = c.mark AND c.kept = 'row'",
      kCome, kLeft, quote_text(job.map.id));
}

/// Two defects of a row are told in no order.
std::string sorted_reasons(std::string_view row) {
  return fmt::format("list_sort(string_split({}.reasons, ', '))", row);
}

/// What a person dropped once is dropped again where the same record comes again.
Result<> drop_again(Job& job) {
  const std::string dropped = fmt::format(
      "(SELECT mark, arg_max(by_whom, id) AS by_whom, arg_max(why, id) AS why, arg_max(record, id) AS record "
      "FROM _settled WHERE map = {} AND outcome = 'dropped' GROUP BY mark)",
      quote_text(job.map.id));
  const std::string same = fmt::format(
      "SELECT w.id, d.by_whom, d.why FROM _waiting AS w JOIN {} AS d ON d.mark = w.mark WHERE w.batch = {} AND EXISTS "
      "(SELECT 1 FROM _quarantine AS q WHERE {} AND q.record = d.record)",
      dropped, job.receipt.batch, lines_of_waiting("q", "w"));
  VIGIE_TRY(const store::ResultSet orders,
            job.connection.query(fmt::format("SELECT DISTINCT by_whom, why FROM ({})", same)));
  VIGIE_TRY(const std::int64_t again, job.number(fmt::format("SELECT count(DISTINCT id) FROM ({})", same)));
  job.refused_as_before += again;
  for (std::size_t row = 0; row < orders.rows(); ++row)
    VIGIE_CHECK(settle(job.connection,
                       fmt::format("SELECT id FROM ({}) WHERE by_whom = {} AND why = {}", same,
                                   quote_text(orders.text(row, 0)), quote_text(orders.text(row, 1))),
                       {"dropped", job.receipt.batch, job.now, orders.text(row, 0), orders.text(row, 1)}));
  return {};
}

}  // namespace

std::string lines_of_waiting(std::string_view line, std::string_view row) {
  return fmt::format("{0}.batch = {1}.batch AND {0}.file = {1}.file AND {0}.row = {1}.row", line, row);
}

Result<> prepare_queue(store::Connection& connection) {
  return connection.transaction([&]() -> Result<> {
    VIGIE_CHECK(connection.execute(
        "CREATE TABLE IF NOT EXISTS _waiting(id BIGINT, batch BIGINT, map VARCHAR, source VARCHAR, table_name VARCHAR, "
        "file VARCHAR, row BIGINT, place BIGINT, since BIGINT, map_file VARCHAR, kept VARCHAR, read_as VARCHAR, mark "
        "BIGINT, reasons VARCHAR, own_key VARCHAR, key BIGINT, told BIGINT, fixed VARCHAR);"
        "CREATE TABLE IF NOT EXISTS _settled(id BIGINT, batch BIGINT, map VARCHAR, source VARCHAR, table_name VARCHAR, "
        "file VARCHAR, row BIGINT, place BIGINT, mark BIGINT, reasons VARCHAR, key BIGINT, told BIGINT, fixed VARCHAR, "
        "record VARCHAR, outcome VARCHAR, into_batch BIGINT, settled_at BIGINT, by_whom VARCHAR, why VARCHAR);"));
    return take_over(connection);
  });
}

Result<> enqueue(Job& job) {
  VIGIE_CHECK(note_those_come(job));
  VIGIE_TRY(const std::int64_t refused, job.number(fmt::format("SELECT count(*) FROM {}", kCome)));
  VIGIE_TRY(const std::int64_t left, note_those_left(job));
  if (refused + left == 0) return {};
  VIGIE_TRY(const std::int64_t last, last_id(job));
  constexpr std::string_view kNumbered = "vigie_numbered";
  VIGIE_CHECK(
      job.connection.execute(fmt::format("CREATE OR REPLACE TEMP TABLE {} AS {}", kNumbered, come_with_ids(job))));
  VIGIE_TRY(job.refused_as_before,
            job.number(fmt::format("SELECT count(*) FROM {} AS n JOIN {} AS l ON l.id = n.id WHERE {} = {}", kNumbered,
                                   kLeft, sorted_reasons("l"), sorted_reasons("n"))));
  const std::string of_before = fmt::format(
      "SELECT id FROM {} WHERE batch <> {} AND id {{}} (SELECT id FROM {} WHERE id "
      "IS NOT NULL)",
      kLeft, job.receipt.batch, kNumbered);
  VIGIE_CHECK(settle(job.connection, fmt::format(fmt::runtime(of_before), "NOT IN"),
                     {"superseded", job.receipt.batch, job.now, "", "its file was read again"}));
  VIGIE_CHECK(settle(job.connection, fmt::format(fmt::runtime(of_before), "IN"),
                     {"refused_again", job.receipt.batch, job.now, "", "the same record was refused again"}));
  const std::string key = store::natural_key_sql(quote_text(job.map.source), job.map.table->name, "own_key");
  VIGIE_CHECK(job.connection.execute(fmt::format(
      "DELETE FROM _waiting WHERE id IN (SELECT id FROM {0}); INSERT INTO _waiting SELECT coalesce(id, {1} "
      "+ row_number() OVER (PARTITION BY id IS NULL ORDER BY place)), {2}, {3}, {4}, {5}, file, row, place, "
      "coalesce(since, {6}), {7}, kept, read_as, mark, reasons, own_key, CASE WHEN own_key IS NOT NULL THEN "
      "{8} END, told, fixed FROM {9} ORDER BY place; DROP TABLE {9}; DROP TABLE {10}; DROP TABLE {0}",
      kLeft, last, job.receipt.batch, quote_text(job.map.id), quote_text(job.map.source),
      quote_text(job.map.table->name), job.now.micros, quote_text(job.map_file()), key, kNumbered, kCome)));
  return refused > 0 ? drop_again(job) : Result<>();
}

Result<> supersede(Job& job, const Stage& stage) {
  VIGIE_TRY(const std::int64_t waiting,
            job.number(fmt::format("SELECT count(*) FROM _waiting WHERE map = {}", quote_text(job.map.id))));
  if (waiting == 0) return {};
  if (job.map.mode == Mode::snapshot)
    VIGIE_CHECK(settle(
        job.connection,
        fmt::format("SELECT id FROM _waiting WHERE map = {} AND batch < {}", quote_text(job.map.id), job.receipt.batch),
        {"superseded", job.receipt.batch, job.now, "", "a later snapshot says all there is"}));
  const bool dated =
      std::ranges::find(stage.columns, "updated_at", &store::PhysicalColumn::name) != stage.columns.end();
  const std::string told = dated ? told_at("s", job.now) : "NULL::BIGINT";
  const std::string waits_since =
      fmt::format("(CASE WHEN w.told <= {} THEN w.told END)", job.now.micros + kMicrosPerDay);
  // Of one batch, the n-th bad row of a key in the stage is the n-th of those that wait.
  const std::string places = fmt::format(
      "SELECT w.*, b.at FROM (SELECT *, row_number() OVER (PARTITION BY key ORDER BY place) AS n FROM _waiting WHERE "
      "batch = {0} AND map = {1} AND key IS NOT NULL) AS w LEFT JOIN (SELECT s_key, rowid AS at, row_number() OVER "
      "(PARTITION BY s_key ORDER BY rowid) AS n FROM {2} WHERE s_bad AND s_key IS NOT NULL) AS b ON b.s_key = w.key "
      "AND "
      "b.n = w.n UNION ALL SELECT *, NULL, -1 FROM _waiting WHERE batch < {0} AND map = {1} AND key IS NOT NULL",
      job.receipt.batch, quote_text(job.map.id), kStage);
  return settle(
      job.connection,
      fmt::format("SELECT w.id FROM ({0}) AS w JOIN {1} AS s ON s.s_key = w.key WHERE NOT s.s_bad AND CASE WHEN {2} <> "
                  "{3} THEN {2} > {3} ELSE coalesce(w.at < s.rowid, false) END",
                  places, kStage, told, waits_since),
      {"superseded", job.receipt.batch, job.now, "", "a later version of its key was taken"});
}

Result<std::int64_t> count_settled(const Job& job) {
  return job.number(
      fmt::format("SELECT count(*) FROM _settled WHERE into_batch = {} AND outcome NOT IN ('refused_again', "
                  "'dropped')",
                  job.receipt.batch));
}

Result<> settle(store::Connection& connection, const std::string& ids, const Leaving& how) {
  constexpr std::string_view kGoing = "vigie_going";
  VIGIE_CHECK(
      connection.execute(fmt::format("CREATE OR REPLACE TEMP TABLE {} AS SELECT DISTINCT id FROM ({})", kGoing, ids)));
  VIGIE_TRY(const store::ResultSet some, connection.query(fmt::format("SELECT count(*) FROM {}", kGoing)));
  if (some.int64(0, 0) == 0) return connection.execute(fmt::format("DROP TABLE {}", kGoing));
  return connection.execute(fmt::format(
      "INSERT INTO _settled SELECT w.id, w.batch, w.map, w.source, w.table_name, w.file, w.row, w.place, w.mark, "
      "w.reasons, w.key, w.told, w.fixed, {1}, {2}, {3}, {4}, {5}, {6} FROM _waiting AS w WHERE w.id IN (SELECT id "
      "FROM "
      "{0}); DELETE FROM _quarantine AS q USING _waiting AS w WHERE {7} AND w.id IN (SELECT id FROM {0}); DELETE FROM "
      "_waiting WHERE id IN (SELECT id FROM {0}); DROP TABLE {0}",
      kGoing,
      how.outcome == "dropped"
          ? fmt::format("(SELECT any_value(q.record) FROM _quarantine AS q WHERE {})", lines_of_waiting("q", "w"))
          : "NULL",
      quote_text(how.outcome), how.into_batch ? std::to_string(*how.into_batch) : "NULL", how.at.micros,
      quote_text(how.by), quote_text(how.why), lines_of_waiting("q", "w")));
}

}  // namespace vigie::ingest

// Rows out of the queue, read as a file would be.
#include "base/json_writer.h"
#include "base/text.h"
#include "ingest/events.h"
#include "ingest/replay.h"
#include "ingest/torn_record.h"
#include "ingest/waiting_rows.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

constexpr std::string_view kTheQuarantine = "the quarantine", kOther = "other";

/// Why a row of which this was kept cannot be tried, and what to do.
Untried untried(std::string_view kept) {
  if (kept == kBehind)
    return {"a record of a file that the query of the map reads, and no row of its result",
            "mend the file and import it again"};
  if (kept == kOther)
    return {"the map reads other rows than when this one was refused: those of a query, or those of a file",
            "import its files again"};
  if (kept == kCut)
    return {
        "the record was not kept whole, for it is too long or its bytes are no text",
        "mend the file, or say its encoding in the map, and import it again; or write the row out with --out and give "
        "it whole"};
  return {"the record was not kept by the version of Vigie that refused it",
          "import its file again; or write the row out with --out and give it whole"};
}

std::vector<std::string> texts(const std::string& joined) {
  return joined.empty() ? std::vector<std::string>{} : split(joined, '\x1f');
}

/// The records that are texts, taken apart by what the map says now.
Result<> take_texts_apart(Job& job) {
  VIGIE_TRY(const store::ResultSet rows,
            job.connection.query(fmt::format("SELECT ordinal, record, {} FROM {} AS w WHERE "
                                             "kept = 'text' AND NOT is_json AND obj IS NULL ORDER BY ordinal",
                                             joined_columns(), kAgain)));
  const Input& input = job.map.inputs.front();
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::vector<std::string> columns = texts(rows.text(row, 2));
    const TornRecord found = taken_apart(
        rows.text(row, 1), {input.delimiter.value_or(","), input.quote, columns.size(), input.fills_short_rows});
    std::string object;
    JsonWriter writer(object);
    writer.begin_object();
    for (std::size_t i = 0; i < found.fields.size(); ++i) writer.key(columns[i]).text_or_null(found.fields[i]);
    writer.end_object();
    VIGIE_CHECK(job.connection.execute(fmt::format(
        "UPDATE {} SET obj = {}, code = {}, message = {} WHERE ordinal = {}", kAgain,
        found.code.empty() ? quote_text(object) : "NULL", found.code.empty() ? "NULL" : quote_text(found.code),
        found.code.empty() ? "NULL" : quote_text(found.message), rows.int64(row, 0))));
  }
  return {};
}

/// What a JSON line is, where it is one by now; else it is broken still.
Result<> look_at_lines(Job& job) {
  return job.connection.execute(fmt::format(
      "UPDATE {0} SET obj = CASE WHEN json_valid(record) AND record LIKE '{{%' THEN record END, code = CASE WHEN "
      "json_valid(record) AND record LIKE '{{%' THEN NULL ELSE 'json.invalid' END, message = CASE WHEN "
      "json_valid(record) AND record LIKE '{{%' THEN NULL ELSE {1} END WHERE kept = 'text' AND is_json AND obj IS NULL",
      kAgain, quote_text(sentence_of_record("json.invalid"))));
}

/// Rows that are read alike, one after another, are one part. JSON lines are, whatever members each has.
Result<> number_parts(Job& job) {
  return job.connection.execute(fmt::format(
      "UPDATE {0} SET part = p.part FROM (SELECT ordinal, sum(CASE WHEN alike = before THEN 0 ELSE 1 END) OVER (ORDER "
      "BY "
      "ordinal) AS part FROM (SELECT ordinal, alike, lag(alike, 1, '') OVER (ORDER BY ordinal) AS before FROM (SELECT "
      "ordinal, CASE WHEN is_json THEN 'json' ELSE coalesce(read_as, ' ') END AS alike FROM {0} WHERE obj IS NOT "
      "NULL))) AS p WHERE "
      "p.ordinal = {0}.ordinal",
      kAgain));
}

/// What the rows of a part call their columns.
Result<SourceFile> columns_of(Job& job, std::int64_t part) {
  VIGIE_TRY(
      const store::ResultSet rows,
      job.connection.query(fmt::format(
          "SELECT DISTINCT is_json, {0}, coalesce(array_to_string(CASE WHEN read_as IS NULL OR "
          "read_as = '' THEN []::VARCHAR[] ELSE from_json(json_extract(read_as, '$.types'), '[\"VARCHAR\"]') END, "
          "chr(31)), ''), CASE WHEN kept = 'row' THEN '' ELSE coalesce(array_to_string(json_keys(obj), chr(31)), '') "
          "END FROM {1} AS "
          "w WHERE part = {2}",
          joined_columns(), kAgain, part)));
  SourceFile out;
  bool json = false;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    json = json || rows.boolean(row, 0);
    std::vector<std::string> columns = texts(rows.text(row, 1)), types = texts(rows.text(row, 2));
    for (std::string& name : texts(rows.text(row, 3))) columns.push_back(std::move(name));
    types.resize(columns.size(), "VARCHAR");
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (std::ranges::find(out.columns, columns[i]) != out.columns.end()) continue;
      out.columns.push_back(columns[i]);
      out.types.push_back(types[i].empty() ? "VARCHAR" : types[i]);
    }
  }
  out.format = json ? Format::jsonl : Format::csv;
  if (json) add_absent_columns(job.map, out);
  return out;
}

std::string reader_of(const Job& job, const SourceFile& file, std::int64_t part) {
  std::string list;
  for (std::size_t i = 0; i < file.columns.size(); ++i)
    list += fmt::format("vigie_json(obj, {}) AS c{}, ", quote_text(file.columns[i]), i);
  const bool separated = !job.map.query && file.format == Format::csv;
  const std::string broken =
      separated ? collapsed_sql(file.columns.size(), job.map.inputs.front().delimiter.value_or(",")) : "NULL::VARCHAR";
  return fmt::format(
      "SELECT *, {} AS broken FROM (SELECT {}NULL::VARCHAR AS unparsed, ordinal, row_key FROM (SELECT obj, ordinal, "
      "coalesce(own_key, 'quarantine:' || id) AS row_key FROM {} WHERE part = {} ORDER BY ordinal))",
      broken, list, kAgain, part);
}

Result<> stage_part_again(Job& job, std::int64_t part, Stage& stage) {
  VIGIE_TRY(const SourceFile file, columns_of(job, part));
  RowSettings settings = job.row_settings();
  settings.numbered = true;
  VIGIE_TRY(const RowSql sql,
            RowSql::make(job.map, {file.columns, file.types, std::string(kTheQuarantine), "", "row_key"}, settings));
  const std::string reader = reader_of(job, file, part);
  const bool first = stage.columns.empty();
  VIGIE_CHECK(job.connection.execute(first ? fmt::format("CREATE TEMP TABLE {} AS {}", kStage, sql.staged(reader))
                                           : fmt::format("INSERT INTO {} {}", kStage, sql.staged(reader))));
  if (first) {
    for (const ColumnSql& column : sql.columns())
      for (const auto& [physical, value] : column.physical) stage.columns.push_back(physical);
    stage.references = sql.references();
  }
  return job.connection.execute(first
                                    ? fmt::format("CREATE OR REPLACE TEMP TABLE {} AS {}", kFaults, sql.defects(reader))
                                    : fmt::format("INSERT INTO {} {}", kFaults, sql.defects(reader)));
}

}  // namespace

Result<std::vector<Untried>> gather(Job& job) {
  VIGIE_CHECK(job.connection.execute(fmt::format(
      "CREATE OR REPLACE TEMP TABLE {0} AS SELECT row_number() OVER (ORDER BY w.batch, w.place, w.id) AS ordinal, "
      "w.id, "
      "w.batch, w.place, w.file, w.row, w.own_key, w.kept, w.record, w.read_as, coalesce(w.read_as LIKE "
      "'%\"json\":true%', false) AS is_json, CASE WHEN w.kept = 'row' THEN coalesce(json_merge_patch(w.record, "
      "w.fixed)::VARCHAR, w.record) WHEN w.kept NOT IN ({2}, {5}) THEN w.fixed END AS obj, NULL::VARCHAR AS code, "
      "NULL::VARCHAR AS message, NULL::BIGINT AS part FROM (SELECT w.* EXCLUDE (kept), {1} AS record, CASE WHEN w.kept "
      "IN "
      "('row', 'text') AND (w.file = {6}) <> {7} THEN {5} ELSE w.kept END AS kept FROM _waiting AS w WHERE w.map = {3} "
      "AND w.id IN (SELECT id FROM {4})) AS w",
      kAgain, record_of_waiting(), quote_text(kBehind), quote_text(job.map.id), kMeant, quote_text(kOther),
      quote_text(kQueryFile), job.map.query.has_value())));
  VIGIE_TRY(
      const store::ResultSet left,
      job.connection.query(fmt::format("SELECT kept, count(*), min(id) FROM {} WHERE obj IS NULL AND kept <> 'text' "
                                       "GROUP BY kept ORDER BY kept",
                                       kAgain)));
  std::vector<Untried> out;
  for (std::size_t row = 0; row < left.rows(); ++row) {
    out.push_back(untried(left.text(row, 0)));
    out.back().rows = left.int64(row, 1);
    out.back().example_id = left.int64(row, 2);
  }
  VIGIE_CHECK(job.connection.execute(fmt::format("DELETE FROM {} WHERE obj IS NULL AND kept <> 'text'", kAgain)));
  VIGIE_CHECK(look_at_lines(job));
  VIGIE_CHECK(take_texts_apart(job));
  VIGIE_CHECK(number_parts(job));
  return out;
}

Result<Stage> stage_again(Job& job) {
  VIGIE_TRY(
      const store::ResultSet parts,
      job.connection.query(fmt::format("SELECT DISTINCT part FROM {} WHERE part IS NOT NULL ORDER BY part", kAgain)));
  Stage stage;
  for (std::size_t row = 0; row < parts.rows(); ++row) VIGIE_CHECK(stage_part_again(job, parts.int64(row, 0), stage));
  if (parts.rows() == 0) return stage;
  VIGIE_TRY(stage.rows, job.number(fmt::format("SELECT count(*) FROM {}", kStage)));
  VIGIE_TRY(stage.bad, job.number(fmt::format("SELECT count(*) FROM {} WHERE s_bad", kStage)));
  return stage;
}

}  // namespace vigie::ingest

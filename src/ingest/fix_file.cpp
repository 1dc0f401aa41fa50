// A file of rows that a person wrote over: what differs from what the rows say is noted.
#include <fstream>

#include "ingest/inputs.h"
#include "ingest/waiting_rows.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

/// The separator after `_id`: a spreadsheet may have written another one than we did.
std::string separator_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  std::getline(in, line);
  const auto at = line.find("_id");
  const auto mark = at == std::string::npos ? at : line.find_first_of(",;\t", at);
  return mark == std::string::npos ? "," : line.substr(mark, 1);
}

std::unexpected<Error> wrong_file(std::string what) {
  return fail(
      ErrorKind::data, "quarantine.file", std::move(what), {},
      "write the rows anew with vigie quarantine fix --out, and leave the columns that begin with _ as they are");
}

/// The rows of the file in vigie_written, by the names of its columns; gives these.
Result<std::vector<std::string>> read_written(store::Connection& connection, const std::filesystem::path& file) {
  Input input;
  input.format = Format::csv;
  input.delimiter = separator_of(file);
  VIGIE_TRY(const std::vector<SourceFile> files, open_input(input, {}, {file}, connection));
  const SourceFile& written = files.front();
  const auto id = std::ranges::find(written.columns, "_id");
  if (id == written.columns.end())
    return wrong_file(fmt::format("{}: it has no column \"_id\", which names the rows", file.string()));
  std::string list = fmt::format("c{} AS typed_id", id - written.columns.begin());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < written.columns.size(); ++i) {
    if (written.columns[i].starts_with("_")) continue;
    list += fmt::format(", c{} AS w{}", i, out.size());
    out.push_back(written.columns[i]);
  }
  constexpr std::string_view kTorn = "vigie_torn";
  VIGIE_CHECK(connection.execute(fmt::format("DROP TABLE IF EXISTS {0}; DROP TABLE IF EXISTS {0}_scans", kTorn)));
  VIGIE_CHECK(
      connection.execute(fmt::format("CREATE OR REPLACE TEMP TABLE vigie_written AS SELECT {}, ordinal FROM ({})", list,
                                     written.numbered_reader(kTorn))));
  VIGIE_TRY(const store::ResultSet torn, connection.query(fmt::format("SELECT count(*), min(line) FROM {}", kTorn)));
  if (torn.int64(0, 0) > 0)
    return wrong_file(
        fmt::format("{}: line {} is no row of as many columns as the header", file.string(), torn.int64(0, 1)));
  VIGIE_CHECK(connection.execute(fmt::format("DROP TABLE IF EXISTS {0}; DROP TABLE IF EXISTS {0}_scans", kTorn)));
  VIGIE_TRY(const store::ResultSet wrong,
            connection.query("SELECT count(*) FILTER (TRY_CAST(typed_id AS BIGINT) IS NULL), coalesce(min(typed_id) "
                             "FILTER (TRY_CAST(typed_id AS BIGINT) IS NULL), ''), count(*) - count(DISTINCT typed_id) "
                             "FROM vigie_written"));
  if (wrong.int64(0, 0) > 0)
    return wrong_file(
        fmt::format("{}: \"{}\" in the column _id is no number of a row", file.string(), wrong.text(0, 1)));
  if (wrong.int64(0, 2) > 0)
    return wrong_file(fmt::format("{}: a number of the column _id stands there twice", file.string()));
  return out;
}

/// vigie_changes(id, kept, k, v, differs, has): each cell that was written, beside what the row says now. Of a record
/// that was not taken apart all columns are written, where some of them were filled in.
Result<> compare(store::Connection& connection, const std::vector<std::string>& columns) {
  std::string cells, some = "false";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string name = quote_text(columns[i]);
    cells += fmt::format(
        "{}SELECT id, kept, {} AS k, nullif(w{}, '') AS v, vigie_json(said, {}) AS was, len(known) = 0 OR "
        "list_contains(known, "
        "{}) AS has FROM now",
        cells.empty() ? "" : " UNION ALL ", name, i, name, name);
    some += fmt::format(" OR coalesce(f.w{}, '') <> ''", i);
  }
  return connection.execute(
      fmt::format("CREATE OR REPLACE TEMP TABLE vigie_changes AS WITH now AS (SELECT w.id, w.kept, f.*, {0} AS known, "
                  "CASE WHEN w.kept = "
                  "'row' THEN coalesce(json_merge_patch({1}, w.fixed)::VARCHAR, {1}) ELSE coalesce(w.fixed, '{{}}') "
                  "END AS said FROM "
                  "_waiting AS w JOIN vigie_written AS f ON TRY_CAST(f.typed_id AS BIGINT) = w.id WHERE w.kept = 'row' "
                  "OR {2}) SELECT "
                  "id, kept, k, v, coalesce(v, '') <> coalesce(was, '') AS differs, has FROM ({3})",
                  columns_of_waiting(), record_of_waiting(), some, cells));
}

}  // namespace

Result<FixReport> fix_from_file(store::Connection& connection, const std::filesystem::path& file,
                                QuarantineFilter& meant) {
  VIGIE_TRY(const std::vector<std::string> columns, read_written(connection, file));
  VIGIE_TRY(const store::ResultSet ids,
            connection.query("SELECT TRY_CAST(typed_id AS BIGINT) FROM vigie_written ORDER BY ordinal"));
  for (std::size_t row = 0; row < ids.rows(); ++row) meant.ids.push_back(ids.int64(row, 0));
  if (meant.ids.empty()) return wrong_file(fmt::format("{}: it holds no row", file.string()));
  VIGIE_CHECK(choose(connection, meant));
  if (columns.empty()) return FixReport{};
  VIGIE_CHECK(compare(connection, columns));
  VIGIE_TRY(const store::ResultSet unknown,
            connection.query("SELECT k, id FROM vigie_changes WHERE v IS NOT NULL AND NOT has LIMIT 1"));
  if (unknown.rows() > 0)
    return wrong_file(
        fmt::format("{}: row {} has no column \"{}\"", file.string(), unknown.int64(0, 1), unknown.text(0, 0)));
  VIGIE_TRY(const store::ResultSet counts,
            connection.query("SELECT k, count(*), (SELECT count(DISTINCT id) FROM vigie_changes WHERE differs) FROM "
                             "vigie_changes WHERE differs GROUP BY k ORDER BY k"));
  FixReport out;
  for (std::size_t row = 0; row < counts.rows(); ++row) {
    out.columns[counts.text(row, 0)] = counts.int64(row, 1);
    out.rows = counts.int64(row, 2);
  }
  VIGIE_CHECK(connection.execute(fmt::format(
      "UPDATE _waiting SET fixed = {} FROM (SELECT id, map(list(k), list(v)) AS m FROM vigie_changes WHERE "
      "has AND (differs OR kept <> 'row') AND id IN (SELECT id FROM vigie_changes WHERE differs) GROUP BY id) "
      "AS n WHERE n.id = _waiting.id; DROP TABLE vigie_changes; DROP TABLE vigie_written",
      with_noted("_waiting.fixed", "n.m"))));
  return out;
}

}  // namespace vigie::ingest

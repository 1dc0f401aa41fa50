#include "ingest/quarantine.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

std::string head(const Job& job, const std::string& file) {
  return fmt::format("{}, {}, {}, {}, {}", job.receipt.batch, quote_text(job.map.id), quote_text(job.map.source),
                     quote_text(job.map.table->name), quote_text(file));
}

}  // namespace

Result<std::int64_t> quarantine_rejects(Job& job, const std::string& file, std::string_view rejects) {
  return job.connection.execute_count(fmt::format(
      "INSERT INTO _quarantine SELECT {}, line, coalesce(column_name, ''), code, CASE code "
      "WHEN 'csv.columns' THEN message WHEN 'csv.quote' THEN 'a quote that does not end where the value ends' "
      "WHEN 'csv.encoding' THEN 'bytes that are no text in UTF-8: is it encoding: windows-1252?' ELSE message END, "
      "left(csv_line, "
      "200), "
      "csv_line FROM (SELECT line, '' AS column_name, csv_line, replace(error_message, 'Expected Number of Columns: ', "
      "'columns expected: ') AS message, CASE error_type WHEN 'MISSING COLUMNS' THEN 'csv.columns' WHEN 'TOO MANY "
      "COLUMNS' "
      "THEN 'csv.columns' WHEN 'UNQUOTED VALUE' THEN 'csv.quote' WHEN 'INVALID ENCODING' THEN 'csv.encoding' WHEN "
      "'LINE SIZE OVER MAXIMUM' THEN 'csv.line_too_long' ELSE 'csv.invalid' END AS code FROM {} QUALIFY row_number() "
      "OVER "
      "(PARTITION BY line ORDER BY column_idx) = 1) ORDER BY line",
      head(job, file), rejects));
}

std::string_view sentence_of_record(std::string_view code) {
  if (code == "csv.collapsed")
    return "the whole record stands as one text in its first cell, as after a trip through a spreadsheet: export it "
           "again";
  return "the line is not a JSON object";
}

Result<> quarantine_records(Job& job, const std::string& file, std::span<const BrokenRecord> records) {
  constexpr std::size_t kAtOnce = 1'000;  // rows of a statement
  const std::string first = head(job, file);
  for (; !records.empty(); records = records.subspan(std::min(kAtOnce, records.size()))) {
    std::string values;
    for (const BrokenRecord& record : records.first(std::min(kAtOnce, records.size())))
      values += fmt::format("{}({}, {}, '', {}, {}, NULL, NULL)", values.empty() ? "" : ", ", first, record.row,
                            quote_text(record.code), quote_text(sentence_of_record(record.code)));
    VIGIE_CHECK(job.connection.execute("INSERT INTO _quarantine VALUES " + values));
  }
  return {};
}

Result<> quarantine_defects(Job& job, const std::string& file, const std::string& defects, std::int64_t first_row,
                            std::string_view rejects) {
  // Each refused record pushes the rows after it one further: after the i-th (from 0), at record p, the ordinal p - i.
  const std::string shift = fmt::format(
      "(SELECT line - {} - (row_number() OVER (ORDER BY line) - 1) + 1 AS ordinal FROM (SELECT DISTINCT line FROM {}))",
      first_row, rejects);
  VIGIE_TRY(const std::int64_t known,
            job.number(fmt::format("SELECT count(*) FROM duckdb_tables() WHERE table_name = {}", quote_text(rejects))));
  // The defects are read again from the file, which fills `rejects` a second time: DISTINCT above.
  const std::string temporary = "vigie_defects";
  VIGIE_CHECK(job.connection.execute(fmt::format("CREATE TEMP TABLE {} AS {}", temporary, defects)));
  const std::string moved =
      known == 0 ? "0" : fmt::format("(SELECT count(*) FROM {} AS s WHERE s.ordinal <= d.ordinal)", shift);
  return job.connection.execute(
      fmt::format("INSERT INTO _quarantine SELECT {}, ordinal + {} + {}, column_name, code, coalesce(message, ''), "
                  "value, record FROM {} "
                  "AS d ORDER BY ordinal; DROP TABLE {}",
                  head(job, file), first_row - 1, moved, temporary, temporary));
}

Result<> summarise_refusals(Job& job) {
  VIGIE_TRY(
      const store::ResultSet rows,
      job.connection.query(fmt::format(
          "SELECT code, column_name, arg_min(message, row), count(DISTINCT (file, row)) AS n, arg_min(file, row), "
          "min(row), coalesce(arg_min(left(value, 80), row), '') FROM _quarantine WHERE batch = {} GROUP BY ALL "
          "ORDER BY n DESC, code, column_name",
          job.receipt.batch)));
  for (std::size_t row = 0; row < rows.rows(); ++row)
    job.receipt.refusals.push_back({rows.text(row, 0), rows.text(row, 1), rows.text(row, 2), rows.int64(row, 3),
                                    rows.text(row, 4), rows.int64(row, 5), rows.text(row, 6)});
  return {};
}

Result<std::vector<QuarantinedRow>> quarantined(store::Database& database, std::int64_t batch, std::size_t limit) {
  VIGIE_TRY(store::Connection connection, database.connect());
  VIGIE_TRY(
      const store::ResultSet rows,
      connection.query(fmt::format(
          "SELECT batch, map, file, row, column_name, code, message, coalesce(value, ''), coalesce(record, '') FROM "
          "_quarantine{} ORDER BY batch, file, row, column_name, code LIMIT {}",
          batch == 0 ? "" : fmt::format(" WHERE batch = {}", batch), limit)));
  std::vector<QuarantinedRow> out;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    out.push_back({rows.int64(row, 0), rows.text(row, 1), rows.text(row, 2), rows.int64(row, 3), rows.text(row, 4),
                   rows.text(row, 5), rows.text(row, 6), rows.text(row, 7), rows.text(row, 8)});
  return out;
}

}  // namespace vigie::ingest

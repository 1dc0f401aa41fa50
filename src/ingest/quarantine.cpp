#include "ingest/quarantine.h"

#include "base/json_writer.h"
#include "base/text.h"
#include "ingest/queue.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

std::string head(const Job& job, const std::string& file) {
  return fmt::format("{}, {}, {}, {}", quote_text(job.map.id), quote_text(job.map.source),
                     quote_text(job.map.table->name), quote_text(file));
}

/// What is said of a record in place of the reader's own words, which may repeat it.
constexpr std::string_view kHiddenRecord =
    "the record cannot be taken apart; the map hashes columns, so it is not kept";

/// The row number of d.ordinal, as SQL. Each refused record pushes the rows after it one further: after the i-th (from
/// 0), at record p, the ordinal p - i. A file that is read twice fills `rejects` twice: hence DISTINCT.
Result<std::string> row_number(Job& job, std::int64_t first_row, std::string_view rejects) {
  VIGIE_TRY(const std::int64_t known,
            job.number(fmt::format("SELECT count(*) FROM duckdb_tables() WHERE table_name = {}", quote_text(rejects))));
  const std::string as_read = fmt::format("d.ordinal + {}", first_row - 1);
  if (known == 0) return as_read;
  VIGIE_TRY(const std::int64_t refused, job.number(fmt::format("SELECT count(*) FROM {}", rejects)));
  if (refused == 0) return as_read;
  return fmt::format(
      "d.ordinal + {0} + (SELECT count(*) FROM (SELECT line - {0} - row_number() OVER (ORDER BY line) + 1 AS ordinal "
      "FROM (SELECT DISTINCT line FROM {1})) AS s WHERE s.ordinal <= d.ordinal)",
      first_row - 1, rejects);
}

}  // namespace

Result<> open_refusals(Job& job) {
  return job.connection.execute(
      fmt::format("CREATE OR REPLACE TEMP TABLE {} AS SELECT map, source, table_name, file, row, column_name, code, "
                  "message, value, record, NULL::VARCHAR AS kept, NULL::VARCHAR AS read_as, NULL::VARCHAR AS own_key, "
                  "NULL::BIGINT AS told FROM _quarantine LIMIT 0",
                  kRefused));
}

std::string read_as(const std::vector<std::string>& columns, const std::vector<std::string>& types, bool json) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object();
  for (const auto& [key, list] : {std::pair("columns", &columns), std::pair("types", &types)}) {
    writer.key(key).begin_array();
    for (const std::string& one : *list) writer.text(one);
    writer.end_array();
  }
  writer.key("json").boolean(json).end_object();
  return out;
}

Result<std::int64_t> quarantine_rejects(Job& job, const Origin& origin, std::string_view delimiter,
                                        std::string_view rejects) {
  // The text of a record begins with the end of the line before it, now and then.
  const std::string first_defects = fmt::format(
      "SELECT line, ltrim(csv_line, chr(13) || chr(10)) AS record, error_message, error_type, "
      "try_cast(regexp_extract(error_message, 'Columns: ([0-9]+)', 1) AS BIGINT) AS wanted, "
      "try_cast(regexp_extract(error_message, 'Found: ([0-9]+)', 1) AS BIGINT) AS found FROM {} QUALIFY row_number() "
      "OVER (PARTITION BY line ORDER BY column_idx) = 1",
      rejects);
  // A record in one cell, its trailing separators lost too.
  // Of a map that hashes, no record that was not taken apart is kept: nobody knows where in it the values stand.
  const bool hidden = job.map.hashes();
  const std::string coded = fmt::format(
      "SELECT *, CASE WHEN error_type = 'MISSING COLUMNS' AND found = 1 AND wanted >= {} AND length(record) - "
      "length(replace(record, {}, '')) >= (wanted - 1) * {} THEN 'csv.collapsed' WHEN error_type IN ('MISSING "
      "COLUMNS', 'TOO MANY COLUMNS') THEN 'csv.columns' WHEN error_type = 'UNQUOTED VALUE' THEN 'csv.quote' WHEN "
      "error_type "
      "= 'INVALID ENCODING' THEN 'csv.encoding' WHEN error_type = 'LINE SIZE OVER MAXIMUM' THEN 'csv.line_too_long' "
      "ELSE "
      "'csv.invalid' END AS code FROM ({})",
      kFewColumns, quote_text(delimiter), delimiter.size(), first_defects);
  return job.connection.execute_count(fmt::format(
      "INSERT INTO {} SELECT {}, line, '', code, CASE code WHEN 'csv.collapsed' THEN {} WHEN 'csv.columns' "
      "THEN "
      "CASE error_type WHEN 'MISSING COLUMNS' THEN 'the record has ' || found || ' of ' || wanted || ' columns; where "
      "those "
      "that are not written are empty, say short_rows: fill' ELSE 'the record has more columns than the ' || wanted || "
      "' of "
      "the header' END WHEN 'csv.quote' THEN 'a quote that does not end where the value ends' WHEN 'csv.encoding' THEN "
      "'bytes that are no text in UTF-8: is it encoding: windows-1252?' ELSE {} END, {}, "
      "{}, CASE WHEN code IN ('csv.line_too_long', 'csv.encoding') THEN {} ELSE {} END, {}, NULL, NULL FROM ({}) "
      "ORDER BY line",
      kRefused, head(job, origin.file), quote_text(sentence_of_record("csv.collapsed")),
      hidden ? quote_text(kHiddenRecord) : "error_message", hidden ? "NULL" : "left(record, 200)",
      hidden ? "NULL" : "record", quote_text(hidden ? kNone : kCut),
      quote_text(hidden                ? kNone
                 : origin.behind_query ? kBehind
                                       : kText),
      quote_text(origin.read_as), coded));
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
      values += fmt::format("{}({}, {}, '', {}, {}, NULL, NULL, {}, NULL, NULL, NULL)", values.empty() ? "" : ", ",
                            first, record.row, quote_text(record.code), quote_text(sentence_of_record(record.code)),
                            quote_text(kBehind));
    VIGIE_CHECK(job.connection.execute(fmt::format("INSERT INTO {} VALUES {}", kRefused, values)));
  }
  return {};
}

Result<> quarantine_defects(Job& job, const Origin& origin, const std::string& defects, std::int64_t first_row,
                            std::string_view rejects) {
  VIGIE_TRY(const std::string number, row_number(job, first_row, rejects));
  const std::string temporary = "vigie_defects";
  VIGIE_CHECK(job.connection.execute(fmt::format("CREATE TEMP TABLE {} AS {}", temporary, defects)));
  return job.connection.execute(
      fmt::format("INSERT INTO {} SELECT {}, {}, column_name, code, coalesce(message, ''), value, record, CASE WHEN "
                  "is_text THEN {} ELSE {} END, {}, own_key, told FROM {} AS d ORDER BY ordinal; DROP TABLE {}",
                  kRefused, head(job, origin.file), number, quote_text(job.map.hashes() ? kNone : kText),
                  quote_text(kRow), quote_text(origin.read_as), temporary, temporary));
}

Result<std::int64_t> row_of(Job& job, std::int64_t ordinal, std::int64_t first_row, std::string_view rejects) {
  VIGIE_TRY(const std::string number, row_number(job, first_row, rejects));
  return job.number(fmt::format("SELECT {} FROM (SELECT {} AS ordinal) AS d", number, ordinal));
}

namespace {

using Files = std::vector<FileRead>;

bool is_read_now(const Job& job, const std::string& path, const std::string& digest) {
  if (const auto& supply = job.request.supply; supply && supply->whole)
    if (path == supply->label || path.starts_with(supply->label + ", ")) return true;
  const auto whole = [](const std::string& typed) {
    std::error_code unknown;  // what cannot be followed to its end is meant as it was typed
    const auto end = std::filesystem::weakly_canonical(typed, unknown);
    return unknown ? std::filesystem::absolute(typed).lexically_normal() : end;
  };
  return std::ranges::any_of(
      job.files, [&](const SourceFile& file) { return file.digest == digest || whole(file.shown_as) == whole(path); });
}

/// The files of the batches in which this map refused rows.
Result<std::map<std::int64_t, Files>> files_with_refusals(Job& job) {
  std::map<std::int64_t, Files> out;
  for (const char* list : {"files", "inputs"}) {
    VIGIE_TRY(
        const store::ResultSet rows,
        job.connection.query(fmt::format(
            "SELECT batch, f->>'path', f->>'digest' FROM (SELECT batch, unnest(from_json(json_extract(receipt, "
            "'$.{}'), '[\"JSON\"]')) AS f FROM _batches WHERE batch IN (SELECT batch FROM _quarantine WHERE map = {}))",
            list, quote_text(job.map.id))));
    for (std::size_t row = 0; row < rows.rows(); ++row)
      out[rows.int64(row, 0)].push_back({rows.text(row, 1), rows.text(row, 2), 0});
  }
  return out;
}

/// Of a query's rows nobody knows the file: they are read again when all of its files are.
bool is_read_again(const Job& job, const std::string& file, const Files& of_batch) {
  if (file == kQueryFile)
    return of_batch.size() > 1 && std::ranges::all_of(of_batch, [&](const FileRead& one) {
             return one.path == kQueryFile || is_read_now(job, one.path, one.digest);
           });
  const auto known = std::ranges::find(of_batch, file, &FileRead::path);
  return is_read_now(job, file, known == of_batch.end() ? "" : known->digest);
}

/// What this map refused earlier in files that it reads again now (the same path, or the same content): what is refused
/// today takes its place.
Result<> drop_earlier_refusals(Job& job) {
  if (!job.request.applied.empty()) return {};  // a file of events is read once
  VIGIE_TRY(
      const store::ResultSet refused,
      job.connection.query(fmt::format("SELECT DISTINCT batch, file FROM _quarantine WHERE map = {} AND batch <> {}",
                                       quote_text(job.map.id), job.receipt.batch)));
  if (refused.rows() == 0) return {};
  VIGIE_TRY(auto files, files_with_refusals(job));
  for (std::size_t row = 0; row < refused.rows(); ++row) {
    const std::int64_t batch = refused.int64(row, 0);
    const std::string file = refused.text(row, 1);
    if (!is_read_again(job, file, files[batch])) continue;
    VIGIE_CHECK(
        job.connection.execute(fmt::format("DELETE FROM _quarantine WHERE map = {} AND batch = {} AND file = {}",
                                           quote_text(job.map.id), batch, quote_text(file))));
  }
  return {};
}

constexpr int kRowsTold = 5;  // of each reason: enough to see whether it is a row here and there, or all of them

}  // namespace

Result<std::vector<Refusal>> refusals_of(const Job& job, const std::string& lines) {
  std::vector<Refusal> out;
  VIGIE_TRY(
      const store::ResultSet rows,
      job.connection.query(fmt::format(
          "WITH lines AS ({0}) SELECT code, column_name, arg_min(message, row), count(DISTINCT (file, row)) AS n, "
          "any_value(first_file), min(row), replace(replace(coalesce(arg_min(left(value, 80), row), ''), chr(13), ''), "
          "chr(10), ' '), array_to_string(min(row, {1}) FILTER (file = first_file), ',') FROM lines JOIN (SELECT code, "
          "column_name, arg_min(file, row) AS first_file FROM lines GROUP BY ALL) USING (code, column_name) GROUP BY "
          "ALL ORDER BY n DESC, code, column_name",
          lines, kRowsTold)));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    Refusal& refusal =
        out.emplace_back(Refusal{rows.text(row, 0), rows.text(row, 1), rows.text(row, 2), rows.int64(row, 3),
                                 rows.text(row, 4), rows.int64(row, 5), rows.text(row, 6)});
    for (const std::string& number : split(rows.text(row, 7), ','))
      if (const std::int64_t one = std::stoll(number); one > refusal.first_row) refusal.next_rows.push_back(one);
  }
  return out;
}

Result<> quarantine_refusals(Job& job) {
  VIGIE_CHECK(job.connection.execute(
      fmt::format("INSERT INTO _quarantine SELECT {}, map, source, table_name, file, row, column_name, code, message, "
                  "value, record FROM {}",
                  job.receipt.batch, kRefused)));
  VIGIE_CHECK(drop_earlier_refusals(job));
  VIGIE_TRY(job.receipt.refusals,
            refusals_of(job, fmt::format("SELECT * FROM _quarantine WHERE batch = {}", job.receipt.batch)));
  VIGIE_CHECK(enqueue(job));
  return job.connection.execute(fmt::format("DROP TABLE {}", kRefused));
}

}  // namespace vigie::ingest

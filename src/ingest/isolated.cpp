#include "ingest/isolated.h"

#include "base/text.h"
#include "ingest/functions.h"
#include "ingest/open_quote.h"
#include "ingest/quarantine.h"
#include "ingest/unreadable.h"

namespace vigie::ingest {
namespace {

constexpr std::string_view kBroken = "\"code of the record\"";

/// "10 min", "1.5 s"
std::string in_words(std::chrono::milliseconds limit) {
  constexpr std::int64_t kMinute = 60'000;
  if (limit.count() % kMinute != 0) return fmt::format("{} s", static_cast<double>(limit.count()) / 1000);
  return fmt::format("{} min", limit.count() / kMinute);
}

Result<> same_columns(const SourceFile& file, const SourceFile& first) {
  for (const std::string& column : first.columns)
    if (std::ranges::find(file.columns, column) == file.columns.end())
      return fail(ErrorKind::data, "map.input_column",
                  fmt::format("{} has no column \"{}\", which {} has", file.shown_as, column, first.shown_as),
                  file.input->where, suggestion(column, file.columns));
  return {};
}

/// Records of the file just loaded that cannot be taken apart leave the table for the quarantine. The rows of this file
/// stand after the `earlier` ones.
Result<> keep_broken(Job& job, store::Connection& engine, const SourceFile& file, const std::string& table,
                     std::int64_t earlier) {
  VIGIE_TRY(const store::ResultSet rows,
            engine.query(
                fmt::format("SELECT ordinal, code FROM (SELECT row_number() OVER () AS ordinal, {0} AS code FROM {1}) "
                            "WHERE code IS NOT NULL ORDER BY ordinal",
                            kBroken, table)));
  if (rows.rows() == 0) return {};
  std::vector<BrokenRecord> broken;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    broken.push_back({file.first_row - 1 + rows.int64(row, 0) - earlier, rows.text(row, 1)});
  VIGIE_CHECK(quarantine_records(job, file.shown_as, broken));
  job.receipt.read += static_cast<std::int64_t>(rows.rows());
  job.receipt.quarantined += static_cast<std::int64_t>(rows.rows());
  return engine.execute(fmt::format("DELETE FROM {} WHERE {} IS NOT NULL", table, kBroken));
}

/// All files of one input in one table, columns by name.
Result<> load_input(Job& job, store::Connection& engine, const Input& input) {
  const SourceFile* first = nullptr;
  std::int64_t loaded = 0;
  const std::string table = store::quote_identifier(input.name);
  const std::string nulls = store::quote_text(joined_texts(input.null_values));
  for (const SourceFile& file : job.files) {
    if (file.input != &input) continue;
    if (first != nullptr) VIGIE_CHECK(same_columns(file, *first));
    std::string list;
    std::map<std::string, int> seen;  // the engine does not tell "Email" from "email"
    for (const std::string& column : (first != nullptr ? *first : file).columns) {
      const auto index = static_cast<std::size_t>(std::ranges::find(file.columns, column) - file.columns.begin());
      const std::string value = file.types[index].starts_with("VARCHAR")
                                    ? fmt::format("vigie_trim(c{}, {})", index, nulls)
                                    : fmt::format("c{}", index);
      const int n = ++seen[lower_ascii(column)];
      list += fmt::format("{}{} AS {}", list.empty() ? "" : ", ", value,
                          store::quote_identifier(n == 1 ? column : fmt::format("{} ({})", column, n)));
    }
    const std::string select = fmt::format("SELECT {}, broken AS {} FROM ({})", list, kBroken, file.reader(kRejects));
    const auto done = engine.execute_count(first == nullptr ? fmt::format("CREATE TABLE {} AS {}", table, select)
                                                            : fmt::format("INSERT INTO {} {}", table, select));
    if (!done && done.error().code == "engine.cancelled") return std::unexpected(done.error());
    if (!done || file.in_one_thread) VIGIE_CHECK(refuse_open_quote(file, job.request.cancelled));
    if (!done) return csv_unreadable(file, done.error(), input.where);
    if (first == nullptr) first = &file;
    VIGIE_CHECK(keep_broken(job, engine, file, table, loaded));
    VIGIE_TRY(const store::ResultSet rows, engine.query(fmt::format("SELECT count(*) FROM {}", table)));
    loaded = rows.int64(0, 0);
  }
  return engine.execute(fmt::format("ALTER TABLE {} DROP COLUMN {}", table, kBroken));
}

/// The engine's rejects become our quarantine, file by file.
Result<> keep_rejects(Job& job, store::Connection& engine) {
  VIGIE_TRY(const store::ResultSet known,
            engine.query(fmt::format("SELECT count(*) FROM duckdb_tables() WHERE table_name = '{}'", kRejects)));
  if (known.int64(0, 0) == 0) return {};
  for (const SourceFile& file : job.files) {
    if (file.format != Format::csv) continue;
    const std::string of_file = fmt::format(
        "SELECT r.line, r.column_idx, r.error_type::VARCHAR AS error_type, r.csv_line, r.error_message FROM {0} r "
        "JOIN {0}_scans s USING (scan_id, file_id) WHERE s.file_path = {1}",
        kRejects, store::quote_text(file.path.string()));
    VIGIE_TRY(const std::int64_t copied, job.connection.copy_from(engine, of_file, kRejects));
    if (copied > 0) {
      VIGIE_CHECK(refuse_open_quote(job.connection, file, kRejects, job.request.cancelled));
      VIGIE_TRY(const std::int64_t rows, quarantine_rejects(job, {file.shown_as, "", true}, file.delimiter, kRejects));
      job.receipt.read += rows;
      job.receipt.quarantined += rows;
    }
    VIGIE_CHECK(job.connection.execute(fmt::format("DROP TABLE {}", kRejects)));
  }
  return {};
}

}  // namespace

Result<QueryResult> run_query(Job& job) {
  VIGIE_TRY(const auto database, store::Database::open({}));
  VIGIE_CHECK(register_functions(*database));
  VIGIE_TRY(store::Connection engine, database->connect());
  {
    const CancelWatch watch(engine, job.request.cancelled);
    for (const Input& input : job.map.inputs) {
      job.progress("inputs", 0);
      VIGIE_CHECK(load_input(job, engine, input));
    }
    VIGIE_CHECK(keep_rejects(job, engine));
  }
  VIGIE_CHECK(database->lock_down());
  const auto at_query = [&](Error error) {
    error.where = job.map.query_where;
    if (job.map.hashes() && error.kind == ErrorKind::data)
      error.message =
          "the query met a value that it cannot compute with; it is not repeated, for the map hashes columns";
    if (error.code == "engine.deadline")
      return fail(error.kind, error.code,
                  fmt::format("the query took longer than the {} it may take", in_words(job.map.query_limit)),
                  error.where,
                  "look for a join without its condition; a query that needs longer says so: query_minutes: 60");
    if (error.code == "engine.overflow")
      return fail(ErrorKind::data, error.code,
                  "a number of the query has more digits than its type holds: " +
                      error.message.substr(error.message.find(": ") + 2),
                  error.where, "give the factors of a product few digits: DECIMAL(16,1) * DECIMAL(20,15)");
    if (error.code == "engine.value" && error.hint.empty())
      error.hint =
          "leave as text what the query does not compute with: then a bad value sends its row alone to the quarantine; "
          "elsewhere TRY_CAST makes it empty";
    return std::unexpected(std::move(error));
  };
  const auto select = engine.is_single_select(*job.map.query);
  if (!select) return at_query(select.error());
  if (!*select)
    return fail(ErrorKind::usage, "map.query", "the query of a map is one SELECT, and nothing else",
                job.map.query_where);
  const auto columns = engine.describe(*job.map.query);
  if (!columns) return at_query(columns.error());

  job.progress("query", 0);
  const auto copied = job.connection.copy_from(engine, *job.map.query, kQueryRows,
                                               {.deadline = job.map.query_limit, .cancelled = job.request.cancelled});
  if (!copied) return at_query(copied.error());
  QueryResult out;
  out.table = std::string(kQueryRows);
  for (const auto& [name, type] : *columns) {
    out.columns.push_back(name);
    out.types.push_back(type);
  }
  return out;
}

}  // namespace vigie::ingest

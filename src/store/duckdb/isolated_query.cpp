// What a person's query may be: the checks and copies of maps with SQL.
#include "store/database.h"
#include "store/duckdb/errors.h"
#include "store/duckdb/instance.h"
#include "store/duckdb/read_result.h"

namespace vigie::store {
namespace {

/// Table functions that only make rows out of their arguments. Others read files, write logs and profiles, dereference
/// pointers or run text as SQL.
constexpr std::array<std::string_view, 9> kHarmless = {"range",     "generate_series", "unnest",
                                                       "repeat",    "repeat_row",      "json_each",
                                                       "json_tree", "query_table",     "pg_timezone_names"};

class Extracted {
 public:
  Extracted() = default;
  Extracted(const Extracted&) = delete;
  Extracted& operator=(const Extracted&) = delete;
  ~Extracted() {
    duckdb_destroy_prepare(&prepared);
    duckdb_destroy_extracted(&statements);
  }
  duckdb_extracted_statements statements = nullptr;
  duckdb_prepared_statement prepared = nullptr;
};

Error persons_error(const Connection::Impl& connection, duckdb_error_type type, const char* message) {
  return engine_error(type, message == nullptr ? "the query cannot be read" : message, connection.instance->shown_as,
                      SqlAuthor::person);
}

/// The type of a failed prepare is not told; it begins its message.
duckdb_error_type type_of(std::string_view message) {
  if (message.starts_with("Permission")) return DUCKDB_ERROR_PERMISSION;
  if (message.starts_with("IO")) return DUCKDB_ERROR_IO;
  if (message.starts_with("Out of Memory")) return DUCKDB_ERROR_OUT_OF_MEMORY;
  return DUCKDB_ERROR_BINDER;
}

Result<> only_harmless_functions(Connection& connection, std::string_view sql) {
  const std::string tree = fmt::format("json_serialize_sql({})", quote_text(sql));
  VIGIE_TRY(const ResultSet whole, connection.query(fmt::format("SELECT json_extract_string({}, '$.error')", tree)));
  if (whole.text(0, 0) != "false") {
    return fail(ErrorKind::usage, "engine.refused", "the query has a form that cannot be checked", {},
                "write it as SELECT … FROM the inputs; PIVOT needs its values listed");
  }
  VIGIE_TRY(
      const ResultSet functions,
      connection.query(fmt::format("SELECT DISTINCT lower(json_extract_string(value, '$.function.function_name')) "
                                   "FROM json_tree({}) WHERE type = 'OBJECT' "
                                   "AND json_extract_string(value, '$.type') = 'TABLE_FUNCTION' ORDER BY 1",
                                   tree)));
  for (std::size_t row = 0; row < functions.rows(); ++row) {
    const std::string& name = functions.text(row, 0);
    if (std::ranges::find(kHarmless, name) != kHarmless.end()) continue;
    return fail(ErrorKind::usage, "engine.refused",
                fmt::format("the query calls {}(), which reaches outside its inputs", name), {},
                "name the file under `inputs` and read it by that name");
  }
  return {};
}

}  // namespace

Result<bool> Connection::is_single_select(std::string_view sql) {
  if (sql.find('\0') != std::string_view::npos) {
    return fail(ErrorKind::usage, "engine.sql", "the query holds a NUL character");
  }
  const std::string text(sql);
  Extracted extracted;
  const idx_t count = duckdb_extract_statements(impl_->handle, text.c_str(), &extracted.statements);
  if (count == 0) {
    const char* message = duckdb_extract_statements_error(extracted.statements);
    if (message == nullptr || *message == '\0') return false;  // nothing but blanks and comments
    return std::unexpected(persons_error(*impl_, DUCKDB_ERROR_PARSER, message));
  }
  if (count != 1) return false;
  // Before it is prepared: binding a table function already runs part of it.
  VIGIE_TRY(const ResultSet kind,
            query(fmt::format("SELECT json_extract_string(json_serialize_sql({}), '$.error_type')", quote_text(sql))));
  if (kind.text(0, 0) == "not implemented") return false;
  VIGIE_CHECK(only_harmless_functions(*this, sql));
  if (duckdb_prepare_extracted_statement(impl_->handle, extracted.statements, 0, &extracted.prepared) !=
      DuckDBSuccess) {
    const char* message = duckdb_prepare_error(extracted.prepared);
    return std::unexpected(persons_error(*impl_, type_of(message == nullptr ? "" : message), message));
  }
  return duckdb_prepared_statement_type(extracted.prepared) == DUCKDB_STATEMENT_TYPE_SELECT;
}

Result<std::vector<std::pair<std::string, std::string>>> Connection::describe(std::string_view select) {
  RawResult result;
  const std::string text = fmt::format("DESCRIBE {}", select);
  if (select.find('\0') != std::string_view::npos || duckdb_query(impl_->handle, text.c_str(), result.get())) {
    return std::unexpected(
        persons_error(*impl_, duckdb_result_error_type(result.get()), duckdb_result_error(result.get())));
  }
  std::vector<std::pair<std::string, std::string>> columns;
  VIGIE_TRY(const ResultSet rows, read_result(*result.get()));
  for (std::size_t row = 0; row < rows.rows(); ++row) columns.emplace_back(rows.text(row, 0), rows.text(row, 1));
  return columns;
}

}  // namespace vigie::store

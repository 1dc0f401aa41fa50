#include "store/database.h"
#include "store/duckdb/errors.h"
#include "store/duckdb/instance.h"
#include "store/duckdb/read_result.h"

namespace vigie::store {
namespace {

Result<> run_as(Connection::Impl& connection, std::string_view sql, RawResult& result) {
  if (sql.find('\0') != std::string_view::npos) {
    return fail(ErrorKind::internal, "engine.failed", "a statement holds a NUL character");
  }
  const std::string text(sql);  // the C API reads up to a NUL
  if (duckdb_query(connection.handle, text.c_str(), result.get()) == DuckDBSuccess) return {};
  const char* message = duckdb_result_error(result.get());
  return std::unexpected(engine_error(duckdb_result_error_type(result.get()), message == nullptr ? "" : message,
                                      connection.instance->shown_as, SqlAuthor::program));
}

Error too_many_rows(std::size_t most) {
  return fail(ErrorKind::usage, "engine.too_many_rows", fmt::format("the answer has more than {} rows", most), {},
              "ask for a coarser grain, fewer splits or a filter")
      .error();
}

std::string_view without_semicolon(std::string_view sql) {
  while (!sql.empty() && (sql.back() == ';' || sql.back() == ' ' || sql.back() == '\n')) sql.remove_suffix(1);
  return sql;
}

}  // namespace

Result<> run(Connection::Impl& connection, std::string_view sql, RawResult& result) {
  return run_as(connection, sql, result);
}

Result<> run(Connection::Impl& connection, std::string_view sql, const Watchdog::Guard& guard, RawResult& result) {
  if (guard.reason() != Watchdog::Reason::none) return std::unexpected(stopped(guard));
  auto done = run_as(connection, sql, result);
  // Also a query that finished just as it was interrupted counts as stopped: its caller has left.
  if (guard.reason() != Watchdog::Reason::none && (done || done.error().code == "engine.cancelled")) {
    return std::unexpected(stopped(guard));
  }
  return done;
}

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<> Connection::execute(std::string_view sql) {
  RawResult result;
  return run(*impl_, sql, result);
}

Result<std::int64_t> Connection::execute_count(std::string_view sql) {
  RawResult result;
  VIGIE_CHECK(run(*impl_, sql, result));
  return static_cast<std::int64_t>(duckdb_rows_changed(result.get()));
}

Result<ResultSet> Connection::query(std::string_view sql) {
  RawResult result;
  VIGIE_CHECK(run(*impl_, sql, result));
  return read_result(*result.get());
}

Result<ResultSet> Connection::query(std::string_view sql, const QueryLimits& limits) {
  const auto guard = impl_->instance->watchdog.watch(impl_->handle, limits);
  RawResult result;
  // The limit goes into the query, so that rows past it are not even made. The newline ends a comment.
  const std::string limited = fmt::format("SELECT * FROM ({}\n) LIMIT {}", without_semicolon(sql), limits.max_rows + 1);
  VIGIE_CHECK(run(*impl_, limited, guard, result));
  VIGIE_TRY(ResultSet rows, read_result(*result.get()));
  if (rows.rows() > limits.max_rows) return std::unexpected(too_many_rows(limits.max_rows));
  return rows;
}

void* Connection::native() { return impl_->handle; }

void Connection::interrupt() { duckdb_interrupt(impl_->handle); }

Result<> Connection::transaction(const std::function<Result<>()>& work) {
  VIGIE_CHECK(execute("BEGIN TRANSACTION"));
  auto done = work();
  if (done) return execute("COMMIT");  // a commit that fails has rolled back
  if (auto back = execute("ROLLBACK"); !back) {
    done.error().hint += fmt::format(" (and the transaction could not be rolled back: {})", back.error().message);
  }
  return done;
}

std::string quote_identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string quote_text(std::string_view value) {
  std::string out = "'";
  bool split = false;
  for (const char c : value) {
    if (c == '\0') {  // the C API would end the statement here
      out += "' || chr(0) || '";
      split = true;
      continue;
    }
    if (c == '\'') out += '\'';
    out += c;
  }
  out += '\'';
  return split ? "(" + out + ")" : out;
}

}  // namespace vigie::store

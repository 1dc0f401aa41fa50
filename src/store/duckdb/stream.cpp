#include "store/stream.h"

#include "store/duckdb/errors.h"
#include "store/duckdb/instance.h"
#include "store/duckdb/read_result.h"

// The one way to rows that are not all made first. The header keeps it from those who want nothing that may go one day,
// and offers nothing in its place; the library exports it, else this does not link.
extern "C" duckdb_state duckdb_execute_prepared_streaming(duckdb_prepared_statement statement, duckdb_result* result);

namespace vigie::store {
namespace {

/// One run on a connection, interrupted at the deadline or when cancelled.
class Watched {
 public:
  Watched(Database& database, Connection& connection, const QueryLimits& limits)
      : instance_(*database.impl().instance),
        handle_(static_cast<duckdb_connection>(connection.native())),
        guard_(instance_.watchdog.watch(handle_, limits)) {}

  duckdb_connection handle() const { return handle_; }
  bool is_stopped() const { return guard_.reason() != Watchdog::Reason::none; }
  std::unexpected<Error> failed(duckdb_error_type type, const char* message) const {
    if (is_stopped()) return std::unexpected(stopped(guard_));
    return std::unexpected(
        engine_error(type, message == nullptr ? "" : message, instance_.shown_as, SqlAuthor::program));
  }
  std::unexpected<Error> failed(RawResult& result) const {
    return failed(duckdb_result_error_type(result.get()), duckdb_result_error(result.get()));
  }

 private:
  Instance& instance_;
  const duckdb_connection handle_;
  const Watchdog::Guard guard_;
};

}  // namespace

Result<> execute(Database& database, Connection& connection, std::string_view sql, const QueryLimits& limits) {
  const Watched run(database, connection, limits);
  RawResult result;
  const std::string text(sql);
  const bool done = !run.is_stopped() && duckdb_query(run.handle(), text.c_str(), result.get()) == DuckDBSuccess;
  return done && !run.is_stopped() ? Result<>() : run.failed(result);
}

Result<> stream(Database& database, Connection& connection, std::string_view sql, const QueryLimits& limits,
                const std::function<Result<>(const ResultSet&)>& take) {
  const Watched run(database, connection, limits);
  RawStatement statement;
  RawResult result;
  const std::string text(sql);
  if (run.is_stopped() || duckdb_prepare(run.handle(), text.c_str(), statement.get()) != DuckDBSuccess)
    return run.failed(DUCKDB_ERROR_INVALID, duckdb_prepare_error(*statement.get()));
  if (duckdb_execute_prepared_streaming(*statement.get(), result.get()) != DuckDBSuccess) return run.failed(result);
  VIGIE_CHECK(read_pieces(*result.get(), take));
  // A failure on the way ends the pieces like their end does.
  const char* const message = duckdb_result_error(result.get());
  if (run.is_stopped() || (message != nullptr && *message != '\0')) return run.failed(result);
  return {};
}

}  // namespace vigie::store

#include "store/database.h"
#include "store/duckdb/errors.h"
#include "store/duckdb/instance.h"

namespace vigie::store {
namespace {

class Appender {
 public:
  Appender() = default;
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  ~Appender() { duckdb_appender_destroy(&handle); }

  Error error(const Instance& instance) const {
    duckdb_error_data data = duckdb_appender_error_data(handle);
    const char* message = duckdb_error_data_message(data);
    Error result = engine_error(duckdb_error_data_error_type(data), message == nullptr ? "" : message,
                                instance.shown_as, SqlAuthor::program);
    duckdb_destroy_error_data(&data);
    return result;
  }

  duckdb_appender handle = nullptr;
};

std::string create_statement(const std::vector<std::pair<std::string, std::string>>& columns, std::string_view table) {
  std::string sql = fmt::format("CREATE TEMP TABLE {} (", quote_identifier(table));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) sql += ", ";
    sql += fmt::format("{} {}", quote_identifier(columns[i].first), columns[i].second);
  }
  return sql + ")";
}

}  // namespace

Result<std::int64_t> Connection::copy_from(Connection& other, std::string_view select, std::string_view table) {
  return copy_from(other, select, table, {.deadline = std::chrono::hours(24)});
}

Result<std::int64_t> Connection::copy_from(Connection& other, std::string_view select, std::string_view table,
                                           const QueryLimits& limits) {
  VIGIE_TRY(const auto columns, other.describe(select));
  VIGIE_CHECK(execute(create_statement(columns, table)));
  const auto guard = other.impl_->instance->watchdog.watch(other.impl_->handle, limits);
  RawResult result;
  VIGIE_CHECK(run(*other.impl_, select, guard, result));

  Appender appender;
  const std::string name(table);
  const Instance& here = *impl_->instance;
  if (duckdb_appender_create_ext(impl_->handle, "temp", "main", name.c_str(), &appender.handle) != DuckDBSuccess) {
    return std::unexpected(appender.error(here));
  }
  std::int64_t copied = 0;
  while (true) {
    const RawChunk chunk(duckdb_fetch_chunk(*result.get()));
    if (!chunk) break;
    if (duckdb_append_data_chunk(appender.handle, chunk.get()) != DuckDBSuccess) {
      return std::unexpected(appender.error(here));
    }
    copied += static_cast<std::int64_t>(duckdb_data_chunk_get_size(chunk.get()));
  }
  if (duckdb_appender_close(appender.handle) != DuckDBSuccess) return std::unexpected(appender.error(here));
  return copied;
}

}  // namespace vigie::store

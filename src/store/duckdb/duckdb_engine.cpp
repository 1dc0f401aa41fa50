#include "store/duckdb_engine.h"

#include "store/duckdb/errors.h"
#include "store/duckdb/instance.h"
#include "store/print_rel.h"

namespace vigie::store {

namespace {

Result<ResultSet> ask(Connection& connection, const RelPtr& plan, const std::string& sql, const QueryLimits& limits) {
  VIGIE_TRY(ResultSet raw, connection.query(sql, limits));
  ResultSet rows(plan->columns);  // the tree's types: a day number is a date here, an integer there
  for (std::size_t i = 0; i < plan->columns.size(); ++i) rows.column(i) = std::move(raw.column(i));
  return rows;
}

/// Temporary tables of one connection.
class DuckDbScratch final : public Scratch {
 public:
  explicit DuckDbScratch(Connection connection) : connection_(std::move(connection)) {}

  Result<> keep(const RelPtr& shared, const QueryLimits& limits) override {
    std::string rows = shared_sql(shared, duckdb_dialect(), kept_);
    if (kept_.contains(rows)) return {};
    const std::string name = fmt::format("kept_{}", kept_.size() + 1);
    VIGIE_CHECK(make(fmt::format("CREATE TEMP TABLE {} AS {}", quote_identifier(name), rows), limits));
    kept_[std::move(rows)] = name;
    return {};
  }
  Result<ResultSet> query(const RelPtr& plan, const QueryLimits& limits) override {
    return ask(connection_, plan, sql(plan), limits);
  }
  std::string sql(const RelPtr& plan) const override { return print(plan, duckdb_dialect(), kept_); }

 private:
  Result<> make(const std::string& table, const QueryLimits& limits) {
    const auto handle = static_cast<duckdb_connection>(connection_.native());
    const auto guard = watchdog_.watch(handle, limits);
    RawResult result;
    const bool done = duckdb_query(handle, table.c_str(), result.get()) == DuckDBSuccess;
    if (guard.reason() != Watchdog::Reason::none) return std::unexpected(stopped(guard));
    if (done) return {};
    const char* message = duckdb_result_error(result.get());
    return std::unexpected(engine_error(duckdb_result_error_type(result.get()), message == nullptr ? "" : message,
                                        "the warehouse", SqlAuthor::program));
  }

  Connection connection_;
  Watchdog watchdog_;  ///< of the making of tables; the connection watches its queries itself
  KeptParts kept_;
};

}  // namespace

Result<ResultSet> DuckDbEngine::query(const RelPtr& plan, const QueryLimits& limits) {
  VIGIE_TRY(Connection connection, database_.connect());
  return ask(connection, plan, sql(plan), limits);
}

Result<std::unique_ptr<Scratch>> DuckDbEngine::scratch() {
  VIGIE_TRY(Connection connection, database_.connect());
  return std::make_unique<DuckDbScratch>(std::move(connection));
}

std::string DuckDbEngine::sql(const RelPtr& plan) const { return print(plan, duckdb_dialect()); }

}  // namespace vigie::store

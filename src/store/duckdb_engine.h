#pragma once
#include "store/database.h"

namespace vigie::store {

/// Answers trees from a DuckDB database. Each query opens a connection of its own, so any thread may call it, and reads
/// the last committed state. The database must outlive it.
class DuckDbEngine final : public Engine {
 public:
  explicit DuckDbEngine(Database& database) : database_(database) {}
  Result<ResultSet> query(const RelPtr& plan, const QueryLimits& limits) override;
  std::string sql(const RelPtr& plan) const override;
  Result<std::unique_ptr<Scratch>> scratch() override;

 private:
  Database& database_;
};

}  // namespace vigie::store

#pragma once
#include "store/database.h"

namespace vigie::store {

/// Answers trees from a DuckDB database. Each query opens a connection of its own, so any thread may call it, and reads
/// the last committed state: two queries may read two; those of a scratch share a connection, and may still. The
/// database must outlive it.
class DuckDbEngine final : public Engine {
 public:
  explicit DuckDbEngine(Database& database) : database_(database) {}
  Result<ResultSet> query(const RelPtr& plan, const QueryLimits& limits) override;
  std::string sql(const RelPtr& plan) const override;
  Result<std::unique_ptr<Scratch>> scratch() override;

 private:
  Database& database_;
};

/// One committed state of a database, on one connection: whatever is imported while it lives, each of its queries reads
/// the same rows, so that what they say adds up. For one thread, and for as long as one answer takes: until it goes,
/// the database keeps what it reads. A query that fails (not one with too many rows) ends it: later ones fail alike.
/// The time that limits give runs from begin(): many short queries are no way around it.
///
/// With further lanes it has as many connections to that state, for as many threads; what ends one ends them all, and
/// stops what the others are at. Or they make what a scratch keeps: the engine reads rows that are not committed with
/// one thread, and a lane that commits what it made leaves the others where they are, in the state they began with.
///
///   VIGIE_TRY(DuckDbSnapshot data, DuckDbSnapshot::begin(database));
///   VIGIE_TRY(const ResultSet rows, data.query(plan, limits));
class DuckDbSnapshot final : public Engine {
 public:
  static Result<DuckDbSnapshot> begin(Database& database);
  /// With so many lanes, or with fewer, at least the first, where others keep committing or reading while they are
  /// opened.
  static Result<DuckDbSnapshot> begin(Database& database, std::size_t lanes);
  DuckDbSnapshot(DuckDbSnapshot&&) noexcept;
  DuckDbSnapshot& operator=(DuckDbSnapshot&&) noexcept;
  ~DuckDbSnapshot() override;

  Result<ResultSet> query(const RelPtr& plan, const QueryLimits& limits) override;
  /// One that is no tree; of the same state.
  Result<ResultSet> query(std::string_view sql, const QueryLimits& limits);
  std::string sql(const RelPtr& plan) const override;
  /// On this connection: *this must outlive it.
  Result<std::unique_ptr<Scratch>> scratch() override;
  std::vector<Engine*> lanes() override;
  /// Only so many answer from now on. The others go, or, where `make`, commit what a scratch keeps: one of them all
  /// that was kept before some of it is read.
  void answer_on(std::size_t lanes, bool make);
  /// For what takes a connection; it reads the same state, and knows no limits.
  Connection& connection();
  /// Whether it is time to stop, for waiting that is no query: engine.cancelled, engine.deadline.
  Result<> check(const QueryLimits& limits) const;

  struct State;

 private:
  explicit DuckDbSnapshot(std::unique_ptr<State> state);
  /// Opens another lane, where nothing was committed since `number`, the place of the last one among all transactions.
  Result<bool> add_lane(Database& database, std::int64_t& number);
  std::unique_ptr<State> state_;
  std::vector<DuckDbSnapshot> further_;
};

}  // namespace vigie::store

#include "store/duckdb_engine.h"

#include <mutex>

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

/// Of all that was asked, not of the last query of it.
Error past(std::chrono::milliseconds deadline) {
  return fail(ErrorKind::unavailable, "engine.deadline",
              fmt::format("the query took longer than the {} ms it may take", deadline.count()), {},
              "ask for a shorter range or fewer splits, or allow more time")
      .error();
}

/// The first failure of a snapshot, whichever of its lanes it was in.
class Ending {
 public:
  std::optional<Error> error() const {
    const std::lock_guard lock(mutex_);
    return error_;
  }
  void set(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = error;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<Error> error_;
};

}  // namespace

/// A connection, and what was made on it. Once ended, its transaction takes no statement any more.
struct DuckDbSnapshot::State {
  explicit State(Connection of) : connection(std::move(of)) {}

  /// Does it in the time that is left.
  template <class Work>
  auto run(const QueryLimits& limits, const Work& work) -> decltype(work(limits)) {
    if (auto ended = ending->error()) return std::unexpected(*std::move(ended));
    auto done = work(left_of(limits));
    if (!done && done.error().code == "engine.deadline") done = std::unexpected(past(limits.deadline));
    if (!done && in_transaction && done.error().code != "engine.too_many_rows") ending->set(done.error());
    return done;
  }
  /// Of a snapshot's requests what is left; elsewhere each has its own time.
  QueryLimits left_of(QueryLimits limits) const {
    using std::chrono::milliseconds;
    if (in_transaction)
      limits.deadline = std::max(milliseconds(0), limits.deadline - std::chrono::duration_cast<milliseconds>(
                                                                        std::chrono::steady_clock::now() - begun));
    return limits;
  }

  Connection connection;
  bool in_transaction = false;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  std::shared_ptr<Ending> ending = std::make_shared<Ending>();  ///< one for all lanes of a snapshot
  int tables = 0;
  Watchdog watchdog;  ///< of the making of tables; the connection watches its queries itself
};

namespace {

using State = DuckDbSnapshot::State;

/// Temporary tables of one connection.
class DuckDbScratch final : public Scratch {
 public:
  explicit DuckDbScratch(State& state) : state_(state) {}
  explicit DuckDbScratch(std::unique_ptr<State> own) : own_(std::move(own)), state_(*own_) {}
  ~DuckDbScratch() override {
    // The connection may have others: what nobody reads any more goes. Where it cannot, it goes with the connection.
    for (const auto& [rows, name] : kept_)
      if (!own_) [[maybe_unused]]
        const auto dropped = state_.connection.execute("DROP TABLE " + quote_identifier(name));
  }

  Result<> keep(const RelPtr& shared, const QueryLimits& limits) override {
    std::string rows = shared_sql(shared, duckdb_dialect(), kept_);
    if (kept_.contains(rows)) return {};
    const std::string name = fmt::format("kept_{}", ++state_.tables);
    VIGIE_CHECK(state_.run(limits, [&](const QueryLimits& left) {
      return make(fmt::format("CREATE TEMP TABLE {} AS {}", quote_identifier(name), rows), left);
    }));
    kept_[std::move(rows)] = name;
    return {};
  }
  Result<ResultSet> query(const RelPtr& plan, const QueryLimits& limits) override {
    return state_.run(limits, [&](const QueryLimits& left) { return ask(state_.connection, plan, sql(plan), left); });
  }
  std::string sql(const RelPtr& plan) const override { return print(plan, duckdb_dialect(), kept_); }

 private:
  Result<> make(const std::string& table, const QueryLimits& limits) {
    const auto handle = static_cast<duckdb_connection>(state_.connection.native());
    const auto guard = state_.watchdog.watch(handle, limits);
    if (guard.reason() != Watchdog::Reason::none) return std::unexpected(stopped(guard));
    RawResult result;
    const bool done = duckdb_query(handle, table.c_str(), result.get()) == DuckDBSuccess;
    if (guard.reason() != Watchdog::Reason::none) return std::unexpected(stopped(guard));
    if (done) return {};
    const char* message = duckdb_result_error(result.get());
    return std::unexpected(engine_error(duckdb_result_error_type(result.get()), message == nullptr ? "" : message,
                                        "the warehouse", SqlAuthor::program));
  }

  std::unique_ptr<State> own_;  ///< empty: a snapshot's
  State& state_;
  KeptParts kept_;
};

}  // namespace

Result<ResultSet> DuckDbEngine::query(const RelPtr& plan, const QueryLimits& limits) {
  VIGIE_TRY(Connection connection, database_.connect());
  return ask(connection, plan, sql(plan), limits);
}

Result<std::unique_ptr<Scratch>> DuckDbEngine::scratch() {
  VIGIE_TRY(Connection connection, database_.connect());
  return std::make_unique<DuckDbScratch>(std::make_unique<State>(std::move(connection)));
}

std::string DuckDbEngine::sql(const RelPtr& plan) const { return print(plan, duckdb_dialect()); }

DuckDbSnapshot::DuckDbSnapshot(std::unique_ptr<State> state) : state_(std::move(state)) {}
DuckDbSnapshot::DuckDbSnapshot(DuckDbSnapshot&&) noexcept = default;
DuckDbSnapshot& DuckDbSnapshot::operator=(DuckDbSnapshot&&) noexcept = default;
DuckDbSnapshot::~DuckDbSnapshot() = default;

Result<DuckDbSnapshot> DuckDbSnapshot::begin(Database& database) {
  VIGIE_TRY(Connection connection, database.connect());
  VIGIE_CHECK(connection.execute("BEGIN TRANSACTION"));
  auto state = std::make_unique<State>(std::move(connection));
  state->in_transaction = true;
  return DuckDbSnapshot(std::move(state));
}

namespace {

/// The engine numbers the beginnings and the commits of transactions in one row: of two whose numbers follow each other
/// the second sees what the first does.
Result<std::int64_t> number_of(Connection& connection) {
  VIGIE_TRY(const ResultSet rows, connection.query("SELECT CAST(txid_current() AS BIGINT)"));
  return rows.int64(0, 0);
}

}  // namespace

Result<bool> DuckDbSnapshot::add_lane(Database& database, std::int64_t& number) {
  VIGIE_TRY(DuckDbSnapshot lane, begin(database));
  VIGIE_TRY(const std::int64_t its_number, number_of(lane.connection()));
  if (its_number != number + 1) return false;
  number = its_number;
  lane.state_->ending = state_->ending;
  lane.state_->begun = state_->begun;
  further_.push_back(std::move(lane));
  return true;
}

Result<DuckDbSnapshot> DuckDbSnapshot::begin(Database& database, std::size_t lanes) {
  constexpr int kTries = 3;
  VIGIE_TRY(DuckDbSnapshot out, begin(database));
  for (int i = 0; i < kTries && out.further_.size() + 1 < lanes; ++i) {
    if (i > 0) {
      VIGIE_TRY(out, begin(database));
    }
    VIGIE_TRY(std::int64_t number, number_of(out.connection()));
    bool alike = true;
    while (alike && out.further_.size() + 1 < lanes) {
      VIGIE_TRY(alike, out.add_lane(database, number));
    }
  }
  return out;
}

std::vector<Engine*> DuckDbSnapshot::lanes() {
  std::vector<Engine*> out{this};
  for (DuckDbSnapshot& lane : further_) out.push_back(&lane);
  return out;
}

void DuckDbSnapshot::close_further_lanes() { further_.clear(); }

Result<ResultSet> DuckDbSnapshot::query(const RelPtr& plan, const QueryLimits& limits) {
  return state_->run(limits, [&](const QueryLimits& left) { return ask(state_->connection, plan, sql(plan), left); });
}

Result<ResultSet> DuckDbSnapshot::query(std::string_view sql, const QueryLimits& limits) {
  return state_->run(limits, [&](const QueryLimits& left) { return state_->connection.query(sql, left); });
}

Result<> DuckDbSnapshot::check(const QueryLimits& limits) const {
  if (limits.cancelled != nullptr && *limits.cancelled)
    return fail(ErrorKind::unavailable, "engine.cancelled", "the query was cancelled");
  if (state_->left_of(limits).deadline.count() <= 0) return std::unexpected(past(limits.deadline));
  return {};
}

std::string DuckDbSnapshot::sql(const RelPtr& plan) const { return print(plan, duckdb_dialect()); }

Result<std::unique_ptr<Scratch>> DuckDbSnapshot::scratch() { return std::make_unique<DuckDbScratch>(*state_); }

Connection& DuckDbSnapshot::connection() { return state_->connection; }

}  // namespace vigie::store

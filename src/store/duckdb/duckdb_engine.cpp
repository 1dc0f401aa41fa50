#include "store/duckdb_engine.h"

#include <atomic>
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
              "ask for a shorter range or fewer splits, or again when the machine does less")
      .error();
}

/// The first failure of a snapshot, whichever of its lanes it was in.
class Ending {
 public:
  std::optional<Error> error() const {
    const std::lock_guard lock(mutex_);
    return error_;
  }
  /// Stops what other lanes are at.
  void set(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = error;
    is_set_ = true;
  }
  const std::atomic<bool>& is_set() const { return is_set_; }

 private:
  mutable std::mutex mutex_;
  std::optional<Error> error_;
  std::atomic<bool> is_set_ = false;
};

}  // namespace

/// A connection, and what was made on it. Once ended, its transaction takes no statement any more.
struct DuckDbSnapshot::State {
  State(Connection of, std::shared_ptr<Instance> in) : connection(std::move(of)), instance(std::move(in)) {}

  static Result<std::unique_ptr<State>> open(Database& database) {
    VIGIE_TRY(Connection connection, database.connect());
    return std::make_unique<State>(std::move(connection), database.impl().instance);
  }

  /// Does it in the time that is left.
  template <class Work>
  auto run(const QueryLimits& limits, const Work& work) -> decltype(work(limits)) {
    if (auto ended = ending->error()) return std::unexpected(*std::move(ended));
    auto done = ending.use_count() > 1 ? with_others(limits, work) : work(left_of(limits));
    if (!done && done.error().code == "engine.deadline") done = std::unexpected(past(limits.deadline));
    if (!done && in_transaction && done.error().code != "engine.too_many_rows") {
      ending->set(done.error());
      done = std::unexpected(*ending->error());  // where it was stopped, what stopped it
    }
    return done;
  }
  /// Other lanes may end it meanwhile.
  template <class Work>
  auto with_others(const QueryLimits& limits, const Work& work) -> decltype(work(limits)) {
    const auto guard = watch_others(connection);
    if (guard.reason() == Watchdog::Reason::unwatched) return std::unexpected(stopped(guard));
    return work(left_of(limits));
  }
  /// Interrupts what the connection is at when another lane ends it.
  Watchdog::Guard watch_others(Connection& at) {
    return instance->watchdog.watch(static_cast<duckdb_connection>(at.native()),
                                    {.deadline = std::chrono::hours(24 * 365), .cancelled = &ending->is_set()});
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
  std::shared_ptr<Instance> instance;  ///< whose watchdog looks after all of its queries
  bool in_transaction = false;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  std::shared_ptr<Ending> ending = std::make_shared<Ending>();  ///< one for all lanes of a snapshot
  std::vector<std::unique_ptr<State>> makers;  ///< of what is kept: each in a transaction on the state of this one
  std::int64_t number = 0;  ///< of the transaction, among all of the database; known where there are several lanes
  int tables = 0;
};

namespace {

using State = DuckDbSnapshot::State;

/// Tables that makers commit, in a database in memory of their own: a transaction of the engine begins in a database
/// when it first reads there, so that the reader, though it began before, finds what was committed since, and in the
/// warehouse the rows that it began with. Without makers: temporary tables of the connection, not committed.
class DuckDbScratch final : public Scratch {
 public:
  explicit DuckDbScratch(State& state) : state_(state) {}
  explicit DuckDbScratch(std::unique_ptr<State> own) : own_(std::move(own)), state_(*own_) {}
  ~DuckDbScratch() override {
    // What nobody reads any more goes. Where it cannot, it goes with the connection, or with the database.
    for (const std::string& table : temporary_)
      if (!own_) [[maybe_unused]]
        const auto dropped = state_.connection.execute("DROP TABLE " + table);
    if (!maker_) return;
    if (making_) [[maybe_unused]]
      const auto undone = maker_->connection.execute("ROLLBACK");
    [[maybe_unused]] const auto gone = maker_->connection.execute("DETACH " + place_);
  }

  Result<> keep(const RelPtr& shared, const QueryLimits& limits) override {
    std::string rows = shared_sql(shared, duckdb_dialect(), kept_);
    if (kept_.contains(rows)) return {};
    // What reads what is not committed yet would read it with one thread.
    if (std::ranges::any_of(made_, [&](const std::string& table) { return rows.contains(table); }))
      VIGIE_CHECK(settle(limits));
    if (!making_ && !state_.makers.empty())
      VIGIE_CHECK(state_.run(limits, [&](const QueryLimits&) { return begin_to_make(); }));
    const std::string plain = quote_identifier(fmt::format("kept_{}", ++state_.tables));
    const std::string table = making_ ? place_ + ".main." + plain : plain;
    VIGIE_CHECK(state_.run(limits, [&](const QueryLimits& left) {
      return make(fmt::format("CREATE {} {} AS {}", making_ ? "TABLE" : "TEMP TABLE", table, rows), left);
    }));
    (making_ ? made_ : temporary_).push_back(table);
    kept_[std::move(rows)] = table;
    return {};
  }
  Result<ResultSet> query(const RelPtr& plan, const QueryLimits& limits) override {
    VIGIE_CHECK(settle(limits));
    return state_.run(limits, [&](const QueryLimits& left) { return ask(state_.connection, plan, sql(plan), left); });
  }
  std::string sql(const RelPtr& plan) const override { return print(plan, duckdb_dialect(), kept_); }

 private:
  Result<> begin_to_make() {
    maker_ = std::move(state_.makers.back());
    state_.makers.pop_back();
    making_ = true;
    if (!place_.empty()) return {};
    // Not to be read only where the warehouse is; no two transactions have one number.
    place_ = quote_identifier(fmt::format("kept_{}", maker_->number));
    return maker_->connection.execute(fmt::format("ATTACH ':memory:' AS {} (READ_WRITE)", place_));
  }
  Result<> settle(const QueryLimits& limits) {
    if (!making_) return {};
    VIGIE_CHECK(state_.run(limits, [&](const QueryLimits&) { return maker_->connection.execute("COMMIT"); }));
    making_ = false;  // until then it is this object's to roll back
    made_.clear();
    return {};
  }
  Result<> make(const std::string& table, const QueryLimits& limits) {
    Connection& maker = (making_ ? *maker_ : state_).connection;
    const auto handle = static_cast<duckdb_connection>(maker.native());
    const auto guard = state_.instance->watchdog.watch(handle, limits);
    const auto with_others = state_.watch_others(maker);
    if (with_others.reason() == Watchdog::Reason::unwatched) return std::unexpected(stopped(with_others));
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
  std::vector<std::string> temporary_, made_;  ///< tables: of the connection, and of the maker, not committed
  std::string place_;                          ///< the database of what is committed; empty: none yet
  std::unique_ptr<State> maker_;               ///< the last one
  bool making_ = false;                        ///< it has not committed yet
};

}  // namespace

Result<ResultSet> DuckDbEngine::query(const RelPtr& plan, const QueryLimits& limits) {
  VIGIE_TRY(Connection connection, database_.connect());
  return ask(connection, plan, sql(plan), limits);
}

Result<std::unique_ptr<Scratch>> DuckDbEngine::scratch() {
  VIGIE_TRY(std::unique_ptr<State> own, State::open(database_));
  return std::make_unique<DuckDbScratch>(std::move(own));
}

std::string DuckDbEngine::sql(const RelPtr& plan) const { return print(plan, duckdb_dialect()); }

DuckDbSnapshot::DuckDbSnapshot(std::unique_ptr<State> state) : state_(std::move(state)) {}
DuckDbSnapshot::DuckDbSnapshot(DuckDbSnapshot&&) noexcept = default;
DuckDbSnapshot& DuckDbSnapshot::operator=(DuckDbSnapshot&&) noexcept = default;
DuckDbSnapshot::~DuckDbSnapshot() = default;

Result<DuckDbSnapshot> DuckDbSnapshot::begin(Database& database) {
  VIGIE_TRY(std::unique_ptr<State> state, State::open(database));
  VIGIE_CHECK(state->connection.execute("BEGIN TRANSACTION"));
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
  lane.state_->number = number = its_number;
  lane.state_->ending = state_->ending;
  further_.push_back(std::move(lane));
  return true;
}

Result<DuckDbSnapshot> DuckDbSnapshot::begin(Database& database, std::size_t lanes) {
  constexpr int kFurtherTries = 2;
  const auto open = [&]() -> Result<DuckDbSnapshot> {
    VIGIE_TRY(DuckDbSnapshot out, begin(database));
    if (lanes <= 1) return out;
    VIGIE_TRY(std::int64_t number, number_of(out.connection()));
    bool alike = true;
    while (alike && out.further_.size() + 1 < lanes) {
      VIGIE_TRY(alike, out.add_lane(database, number));
    }
    return out;
  };
  VIGIE_TRY(DuckDbSnapshot most, open());
  for (int i = 0; i < kFurtherTries && most.further_.size() + 1 < lanes; ++i) {
    VIGIE_TRY(DuckDbSnapshot next, open());
    if (next.further_.size() > most.further_.size()) most = std::move(next);
  }
  return most;
}

std::vector<Engine*> DuckDbSnapshot::lanes() {
  std::vector<Engine*> out{this};
  for (DuckDbSnapshot& lane : further_) out.push_back(&lane);
  return out;
}

void DuckDbSnapshot::answer_on(std::size_t lanes, bool make) {
  for (; further_.size() + 1 > std::max<std::size_t>(lanes, 1); further_.pop_back())
    if (make) state_->makers.push_back(std::move(further_.back().state_));
}

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

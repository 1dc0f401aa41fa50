// A snapshot of several lanes: all of them read one state, whatever is committed while they are opened.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <thread>

#include "base/no_threads.h"
#include "store/duckdb_engine.h"

namespace vigie::store {
namespace {

using expr::Type;

class Lanes : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(Database::open({.memory_limit_mb = 256, .threads = 2}).value());
    auto connection = database_->connect();
    ASSERT_TRUE(
        connection->execute("CREATE TABLE orders AS SELECT i AS key FROM range(7) t(i);"
                            "CREATE TABLE lines AS SELECT i AS key FROM range(7) t(i)"));
  }

  static RelPtr counted(const char* table) {
    return aggregate(scan(table, {{"key", Type::integer}}), {}, {{"n", AggregateFn::count, nullptr, nullptr}});
  }
  static std::int64_t count(Engine& engine, const char* table) {
    const auto rows = engine.query(counted(table), {});
    if (!rows) ADD_FAILURE() << rows.error().text();
    return rows ? rows->int64(0, 0) : -1;
  }

  std::unique_ptr<Database> database_;
};

TEST_F(Lanes, AreAsManyAsWereAskedForAndReadTheStateOfTheFirst) {
  auto data = DuckDbSnapshot::begin(*database_, 3);
  ASSERT_TRUE(data) << data.error().text();
  const std::vector<Engine*> lanes = data->lanes();
  ASSERT_EQ(lanes.size(), 3U);
  EXPECT_EQ(lanes.front(), &*data);
  auto writer = database_->connect();
  ASSERT_TRUE(writer->execute("INSERT INTO orders VALUES (7)"));
  for (Engine* lane : lanes) EXPECT_EQ(count(*lane, "orders"), 7) << "also where it had not been read before";
  EXPECT_EQ(count(*DuckDbSnapshot::begin(*database_, 2)->lanes().back(), "orders"), 8);
  data->answer_on(1, false);
  EXPECT_EQ(data->lanes().size(), 1U);
  EXPECT_EQ(count(*data, "orders"), 7);
}

TEST_F(Lanes, AgreeWhoeverCommitsWhileTheyAreOpened) {
  std::atomic<bool> enough = false;
  const auto write = [&] {
    auto connection = database_->connect();
    // Each commit adds a row to both tables: a state has as many orders as lines. Some snapshots find the time to open
    // two lanes between two commits, some do not.
    while (!enough) {
      if (!connection->execute("BEGIN; INSERT INTO orders VALUES (0); INSERT INTO lines VALUES (0); COMMIT"))
        return false;
      std::this_thread::sleep_for(std::chrono::microseconds(300));
    }
    return true;
  };
  auto writing = std::async(std::launch::async, write);
  const std::unique_ptr<std::atomic<bool>, void (*)(std::atomic<bool>*)> ends_it(
      &enough, [](std::atomic<bool>* flag) { *flag = true; });  // also where the test gives up
  int with_two = 0;
  std::int64_t last = 7;
  for (int i = 0; i < 300; ++i) {
    auto data = DuckDbSnapshot::begin(*database_, 2);
    ASSERT_TRUE(data) << data.error().text();
    const auto lanes = data->lanes();
    if (lanes.size() == 2) ++with_two;
    const std::int64_t orders = count(*lanes.front(), "orders");
    for (Engine* lane : lanes) {
      ASSERT_EQ(count(*lane, "orders"), orders);
      ASSERT_EQ(count(*lane, "lines"), orders);
    }
    last = orders;
  }
  enough = true;
  EXPECT_GT(with_two, 0) << "none of them had a second lane to agree with";
  EXPECT_GT(last, 30) << "hardly anything was committed meanwhile";
  EXPECT_TRUE(writing.get());
  EXPECT_EQ(DuckDbSnapshot::begin(*database_, 2)->lanes().size(), 2U) << "nobody commits any more";
}

TEST_F(Lanes, AnswerAtTheSameTime) {
  auto data = DuckDbSnapshot::begin(*database_, 4);
  std::vector<std::future<std::int64_t>> counts;
  for (Engine* lane : data->lanes())
    counts.push_back(std::async(std::launch::async, [lane] {
      std::int64_t sum = 0;
      for (int i = 0; i < 50; ++i) sum += count(*lane, "orders");
      return sum;
    }));
  for (auto& one : counts) EXPECT_EQ(one.get(), 350);
}

TEST_F(Lanes, EndTogetherWithTheFirstError) {
  auto data = DuckDbSnapshot::begin(*database_, 2);
  const auto lanes = data->lanes();
  ASSERT_EQ(lanes.size(), 2U);
  const std::atomic<bool> cancelled = true;
  EXPECT_EQ(lanes[1]->query(counted("orders"), {.cancelled = &cancelled}).error().code, "engine.cancelled");
  EXPECT_EQ(lanes[0]->query(counted("orders"), {}).error().code, "engine.cancelled");
  EXPECT_EQ(data->query("SELECT 1", {}).error().code, "engine.cancelled");
}

TEST_F(Lanes, TheTimeOfARequestIsThatOfAllItsLanes) {
  const QueryLimits limits{.deadline = std::chrono::milliseconds(2000)};
  auto data = DuckDbSnapshot::begin(*database_, 2);
  const auto lanes = data->lanes();
  ASSERT_EQ(lanes.size(), 2U);
  EXPECT_TRUE(lanes[1]->query(counted("orders"), limits)) << "in time";
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));
  const auto late = lanes[1]->query(counted("orders"), limits);
  ASSERT_FALSE(late) << "its own time is not over, that of the request is";
  EXPECT_EQ(late.error().code, "engine.deadline");
  EXPECT_EQ(lanes[0]->query(counted("orders"), {.deadline = std::chrono::minutes(1)}).error().code, "engine.deadline");
}

TEST_F(Lanes, AnErrorOnOneStopsWhatTheOthersAreAt) {
  auto connection = database_->connect();
  ASSERT_TRUE(connection->execute(
      "CREATE VIEW endless AS SELECT sum(a.range * b.range) AS key FROM range(10000000) a, range(1000000) b;"
      "CREATE VIEW broken AS SELECT CAST(error('out of order') AS BIGINT) AS key FROM orders"));
  auto data = DuckDbSnapshot::begin(*database_, 2);
  const auto lanes = data->lanes();
  ASSERT_EQ(lanes.size(), 2U);
  const QueryLimits limits{.deadline = std::chrono::minutes(1)};
  auto slow = std::async(std::launch::async,
                         [&] { return lanes[1]->query(scan("endless", {{"key", Type::integer}}), limits); });
  EXPECT_EQ(slow.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout) << "it takes hours";
  const auto failed = lanes[0]->query(scan("broken", {{"key", Type::integer}}), limits);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().text().find("out of order"), std::string::npos) << failed.error().text();
  ASSERT_EQ(slow.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_EQ(slow.get().error().text(), failed.error().text()) << "told as what stopped it";
}

TEST_F(Lanes, WhereNoThreadCanWatchOverItNoQueryBegins) {
  DuckDbEngine engine(*database_);
  {
    const NoThreads none;
    const auto refused = engine.query(counted("orders"), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "engine.unwatched");
    EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  }
  EXPECT_EQ(count(engine, "orders"), 7) << "and where there is one again, it does";
  const NoThreads none;
  EXPECT_EQ(count(engine, "orders"), 7) << "one thread watches over all of them";
}

/// What a scratch keeps on lanes that commit it.
class MadeOnLanes : public Lanes {
 protected:
  /// orders of which the key is at most `most`, as a part that is kept.
  static RelPtr up_to(std::int64_t most) {
    const RelPtr orders = scan("orders", {{"key", Type::integer}});
    return shared(filter(orders, expr::le(col(orders, "key"), expr::integer(most))));
  }
  /// Those of them of which there is a line too: a part that reads a part.
  static RelPtr with_line(std::int64_t most) {
    const RelPtr lines = scan("lines", {{"key", Type::integer}});
    return shared(join(JoinKind::inner, up_to(most), project(lines, {{"line", col(lines, "key")}}), {{"key", "line"}}));
  }
  static RelPtr number_of(const RelPtr& rel) {
    return aggregate(rel, {}, {{"n", AggregateFn::count, nullptr, nullptr}});
  }
  void commit_more() {
    auto writer = database_->connect();
    ASSERT_TRUE(writer->execute("BEGIN; INSERT INTO orders VALUES (0); INSERT INTO lines VALUES (0), (1); COMMIT"));
  }
  std::int64_t databases() {
    return database_->connect()->query("SELECT count(*) FROM duckdb_databases() WHERE NOT internal")->int64(0, 0);
  }
};

TEST_F(MadeOnLanes, IsOfTheStateOfTheSnapshotWhoeverCommitsBetween) {
  auto data = DuckDbSnapshot::begin(*database_, 3);
  ASSERT_EQ(data->lanes().size(), 3U);
  data->answer_on(1, true);
  EXPECT_EQ(data->lanes().size(), 1U);
  auto scratch = data->scratch().value();
  commit_more();  // before anything of the snapshot was read
  ASSERT_TRUE(scratch->keep(up_to(4), {}));
  commit_more();
  ASSERT_TRUE(scratch->keep(with_line(4), {}));
  commit_more();
  ASSERT_TRUE(scratch->keep(up_to(5), {}));
  commit_more();
  commit_more();
  const auto kept = [&](const RelPtr& rel) {
    const std::string sql = scratch->sql(number_of(rel));
    EXPECT_EQ(sql.find("\"orders\""), std::string::npos) << "not read from the table: " << sql;
    const auto rows = scratch->query(number_of(rel), {});
    const auto elsewhere = database_->connect()->query(sql);  // it is committed
    if (!elsewhere || !rows) ADD_FAILURE() << (rows ? elsewhere.error() : rows.error()).text();
    else EXPECT_EQ(rows->int64(0, 0), elsewhere->int64(0, 0));
    return rows ? rows->int64(0, 0) : -1;
  };
  EXPECT_EQ(kept(up_to(4)), 5) << "0 to 4, without the further 0 of each commit";
  EXPECT_EQ(kept(with_line(4)), 5);
  EXPECT_EQ(kept(up_to(5)), 6);
  EXPECT_EQ(count(*data, "orders"), 7) << "nor beside it";
  EXPECT_EQ(scratch->query(counted("lines"), {})->int64(0, 0), 7);
  auto today = DuckDbSnapshot::begin(*database_);
  EXPECT_EQ(count(*today, "orders"), 12);
}

TEST_F(MadeOnLanes, IsKeptByTheFirstLaneWhereNoneIsLeft) {
  auto data = DuckDbSnapshot::begin(*database_, 2);
  data->answer_on(1, true);
  auto scratch = data->scratch().value();
  ASSERT_TRUE(scratch->keep(up_to(4), {}));
  commit_more();
  ASSERT_TRUE(scratch->keep(with_line(4), {}));
  EXPECT_EQ(scratch->query(number_of(with_line(4)), {})->int64(0, 0), 5);
  EXPECT_EQ(scratch->query(number_of(up_to(4)), {})->int64(0, 0), 5);
  EXPECT_EQ(scratch->sql(number_of(with_line(4))).find("\"orders\""), std::string::npos);
}

TEST_F(MadeOnLanes, AlsoWhereTheWarehouseIsOnlyRead) {
  const auto file = std::filesystem::temp_directory_path() / fmt::format("vigie-lanes-{}.duckdb", getpid());
  std::filesystem::remove(file);
  {
    auto made = Database::open({.file = file, .threads = 2});
    ASSERT_TRUE(made) << made.error().text();
    ASSERT_TRUE((*made)->connect()->execute("CREATE TABLE orders AS SELECT i AS key FROM range(7) t(i)"));
  }
  database_ = Database::open({.file = file, .threads = 2, .read_only = true}).value();
  auto data = DuckDbSnapshot::begin(*database_, 2);
  data->answer_on(1, true);
  auto scratch = data->scratch().value();
  const auto kept = scratch->keep(up_to(4), {});
  ASSERT_TRUE(kept) << kept.error().text();
  EXPECT_EQ(scratch->query(number_of(up_to(4)), {})->int64(0, 0), 5);
  EXPECT_EQ(databases(), 2);
  scratch.reset();
  EXPECT_EQ(databases(), 1);
  std::filesystem::remove(file);
}

TEST_F(MadeOnLanes, GoesWithItsScratch) {
  auto data = DuckDbSnapshot::begin(*database_, 4);
  data->answer_on(1, true);
  ASSERT_EQ(databases(), 1);
  {
    auto first = data->scratch().value();
    ASSERT_TRUE(first->keep(up_to(4), {}));
    auto second = data->scratch().value();
    ASSERT_TRUE(second->keep(up_to(3), {}));
    EXPECT_EQ(databases(), 3);
    EXPECT_EQ(first->query(number_of(up_to(4)), {})->int64(0, 0), 5);
    EXPECT_EQ(second->query(number_of(up_to(3)), {})->int64(0, 0), 4);
    ASSERT_TRUE(first->keep(up_to(2), {}));  // and is not asked for any more
  }
  EXPECT_EQ(databases(), 1);
  EXPECT_EQ(count(*data, "orders"), 7) << "the snapshot goes on";
}

TEST_F(MadeOnLanes, LeavesNothingBehindWhereNoThreadCanWatchOverIt) {
  auto data = DuckDbSnapshot::begin(*database_, 2);
  data->answer_on(1, true);
  auto scratch = data->scratch().value();
  {
    const NoThreads none;
    EXPECT_EQ(scratch->keep(up_to(4), {}).error().code, "engine.unwatched");
  }
  EXPECT_EQ(data->query(counted("orders"), {}).error().code, "engine.unwatched") << "it has ended";
  scratch.reset();
  EXPECT_EQ(databases(), 1);
  auto next = DuckDbSnapshot::begin(*database_);
  EXPECT_EQ(count(*next, "orders"), 7);
}

TEST_F(MadeOnLanes, StopsAtItsDeadlineAndWhenCancelled) {
  auto connection = database_->connect();
  ASSERT_TRUE(connection->execute(
      "CREATE VIEW endless AS SELECT sum(a.range * b.range) AS key FROM range(10000000) a, range(1000000) b"));
  const RelPtr slow = shared(scan("endless", {{"key", Type::integer}}));
  for (const bool cancels : {false, true}) {
    auto data = DuckDbSnapshot::begin(*database_, 2);
    data->answer_on(1, true);
    auto scratch = data->scratch().value();
    std::atomic<bool> cancelled = false;
    auto cancelling = std::async(std::launch::async, [&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      cancelled = cancels;
    });
    const auto stopped =
        scratch->keep(slow, {.deadline = std::chrono::milliseconds(cancels ? 60'000 : 400), .cancelled = &cancelled});
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, cancels ? "engine.cancelled" : "engine.deadline");
    EXPECT_EQ(data->query(counted("orders"), {}).error().code, stopped.error().code) << "it has ended";
  }
  EXPECT_EQ(databases(), 1);
}

}  // namespace
}  // namespace vigie::store

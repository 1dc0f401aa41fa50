// A snapshot of several lanes: all of them read one state, whatever is committed while they are opened.
#include <gtest/gtest.h>

#include <future>
#include <thread>

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
  data->close_further_lanes();
  EXPECT_EQ(data->lanes().size(), 1U);
  EXPECT_EQ(count(*data, "orders"), 7);
}

TEST_F(Lanes, AgreeWhoeverCommitsWhileTheyAreOpened) {
  std::atomic<bool> enough = false;
  const auto write = [&] {
    auto connection = database_->connect();
    // Each commit adds a row to both tables: a state has as many orders as lines.
    while (!enough)
      if (!connection->execute("BEGIN; INSERT INTO orders VALUES (0); INSERT INTO lines VALUES (0); COMMIT"))
        return false;
    return true;
  };
  auto writing = std::async(std::launch::async, write);
  const std::unique_ptr<std::atomic<bool>, void (*)(std::atomic<bool>*)> ends_it(
      &enough, [](std::atomic<bool>* flag) { *flag = true; });  // also where the test gives up
  for (int i = 0; i < 200; ++i) {
    auto data = DuckDbSnapshot::begin(*database_, 2);
    ASSERT_TRUE(data) << data.error().text();
    const auto lanes = data->lanes();
    const std::int64_t orders = count(*lanes.front(), "orders");
    for (Engine* lane : lanes) {
      ASSERT_EQ(count(*lane, "orders"), orders);
      ASSERT_EQ(count(*lane, "lines"), orders);
    }
  }
  enough = true;
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
  const QueryLimits limits{.deadline = std::chrono::milliseconds(300)};
  auto data = DuckDbSnapshot::begin(*database_, 2);
  std::this_thread::sleep_for(std::chrono::milliseconds(350));
  EXPECT_EQ(data->lanes()[1]->query(counted("orders"), limits).error().code, "engine.deadline");
}

}  // namespace
}  // namespace vigie::store

// Passes on several lanes at once come to what they come to one after another.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <new>
#include <thread>

#include "base/no_threads.h"
#include "plan/measures.h"
#include "store/duckdb_engine.h"

namespace vigie::plan {
namespace {

using catalog::Measure;
using expr::Type;
using store::AggregateFn;
using store::col;
using store::RelPtr;

/// A snapshot as an engine without further lanes.
class OneLane final : public store::Engine {
 public:
  explicit OneLane(store::Engine& engine) : engine_(engine) {}
  Result<store::ResultSet> query(const RelPtr& plan, const store::QueryLimits& limits) override {
    return engine_.query(plan, limits);
  }
  std::string sql(const RelPtr& plan) const override { return engine_.sql(plan); }
  Result<std::unique_ptr<store::Scratch>> scratch() override { return engine_.scratch(); }

 private:
  store::Engine& engine_;
};

/// The first lane throws whatever it is asked, when the other one is at its first pass, which takes its time.
class FirstThrows final : public store::Engine {
 public:
  explicit FirstThrows(store::Engine& other) : other_(other) {}
  Result<store::ResultSet> query(const RelPtr&, const store::QueryLimits&) override { throw std::bad_alloc(); }
  std::string sql(const RelPtr& plan) const override { return other_.engine.sql(plan); }
  Result<std::unique_ptr<store::Scratch>> scratch() override {
    other_.asked.wait(0);
    throw std::bad_alloc();
  }
  std::vector<store::Engine*> lanes() override { return {this, &other_}; }
  int asked_of_the_other() const { return other_.asked; }

 private:
  class Other final : public store::Engine {
   public:
    explicit Other(store::Engine& of) : engine(of) {}
    Result<store::ResultSet> query(const RelPtr& plan, const store::QueryLimits& limits) override {
      ++asked;
      asked.notify_all();
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      return engine.query(plan, limits);
    }
    std::string sql(const RelPtr& plan) const override { return engine.sql(plan); }
    Result<std::unique_ptr<store::Scratch>> scratch() override { return engine.scratch(); }

    store::Engine& engine;
    std::atomic<int> asked = 0;
  };
  Other other_;
};

const Date kJanuary = date_of(2025, 1, 1), kFebruary = date_of(2025, 2, 1), kMarch = date_of(2025, 3, 1);

class MeasureLanes : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(store::Database::open({.memory_limit_mb = 256, .threads = 2}).value());
    calendar_.emplace(calendar::Calendar::make({}).value());
    auto connection = database_->connect();
    // Day i of 59 from 1 January 2025 has sale i, of shop i % 2, of customer i % 5, for i.
    ASSERT_TRUE(connection->execute(
        "CREATE TABLE sales AS SELECT i AS key, CAST(20089 + i AS INTEGER) AS day, 's' || (i % 2) AS shop, "
        "i % 5 AS customer, i AS amount FROM range(59) t(i);"
        "CREATE VIEW broken AS SELECT key, day, shop, customer, CAST(error('out of order') AS BIGINT) AS amount "
        "FROM sales"));
    count_.fn = AggregateFn::count;
    sum_.fn = AggregateFn::sum;
    distinct_.fn = AggregateFn::count_distinct;
  }

  static RelPtr table(const char* name) {
    return store::scan(name, {{"key", Type::integer},
                              {"day", Type::date},
                              {"shop", Type::text},
                              {"customer", Type::integer},
                              {"amount", Type::integer}});
  }
  static RelPtr above(const RelPtr& rows, std::int64_t least) {
    return store::filter(rows, expr::ge(col(rows, "amount"), expr::integer(least)));
  }
  static MeasureSpec spec(const RelPtr& rel, const Measure& measure, const char* value) {
    MeasureSpec out;
    out.rel = rel;
    out.at = "day";
    out.measure = &measure;
    if (value != nullptr) out.value = col(rel, value);
    out.splits = {"shop"};
    out.split_spans = {{kJanuary, kFebruary}, {kFebruary, kMarch}};
    out.total_spans = {{kJanuary, kMarch}};
    return out;
  }

  /// Three passes over rows that two of them have in common, and four that have nothing in common.
  void add_all(MeasureRun& run) const {
    const auto large = [] { return store::shared(above(table("sales"), 10)); };
    run.add(spec(large(), count_, nullptr));
    run.add(spec(above(large(), 20), sum_, "amount"));
    run.add(spec(large(), distinct_, "customer"));
    for (const std::int64_t least : {0, 30, 40, 50}) run.add(spec(above(table("sales"), least), sum_, "amount"));
  }
  static std::string text(const MeasureRun& run, std::size_t measures) {
    std::string out;
    for (std::size_t m = 0; m < measures; ++m)
      for (const auto* spans : {&run.values(m).split_values, &run.values(m).total_values})
        for (const auto& [span, keys] : *spans)
          for (const auto& [key, parts] : keys)
            out += fmt::format("{} {}-{} {}: {}\n", m, span.from.days, span.to.days,
                               key.empty() ? "" : key.front().value_or("none"), parts.number.to_plain());
    for (const QueryNote& note : run.queries()) out += note.sql + "\n";
    return out;
  }

  std::unique_ptr<store::Database> database_;
  std::optional<calendar::Calendar> calendar_;
  Measure count_, sum_, distinct_;
};

TEST_F(MeasureLanes, DoNotChangeWhatARunComesTo) {
  auto alone = store::DuckDbSnapshot::begin(*database_);
  OneLane one(*alone);
  MeasureRun expected(one, *calendar_, {});
  add_all(expected);
  ASSERT_TRUE(expected.run());
  // Of the shop with even numbers January has 0, 2, … 30: 240. From 20 on: 20 + 22 + … + 30 = 150.
  EXPECT_EQ(expected.values(3).find({kJanuary, kFebruary}, {"s0"})->number.to_plain(), "240");
  EXPECT_EQ(expected.values(1).find({kJanuary, kFebruary}, {"s0"})->number.to_plain(), "150");
  EXPECT_EQ(expected.values(0).find_total({kJanuary, kMarch}, {})->number.to_plain(), "49");
  EXPECT_EQ(expected.values(2).find_total({kJanuary, kMarch}, {})->number.to_plain(), "5");
  ASSERT_EQ(expected.queries().size(), 8U) << "what two passes read, and the seven passes";
  for (int i = 0; i < 20; ++i) {
    auto data = store::DuckDbSnapshot::begin(*database_, 4);
    ASSERT_EQ(data->lanes().size(), 4U);
    MeasureRun run(*data, *calendar_, {});
    add_all(run);
    const auto done = run.run();
    ASSERT_TRUE(done) << done.error().text();
    ASSERT_EQ(text(run, 7), text(expected, 7));
  }
}

TEST_F(MeasureLanes, AreMadeByTheFirstWhereTheOthersGetNoThread) {
  auto data = store::DuckDbSnapshot::begin(*database_, 4);
  ASSERT_EQ(data->lanes().size(), 4U);
  auto alone = store::DuckDbSnapshot::begin(*database_);
  OneLane one(*alone);
  MeasureRun expected(one, *calendar_, {}), run(*data, *calendar_, {});
  add_all(expected), add_all(run);
  ASSERT_TRUE(expected.run());  // what watches over queries has its thread from here on
  const NoThreads none;
  const auto done = run.run();
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(text(run, 7), text(expected, 7));
}

TEST_F(MeasureLanes, AMeasureAskedTwiceIsComputedOnceOverTheSpansOfBoth) {
  auto data = store::DuckDbSnapshot::begin(*database_);
  OneLane one(*data);
  MeasureRun run(one, *calendar_, {});
  const auto asked_in = [&](const Measure& measure, const char* value, Span span, std::int64_t least) {
    MeasureSpec asked = spec(table("sales"), measure, value);
    asked.split_spans = {span};
    asked.total_spans = {span};
    asked.where = expr::ge(col(asked.rel, "amount"), expr::integer(least));
    return run.add(std::move(asked));
  };
  const Span january{kJanuary, kFebruary}, february{kFebruary, kMarch};
  const std::size_t first = asked_in(sum_, "amount", january, 20), second = asked_in(sum_, "amount", february, 20),
                    other = asked_in(sum_, "amount", february, 40);
  const std::size_t met = asked_in(distinct_, "customer", january, 28),
                    again = asked_in(distinct_, "customer", february, 28);
  ASSERT_TRUE(run.run());
  // Even numbers from 20 to 30, from 32 to 58 (14 of them, of 45 on the mean), from 40 to 58 (10, of 49).
  EXPECT_EQ(run.values(first).find(january, {"s0"})->number.to_plain(), "150");
  EXPECT_EQ(run.values(second).find(february, {"s0"})->number.to_plain(), "630");
  EXPECT_EQ(run.values(other).find(february, {"s0"})->number.to_plain(), "490");
  // 28, 29 and 30 are of the customers 3, 4 and 0.
  EXPECT_EQ(run.values(met).find_total(january, {})->number.to_plain(), "3");
  EXPECT_EQ(run.values(again).find_total(february, {})->number.to_plain(), "5");
  ASSERT_EQ(run.queries().size(), 2U);
  EXPECT_EQ(run.queries()[0].sql.find("m2"), std::string::npos) << "two sums, not three";
  EXPECT_EQ(run.queries()[1].sql.find("m1"), std::string::npos) << "one count, not two";
}

TEST_F(MeasureLanes, AnErrorOnAnyOfThemIsTheErrorOfTheRun) {
  for (int i = 0; i < 20; ++i) {
    auto data = store::DuckDbSnapshot::begin(*database_, 3);
    MeasureRun run(*data, *calendar_, {});
    add_all(run);
    run.add(spec(table("broken"), sum_, "amount"));
    const auto done = run.run();
    ASSERT_FALSE(done);
    ASSERT_NE(done.error().text().find("out of order"), std::string::npos) << done.error().text();
  }
}

TEST_F(MeasureLanes, AllOfThemStopWhenCancelled) {
  auto connection = database_->connect();
  ASSERT_TRUE(
      connection->execute("CREATE VIEW endless AS SELECT key, day, shop, customer, sum(amount + range) AS amount "
                          "FROM sales, range(1000000000000) GROUP BY ALL"));
  auto data = store::DuckDbSnapshot::begin(*database_, 3);
  ASSERT_EQ(data->lanes().size(), 3U);
  std::atomic<bool> cancelled = false;
  MeasureRun run(*data, *calendar_, {.deadline = std::chrono::minutes(1), .cancelled = &cancelled});
  for (const std::int64_t least : {0, 30, 40}) run.add(spec(above(table("endless"), least), sum_, "amount"));
  auto running = std::async(std::launch::async, [&] { return run.run(); });
  EXPECT_EQ(running.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout) << "it takes days";
  cancelled = true;
  ASSERT_EQ(running.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_EQ(running.get().error().code, "engine.cancelled");
}

TEST_F(MeasureLanes, WhatIsThrownOnOneOfThemEndsTheOthers) {
  auto data = store::DuckDbSnapshot::begin(*database_);
  FirstThrows engine(*data);
  MeasureRun run(engine, *calendar_, {});
  add_all(run);
  EXPECT_THROW(static_cast<void>(run.run()), std::bad_alloc);
  EXPECT_EQ(engine.asked_of_the_other(), 1) << "of the four passes that it could make alone";
}

}  // namespace
}  // namespace vigie::plan

#include "workspace/remembered.h"

#include <gtest/gtest.h>

namespace vigie::workspace {
namespace {

class Remembered : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(store::Database::open({.memory_limit_mb = 128, .threads = 1}).value());
    connection_.emplace(std::move(database_->connect().value()));
    run("CREATE TABLE _batches(batch BIGINT); CREATE TABLE t(a BIGINT, b VARCHAR, c BOOLEAN);"
        "INSERT INTO t VALUES (1, 'é', true), (NULL, NULL, NULL), (-5, '', false)");
  }
  void run(const std::string& sql) { ASSERT_TRUE(connection_->execute(sql)); }
  RememberedQueries open() {
    data_.emplace(store::DuckDbSnapshot::begin(*database_).value());
    return std::move(RememberedQueries::open(*data_, {}).value());
  }

  std::unique_ptr<store::Database> database_;
  std::optional<store::Connection> connection_;
  std::optional<store::DuckDbSnapshot> data_;
};

constexpr const char* kAll = "SELECT a, b, c FROM t ORDER BY a NULLS FIRST";

TEST_F(Remembered, AnAnswerIsReadBackAsItWas) {
  auto first = open();
  ASSERT_TRUE(first.query(kAll));
  ASSERT_TRUE(first.keep(*database_));
  run("INSERT INTO t VALUES (9, 'x', true)");  // behind its back: no batch tells of it
  auto again = open();
  const auto rows = again.query(kAll);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->rows(), 3U);
  EXPECT_TRUE(rows->is_null(0, 0) && rows->is_null(0, 1) && rows->is_null(0, 2));
  EXPECT_EQ(rows->int64(1, 0), -5);
  EXPECT_FALSE(rows->is_null(1, 1));
  EXPECT_EQ(rows->text(1, 1), "");
  EXPECT_FALSE(rows->boolean(1, 2));
  EXPECT_EQ(rows->text(2, 1), "é");
  EXPECT_TRUE(rows->boolean(2, 2));
}

TEST_F(Remembered, ABatchMakesEveryAnswerOld) {
  auto first = open();
  ASSERT_TRUE(first.query(kAll));
  ASSERT_TRUE(first.keep(*database_));
  run("INSERT INTO t VALUES (9, 'x', true); INSERT INTO _batches VALUES (1)");
  auto again = open();
  EXPECT_EQ(again.query(kAll)->rows(), 4U);
  ASSERT_TRUE(again.keep(*database_));
  EXPECT_EQ(connection_->query("SELECT count(*) FROM _remembered")->int64(0, 0), 1);
}

TEST_F(Remembered, WhatCannotBeWrittenIsAskedAnew) {
  auto first = open();
  ASSERT_TRUE(first.query("SELECT a / 2 FROM t"));
  ASSERT_TRUE(first.query("SELECT chr(31)"));
  ASSERT_TRUE(first.keep(*database_));
  EXPECT_FALSE(connection_->query("SELECT count(*) FROM _remembered"));  // nothing was worth a table
}

TEST_F(Remembered, WhatCannotBeKeptIsNoFaultOfTheAnswer) {
  // A kept table that cannot be written to, or read: the answers come all the same, and keep() alone says so.
  run("CREATE VIEW _remembered AS SELECT 1::BIGINT AS batch, 'x' AS query");
  auto queries = open();
  EXPECT_EQ(queries.query(kAll)->rows(), 3U);
  EXPECT_FALSE(queries.keep(*database_));
}

TEST_F(Remembered, ReadingStopsWhenItsReaderHasLeft) {
  const std::atomic<bool> left = true;
  data_.emplace(store::DuckDbSnapshot::begin(*database_).value());
  EXPECT_EQ(RememberedQueries::open(*data_, {.cancelled = &left}).error().code, "engine.cancelled");
}

}  // namespace
}  // namespace vigie::workspace

// A person's SQL runs over the inputs it was given and reaches nothing else.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "store/database.h"

namespace vigie::store {
namespace {

namespace fs = std::filesystem;

class Isolation : public ::testing::Test {
 protected:
  void SetUp() override {
    secret_ = fs::temp_directory_path() / fmt::format("vigie-secret-{}.csv", getpid());
    std::ofstream(secret_) << "word\nxyzzy\n";
    database_ = std::move(Database::open({.memory_limit_mb = 256, .threads = 1}).value());
    connection_.emplace(std::move(database_->connect().value()));
    ASSERT_TRUE(connection_->execute("CREATE TABLE orders AS SELECT 1 AS id, 12.5::DECIMAL(18,4) AS price"));
    ASSERT_TRUE(database_->lock_down());
  }
  void TearDown() override {
    fs::remove(secret_);
    fs::remove(secret_.string() + ".out");
  }

  fs::path secret_;
  std::unique_ptr<Database> database_;
  std::optional<Connection> connection_;
};

TEST_F(Isolation, InputsCanStillBeQueried) {
  auto rows = connection_->query("SELECT o.id, sum(o.price) AS price FROM orders o GROUP BY ALL");
  ASSERT_TRUE(rows) << rows.error().text();
  EXPECT_EQ(rows->decimal(0, 1).to_string(), "12.5000");
}

TEST_F(Isolation, NothingElseCanBeReached) {
  const std::string file = secret_.string();
  const std::vector<std::string> attempts = {
      fmt::format("SELECT * FROM read_csv('{}')", file),
      fmt::format("SELECT * FROM read_text('{}')", file),
      fmt::format("SELECT * FROM '{}'", file),
      fmt::format("SELECT * FROM glob('{}')", file),
      fmt::format("COPY orders TO '{}.out'", file),
      fmt::format("COPY orders FROM '{}'", file),
      fmt::format("EXPORT DATABASE '{}.out'", file),
      fmt::format("ATTACH '{}.out' AS other", file),
      "SET enable_external_access = true",
      "SET GLOBAL enable_external_access = true",
      "SET lock_configuration = false",
      "RESET enable_external_access",
      "SET memory_limit = '100GB'",
      "SET threads = 64",
      "PRAGMA threads = 64",
      "SET temp_directory = '/tmp'",
      "SET allowed_directories = ['/']",
      "INSTALL httpfs",
      "LOAD httpfs",
      "CREATE PERSISTENT SECRET s (TYPE http)",
  };
  for (const std::string& sql : attempts) EXPECT_FALSE(connection_->execute(sql)) << sql;
  EXPECT_FALSE(fs::exists(file + ".out"));
  EXPECT_EQ(connection_->execute("SET threads = 64").error().code, "engine.refused");
  EXPECT_EQ(connection_->execute(attempts[0]).error().code, "engine.refused");
}

TEST_F(Isolation, OnlyOneSelectIsASingleSelect) {
  for (const char* sql :
       {"SELECT 1", "SELECT * FROM orders;", "WITH o AS (SELECT * FROM orders) SELECT id FROM o -- a comment",
        "FROM orders", "(SELECT 1) UNION ALL (SELECT 2)", "SELECT * FROM range(3), unnest([1, 2]) u(x)",
        "SELECT id FROM orders WHERE id IN (SELECT i FROM generate_series(1, 3) s(i))", "VALUES (1)"}) {
    auto single = connection_->is_single_select(sql);
    ASSERT_TRUE(single) << sql << ": " << single.error().text();
    EXPECT_TRUE(*single) << sql;
  }
  for (const char* sql : {"",
                          "  -- nothing",
                          "SELECT 1; SELECT 2",
                          "SELECT 1; DROP TABLE orders",
                          "DROP TABLE orders",
                          "INSERT INTO orders VALUES (2, 2)",
                          "CREATE TABLE x AS SELECT 1",
                          "UPDATE orders SET id = 2",
                          "DELETE FROM orders",
                          "COPY (SELECT 1) TO 'x'",
                          "ATTACH 'x'",
                          "SET threads = 1",
                          "PRAGMA version",
                          "CALL enable_logging()",
                          "EXPLAIN SELECT 1",
                          "BEGIN",
                          "PREPARE p AS SELECT 1",
                          "EXPORT DATABASE 'x'",
                          "INSTALL httpfs",
                          "LOAD httpfs",
                          "VACUUM",
                          "CHECKPOINT"}) {
    auto single = connection_->is_single_select(sql);
    ASSERT_TRUE(single) << sql << ": " << single.error().text();
    EXPECT_FALSE(*single) << sql;
  }
  EXPECT_EQ(connection_->query("SELECT count(*) FROM orders")->int64(0, 0), 1);
}

TEST_F(Isolation, FunctionsThatReachOutsideAreRefusedBeforeTheyRun) {
  // enable_logging in a SELECT would write a file; arrow_scan reads any address; query() runs text.
  for (const std::string& sql :
       {fmt::format("SELECT * FROM enable_logging(storage = 'file', storage_path = '{}.out')", secret_.string()),
        fmt::format("SELECT 1 FROM orders, (SELECT * FROM Enable_Profiling(save_location = '{}.out')) p",
                    secret_.string()),
        std::string("SELECT id FROM orders WHERE id IN (SELECT 1 FROM arrow_scan(1, 2, 3))"),
        std::string("WITH q AS (SELECT * FROM query('SELECT 1')) SELECT * FROM q"),
        std::string("SELECT * FROM read_csv('/etc/passwd')"),
        std::string("SELECT * FROM json_execute_serialized_sql('{}')"),
        std::string("SELECT (SELECT 1 FROM truncate_duckdb_logs())")}) {
    auto single = connection_->is_single_select(sql);
    ASSERT_FALSE(single) << sql;
    EXPECT_EQ(single.error().code, "engine.refused") << single.error().text();
    EXPECT_EQ(single.error().kind, ErrorKind::usage);
  }
  EXPECT_FALSE(fs::exists(secret_.string() + ".out"));
}

TEST_F(Isolation, AMistakeIsNamedWithItsPlace) {
  auto single = connection_->is_single_select("SELECT id\nFRM orders");
  ASSERT_FALSE(single);
  EXPECT_EQ(single.error().code, "engine.sql");
  EXPECT_EQ(single.error().where.line, 2);
  EXPECT_EQ(single.error().where.column, 5);
  single = connection_->is_single_select("SELECT prise FROM orders");
  ASSERT_FALSE(single);
  EXPECT_EQ(single.error().code, "engine.sql");
  EXPECT_EQ(single.error().where.column, 8);
}

}  // namespace
}  // namespace vigie::store

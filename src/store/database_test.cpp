#include "store/database.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "base/hash.h"
#include "base/test_folder.h"
#include "store/duckdb/errors.h"

namespace vigie::store {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<Database> in_memory() {
  auto database = Database::open({.memory_limit_mb = 256, .threads = 2});
  EXPECT_TRUE(database) << database.error().text();
  return std::move(*database);
}

Connection connect(Database& database) { return std::move(database.connect().value()); }

TEST(Database, GivesExactValues) {
  auto database = in_memory();
  auto connection = connect(*database);
  auto rows = connection.query(
      "SELECT 12::DECIMAL(4,2), 123456.789::DECIMAL(9,3), -0.000001::DECIMAL(18,6), "
      "-99999999999999999999999999999999.999999::DECIMAL(38,6), DATE '2025-01-31', TIMESTAMP '1969-12-31 23:59:59.5', "
      "true, 0.5::DOUBLE, 'é''\"', NULL::VARCHAR, 'b'::ENUM('a','b'), 300::USMALLINT, "
      "(SELECT sum(9223372036854775807) FROM range(2)), '1969-12-31 23:59:59.9999999'::TIMESTAMP_NS");
  ASSERT_TRUE(rows) << rows.error().text();
  EXPECT_EQ(rows->decimal(0, 0).to_string(), "12.00");
  EXPECT_EQ(rows->decimal(0, 1).to_string(), "123456.789");
  EXPECT_EQ(rows->decimal(0, 2).to_string(), "-0.000001");
  EXPECT_EQ(rows->decimal(0, 3).to_string(), "-99999999999999999999999999999999.999999");
  EXPECT_EQ(rows->columns()[3].type, expr::Type::number);
  EXPECT_EQ(rows->columns()[3].scale, 6);
  EXPECT_EQ(rows->int64(0, 4), date_of(2025, 1, 31).days);
  EXPECT_EQ(rows->int64(0, 5), -500'000);
  EXPECT_TRUE(rows->boolean(0, 6));
  EXPECT_EQ(rows->real(0, 7), 0.5);
  EXPECT_EQ(rows->text(0, 8), "é'\"");
  EXPECT_TRUE(rows->is_null(0, 9));
  EXPECT_EQ(rows->text(0, 10), "b");
  EXPECT_EQ(rows->int64(0, 11), 300);
  EXPECT_EQ(rows->decimal(0, 12).to_string(), "18446744073709551614");  // past 64 bits: a decimal of scale 0
  EXPECT_EQ(rows->int64(0, 13), -1);                                    // 100 ns before 1970 lie in the µs before it
}

TEST(Database, RunsOnOneThreadOrOnThoseThatItWasOpenedFor) {
  auto database = std::move(Database::open({.memory_limit_mb = 256, .threads = 3}).value());
  const auto threads = [&] {
    auto connection = database->connect();
    return connection->query("SELECT CAST(current_setting('threads') AS BIGINT)")->int64(0, 0);
  };
  EXPECT_EQ(threads(), 3);
  ASSERT_TRUE(database->run_on(Database::Threads::one));
  EXPECT_EQ(threads(), 1);
  ASSERT_TRUE(database->run_on(Database::Threads::all));
  EXPECT_EQ(threads(), 3);
}

TEST(Database, ReadsManyChunksInOrder) {
  auto database = in_memory();
  auto connection = connect(*database);
  auto rows =
      connection.query("SELECT i, CASE WHEN i % 3 > 0 THEN i::VARCHAR END AS t FROM range(10000) r(i) ORDER BY i");
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->rows(), 10000U);
  for (std::size_t i = 0; i < 10000; ++i) {
    ASSERT_EQ(rows->int64(i, 0), static_cast<std::int64_t>(i));
    ASSERT_EQ(rows->text(i, rows->index_of("t")), i % 3 > 0 ? std::to_string(i) : "");
  }
}

TEST(Database, RefusesTypesThatHaveNoPlaceInAnAnswer) {
  auto database = in_memory();
  auto connection = connect(*database);
  for (const char* value : {"'ab'::BLOB", "[1, 2]", "INTERVAL 1 DAY", "{'a': 1}"}) {
    auto rows = connection.query(fmt::format("SELECT 1 AS a, {} AS odd", value));
    ASSERT_FALSE(rows) << value;
    EXPECT_EQ(rows.error().code, "engine.type");
    EXPECT_NE(rows.error().message.find("\"odd\""), std::string::npos);
  }
}

TEST(Database, HashesKeysAsTheProgramDoes) {
  auto database = in_memory();
  auto connection = connect(*database);
  auto rows = connection.query(
      "SELECT vigie_key(t), t FROM (SELECT CASE WHEN i = 7 THEN NULL ELSE 'clé ' || repeat('x', i) END AS t "
      "FROM range(3000) r(i)) ORDER BY t NULLS FIRST");
  ASSERT_TRUE(rows) << rows.error().text();
  ASSERT_EQ(rows->rows(), 3000U);
  EXPECT_TRUE(rows->is_null(0, 0));
  for (std::size_t i = 1; i < rows->rows(); ++i) ASSERT_EQ(rows->int64(i, 0), key_hash(rows->text(i, 1)));
}

TEST(Database, StopsAtTheDeadline) {
  auto database = in_memory();
  auto connection = connect(*database);
  const auto start = std::chrono::steady_clock::now();
  const std::string endless = "SELECT count(*) FROM range(100000000000) a(i) WHERE i % 7 = i % 5";
  auto rows = connection.query(endless, {.deadline = std::chrono::milliseconds(50)});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, "engine.deadline");
  EXPECT_EQ(rows.error().kind, ErrorKind::unavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_TRUE(connection.query("SELECT 1")) << "the connection is as good as before";
  EXPECT_EQ(connection.query("SELECT 1", {.deadline = std::chrono::milliseconds(0)}).error().code, "engine.deadline");
}

TEST(Database, StopsWhenCancelled) {
  auto database = in_memory();
  auto connection = connect(*database);
  std::atomic<bool> cancelled{false};
  std::thread person([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
    cancelled = true;
  });
  auto rows =
      connection.query("SELECT count(*) FROM range(100000000000) a(i) WHERE i % 7 = i % 5", {.cancelled = &cancelled});
  person.join();
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, "engine.cancelled");
  EXPECT_EQ(connection.query("SELECT 1", {.cancelled = &cancelled}).error().code, "engine.cancelled");
}

TEST(Database, RefusesMoreRowsThanAllowed) {
  auto database = in_memory();
  auto connection = connect(*database);
  EXPECT_EQ(connection.query("SELECT * FROM range(10) -- ten", {.max_rows = 10})->rows(), 10U);
  EXPECT_EQ(connection.query("SELECT * FROM range(11);", {.max_rows = 10}).error().code, "engine.too_many_rows");
}

TEST(Database, SaysWhenASumDoesNotFit) {
  auto database = in_memory();
  auto connection = connect(*database);
  auto rows =
      connection.query("SELECT sum(99999999999999999999999999999999.999999::DECIMAL(38,6)) FROM range(1000000)");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, "engine.overflow");
  EXPECT_EQ(rows.error().kind, ErrorKind::data);
}

TEST(Database, SaysWhenMemoryIsShort) {
  auto database = std::move(Database::open({.memory_limit_mb = 20, .threads = 1}).value());
  auto connection = connect(*database);
  auto rows = connection.query(
      "SELECT count(*) FROM (SELECT DISTINCT i::VARCHAR || 'abcdefghijklmnop' FROM range(5000000) r(i))");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, "engine.out_of_memory") << rows.error().text();
}

TEST(Database, CommitsOrRollsBackAsAWhole) {
  auto database = in_memory();
  auto connection = connect(*database);
  ASSERT_TRUE(connection.execute("CREATE TABLE t(a INTEGER); INSERT INTO t VALUES (1)"));
  auto failed = connection.transaction([&]() -> Result<> {
    VIGIE_CHECK(connection.execute("INSERT INTO t VALUES (2)"));
    return fail(ErrorKind::data, "test.no", "no");
  });
  EXPECT_EQ(failed.error().code, "test.no");
  failed = connection.transaction(
      [&] { return connection.execute("INSERT INTO t VALUES (3); INSERT INTO gone VALUES (1)"); });
  EXPECT_FALSE(failed);
  EXPECT_TRUE(connection.transaction([&] { return connection.execute("INSERT INTO t VALUES (4)"); }));
  EXPECT_EQ(connection.query("SELECT sum(a) FROM t")->int64(0, 0), 1 + 4);
  EXPECT_EQ(connection.execute_count("UPDATE t SET a = a + 1").value(), 2);
}

TEST(Database, OtherConnectionsSeeOnlyWhatIsCommitted) {
  auto database = in_memory();
  auto writer = connect(*database);
  auto reader = connect(*database);
  ASSERT_TRUE(writer.execute("CREATE TABLE t(a INTEGER)"));
  ASSERT_TRUE(writer.transaction([&]() -> Result<> {
    VIGIE_CHECK(writer.execute("INSERT INTO t VALUES (1)"));
    EXPECT_EQ(reader.query("SELECT count(*) FROM t")->int64(0, 0), 0);
    return {};
  }));
  EXPECT_EQ(reader.query("SELECT count(*) FROM t")->int64(0, 0), 1);
}

TEST(Database, CopiesBetweenInstances) {
  auto inputs = in_memory();
  auto warehouse = in_memory();
  auto from = connect(*inputs);
  auto to = connect(*warehouse);
  ASSERT_TRUE(
      from.execute("CREATE TABLE \"odd \"\"name\" AS SELECT i AS \"a b\", (i / 4)::DECIMAL(18,4) AS amount, "
                   "CASE WHEN i % 2 = 0 THEN 'texte ' || repeat('é', i % 50) END AS t FROM range(5000) r(i)"));
  auto copied =
      to.copy_from(from, "SELECT *, \"a b\" % 7 = 0 AS seventh FROM \"odd \"\"name\" ORDER BY 1", "st'a\"ging");
  ASSERT_TRUE(copied) << copied.error().text();
  EXPECT_EQ(*copied, 5000);
  const auto columns = to.describe("SELECT * FROM \"st'a\"\"ging\"").value();
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"a b", "BIGINT"}, {"amount", "DECIMAL(18,4)"}, {"t", "VARCHAR"}, {"seventh", "BOOLEAN"}};
  EXPECT_EQ(columns, expected);
  auto sums = to.query("SELECT sum(\"a b\"), sum(amount), count(t), count(*) FILTER (seventh) FROM \"st'a\"\"ging\"");
  ASSERT_TRUE(sums);
  EXPECT_EQ(sums->int64(0, 0), 4999 * 5000 / 2);
  EXPECT_EQ(sums->decimal(0, 1).to_string(), "3124375.0000");  // 12,497,500 / 4
  EXPECT_EQ(sums->int64(0, 2), 2500);
  EXPECT_EQ(sums->int64(0, 3), 715);  // 0, 7, …, 4998
}

TEST(Database, CopyNamesTheMistakeInAPersonsQuery) {
  auto inputs = in_memory();
  auto from = connect(*inputs);
  auto to = connect(*inputs);
  auto copied = to.copy_from(from, "SELECT 1,\n  amout FROM (SELECT 1 AS amount)", "t");
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, "engine.sql");
  EXPECT_EQ(copied.error().kind, ErrorKind::usage);
  EXPECT_EQ(copied.error().where.line, 2);
  EXPECT_EQ(copied.error().where.column, 3);
  EXPECT_NE(copied.error().message.find("amout"), std::string::npos);
}

TEST(Database, QuotesAnything) {
  auto database = in_memory();
  auto connection = connect(*database);
  const std::vector<std::string> odd = {
      "", "'", "\"", "a'; DROP TABLE t; --", "\\", "$1 ? :x", std::string("a\0b", 3), "é\n"};
  ASSERT_TRUE(connection.execute("CREATE TABLE t AS SELECT 1 AS a"));
  for (const std::string& text : odd) {
    auto rows =
        connection.query(fmt::format("SELECT {} AS {}", quote_text(text), quote_identifier("c" + text.substr(0, 1))));
    ASSERT_TRUE(rows) << text << ": " << rows.error().text();
    EXPECT_EQ(rows->text(0, 0), text);
  }
  EXPECT_EQ(connection.query("SELECT a FROM t")->int64(0, 0), 1);
  EXPECT_EQ(connection.execute(std::string("SELECT 1\0; DROP TABLE t", 22)).error().code, "engine.failed");
}

TEST(Database, FileThatIsInUseNamesTheProcess) {
  const TestFolder folder;
  const fs::path file = folder / "warehouse.duckdb";
  ASSERT_TRUE(Database::open({.file = file, .threads = 1}));
  int ready[2];
  int leave[2];
  ASSERT_EQ(pipe(ready), 0);
  ASSERT_EQ(pipe(leave), 0);
  const pid_t child = fork();
  if (child == 0) {  // no threads are left in the parent, so the child may use the engine
    auto held = Database::open({.file = file, .threads = 1});
    char byte = held ? 'y' : 'n';
    if (write(ready[1], &byte, 1) != 1) _exit(1);
    _exit(read(leave[0], &byte, 1) == 1 ? 0 : 1);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  ASSERT_EQ(byte, 'y');
  auto second = Database::open({.file = file, .threads = 1});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "store.locked");
  EXPECT_EQ(second.error().kind, ErrorKind::unavailable);
  EXPECT_NE(second.error().message.find(std::to_string(child)), std::string::npos) << second.error().text();
  ASSERT_EQ(write(leave[1], &byte, 1), 1);
  int status = 0;
  waitpid(child, &status, 0);
  for (const int end : {ready[0], ready[1], leave[0], leave[1]}) close(end);
}

TEST(Database, FilesThatCannotBeOpenedSayWhy) {
  const TestFolder folder;
  folder.write("notes.txt", "These are notes, not a database, and they are long enough to be read as one.");
  EXPECT_EQ(Database::open({.file = folder / "notes.txt"}).error().code, "store.unreadable");
  EXPECT_EQ(Database::open({.file = folder / "no" / "such" / "x.duckdb"}).error().code, "store.unreadable");
  EXPECT_EQ(Database::open({.file = folder / "absent.duckdb", .read_only = true}).error().code, "store.unreadable");
}

TEST(Database, AFullDiskAndAFileThatMayNotGrowAreToldApart) {
  const auto told = [](std::string_view reason) {
    return engine_error(DUCKDB_ERROR_IO, fmt::format("IO Error: Could not write file \"w.duckdb\": {}", reason),
                        "the warehouse", SqlAuthor::program)
        .text();
  };
  const auto code = [](std::string_view reason) {
    return engine_error(DUCKDB_ERROR_IO, reason, "the warehouse", SqlAuthor::program).code;
  };
  EXPECT_EQ(code("No space left on device"), "engine.disk_full");
  EXPECT_EQ(code("Disk quota exceeded"), "engine.disk_full");
  EXPECT_EQ(code("File too large"), "engine.file_limit");
  EXPECT_EQ(code("Input/output error"), "engine.io");
  EXPECT_NE(told("No space left on device").find("the disk is full"), std::string::npos);
  EXPECT_NE(told("No space left on device").find("make room on the disk that holds the warehouse"), std::string::npos);
  EXPECT_NE(told("File too large").find("a file may not grow as large as this"), std::string::npos);
  // In a language that the engine does not speak the sentence is whole: of its words the file is left.
  EXPECT_TRUE(told("No space left on device").starts_with("the disk is full: w.duckdb cannot be written; "))
      << told("No space left on device");
  EXPECT_TRUE(engine_error(DUCKDB_ERROR_IO, "No space left on device", "the warehouse", SqlAuthor::program)
                  .text()
                  .starts_with("the disk is full; "));
  const std::string aside = "failed to offload data block of size 256.0 KiB (1.0 GiB/1.0 GiB used)";
  EXPECT_TRUE(engine_error(DUCKDB_ERROR_IO, aside, "the warehouse", SqlAuthor::program)
                  .text()
                  .starts_with("the disk is full: what is put aside meanwhile does not fit: " + aside));
  EXPECT_NE(told("File too large").find("raise the limit on the size of files"), std::string::npos);
}

TEST(Database, AFullDiskSaysWhatToDoAndLeavesTheFileWhole) {
  const TestFolder folder;
  const fs::path file = folder / "warehouse.duckdb";
  {
    auto database = std::move(Database::open({.file = file, .threads = 1}).value());
    auto connection = connect(*database);
    ASSERT_TRUE(connection.execute("CREATE TABLE t AS SELECT 1 AS a; CHECKPOINT"));
    // A limit on the size of files stands for the disk: the system refuses the write just so.
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = 4UL * 1024 * 1024;
    setrlimit(RLIMIT_FSIZE, &small);
    auto done = connection.execute("INSERT INTO t SELECT hash(i) % 2000000000 FROM range(10000000) r(i)");
    if (done) done = connection.execute("CHECKPOINT");
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "engine.file_limit") << done.error().text();
    EXPECT_EQ(done.error().kind, ErrorKind::unavailable);
    EXPECT_NE(done.error().hint.find(file.string()), std::string::npos);
  }
  auto database = Database::open({.file = file, .threads = 1});
  ASSERT_TRUE(database) << database.error().text();
  EXPECT_EQ(connect(**database).query("SELECT count(*) FROM t")->int64(0, 0), 1);
}

}  // namespace
}  // namespace vigie::store

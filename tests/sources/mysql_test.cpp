// A company's MariaDB, followed from sync to sync.
#include <sys/stat.h>

#include <csignal>

#include "sources/reader.h"
#include "sources/servers.h"
#include "sources/sync_fixture.h"

namespace vigie::sources {
namespace {

class MariadbSync : public SyncTest {
 protected:
  static void SetUpTestSuite() {
    if (MariadbServer::is_installed()) server_ = std::make_unique<MariadbServer>();
  }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (!server_) GTEST_SKIP() << "MariaDB is not installed: scripts/setup.sh --for test installs it";
    SyncTest::SetUp();
    server_->run("DROP TABLE IF EXISTS orders");
    server_->run(
        "CREATE TABLE orders(id BIGINT PRIMARY KEY, placed DATETIME(6), customer TEXT, amount DECIMAL(30,4), "
        "updated TIMESTAMP(6) NULL, gone DATETIME NULL, note TEXT) CHARACTER SET utf8mb4");
    folder_.write("maps/orders.yaml", kOrdersMap);
    ::chmod(folder_.write("secret", "of the admin\n").c_str(), 0600);
    follow("table: orders, cursor: updated, tie_break: id");
  }
  void follow(const std::string& how, const std::string& password = "file:secret") {
    folder_.write(
        "sources/erp.yaml",
        fmt::format("source: erp\nkind: mysql\ndatabase: erp\nhost: {}\nuser: admin\npassword: {}\nmaps:\n  - "
                    "{{map: maps/orders.yaml, {}}}\n",
                    server_->socket().string(), password, how));
  }
  /// `updated` in UTC, whatever the server's zone.
  void order(int id, const std::string& amount, const std::string& updated, const std::string& note = "NULL") {
    server_->run(
        fmt::format("SET STATEMENT time_zone = '+00:00' FOR REPLACE INTO orders(id, placed, customer, amount, updated, "
                    "gone, note) VALUES ({}, '2025-06-01 "
                    "10:00:00', 'ann', {}, {}, NULL, {})",
                    id, amount, updated, note));
  }
  std::string amounts() { return rows("SELECT source_key || '=' || amount_net FROM orders ORDER BY source_key"); }

  static std::unique_ptr<MariadbServer> server_;
};
std::unique_ptr<MariadbServer> MariadbSync::server_;

TEST_F(MariadbSync, BringsWhatIsNewAndNothingTwice) {
  order(1, "10.25", "'2025-06-01 10:00:00.123456'", "''");
  order(2, "123456789012.3456", "'2025-06-01 10:00:00.123456'", "'l''été, \"🍓\"'");
  EXPECT_EQ(told(), "orders brought 2+0=0-0!0 (2025-06-01 10:00:00.123456)");
  EXPECT_EQ(amounts(), "1=10.2500\n2=123456789012.3456");
  EXPECT_EQ(rows("SELECT x_note FROM orders ORDER BY source_key"), "-\nl'été, \"🍓\"");
  EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!0 (2025-06-01 10:00:00.123456)");
  EXPECT_EQ(batches(), "1");
  order(3, "3", "'2025-06-01 10:00:00.123456'");
  order(1, "11", "'2025-06-01 10:00:00.123457'", "''");
  EXPECT_EQ(told(), "orders brought 1+1=0-0!0 (2025-06-01 10:00:00.123457)");
}

TEST_F(MariadbSync, TellsInstantsFromReadingsOfAClock) {
  order(1, "1", "'2025-06-01 10:00:00'");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-01 10:00:00.000000)");
  // 10:00 on the clocks of Paris in summer is 08:00 UTC; a TIMESTAMP is an instant.
  EXPECT_EQ(rows("SELECT make_timestamp(ordered_at)::VARCHAR, make_timestamp(updated_at)::VARCHAR FROM orders"),
            "2025-06-01 08:00:00|2025-06-01 10:00:00");
}

TEST_F(MariadbSync, TakesTheOverlapAndWhatASnapshotLacks) {
  follow("table: orders, cursor: updated, overlap: 1 hour");
  order(0, "0", "'2025-06-01 08:00:00'"), order(2, "2", "'2025-06-01 10:00:00'");
  EXPECT_EQ(told(), "orders brought 2+0=0-0!0 (2025-06-01 10:00:00.000000)");
  order(1, "1", "'2025-06-01 09:30:00'");
  EXPECT_EQ(told(), "orders brought 1+0=1-0!0 (2025-06-01 10:00:00.000000)");
  folder_.write("maps/orders.yaml", std::string(kOrdersMap) + "mode: snapshot\n");
  follow("table: orders, mode: snapshot");
  server_->run("DELETE FROM orders WHERE id = 0");
  EXPECT_EQ(told(), "orders brought 0+0=2-1!0");
}

TEST_F(MariadbSync, SaysWhatIsWrong) {
  follow("table: orders, cursor: updatd");
  EXPECT_EQ(told(), "orders failed 0+0=0-0!0 source.rows: orders has no column \"updatd\"");
  follow("table: ordres");
  EXPECT_EQ(told(),
            "orders failed 0+0=0-0!0 source.rows: the source erp cannot give these rows: Table 'erp.ordres' doesn't "
            "exist");
  follow("query: \"SELECT 1 AS id) AS q; DROP TABLE orders; -- \"");
  EXPECT_TRUE(told().starts_with("orders failed 0+0=0-0!0 source.rows: ")) << told();
  ::chmod(folder_.write("wrong", "hunter2").c_str(), 0600);
  follow("table: orders", "file:wrong");
  EXPECT_EQ(
      told(),
      "orders failed 0+0=0-0!0 source.refused: the source erp does not let the user \"admin\" in: the password is "
      "missing or wrong");
  follow("table: orders, cursor: note, overlap: 5");
  EXPECT_TRUE(told().find("source.value: the cursor \"note\" is a text") != std::string::npos) << told();
}

TEST_F(MariadbSync, BytesAreHexadecimalAndBitsANumber) {
  server_->run(
      "ALTER TABLE orders ADD uid BINARY(3), ADD paid BIT(1), ADD mask BIT(12), ADD raw BLOB, ADD price FLOAT, ADD "
      "score "
      "DECIMAL(40,20), ADD big BIGINT UNSIGNED");
  std::string map = kOrdersMap;
  map.replace(map.find("key: id"), 7, "key: uid");
  folder_.write("maps/orders.yaml", map + "  x_paid: paid\n  x_mask: mask\n  x_raw: raw\n");
  order(1, "1", "'2025-06-01 10:00:00'"), order(2, "2", "'2025-06-01 10:00:00'");
  server_->run(
      "UPDATE orders SET uid = IF(id = 1, x'ff00e9', x'00ff27'), paid = IF(id = 1, b'1', b'0'), mask = 2049, raw = "
      "x'0a0d', price = 0.1, score = 1.00000000000000000001, big = 18446744073709551615 - 2 + id");
  follow("table: orders, cursor: updated, tie_break: uid");
  EXPECT_EQ(told(), "orders brought 2+0=0-0!0 (2025-06-01 10:00:00.000000)");
  EXPECT_EQ(rows("SELECT source_key, x_paid, x_mask, x_raw FROM orders ORDER BY source_key"),
            "00ff27|0|2049|0a0d\nff00e9|1|2049|0a0d");
  EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!0 (2025-06-01 10:00:00.000000)");
  order(3, "3", "'2025-06-01 10:00:00'");
  server_->run("UPDATE orders SET uid = x'ff00ea' WHERE id = 3");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-01 10:00:00.000000)");
  server_->run("UPDATE orders SET uid = x'000001' WHERE id = 3");
  follow("table: orders, cursor: uid");
  EXPECT_EQ(told(), "orders brought 1+0=2-0!0 (ff00e9)");
  EXPECT_EQ(told(), "orders nothing_new 0+0=1-0!0 (ff00e9)");
  // Numbers are compared as the numbers that they are.
  for (const auto& [cursor, reached] :
       std::vector<std::pair<std::string, std::string>>{{"price, tie_break: id", "0.10000000149011612"},
                                                        {"score, tie_break: id", "1.00000000000000000001"},
                                                        {"big, overlap: 1", "18446744073709551615"},
                                                        {"mask, tie_break: id", "2049"}}) {
    server_->run("UPDATE orders SET price = 0.1, score = 1.00000000000000000001, mask = 2049 WHERE id = 3");
    follow("table: orders, cursor: " + cursor);
    EXPECT_TRUE(told().ends_with(fmt::format("({})", reached))) << cursor;
    const std::string again = told();
    EXPECT_TRUE(again.starts_with("orders nothing_new ") && again.ends_with(fmt::format("({})", reached))) << again;
  }
}

TEST_F(MariadbSync, ARowOfTheMomentReachedThatNothingTellsApartComesToo) {
  server_->run("ALTER TABLE orders ADD tie INT");
  follow("table: orders, cursor: updated, tie_break: tie");
  order(1, "1", "'2025-06-01 10:00:00'"), order(2, "2", "'2025-06-01 10:00:00'");
  server_->run("UPDATE orders SET tie = 5 WHERE id = 1");
  EXPECT_EQ(told(), "orders brought 2+0=0-0!0 (2025-06-01 10:00:00.000000)");
  order(3, "3", "'2025-06-01 10:00:00'");
  EXPECT_EQ(told(), "orders brought 1+0=1-0!0 (2025-06-01 10:00:00.000000)");
}

/// A reading that has until its deadline, of a server that falls silent before it.
TEST_F(MariadbSync, IsLeftAtItsDeadlineWhereItGoesSilent) {
  follow("query: SELECT SLEEP(60) AS id");
  const auto source = Source::load(folder_ / "sources/erp.yaml", folder_.path(), "/none");
  ASSERT_TRUE(source) << source.error().text();
  const auto begun = std::chrono::steady_clock::now();
  auto reader = open_mysql(*source, {nullptr, begun + std::chrono::seconds(2)});
  ASSERT_TRUE(reader) << reader.error().text();
  auto rows = RowsFile::make(folder_ / "data");
  std::jthread silence([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    server_->send(SIGSTOP);
  });
  const auto read = (*reader)->read(source->feeds[0], std::nullopt, *rows);
  reader->reset();
  const auto took = std::chrono::steady_clock::now() - begun;
  silence.join();
  server_->send(SIGCONT);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "source.deadline") << read.error().text();
  EXPECT_GT(took, std::chrono::milliseconds(1900));
  EXPECT_LT(took, std::chrono::seconds(20)) << "it does not wait for the server";
}

}  // namespace
}  // namespace vigie::sources

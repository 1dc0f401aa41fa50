// A company's PostgreSQL, followed from sync to sync.
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "sources/reader.h"
#include "sources/servers.h"
#include "sources/sync_fixture.h"

namespace vigie::sources {
namespace {

class PostgresSync : public SyncTest {
 protected:
  static void SetUpTestSuite() {
    if (PostgresServer::is_installed()) server_ = std::make_unique<PostgresServer>();
  }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (!server_) GTEST_SKIP() << "PostgreSQL is not installed: scripts/setup.sh --for test installs it";
    SyncTest::SetUp();
    server_->run(
        "DROP SCHEMA IF EXISTS sales CASCADE; CREATE SCHEMA sales; CREATE TABLE sales.orders(id bigint PRIMARY KEY, "
        "placed timestamptz, customer text, amount numeric, updated timestamptz, gone timestamptz, note text)");
    folder_.write("maps/orders.yaml", kOrdersMap);
    ::chmod(folder_.write("secret", "of the admin\n").c_str(), 0600);
    follow("table: sales.orders, cursor: updated, tie_break: id");
  }
  void follow(const std::string& how, const std::string& where = "") {
    const std::string place =
        where.empty() ? fmt::format("host: {}\nuser: admin\npassword: file:secret\n", server_->folder().string())
                      : where;
    folder_.write("sources/erp.yaml", "source: erp\nkind: postgres\ndatabase: erp\n" + place +
                                          "maps:\n  - {map: maps/orders.yaml, " + how + "}\n");
  }
  void order(int id, const std::string& amount, const std::string& updated, const std::string& note = "NULL") {
    server_->run(fmt::format(
        "INSERT INTO sales.orders VALUES ({0}, '2025-06-01 10:00+02', 'ann', {1}, {2}, NULL, {3}) ON CONFLICT (id) DO "
        "UPDATE SET amount = EXCLUDED.amount, updated = EXCLUDED.updated, note = EXCLUDED.note",
        id, amount, updated, note));
  }
  std::string amounts() { return rows("SELECT source_key || '=' || amount_net FROM orders ORDER BY source_key"); }

  static std::unique_ptr<PostgresServer> server_;
};
std::unique_ptr<PostgresServer> PostgresSync::server_;

TEST_F(PostgresSync, BringsWhatIsNewAndNothingTwice) {
  order(1, "10.2500", "'2025-06-01 10:00:00.123456+00'", "''");
  order(2, "123456789012.3456", "'2025-06-01 10:00:00.123456+00'", "'a \"b\",\nc'");
  EXPECT_EQ(told(), "orders brought 2+0=0-0!0 (2025-06-01 10:00:00.123456+00)");
  EXPECT_EQ(amounts(), "1=10.2500\n2=123456789012.3456") << "decimals are exact";
  EXPECT_EQ(rows("SELECT x_note FROM orders ORDER BY source_key"), "-\na \"b\",\nc");
  EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!0 (2025-06-01 10:00:00.123456+00)");
  EXPECT_EQ(batches(), "1");
  order(3, "3", "'2025-06-01 10:00:00.123456+00'");  // a tie at the cursor
  order(1, "11", "'2025-06-01 10:00:00.123457+00'");
  EXPECT_EQ(told(), "orders brought 1+1=0-0!0 (2025-06-01 10:00:00.123457+00)");
  EXPECT_EQ(amounts(), "1=11.0000\n2=123456789012.3456\n3=3.0000");
}

TEST_F(PostgresSync, TellsRowsOfOneMomentApartByAColumnOfAnyType) {
  server_->run("ALTER TABLE sales.orders ADD uid uuid");
  follow("table: sales.orders, cursor: updated, tie_break: uid");
  order(1, "1", "'2025-06-01 10:00:00+00'"), order(2, "2", "'2025-06-01 10:00:00+00'");
  server_->run("UPDATE sales.orders SET uid = ('00000000-0000-0000-0000-00000000000' || id)::uuid");
  EXPECT_EQ(told(), "orders brought 2+0=0-0!0 (2025-06-01 10:00:00+00)");
  order(3, "3", "'2025-06-01 10:00:00+00'");
  server_->run("UPDATE sales.orders SET uid = '00000000-0000-0000-0000-000000000003' WHERE id = 3");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-01 10:00:00+00)");
  EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!0 (2025-06-01 10:00:00+00)");
}

TEST_F(PostgresSync, ReachesTheGreatestValueAndNotTheLastOfTheTexts) {
  follow("table: sales.orders, cursor: id");
  order(9, "1", "NULL"), order(10, "2", "NULL");
  EXPECT_EQ(told(), "orders brought 2+0=0-0!0 (10)");
  EXPECT_EQ(told(), "orders nothing_new 0+0=1-0!0 (10)") << "the last one alone comes again";
  follow("table: sales.orders, cursor: updated, tie_break: id");
  order(9, "1", "'2025-06-01 10:00:00+00'"), order(10, "2", "'2025-06-01 10:00:00+00'");
  EXPECT_TRUE(told().ends_with("(2025-06-01 10:00:00+00)"));
  EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!0 (2025-06-01 10:00:00+00)") << "none is beyond the pair";
}

TEST_F(PostgresSync, TakesRowsThatCommitLateWithinTheOverlap) {
  follow("table: sales.orders, cursor: updated, overlap: 1 hour");
  order(0, "0", "'2025-06-01 08:00:00+00'"), order(2, "2", "'2025-06-01 10:00:00+00'");
  EXPECT_EQ(told(), "orders brought 2+0=0-0!0 (2025-06-01 10:00:00+00)");
  EXPECT_EQ(told(), "orders nothing_new 0+0=1-0!0 (2025-06-01 10:00:00+00)");
  EXPECT_EQ(batches(), "1") << "what comes again as it was is not written";
  order(1, "1", "'2025-06-01 09:30:00+00'");
  EXPECT_EQ(told(), "orders brought 1+0=1-0!0 (2025-06-01 10:00:00+00)");
}

TEST_F(PostgresSync, TellsInstantsFromReadingsOfAClock) {
  server_->run("ALTER TABLE sales.orders ADD local timestamp; ALTER TABLE sales.orders ADD day date");
  order(1, "1", "'2025-06-01 10:00:00+00'");
  server_->run(
      "UPDATE sales.orders SET placed = '2025-06-01 12:00:00+02', local = '2025-06-01 12:00:00', day = "
      "'2025-06-01'");
  // The server's own zone and way of writing days are not ours.
  server_->run("ALTER ROLE admin SET TimeZone = 'Asia/Tokyo'; ALTER ROLE admin SET DateStyle = 'German, DMY'");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-01 10:00:00+00)");
  EXPECT_EQ(rows("SELECT make_timestamp(ordered_at)::VARCHAR FROM orders"), "2025-06-01 10:00:00");
  std::string map = kOrdersMap;
  map.replace(map.find("placed"), 6, "local");                           // 12:00 on the clocks of Paris
  folder_.write("maps/orders.yaml", map + "date_format: '%d/%m/%Y'\n");  // of files: a source writes its own way
  EXPECT_EQ(told(), "orders brought 0+0=1-0!0 (2025-06-01 10:00:00+00)") << "the same instant";
  map.replace(map.find("local"), 5, "day");
  folder_.write("maps/orders.yaml", map);
  EXPECT_EQ(told(), "orders brought 0+1=0-0!0 (2025-06-01 10:00:00+00)");
  server_->run("ALTER ROLE admin RESET ALL");
}

TEST_F(PostgresSync, DeletesWhatASnapshotLacks) {
  folder_.write("maps/orders.yaml", std::string(kOrdersMap) + "mode: snapshot\n");
  follow("query: SELECT * FROM sales.orders WHERE id > 0, mode: snapshot");
  order(1, "1", "NULL"), order(2, "2", "NULL"), order(3, "3", "'infinity'");
  EXPECT_EQ(told().substr(0, 25), "orders brought 2+0=0-0!1") << "infinity is no moment of an order";
  order(3, "3", "NULL");
  EXPECT_EQ(told(), "orders brought 1+0=2-0!0");
  EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!0");
  server_->run("DELETE FROM sales.orders WHERE id = 2");
  EXPECT_EQ(told(), "orders brought 0+0=2-1!0");
  EXPECT_EQ(rows("SELECT source_key FROM orders WHERE deleted_at IS NULL ORDER BY 1"), "1\n3");
}

TEST_F(PostgresSync, KeepsItsPlaceWhereAColumnGoes) {
  order(1, "1", "'2025-06-01 10:00:00+00'");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-01 10:00:00+00)");
  order(2, "2", "'2025-06-02 10:00:00+00'");
  server_->run("ALTER TABLE sales.orders RENAME updated TO changed");
  EXPECT_EQ(told(), "orders failed 0+0=0-0!0 source.rows: sales.orders has no column \"updated\"");
  server_->run("ALTER TABLE sales.orders RENAME changed TO updated");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-02 10:00:00+00)");
  server_->run("DROP TABLE sales.orders");
  EXPECT_EQ(
      told(),
      "orders failed 0+0=0-0!0 source.rows: the source erp cannot give these rows: relation \"sales.orders\" does "
      "not exist");
}

TEST_F(PostgresSync, NeverWritesInTheSource) {
  order(1, "1", "NULL");
  follow("query: \"SELECT 1) AS q; DROP TABLE sales.orders; --\"");
  EXPECT_TRUE(told().starts_with("orders failed 0+0=0-0!0 source.rows: the source erp cannot give these rows"))
      << told();
  server_->run(
      "CREATE OR REPLACE FUNCTION sales.wipe() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN DELETE FROM "
      "sales.orders; RETURN 1; END $$");
  follow("query: SELECT sales.wipe() AS id");
  EXPECT_EQ(told(),
            "orders failed 0+0=0-0!0 source.rows: the source erp cannot give these rows: cannot execute DELETE in a "
            "read-only transaction");
  follow("table: sales.orders");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0") << "it is all there";
}

TEST_F(PostgresSync, ReadsAllItsMapsFromOneState) {
  order(1, "1", "NULL");
  // The second reading begins two seconds after the first, and an order comes between them.
  folder_.write("maps/later.yaml", "map: later\nsource: later\n" + std::string(kOrdersMap).substr(25));
  folder_.write("sources/erp.yaml",
                fmt::format("source: erp\nkind: postgres\ndatabase: erp\nhost: {}\nuser: admin\npassword: file:secret\n"
                            "maps:\n  - {{map: maps/orders.yaml, query: 'SELECT o.* FROM sales.orders o, (SELECT "
                            "pg_sleep(2)) s'}}\n  - {{map: maps/later.yaml, table: sales.orders}}\n",
                            server_->folder().string()));
  std::jthread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1000));
    order(2, "2", "NULL");
  });
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0\nlater brought 1+0=0-0!0");
}

TEST_F(PostgresSync, SaysWhyItIsNotLetIn) {
  const std::string host = server_->folder().string();
  const auto refused = [&](const std::string& where) {
    follow("table: sales.orders", where);
    return told();
  };
  ::setenv("VIGIE_TEST_PASSWORD", "hunter2", 1);
  const std::string wrong = refused("host: " + host + "\nuser: admin\npassword: env:VIGIE_TEST_PASSWORD\n");
  EXPECT_EQ(
      wrong,
      "orders failed 0+0=0-0!0 source.refused: the source erp does not let the user \"admin\" in: the password is "
      "missing or wrong");
  EXPECT_EQ(bytes_of(folder_ / "data/syncs/erp.json")->find("hunter2"), std::string::npos);
  ::unsetenv("VIGIE_TEST_PASSWORD");
  EXPECT_TRUE(refused("host: " + host + "\nuser: admin\npassword: env:VIGIE_TEST_PASSWORD\n")
                  .ends_with("secret.missing: the environment has no variable VIGIE_TEST_PASSWORD, which holds the "
                             "secret"));
  EXPECT_TRUE(refused("host: no-such-host.invalid\nuser: admin\n")
                  .starts_with("orders failed 0+0=0-0!0 source.unreachable: the source erp is not there at "
                               "no-such-host.invalid:5432: "));
  EXPECT_TRUE(refused("host: 127.0.0.1\nport: 1\nuser: admin\n").find("source.unreachable: ") != std::string::npos);
  server_->run("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'of the admin'");
  EXPECT_EQ(refused("host: " + host + "\nuser: reader\npassword: file:secret\n"),
            "orders failed 0+0=0-0!0 source.refused: the source erp refuses: permission denied for schema sales");
}

TEST_F(PostgresSync, OneOddValueOfTheCursorHidesNothing) {
  server_->run("ALTER TABLE sales.orders ADD version numeric; ALTER TABLE sales.orders ADD tie int");
  follow("table: sales.orders, cursor: version, tie_break: tie");
  order(1, "1", "NULL"), order(2, "2", "NULL"), order(3, "3", "NULL");
  server_->run("UPDATE sales.orders SET version = CASE id WHEN 3 THEN 'NaN' ELSE id::numeric END, tie = id");
  EXPECT_EQ(told(), "orders brought 3+0=0-0!0 (2)");
  order(4, "4", "NULL"), order(5, "5", "NULL");
  server_->run("UPDATE sales.orders SET version = 2 WHERE id = 4; UPDATE sales.orders SET version = 3 WHERE id = 5");
  EXPECT_EQ(told(), "orders brought 2+0=1-0!0 (3)") << "4 has no tie, and the NaN comes each time";
  // 5 is the last, and nothing tells it from others of its version.
  order(6, "6", "NULL");
  server_->run("UPDATE sales.orders SET version = 3 WHERE id = 6");
  EXPECT_EQ(told(), "orders brought 1+0=2-0!0 (3)");
  follow("table: sales.orders, cursor: version, tie_break: id");
  EXPECT_EQ(told(), "orders brought 0+0=6-0!0 (3)") << "another tie break: all is read once more";
}

TEST_F(PostgresSync, StopsWhenItIsToldTo) {
  follow("query: SELECT pg_sleep(60)::text AS id");
  std::atomic<bool> cancelled = false;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    cancelled = true;
  });
  cancelled_ = &cancelled;
  const auto begun = std::chrono::steady_clock::now();
  const auto report = sync();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->feeds[0].error->code, "engine.cancelled");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

/// A reading that has until its deadline, of a server that falls silent before it.
TEST_F(PostgresSync, IsLeftAtItsDeadlineWhereItGoesSilent) {
  follow("query: SELECT pg_sleep(60)::text AS id");
  const auto source = Source::load(folder_ / "sources/erp.yaml", folder_.path(), "/none");
  ASSERT_TRUE(source) << source.error().text();
  const auto begun = std::chrono::steady_clock::now();
  auto reader = open_postgres(*source, {nullptr, begun + std::chrono::seconds(2)});
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

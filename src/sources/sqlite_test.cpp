// A shop's SQLite file, followed from sync to sync.
#include <sqlite3.h>

#include "sources/sync_fixture.h"

namespace vigie::sources {
namespace {

class SqliteSync : public SyncTest {
 protected:
  void SetUp() override {
    SyncTest::SetUp();
    ASSERT_EQ(sqlite3_open((folder_ / "shop.db").c_str(), &shop_), SQLITE_OK);
    run("CREATE TABLE orders(id INTEGER PRIMARY KEY, placed TEXT, customer TEXT, amount NUMERIC, updated TEXT, gone "
        "TEXT, note TEXT)");
    folder_.write("maps/orders.yaml", kOrdersMap);
  }
  void TearDown() override {
    sqlite3_close(shop_);
    SyncTest::TearDown();
  }
  void run(const std::string& sql) {
    char* why = nullptr;
    ASSERT_EQ(sqlite3_exec(shop_, sql.c_str(), nullptr, nullptr, &why), SQLITE_OK) << why << ": " << sql;
  }
  void order(int id, const std::string& amount, const std::string& updated, const std::string& note = "NULL") {
    run(fmt::format("INSERT OR REPLACE INTO orders VALUES ({}, '2025-06-01 10:00:00', 'ann', {}, {}, NULL, {})", id,
                    amount, updated, note));
  }
  void follow(const std::string& how) {
    folder_.write("sources/shop.yaml",
                  "source: shop\nkind: sqlite\nfile: shop.db\nmaps:\n  - {map: maps/orders.yaml, " + how + "}\n");
  }
  std::string amounts() { return rows("SELECT source_key || '=' || amount_net FROM orders ORDER BY source_key"); }

  sqlite3* shop_ = nullptr;
};

TEST_F(SqliteSync, BringsWhatIsNewByACursor) {
  follow("table: orders, cursor: updated, tie_break: id");
  order(1, "10.25", "'2025-06-01 10:00:00'", "''");
  order(2, "20", "'2025-06-01 10:00:00'", "'a \"b\", c'");
  EXPECT_EQ(told(), "orders brought 2+0=0-0!0 (2025-06-01 10:00:00)");
  EXPECT_EQ(rows("SELECT source_key, amount_net::VARCHAR, x_note FROM orders ORDER BY source_key"),
            "1|10.2500|-\n2|20.0000|a \"b\", c");
  EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!0 (2025-06-01 10:00:00)");
  EXPECT_EQ(batches(), "1") << "where nothing is new nothing is written";
  // A tie at the cursor, and a change.
  order(3, "30", "'2025-06-01 10:00:00'");
  order(1, "11", "'2025-06-02 08:00:00'", "''");
  EXPECT_EQ(told(), "orders brought 1+1=0-0!0 (2025-06-02 08:00:00)");
  EXPECT_EQ(amounts(), "1=11.0000\n2=20.0000\n3=30.0000");
}

TEST_F(SqliteSync, ReadsTheOverlapAgainForRowsThatComeLate) {
  follow("table: orders, cursor: updated, overlap: 10 minutes");
  order(0, "0", "'2025-06-01 08:00:00'");
  order(1, "1", "'2025-06-01 10:00:00'");
  order(2, "2", "'2025-06-01 10:09:00'");
  EXPECT_EQ(told(), "orders brought 3+0=0-0!0 (2025-06-01 10:09:00)");
  EXPECT_EQ(told(), "orders nothing_new 0+0=2-0!0 (2025-06-01 10:09:00)");
  EXPECT_EQ(batches(), "1");
  order(3, "3", "'2025-06-01 09:59:30'");  // ended after those, within the overlap
  order(4, "4", "'2025-06-01 09:58:59'");  // and before it: that one is lost
  EXPECT_EQ(told(), "orders brought 1+0=2-0!0 (2025-06-01 10:09:00)");
  EXPECT_EQ(amounts(), "0=0.0000\n1=1.0000\n2=2.0000\n3=3.0000");
}

TEST_F(SqliteSync, FollowsRowsThatHaveNoCursorAndKeepsBeforeThoseYetToCome) {
  follow("table: orders, cursor: updated");
  order(1, "1", "'2025-06-01 10:00:00'");
  order(2, "2", "NULL");
  order(3, "3", "'2125-06-01 10:00:00'");  // a slip of the year would hide all that follows
  EXPECT_EQ(told(), "orders brought 3+0=0-0!0 (2025-06-01 10:00:00)");
  run("UPDATE orders SET amount = 22 WHERE id = 2");
  order(4, "4", "'2025-06-01 11:00:00'");
  EXPECT_EQ(told(), "orders brought 1+1=2-0!0 (2025-06-01 11:00:00)");
}

TEST_F(SqliteSync, NumbersAreCursorsToo) {
  follow("table: orders, cursor: id, overlap: 1");
  order(9, "9", "NULL");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (9)");
  order(10, "10", "NULL");
  EXPECT_EQ(told(), "orders brought 1+0=1-0!0 (10)") << "10 comes after 9, as numbers do";
}

TEST_F(SqliteSync, DeletesWhatASnapshotLacksAndWhatTheSourceCallsDeleted) {
  folder_.write("maps/orders.yaml", std::string(kOrdersMap) + "mode: snapshot\n");
  follow("table: orders, mode: snapshot");
  order(1, "1", "NULL"), order(2, "2", "NULL"), order(3, "3", "NULL");
  EXPECT_EQ(told(), "orders brought 3+0=0-0!0");
  EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!0");
  run("DELETE FROM orders WHERE id = 2");
  run("UPDATE orders SET gone = '2025-06-20T00:00:00Z' WHERE id = 3");
  EXPECT_EQ(told(), "orders brought 0+1=1-1!0");
  EXPECT_EQ(rows("SELECT source_key FROM orders WHERE deleted_at IS NULL"), "1");
}

TEST_F(SqliteSync, KeepsThePlaceOfASyncThatFails) {
  follow("table: orders, cursor: updated, tie_break: id");
  order(1, "1", "'2025-06-01 10:00:00'");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-01 10:00:00)");
  order(2, "2", "'2025-06-02 10:00:00'");
  run("ALTER TABLE orders RENAME COLUMN updated TO changed");
  EXPECT_EQ(told(), "orders failed 0+0=0-0!0 source.rows: orders has no column \"updated\"");
  run("ALTER TABLE orders RENAME COLUMN changed TO updated");
  run("ALTER TABLE orders RENAME COLUMN amount TO total");
  EXPECT_EQ(told().substr(0, 53), "orders failed 0+0=0-0!0 (2025-06-02 10:00:00) map.inp");
  run("ALTER TABLE orders RENAME COLUMN total TO amount");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-02 10:00:00)");
}

TEST_F(SqliteSync, ReadsAllAgainWhenTheMapSaysSomethingElse) {
  follow("table: orders, cursor: updated");
  order(1, "1", "'2025-06-01 10:00:00'", "'red'"), order(2, "2", "'2025-06-02 10:00:00'", "'blue'");
  EXPECT_EQ(told(), "orders brought 2+0=0-0!0 (2025-06-02 10:00:00)");
  folder_.write("maps/orders.yaml", std::string(kOrdersMap) + "  x_colour: note\n");
  EXPECT_EQ(told(), "orders brought 0+2=0-0!0 (2025-06-02 10:00:00)");
}

TEST_F(SqliteSync, TakesOnlyASelect) {
  follow("query: \"DELETE FROM orders\"");
  EXPECT_TRUE(told().starts_with("orders failed 0+0=0-0!0 source.rows: the source shop cannot give these rows"));
  follow("query: \"SELECT 1) AS q; DROP TABLE orders; --\"");
  EXPECT_EQ(told(), "orders failed 0+0=0-0!0 source.rows: the query of a source is one SELECT, and nothing else");
  order(1, "1", "NULL");
  follow("query: \"SELECT id, placed, customer, amount * 2 AS amount, updated, gone, note FROM orders -- doubled\"");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0");
  EXPECT_EQ(amounts(), "1=2.0000");
}

TEST_F(SqliteSync, SaysWhatIsNotThere) {
  follow("table: ordres");
  EXPECT_EQ(told(),
            "orders failed 0+0=0-0!0 source.rows: the source shop cannot give these rows: no such table: ordres");
  folder_.write("sources/shop.yaml",
                "source: shop\nkind: sqlite\nfile: none.db\nmaps:\n  - {map: maps/orders.yaml, table: orders}\n");
  EXPECT_EQ(told(), fmt::format("orders failed 0+0=0-0!0 source.unreachable: there is no file {}",
                                (folder_ / "none.db").string()));
  folder_.write("none.db", std::string(5000, 'x'));
  EXPECT_TRUE(told().find("source.unreachable") != std::string::npos) << told();
  EXPECT_EQ(told("shoop"), "no source \"shoop\"; did you mean \"shop\"?");
}

TEST_F(SqliteSync, LosesNoRowOfAMomentWhereTheTieBreakIsSaidLater) {
  follow("table: orders, cursor: updated");
  order(1, "1", "'2025-06-01 10:00:00'");
  EXPECT_TRUE(told().starts_with("orders brought 1+0"));
  order(2, "2", "'2025-06-01 10:00:00'");
  follow("table: orders, cursor: updated, tie_break: id");
  EXPECT_TRUE(told().starts_with("orders brought 1+0=1")) << "all are read once more";
  // The last row has none: those of its moment come again.
  run("UPDATE orders SET note = NULL");
  follow("table: orders, cursor: updated, tie_break: note");
  EXPECT_TRUE(told().starts_with("orders nothing_new")) << told();
  order(3, "3", "'2025-06-01 10:00:00'");
  EXPECT_TRUE(told().starts_with("orders brought 1+0"));
}

TEST_F(SqliteSync, TellsHowEachSourceStands) {
  follow("table: orders, cursor: updated");
  order(1, "1", "'2025-06-01 10:00:00'");
  EXPECT_FALSE(status().feeds[0].last_run) << "it never ran";
  EXPECT_EQ(status().state, State::never_run);
  told();
  const FeedStatus fine = status().feeds[0];
  EXPECT_EQ(fine.outcome, Outcome::brought);
  EXPECT_EQ(fine.loaded, 1);
  EXPECT_EQ(fine.reached, "2025-06-01 10:00:00");
  now_.micros += 60 * kMicrosPerSecond;
  run("DROP TABLE orders");
  told();
  const FeedStatus failed = status().feeds[0];
  EXPECT_EQ(failed.outcome, Outcome::failed);
  EXPECT_EQ(failed.error->code, "source.rows");
  EXPECT_EQ(failed.last_run->micros - failed.last_good->micros, 60 * kMicrosPerSecond);
}

}  // namespace
}  // namespace vigie::sources

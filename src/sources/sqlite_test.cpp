// A shop's SQLite file, followed from sync to sync.
#include <sqlite3.h>
#include <unistd.h>

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
    run(
        fmt::format("INSERT OR REPLACE INTO orders(id, placed, customer, amount, updated, gone, note) VALUES ({}, "
                    "'2025-06-01 10:00:00', 'ann', {}, {}, NULL, {})",
                    id, amount, updated, note));
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

// CURRENT_TIMESTAMP writes a blank behind the day, and what a program writes has a T there: as texts, 08:00 of the one
// would stand behind 12:00 of the other, and a row of that day would never come.
TEST_F(SqliteSync, ADayIsWrittenInTwoWays) {
  for (const int from : {0, 10}) {
    const std::string overlap = from == 0 ? "" : ", overlap: 10 minutes";
    run("DELETE FROM orders");
    folder_.write("maps/orders.yaml", std::string(kOrdersMap) + fmt::format("# {}: all is read anew\n", from));
    follow("table: orders, cursor: updated" + overlap);
    order(from + 1, "1", "'2025-06-01T08:00:00'"), order(from + 2, "2", "'2025-06-01T08:00:00'");
    told();
    order(from + 3, "3", "'2025-06-01 12:00:00'");
    EXPECT_TRUE(told().starts_with("orders brought 1+0=")) << "written otherwise" << overlap;
    order(from + 4, "4", "'2025-06-01T09:00:00'");
    EXPECT_TRUE(told().starts_with("orders brought 1+0=")) << overlap;
    run(fmt::format("UPDATE orders SET amount = 33 WHERE id = {}", from + 3));
    EXPECT_TRUE(told().starts_with("orders brought 0+1=")) << "it is read each time, for it has no place" << overlap;
  }
  EXPECT_EQ(amounts(), "1=1.0000\n11=1.0000\n12=2.0000\n13=33.0000\n14=4.0000\n2=2.0000\n3=33.0000\n4=4.0000");
}

// With an index and without: what stands at no place among dates comes each time, once, and nothing else does.
TEST_F(SqliteSync, WhatIsOddAmongDatesIsFoundByAnIndexToo) {
  std::string map = kOrdersMap;  // which does not read the cursor: any value of it will do
  map.erase(map.find("  updated_at: updated\n"), std::string_view("  updated_at: updated\n").size());
  folder_.write("maps/orders.yaml", map);
  follow("table: orders, cursor: updated, tie_break: id");
  for (int id = 1; id <= 60; ++id) order(id, "1", fmt::format("'2025-05-{:02} 10:00:00'", 1 + id / 2));
  order(61, "1", "'2025-05-05'"), order(62, "1", "'2025-06-20 10:00:00'");
  EXPECT_EQ(told(), "orders brought 62+0=0-0!0 (2025-06-20 10:00:00)");
  const std::vector<std::string> odd{"'2025-05-05T10:00:00'",
                                     "'2025/05/05 10:00'",
                                     "'2025-05-05' || char(9)",
                                     "'2025-05-05' || char(9) || 'x'",
                                     "'abc'",
                                     "''",
                                     "20250505",
                                     "NULL",
                                     "x'00'",
                                     "'2025-05-31 99'"};
  const std::string again = "orders nothing_new 0+0=9-0!0 (2025-06-20 10:00:00)";
  for (std::size_t i = 0; i < odd.size(); ++i) order(100 + static_cast<int>(i), "1", odd[i]);
  EXPECT_EQ(told(), "orders brought 9+0=0-0!0 (2025-06-20 10:00:00)") << "the last of them is a time of a day";
  run("UPDATE orders SET note = '' WHERE id >= 100");
  EXPECT_EQ(told(), again);
  run("CREATE INDEX of_updated ON orders(updated); UPDATE orders SET note = NULL WHERE id >= 100");
  EXPECT_EQ(told(), again);
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

TEST_F(SqliteSync, OneOddValueOfTheCursorHidesNothing) {
  run("ALTER TABLE orders ADD COLUMN version INTEGER");
  const auto version = [&](int id, const char* is) {
    order(id, std::to_string(id), "NULL");
    run(fmt::format("UPDATE orders SET version = {} WHERE id = {}", is, id));
  };
  follow("table: orders, cursor: version, tie_break: id");
  version(1, "10"), version(2, "11"), version(3, "''");
  EXPECT_EQ(told(), "orders brought 3+0=0-0!0 (11)") << "a text stands behind all numbers, and is none";
  version(4, "12");
  run("UPDATE orders SET amount = 33 WHERE id = 3");
  EXPECT_EQ(told(), "orders brought 1+1=0-0!0 (12)") << "what has no place is read each time";
  EXPECT_EQ(told(), "orders nothing_new 0+0=1-0!0 (12)");
}

TEST_F(SqliteSync, AmongDatesOnlyDatesMoveThePlace) {
  run("ALTER TABLE orders ADD COLUMN changed TEXT");
  const auto changed = [&](int id, const char* at) {
    order(id, std::to_string(id), "NULL");
    run(fmt::format("UPDATE orders SET changed = '{}' WHERE id = {}", at, id));
  };
  follow("table: orders, cursor: changed");
  changed(1, "2025-06-01 10:00:00"), changed(2, "2025-06-02 10:00:00");
  changed(3, "n/a"), changed(4, "2025-99-99 10:00:00"), changed(5, ""), changed(6, "2025-02-28"),
      changed(7, "2025-06-03");
  EXPECT_EQ(told(), "orders brought 7+0=0-0!0 (2025-06-03)");
  changed(8, "2025-06-03 10:00:00");
  run("UPDATE orders SET amount = 55 WHERE id = 5");
  EXPECT_EQ(told(), "orders brought 1+1=3-0!0 (2025-06-03 10:00:00)") << "3, 4, and 7 of the moment reached";
}

TEST_F(SqliteSync, ARowOfTheMomentReachedThatNothingTellsApartComesToo) {
  run("CREATE TABLE tied(id INTEGER PRIMARY KEY, placed TEXT, customer TEXT, amount NUMERIC, updated TEXT, gone TEXT, "
      "note TEXT, tie TEXT)");
  const auto tied = [&](int id, const char* tie) {
    run(fmt::format("INSERT INTO tied VALUES ({}, '2025-06-01', 'ann', {}, '2025-06-01 10:00:00', NULL, NULL, {})", id,
                    id, tie));
  };
  follow("table: tied, cursor: updated, tie_break: tie");
  tied(1, "NULL");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-01 10:00:00)");
  tied(2, "'a'");
  EXPECT_EQ(told(), "orders brought 1+0=1-0!0 (2025-06-01 10:00:00)");
  tied(3, "NULL");
  EXPECT_EQ(told(), "orders brought 1+0=1-0!0 (2025-06-01 10:00:00)");
  tied(4, "CAST(x'ff00' AS TEXT)");  // no text that a warehouse could keep as it is
  EXPECT_EQ(told(), "orders brought 1+0=2-0!0 (2025-06-01 10:00:00)");
  EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!0 (2025-06-01 10:00:00)") << "the very rows of the sync before that";
}

TEST_F(SqliteSync, ATieBreakOrAnotherDatabaseBeginsAnew) {
  follow("table: orders, cursor: updated");
  order(1, "1", "'2025-06-01 10:00:00'");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-01 10:00:00)");
  follow("table: orders, cursor: updated, tie_break: id");
  order(2, "2", "'2025-06-01 10:00:00'");
  EXPECT_EQ(told(), "orders brought 1+0=1-0!0 (2025-06-01 10:00:00)");
  std::filesystem::copy_file(folder_ / "shop.db", folder_ / "real.db");
  sqlite3* real = nullptr;
  ASSERT_EQ(sqlite3_open((folder_ / "real.db").c_str(), &real), SQLITE_OK);
  ASSERT_EQ(
      sqlite3_exec(real, "INSERT INTO orders VALUES (3, '2025-05-01', 'bob', 3, '2025-05-01 10:00:00', NULL, NULL)",
                   nullptr, nullptr, nullptr),
      SQLITE_OK);
  sqlite3_close(real);
  folder_.write("sources/shop.yaml",
                "source: shop\nkind: sqlite\nfile: real.db\nmaps:\n  - {map: maps/orders.yaml, table: orders, cursor: "
                "updated, tie_break: id}\n");
  EXPECT_EQ(told(), "orders brought 1+0=2-0!0 (2025-06-01 10:00:00)")
      << "its rows are older than the place of the other";
}

TEST_F(SqliteSync, AMapThatIsTakenBackBringsBackItsFigures) {
  follow("table: orders, cursor: updated");
  order(1, "100", "'2025-06-01 10:00:00'");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-01 10:00:00)");
  std::string hundredths = kOrdersMap;
  hundredths.replace(hundredths.find("amount_net: amount"), 18, "amount_net: {from: amount, factor: 0.01}");
  folder_.write("maps/orders.yaml", hundredths);
  EXPECT_EQ(told(), "orders brought 0+1=0-0!0 (2025-06-01 10:00:00)");
  folder_.write("maps/orders.yaml", kOrdersMap);
  EXPECT_EQ(told(), "orders brought 0+1=0-0!0 (2025-06-01 10:00:00)");
  EXPECT_EQ(amounts(), "1=100.0000");
  EXPECT_EQ(rows("SELECT count(*)::VARCHAR FROM _syncs"), "1") << "a map has one place in its source";
}

TEST_F(SqliteSync, NobodyWaitsToWriteWhileTheSourceIsRead) {
  follow("table: orders, cursor: updated");
  order(1, "1", "'2025-06-01 10:00:00'");
  const FixedClock clock(now_);
  const ingest::Context ingesting{*database_, *model_, *calendar_, "EUR", clock};
  std::string asked;
  Context context = context_of(ingesting);
  context.turn = [&](const std::string& source, const std::atomic<bool>*) -> Result<Turn> {
    // Who reads a database keeps everybody from having it alone.
    const int code = sqlite3_exec(shop_, "BEGIN EXCLUSIVE; COMMIT", nullptr, nullptr, nullptr);
    asked += fmt::format("{}: {} ", source, code == SQLITE_OK ? "read" : "reading");
    return std::make_shared<int>(1);
  };
  const auto report = sources::sync(context, {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->feeds[0].outcome, Outcome::brought);
  EXPECT_EQ(asked, "shop: read ");
}

TEST_F(SqliteSync, LeavesNoFilesBesideADatabaseOfSomebodyElse) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
  follow("table: orders");
  order(1, "1", "NULL");
  run("PRAGMA journal_mode = WAL");
  sqlite3_close(shop_);
  shop_ = nullptr;
  for (const char* one : {"", "data", "sources", "maps"})
    std::filesystem::permissions(folder_ / one, std::filesystem::perms::all);
  constexpr uid_t kNobody = 65'534;
  ASSERT_EQ(::seteuid(kNobody), 0);
  const std::string refused = told();
  ASSERT_EQ(::seteuid(0), 0);
  EXPECT_TRUE(refused.find("source.refused: ") != std::string::npos) << refused;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "shop.db-shm"));
  std::filesystem::remove_all(folder_ / "data/syncs");  // nobody's
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0");
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
  EXPECT_FALSE(status().feeds[0].run) << "it never ran";
  EXPECT_EQ(status().state, State::never_run);
  told();
  const FeedStatus fine = status().feeds[0];
  EXPECT_EQ(fine.run->outcome, Outcome::brought);
  EXPECT_EQ(fine.run->loaded, 1);
  EXPECT_EQ(fine.run->reached, "2025-06-01 10:00:00");
  now_.micros += 60 * kMicrosPerSecond;
  run("DROP TABLE orders");
  told();
  const FeedStatus failed = status().feeds[0];
  EXPECT_EQ(failed.run->outcome, Outcome::failed);
  EXPECT_EQ(failed.error->code, "source.rows");
  EXPECT_EQ(failed.run->began.micros - failed.run->last_good->micros, 60 * kMicrosPerSecond);
}

}  // namespace
}  // namespace vigie::sources

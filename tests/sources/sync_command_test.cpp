// vigie sync and vigie sources, of a folder and through the server that has it open.
#include <sqlite3.h>

#include <thread>

#include "doors/program.h"
#include "workspace/workspace.h"

namespace vigie::doors {
namespace {

class SyncCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(vigie({"init", "co"}, folder_.path()).code, 0);
    folder_.write(
        "co/maps/orders.yaml",
        "map: orders\nsource: shop\ntable: orders\ninput: {from_source: true}\ncolumns: {key: id, ordered_at: "
        "placed, amount_net: amount}\n");
    folder_.write("co/sources/shop.yaml",
                  "source: shop\nkind: sqlite\nfile: shop.db\nschedule: every hour\nmaps:\n  - {map: maps/orders.yaml, "
                  "table: orders, cursor: id}\n");
    run("CREATE TABLE orders(id INTEGER PRIMARY KEY, placed TEXT, amount NUMERIC)");
    run("INSERT INTO orders VALUES (1, '2025-06-01', 10)");
  }
  void run(const char* sql) {
    sqlite3* shop = nullptr;
    ASSERT_EQ(sqlite3_open((folder_ / "co/shop.db").c_str(), &shop), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(shop, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(shop);
  }
  Folder folder_;
};

TEST_F(SyncCommand, SaysTheSameThroughAServer) {
  // Without a schedule: the server would be first.
  folder_.write("co/sources/shop.yaml",
                "source: shop\nkind: sqlite\nfile: shop.db\nmaps:\n  - {map: maps/orders.yaml, table: orders, cursor: "
                "id}\n");
  const Serving server(folder_ / "co");
  ASSERT_TRUE(server.answers());
  const Ran first = vigie({"sync", "-w", "co"}, folder_.path());
  EXPECT_EQ(first.out, "orders → orders: read 1 = loaded 1 + updated 0 + unchanged 0 + quarantined 0\n") << first.err;
  EXPECT_EQ(vigie({"sync", "shop", "-w", "co"}, folder_.path(), Language::fr).out, "shop, orders: rien de nouveau\n");
  const Ran stands = vigie({"sources", "-w", "co"}, folder_.path());
  EXPECT_NE(stands.out.find("nothing new"), std::string::npos) << stands.out << stands.err;
  // With receipts it is the command's; others ask for a source by its name.
  EXPECT_EQ(server.post("/api/v1/sync", "{}").status, 404);
  EXPECT_EQ(server.get("/api/v1/sources").status, 200);
}

TEST_F(SyncCommand, EndsWithTheErrorOfTheSourceInTheReadersLanguage) {
  run("ALTER TABLE orders RENAME COLUMN id TO number");
  const Ran failed = vigie({"sync", "-w", "co"}, folder_.path());
  EXPECT_EQ(failed.code, 2);
  EXPECT_EQ(failed.out, "shop, orders: failed\n");
  EXPECT_EQ(failed.err, "vigie: sources/shop.yaml:6:52: orders has no column \"id\"; known: number, placed, amount\n");
  const Ran french = vigie({"sync", "-w", "co"}, folder_.path(), Language::fr);
  EXPECT_EQ(french.err,
            "vigie: sources/shop.yaml:6:52: orders n'a pas de colonne «\u00a0id\u00a0»\u00a0; connus\u00a0: number, "
            "placed, amount\n");
  EXPECT_NE(vigie({"sources", "-w", "co", "--format", "json"}, folder_.path()).out.find("\"outcome\":\"failed\""),
            std::string::npos);
  EXPECT_EQ(vigie({"sync", "shp", "-w", "co"}, folder_.path()).err,
            "vigie: no source \"shp\"; did you mean \"shop\"?\n");
}

TEST_F(SyncCommand, KeepsNobodyFromWritingWhileTheSourceIsRead) {
  folder_.write("co/maps/hand.yaml",
                "map: hand\nsource: hand\ntable: orders\ninput: hand.csv\ncolumns: {key: id, ordered_at: at, "
                "customer_key: client}\n");
  folder_.write("co/maps/hand.csv", "id,at,client\n1,2025-06-01,K7\n");
  const SystemClock clock;
  auto workspace = workspace::Workspace::open(folder_ / "co", clock);
  ASSERT_TRUE(workspace) << workspace.error().text();
  // Who has the database alone makes the sync wait for it.
  sqlite3* shop = nullptr;
  ASSERT_EQ(sqlite3_open((folder_ / "co/shop.db").c_str(), &shop), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(shop, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr), SQLITE_OK);
  Result<sources::Report> report;
  std::atomic<bool> reads = false;
  {
    const std::jthread syncs([&] {
      report =
          (*workspace)->sync({"", [&](std::string_view stage, double) { reads = reads || stage == "connect"; }, {}});
    });
    for (int i = 0; i < 400 && !reads; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(25));
    const auto imported = (*workspace)
                              ->import({.map_file = folder_ / "co/maps/hand.yaml",
                                        .folder = {},
                                        .files = {},
                                        .named_files = {},
                                        .progress = {}});
    EXPECT_TRUE(imported) << imported.error().text();
    const auto another = (*workspace)->sync({"shop", {}, nullptr});
    EXPECT_EQ(another ? "synced" : another.error().text(),
              "the source shop is being read already; ask again when that has ended");
    // It would keep all who ask waiting for the source.
    const auto erased = (*workspace)->erase({"K7", "", false, "dpo", 0});
    EXPECT_EQ(erased ? "erased" : erased.error().text(),
              "the source shop is being read: nothing was erased; ask again when that has ended");
    EXPECT_EQ(sqlite3_exec(shop, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
  }
  sqlite3_close(shop);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->feeds.at(0).outcome, sources::Outcome::brought);
}

TEST_F(SyncCommand, IsCheckedWithTheWorkspace) {
  EXPECT_EQ(vigie({"check", "-w", "co"}, folder_.path()).code, 0);
  folder_.write("co/sources/other.yml", "source: other\n");
  folder_.write("co/sources/third.yaml",
                "source: shop\nkind: sqlite\nfile: x.db\nmaps:\n  - {map: m.yaml, table: t}\n");
  const Ran found = vigie({"check", "-w", "co"}, folder_.path());
  EXPECT_EQ(found.code, 2);
  EXPECT_NE(found.err.find("sources/other.yml is not read"), std::string::npos) << found.out << found.err;
  EXPECT_NE(found.err.find("the source \"shop\" is in sources/shop.yaml already"), std::string::npos);
}

}  // namespace
}  // namespace vigie::doors

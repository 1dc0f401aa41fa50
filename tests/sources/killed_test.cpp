// vigie sync, killed on its way: rows and place are both there, or neither.
#include <sqlite3.h>

#include "doors/program.h"
#include "store/database.h"

namespace vigie::doors {
namespace {

constexpr int kOrders = 150'000;

void make_company(const Folder& folder) {
  ASSERT_EQ(vigie({"init", "co"}, folder.path()).code, 0);
  folder.write("co/maps/orders.yaml",
               "map: orders\nsource: shop\ntable: orders\ninput: {from_source: true}\ncolumns: {key: id, ordered_at: "
               "placed, amount_net: amount, updated_at: updated}\n");
  folder.write("co/sources/shop.yaml",
               "source: shop\nkind: sqlite\nfile: shop.db\nmaps:\n  - {map: maps/orders.yaml, table: orders, cursor: "
               "updated, tie_break: id}\n");
  sqlite3* shop = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "co/shop.db").c_str(), &shop), SQLITE_OK);
  const std::string fill = fmt::format(
      "CREATE TABLE orders(id INTEGER PRIMARY KEY, placed TEXT, amount NUMERIC, updated TEXT); WITH RECURSIVE n(i) AS "
      "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) INSERT INTO orders SELECT i, '2025-06-01 10:00:00', i % "
      "100, strftime('%Y-%m-%d %H:%M:%S', 1748770000 + i, 'unixepoch') FROM n",
      kOrders);
  ASSERT_EQ(sqlite3_exec(shop, fill.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(shop);
}

/// "rows/places" of the warehouse as the last process left it.
std::string left_in(const Folder& folder) {
  const auto database = store::Database::open({.file = folder / "co/data/warehouse.duckdb"});
  if (!database) return database.error().text();
  auto connection = (*database)->connect();
  const auto counts =
      connection->query("SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM _syncs WHERE kind = 'cursor')");
  return counts ? fmt::format("{}/{}", counts->int64(0, 0), counts->int64(0, 1)) : counts.error().text();
}

TEST(KilledSync, LeavesRowsAndPlaceBothOrNeither) {
  const Folder folder;
  make_company(folder);
  ASSERT_EQ(vigie({"sources", "-w", "co"}, folder.path()).code, 0);  // makes the warehouse
  int killed = 0;
  bool is_in = false, was_told = false;
  for (int ms = 60; ms <= 20'000 && !is_in; ms += ms / 2) {
    const Ran ran = vigie({"sync", "-w", "co"}, folder.path(), Limits{.killed_after = std::chrono::milliseconds(ms)});
    killed += ran.code == 137 ? 1 : 0;
    const std::string left = left_in(folder);
    is_in = left == fmt::format("{}/1", kOrders);
    EXPECT_TRUE(is_in || left == "0/0") << left << " after " << ms << " ms";
    const std::string stands = vigie({"sources", "-w", "co"}, folder.path()).out;
    was_told = was_told || stands.find("the last sync did not come to its end") != std::string::npos;
  }
  EXPECT_GE(killed, 2);
  EXPECT_TRUE(was_told) << "how it ended is told by the next who asks";
  EXPECT_TRUE(is_in);
  const Ran again = vigie({"sync", "-w", "co"}, folder.path());
  EXPECT_EQ(again.out, "shop, orders: nothing new\n") << again.err;
  for (const auto& file : std::filesystem::directory_iterator(folder / "co/data"))
    EXPECT_FALSE(file.path().filename().string().starts_with("sync-")) << "the rows on their way stay with nobody";
}

}  // namespace
}  // namespace vigie::doors

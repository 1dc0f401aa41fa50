// vigie sync, killed on its way: rows and place are both there, or neither.
#include <sqlite3.h>

#include "doors/program.h"
#include "store/database.h"

namespace vigie::doors {
namespace {

constexpr int kOrders = 150'000;

void change(const Folder& folder, const std::string& sql) {
  sqlite3* shop = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "co/shop.db").c_str(), &shop), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(shop, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(shop);
}

void make_company(const Folder& folder) {
  ASSERT_EQ(vigie({"init", "co"}, folder.path()).code, 0);
  folder.write("co/maps/orders.yaml",
               "map: orders\nsource: shop\ntable: orders\ninput: {from_source: true}\ncolumns: {key: id, ordered_at: "
               "placed, amount_net: amount, updated_at: updated}\n");
  folder.write("co/sources/shop.yaml",
               "source: shop\nkind: sqlite\nfile: shop.db\nmaps:\n  - {map: maps/orders.yaml, table: orders, cursor: "
               "updated, tie_break: id}\n");
  const std::string fill = fmt::format(
      "CREATE TABLE orders(id INTEGER PRIMARY KEY, placed TEXT, amount NUMERIC, updated TEXT); WITH RECURSIVE n(i) AS "
      "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) INSERT INTO orders SELECT i, '2025-06-01 10:00:00', i % "
      "100, strftime('%Y-%m-%d %H:%M:%S', 1748770000 + i, 'unixepoch') FROM n",
      kOrders);
  change(folder, fill);
}

/// What the warehouse holds as the last process left it, and the place that is noted with it.
std::string left_in(const Folder& folder) {
  const auto database = store::Database::open({.file = folder / "co/data/warehouse.duckdb"});
  if (!database) return database.error().text();
  auto connection = (*database)->connect();
  const auto found = connection->query(
      "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM orders WHERE amount_net = 1000), (SELECT "
      "coalesce(max(regexp_extract(value, 'd:([-0-9: ]{19})', 1)), 'nothing') FROM _syncs WHERE kind = 'cursor')");
  return found ? fmt::format("{} rows, {} changed, up to {}", found->int64(0, 0), found->int64(0, 1), found->text(0, 2))
               : found.error().text();
}

/// Kills syncs, each later than the one before, until one comes to its end; the last is left to. Each leaves `before`
/// or `after`.
void kill_until_done(const Folder& folder, const std::string& before, const std::string& after) {
  int killed = 0;
  bool was_told = false;
  std::string left;
  for (int ms = 60; ms <= 8'000 && left != after; ms += ms / 2) {
    const Ran ran = vigie({"sync", "-w", "co"}, folder.path(), Limits{.killed_after = std::chrono::milliseconds(ms)});
    killed += ran.code == 137 ? 1 : 0;
    left = left_in(folder);
    EXPECT_TRUE(left == after || left == before) << left << " after " << ms << " ms";
    const std::string stands = vigie({"sources", "-w", "co"}, folder.path()).out;
    was_told = was_told || stands.find("the last sync did not come to its end") != std::string::npos;
  }
  if (left != after) {
    EXPECT_EQ(vigie({"sync", "-w", "co"}, folder.path()).code, 0);
    left = left_in(folder);
  }
  EXPECT_GE(killed, 2);
  EXPECT_TRUE(was_told) << "how it ended is told by the next who asks";
  EXPECT_EQ(left, after);
  const Ran again = vigie({"sync", "-w", "co"}, folder.path());
  EXPECT_EQ(again.out, "shop, orders: nothing new\n") << again.err;
  for (const auto& file : std::filesystem::directory_iterator(folder / "co/data"))
    EXPECT_FALSE(file.path().filename().string().starts_with("sync-")) << "the rows on their way stay with nobody";
}

TEST(KilledSync, LeavesRowsAndPlaceBothOrNeither) {
  const Folder folder;
  make_company(folder);
  ASSERT_EQ(vigie({"sources", "-w", "co"}, folder.path()).code, 0);  // makes the warehouse
  const std::string first = fmt::format("{} rows, 0 changed, up to 2025-06-03 03:06:40", kOrders);
  kill_until_done(folder, "0 rows, 0 changed, up to nothing", first);
  // And one that has a place already, and changes rows that are in.
  change(folder, fmt::format("UPDATE orders SET amount = 1000, updated = '2025-06-04 ' || substr(updated, 12) WHERE id "
                             "<= {}",
                             kOrders / 2));
  kill_until_done(folder, first, fmt::format("{} rows, {} changed, up to 2025-06-04 23:59:59", kOrders, kOrders / 2));
}

// The rows on their way do not fit, or the warehouse does not: the sync says so, and nothing has changed.
TEST(FullDiskSync, LeavesRowsAndPlaceAsTheyWere) {
  const Folder folder;
  make_company(folder);
  ASSERT_EQ(vigie({"sources", "-w", "co"}, folder.path()).code, 0);
  for (const int kib : {300, 2'000}) {
    const Ran ran = vigie({"sync", "-w", "co"}, folder.path(), Limits{.largest_file_kib = kib});
    EXPECT_EQ(ran.code, 4) << ran.err;
    EXPECT_NE((ran.out + ran.err).find("the disk is full"), std::string::npos) << ran.out << ran.err;
    EXPECT_EQ(left_in(folder), "0 rows, 0 changed, up to nothing") << kib;
    for (const auto& file : std::filesystem::directory_iterator(folder / "co/data"))
      EXPECT_FALSE(file.path().filename().string().starts_with("sync-")) << "it fills the disk for good";
  }
  EXPECT_EQ(vigie({"sync", "-w", "co"}, folder.path()).code, 0);
  EXPECT_EQ(left_in(folder), fmt::format("{} rows, 0 changed, up to 2025-06-03 03:06:40", kOrders));
}

}  // namespace
}  // namespace vigie::doors

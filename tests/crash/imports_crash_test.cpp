// `vigie import` and `vigie sync` are killed with SIGKILL at random moments, again and again in one workspace. After
// each a file is there whole or not at all, rows and place of a source agree, and every receipt adds up.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <random>

#include "crash/rounds.h"
#include "doors/program.h"
#include "store/database.h"

namespace vigie::doors {
namespace {

constexpr int kImportRounds = 12, kRowsOfFile = 4'000, kBad = 3;

class ImportsCrash : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(vigie({"init", "w"}, folder_.path()).code, 0);
    folder_.write("w/maps/files.yaml",
                  "map: files\nsource: files\ntable: orders\ninput: day.csv\ncolumns: {key: id, ordered_at: day, "
                  "amount_net: amount}\n");
    folder_.write("w/maps/rows.yaml",
                  "map: rows\nsource: shop\ntable: orders\ntime_zone: UTC\ninput: {from_source: true}\ncolumns: {key: "
                  "id, ordered_at: "
                  "day, amount_net: amount, updated_at: updated}\n");
    folder_.write("w/sources/shop.yaml",
                  "source: shop\nkind: sqlite\nfile: shop.db\nmaps:\n  - {map: maps/rows.yaml, table: orders, cursor: "
                  "updated, tie_break: id}\n");
    shop("CREATE TABLE orders(id TEXT PRIMARY KEY, day TEXT, amount NUMERIC, of TEXT, updated TEXT)");
  }
  void shop(const std::string& sql) {
    sqlite3* shop = nullptr;
    ASSERT_EQ(sqlite3_open((folder_ / "w/shop.db").c_str(), &shop), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(shop, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(shop);
    sqlite3_close(shop);
  }
  static std::string file_of(int round) { return fmt::format("day-{}.csv", round); }

  /// A file more, and as many new rows in the shop; of each the first have a date that is none.
  void add(int round) {
    std::string rows = "id,day,amount,of\n";
    for (int i = 0; i < kRowsOfFile; ++i)
      rows += fmt::format("f{0}-{1},{2},{1},f{0}\n", round, i, i < kBad ? "rubbish" : "2025-06-01");
    folder_.write(file_of(round), rows);
    shop(fmt::format(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {1} - 1) INSERT INTO orders SELECT "
        "'s{0}-' || i, CASE WHEN i < {2} THEN 'rubbish' ELSE '2025-06-01' END, i, 's{0}', datetime({3} + i, "
        "'unixepoch') FROM n",
        round, kRowsOfFile, kBad, 1'600'000'000 + round * 100'000));
  }
  Ran import(int round, const Limits& limits) {
    return vigie({"import", "-w", "w", "--map", "w/maps/files.yaml", file_of(round)}, folder_.path(), limits);
  }
  Ran sync(const Limits& limits) { return vigie({"sync", "-w", "w"}, folder_.path(), limits); }

  std::string query(const std::string& sql) {
    const auto database = store::Database::open({.file = folder_ / "w/data/warehouse.duckdb"});
    if (!database) return database.error().text();
    const auto rows = (*database)->connect()->query(sql);
    if (!rows) return rows.error().text();
    std::string out;
    for (std::size_t row = 0; row < rows->rows(); ++row) out += (row > 0 ? " " : "") + rows->text(row, 0);
    return out;
  }
  /// What is not as it was promised; "" nothing.
  std::string wrong() {
    return query(fmt::format(
        "SELECT 'by half: ' || file || ' ' || n FROM (SELECT split_part(source_key, '-', 1) AS file, count(*) AS n, "
        "count(DISTINCT source_key) AS keys "
        "FROM orders GROUP BY file) WHERE n <> {0} OR keys <> {0} UNION ALL "
        "SELECT 'the receipt of ' || batch FROM (SELECT *, (receipt->>'$.read')::BIGINT AS read, "
        "(receipt->>'$.loaded')::BIGINT AS loaded, (receipt->>'$.updated')::BIGINT AS updated, "
        "(receipt->>'$.unchanged')::BIGINT AS unchanged, (receipt->>'$.quarantined')::BIGINT AS quarantined FROM "
        "_batches) AS b WHERE read <> loaded + updated + unchanged + quarantined OR loaded <> (SELECT count(*) FROM "
        "orders WHERE batch = b.batch) OR quarantined <> (SELECT count(*) FROM _waiting WHERE batch = b.batch) + "
        "(SELECT count(*) FROM _settled WHERE batch = b.batch) UNION ALL "
        "SELECT 'rows without a place' FROM (SELECT coalesce(max(regexp_extract(value, '[dT]:([-0-9: ]{{19}})', 1)), "
        "'-') AS place FROM _syncs WHERE kind = 'cursor'), (SELECT coalesce(strftime(make_timestamp(max(updated_at)), "
        "'%Y-%m-%d %H:%M:%S'), '-') AS last FROM orders WHERE source = 'shop') WHERE place <> last",
        kRowsOfFile - kBad));
  }

  Folder folder_;
};

TEST_F(ImportsCrash, LeaveEachFileWholeAndEachReceiptRight) {
  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<int> moment(20, 700), either(0, 1);
  ASSERT_EQ(vigie({"sources", "-w", "w"}, folder_.path()).code, 0);  // makes the warehouse
  const int rounds = crash_rounds(kImportRounds);
  int killed = 0;
  for (int round = 0; round < rounds; ++round) {
    add(round);
    const Limits limits{.killed_after = std::chrono::milliseconds(moment(random))};
    const Ran ran = either(random) == 0 ? import(round, limits) : sync(limits);
    killed += ran.code == 128 + 9 ? 1 : 0;
    ASSERT_EQ(wrong(), "") << "round " << round << ": " << ran.out << ran.err;
  }
  EXPECT_GT(killed, rounds / 8) << "nothing was tried";
  for (int round = 0; round < rounds; ++round)
    if (const Ran ran = import(round, {}); ran.code != 0) ADD_FAILURE() << ran.err;
  EXPECT_EQ(sync({}).code, 0);
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(query("SELECT count(DISTINCT split_part(source_key, '-', 1))::VARCHAR FROM orders"),
            std::to_string(2 * rounds));
  EXPECT_EQ(query("SELECT count(*)::VARCHAR FROM _waiting"), std::to_string(2 * rounds * kBad));
  std::printf("%d of %d rounds ended by a kill\n", killed, rounds);
}

}  // namespace
}  // namespace vigie::doors

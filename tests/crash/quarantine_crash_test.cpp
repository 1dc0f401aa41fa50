// `vigie quarantine replay` is killed with SIGKILL at random moments. Afterwards the queue and the tables are as they
// were before it, or as they are after it, and never between.
#include <gtest/gtest.h>

#include <random>

#include "doors/program.h"
#include "store/database.h"

namespace vigie::doors {
namespace {

constexpr int kRows = 20'000;

std::string map_text(std::string_view states) {
  return fmt::format(
      "map: orders\nsource: shop\ntable: orders\ninput: orders.csv\ncolumns: {{key: id, ordered_at: day, amount_net: "
      "amount, status: {{from: state, values: {{{}}}}}}}\n",
      states);
}

/// "queue 20000, orders 1, batches 1, left 0"
std::string state_of(const Folder& folder) {
  auto database = store::Database::open({.file = folder / "w/data/warehouse.duckdb"});
  if (!database) return database.error().text();
  const auto rows = (*database)->connect()->query(
      "SELECT (SELECT count(*) FROM _waiting), (SELECT count(*) FROM _quarantine), (SELECT count(*) FROM orders), "
      "(SELECT "
      "count(*) FROM _batches), (SELECT count(*) FROM _settled)");
  if (!rows) return rows.error().text();
  return fmt::format("waiting {}, complaints {}, orders {}, batches {}, left {}", rows->int64(0, 0), rows->int64(0, 1),
                     rows->int64(0, 2), rows->int64(0, 3), rows->int64(0, 4));
}

TEST(QuarantineCrash, AReplayIsAllOrNothing) {
  const Folder folder;
  ASSERT_EQ(vigie({"init", "w"}, folder.path()).code, 0);
  std::string rows = "id,day,amount,state\n0,2025-01-01,1,ok\n";
  for (int i = 1; i <= kRows; ++i) rows += fmt::format("{},2025-01-01,1,odd\n", i);
  folder.write("orders.csv", rows);
  folder.write("orders.yaml", map_text("ok: confirmed"));
  ASSERT_EQ(vigie({"import", "-w", "w", "--map", "orders.yaml"}, folder.path()).code, 0);
  folder.write("orders.yaml", map_text("ok: confirmed, odd: test"));
  const std::string before = fmt::format("waiting {0}, complaints {0}, orders 1, batches 1, left 0", kRows);
  const std::string after = fmt::format("waiting 0, complaints 0, orders {}, batches 2, left {}", kRows + 1, kRows);
  ASSERT_EQ(state_of(folder), before);
  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<int> moment(20, 700);
  int killed = 0;
  for (int round = 0; round < 12 && state_of(folder) == before; ++round) {
    const Ran ran = vigie({"quarantine", "replay", "-w", "w"}, folder.path(),
                          Limits{.killed_after = std::chrono::milliseconds(moment(random))});
    killed += ran.code == 128 + 9 ? 1 : 0;
    const std::string found = state_of(folder);
    ASSERT_TRUE(found == before || found == after) << found;
  }
  EXPECT_GT(killed, 0) << "nothing was tried";
  if (state_of(folder) == before) {
    const Ran ran = vigie({"quarantine", "replay", "-w", "w"}, folder.path());
    EXPECT_EQ(ran.code, 0) << ran.err;
  }
  EXPECT_EQ(state_of(folder), after);
  EXPECT_EQ(vigie({"quarantine", "replay", "-w", "w"}, folder.path()).out, "No row waits in the quarantine.\n");
  EXPECT_EQ(state_of(folder), after) << "again changes nothing";
  std::printf("killed %d times\n", killed);
}

}  // namespace
}  // namespace vigie::doors

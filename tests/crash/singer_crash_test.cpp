// vigie ingest singer, killed between two pieces or in the middle of one: whoever goes on from the STATE that is kept
// ends with every record once, and no STATE is kept whose records are not.
#include <chrono>
#include <thread>

#include "doors/program.h"
#include "store/database.h"

namespace vigie::doors {
namespace {

constexpr int kRecords = 6000, kEvery = 100, kRounds = 6;

/// A tap that goes on behind the STATE that it is given, and tells its own after every hundred records.
void write_tap(const Folder& folder) {
  folder.write("tap.sh", fmt::format(R"(from=$(sed 's/[^0-9]//g' "$1"); from=${{from:-0}}
printf '%s\n' '{{"type":"SCHEMA","stream":"orders","key_properties":["id"],"schema":{{"properties":{{"id":{{}},"placed":{{}},"amount":{{}}}}}}}}'
awk -v from="$from" 'BEGIN {{ for (i = from + 1; i <= {}; i++) {{
  printf "{{\"type\":\"RECORD\",\"stream\":\"orders\",\"record\":{{\"id\":%d,\"placed\":\"2025-06-01\",\"amount\":%d}}}}\n", i, i % 100
  if (i % {} == 0) printf "{{\"type\":\"STATE\",\"value\":{{\"upto\":%d}}}}\n", i
}} }}'
)",
                                     kRecords, kEvery));
}

/// "records|upto" of the warehouse as the last process left it.
std::pair<std::int64_t, std::int64_t> left_in(const Folder& folder) {
  // `timeout -s KILL` dies with the process that it kills, and does not wait until that has let go of its files.
  auto database = store::Database::open({.file = folder / "co/data/warehouse.duckdb"});
  for (int i = 0; i < 200 && !database; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
    database = store::Database::open({.file = folder / "co/data/warehouse.duckdb"});
  }
  if (!database) return {-1, -1};
  auto connection = (*database)->connect();
  const auto counts = connection->query(
      "SELECT (SELECT count(*) FROM _singer_rows), (SELECT coalesce(max(regexp_replace(value, '[^0-9]', '', "
      "'g')::BIGINT), "
      "0) FROM _syncs WHERE kind = 'singer.state')");
  return counts ? std::pair{counts->int64(0, 0), counts->int64(0, 1)} : std::pair<std::int64_t, std::int64_t>{0, 0};
}

TEST(KilledSinger, StateAndRowsAgree) {
  const Folder folder;
  ASSERT_EQ(vigie({"init", "co"}, folder.path()).code, 0);
  folder.write(
      "co/maps/orders.yaml",
      "map: orders\nsource: till\ntable: orders\ninput: {from_source: true}\ncolumns: {key: id, ordered_at: placed, "
      "amount_net: amount}\n");
  write_tap(folder);
  const std::string take = "vigie ingest singer -w co --map orders=co/maps/orders.yaml --piece 250";
  int killed = 0;
  for (int round = 0; round < kRounds; ++round) {
    const double seconds = 0.2 + 0.15 * round;
    const Ran ran = shell(
        fmt::format("{} --state > state.json; bash tap.sh state.json | timeout -s KILL {} {}", take, seconds, take),
        folder.path());
    killed += ran.code == 137 ? 1 : 0;
    const auto [rows, upto] = left_in(folder);
    EXPECT_GE(rows, upto) << "a STATE is kept without its records";
    EXPECT_EQ(upto % kEvery, 0);
    EXPECT_LT(rows - upto, 250 + kEvery) << "a piece is kept without its STATE";
  }
  EXPECT_GE(killed, 1);
  const Ran last = shell(fmt::format("{0} --state > state.json; bash tap.sh state.json | {0}", take), folder.path());
  EXPECT_EQ(last.code, 0) << last.err;
  EXPECT_EQ(left_in(folder), (std::pair<std::int64_t, std::int64_t>{kRecords, kRecords}));
  const auto database = store::Database::open({.file = folder / "co/data/warehouse.duckdb"});
  ASSERT_TRUE(database);
  auto connection = (*database)->connect();
  const auto orders = connection->query("SELECT count(*), count(DISTINCT source_key) FROM orders");
  ASSERT_TRUE(orders);
  EXPECT_EQ(orders->int64(0, 0), kRecords);
  EXPECT_EQ(orders->int64(0, 1), kRecords);
}

}  // namespace
}  // namespace vigie::doors

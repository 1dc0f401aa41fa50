// What cannot be imported, and imports that end half-way: the message, the exit code and what is left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "doors/program.h"
#include "store/warehouse.h"
#include "workspace/lock.h"

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int kUsage = 2, kData = 3, kUnavailable = 4;

constexpr std::string_view kMap = R"(map: orders
source: shop
table: orders
input: orders.csv
columns:
  key: id
  customer_key: client
  ordered_at: day
  amount_net: amount
  currency: currency
)";

class BadImport : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run({"init", workspace(), "--currency", "EUR"}).code, 0);
    file("map.yaml", kMap);
  }

  std::string workspace() const { return (folder_ / "company").string(); }
  void file(const std::string& name, std::string_view content) const { folder_.write(name, content); }
  /// What it printed, errors too, in `out`.
  Ran run(const std::vector<std::string>& words, const Limits& limits = {}) const {
    Ran ran = vigie(words, folder_.path(), limits);
    ran.out += ran.err;
    return ran;
  }
  Ran import(const Limits& limits = {}) const {
    return run({"import", "-w", workspace(), "--map", (folder_ / "map.yaml").string()}, limits);
  }

  /// `rows` good orders.
  void write_orders(int rows) const {
    std::ofstream out(folder_ / "orders.csv");
    out << "id,client,day,amount,currency\n";
    for (int i = 0; i < rows; ++i)
      out << "order number " << i << ",c" << i % 977 << ",2025-01-" << 10 + i % 20 << ' ' << 10 + i % 14 << ":30:00,"
          << i % 1000 << ".50,EUR\n";
  }

  /// Rows in tables of the warehouse, "orders 3, _batches 1".
  std::string held() const {
    const auto database = store::Database::open({.file = fs::path(workspace()) / "data" / "warehouse.duckdb"});
    if (!database) return database.error().text();
    auto connection = (*database)->connect();
    std::string out;
    for (const char* table : {"orders", "_keys_customers", "_batches", "_quarantine"}) {
      const auto rows = connection->query(fmt::format("SELECT count(*) FROM {}", table));
      if (!rows) return rows.error().text();
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", table, rows->int64(0, 0));
    }
    return out;
  }
  /// After a refusal: as it was, and open to what is right.
  void expect_nothing_written() const { EXPECT_EQ(held(), "orders 0, _keys_customers 0, _batches 0, _quarantine 0"); }

  Folder folder_;
};

TEST_F(BadImport, AMissingFileIsNamed) {
  const Ran refused = import();
  EXPECT_EQ(refused.code, kUnavailable);
  EXPECT_THAT(refused.out, AllOf(HasSubstr("map.yaml:4:"), HasSubstr("there is no file"), HasSubstr("orders.csv"),
                                 HasSubstr("check the path")));
  expect_nothing_written();
}

TEST_F(BadImport, AnotherSeparatorIsRecognised) {
  file("orders.csv", "id;client;day;amount;currency\n1;c;2025-01-31;10;EUR\n");
  const Ran refused = import();
  EXPECT_EQ(refused.code, kUsage);
  EXPECT_THAT(refused.out, AllOf(HasSubstr("map.yaml:7:17"), HasSubstr("no column \"client\""),
                                 HasSubstr("id;client;day;amount;currency"), HasSubstr("delimiter: \";\"")));
  expect_nothing_written();
}

TEST_F(BadImport, AnUnknownColumnOfTheFileHasItsNearestName) {
  file("orders.csv", "id,client,day,amounts,currency\n1,c,2025-01-31,10,EUR\n");
  const Ran refused = import();
  EXPECT_EQ(refused.code, kUsage);
  EXPECT_THAT(refused.out, AllOf(HasSubstr("map.yaml:9:15"), HasSubstr("no column \"amount\""), HasSubstr("orders.csv"),
                                 HasSubstr("did you mean \"amounts\"?")));
  expect_nothing_written();
}

TEST_F(BadImport, ATypoInTheMapHasItsPlaceAndTheRightWord) {
  file("orders.csv", "id,client,day,amount,currency\n1,c,2025-01-31,10,EUR\n");
  std::string map(kMap);
  file("map.yaml", map.replace(map.find("amount_net"), 10, "amuont_net"));
  const Ran column = import();
  EXPECT_EQ(column.code, kUsage);
  EXPECT_THAT(column.out, AllOf(HasSubstr("map.yaml:9:3"), HasSubstr("amuont_net"), HasSubstr("amount_net\"?")));
  map = kMap;
  file("map.yaml", map.replace(map.find("source"), 6, "soruce"));
  const Ran key = import();
  EXPECT_EQ(key.code, kUsage);
  EXPECT_THAT(key.out, AllOf(HasSubstr("map.yaml:2:1"), HasSubstr("soruce"), HasSubstr("source")));
  expect_nothing_written();
}

TEST_F(BadImport, ABadDateAtRow1234IsToldAndTheOthersAreTaken) {
  std::string csv = "id,client,day,amount,currency\n";
  for (int row = 2; row <= 2000; ++row)
    csv += fmt::format("{},c,{},1,EUR\n", row, row == 1234 ? "2025-02-30" : "2025-02-28");
  file("orders.csv", csv);
  const Ran taken = import();
  EXPECT_EQ(taken.code, 0) << taken.out;
  EXPECT_THAT(taken.out, AllOf(HasSubstr("orders.csv:1234, day"), HasSubstr("\"2025-02-30\""),
                               HasSubstr("not a date in the declared format")));
  EXPECT_EQ(held(), "orders 1998, _keys_customers 1, _batches 1, _quarantine 1");
}

TEST_F(BadImport, AFileAllOfWhoseRowsAreRefusedEndsAsBadData) {
  file("orders.csv", "id,client,day,amount,currency\n1,c,31/01/2025,10,EUR\n2,c,01/02/2025,20,EUR\n");
  for (int time = 1; time <= 2; ++time) {
    const Ran refused = import();
    EXPECT_EQ(refused.code, kData) << refused.out;
    EXPECT_THAT(refused.out, AllOf(HasSubstr("none of the 2 rows that were read can be taken"),
                                   HasSubstr("2 × cast.date"), HasSubstr("orders.csv:2, day; also 3): \"31/01/2025\""),
                                   HasSubstr("is the map the right one for this file?")));
    EXPECT_EQ(held(), "orders 0, _keys_customers 0, _batches 1, _quarantine 2") << time << ": one outcome";
  }
  std::string map(kMap);
  file("map.yaml", map + "date_format: \"%d/%m/%Y\"\n");
  EXPECT_EQ(import().code, 0);
  EXPECT_EQ(held(), "orders 2, _keys_customers 1, _batches 2, _quarantine 0");
}

TEST_F(BadImport, AmountsWithoutARateCountButAreNotAdded) {
  file("orders.csv", "id,client,day,amount,currency\n1,c,2025-01-31,10,EUR\n2,c,2025-01-31,20,USD\n");
  const Ran taken = import();
  EXPECT_EQ(taken.code, 0) << taken.out;
  // Of the two, one has no rate: the receipt says so, and the KPI warns.
  EXPECT_THAT(taken.out, HasSubstr("1 row has an amount in a currency without a rate for its day"));
  const Ran revenue = run({"kpi", "revenue", "-w", workspace(), "--from", "2025-01-01", "--to", "2025-02-01", "--grain",
                           "month", "--format", "json"});
  EXPECT_EQ(revenue.code, 0) << revenue.out;
  EXPECT_THAT(revenue.out, AllOf(HasSubstr("\"value\":10"), HasSubstr("unpriced")));
}

TEST_F(BadImport, AFullDiskLeavesNothingHalfWritten) {
  write_orders(60'000);
  // Enough to open the warehouse, not for the rows.
  const Ran refused = import({.largest_file_kib = 600});
  EXPECT_EQ(refused.code, kUnavailable) << refused.out;
  EXPECT_THAT(refused.out, AllOf(HasSubstr("a file may not grow as large as this"), HasSubstr("raise the limit")));
  // The engine's own English stands in no French sentence.
  const Ran french = import({.largest_file_kib = 600, .language = Language::fr});
  EXPECT_THAT(french.out,
              AllOf(HasSubstr("un fichier n'a pas le droit de devenir aussi grand"), HasSubstr("ne peut être écrit"),
                    Not(HasSubstr("Could not")), Not(HasSubstr("File too large"))));
  expect_nothing_written();
  EXPECT_EQ(import().code, 0);
  EXPECT_EQ(held(), "orders 60000, _keys_customers 977, _batches 1, _quarantine 0");
}

TEST_F(BadImport, AWorkspaceThatIsOpenElsewhereIsLeftAlone) {
  write_orders(10);
  {
    fs::create_directories(fs::path(workspace()) / "data");
    const auto lock = workspace::Lock::take(fs::path(workspace()) / "data" / "lock", workspace::Holder::command);
    ASSERT_TRUE(lock) << lock.error().text();
    const Ran refused = import();
    EXPECT_EQ(refused.code, kUnavailable);
    EXPECT_THAT(refused.out, AllOf(HasSubstr("open in another process"), HasSubstr(std::to_string(::getpid())),
                                   HasSubstr("wait for it to end")));
  }
  EXPECT_EQ(import().code, 0);
}

TEST_F(BadImport, ANewerWorkspaceIsRefused) {
  write_orders(10);
  const fs::path settings = fs::path(workspace()) / "vigie.yaml";
  std::string before;
  std::getline(std::ifstream(settings), before, '\0');
  std::string newer = before;
  ASSERT_NE(newer.find("format: 1"), std::string::npos);
  std::ofstream(settings) << newer.replace(newer.find("format: 1"), 9, "format: 9");
  const Ran refused = import();
  EXPECT_EQ(refused.code, kUnavailable);
  EXPECT_THAT(refused.out,
              AllOf(HasSubstr("vigie.yaml:"), HasSubstr("format 9"), HasSubstr("open it with a newer vigie")));
  std::ofstream(settings) << before;
  EXPECT_EQ(import().code, 0);
  {
    const auto database = store::Database::open({.file = fs::path(workspace()) / "data" / "warehouse.duckdb"});
    auto connection = (*database)->connect();
    ASSERT_TRUE(store::set_meta(*connection, "format", std::to_string(store::kStoreFormat + 1)));
  }
  const Ran store = import();
  EXPECT_EQ(store.code, kUnavailable);
  EXPECT_THAT(store.out, AllOf(HasSubstr("the store has format"), HasSubstr("use the version of Vigie that wrote it")));
}

TEST_F(BadImport, AnImportThatIsKilledIsForgottenOrWhole) {
  constexpr int kRows = 150'000;
  write_orders(kRows);
  int killed = 0;
  for (const int wait : {40, 120, 250, 400, 600, 900, 1300}) {
    const Ran stopped = import({.killed_after = std::chrono::milliseconds(wait)});
    if (stopped.code == 0) break;  // it was faster
    EXPECT_EQ(stopped.code, 128 + SIGKILL) << stopped.out;
    ++killed;
    if (const std::string left = held(); left != "orders 0, _keys_customers 0, _batches 0, _quarantine 0")
      ASSERT_THAT(left, testing::AnyOf(HasSubstr("orders 150000, _keys_customers 977, _batches 1"),
                                       HasSubstr("does not exist")))
          << "all of it, or nothing";
  }
  EXPECT_GT(killed, 0);
  const Ran whole = import();
  EXPECT_EQ(whole.code, 0) << whole.out;
  EXPECT_EQ(held(), "orders 150000, _keys_customers 977, _batches 1, _quarantine 0");
}

}  // namespace
}  // namespace vigie::doors

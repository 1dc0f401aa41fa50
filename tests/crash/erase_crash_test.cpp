// `vigie erase` is killed with SIGKILL at random moments. Afterwards the person is there as before, or gone everywhere,
// and never between; and what a killed erasure left behind is cleared by the next command.
#include <gtest/gtest.h>

#include <random>

#include "base/file.h"
#include "doors/program.h"

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;

constexpr int kCustomers = 20'000;

/// How many files of the workspace hold her address; the secret and its like hold none.
int files_with_her(const fs::path& workspace) {
  int out = 0;
  for (const auto& entry : fs::recursive_directory_iterator(workspace))
    if (entry.is_regular_file() && bytes_of(entry.path()).value_or("").contains("ada.byron@example.org")) ++out;
  return out;
}

TEST(EraseCrash, AnErasureIsAllOrNothing) {
  const Folder folder;
  ASSERT_EQ(vigie({"init", "w"}, folder.path()).code, 0);
  std::string people = "id,name,mail\n", orders = "id,day,client,net\n";
  for (int i = 0; i < kCustomers; ++i) {
    people += fmt::format("C{0},Person {0},p{0}@example.org\n", i);
    orders += fmt::format("{0},2025-01-01,C{0},1\n", i);
  }
  folder.write("people.csv", people + "A1,Ada Byron,ada.byron@example.org\n");
  folder.write("orders.csv", orders + "X1,2025-01-02,A1,5\n");
  folder.write("w/files/copy.csv-00000000.csv", "name,mail\nAda Byron,ada.byron@example.org\n");
  folder.write("people.yaml",
               "map: people\nsource: shop\ntable: customers\ninput: people.csv\ncolumns: {key: id, name: name, x_mail: "
               "{from: mail, privacy: personal}}\n");
  folder.write("orders.yaml",
               "map: orders\nsource: shop\ntable: orders\ninput: orders.csv\ncolumns: {key: id, ordered_at: day, "
               "customer_key: client, amount_net: net}\n");
  // A column of many texts is packed in the warehouse file; of a table of one row the bytes stand there as they are.
  folder.write("leads.csv", "id,name,day,client\nL1,ada.byron@example.org,2025-01-01,A1\n");
  folder.write("leads.yaml",
               "map: leads\nsource: shop\ntable: leads\ninput: leads.csv\ncolumns: {key: id, name: name, created_at: "
               "day, customer_key: client}\n");
  for (const char* map : {"people.yaml", "orders.yaml", "leads.yaml"})
    ASSERT_EQ(vigie({"import", "-w", "w", "--map", map}, folder.path()).code, 0);
  const std::vector<std::string> erase{"erase", "customer", "A1", "-w", "w", "--yes"};
  const auto figure = [&] {
    return vigie({"kpi", "revenue", "-w", "w", "--from", "2025-01-01", "--to", "2025-02-01", "--grain", "total",
                  "--format", "csv"},
                 folder.path())
        .out;
  };
  ASSERT_EQ(files_with_her(folder.path() / "w"), 2);
  const std::string before = figure();
  ASSERT_NE(before.find("20005"), std::string::npos) << before;
  // What an erasure foresees takes a good part of its time; the first one is killed before that has passed.
  const auto begun = std::chrono::steady_clock::now();
  ASSERT_EQ(vigie({"erase", "customer", "A1", "-w", "w", "--dry-run"}, folder.path()).code, 0);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  std::mt19937 random(std::random_device{}());
  int killed = 0;
  bool gone = false;
  for (int round = 0; round < 8 && !gone; ++round) {
    std::uniform_int_distribution<long> moment(10, std::max(20L, (round == 0 ? 1 : 6) * took.count() / 2));
    const Ran ran = vigie(erase, folder.path(), Limits{.killed_after = std::chrono::milliseconds(moment(random))});
    killed += ran.code == 128 + 9 ? 1 : 0;
    const Ran listed = vigie({"erase", "list", "-w", "w"}, folder.path());  // opens, and clears what was left behind
    ASSERT_EQ(listed.code, 0) << listed.err;
    gone = !listed.out.starts_with("Nobody");
    EXPECT_EQ(figure(), before);
    const int held = files_with_her(folder.path() / "w");
    if (gone) EXPECT_EQ(held, 0);
    else EXPECT_EQ(held, 2) << "the warehouse and the copy, and no draft";
  }
  EXPECT_GT(killed, 0) << "nothing was tried";
  if (!gone) {
    const Ran ran = vigie(erase, folder.path());
    EXPECT_EQ(ran.code, 0) << ran.err;
  }
  EXPECT_EQ(files_with_her(folder.path() / "w"), 0);
  EXPECT_EQ(figure(), before);
  EXPECT_EQ(vigie(erase, folder.path()).code, 2) << "she is gone";
  std::printf("killed %d times\n", killed);
}

}  // namespace
}  // namespace vigie::doors

#include "doors/company.h"

#include <gtest/gtest.h>

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;

void expect_fine(const Ran& ran) { EXPECT_EQ(ran.code, 0) << ran.out << ran.err; }

constexpr const char* kContractsMap = R"(map: contracts
source: books
table: subscriptions
complete_until: 2025-06-30
input: contracts.csv
columns: {key: key, customer_key: customer, started_at: {from: started, as: date}, ended_at: {from: ended, as: date}, mrr: mrr}
)";

constexpr const char* kSalesMap = R"(map: sales
source: books
table: orders
complete_until: 2025-06-30
input: sales.csv
columns: {key: key, customer_key: customer, ordered_at: {from: day, as: date}, amount_net: amount, channel: channel}
)";

std::string contracts() {
  std::string out = "key,customer,started,ended,mrr\n";
  const auto add = [&](const char* name, int count, const char* started, const char* ended) {
    for (int i = 1; i <= count; ++i) out += fmt::format("{0}{1},{0}{1},{2},{3},10\n", name, i, started, ended);
  };
  add("o", 95, "2024-12-15", "");
  add("l", 5, "2024-12-15", "2025-03-20");
  add("j", 17, "2025-03-10", "");
  add("e", 3, "2025-03-10", "2025-03-25");
  return out;
}

constexpr const char* kSales =
    "key,customer,day,amount,channel\n"
    "1,o1,2025-02-03,100,web\n2,o2,2025-02-04,100,web\n3,o3,2025-02-05,50,shop\n4,o4,2025-02-06,50,shop\n"
    "5,o1,2025-03-03,120,web\n6,o2,2025-03-04,50,shop\n7,o3,2025-03-05,50,shop\n8,o4,2025-03-06,50,shop\n";

/// Made when the first test asks for it, gone when the program ends.
struct Atelier {
  Folder folder;
  fs::path workspace = folder.path() / "atelier";
  Atelier() {
    const fs::path example = fs::path(VIGIE_SOURCE_DIR) / "examples/atelier";
    expect_fine(vigie({"init", "atelier"}, folder.path()));
    fs::copy_file(example / "vigie.yaml", workspace / "vigie.yaml", fs::copy_options::overwrite_existing);
    expect_fine(
        vigie({"import", "-w", "atelier", "--map", (example / "maps").string(), "--from", (example / "data").string()},
              folder.path()));
  }
};

}  // namespace

const fs::path& atelier() {
  static const Atelier made;
  return made.workspace;
}

void make_shop(const Folder& folder) {
  folder.write("exports/contracts.csv", contracts());
  folder.write("exports/sales.csv", kSales);
  folder.write("maps/contracts.yaml", kContractsMap);
  folder.write("maps/sales.yaml", kSalesMap);
  expect_fine(vigie({"init", "shop"}, folder.path()));
  expect_fine(vigie({"import", "-w", "shop", "--map", "maps", "--from", "exports"}, folder.path()));
}

}  // namespace vigie::doors

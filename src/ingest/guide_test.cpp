// docs/import.md says the truth: its worked example gives the receipt it prints.
#include <sstream>

#include "base/text.h"
#include "ingest/import_fixture.h"
#include "ingest/map.h"

namespace vigie::ingest {
namespace {

class GuideTest : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    std::ifstream in(std::filesystem::path(VIGIE_SOURCE_DIR) / "docs/import.md");
    std::ostringstream text;
    text << in.rdbuf();
    guide_ = text.str();
  }
  /// What stands between two texts, the second one looked for after the first.
  std::string between(std::string_view begin, std::string_view end) const {
    const std::size_t from = guide_.find(begin);
    if (from == std::string::npos) return "";
    const std::size_t to = guide_.find(end, from + begin.size());
    return guide_.substr(from, to - from);
  }
  std::string guide_;
};

TEST_F(GuideTest, TheWorkedExampleGivesItsReceipt) {
  std::string csv;
  for (const std::string& line : split(between("    Export du 30/06/2025", "\n\n"), '\n'))
    csv += std::string(trim(line)) + "\n";
  const std::string map = between("map: shop_orders ", "```");
  file("ventes-2025.csv", csv);
  const Receipt receipt = take(map);
  EXPECT_EQ(receipt.read, 4);
  EXPECT_EQ(receipt.loaded, 3);
  ASSERT_EQ(receipt.refusals.size(), 1U);
  EXPECT_EQ(receipt.refusals[0].code, "cast.date");
  EXPECT_EQ(receipt.refusals[0].first_row, 6);
  EXPECT_NE(guide_.find(receipt.refusals[0].message), std::string::npos);
  EXPECT_EQ(rows("SELECT sum(amount_net_base) FROM orders WHERE status = 'confirmed'"), "1274.4");  // 1184.50 + 89.90
}

TEST_F(GuideTest, EveryReasonForARefusalIsInTheGuide) {
  for (const Fault fault : {Fault::number, Fault::precision, Fault::overflow, Fault::integer, Fault::date,
                            Fault::date_range, Fault::boolean, Fault::currency})
    EXPECT_NE(guide_.find(fmt::format("`{}`", code_of(fault))), std::string::npos) << code_of(fault);
}

TEST_F(GuideTest, TheMapWithSqlIsAMap) {
  const auto map = Map::parse(between("map: olist_orders", "```"), "guide", *model_, "Europe/Paris");
  EXPECT_TRUE(map) << map.error().text();
}

}  // namespace
}  // namespace vigie::ingest

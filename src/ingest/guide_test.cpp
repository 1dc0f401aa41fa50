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

TEST_F(GuideTest, ALogOfFieldsBecomesDealsAndTheirVersions) {
  file("deal_changes.csv",
       "deal_id,change_time,changed_field_key,new_value\n"
       "7,2025-02-01 09:00:00,add_time,2025-02-01 09:00:00\n"
       "7,2025-02-01 09:00:00,user_id,ana\n"
       "7,2025-02-03 09:00:00,stage_id,talk\n"
       "7,2025-02-03 09:00:00,stage_id,offer\n"  // in the same second: the last of them, whatever the alphabet says
       "7,2025-02-05 09:00:00,user_id,bob\n"
       "7,2025-02-09 09:00:00,status,lost\n"
       "7,2025-02-12 09:00:00,status,won\n"
       "7,2025-02-12 09:00:00,status,open\n"
       "7,2025-02-20 09:00:00,status,won\n"
       "7,2025-01-10 09:00:00,add_time,2025-01-10 09:00:00\n"
       "7,2025-01-11 09:00:00,user_id,eve\n");
  const Receipt receipt = take(between("map: deals_of_a_log", "```"));
  EXPECT_EQ(receipt.loaded, 2);
  EXPECT_EQ(receipt.unchanged, 6);  // of eight instants, six are earlier versions
  EXPECT_EQ(rows("SELECT source_key, outcome, closed_at IS NULL FROM opportunities ORDER BY 1"),
            "7/1|won|false\n7/2|open|true");
  EXPECT_EQ(rows("SELECT k.source_key FROM opportunities d JOIN _keys_stages k ON k.key = d.stage_key"), "offer");
  EXPECT_EQ(rows("SELECT string_agg(h.outcome, ' ' ORDER BY h.valid_from) FROM opportunities_history h "
                 "JOIN opportunities d ON d.key = h.key WHERE d.source_key = '7/1'"),
            "open open open lost open won");
}

TEST_F(GuideTest, TheMapWithSqlIsAMap) {
  const auto map = Map::parse(between("map: olist_orders", "```"), "guide", *model_, "Europe/Paris");
  EXPECT_TRUE(map) << map.error().text();
}

}  // namespace
}  // namespace vigie::ingest

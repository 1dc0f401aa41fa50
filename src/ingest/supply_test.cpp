// Rows that a source gives instead of the map's files, and what is noted of it with them.
#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

using Written = Supply::Written;

class SupplyTest : public ImportTest {
 protected:
  Request supplied(std::string_view rows, std::vector<Written> written = {}, const std::string& reached = "1") {
    Request request;
    request.supply = Supply{file("rows.csv", rows), "erp: orders, now", "erp: orders", false, std::move(written)};
    request.notes = {{"erp", "m", "cursor", "a", reached}};
    return request;
  }
  std::string notes() { return rows("SELECT map, kind, name, value, batch FROM _syncs"); }
};

constexpr std::string_view kMap =
    "map: m\nsource: erp\ntable: orders\ninput: {from_source: true}\ndecimal: ','\ndate_format: '%d/%m/%Y'\n"
    "columns: {key: id, ordered_at: day, amount_net: amount}\n";

TEST_F(SupplyTest, IsWrittenInItsOwnWayWhateverTheMapSaysOfFiles) {
  const auto receipt = take(kMap, supplied("\"id\",\"day\",\"amount\"\n1,2025-06-01 10:00:00+00,10.25\n",
                                           {Written::text, Written::time, Written::number}));
  EXPECT_EQ(receipt.loaded, 1);
  EXPECT_EQ(receipt.files.front().path, "erp: orders, now");
  EXPECT_EQ(rows("SELECT amount_net, make_timestamp(ordered_at)::VARCHAR FROM orders"), "10.25|2025-06-01 10:00:00");
  // Texts are written as the map says, and a number that stands for a time too.
  EXPECT_EQ(take(kMap, supplied("id,day,amount\n2,01/06/2025,\"10,25\"\n")).loaded, 1);
}

TEST_F(SupplyTest, NotesThePlaceWithTheRows) {
  take(kMap, supplied("id,day,amount\n1,01/06/2025,1\n"));
  EXPECT_EQ(notes(), "m|cursor|a|1|1");
  // All of it is known, under other bytes: nothing is written, and the receipt says so.
  const auto again = take(kMap, supplied("id,day,amount\n1,1/6/2025,1\n"));
  EXPECT_TRUE(again.nothing_new);
  EXPECT_EQ(again.unchanged, 1);
  EXPECT_EQ(rows("SELECT count(*) FROM _batches"), "1");
  // The place moves on although no row is other than before.
  EXPECT_FALSE(take(kMap, supplied("id,day,amount\n1,1/06/2025,1\n", {}, "2")).nothing_new);
  EXPECT_EQ(notes(), "m|cursor|a|2|2");
  EXPECT_TRUE(take(kMap, supplied("id,day,amount\n1,01/06/2025,1\n", {}, "3")).already_imported);
  EXPECT_EQ(notes(), "m|cursor|a|3|1");
}

TEST_F(SupplyTest, TakesWhatTheMapNewlyDeclaresOfItsSource) {
  constexpr std::string_view kRows = "id,day,amount\n1,01/06/2025,1\n";
  take(kMap, supplied(kRows));
  const std::string declared = std::string(kMap) + "complete_until: 2025-12-31\nhistory_complete: true\n";
  EXPECT_FALSE(take(declared, supplied(kRows)).nothing_new);
  EXPECT_EQ(rows("SELECT complete_until IS NOT NULL, history_complete FROM _sources"), "true|true");
  const auto again = take(declared, supplied(kRows));
  EXPECT_TRUE(again.nothing_new || again.already_imported);
  EXPECT_EQ(rows("SELECT count(*) FROM _batches"), "2");
}

TEST_F(SupplyTest, StaysWhereItWasWhenNothingCouldBeTaken) {
  take(kMap, supplied("id,day,amount\n1,01/06/2025,1\n"));
  const auto refused = take(kMap, supplied("id,day,amount\n2,31/06/2025,1\n", {}, "2"));
  EXPECT_EQ(refused.quarantined, 1);
  EXPECT_EQ(notes(), "m|cursor|a|1|1");
  Request whole = supplied("id,day,amount\n1,01/06/2025,1\n2,30/06/2025,1\n", {}, "2");
  whole.supply->whole = true;
  whole.supply->shown_as = "erp: orders, later";
  EXPECT_EQ(take(kMap, whole).loaded, 1);
  EXPECT_EQ(quarantine(), "") << "all of it was read again";
}

TEST_F(SupplyTest, AMapOfASourceNamesNoFile) {
  const auto none = import(kMap);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "map.input");
  Request by_hand;
  by_hand.files = {file("orders.csv", "id,day,amount\n1,01/06/2025,\"1,5\"\n")};
  EXPECT_EQ(take(kMap, by_hand).loaded, 1);
  std::string map(kMap);
  map.replace(map.find("true}"), 5, "true, skip: 1}");
  const auto wrong = import(map);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text().substr(wrong.error().text().find(":4:") + 1),
            "4:28: skip is said of files, and these rows come from a source");
}

}  // namespace
}  // namespace vigie::ingest

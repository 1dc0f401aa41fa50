// The same files again, in another order, under other maps, or mended.
#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

class AgainTest : public ImportTest {
 protected:
  std::string names() { return rows("SELECT source_key, name FROM customers WHERE deleted_at IS NULL ORDER BY 1"); }
  std::string segments() {
    return rows(
        "SELECT c.source_key, h.segment FROM customers_history h JOIN customers c USING (key) ORDER BY c.source_key, "
        "h.valid_from");
  }
  Receipt take_files(std::string_view map, std::initializer_list<const char*> names) {
    Request request;
    for (const char* name : names) request.files.push_back(folder_ / name);
    return take(map, request);
  }
};

constexpr std::string_view kNames =
    "map: m\nsource: s\ntable: customers\ninput: c.csv\ncolumns: {key: id, name: name}\n";
constexpr std::string_view kSegments =
    "map: m\nsource: s\ntable: customers\ninput: \"day-*.csv\"\ncolumns: {key: id, segment: segment}\n";

TEST_F(AgainTest, AnEarlierFileCountsAgainWhenALaterOneHasChangedItsRows) {
  file("f1.csv", "id,name\n1,ten\n2,x\n");
  file("f2.csv", "id,name\n1,ninety\n");
  take_files(kNames, {"f1.csv"});
  EXPECT_EQ(take_files(kNames, {"f2.csv"}).updated, 1);
  EXPECT_TRUE(take_files(kNames, {"f2.csv"}).already_imported);
  const Receipt back = take_files(kNames, {"f1.csv"});
  EXPECT_FALSE(back.already_imported);
  EXPECT_EQ(back.updated, 1);
  EXPECT_EQ(names(), "1|ten\n2|x");
  EXPECT_TRUE(take_files(kNames, {"f1.csv"}).already_imported);
  EXPECT_EQ(take_files(kNames, {"f2.csv"}).updated, 1);
  EXPECT_EQ(names(), "1|ninety\n2|x");
}

TEST_F(AgainTest, AnIdStaysWithTheTableThatItBroughtRowsInto) {
  file("c.csv", "id,name\n,ten\n");
  const std::string wrong = "map: m\nsource: s\ntable: products\ninput: c.csv\ncolumns: {key: id, name: name}\n";
  take(wrong);
  take(kNames);  // every row was refused: nothing came under this id yet
  file("c.csv", "id,name\n1,ten\n");
  EXPECT_EQ(take(kNames).loaded, 1);
  const auto other = import(wrong);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, "map.id_taken");
  EXPECT_EQ(other.error().where.line, 3);
  EXPECT_EQ(other.error().where.column, 8);
  EXPECT_EQ(other.error().message, "the map \"m\" has brought rows into customers before, and none of products");
  EXPECT_EQ(rows("SELECT count(*) FROM products"), "0");
  EXPECT_EQ(take(std::string(kNames) + "description: edited\n").unchanged, 1) << "what is edited stays the same map";
}

TEST_F(AgainTest, FilesOfNewRowsLeaveTheEarlierOnesAsTheyAre) {
  file("f1.csv", "id,name\n1,a\n");
  file("f2.csv", "id,name\n2,b\n");
  take_files(kNames, {"f1.csv"});
  take_files(kNames, {"f2.csv"});
  EXPECT_TRUE(take_files(kNames, {"f1.csv"}).already_imported) << "a file a day, each named again every day";
  EXPECT_TRUE(take_files(kNames, {"f2.csv"}).already_imported);
  EXPECT_EQ(rows("SELECT count(*) FROM _batches"), "2");
}

TEST_F(AgainTest, AWholeExportRepairsATruncatedOne) {
  const std::string map = std::string(kNames) + "mode: snapshot\n";
  file("whole.csv", "id,name\n1,a\n2,b\n3,c\n4,d\n");
  file("cut.csv", "id,name\n1,a\n2,b\n");
  file("later.csv", "id,name\n1,a\n2,b\n3,c\n");
  take_files(map, {"whole.csv"});
  EXPECT_EQ(take_files(map, {"cut.csv"}).deleted, 2);
  EXPECT_EQ(take_files(map, {"later.csv"}).updated, 1);
  const Receipt back = take_files(map, {"whole.csv"});
  EXPECT_EQ(back.updated, 1);
  EXPECT_EQ(names(), "1|a\n2|b\n3|c\n4|d");
  // A later export that only has more is what an earlier one lacks.
  file("more.csv", "id,name\n1,a\n2,b\n3,c\n4,d\n5,e\n");
  EXPECT_EQ(take_files(map, {"more.csv"}).loaded, 1);
  EXPECT_EQ(take_files(map, {"whole.csv"}).deleted, 1);
}

TEST_F(AgainTest, AGlobThatGrowsByAFileADayChangesNothingButWhatIsNew) {
  file("day-1.csv", "id,segment\n1,small\n2,small\n");
  take(kSegments);
  file("day-2.csv", "id,segment\n1,large\n2,small\n");
  EXPECT_EQ(take(kSegments).updated, 1);
  EXPECT_TRUE(take(kSegments).already_imported);
  EXPECT_EQ(segments(), "1|small\n1|large\n2|small");
  file("day-3.csv", "id,segment\n1,large\n2,small\n3,small\n");
  const Receipt third = take(kSegments);
  EXPECT_EQ(third.updated, 0);
  EXPECT_EQ(third.loaded, 1);
  EXPECT_TRUE(take(kSegments).already_imported);
  EXPECT_EQ(segments(), "1|small\n1|large\n2|small\n3|small") << "day 1 is history, not news";
}

TEST_F(AgainTest, AnEditedMapAndTheEarlierOneAgain) {
  file("c.csv", "id,name,other\n1,a,b\n");
  const std::string other = "map: m\nsource: s\ntable: customers\ninput: c.csv\ncolumns: {key: id, name: other}\n";
  take(kNames);
  EXPECT_EQ(take(other).updated, 1);
  EXPECT_EQ(take(kNames).updated, 1);
  EXPECT_EQ(names(), "1|a");
}

TEST_F(AgainTest, AnotherMapThatTookTheSameKeysIsToldAndCanBeUndone) {
  const std::string orders =
      "map: orders\nsource: erp\ntable: orders\ninput: o.csv\ncolumns: {key: id, ordered_at: day, amount_net: "
      "amount}\n";
  const std::string invoices =
      "map: invoices\nsource: erp\ntable: orders\ninput: i.csv\ncolumns: {key: id, document: {value: invoice}, "
      "ordered_at: day, amount_net: amount}\n";
  file("o.csv", "id,day,amount\n1001,2025-01-01,10\n1002,2025-01-02,20\n");
  file("i.csv", "id,day,amount\n1001,2025-02-01,99\n");
  EXPECT_EQ(take(orders).of_other_maps, 0);
  const Receipt second = take(invoices);
  EXPECT_EQ(second.updated, 1);
  EXPECT_EQ(second.of_other_maps, 1);
  EXPECT_EQ(second.other_maps, std::vector<std::string>{"orders"});
  const Receipt back = take(orders);
  EXPECT_EQ(back.updated, 1) << "another map has changed a row of these files since";
  EXPECT_EQ(back.other_maps, std::vector<std::string>{"invoices"});
  EXPECT_EQ(rows("SELECT source_key, amount_net FROM orders ORDER BY 1"), "1001|10\n1002|20");
}

TEST_F(AgainTest, TwoMapsThatShareRowsButNoColumnsComeToRest) {
  const std::string countries =
      "map: n\nsource: s\ntable: customers\ninput: n.csv\ncolumns: {key: id, country: country}\n";
  file("c.csv", "id,name\n1,Ann\n");
  file("n.csv", "id,country\n1,FR\n");
  take(kNames);
  EXPECT_EQ(take(countries).of_other_maps, 1);
  EXPECT_EQ(take(kNames).unchanged, 1);
  EXPECT_TRUE(take(countries).already_imported);
  EXPECT_TRUE(take(kNames).already_imported);
  EXPECT_EQ(rows("SELECT name, country FROM customers"), "Ann|FR");
}

TEST_F(AgainTest, AMapWhoseCurrencyIsMendedPricesItsRowsAgain) {
  const std::string map =
      "map: o\nsource: s\ntable: orders\ninput: o.csv\ncolumns: {key: id, ordered_at: day, amount_net: amount}\n";
  file("o.csv", "id,day,amount\n1,2025-01-01,10\n2,2025-01-02,20\n");
  EXPECT_EQ(take(map).loaded, 2);
  EXPECT_EQ(take(map + "currency: USD\n").updated, 2);
  EXPECT_EQ(rows("SELECT source_key, amount_net, currency, amount_net_base IS NULL FROM orders ORDER BY 1"),
            "1|10|USD|true\n2|20|USD|true");
  EXPECT_EQ(take(map + "currency: USD\n# again\n").unchanged, 2);
  EXPECT_EQ(take(map).updated, 2);
  EXPECT_EQ(rows("SELECT source_key, currency, amount_net_base FROM orders ORDER BY 1"), "1|EUR|10\n2|EUR|20");
}

TEST_F(AgainTest, RowsWithoutAKeyThatAreThereAlreadyAreCounted) {
  const std::string map =
      "map: till\nsource: till\ntable: orders\ninput: till.csv\ncolumns: {customer_key: who, ordered_at: day, "
      "amount_net: amount}\n";
  file("till.csv", "who,day,amount\nann,2025-01-01,1\nbob,2025-01-02,\n");
  EXPECT_EQ(take(map).equal_to_earlier, 0);
  file("till.csv", "who,day,amount\nann,2025-01-01,1\nbob,2025-01-02,\ncid,2025-01-03,3\n");
  const Receipt grown = take(map);
  EXPECT_EQ(grown.loaded, 3);
  EXPECT_EQ(grown.equal_to_earlier, 2);
  // The same file through a query is another list of rows.
  const Receipt asked = take(
      "map: till\nsource: till\ntable: orders\ninputs: {t: till.csv}\nquery: SELECT * FROM t\ncolumns: {customer_key: "
      "who, "
      "ordered_at: day, amount_net: amount}\n");
  EXPECT_EQ(asked.loaded, 3);
  EXPECT_EQ(asked.equal_to_earlier, 3);
  const Receipt edited = take(
      "map: till\nsource: till\ntable: orders\ninputs: {t: till.csv}\nquery: SELECT * FROM t -- of the same files\n"
      "columns: {customer_key: who, ordered_at: day, amount_net: amount}\n");
  EXPECT_EQ(edited.unchanged, 3) << "but the same list whatever the map says of it";
  // Another map's equal rows are another company's business.
  const std::string twin =
      "map: twin\nsource: till\ntable: orders\ninput: twin.csv\ncolumns: {customer_key: who, ordered_at: day, "
      "amount_net: amount}\n";
  file("twin.csv", "who,day,amount\nann,2025-01-01,1\nx,2025-01-01,1\n");
  EXPECT_EQ(take(twin).equal_to_earlier, 0);
}

constexpr std::string_view kDays =
    "map: d\nsource: s\ntable: orders\ninput: \"o*.csv\"\ncolumns: {key: id, ordered_at: day}\n";

TEST_F(AgainTest, WhatAMendedFileNoLongerRefusesLeavesTheQuarantine) {
  file("o1.csv", "id,day\n1,2025-01-99\n2,2025-01-02\n");
  file("o2.csv", "id,day\n3,2025-01-99\n4\n");
  EXPECT_EQ(take(kDays).quarantined, 3);
  file("o1.csv", "id,day\n1,2025-01-01\n2,2025-01-02\n");
  EXPECT_EQ(take(kDays).loaded, 1);
  EXPECT_EQ(quarantine(), "cast.date|day|2\ncsv.columns||3") << "once each, of the file that still has them";
  EXPECT_EQ(rows("SELECT DISTINCT batch FROM _quarantine"), "2");
  EXPECT_EQ(take_files(kDays, {"o1.csv"}).read, 2);
  EXPECT_EQ(rows("SELECT count(*) FROM _quarantine"), "2") << "o2.csv was not read again";
}

TEST_F(AgainTest, AMendedMapTakesWhatItRefused) {
  file("o.csv", "id,day\n1,31/01/2025\n");
  EXPECT_EQ(take(kDays).quarantined, 1);
  file("other.csv", "id,day\n9,31/01/2025\n");
  Request other;
  other.files = {folder_ / "other.csv"};
  const std::string map = "map: other\nsource: s\ntable: orders\ninput: o.csv\ncolumns: {key: id, ordered_at: day}\n";
  EXPECT_EQ(take(map, other).quarantined, 1);
  std::filesystem::rename(folder_ / "o.csv", folder_ / "o-moved.csv");
  EXPECT_EQ(take_files(std::string(kDays) + "date_format: \"%d/%m/%Y\"\n", {"o-moved.csv"}).loaded, 1)
      << "the same content under another name";
  EXPECT_EQ(rows("SELECT map FROM _quarantine"), "other") << "another map's rows stay where they are";
}

TEST_F(AgainTest, AFileThatIsRefusedWholeSaysNothingOfItsSource) {
  const std::string map = std::string(kNames) + "mode: snapshot\n";
  file("good.csv", "id,name\n1,a\n2,b\n");
  file("bad.csv", "id,name\n,a\n,b\n");
  EXPECT_FALSE(nothing_taken(take_files(map, {"good.csv"})));
  const std::string until = map + "complete_until: 2025-06-30\n";
  for (int time = 0; time < 2; ++time) {
    const Receipt refused = take_files(until, {"bad.csv"});
    EXPECT_FALSE(refused.already_imported) << "told again each time";
    EXPECT_EQ(refused.deleted, 0) << "rows whose keys are not known are not missing";
    const auto error = nothing_taken(refused);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, "import.nothing_taken");
    EXPECT_EQ(error->kind, ErrorKind::data);
    EXPECT_EQ(quarantine(), "key.missing|id|2\nkey.missing|id|3");
    EXPECT_EQ(refused.batch, 2) << "one outcome, however often it is asked for";
    EXPECT_EQ(rows("SELECT batch, receipt->>'$.quarantined' FROM _batches ORDER BY 1"), "1|0\n2|2");
  }
  EXPECT_EQ(names(), "1|a\n2|b");
  EXPECT_EQ(rows("SELECT complete_until FROM _sources"), "-") << "nobody told of June";
}

TEST_F(AgainTest, TheRowsOfAQueryAreReadAgainWithAllItsFiles) {
  const std::string map =
      "map: q\nsource: s\ntable: orders\ninputs: {a: a.csv, b: b.csv}\nquery: SELECT id, day FROM a JOIN b USING (id)\n"
      "columns: {key: id, ordered_at: day}\n";
  file("a.csv", "id\n1\n2\n3\n");
  file("b.csv", "id,day\n1,2025-01-99\n2,2025-01-02\n");
  const Receipt first = take(map);
  EXPECT_EQ(first.quarantined, 1);
  ASSERT_EQ(first.inputs.size(), 2U);
  EXPECT_FALSE(first.inputs[0].digest.empty());
  file("c.csv", "id,day\n3,2025-01-88\n");
  Request february;
  february.named_files["b"] = folder_ / "c.csv";
  EXPECT_EQ(take(map, february).quarantined, 1);
  EXPECT_EQ(rows("SELECT batch FROM _quarantine ORDER BY 1"), "1\n2") << "b.csv was not read again";
  file("b.csv", "id,day\n1,2025-01-01\n2,2025-01-02\n");
  EXPECT_EQ(take(map).quarantined, 0);
  EXPECT_EQ(rows("SELECT batch FROM _quarantine"), "2");
  file("d.csv", "id,day\n3,2025-01-03\n");
  february.named_files["b"] = folder_ / "d.csv";
  EXPECT_EQ(take(map, february).loaded, 1);
  EXPECT_EQ(rows("SELECT batch FROM _quarantine"), "") << "a later version of the row was taken";
}

}  // namespace
}  // namespace vigie::ingest

// Today is 2025-07-01 in Paris.
#include "ingest/rows_ahead.h"

#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

class RowsAheadTest : public ImportTest {
 protected:
  std::vector<std::string> warnings(const std::string& rest, const std::string& table = "orders") {
    return take("map: m\nsource: s\ntable: " + table + "\n" + rest).warnings;
  }
  std::string in_folder(std::string_view name) const { return (folder_ / name).string(); }
};

constexpr std::string_view kUndeclared =
    "; the data now count as whole up to today; correct the date in the source, or say complete_until in the map";
const std::string kOrders = "input: o.csv\ncolumns: {key: id, ordered_at: day}\n";

TEST_F(RowsAheadTest, AreToldWithTheirColumnTheFirstAndTheLatest) {
  file("o.csv",
       "id,day,kind\n"
       "1,2025-01-01,a\n"
       "2\n"
       "3,2052-01-01,b\n"
       "4,2025-07-02,a\n"
       "5,2052-03-04,a\n"
       "6,2053-02-30,a\n"
       "7,2025-07-01,a\n");
  EXPECT_EQ(warnings("filter: kind != 'b'\n" + kOrders),
            std::vector{fmt::format("2 rows are dated after today in day, up to 2052-03-04 (the first: {}:5){}",
                                    in_folder("o.csv"), kUndeclared)})
      << "neither the one that the filter leaves out, nor the one whose date is none; after a torn record";
  EXPECT_EQ(rows("SELECT count(*) FROM orders"), "4") << "they are taken";
}

TEST_F(RowsAheadTest, OneIsToldAlone) {
  file("o1.csv", "id,day\n1,2025-01-01\n");
  file("o2.csv", "id,day\n2,2025-01-01\n3,2025-07-02T00:30:00+02:00\n4,2025-07-01T23:59:00+02:00\n");
  EXPECT_EQ(warnings("input: \"o*.csv\"\ncolumns: {key: id, ordered_at: day}\n"),
            std::vector{fmt::format("1 row is dated after today in day: 2025-07-02 ({}:3){}", in_folder("o2.csv"),
                                    kUndeclared)})
      << "later today is not after today";
}

TEST_F(RowsAheadTest, WhereTheMapSaysWhenTheDataEndTheyMoveNothing) {
  file("o.csv", "id,day\n1,2025-01-01\n2,2052-01-01\n");
  EXPECT_EQ(warnings("complete_until: 2025-06-30\n" + kOrders),
            std::vector{fmt::format("1 row is dated after today in day: 2052-01-01 ({}:3); what is asked as of today "
                                    "does not see it",
                                    in_folder("o.csv"))});
}

TEST_F(RowsAheadTest, AreToldAgainWhenTheSameIsImportedAgain) {
  file("o.csv", "id,day\n1,2025-01-01\n2,2052-01-01\n");
  const auto first = warnings(kOrders);
  EXPECT_EQ(first.size(), 1U);
  EXPECT_EQ(warnings(kOrders), first);
}

TEST_F(RowsAheadTest, OfAQueryTheRowIsThatOfItsResult) {
  file("o.csv", "id,day\n1,2052-01-01\n2,2025-01-01\n");
  EXPECT_EQ(warnings("inputs: {o: o.csv}\nquery: SELECT id, day FROM o ORDER BY id DESC\ncolumns: {key: id, "
                     "ordered_at: day}\n"),
            std::vector{fmt::format("1 row is dated after today in day: 2052-01-01 (the query:2){}", kUndeclared)});
}

TEST_F(RowsAheadTest, PlansMayBeDatedAhead) {
  file("o.csv", "id,day,rep\n1,2026-01-01,x\n");
  EXPECT_EQ(warnings("input: o.csv\ncolumns: {day: day, name: id}\n", "holidays"), std::vector<std::string>());
}

}  // namespace
}  // namespace vigie::ingest

// What follows a row: neighbours and history; and that SQL and C++ read time alike.
#include "ingest/aftermath.h"

#include <random>

#include "base/hash.h"
#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

constexpr std::string_view kSomeOrders = R"(
map: orders
source: s
table: orders
input: orders.csv
columns: {key: id, ordered_at: day, customer_key: who, status: state}
)";

class AftermathTest : public ImportTest {
 protected:
  std::string neighbours() {
    return rows(
        "SELECT o.source_key, o.nth, p.source_key, n.source_key, o.prev_at_day, o.next_at_day FROM orders o LEFT JOIN "
        "orders p "
        "ON p.key = o.prev_key LEFT JOIN orders n ON n.key = o.next_key ORDER BY o.source_key");
  }
};

TEST_F(AftermathTest, OrdersKnowTheOnesBesideThem) {
  file("orders.csv",
       "id,day,who,state\n"
       "3,2025-03-01,a,confirmed\n"
       "1,2025-01-01,a,confirmed\n"
       "2,2025-02-01,a,cancelled\n"
       "4,2025-01-01,b,confirmed\n"
       "5,2025-01-01,,confirmed\n");
  take(kSomeOrders);
  // 2025-01-01 is day 20089, 03-01 day 20148. Cancelled orders and those of nobody have no neighbours.
  EXPECT_EQ(neighbours(), "1|1|-|3|-|20148\n2|-|-|-|-|-\n3|2|1|-|20089|-\n4|1|-|-|-|-\n5|-|-|-|-|-");
}

/// A model whose neighbours stand apart by a text: no sort in memory then (places.h), but a window over the staged
/// rows, joined back to them, as for more rows than may be kept in memory.
TEST_F(AftermathTest, WhereTheEngineSortsOrdersKnowTheOnesBesideThemToo) {
  std::filesystem::copy(std::filesystem::path(VIGIE_SOURCE_DIR) / "model", folder_ / "model",
                        std::filesystem::copy_options::recursive);
  std::ifstream in(folder_ / "model" / "orders.yaml", std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const std::string shipped = "by: [customer_key, document]";
  ASSERT_NE(text.find(shipped), std::string::npos);
  file("model/orders.yaml", text.replace(text.find(shipped), shipped.size(), "by: [customer_key, channel]"));
  model_ = std::make_unique<model::Model>(*model::Model::load(folder_ / "model"));
  open("Europe/Paris", "EUR");
  file("orders.csv",
       "id,day,who,state,by\n"
       "4,2025-04-01,a,confirmed,web\n"
       "1,2025-01-01,a,confirmed,web\n"
       "2,2025-02-01,a,cancelled,web\n"
       "3,2025-03-01,a,confirmed,shop\n"
       "5,2025-01-01,b,confirmed,web\n"
       "6,2025-01-01,,confirmed,web\n");
  take(
      "map: orders\nsource: s\ntable: orders\ninput: orders.csv\ncolumns: {key: id, ordered_at: day, customer_key: "
      "who, status: state, channel: by}\n");
  // 2025-01-01 is day 20089, 04-01 day 20179. Of a's web orders 1 and 4 are left, its order in the shop is alone.
  EXPECT_EQ(neighbours(), "1|1|-|4|-|20179\n2|-|-|-|-|-\n3|1|-|-|-|-\n4|2|1|-|20089|-\n5|1|-|-|-|-\n6|-|-|-|-|-");
}

TEST_F(AftermathTest, NeighboursFollowWhatLaterBatchesBringChangeAndMove) {
  file("orders.csv",
       "id,day,who,state\n1,2025-01-01,a,confirmed\n3,2025-03-01,a,confirmed\n4,2025-01-01,b,confirmed\n");
  take(kSomeOrders);
  file("orders.csv", "id,day,who,state\n2,2025-02-01,a,confirmed\n");
  take(kSomeOrders);
  EXPECT_EQ(neighbours(), "1|1|-|2|-|20120\n2|2|1|3|20089|20148\n3|3|2|-|20120|-\n4|1|-|-|-|-");
  file("orders.csv", "id,day,who,state\n1,2025-01-01,b,confirmed\n2,2025-02-01,a,cancelled\n");
  take(kSomeOrders);
  // a keeps 3 alone; b has 1 and 4 on one day, in the order of their internal keys
  EXPECT_EQ(rows("SELECT source_key, nth FROM orders WHERE source_key IN ('2', '3') ORDER BY 1"), "2|-\n3|1");
  EXPECT_EQ(
      rows("SELECT nth, prev_key IS NULL, next_key IS NULL FROM orders WHERE source_key IN ('1', '4') ORDER BY 1"),
      "1|true|false\n2|false|true");
  file("orders.csv", "id,day,who,state\n3,2025-03-01,,confirmed\n");
  take(kSomeOrders);
  EXPECT_EQ(rows("SELECT nth FROM orders WHERE source_key = '3'"), "-") << "a row that lost its customer keeps nothing";
}

TEST_F(AftermathTest, ADeletedRowKeepsItsPlaceAmongWhatHappenedBefore) {
  const std::string snapshot = std::string(kSomeOrders) + "mode: snapshot\n";
  file("orders.csv",
       "id,day,who,state\n1,2025-01-01,a,confirmed\n2,2025-02-01,a,confirmed\n3,2025-03-01,a,confirmed\n");
  take(snapshot);
  file("orders.csv", "id,day,who,state\n1,2025-01-01,a,confirmed\n3,2025-03-01,a,confirmed\n");
  take(snapshot);
  EXPECT_EQ(neighbours(), "1|1|-|2|-|20120\n2|2|1|3|20089|20148\n3|3|2|-|20120|-") << "flows keep it";
  // Deleted before the day it was to happen on (2025-02-01 is day 20120).
  file("orders.csv",
       "id,day,who,state,gone\n1,2025-01-01,a,confirmed,\n2,2025-02-01,a,confirmed,2025-01-20\n"
       "3,2025-03-01,a,confirmed,\n");
  std::string with_deletions(kSomeOrders);
  with_deletions.replace(with_deletions.find("status: state"), 13, "status: state, deleted_at: gone");
  take(with_deletions);
  EXPECT_EQ(neighbours(), "1|1|-|3|-|20148\n2|-|-|-|-|-\n3|2|1|-|20089|-");
}

// The window of neighbours_of is the reference; a whole new table is settled in memory (places.h), which is faster.
TEST_F(AftermathTest, PlacesAndWindowsAgreeOnRandomRows) {
  std::mt19937 random(20'250'101);
  const auto one_of = [&](std::initializer_list<const char*> texts) {
    return std::string(*(texts.begin() + random() % texts.size()));
  };
  std::string rows_of_file = "id,day,who,state,kind,gone\n";
  for (int row = 0; row < 600; ++row)
    rows_of_file += fmt::format("{},2025-0{}-{:02}{},{},{},{},{}\n", row, 1 + random() % 4, 1 + random() % 28,
                                one_of({"", " 08:30:00", " 23:59:59"}), one_of({"a", "b", "c", "d", ""}),
                                one_of({"confirmed", "confirmed", "cancelled", "draft"}), one_of({"order", "invoice"}),
                                one_of({"", "", "", "2025-02-10", "2025-06-01"}));
  file("orders.csv", rows_of_file);
  take(
      "map: orders\nsource: s\ntable: orders\ninput: orders.csv\ncolumns: {key: id, ordered_at: day, customer_key: "
      "who, "
      "status: state, document: kind, deleted_at: gone}\n");
  const model::Table& table = *model_->table("orders");
  std::string differs;
  for (const std::string& name : neighbour_names(table))
    differs += fmt::format("{0}o.{1} IS DISTINCT FROM n.{1}", differs.empty() ? "" : " OR ", name);
  const std::string by_window = neighbours_of(table, "SELECT rowid AS id, * FROM orders", table.neighbours->by);
  EXPECT_EQ(rows(fmt::format("SELECT count(*) FROM orders AS o LEFT JOIN ({}) AS n ON n.id = o.rowid WHERE {}",
                             by_window, differs)),
            "0");
  EXPECT_EQ(rows("SELECT count(*) > 100, count(*) FILTER (deleted_at IS NOT NULL) > 20 FROM orders WHERE nth > 1"),
            "true|true");
}

TEST_F(AftermathTest, TrackedColumnsKeepTheirEarlierValues) {
  const std::string map =
      "map: m\nsource: s\ntable: customers\ninput: c.csv\ncolumns: {key: id, segment: segment, updated_at: changed}\n";
  file("c.csv", "id,segment,changed\n1,small,2025-01-01T00:00:00Z\n2,small,\n");
  take(map);
  file("c.csv", "id,segment,changed\n1,large,2025-03-01T00:00:00Z\n2,large,\n");
  take(map);
  const auto at = [](const char* text) { return parse_instant(text)->micros; };
  const std::string history =
      "SELECT c.source_key, h.segment, h.valid_from, h.valid_to FROM customers_history h JOIN customers c USING (key) "
      "ORDER BY 1, 3";
  const std::int64_t beginning = at("1800-01-01T00:00:00Z");
  const std::int64_t march = at("2025-03-01T00:00:00Z");
  EXPECT_EQ(rows(history), fmt::format("1|small|{0}|{1}\n1|large|{1}|-\n2|small|{0}|{2}\n2|large|{2}|-", beginning,
                                       march, now_.micros));
  // A version dated like the one in force corrects it.
  file("c.csv", "id,segment,changed\n1,huge,2025-03-01T00:00:00Z\n");
  take(map);
  EXPECT_EQ(rows("SELECT h.segment FROM customers_history h JOIN customers c USING (key) WHERE c.source_key = '1' "
                 "ORDER BY valid_from"),
            "small\nhuge");
}

TEST_F(AftermathTest, HistoryIsWrittenOnlyWhereATrackedColumnChanged) {
  const std::string map =
      "map: m\nsource: s\ntable: customers\ninput: c.csv\ncolumns: {key: id, segment: s, name: n}\n";
  file("c.csv", "id,s,n\n1,small,a\n");
  take(map);
  file("c.csv", "id,s,n\n1,small,b\n");
  EXPECT_EQ(take(map).updated, 1);
  EXPECT_EQ(rows("SELECT count(*) FROM customers_history"), "0") << "the row itself says it all";
  file("c.csv", "id,s,n\n1,large,b\n2,small,c\n");
  take(map);
  // 1: two versions; 2: new in the batch that began the history, the one version it has.
  EXPECT_EQ(rows("SELECT c.source_key, h.segment, h.valid_to IS NULL FROM customers_history h JOIN customers c USING "
                 "(key) ORDER BY 1, valid_from"),
            "1|small|false\n1|large|true\n2|small|true");
}

TEST_F(AftermathTest, WhatAMapComesToTellIsNoChange) {
  const auto map = [](const std::string& more) {
    return "map: m\nsource: s\ntable: orders\ninput: o.csv\ncolumns: {key: id, ordered_at: day" + more + "}\n";
  };
  const std::string history =
      "SELECT o.source_key, k.source_key, h.status, h.valid_to IS NULL FROM orders_history h JOIN orders o USING (key) "
      "LEFT JOIN _keys_employees k ON k.key = h.owner_key ORDER BY 1, h.valid_from";
  file("o.csv", "id,day,who,state\n1,2025-01-01,ana,confirmed\n2,2025-01-02,bob,confirmed\n3,2025-01-03,,confirmed\n");
  take(map(""));
  EXPECT_EQ(take(map(", owner_key: who")).updated, 2);
  EXPECT_EQ(rows(history), "") << "who sold is told for the first time";
  file("o.csv",
       "id,day,who,state\n1,2025-01-01,cid,confirmed\n2,2025-01-02,bob,confirmed\n3,2025-01-03,dan,confirmed\n");
  take(map(", owner_key: who"));
  EXPECT_EQ(
      rows(history),
      "1|ana|confirmed|false\n1|cid|confirmed|true\n2|bob|confirmed|true\n3|-|confirmed|false\n3|dan|confirmed|true")
      << "the same map has told sellers before";
}

TEST_F(AftermathTest, WhatAMapComesToTellIsToldOfTheVersionsThatThereAre) {
  const auto map = [](const std::string& more) {
    return "map: m\nsource: s\ntable: orders\ninput: o.csv\ncolumns: {key: id, ordered_at: day, status: state" + more +
           "}\n";
  };
  const std::string history =
      "SELECT o.source_key, k.source_key, h.status, h.valid_from > 0 FROM orders_history h JOIN orders o USING (key) "
      "LEFT JOIN _keys_employees k ON k.key = h.owner_key ORDER BY 1, h.valid_from";
  file("o.csv",
       "id,day,who,state,changed\n1,2025-01-01,ana,draft,2025-01-01T00:00:00Z\n2,2025-01-02,bob,draft,2025-01-01T00:00:"
       "00Z\n");
  take(map(""));
  file("o.csv", "id,day,who,state,changed\n1,2025-01-01,ana,confirmed,2025-02-01T00:00:00Z\n");
  take(map(", updated_at: changed"));
  EXPECT_EQ(rows(history), "1|-|draft|false\n1|-|confirmed|true\n2|-|draft|false");
  // 1 changes nothing else; 2 comes in two versions, of which the first tells who had it all along.
  file("o.csv",
       "id,day,who,state,changed\n1,2025-01-01,ana,confirmed,2025-03-01T00:00:00Z\n"
       "2,2025-01-02,bob,draft,2025-03-01T00:00:00Z\n2,2025-01-02,cid,confirmed,2025-04-01T00:00:00Z\n");
  take(map(", updated_at: changed, owner_key: who"));
  EXPECT_EQ(rows(history), "1|ana|draft|false\n1|ana|confirmed|true\n2|bob|draft|false\n2|cid|confirmed|true");
}

TEST_F(AftermathTest, WhatWasToldAndThenEmptiedIsNotToldForTheFirstTime) {
  constexpr std::string_view map =
      "map: m\nsource: s\ntable: orders\ninput: o.csv\ncolumns: {key: id, ordered_at: day, owner_key: who, "
      "updated_at: changed}\n";
  for (const char* row : {"ana,2025-01-01", ",2025-02-01", "bob,2025-03-01"}) {
    file("o.csv", fmt::format("id,day,who,changed\n1,2025-01-01,{}T00:00:00Z\n", row));
    take(map);
  }
  EXPECT_EQ(rows("SELECT k.source_key, make_timestamp(h.valid_from)::DATE::VARCHAR, "
                 "make_timestamp(h.valid_to)::DATE::VARCHAR FROM "
                 "orders_history h LEFT JOIN _keys_employees k ON k.key = h.owner_key ORDER BY h.valid_from"),
            "ana|1800-01-01|2025-02-01\n-|2025-02-01|2025-03-01\nbob|2025-03-01|-");
}

/// Who had order 1, and from which day to which, by files of its versions.
class SlipsTest : public AftermathTest {
 protected:
  Receipt take_versions(const std::string& rows_of_file) {
    file("o.csv", "id,day,who,changed\n" + rows_of_file);
    return take(
        "map: m\nsource: s\ntable: orders\ninput: o.csv\ncolumns: {key: id, ordered_at: day, owner_key: who, "
        "updated_at: changed}\n");
  }
  std::string owner() {
    return rows("SELECT k.source_key FROM orders o JOIN _keys_employees k ON k.key = o.owner_key");
  }
  std::string owners() {
    return rows(
        "SELECT k.source_key, make_timestamp(h.valid_from)::DATE::VARCHAR, make_timestamp(h.valid_to)::DATE::VARCHAR "
        "FROM orders_history h LEFT JOIN _keys_employees k ON k.key = h.owner_key ORDER BY h.valid_from");
  }
  static std::string left_out(std::string_view which) {
    return fmt::format(
        "rows of orders that are left out, for their updated_at is yet to come and a dated version is there: {}",
        which);
  }
  const std::string ana_ = "1,2025-01-01,ana,2025-01-01T00:00:00Z\n", cid_ = "1,2025-01-01,cid,2025-02-01T00:00:00Z\n",
                    dan_ = "1,2025-01-01,dan,2025-03-01T00:00:00Z\n", undated_ = "1,2025-01-01,ana,\n",
                    slip_ = "1,2025-01-01,bob,2099-01-01T00:00:00Z\n";
};

// Imported on 1 July: ana had it in January, cid since February, and bob by a date that is yet to come.
TEST_F(SlipsTest, AnUpdateYetToComeRulesNoHistoryInEitherOrderOfTheFiles) {
  for (const auto& files : {std::vector{ana_, slip_, cid_}, std::vector{ana_, cid_, slip_}}) {
    open("Europe/Paris", "EUR");
    for (const char* run : {"first", "second"}) {
      for (const std::string& one : files) take_versions(one);
      EXPECT_EQ(owner(), "cid") << run << " run, last " << files.back();
      EXPECT_EQ(owners(), "ana|1800-01-01|2025-02-01\ncid|2025-02-01|-") << run << " run, last " << files.back();
    }
  }
}

TEST_F(SlipsTest, WhereNobodyDatesTheRowItIsDatedByItsImportUntilADatedOneComes) {
  take_versions(undated_);
  take_versions(slip_);
  EXPECT_EQ(owner(), "bob");
  EXPECT_EQ(owners(), "ana|1800-01-01|2025-07-01\nbob|2025-07-01|-");
  take_versions(cid_);
  EXPECT_EQ(owner(), "cid");
  EXPECT_EQ(owners(), "ana|1800-01-01|2025-02-01\ncid|2025-02-01|-");
}

TEST_F(SlipsTest, OneThatAnEarlierVigieDatedAsItSaysIsTakenBackToo) {
  take_versions(undated_);
  take_versions(slip_);
  const std::int64_t said = parse_instant("2099-01-01T00:00:00Z")->micros;
  ASSERT_TRUE(connection_->execute(fmt::format(
      "UPDATE orders_history SET valid_from = {0} WHERE valid_to IS NULL; UPDATE orders_history SET valid_to = {0} "
      "WHERE valid_to IS NOT NULL",
      said)));
  EXPECT_EQ(owners(), "ana|1800-01-01|2099-01-01\nbob|2099-01-01|-");
  take_versions(cid_);
  EXPECT_EQ(owners(), "ana|1800-01-01|2025-02-01\ncid|2025-02-01|-");
}

TEST_F(SlipsTest, AmongTheVersionsOfOneFileItIsNone) {
  take_versions(undated_);
  take_versions(slip_);
  EXPECT_EQ(take_versions(cid_ + dan_ + slip_).warnings, (std::vector<std::string>{left_out("1 (such as 1)")}));
  EXPECT_EQ(owner(), "dan");
  EXPECT_EQ(owners(), "ana|1800-01-01|2025-02-01\ncid|2025-02-01|2025-03-01\ndan|2025-03-01|-");
}

TEST_F(SlipsTest, OneThatGivesWayIsToldAndLeavesNothing) {
  take_versions(ana_);
  take_versions(cid_);
  take_versions("1,2025-01-02,cid,2099-01-01T00:00:00Z\n");
  EXPECT_EQ(owners(), "ana|1800-01-01|2025-02-01\ncid|2025-02-01|-") << "it gives way";
  EXPECT_EQ(take_versions("1,2025-01-01,eve,2098-01-01T00:00:00Z\n").warnings,
            std::vector<std::string>{left_out("1 (such as 1)")});
  take_versions(dan_);
  EXPECT_EQ(owners(), "ana|1800-01-01|2025-02-01\ncid|2025-02-01|2025-03-01\ndan|2025-03-01|-");
}

// How each version began: by its source, by the import that noted it, or by a slip.
TEST_F(SlipsTest, EachVersionSaysHowItBegan) {
  const auto after = [&](const std::vector<std::string>& files) {
    open("Europe/Paris", "EUR");
    for (const std::string& one : files) {
      take_versions(one);
      now_.micros += 3'600 * kMicrosPerSecond;
    }
    return rows(
        "SELECT k.source_key, h.begun_by, h.ended_by FROM orders_history h LEFT JOIN _keys_employees k ON k.key = "
        "h.owner_key ORDER BY h.valid_from");
  };
  const std::string hal = "1,2025-01-01,hal,\n", ana_by_slip = "1,2025-01-02,ana,2099-01-01T00:00:00Z\n";
  EXPECT_EQ(after({ana_, cid_, hal}), "ana|source|source\ncid|source|import\nhal|import|-");
  EXPECT_EQ(after({ana_ + cid_ + dan_}), "ana|source|source\ncid|source|source\ndan|source|-") << "in one file";
  EXPECT_EQ(after({undated_, cid_ + dan_}), "ana|source|source\ncid|source|source\ndan|source|-");
  EXPECT_EQ(after({undated_, slip_}), "ana|source|slip\nbob|slip|-");
  EXPECT_EQ(after({undated_, slip_, hal}), "ana|source|slip\nbob|slip|import\nhal|import|-");
  EXPECT_EQ(after({undated_, slip_, cid_}), "ana|source|source\ncid|source|-");
  EXPECT_EQ(after({slip_, hal}), "bob|slip|import\nhal|import|-");
  EXPECT_EQ(after({slip_, cid_}), "cid|source|-") << "the first word was a slip: it leaves nothing either";
  EXPECT_EQ(after({slip_, cid_ + dan_}), "cid|source|source\ndan|source|-");
  EXPECT_EQ(after({undated_, ana_by_slip, cid_}), "ana|source|source\ncid|source|-")
      << "the slip said nothing new: what it came to be told by is no slip";
}

TEST_F(SlipsTest, OneWhoseRowAnotherMapHasTouchedIsTakenBackToo) {
  take_versions(undated_);
  take_versions(slip_);
  file("n.csv", "id,day,channel\n1,2025-01-01,web\n");
  take(
      "map: n\nsource: s\ntable: orders\ninput: n.csv\ncolumns: {key: id, ordered_at: day, channel: "
      "channel}\n");
  take_versions(cid_);
  EXPECT_EQ(owners(), "ana|1800-01-01|2025-02-01\ncid|2025-02-01|-");
}

// Each file an hour after the one before it, from 9:00 on 1 July: cid has had it since March, dan by the import of
// 11:00.
TEST_F(SlipsTest, TheVersionsThatOthersBeganStayAsTheyAreWithoutTheSlip) {
  const auto after = [&](const std::vector<std::string>& files) {
    open("Europe/Paris", "EUR");
    now_ = *parse_instant("2025-07-01T09:00:00Z");
    for (const std::string& one : files) {
      take_versions(one);
      now_.micros += 3'600 * kMicrosPerSecond;
    }
    return rows(
        "SELECT k.source_key, make_timestamp(h.valid_from)::VARCHAR FROM orders_history h LEFT JOIN _keys_employees k "
        "ON k.key = h.owner_key ORDER BY h.valid_from");
  };
  const std::string cid = "1,2025-01-01,cid,2025-03-01T00:00:00Z\n", dan = "1,2025-01-01,dan,\n",
                    eve = "1,2025-01-01,eve,2025-02-01T00:00:00Z\n", fay = "1,2025-01-01,fay,2098-01-01T00:00:00Z\n",
                    dan_by_slip = "1,2025-01-02,dan,2099-01-01T00:00:00Z\n",
                    gus = "1,2025-01-01,gus,2025-07-01T13:30:00Z\n";
  const std::string until_dan = "ana|1800-01-01 00:00:00\ncid|2025-03-01 00:00:00\n";
  const std::string as_dan = until_dan + "dan|2025-07-01 11:00:00";
  EXPECT_EQ(after({ana_, cid, dan, eve}), as_dan) << "older than what was dated last: late, whatever came in between";
  EXPECT_EQ(after({ana_, cid, dan, slip_, eve}), as_dan) << "nor does a slip take the place of what was dated once";
  EXPECT_EQ(after({ana_, cid, dan, slip_, gus}), as_dan + "\ngus|2025-07-01 13:30:00");
  EXPECT_EQ(after({ana_, cid, dan, slip_, "1,2025-01-01,hal,\n"}), as_dan + "\nhal|2025-07-01 13:00:00");
  // Where nothing is dated yet, a slip takes its place until something is: then it leaves none, and what nobody dated
  // is a correction of what was said before the date, that held at no instant.
  const std::string eves = "ana|1800-01-01 00:00:00\ndan|2025-02-01 00:00:00\neve|2025-02-01 00:00:00";
  EXPECT_EQ(after({undated_, dan, eve}), eves) << "without a slip";
  EXPECT_EQ(after({undated_, dan, slip_, eve}), eves);
  EXPECT_EQ(after({undated_, dan, slip_, fay, eve}), eves) << "two slips";
  EXPECT_EQ(after({undated_, dan, dan_by_slip, eve}), eves) << "none began by it";
  EXPECT_EQ(after({undated_, dan, slip_, gus}),
            "ana|1800-01-01 00:00:00\ndan|2025-07-01 10:00:00\ngus|2025-07-01 13:30:00")
      << "told after the slip was imported";
  EXPECT_EQ(after({undated_, dan, slip_, "1,2025-01-01,hal,\n"}),
            "ana|1800-01-01 00:00:00\ndan|2025-07-01 10:00:00\nbob|2025-07-01 11:00:00\nhal|2025-07-01 12:00:00")
      << "what nobody dates comes after the slip";
}

TEST_F(SlipsTest, OneWhoseRowWasDeletedMeanwhileIsTakenBackToo) {
  constexpr std::string_view map =
      "map: m\nsource: s\ntable: orders\ninput: o.csv\nmode: snapshot\n"
      "columns: {key: id, ordered_at: day, owner_key: who, updated_at: changed}\n";
  const std::string other = "2,2025-01-01,zoe,2025-01-01T00:00:00Z\n";
  for (const std::string& one : {undated_ + other, slip_ + other, other, cid_ + other}) {
    file("o.csv", "id,day,who,changed\n" + one);
    take(map);
    now_.micros += 3'600 * kMicrosPerSecond;
  }
  EXPECT_EQ(owners(), "ana|1800-01-01|2025-02-01\nzoe|1800-01-01|-\ncid|2025-02-01|-");
}

// Of 1 the slip gives way within the file, of 2 to the version that is there; 3 has no dated one.
TEST_F(SlipsTest, ThoseOfOneFileAreToldTogether) {
  const std::string two = "2,2025-01-01,ana,2025-01-01T00:00:00Z\n",
                    two_slip = "2,2025-01-01,bob,2099-01-01T00:00:00Z\n";
  EXPECT_EQ(take_versions(slip_ + ana_ + two).warnings, std::vector<std::string>{left_out("1 (such as 1)")})
      << "into an empty table";
  const Receipt receipt = take_versions(slip_ + dan_ + two_slip + "3,2025-01-01,bob,\n3,2025-01-02,bob,2099-01-01\n");
  EXPECT_EQ(receipt.merged, 2);
  ASSERT_EQ(receipt.warnings.size(), 2U);
  EXPECT_EQ(receipt.warnings[0], left_out("2 (such as 1)"));
  EXPECT_EQ(receipt.warnings[1].substr(0, 58), "rows of orders whose updated_at is yet to come: 1 (such as");
}

TEST_F(SlipsTest, TheirKeysAreToldPartByPart) {
  constexpr std::string_view map =
      "map: m\nsource: s\ntable: orders\ninput: o.csv\ncolumns: {key: [shop, id], ordered_at: day, updated_at: "
      "changed}\n";
  file("o.csv", "shop,id,day,changed\n3,17,2025-01-01,2025-01-01\n");
  take(map);
  file("o.csv", "shop,id,day,changed\n3,17,2025-01-02,2099-01-01\n");
  EXPECT_EQ(take(map).warnings, std::vector<std::string>{left_out("1 (such as 3 / 17)")});
}

TEST_F(SlipsTest, AClockADayAheadMakesNone) {
  take_versions(ana_);
  EXPECT_EQ(take_versions("1,2025-01-01,bob,2025-07-02T08:00:00Z\n").warnings, std::vector<std::string>{});
  EXPECT_EQ(owners(), "ana|1800-01-01|2025-07-02\nbob|2025-07-02|-");
}

class VersionsTest : public AftermathTest {
 protected:
  static std::int64_t at(const char* text) { return parse_instant(text)->micros; }
  std::string history() {
    return rows(
        "SELECT c.source_key, h.segment, h.valid_from, h.valid_to FROM customers_history h JOIN customers c USING "
        "(key) "
        "ORDER BY 1, 3");
  }
  const std::string map_ =
      "map: m\nsource: s\ntable: customers\ninput: c.csv\n"
      "columns: {key: id, segment: segment, name: name, updated_at: changed}\n";
  const std::int64_t beginning_ = at("1800-01-01T00:00:00Z");
  const std::int64_t february_ = at("2025-02-01T00:00:00Z"), march_ = at("2025-03-01T00:00:00Z"),
                     april_ = at("2025-04-01T00:00:00Z");
};

TEST_F(VersionsTest, SeveralVersionsInOneFileEachHoldUntilTheNext) {
  file("c.csv",
       "id,segment,name,changed\n"
       "1,large,a,2025-03-01T00:00:00Z\n"
       "1,small,a,2025-01-01T00:00:00Z\n"
       "1,huge,a,2025-04-01T00:00:00Z\n"
       "2,small,b,2025-01-01T00:00:00Z\n"
       "3,small,c,2025-01-01T00:00:00Z\n"
       "3,small,other name,2025-02-01T00:00:00Z\n");
  const Receipt receipt = take(map_);
  EXPECT_EQ(receipt.loaded, 3);
  EXPECT_EQ(receipt.merged, 3);
  EXPECT_EQ(history(), fmt::format("1|small|{0}|{1}\n1|large|{1}|{2}\n1|huge|{2}|-\n2|small|{0}|-\n3|small|{0}|-",
                                   beginning_, march_, april_))
      << "the first holds from the beginning; a version that changes nothing tracked is none";
  EXPECT_EQ(rows("SELECT segment FROM customers ORDER BY source_key"), "huge\nsmall\nsmall");
}

TEST_F(VersionsTest, AChangeThatOneFileTellsTwiceIsDatedByTheFirst) {
  file("c.csv", "id,segment,name,changed\n1,small,a,2025-01-01T00:00:00Z\n");
  take(map_);
  file("c.csv",
       "id,segment,name,changed\n"
       "1,large,a,2025-03-01T00:00:00Z\n"
       "1,large,another name,2025-04-01T00:00:00Z\n");
  EXPECT_EQ(take(map_).updated, 1);
  EXPECT_EQ(history(), fmt::format("1|small|{0}|{1}\n1|large|{1}|-", beginning_, march_));
}

TEST_F(VersionsTest, TheyFollowTheVersionInForceAndLateOnesAreLeftOut) {
  file("c.csv", "id,segment,name,changed\n1,small,a,2025-02-01T00:00:00Z\n2,small,b,\n");
  take(map_);
  EXPECT_EQ(history(), "");
  file("c.csv",
       "id,segment,name,changed\n"
       "1,tiny,a,2025-01-01T00:00:00Z\n"  // older than what is known: late
       "1,large,a,2025-03-01T00:00:00Z\n"
       "1,huge,a,2025-04-01T00:00:00Z\n"
       "2,large,b,2025-03-01T00:00:00Z\n"
       "2,small,b,2025-04-01T00:00:00Z\n");
  const Receipt receipt = take(map_);
  EXPECT_EQ(receipt.updated, 2);
  EXPECT_EQ(receipt.unchanged, 3);
  EXPECT_EQ(
      history(),
      fmt::format("1|small|{0}|{1}\n1|large|{1}|{2}\n1|huge|{2}|-\n2|small|{0}|{1}\n2|large|{1}|{2}\n2|small|{2}|-",
                  beginning_, march_, april_));
}

TEST_F(VersionsTest, OfOneInstantTheLaterRowCounts) {
  file("c.csv",
       "id,segment,name,changed\n"
       "1,small,a,2025-02-01T00:00:00Z\n"
       "1,wrong,a,2025-03-01T00:00:00Z\n"
       "1,large,a,2025-03-01T00:00:00Z\n");
  take(map_);
  EXPECT_EQ(history(), fmt::format("1|small|{0}|{1}\n1|large|{1}|-", beginning_, march_));
  // Dated like the version in force: it corrects it, and the next one follows.
  file("c.csv",
       "id,segment,name,changed\n"
       "1,larger,a,2025-03-01T00:00:00Z\n"
       "1,huge,a,2025-04-01T00:00:00Z\n");
  take(map_);
  EXPECT_EQ(history(), fmt::format("1|small|{0}|{1}\n1|larger|{1}|{2}\n1|huge|{2}|-", beginning_, march_, april_));
}

TEST_F(VersionsTest, VersionsWithoutADateCannotBeTold) {
  file("c.csv",
       "id,segment,name,changed\n"
       "1,small,a,\n"
       "1,large,a,\n"
       "2,small,b,\n"
       "2,large,b,2025-02-01T00:00:00Z\n");
  take(map_);
  EXPECT_EQ(history(), fmt::format("1|large|{0}|-\n2|small|{0}|{1}\n2|large|{1}|-", beginning_, february_));
}

TEST_F(VersionsTest, EarlierAmountsArePricedAsTheirRowIs) {
  file("rates.csv", "day,cur,rate\n2025-01-06,USD,1.25\n");
  take(
      "map: rates\nsource: ecb\ntable: fx_rates\ninput: rates.csv\ncolumns: {date: day, currency: cur, per_euro: "
      "rate}\n");
  file("o.csv",
       "id,created,amount,cur,changed\n"
       "1,2025-01-06,100,USD,2025-02-01T00:00:00Z\n"
       "1,2025-01-06,200,USD,2025-03-01T00:00:00Z\n"
       "1,2025-01-06,200,EUR,2025-04-01T00:00:00Z\n");
  const std::string map =
      "map: deals\nsource: s\ntable: opportunities\ninput: o.csv\n"
      "columns: {key: id, created_at: created, amount: amount, currency: cur, updated_at: changed}\n";
  take(map);
  // 100 / 1.25 = 80; 200 / 1.25 = 160; 200 euros
  EXPECT_EQ(rows("SELECT amount_base, valid_to FROM opportunities_history ORDER BY valid_from"),
            fmt::format("80|{}\n160|{}\n200|-", march_, april_));
  file("rates.csv", "day,cur,rate\n2025-01-06,USD,2\n");
  take(
      "map: rates\nsource: ecb\ntable: fx_rates\ninput: rates.csv\ncolumns: {date: day, currency: cur, per_euro: "
      "rate}\n");
  EXPECT_EQ(rows("SELECT amount_base FROM opportunities_history ORDER BY valid_from"), "50\n100\n200");
  file("o.csv", "id,created,amount,cur,changed\n1,2025-01-06,30,USD,2025-05-01T00:00:00Z\n");
  take(map);
  EXPECT_EQ(rows("SELECT amount_base FROM opportunities_history ORDER BY valid_from"), "50\n100\n200\n15");
}

TEST_F(AftermathTest, LocalTimesAreReadAsTheZoneReadsThem) {
  open("Europe/Paris", "EUR");
  const auto new_york = *calendar::Zone::find("America/New_York");
  std::string csv = "id,at\n";
  std::vector<std::int64_t> locals;
  // Every 37 minutes around both changes of 2025 in New York and in Paris, and some of 1925 and 2150.
  for (const char* day : {"2025-03-09", "2025-11-02", "2025-03-30", "2025-10-26", "1925-06-14", "2150-07-01"})
    for (int minute = -180; minute < 1440 + 180; minute += 37)
      locals.push_back(parse_date(day)->days * kMicrosPerDay + minute * 60 * kMicrosPerSecond);
  for (std::size_t i = 0; i < locals.size(); ++i) {
    std::string text = to_string(Instant{locals[i]});
    csv += fmt::format("{},{}\n", i, text.substr(0, text.size() - 1));
  }
  file("o.csv", csv);
  take(
      "map: m\nsource: s\ntable: orders\ntime_zone: America/New_York\ninput: o.csv\ncolumns: {key: id, ordered_at: "
      "at}\n");
  const auto result =
      *connection_->query("SELECT source_key::INTEGER, ordered_at, ordered_at_day, ordered_at_off FROM orders");
  ASSERT_EQ(result.rows(), locals.size());
  for (std::size_t row = 0; row < result.rows(); ++row) {
    const Instant instant = new_york->from_local(locals[static_cast<std::size_t>(result.int64(row, 0))]);
    EXPECT_EQ(result.int64(row, 1), instant.micros);
    EXPECT_EQ(result.int64(row, 2), calendar_->zone().day_of(instant).days);
    EXPECT_EQ(result.int64(row, 3), calendar_->zone().offset_minutes(instant));
  }
}

TEST_F(AftermathTest, InstantsWithAZoneKeepIt) {
  file("o.csv", "id,at\n1,2025-01-31T23:30:00Z\n2,2025-01-31T23:30:00+01:00\n3,2025-01-31\n");
  take("map: m\nsource: s\ntable: orders\ntime_zone: Asia/Tokyo\ninput: o.csv\ncolumns: {key: id, ordered_at: at}\n");
  // 23:30 UTC is half past midnight of 1 February in Paris; a bare date is the day of the reporting zone.
  EXPECT_EQ(rows("SELECT ordered_at_day, ordered_at_bare FROM orders ORDER BY source_key"),
            "20120|false\n20119|false\n20119|true");
}

TEST_F(AftermathTest, KeysAreThoseOfTheWarehouse) {
  file("o.csv", "a,b,day,c\n1,2,2025-01-01,x\n");
  take("map: m\nsource: s\ntable: orders\ninput: o.csv\ncolumns: {key: [a, b], ordered_at: day, customer_key: c}\n");
  EXPECT_EQ(rows("SELECT key, customer_key FROM orders"), fmt::format("{}|{}",
                                                                      store::natural_key("s", "orders",
                                                                                         "1\x1f"
                                                                                         "2"),
                                                                      store::natural_key("s", "customers", "x")));
}

}  // namespace
}  // namespace vigie::ingest

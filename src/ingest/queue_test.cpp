// The quarantine as a queue: rows wait, are mended, come in late, and leave; and the account holds all along.
#include "ingest/import_fixture.h"
#include "ingest/mend.h"

namespace vigie::ingest {
namespace {

constexpr std::string_view kWaitingOrders = R"(
map: shop_orders
source: shop
table: orders
input: orders.csv
columns:
  key: number
  customer_key: customer
  ordered_at: {from: date, as: date}
  amount_net: total
  status: {from: state, values: {paid: confirmed}}
  updated_at: changed
)";

class Queue : public ImportTest {
 protected:
  Context context() const { return {*database_, *model_, *calendar_, currency_, clock_}; }
  FindMap here() const {
    return
        [this](const std::string&, const std::string&) { return Result<std::filesystem::path>(folder_ / "map.yaml"); };
  }
  static QuarantineFilter ids(std::vector<std::int64_t> which) {
    return {.batch = 0, .map = "", .ids = std::move(which)};
  }
  Request of_file(const std::string& name) const {
    Request out;
    out.files = {folder_ / name};
    return out;
  }
  Result<ReplayReport> replayed(const QueueOrder& order = {}) const { return replay(context(), order, here()); }
  /// "read 2 = 1 + 0 + 0 + 1" of the only map; or its error.
  std::string replay_now(const QueueOrder& order = {}) const {
    const auto report = replayed(order);
    if (!report) return report.error().text();
    if (report->maps.empty()) return "nothing waits";
    const ReplayOfMap& one = report->maps.front();
    if (one.error) return one.error->text();
    const Receipt& r = one.receipt;
    EXPECT_EQ(r.read, r.loaded + r.updated + r.unchanged + r.quarantined);
    return fmt::format("read {} = {} + {} + {} + {}", r.read, r.loaded, r.updated, r.unchanged, r.quarantined);
  }
  std::string waiting() { return rows("SELECT id, row, reasons FROM _waiting ORDER BY id"); }
  std::string settled() { return rows("SELECT id, outcome, into_batch FROM _settled ORDER BY id"); }
  /// Of every receipt, quarantined = those that wait + those that left. Replays tell of those of other batches.
  void expect_account() {
    EXPECT_EQ(
        rows("SELECT batch FROM _batches AS b WHERE digest NOT LIKE 'replay%' AND (receipt->>'$.quarantined')::BIGINT "
             "<> (SELECT count(*) FROM _waiting AS w WHERE w.batch = b.batch) + (SELECT count(*) FROM _settled AS s "
             "WHERE s.batch = b.batch)"),
        "");
    EXPECT_EQ(
        rows("SELECT count(*) FROM _waiting AS w WHERE NOT EXISTS (SELECT 1 FROM _quarantine AS q WHERE q.batch = "
             "w.batch AND q.file = w.file AND q.row = w.row)"),
        "0");
    EXPECT_EQ(
        rows("SELECT count(*) FROM _quarantine AS q WHERE NOT EXISTS (SELECT 1 FROM _waiting AS w WHERE q.batch = "
             "w.batch AND q.file = w.file AND q.row = w.row)"),
        "0");
  }

  FixedClock clock_{now_};
};

class QueueOfOrders : public Queue {
 protected:
  void SetUp() override {
    Queue::SetUp();
    file("orders.csv",
         "number,customer,date,total,state,changed\n"
         "1,a,2025-01-31,10,paid,2025-02-01\n"
         "2,a,2025-02-31,20,paid,2025-02-01\n"
         "3,b,2025-02-28,free,paid,2025-02-01\n"
         "4,b,2025-02-28,40,lost,2025-02-01\n"
         "5,b,2025-02-28,50,lost,2025-02-01\n"
         "6,b\n");
    EXPECT_EQ(take(kWaitingOrders).quarantined, 5);
  }
};

TEST_F(QueueOfOrders, GivesEachRowANumberForGood) {
  EXPECT_EQ(waiting(),
            "1|7|csv.columns\n2|3|cast.date date\n3|4|cast.number total\n4|5|cast.enum state\n5|6|cast.enum state");
  expect_account();
  // The file again, mended in two places: the others are the rows they were.
  file("orders.csv",
       "number,customer,date,total,state,changed\n"
       "1,a,2025-01-31,10,paid,2025-02-01\n"
       "2,a,2025-02-28,20,paid,2025-02-01\n"
       "3,b,2025-02-28,free,paid,2025-02-01\n"
       "4,b,2025-02-28,40,paid,2025-02-01\n"
       "5,b,2025-02-28,50,lost,2025-02-01\n"
       "6,b\n");
  EXPECT_EQ(take(kWaitingOrders).loaded, 2);
  EXPECT_EQ(waiting(), "1|7|csv.columns\n3|4|cast.number total\n5|6|cast.enum state");
  EXPECT_EQ(settled(), "1|refused_again|2\n2|superseded|2\n3|refused_again|2\n4|superseded|2\n5|refused_again|2");
  expect_account();
}

TEST_F(QueueOfOrders, RunsAgainThroughTheMapAsItIsNow) {
  EXPECT_EQ(replay_now(), "read 5 = 0 + 0 + 0 + 5") << "nothing was mended";
  EXPECT_EQ(rows("SELECT count(*) FROM _batches"), "1") << "and nothing was written of it";
  std::string mended(kWaitingOrders);
  mended.replace(mended.find("{paid: confirmed}"), 17, "{paid: confirmed, lost: cancelled}");
  file("map.yaml", mended);
  EXPECT_EQ(replay_now(), "read 5 = 2 + 0 + 0 + 3");
  EXPECT_EQ(rows("SELECT source_key, status, amount_net, batch FROM orders ORDER BY source_key"),
            "1|confirmed|10|1\n4|cancelled|40|2\n5|cancelled|50|2");
  EXPECT_EQ(waiting(), "1|7|csv.columns\n2|3|cast.date date\n3|4|cast.number total");
  EXPECT_EQ(settled(), "4|replayed|2\n5|replayed|2");
  EXPECT_EQ(rows("SELECT receipt->>'$.loaded', receipt->>'$.quarantined' FROM _batches WHERE batch = 2"), "2|3");
  expect_account();
  EXPECT_EQ(replay_now(), "read 3 = 0 + 0 + 0 + 3") << "again";
  EXPECT_EQ(replay_now({.which = ids({4}), .by = "", .why = ""}),
            "row 4 has left the quarantine: replayed, 2025-07-01T09:00:00Z; vigie quarantine show 4 tells more");
  // The file as it was brings nothing twice.
  const Receipt again = take(mended);
  EXPECT_EQ(again.loaded + again.updated, 0);
  EXPECT_EQ(again.quarantined, 3);
  EXPECT_EQ(waiting(), "1|7|csv.columns\n2|3|cast.date date\n3|4|cast.number total");
  expect_account();
}

TEST_F(QueueOfOrders, TakesARecordApartOnceTheMapSaysHow) {
  std::string filling(kWaitingOrders);
  filling.replace(filling.find("input: orders.csv"), 17, "input: {files: orders.csv, short_rows: fill}");
  filling.replace(filling.find("{from: date, as: date}"), 22, "{from: date, as: date, default: 2025-03-01}");
  file("map.yaml", filling);
  EXPECT_EQ(replay_now({.which = ids({1}), .by = "", .why = ""}), "read 1 = 1 + 0 + 0 + 0");
  EXPECT_EQ(rows("SELECT source_key, amount_net, ordered_at_day FROM orders WHERE batch = 2"), "6|-|20148");
}

TEST_F(QueueOfOrders, TakesTheValueThatAPersonGives) {
  const auto fixed =
      fix(context(),
          {.which = {.batch = 0, .map = "", .code = "cast.enum"}, .set = {{"state", "paid"}}, .by = "", .why = ""});
  ASSERT_TRUE(fixed) << fixed.error().text();
  EXPECT_EQ(fixed->rows, 2);
  EXPECT_EQ(rows("SELECT id, fixed FROM _waiting WHERE fixed IS NOT NULL ORDER BY id"),
            "4|{\"state\":\"paid\"}\n5|{\"state\":\"paid\"}");
  ASSERT_TRUE(fix(context(), {.which = ids({4}), .set = {{"total", "41"}, {"customer", ""}}, .by = "", .why = ""}));
  EXPECT_EQ(rows("SELECT count(*) FROM orders"), "1") << "nothing is loaded by it";
  EXPECT_EQ(replay_now(), "read 5 = 2 + 0 + 0 + 3");
  EXPECT_EQ(rows("SELECT source_key, status, amount_net, customer_key IS NULL FROM orders WHERE batch = 2 ORDER BY "
                 "source_key"),
            "4|confirmed|41|true\n5|confirmed|50|false");
  const auto wrong = [&](const QueueOrder& order) { return fix(context(), order).error().text(); };
  EXPECT_EQ(wrong({.which = ids({2}), .set = {{"dat", "2025-02-28"}}, .by = "", .why = ""}),
            "row 2 has no column \"dat\"; did you mean \"date\"?");
  EXPECT_EQ(
      wrong({.which = ids({1}), .set = {{"date", "2025-02-28"}}, .by = "", .why = ""}),
      "row 1 is a record that was not taken apart: it has no columns to set; write it out with --out rows.csv, fill "
      "in its columns, and vigie quarantine replay rows.csv");
  EXPECT_EQ(wrong({.which = ids({9}), .set = {{"date", "2025-02-28"}}, .by = "", .why = ""}),
            "there is no row 9 in the quarantine; vigie quarantine list prints those that wait");
  EXPECT_EQ(
      wrong({.which = {}, .set = {{"date", "x"}}, .by = "", .why = ""}),
      "it is not said of which rows; name them by their numbers, or say --where code=cast.enum, --map or --batch");
  // The same file once more: what was given for a row is given for it again, and no row waits for it anew in vain.
  file("orders2.csv", "number,customer,date,total,state,changed\n5,b,2025-02-28,50,lost,2025-02-01\n");
  EXPECT_EQ(take(kWaitingOrders, of_file("orders2.csv")).quarantined, 1);
  EXPECT_EQ(replay_now({.which = {.batch = 3, .map = ""}, .by = "", .why = ""}), "read 1 = 0 + 0 + 1 + 0");
  expect_account();
}

TEST_F(QueueOfOrders, TakesRowsThatWereWrittenOver) {
  // As a French spreadsheet would save it: other separators, and the torn record filled in.
  file("rows.csv",
       "_id;_map;_reasons;number;customer;date;total;state;changed\n"
       "1;shop_orders;csv.columns;6;b;2025-03-31;60;paid;2025-02-01\n"
       "2;shop_orders;cast.date date;2;a;2025-02-28;20;paid;2025-02-01\n"
       "3;shop_orders;cast.number total;3;b;2025-02-28;free;paid;2025-02-01\n");
  const auto report = replayed({.which = {}, .file = folder_ / "rows.csv", .by = "", .why = ""});
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->fixed.rows, 2);
  EXPECT_EQ(report->fixed.columns.at("date"), 2);
  ASSERT_FALSE(report->maps.front().error) << report->maps.front().error->text();
  EXPECT_EQ(report->maps.front().receipt.loaded, 2);
  EXPECT_EQ(report->maps.front().receipt.quarantined, 1);
  EXPECT_EQ(rows("SELECT source_key, amount_net FROM orders WHERE batch = 2 ORDER BY 1"), "2|20\n6|60");
  EXPECT_EQ(waiting(), "3|4|cast.number total\n4|5|cast.enum state\n5|6|cast.enum state");
  file("rows.csv", "number,total\n3,30\n");
  EXPECT_EQ(
      replay_now({.which = {}, .file = folder_ / "rows.csv", .by = "", .why = ""}),
      (folder_ / "rows.csv").string() +
          ": it has no column \"_id\", which names the rows; write the rows anew with vigie quarantine fix --out, and "
          "leave the columns that begin with _ as they are");
  file("rows.csv", "_id,totl\n3,30\n");
  EXPECT_TRUE(replay_now({.which = {}, .file = folder_ / "rows.csv", .by = "", .why = ""})
                  .starts_with((folder_ / "rows.csv").string() + ": row 3 has no column \"totl\""));
  expect_account();
}

TEST_F(QueueOfOrders, DropsWhatIsNotWantedWithATrace) {
  EXPECT_EQ(drop(context(), {.which = ids({4}), .by = "anna", .why = ""}).error().text(),
            "it is not said why these rows are not wanted; say --why 'test orders': it is kept with them");
  EXPECT_EQ(drop(context(), {.which = {}, .by = "anna", .why = "tests"}).error().code, "quarantine.order");
  EXPECT_EQ(drop(context(), {.which = {.batch = 0, .map = "", .column = "state"}, .by = "anna", .why = "tests"})->rows,
            2);
  EXPECT_EQ(waiting(), "1|7|csv.columns\n2|3|cast.date date\n3|4|cast.number total");
  EXPECT_EQ(rows("SELECT id, outcome, by_whom, why, record->>'$.number', batch FROM _settled ORDER BY id"),
            "4|dropped|anna|tests|4|1\n5|dropped|anna|tests|5|1");
  expect_account();
  // What was dropped once does not come back with its file.
  file("orders.csv",
       "number,customer,date,total,state,changed\n"
       "4,b,2025-02-28,40,lost,2025-02-01\n"
       "7,b,2025-02-28,40,lost,2025-02-01\n"
       "8,b,2025-02-28,40,paid,2025-02-01\n");
  EXPECT_EQ(take(kWaitingOrders).quarantined, 2);
  EXPECT_EQ(rows("SELECT row, reasons FROM _waiting"), "3|cast.enum state");
  expect_account();
}

TEST_F(QueueOfOrders, NeverOverwritesALaterVersion) {
  file("later.csv",
       "number,customer,date,total,state,changed\n"
       "2,a,2025-02-28,21,paid,2025-03-01\n"
       "3,b,2025-02-28,31,paid,2025-01-01\n");
  take(kWaitingOrders, of_file("later.csv"));
  EXPECT_EQ(settled(), "2|superseded|2") << "told later; 3 was told before the one that waits";
  ASSERT_TRUE(fix(context(), {.which = ids({3}), .set = {{"total", "30"}}, .by = "", .why = ""}));
  EXPECT_EQ(replay_now({.which = ids({3}), .by = "", .why = ""}), "read 1 = 0 + 1 + 0 + 0");
  EXPECT_EQ(rows("SELECT source_key, amount_net FROM orders ORDER BY 1"), "1|10\n2|21\n3|30");
  expect_account();
}

constexpr std::string_view kPushedItems = R"(
map: items
source: shop
table: orders
input: {files: items.jsonl}
columns: {key: id, ordered_at: day, amount_net: amount}
)";

class QueueOfEvents : public Queue {
 protected:
  Receipt push(const std::string& name, const std::string& lines) {
    file(name, lines);
    Request request;
    request.files = {folder_ / name};
    request.applied = {{"events/items", ++sequence_}};
    return take(kPushedItems, request);
  }
  std::int64_t sequence_ = 0;
};

TEST_F(QueueOfEvents, OfVersionsWithoutATimeTheLaterToComeWins) {
  push("1.jsonl", "{\"id\":\"a\",\"day\":\"2025-01-01\",\"amount\":\"1o\"}\n");
  push("2.jsonl", "{\"id\":\"a\",\"day\":\"2025-01-01\",\"amount\":\"2o\"}\n");
  push("3.jsonl", "{\"id\":\"b\",\"day\":\"2025-01-01\",\"amount\":\"1o\"}\n");
  push("4.jsonl", "{\"id\":\"b\",\"day\":\"2025-01-01\",\"amount\":7}\n");
  EXPECT_EQ(settled(), "3|superseded|4") << "its later version was taken";
  ASSERT_TRUE(fix(context(), {.which = ids({1}), .set = {{"amount", "10"}}, .by = "", .why = ""}));
  ASSERT_TRUE(fix(context(), {.which = ids({2}), .set = {{"amount", "20"}}, .by = "", .why = ""}));
  EXPECT_EQ(replay_now({.which = ids({2}), .by = "", .why = ""}), "read 1 = 1 + 0 + 0 + 0");
  EXPECT_EQ(settled(), "1|superseded|5\n2|replayed|5\n3|superseded|4") << "the first waits for nothing any more";
  EXPECT_EQ(rows("SELECT amount_net FROM orders WHERE source_key = 'a'"), "20");
  expect_account();
}

TEST_F(QueueOfEvents, AnEarlierOneComesBeforeALaterThatWaits) {
  push("1.jsonl", "{\"id\":\"a\",\"day\":\"2025-01-01\",\"amount\":\"1o\"}\n");
  push("2.jsonl", "{\"id\":\"a\",\"day\":\"2025-01-01\",\"amount\":\"2o\"}\n");
  for (const auto& [id, amount] : {std::pair(1, "10"), std::pair(2, "20")})
    ASSERT_TRUE(fix(context(), {.which = ids({id}), .set = {{"amount", amount}}, .by = "", .why = ""}));
  EXPECT_EQ(replay_now({.which = ids({1}), .by = "", .why = ""}), "read 1 = 1 + 0 + 0 + 0");
  EXPECT_EQ(replay_now({.which = ids({2}), .by = "", .why = ""}), "read 1 = 0 + 1 + 0 + 0") << "it came later";
  EXPECT_EQ(rows("SELECT amount_net FROM orders"), "20");
  expect_account();
}

TEST_F(QueueOfEvents, OfOneFileTheLaterLineWins) {
  push("1.jsonl",
       "{\"id\":\"a\",\"day\":\"2025-01-01\",\"amount\":\"1o\"}\n"
       "{\"id\":\"a\",\"day\":\"2025-01-01\",\"amount\":2}\n"
       "{\"id\":\"b\",\"day\":\"2025-01-01\",\"amount\":3}\n"
       "{\"id\":\"b\",\"day\":\"2025-01-01\",\"amount\":\"4o\"}\n"
       "no object\n");
  EXPECT_EQ(settled(), "1|superseded|1") << "the line after it was taken; that of b comes after the one that was taken";
  ASSERT_TRUE(fix(context(), {.which = ids({2}), .set = {{"amount", "40"}}, .by = "", .why = ""}));
  EXPECT_EQ(replay_now(), "read 2 = 0 + 1 + 0 + 1");
  EXPECT_EQ(rows("SELECT source_key, amount_net FROM orders ORDER BY 1"), "a|2\nb|40");
  EXPECT_EQ(rows("SELECT code, record FROM _quarantine"), "json.invalid|no object") << "its text is kept";
  expect_account();
}

TEST_F(Queue, KeepsTheNumberOfARowWithoutAKey) {
  const std::string map =
      "map: costs\nsource: books\ntable: costs\ninput: costs.csv\n"
      "columns: {booked_on: day, amount: sum, function: {value: sales}, share: {value: 1}}\n";
  file("costs.csv", "day,sum\n2025-01-01,1\n2025-01-01,2x\n2025-01-01,3\n");
  EXPECT_EQ(take(map).quarantined, 1);
  ASSERT_TRUE(fix(context(), {.which = ids({1}), .set = {{"sum", "2"}}, .by = "", .why = ""}));
  EXPECT_EQ(replay_now(), "read 1 = 1 + 0 + 0 + 0");
  // The map is mended for good, and the same file comes again: the row is the one that is there.
  const Receipt again = take(map + "symbols: [x]\n");
  EXPECT_EQ(again.loaded, 0) << "no row counts twice";
  EXPECT_EQ(again.unchanged, 3);
  expect_account();
}

TEST_F(Queue, ReadsWhatAQueryGave) {
  const std::string map =
      "map: sums\nsource: shop\ntable: orders\ninputs: {f: f.csv}\n"
      "query: SELECT id, day, CAST(a AS DECIMAL(9,2)) * 2 AS twice, state FROM f\ndecimal: \",\"\n"
      "columns: {key: id, ordered_at: day, amount_net: twice, status: {from: state, values: {ok: confirmed}}}\n";
  file("f.csv", "id,day,a,state\n1,2025-01-01,1.25,ok\n2,2025-01-01,2.25,odd\n3\n");
  EXPECT_EQ(take(map).quarantined, 2);
  std::string mended = map;
  mended.replace(mended.find("{ok: confirmed}"), 15, "{ok: confirmed, odd: test}");
  file("map.yaml", mended);
  const auto report = replayed();
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_EQ(report->maps.size(), 1U);
  ASSERT_FALSE(report->maps[0].error) << report->maps[0].error->text();
  EXPECT_EQ(report->maps[0].receipt.loaded, 1);
  ASSERT_EQ(report->maps[0].untried.size(), 1U) << "a record of the file is no row of the query";
  EXPECT_EQ(report->maps[0].untried[0].hint, "mend the file and import it again");
  EXPECT_EQ(rows("SELECT source_key, amount_net, status FROM orders ORDER BY 1"), "1|2.5|confirmed\n2|4.5|test")
      << "a number of the query keeps its own writing, whatever the map says of texts";
  expect_account();
}

constexpr std::string_view kOfASource =
    "map: m\nsource: erp\ntable: orders\ninput: {from_source: true}\ndecimal: ','\ndate_format: '%d/%m/%Y'\n"
    "columns: {key: id, ordered_at: day, amount_net: amount, status: {from: state, values: {ok: confirmed}}}\n";

class QueueOfASource : public Queue {
 protected:
  Request supplied(const std::string& at, std::string_view rows, bool whole) {
    Request out;
    out.supply = Supply{file("rows.csv", rows),
                        "erp: orders" + (whole ? std::string() : ", " + at),
                        "erp: orders",
                        whole,
                        {Supply::Written::text, Supply::Written::time, Supply::Written::number}};
    return out;
  }
};

TEST_F(QueueOfASource, KeepsTheWritingOfTheSource) {
  const std::string_view rows_now = "id,day,amount,state\n1,2025-06-01 10:00:00+00,10.25,odd\n2,2025-06-02,3,ok\n";
  EXPECT_EQ(take(kOfASource, supplied("9:00", rows_now, false)).quarantined, 1);
  // The window of the cursor overlaps: the same record comes once more, beside a new one.
  take(kOfASource, supplied("9:10", std::string(rows_now) + "3,2025-06-02,3,ok\n", false));
  EXPECT_EQ(rows("SELECT id, batch FROM _waiting"), "1|2") << "one row, not two";
  expect_account();
  std::string mended(kOfASource);
  mended.replace(mended.find("{ok: confirmed}"), 15, "{ok: confirmed, odd: test}");
  file("map.yaml", mended);
  EXPECT_EQ(replay_now(), "read 1 = 1 + 0 + 0 + 0");
  EXPECT_EQ(rows("SELECT amount_net, make_timestamp(ordered_at)::VARCHAR FROM orders WHERE source_key = '1'"),
            "10.25|2025-06-01 10:00:00");
  expect_account();
}

TEST_F(QueueOfASource, ForgetsARowThatTheSourceHasNoMore) {
  take(kOfASource, supplied("", "id,day,amount,state\n1,2025-06-01,1,odd\n2,2025-06-02,3,ok\n", true));
  const Receipt later = take(kOfASource, supplied("", "id,day,amount,state\n2,2025-06-02,3.0,ok\n", true));
  EXPECT_EQ(later.unchanged, 1);
  EXPECT_FALSE(later.nothing_new) << "a row has left the queue";
  EXPECT_EQ(waiting(), "");
  expect_account();
}

TEST_F(Queue, ALaterSnapshotSaysAllThereIs) {
  const std::string map =
      "map: all\nsource: shop\ntable: products\nmode: snapshot\ninput: p.csv\ncolumns: {key: id, name: name, "
      "cost: "
      "cost}\n";
  file("p.csv", "id,name,cost\n1,a,1\n2,b,x\n");
  EXPECT_EQ(take(map).quarantined, 1);
  file("q.csv", "id,name,cost\n1,a,1\n3,c,3\n");
  take(map, of_file("q.csv"));
  EXPECT_EQ(settled(), "1|superseded|2");
  EXPECT_EQ(replay_now(), "nothing waits");
  expect_account();
}

TEST_F(Queue, TakesOverWhatAnEarlierVersionLeft) {
  file("orders.csv",
       "number,customer,date,total,state,changed\n"
       "1,a,2025-01-31,10,paid,2025-02-01\n"
       "2,a,2025-02-28,20,odd,2025-02-01\n"
       "3,a\n");
  EXPECT_EQ(take(kWaitingOrders).quarantined, 2);
  // As that version would leave it: the complaints alone.
  ASSERT_TRUE(connection_->execute("DROP TABLE _waiting; DROP TABLE _settled"));
  ASSERT_TRUE(prepare(*database_));
  EXPECT_EQ(waiting(), "1|4|csv.columns\n2|3|cast.enum state");
  std::string mended(kWaitingOrders);
  mended.replace(mended.find("{paid: confirmed}"), 17, "{paid: confirmed, odd: test}");
  file("map.yaml", mended);
  EXPECT_EQ(replay_now(), "read 2 = 1 + 0 + 0 + 1");
  EXPECT_EQ(rows("SELECT source_key, amount_net, status FROM orders ORDER BY 1"), "1|10|confirmed\n2|20|test");
  expect_account();
}

TEST_F(QueueOfOrders, ShowsOneWhole) {
  const auto row = queued_row(context(), 4, here());
  ASSERT_TRUE(row) << row.error().text();
  EXPECT_EQ(row->columns, (std::vector<std::string>{"number", "customer", "date", "total", "state", "changed"}));
  EXPECT_EQ(row->values[4], "lost");
  ASSERT_EQ(row->complaints.size(), 1U);
  EXPECT_EQ(row->complaints[0].message, "not one of: paid");
  EXPECT_EQ(row->complaints[0].asked_by.line, 11);
  EXPECT_EQ(row->complaints[0].asked_text, "status: {from: state, values: {paid: confirmed}}");
  ASSERT_TRUE(fix(context(), {.which = ids({4}), .set = {{"state", "paid"}}, .by = "", .why = ""}));
  EXPECT_EQ(queued_row(context(), 4, here())->values[4], "paid");
  EXPECT_EQ(queued_row(context(), 4, here())->fixed.front().second, "paid");
  ASSERT_TRUE(drop(context(), {.which = ids({4}), .by = "anna", .why = "a test"}));
  const auto gone = queued_row(context(), 4, here());
  ASSERT_TRUE(gone->settled);
  EXPECT_EQ(gone->settled->why, "a test");
  EXPECT_EQ(queued_row(context(), 77, here()).error().code, "quarantine.none");
  const auto rest = queued_rows(context(), {.batch = 0, .map = "", .limit = 2, .bytes = 1'000'000, .from = 1});
  ASSERT_TRUE(rest) << rest.error().text();
  EXPECT_EQ(rest->rows.size(), 2U);
  EXPECT_EQ(rest->rows[0].id, 2);
  EXPECT_EQ(rest->left_out, 1);
  const auto reasons = quarantine_reasons(*database_, {.batch = 0, .map = "", .limit = 10}, {});
  ASSERT_TRUE(reasons) << reasons.error().text();
  EXPECT_EQ(reasons->reasons.size(), 4U);
}

}  // namespace
}  // namespace vigie::ingest

// Maps whose rows are made by a query over several files.
#include <thread>

#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

class QueryTest : public ImportTest {
 protected:
  std::string map(std::string_view query) {
    return fmt::format(
        "map: m\nsource: s\ntable: orders\ninputs:\n  orders: o.csv\n  items: {{files: i.csv, null_values: "
        "[NA]}}\nquery: |\n  "
        "{}\ncolumns: {{key: id, ordered_at: day, amount_net: total}}\n",
        query);
  }
  void SetUp() override {
    ImportTest::SetUp();
    file("o.csv", "id,day\n1,2025-01-01\n2,2025-01-02\n");
    file("i.csv", "order_id,price\n1,10.10\n1,0.20\n2,NA\n");
  }
};

TEST_F(QueryTest, JoinsAndSumsExactly) {
  const Receipt receipt =
      take(map("SELECT o.id, o.day, sum(i.price::DECIMAL(18,2)) AS total FROM orders o LEFT JOIN items i ON i.order_id "
               "= o.id GROUP BY ALL"));
  EXPECT_EQ(receipt.loaded, 2);
  EXPECT_EQ(rows("SELECT source_key, amount_net FROM orders ORDER BY 1"), "1|10.3\n2|-");
}

/// The reader of the import itself, with the options of a map.
TEST_F(QueryTest, NumbersAreReadAsAMapSaysTheyAreWritten) {
  file("i.csv", "order_id,price\n1,\"1 234,50 €\"\n2,2 x 3\n");
  const auto query = [&](std::string_view options) {
    return map(fmt::format(
        "SELECT o.id, o.day, vigie_number(price, '{}') AS total FROM orders o JOIN items i ON i.order_id = o.id",
        options));
  };
  take(query("{decimal: \",\", thousands: \" \", symbols: true}"));
  EXPECT_EQ(rows("SELECT source_key, amount_net FROM orders ORDER BY 1"), "1|1234.5\n2|-");
  const auto wrong = import(query("{decimals: \",\"}"));
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().text().find("decimals"), std::string::npos) << wrong.error().text();
}

TEST_F(QueryTest, DoublesThatAreNotExactAreRefusedNotRounded) {
  take(
      map("SELECT o.id, o.day, sum(i.price::DOUBLE) AS total FROM orders o JOIN items i ON i.order_id = o.id GROUP BY "
          "ALL"));
  EXPECT_EQ(rows("SELECT code, column_name, value FROM _quarantine"), "cast.precision|total|10.299999999999999")
      << "10.1 + 0.2 is 10.299999999999999 as doubles";
}

TEST_F(QueryTest, RecordsOfItsInputsThatAreTornAreAccounted) {
  file("i.csv", "order_id,price\n1,10.10\n1\n2,NA\n");
  const Receipt receipt =
      take(map("SELECT o.id, o.day, sum(i.price::DECIMAL(18,2)) AS total FROM orders o LEFT JOIN items i ON i.order_id "
               "= o.id GROUP BY ALL"));
  EXPECT_EQ(receipt.read, 3) << "two rows of the query, one record that was never in it";
  EXPECT_EQ(receipt.quarantined, 1);
  EXPECT_EQ(quarantine(), "csv.columns||3");
}

TEST_F(QueryTest, RecordsThatAreBrokenHaveTheRowNumberOfTheirFile) {
  // a: its second line is broken; b: its second and fourth. Of a two rows stay, of b two.
  file("a.jsonl", "{\"id\": 1, \"day\": \"2025-01-01\"}\n{\"id\": 2,\n{\"id\": 3, \"day\": \"2025-01-01\"}\n");
  file("b.jsonl", "{\"id\": 4, \"day\": \"2025-01-01\"}\n{\"id\": 5,\n{\"id\": 6, \"day\": \"2025-01-01\"}\n[7]\n");
  const Receipt receipt = take(
      "map: m\nsource: s\ntable: orders\ninputs: {orders: \"?.jsonl\"}\nquery: SELECT * FROM orders\n"
      "columns: {key: id, ordered_at: day}\n");
  EXPECT_EQ(receipt.loaded, 4);
  EXPECT_EQ(rows("SELECT right(file, 7), row FROM _quarantine ORDER BY ALL"), "a.jsonl|2\nb.jsonl|2\nb.jsonl|4");
}

TEST_F(QueryTest, WhatIsCancelledWhileItsInputsAreReadIsNoFaultOfTheirs) {
  std::string csv = "id,day\n", lines;
  for (int i = 0; i < 400'000; ++i) {
    csv += fmt::format("{},2025-01-01\n", i);
    lines += fmt::format("{{\"id\": {}, \"day\": \"2025-01-01\"}}\n", i);
  }
  file("o.csv", csv);
  file("o.jsonl", lines);
  std::atomic<bool> cancelled = false;
  Request request;
  request.cancelled = &cancelled;
  // The engine reads the one as an input, our own reader the other where it is opened: there each is cancelled.
  for (const auto& [input, at] : {std::pair{"o.csv", "inputs"}, std::pair{"o.jsonl", "open"}}) {
    std::vector<std::string> stages;
    cancelled = false;
    request.progress = [&, last = std::string_view(at)](std::string_view stage, double /*share*/) {
      stages.emplace_back(stage);
      if (stage == last) cancelled = true;
    };
    const auto stopped =
        import(fmt::format("map: m\nsource: s\ntable: orders\ninputs: {{o: {}}}\nquery: SELECT * FROM o\n"
                           "columns: {{key: id, ordered_at: day}}\n",
                           input),
               request);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, "engine.cancelled") << input << ": " << stopped.error().text();
    EXPECT_EQ(stages.back(), at);
  }
}

TEST_F(QueryTest, SeesItsInputsAndNothingElse) {
  file("secret.csv", "id,day,total\n9,2025-01-01,1\n");
  const std::string outside = (folder_ / "secret.csv").string();
  for (const std::string& query : {"SELECT id, day, total FROM read_csv('" + outside + "', all_varchar=true)",
                                   "SELECT id, day, total FROM '" + outside + "'", "COPY orders TO '" + outside + "'",
                                   std::string("SELECT 1 AS id; DROP TABLE orders"), std::string("ATTACH 'x.db'"),
                                   std::string("SET threads = 9"), std::string("DROP TABLE orders")}) {
    const auto refused = import(map(query));
    ASSERT_FALSE(refused) << query;
    EXPECT_NE(refused.error().text().find("map.yaml:7:"), std::string::npos) << refused.error().text();
  }
  EXPECT_EQ(rows("SELECT count(*) FROM orders"), "0");
}

TEST_F(QueryTest, AWrongQueryPointsAtItself) {
  const auto refused = import(map("SELECT o.idd, o.day, 1 AS total FROM orders o"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "engine.sql");
  EXPECT_NE(refused.error().message.find("idd"), std::string::npos) << refused.error().text();
}

TEST_F(QueryTest, AQueryWithoutEndIsStopped) {
  std::string csv = "id,day\n";
  for (int i = 0; i < 2000; ++i) csv += fmt::format("{},2025-01-01\n", i);
  file("o.csv", csv);
  const std::string endless =
      map("SELECT sum(a.id::BIGINT * b.id::BIGINT % c.id::BIGINT) AS id, max(a.day) AS day, 1 AS total FROM orders a, "
          "orders b, orders c, orders d");
  const auto stopped = import(endless + "query_minutes: 0.005\n");
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, "engine.deadline");
  EXPECT_EQ(
      stopped.error().text(),
      (folder_ / "map.yaml").string() +
          ":7:8: the query took longer than the 0.3 s it may take; look for a join without its condition; a query "
          "that needs longer says so: query_minutes: 60");
  std::atomic<bool> cancelled = false;
  Request request;
  request.cancelled = &cancelled;
  std::jthread person([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    cancelled = true;
  });
  const auto left = import(endless, request);
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().code, "engine.cancelled");
  EXPECT_EQ(rows("SELECT count(*) FROM orders"), "0");
}

TEST_F(QueryTest, InputsByNameReplaceThoseOfTheMap) {
  Request request;
  request.named_files["orders"] = file("other.csv", "id,day\n7,2025-05-01\n");
  take(map("SELECT o.id, o.day, NULL AS total FROM orders o"), request);
  EXPECT_EQ(rows("SELECT source_key FROM orders"), "7");
  request.named_files = {{"lines", folder_ / "other.csv"}};
  const auto refused = import(map("SELECT 1"), request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "map.input");
  Request unnamed;
  unnamed.files = {folder_ / "other.csv"};
  EXPECT_EQ(import(map("SELECT 1"), unnamed).error().code, "map.input");
}

TEST_F(QueryTest, ANumberThatDoesNotFitSaysWhatToDo) {
  const auto refusal = [&](std::string_view query) {
    const auto receipt =
        import(fmt::format("map: m\nsource: s\ntable: orders\ninputs: {{o: o.csv}}\nquery: {}\ncolumns: {{ordered_at: "
                           "day, amount_net: a}}\n",
                           query));
    return receipt ? "taken" : receipt.error().text();
  };
  file("o.csv", "day,a\n2025-01-01,02.5M\n");
  EXPECT_NE(refusal("SELECT day, a::DECIMAL(18,4) * 2 AS a FROM o")
                .find("leave as text what the query does not compute with"),
            std::string::npos);
  file("o.csv", "day,a\n2025-01-01,12345678901.1\n");
  const std::string overflow = refusal("SELECT day, a::DECIMAL(28,10) * a::DECIMAL(28,10) AS a FROM o");
  EXPECT_NE(overflow.find("a number of the query has more digits than its type holds"), std::string::npos) << overflow;
  EXPECT_NE(overflow.find("give the factors of a product few digits"), std::string::npos) << overflow;
}

}  // namespace
}  // namespace vigie::ingest

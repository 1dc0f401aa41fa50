// What a map expects of its rows, and what becomes of a batch that does not keep to it.
#include "ingest/held_checks.h"

#include "checks/judge.h"
#include "ingest/import_fixture.h"
#include "ingest/replay.h"

namespace vigie::ingest {
namespace {

class HeldChecks : public ImportTest {
 protected:
  /// Imports orders "id,day,who,amount,channel" through a map with these checks.
  Result<Receipt> orders(const std::string& lines, const std::string& checks, const std::string& name = "orders.csv") {
    file(name, "id,day,who,amount,channel\n" + lines);
    Request request;
    request.files = {folder_ / name};
    return import(
        "map: orders\nsource: shop\ntable: orders\ninput: orders.csv\ncolumns: {key: id, ordered_at: day, "
        "customer_key: "
        "who, amount_net: amount, channel: channel, status: {value: confirmed}}\nchecks:\n" +
            checks,
        request);
  }
  /// "not_null channel=failing 2 (such as 1)" of each.
  std::string standing() {
    std::string out;
    for (const checks::State& one : *check_states(*database_)) {
      out += fmt::format("{}{}={}", out.empty() ? "" : " | ", one.name, name_of(stands_at(one, now_)));
      if (one.rows > 0) out += fmt::format(" {} ({})", one.rows, one.example);
    }
    return out;
  }
  /// The only warning of a receipt.
  static std::string warning(const Result<Receipt>& receipt) {
    if (!receipt) return receipt.error().text();
    return receipt->warnings.size() == 1 ? receipt->warnings.front() : fmt::format("{}", receipt->warnings.size());
  }
  void customers(const std::string& lines) {
    file("customers.csv", "id\n" + lines);
    Request request;
    request.files = {folder_ / "customers.csv"};
    take("map: customers\nsource: shop\ntable: customers\ninput: customers.csv\ncolumns: {key: id}\n", request);
  }
  std::int64_t rows_in() { return std::stoll(rows("SELECT count(*) FROM orders WHERE deleted_at IS NULL")); }
  void a_day_later() { now_.micros += kMicrosPerDay; }
};

TEST_F(HeldChecks, AWarningStaysUntilABatchPutsItRight) {
  const std::string checks = "  - not_null: channel\n";
  const auto first = orders("1,2025-06-01,a,10,web\n2,2025-06-02,b,20,\n3,2025-06-03,b,20,\n", checks);
  EXPECT_EQ(warning(first), "rows of orders without channel: 2 (such as 2), says a check of the map orders");
  EXPECT_EQ(rows_in(), 3) << "a warning lets them in";
  ASSERT_EQ(first->checks.size(), 1U);
  EXPECT_EQ(first->checks.front().from, *parse_instant("2025-06-01T22:00:00Z")) << "no failing row is dated before it";
  EXPECT_EQ(standing(), "not_null channel=failing 2 (2)");
  const auto other = orders("4,2025-06-04,a,10,web\n", checks);
  EXPECT_EQ(warning(other), "rows of orders without channel: 2 (such as 2), says a check of the map orders")
      << "what is wrong stays wrong beside what is right";
  const auto mended = orders("2,2025-06-02,b,20,web\n3,2025-06-03,b,20,shop\n", checks);
  EXPECT_EQ(warning(mended), "0");
  EXPECT_EQ(standing(), "not_null channel=fine");
  EXPECT_EQ(warning(orders("5,2025-06-05,b,20,\n", checks)),
            "rows of orders without channel: 1 (such as 5), says a check of the map orders");
}

TEST_F(HeldChecks, AnErrorRefusesTheBatchWholeAndIsToldUntilItsFileComesAgain) {
  const std::string checks = "  - {not_null: channel, severity: error}\n";
  ASSERT_TRUE(orders("1,2025-06-01,a,10,web\n", checks));
  const auto refused = orders("2,2025-06-02,a,10,web\n3,2025-06-03,b,20,\n", checks, "june.csv");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "check.not_null");
  EXPECT_EQ(refused.error().kind, ErrorKind::data);
  EXPECT_TRUE(refused.error().text().ends_with(
      "map.yaml:7:5: nothing of this batch is taken: rows of orders without channel: 1 (such as 3), says a check of "
      "the map orders; mend what it brings and bring it again, or say severity: warning to take it as it is"))
      << refused.error().text();
  EXPECT_EQ(rows_in(), 1);
  EXPECT_EQ(rows("SELECT count(*) FROM _batches"), "1");
  EXPECT_EQ(standing(), "not_null channel=refused");
  const auto other = orders("4,2025-06-04,a,10,web\n", checks, "july.csv");
  EXPECT_EQ(warning(other),
            "nothing of june.csv of the map orders is in, for it was refused: rows of orders without channel: 1 (such "
            "as 3), says a check of the map orders")
      << "another file brings none of its rows";
  ASSERT_TRUE(orders("2,2025-06-02,a,10,web\n3,2025-06-03,b,20,shop\n", checks, "june.csv"));
  EXPECT_EQ(standing(), "not_null channel=fine");
  EXPECT_EQ(rows_in(), 4);
}

TEST_F(HeldChecks, APreviewTellsAndLeavesNothingBehind) {
  file("orders.csv", "id,day\n1,\n");
  Request request;
  request.preview = true;
  const std::string map =
      "map: orders\nsource: shop\ntable: orders\ninput: orders.csv\ncolumns: {key: id, ordered_at: {value: "
      "2025-06-01}, channel: day}\nchecks:\n  - {not_null: channel, severity: error}\n";
  EXPECT_EQ(import(map, request).error().code, "check.not_null");
  EXPECT_EQ(standing(), "");
}

TEST_F(HeldChecks, WhatWasInBeforeRefusesNoBatch) {
  ASSERT_TRUE(orders("1,2025-06-01,a,10,\n", "  - not_null: customer_key\n"));
  const std::string stricter = "  - {not_null: channel, severity: error}\n";
  const auto next = orders("2,2025-06-02,a,10,web\n", stricter);
  EXPECT_EQ(warning(next), "rows of orders without channel: 1 (such as 1), says a check of the map orders");
  EXPECT_EQ(standing(), "not_null channel=failing 1 (1)") << "and the check that the map no longer has is forgotten";
}

TEST_F(HeldChecks, SeveralColumnsTogetherAreUnique) {
  const std::string checks = "  - unique: [customer_key, ordered_at, amount_net]\n";
  ASSERT_EQ(warning(orders("1,2025-06-01,a,10,\n2,2025-06-01,a,20,\n3,2025-06-01,b,10,\n", checks)), "0");
  EXPECT_EQ(
      warning(orders("4,2025-06-01,a,10,\n5,2025-06-01,,10,\n6,2025-06-01,,10,\n", checks)),
      "rows of orders that have the same customer_key, ordered_at, amount_net as another one: 2 (such as 1), says "
      "a check of the map orders")
      << "rows that lack one of them are not compared";
  ASSERT_EQ(warning(orders("4,2025-06-02,a,10,\n", checks)), "0");
}

TEST_F(HeldChecks, SetsRangesAndConditions) {
  EXPECT_EQ(warning(orders("1,2025-06-01,a,10,web\n2,2025-06-01,a,10,wbe\n3,2025-06-01,a,10,\n",
                           "  - {in_set: channel, values: [web, shop]}\n")),
            "rows of orders whose channel is none of web, shop: 1 (such as 2), says a check of the map orders");
  EXPECT_EQ(warning(orders("4,2025-06-01,a,1000,web\n5,2025-06-01,a,-1,web\n",
                           "  - {range: amount_net, min: 0, max: 999.99 EUR}\n")),
            "rows of orders whose amount_net lies outside [0 EUR … 999.99 EUR]: 2 (such as 4), says a check of the map "
            "orders");
  EXPECT_EQ(warning(orders("4,2025-06-01,a,10,web\n5,2025-06-01,b,10,web\n6,2031-01-01,b,10,shop\n",
                           "  - {range: ordered_at, min: 2020-01-01, max: 2030-12-31, where: \"channel = 'shop'\"}\n"))
                .substr(0, 3),
            "2")
      << "a row that is dated ahead has a warning of its own";
  EXPECT_EQ(warning(orders("6,2025-06-01,b,10,shop\n",
                           "  - {expect: \"customer_key is not null or amount_net < 5 "
                           "EUR\", where: \"channel = 'shop'\"}\n")),
            "0");
  EXPECT_EQ(
      warning(orders("7,2025-06-01,,10,shop\n8,2025-06-01,,10,web\n",
                     "  - {expect: \"customer_key is not null or amount_net < 5 EUR\", where: \"channel = "
                     "'shop'\"}\n")),
      "rows of orders against what is expected ('customer_key is not null or amount_net < 5 EUR'): 1 (such as 7), "
      "says a check of the map orders");
}

TEST_F(HeldChecks, ARangeInAnotherCurrencyIsOfItsDocuments) {
  file("o.csv", "id,amount,currency\n1,200,USD\n2,200,EUR\n3,50,USD\n");
  const auto receipt = import(
      "map: o\nsource: s\ntable: orders\ninput: o.csv\ncolumns: {key: id, ordered_at: {value: 2025-06-01}, amount_net: "
      "amount, currency: currency}\nchecks:\n  - {range: amount_net, max: 100 USD}\n");
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(standing(), "range amount_net=failing 1 (1)") << "no rate is needed, and euros are not meant";
}

TEST_F(HeldChecks, OrdersThatComeBeforeTheirCustomersAreFineOnceThoseAreThere) {
  const std::string checks = "  - referential: customer_key\n";
  EXPECT_EQ(warning(orders("1,2025-06-01,a,10,\n2,2025-06-01,b,10,\n3,2025-06-01,,10,\n", checks)),
            "rows of orders whose customer_key leads to no row of customers: 2 (such as 1), says a check of the map "
            "orders");
  a_day_later();
  customers("a\n");
  EXPECT_EQ(standing(), "referential customer_key=failing 1 (2)");
  customers("a\nb\n");
  EXPECT_EQ(standing(), "referential customer_key=fine");
  EXPECT_EQ(rows("SELECT since = seen FROM _checks"), "true") << "since that moment";
}

TEST_F(HeldChecks, WhatIsNewEnoughTodayIsTooOldOneDay) {
  const std::string checks = "  - {freshness: ordered_at, within: 2 days}\n";  // it is 1 July, 11:00 in Paris
  EXPECT_EQ(warning(orders("1,2025-06-30 18:00,a,10,\n2,2031-06-30 18:00,a,10,\n", checks)).substr(0, 3), "1 r")
      << "a row dated ahead makes nothing fresh, and is told";
  EXPECT_EQ(standing(), "freshness ordered_at=fine");
  a_day_later(), a_day_later();
  EXPECT_EQ(standing(), "freshness ordered_at=failing") << "nothing was imported meanwhile";
  const checks::State late = check_states(*database_)->front();
  EXPECT_EQ(sentence_of(late, now_),
            "the newest ordered_at of orders is of 2025-06-30 18:00, past its limit (days: 2), "
            "says a check of the map orders");
  EXPECT_EQ(since_of(late, now_), *parse_instant("2025-07-02T16:00:00Z"));
  EXPECT_EQ(stands_at(late, *parse_instant("2025-07-01T00:00:00Z")), checks::Standing::fine) << "as of then";
  ASSERT_TRUE(orders("3,2025-07-02 20:00,a,10,\n", checks));
  EXPECT_EQ(standing(), "freshness ordered_at=fine");
}

TEST_F(HeldChecks, ABatchIsComparedWithThoseBeforeIt) {
  const std::string checks = "  - {volume: usual, severity: error}\n";
  const auto batch = [&](int first, int rows) {
    std::string lines;
    for (int i = 0; i < rows; ++i) lines += fmt::format("{},2025-06-01,a,10,\n", first + i);
    a_day_later();
    return orders(lines, checks);
  };
  for (int day = 0; day < 5; ++day) ASSERT_EQ(warning(batch(1000 * day, 100)), "0") << day;
  EXPECT_EQ(check_states(*database_)->front().told, "4 batches came before, and 5 are needed to tell what is usual");
  const auto cut = batch(9000, 40);
  ASSERT_FALSE(cut);
  EXPECT_EQ(
      cut.error().message,
      "nothing of this batch is taken: the last batch of the map orders brought 40 rows of orders, where 64 to 144 "
      "are usual: the median of 5 batches before it is 100");
  EXPECT_EQ(rows_in(), 500);
  EXPECT_EQ(warning(batch(9000, 90)), "0");
}

TEST_F(HeldChecks, ASumIsHeldAgainstItsControlTotal) {
  EXPECT_EQ(warning(orders("1,2025-06-01,a,10.10,\n2,2025-06-01,a,20.20,\n", "  - {sum: amount_net, equals: 30.3}\n")),
            "0");
  EXPECT_EQ(warning(orders("3,2025-06-01,a,0.01,\n", "  - {sum: amount_net, equals: 30.3}\n")),
            "the sum of amount_net of orders is 30.31, and its control total 30.3: 0.01 apart, says a check of the map "
            "orders");
  EXPECT_EQ(warning(orders("4,2025-06-01,a,0.01,\n", "  - {sum: amount_net, equals: 30.3, tolerance: 0.02}\n")), "0");
  file("total.csv", "what;total\nsales;\"1 030,50\"\n");
  const std::string file_of_control =
      "  - {sum: amount_net, equals: {input: {files: total.csv, delimiter: \";\"}, column: {from: total, decimal: "
      "\",\", "
      "thousands: \" \"}}, severity: error}\n";
  EXPECT_EQ(warning(orders("5,2025-06-02,a,1000.50,\n6,2025-06-02,a,30,\n", file_of_control)), "0")
      << "of what the batch holds, and not of the rows before it";
  const auto cut = orders("7,2025-06-02,a,1000.50,\n8,2025-06-02,a,thirty,\n", file_of_control);
  ASSERT_FALSE(cut) << "a row that cannot be taken is missing from the sum";
  EXPECT_EQ(cut.error().code, "check.sum");
  EXPECT_EQ(orders("9,2025-06-02,a,1,\n", "  - {sum: amount_net, equals: {input: {files: none.csv}, column: total}}\n")
                .error()
                .code,
            "file.missing");
}

TEST_F(HeldChecks, ASumIsHeldAgainstAnotherTable) {
  const std::string checks =
      "  - {sum: amount_net, equals: {table: payments, sum: amount, where: \"amount > 0 EUR\"}}\n";
  EXPECT_EQ(warning(orders("1,2025-06-01,a,10,\n2,2025-06-01,a,20,\n", checks)),
            "the sum of amount_net of orders is 30, and its control total 0: 30 apart, says a check of the map orders");
  file("p.csv", "id,amount\n1,30\n2,-5\n");
  Request request;
  request.files = {folder_ / "p.csv"};
  take(
      "map: p\nsource: bank\ntable: payments\ninput: p.csv\ncolumns: {key: id, paid_at: {value: 2025-06-03}, amount: "
      "amount, customer_key: {value: a}}\n",
      request);
  EXPECT_EQ(standing(), "sum amount_net=fine") << "what it is held against has come";
}

TEST_F(HeldChecks, SeveralCurrenciesHaveNoSum) {
  file("o.csv", "id,amount,currency\n1,200,USD\n2,200,EUR\n");
  const std::string map =
      "map: o\nsource: s\ntable: orders\ninput: o.csv\ncolumns: {key: id, ordered_at: {value: 2025-06-01}, amount_net: "
      "amount, currency: currency}\nchecks:\n  - {sum: amount_net, equals: 200";
  ASSERT_TRUE(import(map + "}\n"));
  EXPECT_EQ(standing(), "sum amount_net=not_judged");
  ASSERT_TRUE(import(map + ", currency: USD}\n"));
  EXPECT_EQ(standing(), "sum amount_net=fine");
}

TEST_F(HeldChecks, PushedEventsAreInAndAnErrorIsTold) {
  const std::string_view map =
      "map: pushed\nsource: shop\ntable: orders\ninput: {files: none.jsonl, format: jsonl}\ncolumns: {key: id, "
      "ordered_at: at, channel: channel}\nchecks:\n  - {not_null: channel, severity: error}\n  - volume: usual\n";
  Request request;
  request.files = {file("e.jsonl", "{\"id\":1,\"at\":\"2025-06-01\"}\n")};
  request.applied = {{"events", 1}};
  const auto taken = import(map, request);
  ASSERT_TRUE(taken) << "they were acknowledged: " << taken.error().text();
  EXPECT_EQ(standing(), "not_null channel=failing 1 (1) | volume=not_judged");
}

TEST_F(HeldChecks, WhatComesOutOfTheQuarantineIsHeldToThemToo) {
  const std::string checks = "  - {not_null: channel, severity: error}\n";
  ASSERT_TRUE(orders("1,2025-06-01,a,10,web\n2,2025-06-01,a,ten,\n", checks));
  QueueOrder order;
  const FixedClock clock(now_);
  const Context context{*database_, *model_, *calendar_, currency_, clock};
  file("map.yaml",
       "map: orders\nsource: shop\ntable: orders\ninput: orders.csv\ncolumns: {key: id, ordered_at: day, customer_key: "
       "who, channel: channel, status: {value: confirmed}}\nchecks:\n" +
           checks);
  const auto replayed = replay(context, order, [&](const std::string&, const std::string&) {
    return Result<std::filesystem::path>(folder_ / "map.yaml");
  });
  ASSERT_TRUE(replayed) << replayed.error().text();
  ASSERT_TRUE(replayed->maps.front().error);
  EXPECT_EQ(replayed->maps.front().error->code, "check.not_null");
  EXPECT_EQ(rows("SELECT count(*) FROM _waiting"), "1") << "it waits";
}

TEST_F(HeldChecks, ASourceThatBringsNothingNewIsLookedAtWhenTheChecksAreOthers) {
  Request request;
  request.supply = Supply{file("rows.csv", "id,name\n1,\n"), "erp: products", "erp: products", true, {}};
  const auto bring = [&](const std::string& checks) {
    return import(
        "map: p\nsource: erp\ntable: products\ninput: {from_source: true}\ncolumns: {key: id, name: name}\n" + checks,
        request);
  };
  ASSERT_TRUE(bring(""));
  EXPECT_TRUE(bring("")->already_imported);
  EXPECT_EQ(warning(bring("checks:\n  - not_null: name\n")),
            "rows of products without name: 1 (such as 1), says a check of the map p");
  EXPECT_EQ(standing(), "not_null name=failing 1 (1)");
}

TEST_F(HeldChecks, ASourceThatIsAgainAsItWasLacksNothing) {
  const auto bring = [&](const std::string& lines) {
    Request request;
    request.supply = Supply{file("rows.csv", "id,name\n" + lines), "erp: products", "erp: products", true, {}};
    return import(
        "map: p\nsource: erp\ntable: products\ninput: {from_source: true}\ncolumns: {key: id, name: name}\nchecks:\n"
        "  - {not_null: name, severity: error}\n",
        request);
  };
  ASSERT_TRUE(bring("1,a\n2,b\n"));
  ASSERT_FALSE(bring("1,a\n2,\n"));
  EXPECT_EQ(sentence_of(check_states(*database_)->front(), now_),
            "nothing of erp: products of the map p is in, for it was refused: rows of products without name: 1 (such "
            "as 2), says a check of the map p");
  const auto again = bring("1,a\n2,b\n");
  ASSERT_TRUE(again);
  EXPECT_EQ(warning(again), "0");
  EXPECT_EQ(standing(), "not_null name=fine");
  EXPECT_TRUE(bring("1,a\n2,b\n")->already_imported) << "every few minutes, for years";
  // The same rows in another order: nothing of it is new, and it is no known file.
  ASSERT_FALSE(bring("1,a\n2,\n"));
  ASSERT_TRUE(bring("2,b\n1,a\n"));
  EXPECT_EQ(standing(), "not_null name=fine");
}

TEST_F(HeldChecks, AKnownFileIsLookedAtAgainOnlyWhereItWasRefusedSince) {
  const std::string checks = "  - {not_null: channel, severity: error}\n";
  const std::string may = "1,2025-05-01,a,10,web\n2,2025-05-02,a,ten,web\n";
  ASSERT_TRUE(orders(may, checks, "may.csv"));
  ASSERT_FALSE(orders("3,2025-06-01,a,10,\n", checks, "june.csv"));
  const auto counts = [&] {
    return rows(
        "SELECT (SELECT count(*) FROM _batches), (SELECT count(*) FROM _settled), (SELECT count(*) FROM _waiting)");
  };
  ASSERT_EQ(counts(), "1|0|1");
  for (int n = 0; n < 2; ++n) {
    const auto again = orders(may, checks, "may.csv");
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->already_imported) << "nothing is known of it that was not: june.csv is missing, and this is may";
  }
  EXPECT_EQ(counts(), "1|0|1");
  ASSERT_FALSE(orders("1,2025-05-01,a,10,\n", checks, "may.csv"));
  const auto back = orders(may, checks, "may.csv");
  ASSERT_TRUE(back);
  EXPECT_FALSE(back->already_imported);
  EXPECT_EQ(warning(back),
            "nothing of june.csv of the map orders is in, for it was refused: rows of orders without channel: 1 (such "
            "as 3), says a check of the map orders");
  EXPECT_TRUE(orders(may, checks, "may.csv")->already_imported);
}

TEST_F(HeldChecks, EachFileThatWasRefusedIsMissingUntilItComes) {
  const std::string checks = "  - {not_null: channel, severity: error}\n";
  const auto told = [](const std::string& files, int row) {
    return fmt::format(
        "nothing of {} of the map orders is in, for it was refused: rows of orders without channel: 1 (such as {}), "
        "says a check of the map orders",
        files, row);
  };
  const auto now = [&] { return check_states(*database_)->front(); };
  ASSERT_TRUE(orders("1,2025-05-01,a,10,web\n", checks, "may.csv"));
  const Instant first = now_;
  ASSERT_FALSE(orders("3,2025-06-01,a,10,\n", checks, "june.csv"));
  a_day_later();
  ASSERT_FALSE(orders("5,2025-07-01,a,10,\n", checks, "july.csv"));
  EXPECT_EQ(sentence_of(now(), now_), told("june.csv, july.csv", 3));
  EXPECT_EQ(warning(orders("5,2025-07-01,a,10,web\n", checks, "july.csv")), told("june.csv", 3));
  a_day_later();
  ASSERT_FALSE(orders("4,2025-06-01,a,10,\n", checks, "june.csv")) << "tried again, and refused for another row";
  EXPECT_EQ(sentence_of(now(), now_), told("june.csv", 4));
  EXPECT_EQ(since_of(now(), now_), first) << "something is missing since then";
  EXPECT_EQ(warning(orders("4,2025-06-01,a,10,web\n", checks, "june.csv")), "0");
  EXPECT_EQ(standing(), "not_null channel=fine");
}

TEST_F(HeldChecks, FilesThatWereRefusedTogetherComeOneByOne) {
  const std::string checks = "  - {not_null: channel, severity: error}\n";
  Request both;
  both.files = {file("may.csv", "id,channel\n1,\n"), file("june.csv", "id,channel\n2,web\n")};
  ASSERT_FALSE(
      import("map: orders\nsource: shop\ntable: orders\ninput: orders.csv\ncolumns: {key: id, ordered_at: {value: "
             "2025-05-01}, channel: channel}\nchecks:\n" +
                 checks,
             both));
  EXPECT_EQ(warning(orders("1,2025-05-01,a,10,web\n", checks, "may.csv")),
            "nothing of june.csv of the map orders is in, for it was refused: rows of orders without channel: 1 (such "
            "as 1), says a check of the map orders");
  EXPECT_EQ(warning(orders("2,2025-06-01,a,10,web\n", checks, "june.csv")), "0");
}

TEST_F(HeldChecks, OfVeryManyThatWereRefusedTheFirstAreNamed) {
  const std::string checks = "  - {not_null: channel, severity: error}\n";
  ASSERT_FALSE(orders("1,2025-06-01,a,10,\n", checks, "0.csv"));
  const checks::State noted = check_states(*database_)->front();
  checks::Check check;
  check.name = noted.name, check.text = noted.text, check.table = noted.table;
  const auto refuse = [&](std::size_t from, std::size_t to) {
    checks::Batch batch = checks::no_batch("orders", "shop", "");
    for (std::size_t n = from; n < to; ++n) batch.files.push_back(fmt::format("{}.csv", n));
    const Error why{"check.not_null", "no channel", ErrorKind::data, {}, ""};
    ASSERT_TRUE(connection_->transaction([&] { return note_refusal(*connection_, check, batch, why, now_); }));
  };
  const auto missing = [&] { return check_states(*database_)->front().refused->missing; };
  refuse(1, checks::kMostMissing);
  EXPECT_EQ(missing().size(), checks::kMostMissing);
  EXPECT_EQ(missing().back().name, "999.csv");
  for (int n = 0; n < 2; ++n) {
    refuse(checks::kMostMissing, checks::kMostMissing + 200);
    EXPECT_EQ(missing().size(), checks::kMostMissing + 1);
    EXPECT_TRUE(missing().back().is_others());
  }
  EXPECT_TRUE(
      warning(orders("2,2025-06-01,a,10,web\n", checks, "1.csv"))
          .starts_with("nothing of 0.csv, 2.csv, 3.csv (+996 …) of the map orders is in, for it was refused: "));
  rows("UPDATE _checks SET refused_files = '1.csv\n…'");
  refuse(1, 2);
  EXPECT_EQ(missing().size(), 2U) << "tried again, and the others are missing still";
  EXPECT_EQ(warning(orders("1,2025-06-01,a,10,web\n", checks, "1.csv")), "0") << "they go with the last that is named";
}

TEST_F(HeldChecks, WhatAnEarlierVersionNotedStands) {
  const std::string checks = "  - {not_null: channel, severity: error}\n";
  ASSERT_FALSE(orders("3,2025-06-01,a,10,\n", checks, "june.csv"));
  rows("UPDATE _checks SET refused_files = 'may.csv\njune.csv'");  // of one batch, with one reason
  rows("ALTER TABLE _checks DROP COLUMN map_file");
  const char* const told =
      "nothing of may.csv, june.csv of the map orders is in, for it was refused: rows of orders without channel: 1 "
      "(such as 3), says a check of the map orders";
  const auto only_read = check_states(*database_);
  ASSERT_TRUE(only_read && only_read->size() == 1) << "where nobody may write, it stays as it is";
  EXPECT_EQ(sentence_of(only_read->front(), now_), told);
  ASSERT_TRUE(prepare(*database_));
  EXPECT_EQ(sentence_of(check_states(*database_)->front(), now_), told);
  ASSERT_TRUE(orders("1,2025-05-01,a,10,web\n", checks, "may.csv"));
  ASSERT_TRUE(orders("3,2025-06-01,a,10,web\n", checks, "june.csv"));
  EXPECT_EQ(standing(), "not_null channel=fine");
}

TEST_F(HeldChecks, AStricterCheckThatRefusesAtOnceLooksAtWhatWasInBeforeToo) {
  const auto most = [](int amount) {
    return fmt::format("  - {{range: amount_net, max: {}, severity: error}}\n", amount);
  };
  ASSERT_TRUE(orders("1,2025-05-01,a,90,\n", most(100)));
  ASSERT_FALSE(orders("2,2025-06-01,a,60,\n", most(50), "june.csv"));
  EXPECT_EQ(check_states(*database_)->front().standing, checks::Standing::not_judged)
      << "90 was fine below 100, which says nothing of 50";
  ASSERT_TRUE(orders("2,2025-06-01,a,10,\n", most(50), "june.csv"));
  EXPECT_EQ(standing(), "range amount_net=failing 1 (1)");
}

TEST_F(HeldChecks, WhatWasRefusedIsMissingAlsoWhereTheCheckIsAnotherNow) {
  const auto most = [](int amount) {
    return fmt::format("  - {{range: amount_net, max: {}, severity: error}}\n", amount);
  };
  ASSERT_FALSE(orders("1,2025-06-01,a,60,\n", most(50), "june.csv"));
  ASSERT_TRUE(orders("2,2025-07-01,a,10,\n", most(70), "july.csv"));
  EXPECT_EQ(standing(), "range amount_net=refused") << "june.csv would be taken now, and nobody has brought it";
  ASSERT_TRUE(orders("3,2025-07-01,a,10,\n", "  - {range: amount_net, max: 70, name: limit}\n", "july.csv"));
  EXPECT_EQ(standing(), "limit=fine") << "called otherwise, it is given up";
}

TEST_F(HeldChecks, WhyABatchIsRefusedIsToldAlsoWhereThatCannotBeNoted) {
  const std::string checks = "  - {not_null: channel, severity: error}\n";
  ASSERT_TRUE(orders("1,2025-05-01,a,10,web\n", checks));
  rows("ALTER TABLE _checks RENAME TO kept");
  rows("CREATE VIEW _checks AS SELECT * FROM kept");
  const auto refused = orders("2,2025-06-01,a,10,\n", checks, "june.csv");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "check.not_null");
  EXPECT_NE(refused.error().hint.find("; that it is missing could not be noted, and nobody is told of it later: "),
            std::string::npos)
      << refused.error().text();
}

}  // namespace
}  // namespace vigie::ingest

// How a sync goes on record where nothing of it is new: rows that stay refused, tables that are not there.
#include <sqlite3.h>

#include "ingest/mend.h"
#include "sources/report_json.h"
#include "sources/sync_fixture.h"

namespace vigie::sources {
namespace {

class Runs : public SyncTest {
 protected:
  void SetUp() override {
    SyncTest::SetUp();
    shop(
        "CREATE TABLE orders(id INTEGER PRIMARY KEY, placed TEXT, customer TEXT, amount NUMERIC, updated TEXT, gone "
        "TEXT, note TEXT)");
    folder_.write("maps/orders.yaml", kOrdersMap);
    folder_.write("sources/shop.yaml",
                  "source: shop\nkind: sqlite\nfile: shop.db\nschedule: every 15 minutes\nmaps:\n"
                  "  - {map: maps/orders.yaml, table: orders, cursor: updated}\n");
  }
  void shop(const std::string& sql) {
    sqlite3* shop = nullptr;
    ASSERT_EQ(sqlite3_open((folder_ / "shop.db").c_str(), &shop), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(shop, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(shop);
    sqlite3_close(shop);
  }
  void order(int id, const std::string& placed, const std::string& updated) {
    shop(fmt::format("INSERT OR REPLACE INTO orders VALUES ({}, '{}', 'ann', 10, '{}', NULL, NULL)", id, placed,
                     updated));
  }
  std::string warehouse() {
    return rows(
        "SELECT (SELECT count(*) FROM _batches) || ' batches ' || (SELECT count(*) FROM _waiting) || ' wait ' || "
        "(SELECT count(*) FROM _settled) || ' left'");
  }
};

// The last row that changed has a date that is none. It is read again at each sync, for others may have its moment.
TEST_F(Runs, ARowThatStaysRefusedIsNoNews) {
  order(1, "2025-06-01", "2025-06-01 10:00:00");
  order(2, "rubbish", "2025-06-02 10:00:00");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!1 (2025-06-02 10:00:00)");
  EXPECT_EQ(warehouse(), "1 batches 1 wait 0 left");
  at("2025-07-01T10:00:00Z");
  EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!1 (2025-06-02 10:00:00)") << "none of the rows could be taken";
  EXPECT_EQ(status().state, State::fine);
  // Beside one that was taken.
  order(3, "2025-06-03", "2025-06-02 10:00:00");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!1 (2025-06-02 10:00:00)");
  const std::string before = warehouse();
  shop("UPDATE orders SET note = ''");  // written again, and another file of rows: what it says is the same
  EXPECT_EQ(told(), "orders nothing_new 0+0=1-0!1 (2025-06-02 10:00:00)");
  EXPECT_EQ(warehouse(), before) << "every fifteen minutes a batch more, for years";
  // Refused for another reason too, it is told anew; and mended, it is there.
  shop("UPDATE orders SET amount = 'much' WHERE id = 2");
  EXPECT_EQ(told(), "orders brought 0+0=1-0!1 (2025-06-02 10:00:00)");
  shop("UPDATE orders SET placed = '2025-06-02', amount = 20 WHERE id = 2");
  EXPECT_EQ(told(), "orders brought 1+0=1-0!0 (2025-06-02 10:00:00)");
  EXPECT_EQ(rows("SELECT source_key FROM orders ORDER BY 1"), "1\n2\n3");
}

TEST_F(Runs, ARowThatWasDroppedIsNoNews) {
  order(1, "2025-06-01", "2025-06-01 10:00:00");
  order(2, "rubbish", "2025-06-02 10:00:00");
  told();
  const FixedClock clock(now_);
  const ingest::Context context{*database_, *model_, *calendar_, "EUR", clock};
  ingest::QueueOrder order;
  order.which.map = "orders";
  order.by = "ann", order.why = "a test";
  ASSERT_TRUE(ingest::drop(context, order));
  at("2025-07-01T10:00:00Z");
  const std::string before = warehouse();
  EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!1 (2025-06-02 10:00:00)");
  EXPECT_EQ(warehouse(), before);
}

// All that is new is refused: somebody has changed the column. The place stays, and the sync fails until it is mended.
TEST_F(Runs, WhatIsNewAndRefusedAllOfItFailsForAsLongAsItIs) {
  order(1, "2025-06-01", "2025-06-01 10:00:00");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-01 10:00:00)");
  shop("DELETE FROM orders");
  order(2, "rubbish", "2025-06-02 10:00:00");
  for (int n = 0; n < 2; ++n) {
    const auto report = sync();
    EXPECT_EQ(report->feeds.front().outcome, Outcome::failed);
    EXPECT_EQ(report->feeds.front().error->code, "import.nothing_taken");
  }
  EXPECT_EQ(status().state, State::failing);
  order(2, "2025-06-02", "2025-06-02 10:00:00");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-02 10:00:00)");
}

TEST_F(Runs, AWholeSourceOfWhichNothingCanBeTakenFailsForAsLongAsItIs) {
  folder_.write("sources/shop.yaml",
                "source: shop\nkind: sqlite\nfile: shop.db\nmaps:\n  - {map: maps/orders.yaml, table: orders}\n");
  order(1, "rubbish", "2025-06-01 10:00:00");
  for (int n = 0; n < 2; ++n) EXPECT_EQ(sync()->feeds.front().outcome, Outcome::failed);
}

// A slip in one map: what is known of it, and of those after it, is kept, and figures are told what they lack.
TEST_F(Runs, AMapThatCannotBeReadIsKnownByItsFile) {
  const auto orders = [](const std::string& column) {
    return fmt::format(
        "map: crm_orders\nsource: crm\ntable: orders\ninput: {{from_source: true}}\ncolumns: {{key: id, {}: placed, "
        "customer_key: customer, amount_net: amount}}\n",
        column);
  };
  folder_.write("maps/a.yaml", orders("ordered_at"));
  folder_.write("maps/b.yaml",
                "map: crm_customers\nsource: crm\ntable: customers\ninput: {from_source: true}\ncolumns: {key: id}\n");
  const std::string source =
      "source: shop\nkind: sqlite\nfile: shop.db\nschedule: every 15 minutes\nmaps:\n"
      "  - {map: maps/a.yaml, table: orders}\n  - {map: maps/b.yaml, table: customers}\n"
      "checks:\n  - {map: crm_orders, not_null: customer_key}\n";
  folder_.write("sources/shop.yaml", source);
  shop("CREATE TABLE customers(id TEXT)");
  shop("INSERT INTO customers VALUES ('ann')");
  order(1, "2025-06-01", "2025-06-01 10:00:00");
  ASSERT_EQ(told(), "crm_orders brought 1+0=0-0!0\ncrm_customers brought 1+0=0-0!0");
  folder_.write("maps/a.yaml", orders("orderd_at"));
  const std::vector<Error> found =
      check(folder_.path(), std::filesystem::path(VIGIE_SOURCE_DIR) / "presets", *model_, "Europe/Paris");
  EXPECT_TRUE(found.empty()) << "the slip is told of the map, and nothing of its name: " << found.front().text();
  for (int n = 0; n < 2; ++n) {
    at(n == 0 ? "2025-07-01T10:00:00Z" : "2025-07-01T10:15:00Z");
    const auto report = sync();
    ASSERT_EQ(report->feeds.size(), 2U);
    EXPECT_EQ(report->feeds[0].map, "crm_orders");
    EXPECT_EQ(report->feeds[0].error->code, "map.unknown_column");
    EXPECT_EQ(report->feeds[1].map, "crm_customers");
    EXPECT_EQ(report->feeds[1].outcome, Outcome::left);
  }
  const Status now = status();
  EXPECT_EQ(now.failures, 2);
  EXPECT_EQ(now.feeds[0].map, "crm_orders");
  EXPECT_EQ(to_string(now.feeds[0].run->last_good.value_or(Instant{})), "2025-07-01T09:00:00Z");
  EXPECT_EQ(to_string(now.feeds[1].run->failing_since.value_or(Instant{})), "2025-07-01T10:00:00Z");
  at("2025-07-01T10:30:00Z");
  ASSERT_EQ(behind().size(), 1U);
  EXPECT_TRUE(behind().front().fails);
  EXPECT_EQ(behind().front().tables, (std::set<std::string>{"customers", "orders"}));
  EXPECT_EQ(to_string(*behind().front().last_good), "2025-07-01T09:00:00Z");
  folder_.write("maps/a.yaml", orders("ordered_at"));
  EXPECT_EQ(told(), "crm_orders nothing_new 0+0=0-0!0\ncrm_customers nothing_new 0+0=0-0!0");
  EXPECT_TRUE(behind().empty());
}

/// A clock that stands still, and at its first look has something happen.
class Meanwhile final : public Clock {
 public:
  Meanwhile(Instant at, std::function<void()> happens) : at_(at), happens_(std::move(happens)) {}
  Instant now() const override {
    if (auto once = std::exchange(happens_, {})) once();
    return at_;
  }

 private:
  Instant at_;
  mutable std::function<void()> happens_;
};

// It begins after one has looked which are under way, and has ended when one looks again.
TEST_F(Runs, ARunBetweenTwoLooksDidNotBreakOff) {
  order(1, "2025-06-01", "2025-06-01 10:00:00");
  ASSERT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-01 10:00:00)");
  const LastRuns ended = last_runs_of(folder_.path(), "shop");
  LastRuns begun = ended;
  begun.front().outcome = Outcome::begun, begun.front().failures = 1, begun.front().failing_since = now_;
  ASSERT_TRUE(write_last_runs(folder_.path(), "shop", begun));
  EXPECT_EQ(status().feeds.front().error->code, "source.broke_off") << "who is killed leaves it so";
  const Meanwhile clock(now_, [&] { ASSERT_TRUE(write_last_runs(folder_.path(), "shop", ended)); });
  const ingest::Context context{*database_, *model_, *calendar_, "EUR", clock};
  const Status now = sources::status(context_of(context))->front();
  EXPECT_FALSE(now.feeds.front().error) << now.feeds.front().error->text();
  EXPECT_EQ(now.state, State::fine);
}

// Whoever reaches the address of a server reads how its sources stand, and nothing of what is in them.
TEST_F(Runs, OverTheNetworkAnErrorIsItsCodeAlone) {
  order(1, "rubbish", "2025-06-01 10:00:00");
  told();
  const auto json = [&](ErrorsTold errors) {
    std::string out;
    JsonWriter writer(out);
    to_json({status()}, now_, errors, tongue::Language::en, writer);
    return out;
  };
  EXPECT_NE(json(ErrorsTold::whole).find("rubbish"), std::string::npos);
  EXPECT_EQ(json(ErrorsTold::by_code).find("rubbish"), std::string::npos);
  EXPECT_NE(json(ErrorsTold::by_code).find("import.nothing_taken"), std::string::npos);
}

}  // namespace
}  // namespace vigie::sources

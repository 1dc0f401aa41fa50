// Streams of taps, as those of PyPI write them, taken piece by piece: what is kept, what the maps bring, what is told.
#include "singer/singer.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "store/warehouse.h"

namespace vigie::singer {
namespace {

constexpr const char* kOrders =
    "map: orders\nsource: till\ntable: orders\ninput: {from_source: true}\ncolumns:\n  key: id\n  ordered_at: placed\n"
    "  amount_net: amount\n  deleted_at: _sdc_deleted_at\n";

constexpr const char* kSchema =
    R"({"type": "SCHEMA", "stream": "orders", "key_properties": ["id"], "schema": {"type": "object", "properties": {"id": {"type": "integer"}, "placed": {"type": "string", "format": "date-time"}, "amount": {"type": ["null", "number"]}}}})"
    "\n";

std::string record(int id, const std::string& amount, const std::string& version = "", const char* stream = "orders") {
  return fmt::format(
      R"({{"type": "RECORD", "stream": "{}", "record": {{"id": {}, "placed": "2025-06-01T10:00:00Z", "amount": {}}}{}, "time_extracted": "2025-06-30T08:00:00.000000Z"}})"
      "\n",
      stream, id, amount, version.empty() ? "" : ", \"version\": " + version);
}
std::string state(int upto) {
  return fmt::format(R"({{"type": "STATE", "value": {{"upto": {}}}}})"
                     "\n",
                     upto);
}
std::string activate(const std::string& version) {
  return fmt::format(R"({{"type": "ACTIVATE_VERSION", "stream": "orders", "version": {}}})"
                     "\n",
                     version);
}

class SingerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    model_ = std::make_unique<model::Model>(*model::Model::load(std::filesystem::path(VIGIE_SOURCE_DIR) / "model"));
    database_ = *store::Database::open({});
    calendar_ = std::make_unique<calendar::Calendar>(*calendar::Calendar::make({.time_zone = "Europe/Paris"}));
    ASSERT_TRUE(store::prepare_warehouse(*database_, *model_, {.time_zone = "Europe/Paris", .base_currency = "EUR"}));
    ASSERT_TRUE(ingest::prepare(*database_));
    std::filesystem::create_directories(folder_ / "data");
    folder_.write("orders.yaml", kOrders);
    order_.maps["orders"] = (folder_ / "orders.yaml").string();
    order_.bring = true;
  }

  Result<Report> take(const std::string& lines, const presets::Preset* preset = nullptr) {
    Order order = order_;
    if (!lines.empty()) {
      folder_.write("piece", lines);
      order.piece = (folder_ / "piece").string();
    }
    const FixedClock clock(now_);
    const ingest::Context context{*database_, *model_, *calendar_, "EUR", clock, false, privacy_};
    return singer::take({context, folder_.path()}, order, preset);
  }

  /// "orders 3: 2+1=0~0/0-0 | read 3 | {"upto":2} | singer.key": of each stream its received: new + changed = unchanged
  /// ~ repeated / passed over - gone; what each map read; the state; the codes of what is told.
  std::string told(const std::string& lines, const presets::Preset* preset = nullptr) {
    const auto report = take(lines, preset);
    if (!report) return report.error().code;
    std::string out;
    for (const StreamReport& one : report->streams)
      out += fmt::format("{} {}: {}+{}={}~{}/{}-{} | ", one.stream, one.received, one.fresh, one.changed, one.unchanged,
                         one.repeated, one.passed_over, one.gone);
    for (const ingest::Receipt& one : report->receipts) out += fmt::format("{} read {} | ", one.map, one.read);
    out += report->state;
    for (const Error& one : report->told) out += " " + one.code;
    if (report->stopped) out += " ! " + report->stopped->code;
    return out;
  }

  std::string rows(const std::string& sql) {
    auto connection = database_->connect();
    const auto result = connection->query(sql);
    if (!result) return result.error().text();
    std::string out;
    for (std::size_t row = 0; row < result->rows(); ++row)
      for (std::size_t column = 0; column < result->columns().size(); ++column)
        out += (column > 0 ? "|" : row > 0 ? "\n" : "") + result->text(row, column);
    return out;
  }
  std::string orders() {
    return rows(
        "SELECT string_agg(source_key || '=' || amount_net::DECIMAL(9,2)::VARCHAR, ' ' ORDER BY source_key) "
        "FROM orders WHERE deleted_at IS NULL");
  }

  TestFolder folder_;
  std::unique_ptr<model::Model> model_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<calendar::Calendar> calendar_;
  Instant now_ = *parse_instant("2025-07-01T09:00:00Z");
  std::shared_ptr<ingest::Privacy> privacy_ = std::make_shared<ingest::Privacy>(folder_.path(), std::nullopt);
  Order order_;
};

TEST_F(SingerTest, KeepsWhatIsNewWithItsState) {
  EXPECT_EQ(told(kSchema + record(1, "10.5") + record(2, "20") + state(2)),
            "orders 2: 2+0=0~0/0-0 | orders read 2 | {\"upto\": 2}");
  EXPECT_EQ(orders(), "1=10.50 2=20.00");
  // The next stream of the tap begins with what it ended with: known already.
  EXPECT_EQ(told(kSchema + record(2, "20") + state(2)), "orders 1: 0+0=1~0/0-0 | {\"upto\": 2}");
  EXPECT_EQ(told(kSchema + record(2, "20") + record(2, "21") + record(3, "30") + state(3)),
            "orders 3: 1+1=0~1/0-0 | orders read 2 | {\"upto\": 3}");
  EXPECT_EQ(orders(), "1=10.50 2=21.00 3=30.00");
}

TEST_F(SingerTest, BringsWhatACrashKeptFromTheMaps) {
  order_.bring = false;
  EXPECT_EQ(told(kSchema + record(1, "10") + state(1)), "orders 1: 1+0=0~0/0-0 | {\"upto\": 1}");
  EXPECT_EQ(orders(), "");
  order_.bring = true;
  EXPECT_EQ(told(""), "orders read 1 | {\"upto\": 1}");
  EXPECT_EQ(orders(), "1=10.00");
  EXPECT_EQ(told(""), "{\"upto\": 1}");
}

TEST_F(SingerTest, StopsAtTheLineThatCannotBeTaken) {
  EXPECT_EQ(
      told(kSchema + record(1, "10") + state(1) + record(2, "20") + "INFO sync ended\n" + record(3, "30") + state(3)),
      "orders 2: 2+0=0~0/0-0 | orders read 2 | {\"upto\": 1} ! singer.line");
  EXPECT_EQ(orders(), "1=10.00 2=20.00") << "what came before is kept, and comes again from its STATE";
  EXPECT_EQ(told(record(4, "40")), "{\"upto\": 1} ! singer.no_schema");
  EXPECT_EQ(told(kSchema + std::string(R"({"type":"RECORD","stream":"orders","record":{"id":null}})") + "\n"),
            "orders 0: 0+0=0~0/0-0 | {\"upto\": 1} ! singer.key");
}

TEST_F(SingerTest, PassesOverStreamsThatNobodyReads) {
  const std::string other = R"({"type":"SCHEMA","stream":"staff","key_properties":["id"],"schema":{"properties":{}}})";
  EXPECT_EQ(told(other + "\n" + kSchema + record(7, "1", "", "staff") + record(1, "10") + state(1)),
            "staff 1: 0+0=0~0/1-0 | orders 1: 1+0=0~0/0-0 | orders read 1 | {\"upto\": 1} singer.stream");
  const auto second = take(other + "\n");
  ASSERT_TRUE(second);
  order_.run = second->run;
  EXPECT_EQ(told(record(8, "1", "", "staff")), "staff 1: 0+0=0~0/1-0 | {\"upto\": 1}") << "in the next piece too";
}

TEST_F(SingerTest, AnActivatedVersionDeletesTheOthers) {
  const auto load = [](const std::string& version, int from, int to) {
    std::string out = kSchema;
    for (int id = from; id <= to; ++id) out += record(id, "10", version);
    return out;
  };
  // The first full load: the version is activated before its first row, and again at its end.
  EXPECT_EQ(told(kSchema + activate("100") + load("100", 1, 40) + activate("100") + state(1)),
            "orders 40: 40+0=0~0/0-0 | orders read 40 | {\"upto\": 1}");
  EXPECT_EQ(told(load("200", 1, 39) + activate("200") + state(2)),
            "orders 39: 0+0=39~0/0-1 | orders read 1 | {\"upto\": 2}");
  EXPECT_EQ(rows("SELECT source_key, deleted_at::VARCHAR FROM orders WHERE deleted_at IS NOT NULL"),
            fmt::format("40|{}", now_.micros));
  // Most of the rows would go: the tap may have been cut off.
  EXPECT_EQ(told(load("300", 1, 5) + activate("300") + state(3)),
            "orders 5: 0+0=5~0/0-0 | {\"upto\": 2} ! singer.max_deleted");
  EXPECT_EQ(rows("SELECT count(*)::VARCHAR FROM orders WHERE deleted_at IS NULL"), "39");
  // A version of which no row came.
  EXPECT_EQ(told(kSchema + activate("400") + state(4)), "orders 0: 0+0=0~0/0-0 | {\"upto\": 4} singer.version");
  order_.max_deleted = 1;
  EXPECT_EQ(told(load("500", 1, 5) + activate("500") + state(5)),
            "orders 5: 0+0=5~0/0-34 | orders read 34 | {\"upto\": 5}");
  EXPECT_EQ(rows("SELECT count(*)::VARCHAR FROM orders WHERE deleted_at IS NULL"), "5");
  // A row that is back is there again.
  EXPECT_EQ(told(kSchema + record(40, "10", "500") + state(6)),
            "orders 1: 0+1=0~0/0-0 | orders read 1 | {\"upto\": 6}");
  EXPECT_EQ(rows("SELECT count(*)::VARCHAR FROM orders WHERE deleted_at IS NULL"), "6");
}

TEST_F(SingerTest, KnowsRecordsWithoutAKeyByWhatTheySay) {
  folder_.write("orders.yaml", std::string(kOrders).replace(std::string(kOrders).find("key: id"), 7, "key: _sdc_key"));
  const std::string schema = R"({"type":"SCHEMA","stream":"orders","key_properties":[],"schema":{"properties":{}}})";
  const std::string sent = schema + "\n" + record(1, "10") + record(1, "10") + record(2, "20") + state(1);
  EXPECT_EQ(told(sent), "orders 3: 3+0=0~0/0-0 | orders read 3 | {\"upto\": 1}") << "two equal ones are two";
  EXPECT_EQ(told(sent), "orders 3: 0+0=3~0/0-0 | {\"upto\": 1}") << "sent again they are the same";
  folder_.write("orders.yaml",
                "map: orders\nsource: till\ntable: orders\ninput: {from_source: true}\ncolumns: "
                "{ordered_at: placed, amount_net: amount}\n");
  EXPECT_EQ(told(sent), "singer.map");
}

TEST_F(SingerTest, KeepsTextsLetterByLetter) {
  folder_.write("orders.yaml", std::string(kOrders) + "  channel: channel\n");
  const auto sent = [](int id, const std::string& channel) {
    return fmt::format(
        R"({{"type":"RECORD","stream":"orders","record":{{"id":{},"placed":"2025-06-01T10:00:00Z","amount":0.1,"channel":"{}"}}}})"
        "\n",
        id, channel);
  };
  EXPECT_EQ(told(kSchema + sent(1, "# 1; a,b") + sent(2, R"(say \"no\"\nnow)") + sent(3, R"(\u00e9t\u00e9 \\ é)") +
                 sent(4, "# and \\\"") + state(1)),
            "orders 4: 4+0=0~0/0-0 | orders read 4 | {\"upto\": 1}");
  EXPECT_EQ(rows("SELECT string_agg(channel, '|' ORDER BY source_key) FROM orders"),
            "# 1; a,b|say \"no\"\nnow|été \\ é|# and \"");
}

TEST_F(SingerTest, OneStreamOfATapAtATime) {
  const auto first = take(kSchema + record(1, "10"));
  ASSERT_TRUE(first);
  ASSERT_TRUE(take(kSchema + record(2, "20")));
  order_.run = first->run;
  EXPECT_EQ(told(record(3, "30")), "singer.other_run");
}

constexpr const char* kPreset = R"(preset: acme
label: {en: Acme, fr: Acme}
common:
  synced: [_sdc_extracted_at]
  deleted: [archived, _sdc_deleted]
objects:
  sale:
    label: {en: Sales, fr: Ventes}
    needed: true
    names: [sales]
    known_by: [id, total]
    columns: {id: [], total: [properties.total], placed: [placed_at]}
maps:
  - {map: sales, needs: [sale]}
)";

constexpr const char* kSales = R"yaml(map: acme_sales
source: acme
table: orders
inputs: {sale: sale}
query: SELECT *, count(*) OVER () AS n FROM sale
columns:
  key: id
  ordered_at: placed
  amount_net: total
  deleted_at: {from: synced, when: "deleted in ('true', 't', '1')"}
)yaml";

TEST_F(SingerTest, HashesBeforeRowsAreKeptAndForgetsWhoWasErased) {
  folder_.write("people.yaml",
                "map: people\nsource: till\ntable: customers\ninput: {from_source: true}\ncolumns:\n  key: id\n  name: "
                "name\n  x_mail: {from: mail, privacy: hash}\n");
  order_.maps = {{"people", (folder_ / "people.yaml").string()}};
  const std::string schema =
      R"({"type":"SCHEMA","stream":"people","key_properties":["id"],"schema":{"properties":{"id":{"type":"integer"},"name":{},"mail":{},"first_name":{},"town":{}}}})"
      "\n";
  const std::string ada =
      R"({"type":"RECORD","stream":"people","record":{"id":7,"name":"Ada Byron","mail":"ada@example.org","first_name":"Ada","town":"Lyon"}})"
      "\n";
  EXPECT_EQ(told(schema + ada), "people 1: 1+0=0~0/0-0 | people read 1 | {}");
  EXPECT_EQ(rows("SELECT contains(record, 'ada@example.org')::VARCHAR, contains(record, 'hash-')::VARCHAR FROM "
                 "_singer_rows"),
            "false|true");
  EXPECT_EQ(rows("SELECT starts_with(x_mail, 'hash-')::VARCHAR FROM customers"), "true");

  // The tap's row of somebody who was erased is known by its key: numbers and places stay, the name does not come.
  auto connection = *database_->connect();
  ASSERT_TRUE(connection.execute(
      fmt::format("INSERT INTO _erased VALUES ('key', '{}', 'erased-0123456789abcdef', 1)",
                  privacy_->key_digest("people_tap", "singer/people", rows("SELECT key FROM _singer_rows")))));
  ASSERT_TRUE(connection.execute("DELETE FROM _singer_rows"));
  order_.tap = "people_tap";
  EXPECT_EQ(told(schema + ada), "people 1: 1+0=0~0/0-0 | people read 1 | {}");
  EXPECT_EQ(rows("SELECT contains(record, '\"first_name\":null')::VARCHAR, contains(record, 'Lyon')::VARCHAR FROM "
                 "_singer_rows"),
            "true|true");
}

TEST_F(SingerTest, GivesAStreamToTheObjectOfAPreset) {
  folder_.write("acme/preset.yaml", kPreset);
  folder_.write("acme/sales.yaml", kSales);
  const auto preset = presets::load(folder_ / "acme");
  ASSERT_TRUE(preset) << preset.error().text();
  order_.maps.clear();
  order_.preset = "acme";
  const std::string schema =
      R"({"type":"SCHEMA","stream":"acme_sales","key_properties":["id"],"schema":{"properties":{"id":{},"placed_at":{},"archived":{},"properties":{"properties":{"total":{}}}}}})"
      "\n";
  const auto sale = [](int id, int total, const char* archived, int version) {
    return fmt::format(
        R"({{"type":"RECORD","stream":"acme_sales","version":{},"record":{{"id":"{}","placed_at":"2025-06-01","archived":{},"properties":{{"total":"{}"}}}}}})"
        "\n",
        version, id, archived, total);
  };
  EXPECT_EQ(
      told(schema + sale(1, 10, "false", 1) + sale(2, 20, "true", 1) + sale(3, 30, "false", 1) + state(1), &*preset),
      "acme_sales 3: 3+0=0~0/0-0 | acme_sales read 3 | {\"upto\": 1}");
  EXPECT_EQ(orders(), "1=10.00 3=30.00");
  // What is new today is looked at with all that was there: the map sees the whole object.
  const std::string activated = "{\"type\":\"ACTIVATE_VERSION\",\"stream\":\"acme_sales\",\"version\":2}\n";
  EXPECT_EQ(told(schema + sale(1, 11, "false", 2) + sale(2, 20, "true", 2) + activated + state(2), &*preset),
            "acme_sales 2: 0+1=1~0/0-1 | acme_sales read 3 | {\"upto\": 2}");
  EXPECT_EQ(orders(), "1=11.00");
  const std::string lacking =
      R"({"type":"SCHEMA","stream":"sales","key_properties":["id"],"schema":{"properties":{"id":{}}}})";
  const auto report = take(lacking + "\n", &*preset);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->told.size(), 1U);
  EXPECT_EQ(report->told[0].message, "sales: it is called like sale, and has no column total");
}

}  // namespace
}  // namespace vigie::singer

#include "ingest/map.h"

#include <gtest/gtest.h>

namespace vigie::ingest {
namespace {

class MapTest : public ::testing::Test {
 protected:
  Result<Map> parse(std::string_view text) { return Map::parse(text, "m.yaml", *model_, "Europe/Paris"); }
  /// "code at line:column: message (hint)"
  std::string refusal(std::string_view text) {
    const auto map = parse(text);
    if (map) return "taken";
    return fmt::format("{} | {}", map.error().code, map.error().text());
  }
  static std::string with(std::string_view columns, std::string_view more = "") {
    return fmt::format("map: m\nsource: s\ntable: orders\ninput: o.csv\n{}columns:\n{}", more, columns);
  }

  static void SetUpTestSuite() {
    model_ = std::make_unique<model::Model>(*model::Model::load(std::filesystem::path(VIGIE_SOURCE_DIR) / "model"));
  }
  static void TearDownTestSuite() { model_.reset(); }
  static std::unique_ptr<model::Model> model_;
};
std::unique_ptr<model::Model> MapTest::model_;

TEST_F(MapTest, ReadsWhatTheGuideShows) {
  const auto map = parse(R"yaml(
map: shop_orders
source: shop
table: orders
input:
  files: [orders-1.csv, "orders-2*.csv"]
  format: csv
  delimiter: ";"
  encoding: windows-1252
  skip: 1
  null_values: ["", "NA"]
time_zone: America/New_York
currency: USD
decimal: ","
thousands: " "
date_format: ["%d/%m/%Y", iso]
complete_until: 2025-06-30
history_complete: true
filter: "type != 'quote'"
columns:
  key: [order_id, line_no]
  customer_key: {from: client, source: crm}
  ordered_at: {from: date, as: date}
  status: {from: state, values: {paid: confirmed, void: cancelled}, else: null}
  amount_net: {from: total, decimal: ".", thousands: ",", factor: 0.01}
  channel: {value: web}
  owner_key: {from: [seller, agency]}
  x_store: {from: store, as: text}
)yaml");
  ASSERT_TRUE(map) << map.error().text();
  EXPECT_EQ(map->inputs[0].files.size(), 2U);
  EXPECT_EQ(map->inputs[0].encoding, Encoding::windows1252);
  EXPECT_EQ(map->key.size(), 2U);
  EXPECT_EQ(map->mode, Mode::upsert);
  EXPECT_EQ(map->find("customer_key")->source, "crm");
  EXPECT_EQ(map->find("owner_key")->source, "shop");
  EXPECT_EQ(map->find("amount_net")->number.decimal, '.');
  EXPECT_EQ(map->find("ordered_at")->date.patterns.size(), 2U);
  EXPECT_EQ(map->find("ordered_at")->date.zone, "America/New_York");
  EXPECT_EQ(map->find("status")->otherwise, Otherwise::null);
  // The day ends at midnight in New York, four hours behind in summer.
  EXPECT_EQ(to_string(*map->complete_until), "2025-07-01T04:00:00Z");
}

TEST_F(MapTest, PointsAtWhatIsWrong) {
  EXPECT_EQ(refusal(with("  ordred_at: day\n")),
            "map.unknown_column | m.yaml:6:3: unknown column \"ordred_at\" in orders; did you mean \"ordered_at\"?");
  EXPECT_EQ(refusal("map: m\nsource: s\ntable: order\ninput: o.csv\ncolumns: {ordered_at: d}\n"),
            "map.unknown_table | m.yaml:3:8: unknown table \"order\"; did you mean \"orders\"?");
  EXPECT_EQ(refusal(with("  ordered_at: day\n", "query_minutes: 5\n")),
            "map.option | m.yaml:5:16: query_minutes is how long the query may take: there is no `query`");
  EXPECT_EQ(refusal("map: m\nsource: s\ntable: orders\ninputs: {o: o.csv}\nquery: SELECT 1\nquery_minutes: 0\n"
                    "columns: {ordered_at: d}\n"),
            "map.option | m.yaml:6:16: query_minutes is above 0, and at most 1440: a day");
  EXPECT_EQ(refusal(with("  ordered_at: day\n", "tme_zone: UTC\n")),
            "yaml.unknown_key | m.yaml:5:1: unknown key \"tme_zone\"; did you mean \"time_zone\"?");
  EXPECT_EQ(refusal(with("  ordered_at: day\n", "factor: 0.01\n")),
            "yaml.unknown_key | m.yaml:5:1: \"factor\" is said of a column, not of a whole map; write it under "
            "columns, in the entry of that column, beside its from");
  EXPECT_EQ(refusal(with("  ordered_at: day\n", "delimiter: \";\"\n")),
            "yaml.unknown_key | m.yaml:5:1: \"delimiter\" is said of an input, not of a whole map; write it under "
            "input, beside files");
  EXPECT_EQ(refusal(with("  ordered_at: {from: day, dateformat: iso}\n")),
            "yaml.unknown_key | m.yaml:6:27: unknown key \"dateformat\"; did you mean \"date_format\"?");
  EXPECT_EQ(refusal(with("  ordered_at: day\n", "time_zone: Europe/Pariss\n")),
            "zone.unknown | m.yaml:5:12: \"Europe/Pariss\" is not a time zone; did you mean \"Europe/Paris\"?");
  EXPECT_EQ(refusal(with("  ordered_at: day\n  status: {from: s, values: {paid: confirmd}}\n")),
            "map.value | m.yaml:7:36: \"confirmd\" is not a value for status; did you mean \"confirmed\"?");
  EXPECT_EQ(refusal(with("  status: {value: confirmed}\n")).substr(0, 37), "map.missing_column | m.yaml:6:3: orde");
}

TEST_F(MapTest, AnOptionThatMeansNothingThereIsRefused) {
  EXPECT_EQ(refusal(with("  ordered_at: {from: day, decimal: \",\"}\n")),
            "map.option | m.yaml:6:36: `decimal` is for numbers; ordered_at is instant");
  EXPECT_NE(refusal(with("  ordered_at: day\n  channel: {from: c, date_format: iso}\n"))
                .find("`date_format` is for instants"),
            std::string::npos);
  EXPECT_NE(refusal(with("  ordered_at: day\n  amount_net: {from: a, values: {x: 1}}\n")).find("`values` is for"),
            std::string::npos);
  EXPECT_NE(refusal(with("  ordered_at: day\n  channel: {from: c, else: x}\n")).find("there is no `values`"),
            std::string::npos);
  EXPECT_NE(refusal(with("  ordered_at: {from: day, value: 2025-01-01}\n")).find("exactly one of from, join, value"),
            std::string::npos);
  EXPECT_NE(refusal(with("  ordered_at: day\n  owner_key: [a, b]\n")).find("a list does not say"), std::string::npos);
  EXPECT_NE(refusal(with("  ordered_at: day\n", "decimal: \",\"\nthousands: \",\"\n")).find("cannot be both"),
            std::string::npos);
  EXPECT_NE(refusal(with("  ordered_at: {from: day, date_format: \"%d/%m\"}\n")).find("date_format.incomplete"),
            std::string::npos);
}

TEST_F(MapTest, ConstantsAreCheckedBeforeAnyFileIsRead) {
  EXPECT_NE(refusal(with("  ordered_at: {value: yesterday}\n")).find("is not a date for ordered_at"),
            std::string::npos);
  EXPECT_NE(refusal(with("  ordered_at: day\n  amount_net: {value: \"1,5\"}\n")).find("is not a number"),
            std::string::npos);
  EXPECT_EQ(refusal(with("  ordered_at: {value: 2025-01-01}\n")), "taken");
  const auto in_currency = [&](std::string_view code) {
    return refusal(with(fmt::format("  ordered_at: day\n  currency: {{value: {}}}\n", code)));
  };
  EXPECT_NE(in_currency("EURO").find("\"EURO\" is not a currency"), std::string::npos);
  for (const char* code : {"usd", "BTC", "ERU"}) EXPECT_EQ(in_currency(code), "taken") << code << ", as in rows";
  const std::string listed = "  ordered_at: day\n  currency: {from: c, values: {Bitcoin: BTC}, else: ETH}\n";
  EXPECT_EQ(refusal(with(listed)), "taken");
}

TEST_F(MapTest, InputsAndQueriesBelongTogether) {
  EXPECT_NE(refusal("map: m\nsource: s\ntable: orders\ncolumns: {ordered_at: d}\n").find("map.input"),
            std::string::npos);
  EXPECT_NE(refusal("map: m\nsource: s\ntable: orders\ninputs: {a: a.csv}\ncolumns: {ordered_at: d}\n")
                .find("needs a `query`"),
            std::string::npos);
  EXPECT_NE(refusal("map: m\nsource: s\ntable: orders\ninput: a.csv\nquery: SELECT 1\ncolumns: {ordered_at: d}\n")
                .find("name them"),
            std::string::npos);
  EXPECT_NE(refusal(with("  ordered_at: d\n", "mode: upsrt\n")).find("did you mean \"upsert\"?"), std::string::npos);
}

TEST_F(MapTest, TablesSayWhichRowsNeedAKey) {
  EXPECT_NE(
      refusal("map: m\nsource: s\ntable: customers\ninput: c.csv\ncolumns: {name: n}\n").find("customers needs a key"),
      std::string::npos);
  const auto orders = parse(with("  ordered_at: day\n"));
  ASSERT_TRUE(orders);
  EXPECT_TRUE(orders->keyed_by_row());
  EXPECT_EQ(orders->mode, Mode::append);
  const auto rates =
      parse("map: m\nsource: s\ntable: fx_rates\ninput: c.csv\ncolumns: {date: d, currency: c, per_euro: r}\n");
  ASSERT_TRUE(rates) << rates.error().text();
  EXPECT_FALSE(rates->keyed_by_row());
  EXPECT_EQ(rates->mode, Mode::upsert);
}

TEST_F(MapTest, ASnapshotNeedsAKey) {
  for (const char* mode : {"snapshot", "snapshot_of_dates"})
    EXPECT_EQ(
        refusal(with("  ordered_at: day\n", fmt::format("mode: {}\n", mode))),
        "map.mode | m.yaml:5:7: without a key, a snapshot cannot tell which rows are new: each export would count all "
        "of its rows again; name the columns that tell one row from another, such as key: [day, channel, campaign]");
  EXPECT_EQ(refusal(with("  key: [day, shop]\n  ordered_at: day\n", "mode: snapshot\n")), "taken");
  EXPECT_EQ(
      refusal(
          "map: m\nsource: s\ntable: fx_rates\nmode: snapshot\ninput: c.csv\ncolumns: {date: d, currency: c, per_euro: "
          "r}\n"),
      "taken")
      << "rates have a key of their own";
}

TEST_F(MapTest, ASnapshotOfDatesNeedsTheDate) {
  const auto customers = [&](std::string_view columns) {
    return refusal(fmt::format(
        "map: m\nsource: s\ntable: customers\nmode: snapshot_of_dates\ninput: c.csv\ncolumns: {{key: id{}}}\n",
        columns));
  };
  EXPECT_EQ(customers(", name: n"),
            "map.mode | m.yaml:4:7: a snapshot of dates goes by customer_since, which this map does not bring; add "
            "\"customer_since: NAME_OF_INPUT_COLUMN\" to its columns");
  EXPECT_EQ(customers(", customer_since: since"), "taken");
  for (const char* table : {"products", "teams"})
    EXPECT_EQ(
        refusal(fmt::format("map: m\nsource: s\ntable: {}\nmode: snapshot_of_dates\ninput: c.csv\ncolumns: {{key: "
                            "id, name: n}}\n",
                            table)),
        fmt::format("map.mode | m.yaml:4:7: the rows of {} have no date that a snapshot of dates could go by; mode: "
                    "snapshot where the file holds all of them, else upsert",
                    table));
}

TEST_F(MapTest, FreeAttributesAreNamedWithAnX) {
  EXPECT_EQ(refusal("map: m\nsource: s\ntable: customers\ninput: c.csv\ncolumns: {key: id, shop: s}\n"),
            "map.unknown_column | m.yaml:5:20: unknown column \"shop\" in customers; a column of your own is called "
            "\"x_shop\"");
  EXPECT_NE(
      refusal("map: m\nsource: s\ntable: customers\ninput: c.csv\ncolumns: {key: id, x_Shop: s}\n").find("x_ and then"),
      std::string::npos);
  EXPECT_NE(
      refusal("map: m\nsource: s\ntable: fx_rates\ninput: c.csv\ncolumns: {x_a: s}\n").find("takes no free attributes"),
      std::string::npos);
}

}  // namespace
}  // namespace vigie::ingest

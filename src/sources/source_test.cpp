#include "sources/source.h"

#include <gtest/gtest.h>

namespace vigie::sources {
namespace {

Result<Source> read(const std::string& text) { return Source::parse(text, "sources/erp.yaml", "/company", "/presets"); }

std::string refusal(const std::string& text) {
  const auto source = read(text);
  return source ? "taken" : source.error().code + " " + source.error().text();
}

const std::string kErp =
    "source: erp\nkind: postgres\nhost: db.example.org\ndatabase: erp\nuser: vigie\npassword: env:ERP_PASSWORD\n";

TEST(Source, SaysWhereItIsAndWhatIsRead) {
  const auto source = read(kErp +
                           "port: 5433\ntls: require\nschedule: every 15 minutes\nmaps:\n"
                           "  - {map: maps/orders.yaml, table: sales.orders, cursor: updated_at, tie_break: id, "
                           "overlap: 10 minutes}\n"
                           "  - map: /maps/products.yaml\n    query: SELECT id FROM products;\n");
  ASSERT_TRUE(source) << source.error().text();
  EXPECT_EQ(source->kind, Kind::postgres);
  EXPECT_EQ(source->port, 5433);
  EXPECT_EQ(source->password->name, "ERP_PASSWORD");
  ASSERT_EQ(source->feeds.size(), 2U);
  const Feed& orders = source->feeds[0];
  EXPECT_EQ(orders.map_file, "/company/maps/orders.yaml");
  EXPECT_EQ(orders.mode, Mode::cursor);
  EXPECT_EQ(orders.overlap->amount, 600);
  EXPECT_TRUE(orders.overlap->is_time);
  EXPECT_EQ(source->feeds[1].query, "SELECT id FROM products") << "the mark that ends it is ours";
  EXPECT_EQ(source->feeds[1].mode, Mode::snapshot);
}

TEST(Source, NamesThePlaceAndTheNearestWord) {
  EXPECT_EQ(refusal(kErp + "shedule: every hour\nmaps: []\n"),
            "yaml.unknown_key sources/erp.yaml:7:1: unknown key \"shedule\"; did you mean \"schedule\"?");
  EXPECT_EQ(refusal("source: erp\nkind: postgre\nmaps: []\n"),
            "source.value sources/erp.yaml:2:7: unknown kind of source \"postgre\"; did you mean \"postgres\"?");
  EXPECT_EQ(refusal(kErp + "folder: exports\nmaps: []\n"),
            "source.option sources/erp.yaml:7:1: folder means nothing to a source of kind postgres");
  EXPECT_EQ(refusal(kErp + "maps:\n  - {map: o.yaml, table: o, tie_break: id}\n"),
            "source.mode sources/erp.yaml:8:40: tie_break is said of a cursor, and there is none");
  EXPECT_EQ(refusal(kErp + "maps:\n  - {map: o.yaml, table: o, query: SELECT 1}\n"),
            "source.rows sources/erp.yaml:8:5: a map of a source reads a `table` or a `query`: say one of them");
  EXPECT_EQ(refusal(kErp + "schedule: weekly\nmaps: []\n"),
            "schedule.unreadable sources/erp.yaml:7:11: \"weekly\" is no schedule; write \"every 15 minutes\", "
            "\"every day\", or five fields as cron has them: \"30 6 * * 1-5\"");
}

TEST(Source, IsAnotherWhereItIsAnotherDatabase) {
  const auto digest = [](const std::string& text) {
    return read(text + "maps: [{map: m.yaml, table: t}]\n")->digest();
  };
  EXPECT_EQ(digest(kErp), digest(kErp + "schedule: every hour\n"));
  EXPECT_NE(digest(kErp), digest(kErp + "port: 5433\n"));
  EXPECT_NE(digest("source: s\nkind: postgres\ndatabase: a\n"), digest("source: s\nkind: postgres\ndatabase: b\n"));
  EXPECT_NE(digest("source: s\nkind: postgres\ndatabase: a\n"), digest("source: s\nkind: mysql\ndatabase: a\n"));
  const auto file = [](const char* place, const char* workspace) {
    return Source::parse(fmt::format("source: s\nkind: sqlite\nfile: {}\nmaps: [{{map: m.yaml, table: t}}]\n", place),
                         "s", workspace, "/presets")
        ->digest();
  };
  EXPECT_NE(file("test.db", "/company"), file("real.db", "/company"));
  EXPECT_EQ(file("test.db", "/company"), file("test.db", "/moved/company"));
  EXPECT_NE(file("/a/test.db", "/company"), file("/b/test.db", "/company"));
}

TEST(Source, HoldsNoPasswordInClearAndRepeatsNone) {
  const std::string text = refusal("source: erp\nkind: postgres\ndatabase: erp\npassword: hunter2\nmaps: []\n");
  EXPECT_TRUE(text.starts_with("secret.form sources/erp.yaml:4:11: a secret does not stand in a workspace in clear"))
      << text;
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  const std::string address = refusal("source: erp\nkind: postgres\ndatabase: postgres://u:hunter2@h/erp\nmaps: []\n");
  EXPECT_TRUE(address.starts_with("secret.form ")) << address;
  EXPECT_EQ(address.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace vigie::sources

// Presets of databases: what they say, and what becomes of it in the database that is there.
#include "sources/database_preset.h"

#include <sqlite3.h>

#include "sources/sync_fixture.h"

namespace vigie::sources {
namespace {

constexpr const char* kTill =
    "preset: till\nlabel: {en: Till, fr: Caisse}\nkinds: [sqlite]\nsettings:\n"
    "  prefix: {default: till_, meaning: {en: What stands before names, fr: Ce qui précède les noms}}\n"
    "  shop: {default: \"1\", meaning: {en: Which shop, fr: Quelle boutique}}\n"
    "tables:\n  tickets:\n    names: ['{prefix}sale', '{prefix}ticket']\n    columns: {id: [rowid_], placed: [], "
    "amount: [total_ht, total], is_test: {names: [test], absent: '0'}, customer: [], gone: [], note: [], updated: "
    "[tms], shop: []}\n  returns:\n    names: ['{prefix}return']\n    columns: {ticket: []}\n"
    "maps:\n  - map: orders.yaml\n    needs: [tickets]\n    cursor: updated\n    whole: 1 day\n    query: |\n"
    "      WITH kept AS (SELECT * FROM tickets WHERE is_test = 0)\n"
    "      SELECT k.* FROM kept k WHERE shop = {shop} AND id NOT IN (SELECT ticket FROM returns)\n"
    "  - {map: returns.yaml, needs: [returns], query: SELECT ticket AS id FROM returns}\n";

class DatabasePresets : public SyncTest {
 protected:
  void SetUp() override {
    SyncTest::SetUp();
    preset(kTill);
    folder_.write("till/orders.yaml", std::string(kOrdersMap) + "mode: snapshot\n");
    folder_.write("till/returns.yaml",
                  "map: returns\nsource: shop\ntable: customers\ninput: {from_source: true}\ncolumns: {key: id}\n");
    follow("");
  }
  void preset(const std::string& text) { folder_.write("till/source.yaml", text); }
  void follow(const std::string& more) {
    folder_.write("sources/till.yaml", "source: till\nkind: sqlite\nfile: till.db\npreset: ./till\n" + more);
  }
  void run(const std::string& sql) {
    sqlite3* till = nullptr;
    ASSERT_EQ(sqlite3_open((folder_ / "till.db").c_str(), &till), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(till, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(till);
    sqlite3_close(till);
  }
  std::string refusal(const std::string& from, const std::string& to) {
    std::string text = kTill;
    text.replace(text.find(from), from.size(), to);
    preset(text);
    const auto report = sync();
    return report && report->first_error() != nullptr ? report->first_error()->text() : "taken";
  }
};

TEST_F(DatabasePresets, TakeTheNamesThatTheDatabaseHas) {
  run("CREATE TABLE till_ticket(rowid_ INTEGER, placed TEXT, total NUMERIC, tms TEXT, shop TEXT)");
  run("INSERT INTO till_ticket VALUES (1, '2025-06-01', 10, '2025-06-01', '1'), (2, '2025-06-02', 20, '2025-06-02', "
      "'1'), (3, '2025-06-03', 99, '2025-06-03', '2')");
  EXPECT_EQ(told(), "orders brought 2+0=0-0!0 (2025-06-02)\nreturns absent 0+0=0-0!0");
  EXPECT_EQ(sync()->feeds[1].missing, "returns");
  // A later version: a table of another name, a column that says what is a test, and returns.
  run("ALTER TABLE till_ticket RENAME TO till_sale; ALTER TABLE till_sale RENAME total TO total_ht; ALTER TABLE "
      "till_sale ADD test INTEGER NOT NULL DEFAULT 0; UPDATE till_sale SET test = 1, tms = '2025-06-04' WHERE rowid_ "
      "= 1; CREATE TABLE till_return(ticket INTEGER)");
  EXPECT_EQ(told(), "orders brought 0+0=1-1!0 (2025-06-02)\nreturns nothing_new 0+0=0-0!0")
      << "another query: all its rows are read once more, and the test is none of them";
  run("INSERT INTO till_return VALUES (2)");
  EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!0 (2025-06-02)\nreturns brought 1+0=0-0!0") << "no row is newer";
  now_ = Instant{now_.micros + kMicrosPerDay};
  EXPECT_EQ(told(), "orders brought 0+0=0-1!0\nreturns nothing_new 0+0=0-0!0") << "once a day all of them";
}

// A shop without a module of the product: its source is as well as any.
TEST_F(DatabasePresets, WhatTheDatabaseHasNotIsNoFailure) {
  follow("schedule: every 15 minutes\n");
  run("CREATE TABLE till_ticket(rowid_ INTEGER, placed TEXT, total NUMERIC, tms TEXT, shop TEXT)");
  run("INSERT INTO till_ticket VALUES (1, '2025-06-01', 10, '2025-06-01', '1')");
  told();
  for (const char* time : {"2025-07-01T09:15:00Z", "2025-07-01T09:30:00Z"}) {
    at(time);
    EXPECT_EQ(told(), "orders nothing_new 0+0=0-0!0 (2025-06-01)\nreturns absent 0+0=0-0!0");
  }
  EXPECT_EQ(status().state, State::fine);
  EXPECT_EQ(status().failures, 0);
  EXPECT_EQ(to_string(*status().due), "2025-07-01T09:45:00Z") << "in a quarter of an hour, not slowed down";
  EXPECT_TRUE(behind().empty()) << "no figure rests on what was never there";
}

TEST_F(DatabasePresets, TakeTheSettingsOfTheSource) {
  run("CREATE TABLE old_ticket(rowid_ INTEGER, placed TEXT, total NUMERIC, tms TEXT, shop TEXT)");
  run("INSERT INTO old_ticket VALUES (3, '2025-06-03', 99, '2025-06-03', '2')");
  follow("settings: {prefix: old_, shop: 2}\n");
  EXPECT_EQ(told(), "orders brought 1+0=0-0!0 (2025-06-03)\nreturns absent 0+0=0-0!0");
  follow("settings: {shp: 2}\n");
  EXPECT_EQ(told(), " failed 0+0=0-0!0 preset.setting: the preset has no setting \"shp\"");
  follow("settings: {shop: \"' OR 1\"}\n");
  EXPECT_EQ(told(), " failed 0+0=0-0!0 preset.setting: \"' OR 1\" cannot be the value of a setting");
  follow("settings: {prefix: no_}\n");
  EXPECT_EQ(told().substr(0, told().find('\n')),
            "orders failed 0+0=0-0!0 source.rows: none of the tables of till is there, such as no_sale");
}

TEST_F(DatabasePresets, SayWhatIsWrongInThem) {
  run("CREATE TABLE till_ticket(rowid_ INTEGER)");
  EXPECT_EQ(refusal("needs: [tickets]", "needs: [ticket]"),
            "till/source.yaml:15:5: the preset has no table or column \"ticket\"; did you mean \"returns.ticket\"?");
  EXPECT_NE(refusal("    whole: 1 day\n", "").find("the map orders is of snapshots"), std::string::npos);
  EXPECT_NE(refusal("kinds: [sqlite]", "kinds: [postgres]").find("the preset ./till reads postgres"),
            std::string::npos);
  // Said of nothing at all, each was a crash of whoever read it.
  EXPECT_EQ(refusal("kinds: [sqlite]", "kinds: []"),
            "till/source.yaml:3:8: nothing stands under kinds; "
            "docs/presets.md shows a preset of a database");
  const std::string head = "preset: till\nlabel: {en: Till, fr: Caisse}\nkinds: [sqlite]\ntables: ";
  for (const auto& [rest, key] : {std::pair("{}\nmaps: []\n", "tables"),
                                  std::pair("{tickets: {names: [t], columns: {id: []}}}\nmaps: []\n", "maps")}) {
    preset(head + rest);
    EXPECT_NE(told().find(fmt::format("nothing stands under {}", key)), std::string::npos) << told();
  }
  preset(kTill);
  folder_.write("sources/other.yaml", "source: other\nkind: sqlite\nfile: till.db\npreset: ./till\n");
  EXPECT_EQ(told("till"),
            " failed 0+0=0-0!0 preset.taken: sources/other.yaml reads with the preset till already: the rows of both "
            "would be one system's");
  follow("settings: {shop: 2}\n");
  folder_.write("sources/other.yaml", "source: other\nkind: sqlite\nfile: till.db\npreset: shopify\n");
  EXPECT_EQ(told("other"), " failed 0+0=0-0!0 preset.unknown: the preset shopify is of files, not of a database");
  folder_.write("sources/other.yaml", "source: other\nkind: sqlite\nfile: till.db\npreset: odo\n");
  EXPECT_EQ(told("other"), " failed 0+0=0-0!0 preset.unknown: no preset of a database \"odo\"");
}

TEST_F(DatabasePresets, ThatShipAreRight) {
  for (const char* name : {"tryton", "odoo", "dolibarr"}) {
    const auto preset = DatabasePreset::load(std::filesystem::path(VIGIE_SOURCE_DIR) / "presets" / name, nullptr);
    ASSERT_TRUE(preset) << preset.error().text();
    for (const Feed& feed : preset->feeds) {
      const auto map = map_of({}, feed, *model_, "UTC");
      ASSERT_TRUE(map) << map.error().text();
      EXPECT_EQ(map->source, name);
      EXPECT_TRUE(map->id.starts_with(std::string(name) + "_")) << map->id;
    }
  }
}

}  // namespace
}  // namespace vigie::sources

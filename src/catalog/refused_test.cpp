#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "catalog/catalog.h"

namespace vigie::catalog {
namespace {

namespace fs = std::filesystem;

constexpr Date kToday{20'000};

/// Two folders of definitions: what ships, and what a workspace has of its own.
class Folders {
 public:
  Folders() : path_(fs::temp_directory_path() / fmt::format("refused_{}", ::getpid())) {
    fs::create_directories(shipped());
    fs::create_directories(own());
  }
  ~Folders() { fs::remove_all(path_); }
  fs::path shipped() const { return path_ / "shipped/kpis"; }
  fs::path own() const { return path_ / "own/kpis"; }
  Catalog read() const {
    const auto model = model::Model::load(fs::path(VIGIE_SOURCE_DIR) / "model");
    auto catalog = Catalog::read({shipped(), own()}, model.value());
    EXPECT_TRUE(catalog) << catalog.error().text();
    return *std::move(catalog);
  }

 private:
  fs::path path_;
};

void write(const fs::path& file, const std::string& id, const std::string& value, const std::string& more = {}) {
  std::ofstream(file) << "id: " << id << "\neffective_from: 2020-01-01\nunit: count\ndirection: up\n"
                      << more << "label: {en: X, fr: X}\ndescription: {en: X, fr: X}\n"
                      << "measures:\n  m: {from: sales, at: sold_at, count: rows}\nvariants:\n  default:\n"
                      << "    label: {en: X, fr: X}\n    words: {en: X, fr: X}\n    value: " << value << "\n";
}

std::string told(const Catalog& catalog, std::string_view name) {
  const auto found = catalog.find(name, std::nullopt, kToday);
  return found ? "" : found.error().text();
}

TEST(Refused, ACircleIsOfWhoIsInItAndOfWhoRestsOnIt) {
  const Folders folders;
  write(folders.own() / "a.yaml", "a", "kpi.b + m");  // comes to the circle from outside, and first
  write(folders.own() / "b.yaml", "b", "kpi.c + m");
  write(folders.own() / "c.yaml", "c", "kpi.b + m");
  write(folders.own() / "d.yaml", "d", "m");
  const Catalog catalog = folders.read();
  ASSERT_EQ(catalog.faults().size(), 1U);
  for (const char* id : {"a", "b", "c"})
    EXPECT_NE(told(catalog, id).find("the definition refers to itself: b → c → b;"), std::string::npos)
        << id << ": " << told(catalog, id);
  EXPECT_EQ(told(catalog, "d"), "");
  ASSERT_EQ(catalog.in_force(kToday).size(), 1U);
}

TEST(Refused, AWrongVersionTakesAllOfThemAndWhatRestsOnThem) {
  const Folders folders;
  write(folders.shipped() / "a.yaml", "a", "m", "headline: true\n");
  write(folders.shipped() / "b.yaml", "b", "kpi.a + m");
  write(folders.own() / "a.v2.yaml", "a", "nothing", "version: 2\n");
  const Catalog catalog = folders.read();
  EXPECT_NE(told(catalog, "a").find("kpis/a.v2.yaml:14:12: unknown column \"nothing\""), std::string::npos)
      << told(catalog, "a");
  EXPECT_EQ(told(catalog, "b"), told(catalog, "a"));
  EXPECT_EQ(catalog.headline(kToday), std::vector<std::string>{"a"}) << "the board says why";
}

TEST(Refused, WhoTakesAnothersNameIsRefusedAndNotTheOther) {
  const Folders folders;
  write(folders.shipped() / "z.yaml", "z", "m", "aliases: [turnover]\n");
  write(folders.own() / "a.yaml", "a", "m", "aliases: [turnover]\n");
  const Catalog catalog = folders.read();
  EXPECT_EQ(told(catalog, "turnover"), "");
  EXPECT_NE(told(catalog, "a").find("\"turnover\" is a name of z already"), std::string::npos) << told(catalog, "a");
}

TEST(Refused, NamesAreWhatQuestionsCanSpell) {
  const Folders folders;
  const std::string longest(64, 'v');
  const auto said = [&](const std::string& variant, const std::string& parameter) {
    write(folders.own() / "a.yaml", "a",
          "m\n  " + variant + ":\n    label: {en: X, fr: X}\n    words: {en: X, fr: X}\n    value: m",
          "parameters:\n  " + parameter + ": {type: days, default: 30, label: {en: X, fr: X}}\n");
    const std::string text = told(folders.read(), "a");
    return text.substr(0, text.find(';'));
  };
  EXPECT_EQ(said(longest, "lag"), "");
  EXPECT_EQ(said(longest + "v", "lag"), "kpis/a.yaml:16:3: \"" + longest + "v\" is no name of a variant");
  EXPECT_EQ(said("by month", "lag"), "kpis/a.yaml:16:3: \"by month\" is no name of a variant");
  EXPECT_EQ(said("v", "Lag"), "kpis/a.yaml:6:3: \"Lag\" is no name of a parameter");
}

TEST(Refused, AnUnknownReasonRefusesWhatRestsOnItsDefinition) {
  const Folders folders;
  write(folders.own() / "b.yaml", "b", "m", "tests: [{from: 2025-01-01, to: 2025-02-01, reason: no_datum}]\n");
  write(folders.own() / "a.yaml", "a", "kpi.b + m");
  const Catalog catalog = folders.read();
  EXPECT_NE(told(catalog, "b").find("unknown reason \"no_datum\""), std::string::npos) << told(catalog, "b");
  EXPECT_EQ(told(catalog, "a"), told(catalog, "b"));
  EXPECT_TRUE(catalog.may_be_refused("a"));
  EXPECT_FALSE(catalog.may_be_refused("c")) << "every file says whose it is";
}

}  // namespace
}  // namespace vigie::catalog

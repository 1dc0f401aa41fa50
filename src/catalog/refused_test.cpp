#include <gtest/gtest.h>
#include <sys/stat.h>

#include "catalog/catalog_fixture.h"

namespace vigie::catalog {
namespace {

namespace fs = std::filesystem;

/// Two folders of definitions: what ships, and what a workspace has of its own.
class Folders {
 public:
  Folders() {
    fs::create_directories(shipped());
    fs::create_directories(own());
  }
  fs::path shipped() const { return files_ / "shipped/kpis"; }
  fs::path own() const { return files_ / "own/kpis"; }
  /// A file of the workspace's own, whatever it holds.
  fs::path write_own(const std::string& name, const std::string& text) const {
    return files_.write("own/kpis/" + name, text);
  }
  Catalog read() const {
    auto catalog = Catalog::read({shipped(), own()}, model::shipped_model());
    EXPECT_TRUE(catalog) << catalog.error().text();
    return *std::move(catalog);
  }

 private:
  TestFolder files_;
};

void write(const fs::path& file, const std::string& id, const std::string& value, const std::string& more = {}) {
  std::ofstream(file) << definition(id, "{from: sales, at: sold_at, count: rows}", value, "count", more);
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
  EXPECT_NE(told(catalog, "a").find("kpis/a.v2.yaml:14:12: unknown measure \"nothing\" in a;"), std::string::npos)
      << told(catalog, "a");
  EXPECT_EQ(told(catalog, "b"), told(catalog, "a"));
  EXPECT_EQ(catalog.headline(kToday), std::vector<std::string>{"a"}) << "the board says why";
}

TEST(Refused, WhoTakesAnothersNameIsRefusedAndNotTheOther) {
  const Folders folders;
  write(folders.shipped() / "z.yaml", "z", "m", "aliases: [turnover]\n");
  write(folders.own() / "a.yaml", "a", "m", "aliases: [Turnover]\n");
  const Catalog catalog = folders.read();
  EXPECT_EQ(told(catalog, "turnover"), "");
  EXPECT_EQ(told(catalog, "a"), "kpis/a.yaml:5:10: \"Turnover\" is a name of z already; choose another alias");
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

/// What ships: churn_rate, that people call churn, and what rests on it.
void write_churn(const Folders& folders) {
  write(folders.shipped() / "churn_rate.yaml", "churn_rate", "m", "aliases: [churn, attrition]\n");
  write(folders.shipped() / "ltv.yaml", "ltv", "kpi.churn_rate");
}

TEST(Refused, AnIdThatAnotherHasAsANameIsRefusedAndNotTheOther) {
  const Folders folders;
  write_churn(folders);
  write(folders.own() / "churn.yaml", "churn", "m", "headline: true\naliases: [attrition, leavers]\n");
  write(folders.own() / "on_it.yaml", "on_it", "kpi.churn");
  const Catalog catalog = folders.read();
  ASSERT_EQ(catalog.faults().size(), 1U);
  const std::string fault = "kpis/churn.yaml:1:5: \"churn\" is a name of churn_rate already; choose another id";
  EXPECT_EQ(catalog.faults()[0].error.text(), fault);
  EXPECT_EQ(catalog.refused().at("churn").why.text(), fault);
  for (const char* name : {"churn_rate", "churn", "attrition"}) {
    ASSERT_EQ(told(catalog, name), "");
    EXPECT_EQ((*catalog.find(name, std::nullopt, kToday))->file, "kpis/churn_rate.yaml");
  }
  EXPECT_EQ(told(catalog, "ltv"), "");
  EXPECT_EQ(told(catalog, "on_it"), fault);
  EXPECT_NE(told(catalog, "leavers").find("no KPI \"leavers\""), std::string::npos) << told(catalog, "leavers");
  EXPECT_TRUE(catalog.headline(kToday).empty()) << "churn_rate would answer in its place";
  EXPECT_TRUE(catalog.may_be_refused("churn")) << "a target of it is not to blame";
}

TEST(Refused, ACopyOfWhatShipsKeepsItsNames) {
  const Folders folders;
  write_churn(folders);
  write(folders.own() / "churn.yaml", "churn", "m");
  write(folders.own() / "churn_rate.yaml", "churn_rate", "m", "aliases: [churn, leavers]\n");
  const Catalog catalog = folders.read();
  ASSERT_EQ(catalog.faults().size(), 1U);
  EXPECT_EQ(catalog.faults()[0].error.text(),
            "kpis/churn.yaml:1:5: \"churn\" is a name of churn_rate already; choose another id");
  for (const char* name : {"churn_rate", "churn", "leavers"}) {
    ASSERT_EQ(told(catalog, name), "") << name;
    EXPECT_EQ((*catalog.find(name, std::nullopt, kToday))->aliases.back(), "leavers") << "the copy answers";
  }
  // What the copy is not called any more is free.
  write(folders.own() / "churn_rate.yaml", "churn_rate", "m", "aliases: [leavers]\n");
  const Catalog freed = folders.read();
  EXPECT_TRUE(freed.faults().empty());
  EXPECT_EQ((*freed.find("churn", std::nullopt, kToday))->id, "churn");
}

TEST(Refused, AHalfWrittenIdThatAnotherHasAsANameLeavesTheOtherAlone) {
  for (const bool is_yml : {false, true}) {
    const Folders folders;
    write_churn(folders);
    write(folders.own() / (is_yml ? "churn.yml" : "churn.yaml"), "churn", "nothing");
    const Catalog catalog = folders.read();
    ASSERT_EQ(catalog.faults().size(), 1U);
    EXPECT_EQ(catalog.faults()[0].file, is_yml ? "kpis/churn.yml" : "kpis/churn.yaml");
    EXPECT_TRUE(catalog.refused().contains("churn"));
    for (const char* name : {"churn_rate", "churn", "attrition", "ltv"}) EXPECT_EQ(told(catalog, name), "") << name;
  }
}

TEST(Refused, AnIdGoesBeforeTheOtherNamesOfItsFolder) {
  const Folders folders;
  write(folders.own() / "a.yaml", "a", "m", "aliases: [b]\n");
  write(folders.own() / "b.yaml", "b", "m");
  const Catalog catalog = folders.read();
  EXPECT_EQ(told(catalog, "b"), "");
  EXPECT_NE(told(catalog, "a").find("\"b\" is a name of b already; choose another alias"), std::string::npos)
      << told(catalog, "a");
}

TEST(Refused, AFileThatNoReaderUnderstandsIsOfTheKpiThatItSeemsToBeOf) {
  const std::string broken = "\nlabel: [\n", right = "\nunit: count\n";
  const std::vector<std::pair<std::string, std::string>> files{{"x.yaml", "\xEF\xBB\xBFid: a" + broken},
                                                               {"x.yaml", "\"id\": a" + broken},
                                                               {"x.yaml", "'id' : \"A\"" + broken},
                                                               {"x.yaml", "Id: a" + right},
                                                               {"x.yaml", "id: A" + right},
                                                               {"a.yaml", "unit: count\n"},
                                                               {"a.v2.yaml", "label: [\n"},
                                                               {"A.yml", "unit: count\n"},
                                                               {"a.yaml", "id:\nunit: count\n"},
                                                               {"x.yaml", "ID: 'a'  # ours" + right}};
  for (const auto& [name, text] : files) {
    const Folders folders;
    write(folders.shipped() / "a.yaml", "a", "m", "aliases: [turnover]\n");
    folders.write_own(name, text);
    const Catalog catalog = folders.read();
    ASSERT_EQ(catalog.faults().size(), 1U) << name << text;
    EXPECT_FALSE(catalog.faults()[0].nameless) << name << text;
    EXPECT_EQ(told(catalog, "a"), catalog.faults()[0].error.text()) << name << text;
    EXPECT_EQ(told(catalog, "turnover"), told(catalog, "a")) << name << text;
  }
}

TEST(Refused, AFileThatCannotBeReadIsOfTheKpiItIsNamedAfter) {
  const Folders folders;
  write(folders.shipped() / "a.yaml", "a", "m");
  write(folders.own() / "ours.yaml", "ours", "m");
  fs::create_symlink(folders.own() / "nowhere", folders.own() / "a.yaml");
  fs::create_symlink(folders.own() / "nowhere", folders.own() / "ours.v2.yaml");
  const Catalog catalog = folders.read();
  EXPECT_NE(told(catalog, "a").find("cannot read kpis/a.yaml"), std::string::npos) << told(catalog, "a");
  EXPECT_NE(told(catalog, "ours").find("cannot read kpis/ours.v2.yaml"), std::string::npos) << told(catalog, "ours");
}

TEST(Refused, WhatIsNoFileIsOfTheKpiItIsNamedAfter) {
  const Folders folders;
  write(folders.shipped() / "a.yaml", "a", "m");
  write(folders.own() / "b.yaml", "b", "m");
  folders.write_own(".b.yaml", "the copy of an editor");
  ASSERT_EQ(::mkfifo((folders.own() / "a.yaml").c_str(), 0600), 0);
  const Catalog catalog = folders.read();
  ASSERT_EQ(catalog.faults().size(), 1U);
  EXPECT_EQ(catalog.faults()[0].error.text(),
            "kpis/a.yaml is not read: it is no file; put a file in its place, or give it another name");
  EXPECT_EQ(told(catalog, "a"), catalog.faults()[0].error.text());
  EXPECT_EQ(told(catalog, "b"), "");
}

/// What is said of a shared measure, beside a definition that has a window and does not use it.
std::string said_of_shared(const std::string& measure) {
  const Folders folders;
  write(folders.own() / "a.yaml", "a", "m",
        "parameters:\n  window: {type: days, default: 30, label: {en: X, fr: X}}\n");
  folders.write_own("shared.yaml", "measures:\n  " + measure + "\n");
  const auto catalog = Catalog::read({folders.shipped(), folders.own()}, model::shipped_model());
  return catalog ? "" : catalog.error().text();
}

TEST(Refused, ASharedMeasureThatIsWrongStopsAllThoughNoneUsesIt) {
  EXPECT_EQ(said_of_shared("s: {from: sales, at: sold_at, count: rows}"), "");
  EXPECT_EQ(said_of_shared("s: {from: salez, at: sold_at, count: rows}"),
            "kpis/shared.yaml:2:13: unknown relation \"salez\"; did you mean \"sales\"?");
  EXPECT_EQ(said_of_shared("s: {from: sales, at: sold_at, sum: amout_net}"),
            "kpis/shared.yaml:2:38: unknown column \"amout_net\" in sales; did you mean \"amount_net\"?");
  EXPECT_EQ(said_of_shared("s: {from: sales, at: sold_at, cout: rows}"),
            "kpis/shared.yaml:2:33: unknown key \"cout\"; did you mean \"count\"?");
  EXPECT_NE(
      said_of_shared("s: {from: sales, at: sold_at, count: rows, where: \"channel = 1\"}").find("kpis/shared.yaml:2:"),
      std::string::npos);
  EXPECT_NE(said_of_shared("\"a b\": {from: sales, at: sold_at, count: rows}").find("is no name of a measure"),
            std::string::npos);
}

TEST(Refused, ASharedMeasureTakesNoOthersPlace) {
  const Folders folders;
  const std::string ours = "measures:\n  s: {from: sales, at: sold_at, count: rows}\n";
  std::ofstream(folders.shipped() / "measures_sales.yaml") << ours;
  folders.write_own("shared.yaml", ours);
  const auto catalog = Catalog::read({folders.shipped(), folders.own()}, model::shipped_model());
  ASSERT_FALSE(catalog);
  EXPECT_EQ(catalog.error().text(),
            "kpis/shared.yaml:2:3: the shared measure \"s\" is there already, in kpis/measures_sales.yaml; choose "
            "another name: whoever uses that one would count something else");
}

TEST(Refused, ADefinitionsOwnMeasureTakesNoSharedOnesName) {
  const Folders folders;
  std::ofstream(folders.shipped() / "measures_sales.yaml")
      << "measures:\n  s: {from: sales, at: sold_at, count: rows, where: amount_net is null}\n";
  const auto said = [&](const std::string& own) {
    folders.write_own("a.yaml", definition("a", "{from: sales, at: sold_at, count: rows}\n  s: " + own, "s", "count"));
    return told(folders.read(), "a");
  };
  EXPECT_EQ(said("{from: sales, at: sold_at, count: rows}"),
            "kpis/a.yaml:9:3: \"s\" is a shared measure, in kpis/measures_sales.yaml, and counts something else there; "
            "give the one here another name, or remove it: formulas then mean the shared one");
  EXPECT_NE(said("{from: sales, at: sold_at, count: rows, where: amount_net is null, over: until_end}"), "");
  EXPECT_NE(said("{from: sales, at: sold_at, count: rows, where: amount_net is not null}"), "");
  // A copy of what had it before it was shared goes on.
  EXPECT_EQ(said("{from: sales, where: amount_net  is null, count: rows, at: sold_at}"), "");
}

TEST(Refused, ASharedMeasureMayRestOnParametersOfWhoUsesIt) {
  EXPECT_EQ(said_of_shared("s: {from: sales, at: sold_at, count: rows, where: \"within(prev_at, sold_at, $window)\"}"),
            "");
  EXPECT_EQ(said_of_shared("s: {from: sales, at: sold_at, count: rows, where: \"within(prev_at, sold_at, $nobodys)\"}"),
            "")
      << "a matter of who comes to use it";
  EXPECT_EQ(said_of_shared("s: {from: sales, at: sold_at, count: rows, over: trailing_days}"), "");
  EXPECT_NE(said_of_shared("s: {from: sales, at: sold_at, count: rows, where: \"within(prev_at, sold_on, $window)\"}")
                .find("unknown column \"sold_on\""),
            std::string::npos);
}

TEST(Refused, AFormulaIsToldOfTheFileThatMayDefineWhatItNames) {
  const Folders folders;
  write(folders.own() / "a.yaml", "a", "kpi.missing + m");
  const std::string alone = told(folders.read(), "a");
  EXPECT_TRUE(alone.ends_with("unknown KPI \"missing\"; known: a")) << alone;
  folders.write_own("ours.yaml", "unit: count\n");
  const Catalog catalog = folders.read();
  EXPECT_EQ(told(catalog, "a"), alone + "; kpis/ours.yaml was refused, and may define it: see vigie check");
  ASSERT_EQ(catalog.faults().size(), 2U);
  EXPECT_TRUE(catalog.faults()[0].nameless);
  EXPECT_FALSE(catalog.faults()[1].nameless);
}

}  // namespace
}  // namespace vigie::catalog

#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include <set>

#include "catalog/catalog_fixture.h"

namespace vigie::catalog {
namespace {

namespace fs = std::filesystem;

TEST(Catalog, TheShippedDefinitionsCheck) {
  const auto catalog = shipped_catalog();
  ASSERT_TRUE(catalog) << catalog.error().text();
  int headline = 0;
  for (const Definition* one : catalog->in_force(kToday)) headline += one->headline;
  EXPECT_EQ(headline, 10);
}

TEST(Catalog, NoShippedDefinitionHasTheNameOfASharedMeasure) {
  std::set<std::string> shared;
  std::map<std::string, std::string> own;  // name → the file that says it
  for (const auto& file : fs::directory_iterator(fs::path(VIGIE_SOURCE_DIR) / "kpis")) {
    const auto root = YamlNode::load_file(file.path());
    ASSERT_TRUE(root) << file.path();
    const YamlNode* measures = root->find("measures");
    if (!measures) continue;
    for (const auto& [name, measure] : measures->entries())
      if (!root->find("id")) shared.insert(*name.as_text());
      else
        EXPECT_TRUE(own.try_emplace(*name.as_text(), file.path().filename()).second)
            << *name.as_text() << " stands in " << file.path().filename() << " and in " << own[*name.as_text()]
            << ": share it, or give one of the two another name";
  }
  EXPECT_GT(shared.size(), 50U);
  for (const auto& [name, file] : own) EXPECT_FALSE(shared.contains(name)) << name << " in " << file;
}

TEST(Catalog, AHeadlineIsTheDefaultOrAVariantByItsName) {
  const DefinitionFolder folder;
  const std::string text = definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m");
  const auto with = [&](const std::string& headline) {
    folder.write("x.yaml", "headline: " + headline + "\n" + text +
                               "  other:\n    label: {en: X, fr: X}\n    words: {en: X, fr: X}\n    value: m\n");
    return folder.load();
  };
  auto catalog = with("true");
  ASSERT_TRUE(catalog) << catalog.error().text();
  EXPECT_EQ(headline_name(**catalog->find("x", std::nullopt, kToday)), "x");
  catalog = with("other");
  ASSERT_TRUE(catalog) << catalog.error().text();
  EXPECT_TRUE((*catalog->find("x", std::nullopt, kToday))->headline);
  EXPECT_EQ(headline_name(**catalog->find("x", std::nullopt, kToday)), "x:other");
  EXPECT_EQ(with("othr").error().text(), "kpis/x.yaml:1:11: x has no variant \"othr\"; did you mean \"other\"?");
}

TEST(Catalog, TheGroupsOfTheSettingsAreTheModels) {
  const auto checked = [](const std::string& text) -> Result<> {
    VIGIE_TRY(const YamlNode root, YamlNode::parse(text, "vigie.yaml"));
    VIGIE_TRY(const Settings settings, read_settings(root));
    return check_channel_groups(settings, model::shipped_model());
  };
  EXPECT_TRUE(checked("channel_groups: {events: [Radio Mont-Blanc], referral: Club}\n"));
  EXPECT_EQ(checked("currency: EUR\nchannel_groups:\n  evnts: [Radio]\n").error().text(),
            "vigie.yaml:3:3: \"evnts\" is no group of channels; did you mean \"events\"?");
}

TEST(Catalog, FindsByAliasInAnyCaseAndAccent) {
  const auto catalog = shipped_catalog();
  ASSERT_TRUE(catalog) << catalog.error().text();
  EXPECT_EQ((*catalog->find("Panier_Moyen", std::nullopt, kToday))->id, "average_sale");
  EXPECT_EQ((*catalog->find("AOV", std::nullopt, kToday))->id, "average_sale");
  for (const char* written : {"Chiffre d'affaires", "chiffre d\u2019affaires", "CHIFFRE-D-AFFAIRES"}) {
    const auto found = catalog->find(written, std::nullopt, kToday);
    ASSERT_TRUE(found) << written;
    EXPECT_EQ((*found)->id, "revenue");
  }
  EXPECT_EQ(catalog->find("revnue", std::nullopt, kToday).error().text(),
            "no KPI \"revnue\"; did you mean \"revenue\"?");
}

TEST(Catalog, AVersionBelongsToOneFile) {
  const DefinitionFolder folder;
  const std::string sum = "{from: sales, at: sold_at, sum: amount_net}";
  folder.write("a.yaml", definition("x", sum, "m"));
  folder.write("b.yaml", definition("x", sum, "m"));
  EXPECT_EQ(folder.load().error().code, "definition.twice");
}

TEST(Catalog, AnotherVersionStandsBesideAndTakesOverOnItsDay) {
  const DefinitionFolder folder;
  folder.write("x.yaml", definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m"));
  std::string second = definition("x", "{from: sales, at: sold_at, count: rows}", "m", "count");
  second.replace(second.find("effective_from: 2020-01-01"), 26, "version: 2\neffective_from: 2025-01-01");
  folder.write("x.v2.yaml", second);
  const auto catalog = folder.load();
  ASSERT_TRUE(catalog) << catalog.error().text();
  EXPECT_EQ((*catalog->find("x", std::nullopt, date_of(2024, 12, 31)))->version, 1);
  EXPECT_EQ((*catalog->find("x", std::nullopt, date_of(2025, 1, 1)))->version, 2);
  EXPECT_EQ((*catalog->find("x", 1, date_of(2025, 1, 1)))->version, 1);
  EXPECT_EQ(catalog->find("x", 3, kToday).error().code, "kpi.version");
}

TEST(Catalog, AFolderIsReadWholeOrNotAtAll) {
  const DefinitionFolder folder;
  folder.write("x.yaml", definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m"));
  folder.write("README.md", "notes");
  ASSERT_TRUE(folder.load());
  folder.write("own.yml", "id: own");
  EXPECT_EQ(folder.refusal(),
            "kpis/own.yml is not read: definitions stand in files that end in .yaml; name it own.yaml");
  folder.write("file", "no folder");
  const auto unreadable = Catalog::load({folder.kpis() / "file"}, model::shipped_model());
  ASSERT_FALSE(unreadable);
  EXPECT_EQ(unreadable.error().code, "file.unreadable");
  EXPECT_TRUE(Catalog::load({folder.kpis() / "absent"}, model::shipped_model())) << "a workspace may have none";
}

}  // namespace
}  // namespace vigie::catalog

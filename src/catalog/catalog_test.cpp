#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "catalog/catalog_fixture.h"
#include "catalog/parameter_value.h"
#include "model/shipped_model.h"

namespace vigie::catalog {
namespace {

namespace fs = std::filesystem;

/// A folder of definitions written by a test.
class Folder {
 public:
  Folder() { fs::create_directories(kpis()); }
  fs::path kpis() const { return files_ / "kpis"; }
  void write(const std::string& name, const std::string& text) const { files_.write("kpis/" + name, text); }
  Result<Catalog> load() const { return Catalog::load({kpis()}, model::shipped_model()); }

 private:
  TestFolder files_;
};

TEST(Catalog, TheShippedDefinitionsCheck) {
  const auto catalog = Catalog::load({fs::path(VIGIE_SOURCE_DIR) / "kpis"}, model::shipped_model());
  ASSERT_TRUE(catalog) << catalog.error().text();
  int headline = 0;
  for (const Definition* one : catalog->in_force(kToday)) headline += one->headline;
  EXPECT_EQ(headline, 10);
}

/// Codes that stand in a text between two marks, such as those of `null("no_data")`.
std::set<std::string> codes_between(const std::string& text, std::string_view before, std::string_view after) {
  std::set<std::string> out;
  for (auto at = text.find(before); at != std::string::npos; at = text.find(before, at + 1)) {
    const auto from = at + before.size();
    const auto to = text.find(after, from);
    const std::string code = text.substr(from, to == std::string::npos ? 0 : to - from);
    if (!code.empty() && code.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos) out.insert(code);
  }
  return out;
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Reasons that an answer may give: those of the definitions, and those that the engine itself writes.
std::set<std::string> reasons_given(const Catalog& catalog) {
  std::set<std::string> out;
  for (const Definition* one : catalog.in_force(kToday))
    for (const Variant& variant : one->variants)
      for (const NullReason& reason : variant.null_reasons) out.insert(reason.code);
  for (const auto& file : fs::recursive_directory_iterator(fs::path(VIGIE_SOURCE_DIR) / "src" / "kpi"))
    if (file.path().extension() == ".cpp")
      for (const auto& [before, after] : {std::pair{"Value::null(\"", "\")"}, std::pair{"reason = \"", "\";"}})
        out.merge(codes_between(text_of(file.path()), before, after));
  return out;
}

TEST(Catalog, EachReasonThatAnAnswerGivesHasWordsAndStandsInTheHandbookOfTheApi) {
  const auto catalog = Catalog::load({fs::path(VIGIE_SOURCE_DIR) / "kpis"}, model::shipped_model());
  ASSERT_TRUE(catalog) << catalog.error().text();
  const std::string words = text_of(fs::path(VIGIE_SOURCE_DIR) / "kpis" / "reasons.yaml");
  const std::string api = text_of(fs::path(VIGIE_SOURCE_DIR) / "docs" / "api.md");
  const auto list = api.find("* `reason` says why `value` is null:");
  ASSERT_NE(list, std::string::npos);
  const std::set<std::string> named = codes_between(api.substr(list, api.find("\n* ", list) - list), "`", "`");
  const std::set<std::string> given = reasons_given(*catalog);
  for (const char* known : {"no_data", "no_denominator", "partial_year", "no_probability", "no_baseline"})
    EXPECT_TRUE(given.contains(known)) << known;
  for (const std::string& code : given) {
    EXPECT_TRUE(words.contains("\n  " + code + ": {en: ")) << code << " has no words in kpis/reasons.yaml";
    EXPECT_TRUE(named.contains(code)) << code << " is not in docs/api.md";
  }
}

TEST(Catalog, AHeadlineIsTheDefaultOrAVariantByItsName) {
  const Folder folder;
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

TEST(Catalog, AWarningIsSaidInTheGrammarOfItsCount) {
  const auto catalog = Catalog::load({fs::path(VIGIE_SOURCE_DIR) / "kpis"}, model::shipped_model());
  ASSERT_TRUE(catalog) << catalog.error().text();
  EXPECT_EQ(catalog->warning("closed_before_start", 1).en, "1 deal is dated as closed before it began: it is left out");
  EXPECT_EQ(catalog->warning("closed_before_start", 2).en,
            "2 deals are dated as closed before they began: they are left out");
  EXPECT_EQ(catalog->warning("closed_before_start", 0).en,
            "0 deals are dated as closed before they began: they are left out");
  EXPECT_EQ(catalog->warning("closed_before_start", 1).fr,
            "1 affaire est datée close avant d'avoir commencé : elle est écartée");
  EXPECT_EQ(catalog->warning("closed_before_start", 2).fr,
            "2 affaires sont datées closes avant d'avoir commencé : elles sont écartées");
  EXPECT_EQ(catalog->warning("closed_before_start", 0).fr,
            "0 affaire est datée close avant d'avoir commencé : elle est écartée")
      << "French counts one up to 2";
  EXPECT_TRUE(catalog->warning("unpriced", 12'345).en.starts_with("12,345 rows "))
      << catalog->warning("unpriced", 12'345).en;
  EXPECT_TRUE(catalog->warning("unpriced", 1'234'567).fr.starts_with("1\u202f234\u202f567 lignes "));
  EXPECT_TRUE(catalog->warning("unpriced", 999).en.starts_with("999 rows "));
  EXPECT_EQ(catalog->warning("cac_above_ltv", 1).en, catalog->warning("cac_above_ltv", 3).en)
      << "no count, one sentence";
}

TEST(Catalog, AWarningToldAsAShareNamesItsWhole) {
  const auto catalog = Catalog::load({fs::path(VIGIE_SOURCE_DIR) / "kpis"}, model::shipped_model());
  ASSERT_TRUE(catalog) << catalog.error().text();
  const auto said = [&](std::int64_t count, std::int64_t all) {
    return catalog->warning("sales_without_customer", count, all);
  };
  EXPECT_TRUE(said(3, 120).en.starts_with("3 sales of 120 (2.5%) name no customer: ")) << said(3, 120).en;
  EXPECT_TRUE(said(3, 120).fr.starts_with("3 ventes sur 120 (2,5\u00a0%) ne nomment pas de client : "))
      << said(3, 120).fr;
  EXPECT_TRUE(said(1, 1).en.starts_with("1 sale of 1 (100.0%) names no customer: ")) << said(1, 1).en;
  EXPECT_TRUE(said(1, 5'000).en.starts_with("1 sale of 5,000 (less than 0.1%) names ")) << "what is there is no 0";
  EXPECT_TRUE(said(1, 5'000).fr.starts_with("1 vente sur 5\u202f000 (moins de 0,1\u00a0%) ne nomme "))
      << said(1, 5'000).fr;
}

TEST(Catalog, EveryWarningOfADefinitionHasASentence) {
  const auto catalog = Catalog::load({fs::path(VIGIE_SOURCE_DIR) / "kpis"}, model::shipped_model());
  ASSERT_TRUE(catalog) << catalog.error().text();
  // Those that are given whatever a definition says.
  std::istringstream given(
      "split_left_out cohorts_not_compared cut_periods beyond_horizon unpriced value_of_no_row "
      "value_of_no_row_near hours_left_out values_of_no_row values_not_looked_for shown_by_key "
      "log_rank_of_few log_rank_of_one_split names_not_looked_for nothing_imported all_after_as_of "
      "stands_in source_behind");
  std::set<std::string> codes{std::istream_iterator<std::string>(given), {}};
  for (const Definition* one : catalog->in_force(kToday))
    for (const Variant& variant : one->variants) {
      for (const Warned& warned : variant.warns) codes.insert(warned.measure);
      for (const auto& [code, condition] : variant.warns_when) codes.insert(code);
    }
  EXPECT_GT(codes.size(), 10U);
  for (const std::string& code : codes) {
    std::string bare = code;
    std::ranges::replace(bare, '_', ' ');
    EXPECT_FALSE(catalog->warning(code, 2).en.starts_with(bare)) << code << " has no sentence in warnings.yaml";
  }
}

TEST(Catalog, ASentenceWithACountHasASingularAndAPlural) {
  const Folder folder;
  folder.write(
      "w.yaml",
      "warnings:\n  w:\n    en: {one: \"{count} cow\", other: \"{count} cows\"}\n    fr: \"{count} vaches\"\n");
  EXPECT_EQ(folder.load().error().text(),
            "kpis/w.yaml:4:9: a sentence with {count} has a singular and a plural; write {one: \"…\", other: \"…\"}");
  folder.write("w.yaml", "warnings:\n  w:\n    en: {one: \"{count} cow\"}\n    fr: des vaches\n");
  EXPECT_EQ(folder.load().error().code, "yaml.missing_key");
}

TEST(Catalog, EveryVersionIsCheckedForCircles) {
  const Folder folder;
  const std::string sum = "{from: sales, at: sold_at, sum: amount_net}";
  folder.write("x.yaml", definition("x", sum, "m"));
  folder.write("x2.yaml", "version: 2\n" + definition("x", sum, "kpi.y / 1"));
  folder.write("y.yaml", definition("y", sum, "kpi.x / 1"));
  const auto catalog = folder.load();
  ASSERT_FALSE(catalog);
  EXPECT_EQ(catalog.error().code, "definition.cycle");
  EXPECT_NE(catalog.error().message.find("x → y → x"), std::string::npos) << catalog.error().text();
}

TEST(Catalog, ANamedVariantMustBeThere) {
  const Folder folder;
  const std::string sum = "{from: sales, at: sold_at, sum: amount_net}";
  folder.write("x.yaml", definition("x", sum, "m"));
  folder.write("y.yaml", definition("y", sum, "kpi.x.other / 1"));
  EXPECT_EQ(folder.load().error().text(), "kpis/y.yaml:11:5: x has no variant \"other\"; known: default");
  folder.write("y.yaml", definition("y", sum, "kpi.x.default.more / 1"));
  EXPECT_EQ(folder.load().error().text(), "kpis/y.yaml:11:5: x has no variant \"default.more\"; known: default");
}

TEST(Catalog, AMeasureSaysWhenAndHowFar) {
  const Folder folder;
  folder.write("x.yaml", definition("x", "{from: sales, sum: amount_net}", "m"));
  EXPECT_EQ(
      folder.load().error().text(),
      "kpis/x.yaml:8:6: when? sales has no row per period, so the measure needs at; say at: COLUMN, one of its dates "
      "or instants");
  folder.write("x.yaml", definition("x", "{from: sales, at: sold_at, sum: amount_net, over: trailing_days}", "m"));
  EXPECT_EQ(
      folder.load().error().text(),
      "kpis/x.yaml:8:6: over needs a parameter \"trailing\", in days; declare it under parameters, with type: days "
      "and a default");
}

TEST(Catalog, ANameBelongsToOneKpiAndAVersionToOneFile) {
  const std::string sum = "{from: sales, at: sold_at, sum: amount_net}";
  {
    const Folder folder;
    folder.write("x.yaml", "aliases: [both]\n" + definition("x", sum, "m"));
    folder.write("y.yaml", "aliases: [Both]\n" + definition("y", sum, "m"));
    EXPECT_EQ(folder.load().error().text(), "kpis/y.yaml:1:10: \"Both\" is a name of x already; choose another alias");
  }
  const Folder folder;
  folder.write("a.yaml", definition("x", sum, "m"));
  folder.write("b.yaml", definition("x", sum, "m"));
  EXPECT_EQ(folder.load().error().code, "definition.twice");
}

TEST(Catalog, RowsAreOrderedByWholeNumbers) {
  const Folder folder;
  const std::string sum = "{from: sales, at: sold_at, sum: amount_net}";
  folder.write("x.yaml", definition("x", sum, "m") + "    axes: {channel: {column: channel, order: channel}}\n");
  EXPECT_EQ(folder.load().error().code, "definition.axis");
}

TEST(Catalog, WhatIsDividedByAnAmountSaysWhatItRestsOn) {
  const Folder folder;
  const std::string text = definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m / m");
  folder.write("x.yaml", text);
  EXPECT_EQ(folder.load().error().code, "definition.n");
}

TEST(Catalog, TargetsNameKpisThatAreThere) {
  const Folder folder;
  folder.write("x.yaml", "aliases: [ex]\n" + definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m"));
  const auto catalog = folder.load();
  ASSERT_TRUE(catalog) << catalog.error().text();
  const auto checked = [&](const std::string& kpi, const std::string& more = "") -> Result<> {
    VIGIE_TRY(const YamlNode root, YamlNode::parse("targets:\n  - {kpi: \"" + kpi +
                                                       "\", from: 2025-01-01, to: 2025-02-01, value: 10" + more + "}\n",
                                                   "vigie.yaml"));
    VIGIE_TRY(const Settings settings, read_settings(root));
    return check_targets(settings, *catalog);
  };
  EXPECT_TRUE(checked("x"));
  EXPECT_EQ(checked("xx").error().text(), "vigie.yaml:2:11: no KPI \"xx\"; did you mean \"ex\"?");
  EXPECT_EQ(checked("ex").error().text(),
            "vigie.yaml:2:11: \"ex\" is a name of x: a target is set by its id; write kpi: x");
  EXPECT_EQ(checked("x:mean").error().code, "variant.unknown");
  // x is of all customers together.
  EXPECT_EQ(checked("x", ", relation: contract").error().code, "settings.target");
  EXPECT_EQ(checked("x", ", relation: contrat").error().text(),
            "vigie.yaml:2:71: \"contrat\" is not one of the choices; did you mean \"contract\"?");
}

TEST(Catalog, ADefinitionHoldsWhatItsFieldsCanBe) {
  const std::string text = definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m");
  const auto refused = [&](const std::string& line) {
    const Folder folder;
    folder.write("x.yaml", line + "\n" + text);
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  EXPECT_EQ(refused("version: 2"), "");
  EXPECT_EQ(refused("version: 4294967297"),
            "kpis/x.yaml:1:10: version is a whole number between 1 and 1000000, not 4294967297");
  EXPECT_EQ(refused("version: 0"), "kpis/x.yaml:1:10: version is a whole number between 1 and 1000000, not 0");
  EXPECT_EQ(refused("min_sample: 0"), "");
  EXPECT_EQ(refused("min_sample: -5"), "kpis/x.yaml:1:13: min_sample is a whole number between 0 and 1000000, not -5");
  EXPECT_EQ(refused("additivity: stock"), "");
  EXPECT_EQ(refused("additivity: nonsense"),
            "kpis/x.yaml:1:13: \"nonsense\" is not one of the choices; known: ratio, additive, stock");
  EXPECT_EQ(refused("parameters: [window]"), "kpis/x.yaml:1:13: a mapping (key: value) was expected here");
}

TEST(Catalog, WhatIsReadEntryByEntryIsAMapping) {
  const auto refused = [](const std::string& text) {
    const Folder folder;
    folder.write("x.yaml", text);
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  const std::string measure = "{from: sales, at: sold_at, sum: amount_net}";
  std::string measures = definition("x", measure, "m");
  measures.replace(measures.find("measures:\n  m: " + measure), 15 + measure.size(), "measures: 7");
  EXPECT_EQ(refused(measures), "kpis/x.yaml:7:11: a mapping (key: value) was expected here");
  for (const char* key : {"axes", "params", "beside"})
    EXPECT_EQ(refused(definition("x", measure, "m") + fmt::format("    {}: [m]\n", key)),
              fmt::format("kpis/x.yaml:14:{}: a mapping (key: value) was expected here", std::string(key).size() + 7));
  EXPECT_EQ(refused(definition("x", measure, "m") + "    warns: m\n"),
            "kpis/x.yaml:14:12: a list was expected here; write each behind a dash, or all in [ ]");
  EXPECT_EQ(refused("reasons: [no_data]\n"), "kpis/x.yaml:1:10: a mapping (key: value) was expected here");
}

TEST(Catalog, TheDefaultOfAParameterHoldsToItsBounds) {
  const auto refused = [](const std::string& parameter, const std::string& of_variant) {
    const Folder folder;
    folder.write("x.yaml", "parameters: {w: {" + parameter + ", label: {en: X, fr: X}}}\n" +
                               definition("x", "{from: sales, at: sold_at, count: rows}", "m", "count") + of_variant);
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  EXPECT_EQ(refused("type: days, default: 30, min: 1, max: 90", ""), "");
  EXPECT_EQ(refused("type: days, default: 7, min: 10, max: 5", ""),
            "kpis/x.yaml:1:47: the least value 10 is above the greatest, 5; exchange min and max");
  EXPECT_EQ(refused("type: days, default: never", ""),
            "kpis/x.yaml:1:39: \"never\" is no value for the parameter \"w\"; write a number");
  EXPECT_EQ(refused("type: integer, default: 1.5", ""),
            "kpis/x.yaml:1:42: \"1.5\" is no value for the parameter \"w\"; write a whole number");
  EXPECT_EQ(refused("type: days, default: 0, min: 1", ""),
            "kpis/x.yaml:1:39: w = 0 is out of bounds; it is 1 at least");
  EXPECT_EQ(refused("type: number, default: 2, max: 1.5", ""),
            "kpis/x.yaml:1:41: w = 2 is out of bounds; it is 1.5 at most");
  EXPECT_EQ(refused("type: number, default: 2, max: nan", ""), "kpis/x.yaml:1:49: nan is no bound; write a number");
  EXPECT_EQ(refused("type: choice, default: on, values: [of, off]", ""),
            "kpis/x.yaml:1:41: \"on\" is no value for the parameter \"w\"; did you mean \"of\"?");
  EXPECT_EQ(refused("type: days, default: 30, max: 90", "    params: {w: 91}\n"),
            "kpis/x.yaml:15:17: w = 91 is out of bounds; it is 90 at most");
}

TEST(Catalog, DaysWithoutABoundEndBeforeTheyOverflow) {
  Parameter days;
  days.kind = Parameter::Kind::days;
  days.name = "lag";
  EXPECT_EQ(std::get<expr::Micros>(*value_of(days, "1000000")).value, 1'000'000 * kMicrosPerDay);
  EXPECT_EQ(value_of(days, "106751992").error().text(),
            "lag = 106751992 is out of bounds; it lies between -1000000 and 1000000")
      << "in microseconds it would be more than 64 bits hold";
  EXPECT_EQ(value_of(days, "99999999999999999999999").error().code, "parameter.range");
  Parameter least;
  least.min = 1;
  EXPECT_EQ(value_of(least, "0").error().hint, "it is 1 at least") << "no bound is told that none declared";
}

TEST(Catalog, NoDefinitionGoesUnreadWithoutAWord) {
  const std::string text = definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m");
  const Folder folder;
  folder.write("x.yaml", text);
  folder.write("README.md", "notes");
  ASSERT_TRUE(folder.load());
  folder.write("own.yml", text);
  EXPECT_EQ(folder.load().error().text(),
            "kpis/own.yml is not read: definitions stand in files that end in .yaml; name it own.yaml");
  const Folder other;
  other.write("own.YAML", text);
  EXPECT_EQ(other.load().error().code, "definition.file_name");
  other.write("file", "no folder");
  const auto unreadable = Catalog::load({other.kpis() / "file"}, model::shipped_model());
  ASSERT_FALSE(unreadable);
  EXPECT_EQ(unreadable.error().code, "file.unreadable");
  EXPECT_TRUE(Catalog::load({other.kpis() / "absent"}, model::shipped_model())) << "a workspace may have none";
}

TEST(Catalog, FindsByAliasInAnyCaseAndAccent) {
  const auto catalog = Catalog::load({fs::path(VIGIE_SOURCE_DIR) / "kpis"}, model::shipped_model());
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

TEST(Catalog, AMisspeltColumnIsNamedWithItsPlaceAndTheNearestOne) {
  const Folder folder;
  folder.write("x.yaml", definition("x", "{from: sales, at: sold_at, sum: amout_net}", "m"));
  EXPECT_EQ(folder.load().error().text(),
            "kpis/x.yaml:8:38: unknown column \"amout_net\" in sales; did you mean \"amount_net\"?");
}

TEST(Catalog, AColumnOfAFewValuesIsComparedWithThem) {
  const Folder folder;
  const auto told = [&](const std::string& where) {
    folder.write("x.yaml",
                 definition("x", "{from: sales, at: sold_at, count: rows, where: \"" + where + "\"}", "m", "count"));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  EXPECT_EQ(told("customer.kind = 'compny'"),
            "kpis/x.yaml:8:70: customer.kind is never 'compny'; did you mean \"company\"?");
  EXPECT_EQ(told("not (customer.kind in ('company', 'persons'))"),
            "kpis/x.yaml:8:88: customer.kind is never 'persons'; did you mean \"person\"?");
  EXPECT_EQ(told("customer.kind != 'person' and customer.segment = 'anything'"), "");
  // Deals are built from the rows of opportunities: their columns of the same name hold the same values.
  folder.write("x.yaml",
               definition("x", "{from: deals, at: closed_at, count: rows, where: \"outcome = 'wonn'\"}", "m", "count"));
  EXPECT_EQ(folder.load().error().text(), "kpis/x.yaml:8:66: outcome is never 'wonn'; did you mean \"won\"?");
  // So do those of relations that are built of several tables, or count something else than the rows of one.
  const auto in = [&](const std::string& measure) {
    folder.write("x.yaml", definition("x", "{from: " + measure + "}", "m", "count"));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().message;
  };
  EXPECT_EQ(in("stays, at: entered_at, count: rows, where: \"outcome = 'wonn'\""), "outcome is never 'wonn'");
  EXPECT_EQ(in("stays, at: entered_at, count: rows, where: \"outcome = 'won' and exit = 'anything'\""), "");
  EXPECT_EQ(in("sale_lines, at: sold_at, count: rows, where: \"kind = 'good'\""), "kind is never 'good'");
  EXPECT_EQ(in("acquisitions, at: acquired_at, count: rows, where: \"relation = 'contracts'\""),
            "relation is never 'contracts'");
  EXPECT_EQ(in("customer_periods, count: rows, where: \"relation in ('contract', 'buyer')\""),
            "relation is never 'buyer'");
}

TEST(Catalog, ADivisionCannotBeSummed) {
  const Folder folder;
  folder.write("x.yaml", definition("x", "{from: sales, at: sold_at, sum: discount / amount_net}", "m"));
  EXPECT_EQ(folder.load().error().code, "definition.inexact_sum");
}

TEST(Catalog, MoneyAndCountsDoNotAdd) {
  const Folder folder;
  folder.write("x.yaml", definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m + 1"));
  EXPECT_EQ(folder.load().error().code, "expr.money");
}

TEST(Catalog, ARatioOfUnlikePopulationsHasNoInterval) {
  const auto refused = [](const std::string& second, const std::string& value) {
    const Folder folder;
    folder.write("x.yaml",
                 definition("x", "{from: sales, at: sold_at, count: rows, where: channel = 'web'}\n  w: " + second,
                            value + "\n    interval: {kind: wilson}", value == "m + w" ? "count" : "rate"));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().code + ": " + loaded.error().message;
  };
  EXPECT_EQ(refused("{from: sales, at: sold_at, count: rows}", "m / w"), "");
  EXPECT_EQ(refused("{from: sales, at: sold_at, distinct: customer_key}", "m / w"),
            "definition.populations: a ratio of unlike populations: m counts sales by sold_at, w counts distinct "
            "customer_key of sales by sold_at");
  EXPECT_EQ(
      refused("{from: deals, at: created_at, count: rows}", "m / w"),
      "definition.populations: a ratio of unlike populations: m counts sales by sold_at, w counts deals by created_at");
  EXPECT_EQ(refused("{from: sales, at: sold_at, count: rows, over: trailing_12_months}", "m / w"),
            "definition.populations: a ratio of unlike populations: m counts sales by sold_at, w counts sales by "
            "sold_at over a span of its own");
  EXPECT_EQ(refused("{from: sales, at: sold_at, count: rows}", "m + w"),
            "definition.share: the interval wilson is of a share: a count divided by a count");
  EXPECT_EQ(refused("{from: sales, at: sold_at, sum: amount_net}", "m / w"),
            "definition.share: the interval wilson is of a share, and w is no count");
}

TEST(Catalog, ADefaultIsMeasuredByASingleFigureInDays) {
  const std::string count = "{from: sales, at: sold_at, count: rows}";
  const auto refused = [&](const std::string& type, const std::string& measured, const std::string& unit) {
    const Folder folder;
    folder.write("x.yaml", "parameters:\n  lag: {type: " + type + ", default: 30, label: {en: X, fr: X}}\n" +
                               definition("x", count, "m", "count") + "    params: {lag: {measured: " + measured +
                               "}}\n");
    const std::string cycles = "{from: deals, at: closed_at, histogram: cycle}";
    folder.write("y.yaml", definition("y", unit == "days" ? cycles : count, "m", unit));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().code + ": " + loaded.error().message;
  };
  EXPECT_EQ(refused("days", "[y]", "days"), "");
  EXPECT_EQ(refused("days", "[y]", "count"),
            "definition.measured: y:default is no single figure in days: it cannot measure lag");
  EXPECT_EQ(refused("number", "[y]", "days"), "definition.measured: lag is no number of days: nothing measures it");
  EXPECT_EQ(refused("days", "[z]", "days"), "definition.unknown_kpi: unknown KPI \"z\"");
  EXPECT_EQ(refused("days", "[\"y:mean\"]", "days"), "variant.unknown: y has no variant \"mean\"");
  EXPECT_EQ(refused("days", "[x]", "days").substr(0, 16), "definition.cycle");
}

TEST(Catalog, ACircleOfDefinitionsIsRefused) {
  const Folder folder;
  folder.write("a.yaml", definition("a", "{from: sales, at: sold_at, count: rows}", "kpi.b + m"));
  folder.write("b.yaml", definition("b", "{from: sales, at: sold_at, count: rows}", "kpi.a + m"));
  const auto error = folder.load().error();
  EXPECT_EQ(error.code, "definition.cycle");
  EXPECT_NE(error.message.find("a → b → a"), std::string::npos) << error.message;
}

TEST(Catalog, AnIdIsWhatQuestionsCanSpell) {
  const Folder folder;
  for (const std::string& id : {std::string("Large Sales"), std::string("a:b"), std::string("9lives"),
                                std::string("große"), std::string(65, 'a')}) {
    folder.write("x.yaml", definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m"));
    folder.write("y.yaml", definition("'" + id + "'", "{from: sales, at: sold_at, sum: amount_net}", "m"));
    const auto loaded = folder.load();
    ASSERT_FALSE(loaded) << id;
    EXPECT_EQ(loaded.error().code, "definition.id");
    EXPECT_EQ(loaded.error().where.file, "kpis/y.yaml");
  }
}

TEST(Catalog, WhatCountsUnitsIsFollowedLikeAFormula) {
  const Folder folder;
  const auto told = [&](const std::string& more) {
    folder.write("a.yaml", definition("a", "{from: sales, at: sold_at, count: rows}", "m\n    " + more, "count"));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().code;
  };
  EXPECT_EQ(told("n: kpi.a + 0"), "definition.cycle");
  EXPECT_EQ(told("unpriced: kpi.a + m"), "definition.cycle");
  EXPECT_EQ(told("warns: [{unpriced: {count: kpi.a + 0}}]"), "definition.cycle");
  EXPECT_EQ(told("n: kpi.nope + 0"), "definition.unknown_kpi");
  EXPECT_EQ(told("n: m + 0"), "");
}

TEST(Catalog, AUnitSaysWhatTheFormulaMakes) {
  const Folder folder;
  const auto told = [&](const std::string& measure, const std::string& value, const std::string& unit) {
    folder.write("x.yaml", definition("x", measure, value, unit));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  const std::string amount = "{from: sales, at: sold_at, sum: amount_net}";
  const std::string both = amount + "\n  w: {from: sales, at: sold_at, count: rows}";
  EXPECT_EQ(told(amount, "m", "rate"),
            "kpis/x.yaml:13:12: x:default is an amount of money, and its unit is rate; write unit: money");
  EXPECT_EQ(told(both, "m / w", "count"),
            "kpis/x.yaml:14:12: x:default is an amount of money, and its unit is count; write unit: money");
  EXPECT_EQ(told(both, "w", "rate"),
            "kpis/x.yaml:14:12: x:default is a count, and its unit is rate; write unit: count");
  EXPECT_EQ(told(both, "100 * w", "money"),
            "kpis/x.yaml:14:12: x:default is a count, and its unit is money; write unit: count");
  const auto share = [&](const std::string& unit) {
    folder.write("x.yaml", definition("x",
                                      "{from: deals, at: closed_at, count: rows, where: outcome = 'won'}\n  w: "
                                      "{from: deals, at: closed_at, count: rows}",
                                      "m / w\n    interval: {kind: wilson}", unit));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  for (const char* unit : {"count", "score", "mark", "months", "ratio"})
    EXPECT_EQ(share(unit), fmt::format("kpis/x.yaml:14:12: x:default is a share, as its interval says, and its unit is "
                                       "{}; write unit: rate",
                                       unit));
  EXPECT_EQ(share("rate"), "");
  const std::string cycles =
      "{from: deals, at: closed_at, sum: cycle}\n  w: {from: deals, at: closed_at, count: cycle}";
  EXPECT_EQ(told(cycles, "m / 1 day / w", "money"),
            "kpis/x.yaml:14:12: x:default is a number of days, and its unit is money; write unit: days");
  EXPECT_EQ(told(both, "coalesce(m, m) / w", "money"), "");
  EXPECT_EQ(told(cycles, "m / 1 day / w", "days"), "");
  EXPECT_EQ(told(both, "1 - w / w", "rate"), "");
  // What a quantity is of nobody can tell: marks, items, parts.
  const std::string items = "{from: sale_lines, at: sold_at, sum: quantity}";
  for (const char* unit : {"rate", "count", "ratio", "mark"}) EXPECT_EQ(told(items, "m", unit), "") << unit;
}

TEST(Catalog, AScoreAndAMarkAreNoCount) {
  const Folder folder;
  const auto told = [&](const std::string& value, const std::string& unit) {
    folder.write("x.yaml",
                 definition("x",
                            "{from: sales, at: sold_at, count: rows}\n  w: {from: sales, at: sold_at, distinct: "
                            "customer_key}\n  s: {from: survey_answers, at: answered_at, sum: score}",
                            value, unit));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  EXPECT_EQ(told("m", "score"), "kpis/x.yaml:15:12: x:default is a count, and its unit is score; write unit: count");
  EXPECT_EQ(told("m / w", "mark"),
            "kpis/x.yaml:15:12: x:default is a share or a ratio, and its unit is mark; write unit: rate");
  EXPECT_EQ(told("m", "mark"), "kpis/x.yaml:15:12: x:default is a count, and its unit is mark; write unit: count");
  EXPECT_EQ(told("100 * m / w", "score"), "");
  EXPECT_EQ(told("s / m", "mark"), "");
}

TEST(Catalog, AQuantileLiesBetweenNothingAndAll) {
  const Folder folder;
  const auto told = [&](const std::string& q, const std::string& parameter, const std::string& fixed = "") {
    std::string text = definition("x", "{from: sales, at: sold_at, histogram: amount_net}", "m", "money");
    const std::string value = "value: m";
    text.replace(text.find(value), value.size(), fmt::format("quantile: {{of: m, q: {}}}{}", q, fixed));
    const std::string measures = "measures:";
    text.insert(text.find(measures),
                fmt::format("parameters:\n  q: {{type: number, default: {}, label: {{en: q, fr: q}}}}\n", parameter));
    folder.write("x.yaml", text);
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().code;
  };
  for (const char* fine : {"0", "0.5", "1", "$q"}) EXPECT_EQ(told(fine, "0.9"), "") << fine;
  for (const char* wrong : {"2", "-0.1", "half", "$p"}) EXPECT_EQ(told(wrong, "0.9"), "definition.quantile") << wrong;
  EXPECT_EQ(told("$q", "5"), "definition.quantile");
  EXPECT_EQ(told("$q", "0.9", "\n    params: {q: \"2\"}"), "parameter.range");
  EXPECT_EQ(told("0.5", "5"), "");
}

TEST(Catalog, AUnitHoldsAcrossKpisThatFormulasName) {
  const Folder folder;
  folder.write("x.yaml", definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m"));
  const std::string count = "{from: sales, at: sold_at, count: rows}";
  folder.write("y.yaml", definition("y", count, "kpi.x / m\n    n: m", "rate"));
  EXPECT_EQ(folder.load().error().text(),
            "kpis/y.yaml:13:12: y:default is an amount of money, and its unit is rate; write unit: money");
  folder.write("y.yaml", definition("y", count, "kpi.x / kpi.x\n    n: m", "rate"));
  EXPECT_TRUE(folder.load());
}

TEST(Catalog, AnotherVersionStandsBesideAndTakesOverOnItsDay) {
  const Folder folder;
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

}  // namespace
}  // namespace vigie::catalog

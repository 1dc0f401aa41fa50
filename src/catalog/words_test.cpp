// What people read: each reason and warning has its sentence, in the grammar of its count.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "catalog/catalog_fixture.h"

namespace vigie::catalog {
namespace {

namespace fs = std::filesystem;

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

std::string text_of(const fs::path& path) { return bytes_of(path).value_or(""); }

/// What the sources of the answers say, file by file.
std::vector<std::string> sources_of_answers() {
  std::vector<std::string> out;
  for (const auto& file : fs::recursive_directory_iterator(fs::path(VIGIE_SOURCE_DIR) / "src" / "kpi"))
    if (file.path().extension() == ".cpp" && !file.path().stem().string().ends_with("_test"))
      out.push_back(text_of(file.path()));
  return out;
}

/// Reasons that an answer may give: those of the definitions, and those that the engine itself writes.
std::set<std::string> reasons_given(const Catalog& catalog) {
  std::set<std::string> out;
  for (const Definition* one : catalog.in_force(kToday))
    for (const Variant& variant : one->variants)
      for (const NullReason& reason : variant.null_reasons) out.insert(reason.code);
  for (const std::string& source : sources_of_answers())
    for (const auto& [before, after] : {std::pair{"Value::null(\"", "\")"}, std::pair{"reason = \"", "\";"}})
      out.merge(codes_between(source, before, after));
  return out;
}

/// Warnings that an answer may give: those of the definitions, and those that the engine gives whatever they say.
std::set<std::string> warnings_given(const Catalog& catalog) {
  std::set<std::string> out;
  for (const Definition* one : catalog.in_force(kToday))
    for (const Variant& variant : one->variants) {
      for (const Warned& warned : variant.warns) out.insert(warned.measure);
      for (const auto& [code, condition] : variant.warns_when) out.insert(code);
      for (const auto& [parameter, figures] : variant.measured) out.insert(parameter + "_not_measured");
    }
  // A statement that warns, and in it the codes: what it puts into a sentence stands behind other brackets.
  const std::regex statement("(warning(_about)?\\(|warnings\\.push_back\\(|[cC]ode = )[^;]*;");
  const std::regex code("(warning\\(|_about\\(|session, |push_back\\(\\{|\\? |: |[cC]ode = )\"([a-z][a-z_]*)\"");
  for (const std::string& source : sources_of_answers())
    for (std::sregex_iterator it(source.begin(), source.end(), statement), end; it != end; ++it) {
      const std::string text = it->str();
      for (std::sregex_iterator at(text.begin(), text.end(), code); at != end; ++at) out.insert((*at)[2]);
    }
  return out;
}

TEST(Words, EachReasonThatAnAnswerGivesHasWordsAndStandsInTheHandbookOfTheApi) {
  const auto catalog = shipped_catalog();
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

TEST(Words, EachWarningThatAnAnswerGivesHasASentence) {
  const auto catalog = shipped_catalog();
  ASSERT_TRUE(catalog) << catalog.error().text();
  const std::set<std::string> codes = warnings_given(*catalog);
  for (const char* known : {"split_left_out", "cut_periods", "stands_in", "source_behind", "definitions_nameless",
                            "definitions_refused", "value_of_no_row_near", "shown_by_key", "lag_not_measured"})
    EXPECT_TRUE(codes.contains(known)) << known;
  for (const std::string& code : codes) {
    std::string bare = code;
    std::ranges::replace(bare, '_', ' ');
    EXPECT_FALSE(catalog->warning(code, 2).en.starts_with(bare)) << code << " has no sentence in warnings.yaml";
  }
}

TEST(Words, AWarningIsSaidInTheGrammarOfItsCount) {
  const auto catalog = shipped_catalog();
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

TEST(Words, AWarningToldAsAShareNamesItsWhole) {
  const auto catalog = shipped_catalog();
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

TEST(Words, ASentenceWithACountHasASingularAndAPlural) {
  const DefinitionFolder folder;
  folder.write(
      "w.yaml",
      "warnings:\n  w:\n    en: {one: \"{count} cow\", other: \"{count} cows\"}\n    fr: \"{count} vaches\"\n");
  EXPECT_EQ(folder.load().error().text(),
            "kpis/w.yaml:4:9: a sentence with {count} has a singular and a plural; write {one: \"…\", other: \"…\"}");
  folder.write("w.yaml", "warnings:\n  w:\n    en: {one: \"{count} cow\"}\n    fr: des vaches\n");
  EXPECT_EQ(folder.load().error().code, "yaml.missing_key");
}

}  // namespace
}  // namespace vigie::catalog

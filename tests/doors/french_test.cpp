// The French of the terminal: every error a person can cause is said in it, and no sentence is kept that nobody says.
#include "tongue/french.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "base/text.h"
#include "doors/company.h"

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;

/// Every C++ file of the program, with texts that stand in several pieces put together.
std::string sources() {
  std::string out;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(VIGIE_SOURCE_DIR) / "src")) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".cpp" || name.starts_with("french") || name.ends_with("_test.cpp")) continue;
    out += text_of(entry.path());
  }
  return std::regex_replace(out, std::regex("\"\\s*\n\\s*\""), "");
}

std::string as_written(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out;
}

/// The sentence as the sources may spell it: what stands for {} is theirs.
bool is_said(std::string_view sentence, const std::string& sources) {
  std::vector<std::string> pieces{""};
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    if (sentence[i] != '{') {
      pieces.back() += sentence[i];
      continue;
    }
    i = sentence.find('}', i);
    pieces.emplace_back();
  }
  // The longest piece is what makes the sentence.
  const auto longest = std::ranges::max_element(pieces, {}, &std::string::size);
  return sources.find(as_written(std::string(trim(*longest)))) != std::string::npos;
}

TEST(French, TranslatesOnlyWhatIsSaid) {
  const std::string all = sources();
  ASSERT_GT(all.size(), 500'000U);
  // Those of the library that reads the command line.
  const std::vector<std::string_view> foreign{"--format: {}", "--write: {}", "Could not convert: {} = {}",
                                              "{} requires at least {} arguments", "{}: 1 required {} missing"};
  for (const auto sentences : {tongue::question_sentences(), tongue::import_sentences(), tongue::problem_sentences()})
    for (const tongue::Sentence& one : sentences) {
      if (std::ranges::find(foreign, one.en) != foreign.end()) continue;
      EXPECT_TRUE(is_said(one.en, all)) << "nobody says: " << one.en;
      EXPECT_FALSE(one.fr.empty()) << one.en;
    }
}

TEST(French, KeepsWhatDiffersAndItsOrder) {
  EXPECT_EQ(tongue::in_french("no KPI \"revnue\""), "aucun KPI «\u00a0revnue\u00a0»");
  EXPECT_EQ(tongue::in_french("the period ends (2025-02-01) before it starts (2025-03-01)"),
            "la période finit (2025-02-01) avant de commencer (2025-03-01)");
  EXPECT_EQ(tongue::in_french("did you mean \"month\"?; a range is written 2025-01-01..2025-02-01"),
            "vouliez-vous dire «\u00a0month\u00a0»\u00a0?\u00a0; une plage s'écrit 2025-01-01..2025-02-01");
  EXPECT_EQ(tongue::in_french("expected the end or an operator, found \"union\""),
            "il fallait la fin ou un opérateur, et non \"union\"");
  EXPECT_EQ(tongue::in_french("this ' has no end"), "ce ' n'est pas fermé");
  EXPECT_EQ(tongue::in_french("Binder Error of an engine"), "Binder Error of an engine")
      << "better said in English than not";
  EXPECT_EQ(tongue::in_french(Error{"x",
                                    "unknown column \"amout\" in orders",
                                    ErrorKind::usage,
                                    {"kpis/x.yaml", 7, 12},
                                    "did you mean \"amount\"?"}),
            "kpis/x.yaml:7:12: colonne inconnue «\u00a0amout\u00a0» dans orders\u00a0; vouliez-vous dire "
            "«\u00a0amount\u00a0»\u00a0?");
}

/// Commands that fail, and the English that must not be left in what they say.
TEST(French, ErrorsAreInFrench) {
  const Folder folder;
  ASSERT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
  folder.write("shop/kpis/x.yaml", "id: x\nversion: one\n");
  folder.write("m.yaml", "map: m\nsource: s\ntable: ordres\ninput: a.csv\ncolumns: {key: k}\n");
  folder.write("n.yaml",
               "map: n\nsource: s\ntable: orders\ninput: a.csv\ncolumns: {key: k, ordered_at: d, montant: a}\n");
  folder.write("o.yaml", "map: o\nsource: s\ntable: orders\ninput: absent.csv\ncolumns: {key: k, ordered_at: d}\n");
  const std::string at = atelier().string();
  const std::regex english("\\b(the|is|not|did|known|write|has|have|of|and|with|no|there|see|an|choose|check)\\b");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {},
           {"bord"},
           {"kpi"},
           {"kpi", "revenue", "--form", "json"},
           {"kpi", "revenue", "--format", "jsn"},
           {"explain", "revenue", "--rows", "many"},
           {"kpi", "revnue", "-w", at},
           {"kpi", "churn_rate:rolling30d", "-w", at},
           {"kpi", "revenue", "--by", "chanel", "-w", at},
           {"kpi", "revenue", "--where", "chanel = 'x'", "-w", at},
           {"kpi", "revenue", "--where", "channel = 'x'; drop", "-w", at},
           {"kpi", "revenue", "--where", "channel = ", "-w", at},
           {"kpi", "revenue", "--where", "amount_net > 10", "-w", at},
           {"kpi", "revenue", "--where", "channel = 3", "-w", at},
           {"kpi", "revenue", "--from", "2025-03-01", "--to", "2025-02-01", "-w", at},
           {"kpi", "revenue", "--from", "hier", "-w", at},
           {"kpi", "revenue", "--grain", "mont", "-w", at},
           {"kpi", "revenue", "--compare", "avant", "-w", at},
           {"kpi", "revenue", "--as-of", "hier", "-w", at},
           {"kpi", "revenue", "--version", "9", "-w", at},
           {"kpi", "revenue", "--top", "0", "-w", at},
           {"kpi", "conversion_rate", "--param", "windw=3", "-w", at},
           {"kpi", "conversion_rate", "--param", "window=x", "-w", at},
           {"kpi", "conversion_rate", "--param", "window=0", "-w", at},
           {"propose", "--write", "windw", "-w", at},
           {"why", "sales_cycle", "-w", at},
           {"why", "revenue", "--compare", "target", "-w", at},
           {"reconcile", "churn_rate", "revenue", "-w", at},
           {"explain", "revenue", "--rows", "100001", "-w", at},
           {"model", "ordrs"},
           {"board", "-w", "nowhere"},
           {"check", "-w", "shop"},
           {"init", "shop"},
           {"init", "other", "--time-zone", "Europe/Pari"},
           {"init", "other", "--currency", "euro"},
           {"init", "other", "--week-start", "lundi"},
           {"demo", "shop"},
           {"demo", "other", "--customers", "1"},
           {"serve", "-w", at, "--port", "99999"},
           {"import", "-w", at, "--map", "absent.yaml"},
           {"import", "-w", at, "--map", "m.yaml"},
           {"import", "-w", at, "--map", "n.yaml"},
           {"import", "-w", at, "--map", "o.yaml"},
       }) {
    std::string line;
    for (const std::string& word : words) line += " " + word;
    const Ran ran = vigie(words, folder.path(), Language::fr);
    EXPECT_NE(ran.code, 0) << line;
    EXPECT_TRUE(ran.err.starts_with("vigie: ") && ran.err.size() > 20) << line << ran.err;
    std::smatch found;
    const std::string text = std::regex_replace(ran.err, std::regex("--write"), "");
    EXPECT_FALSE(std::regex_search(text, found, english)) << line << "\n"
                                                          << ran.err << "  says \"" << found.str() << "\"";
  }
}

TEST(French, HelpIsInFrench) {
  const Folder folder;
  const std::regex english("\\b(the|is|not|known|write|of|and|with|print|folder|which)\\b");
  const Ran all = vigie({"help"}, folder.path(), Language::fr);
  EXPECT_EQ(all.code, 0);
  EXPECT_NE(all.out.find("Commandes:"), std::string::npos) << all.out;
  for (const char* command : {"init", "demo", "import", "kpi", "board", "explain", "why", "reconcile", "propose",
                              "kpis", "model", "check", "serve"}) {
    EXPECT_NE(all.out.find(command), std::string::npos);
    const Ran one = vigie({"help", command}, folder.path(), Language::fr);
    std::smatch found;
    EXPECT_EQ(one.code, 0) << one.err;
    const std::string text = std::regex_replace(one.out, std::regex("--(as-of|write)"), "");
    EXPECT_FALSE(std::regex_search(text, found, english)) << one.out << "  says \"" << found.str() << "\"";
  }
}

}  // namespace
}  // namespace vigie::doors

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
    const std::string kind = entry.path().extension().string();
    if ((kind != ".cpp" && kind != ".h") || name.starts_with("french") || name.ends_with("_test.cpp")) continue;
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
  const std::vector<std::string_view> foreign{"--format: {}",
                                              "--by: \"{}\" is nothing to list by",
                                              "--time-limit: {}",
                                              "--write: {}",
                                              "{}: the text is empty",
                                              "{}: a seed is a whole number from 0 up",
                                              "{} requires at least {} arguments"};
  for (const auto sentences : {tongue::question_sentences(), tongue::definition_sentences(), tongue::import_sentences(),
                               tongue::source_sentences(), tongue::file_sentences(), tongue::sheet_sentences(),
                               tongue::proposal_sentences(), tongue::problem_sentences(), tongue::event_sentences(),
                               tongue::quarantine_sentences(), tongue::privacy_sentences()})
    for (const tongue::Sentence& one : sentences) {
      if (std::ranges::find(foreign, one.en) != foreign.end()) continue;
      EXPECT_TRUE(is_said(one.en, all)) << "nobody says: " << one.en;
      EXPECT_FALSE(one.fr.empty()) << one.en;
    }
}

/// What stands in the brackets that open before `begin`.
std::string_view in_brackets(const std::string& text, std::size_t begin) {
  bool quoted = false;
  int deep = 1;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') ++i;
    else if (text[i] == '"') quoted = !quoted;
    else if (!quoted && text[i] == '(') ++deep;
    else if (!quoted && text[i] == ')' && --deep == 0) return std::string_view(text).substr(begin, i - begin);
  }
  return {};
}

/// The texts between quotes, as the program has them.
std::vector<std::string> texts_in(std::string_view code) {
  std::vector<std::string> out;
  bool quoted = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '"') {
      if (!quoted) out.emplace_back();
      quoted = !quoted;
    } else if (quoted) {
      if (code[i] == '\\') ++i;
      out.back() += code[i];
    }
  }
  return out;
}

/// The sentence as somebody reads it: something stands for each {}.
std::string filled(const std::string& sentence) {
  std::string out;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const bool brace = sentence[i] == '{' || sentence[i] == '}';
    if (brace && i + 1 < sentence.size() && sentence[i + 1] == sentence[i]) out += sentence[i++];
    else if (sentence[i] == '{' && sentence.find('}', i) != std::string::npos) out += "7", i = sentence.find('}', i);
    else out += sentence[i];
  }
  return out;
}

/// No part of it is left as it was.
bool is_translated(const std::string& sentence) {
  const std::string french = tongue::in_french(sentence);
  // A sentence may be taken for another one of its beginning: "write {}". Then the rest stays English.
  static const std::regex english("\\b(the|which|its|has|were|does|words)\\b");
  if (french == sentence || std::regex_search(french, english)) return false;
  for (std::size_t at = 0; at != std::string::npos;) {
    const std::size_t cut = sentence.find("; ", at);
    const std::string part = sentence.substr(at, cut == std::string::npos ? cut : cut - at);
    if (part.find(' ') != std::string::npos && french.find(part) != std::string::npos) return false;
    at = cut == std::string::npos ? cut : cut + 2;
  }
  return true;
}

TEST(French, TranslatesEveryErrorThatAPersonCauses) {
  const std::string all = sources();
  // Names and values, which are the same in both languages.
  const std::vector<std::string> alike{"value: won / closed",
                                       "values: [first, second]",
                                       "{} {} {}",
                                       "{}, {}",
                                       "--day 2025-01-31",
                                       "chmod 600 {}",
                                       "references: customers, path: customer",
                                       "header: [order_id, date, amount]"};
  const std::regex call("\\b(at_line|bad|error|fail|names_or_values|refuse|refused|tell|usage|wrong|wrong_money)\\(");
  int seen = 0;
  for (std::sregex_iterator at(all.begin(), all.end(), call), end; at != end; ++at) {
    const std::string_view code = in_brackets(all, static_cast<std::size_t>(at->position() + at->length()));
    if (code.starts_with("ErrorKind::internal")) continue;  // our own mistakes
    for (std::string text : texts_in(code)) {
      if (text.starts_with("; ")) text.erase(0, 2);
      if (trim(text).find(' ') == std::string_view::npos || std::ranges::find(alike, text) != alike.end()) continue;
      ++seen;
      EXPECT_TRUE(is_translated(filled(text)) || is_translated(text)) << "in English only: " << text;
    }
  }
  EXPECT_GT(seen, 500);
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
           {"kpi", "revenue", "--compare", "2011-01-01..2010-01-01", "-w", at},
           {"kpi", "revenue", "--compare", "2011-01-01..2011-01-01", "-w", at},
           {"kpi", "revenue", "--compare", "", "-w", at},
           {"kpi", "revenue", "--to", "2000-01-01", "-w", at},
           {"kpi", "revenue", "--from", "2040-01-01", "-w", at},
           {"why", "revenue", "--from", "2030-01-01", "--to", "2031-01-01", "-w", at},
           {"quarantine", "--map", "", "-w", at},
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
           {"init", "other", "--currency", "ZZZ"},
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

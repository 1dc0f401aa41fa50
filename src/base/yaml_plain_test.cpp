// The quick reader against yaml-cpp: what it reads, it reads to the same tree, and it reads what we ship.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <sstream>

#include "base/yaml_readers.h"

namespace vigie {
namespace {

namespace fs = std::filesystem;

/// The tree with everything a reader of it can see.
std::string shown(const YamlNode& node) {
  std::string out = fmt::format("{}@{}:{}", static_cast<int>(node.kind()), node.where().line, node.where().column);
  if (node.quoted()) out += "q";
  if (node.kind() == YamlNode::Kind::scalar) out += fmt::format("<{}>", node.as_text().value());
  for (const YamlNode& item : node.items()) out += "\n- " + shown(item);
  for (const auto& [key, value] : node.entries()) out += "\n" + shown(key) + " = " + shown(value);
  return out + ".";
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Whether the quick reader took it; if so, it agrees with the other.
bool agrees(const std::string& text) {
  const auto plain = read_plain_yaml(text, "f.yaml");
  if (!plain) return false;
  const auto any = read_any_yaml(text, "f.yaml");
  EXPECT_TRUE(any) << any.error().text() << "\n" << text;
  if (any) EXPECT_EQ(shown(*plain), shown(*any)) << text;
  return true;
}

TEST(PlainYaml, ReadsTheModelAndTheCatalogueAsYamlCppDoes) {
  std::string left_over;
  int files = 0;
  for (const char* folder : {"model", "kpis", "examples", "tests", "src"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(VIGIE_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".yaml") continue;
      ++files;
      const bool shipped = std::string_view(folder) == "model" || std::string_view(folder) == "kpis";
      if (!agrees(read(entry.path())) && shipped) left_over += entry.path().string() + "\n";
    }
  }
  EXPECT_GT(files, 150);
  EXPECT_EQ(left_over, "");  // a start reads all of these
}

TEST(PlainYaml, TakesWhatPeopleWrite) {
  for (const char* text : {
           "a: 1\nb: two words  # said once\n",
           "a:\n  - x\n  - {b: c, d: [e, f]}\n  - g: h\n    i: 'j''k'\n",
           "a: {en: \"say \\\"x\\\"\", fr: \"c'est \\\\ ça\"}\n",
           "# first\n\nid: x\n\n  # deeper\nlast: -1\n",
           "path: C:\\x\nurl: http://a.b/c?d=e#f\nwhen: a = 'b' and c > 1, or d\n",
           "- - a\n  - b\n- c\n",
           "\"quoted key\": v\nempty: {}\nnone: []\nblank: \"\"\n",
           "a: [b,  # first\n    c, {d: e,\n  f: g}]\nh: [\n  i]\n",
           "montant: 1 200 €\nmot: «\u00a0à\u00a0»\n",
       })
    EXPECT_TRUE(agrees(text)) << text;
}

TEST(PlainYaml, LeavesTheRestToYamlCpp) {
  for (const char* text : {
           "",
           "# nothing\n",
           "just text\n",
           "a: 1\na: 2\n",
           "a: |\n  x\n",
           "a: &x 1\n",
           "a: !t 1\n",
           "a: *x\n",
           "a:\n",
           "a: ~\n",
           "a: b\n  c\n",
           "a: \"b\n  c\"\n",
           "a: [b\n  , c]\n",
           "a: [b c\n  d]\n",
           "a: [b,\nc]\n",
           "a: {b:\n    c}\n",
           "a: b: c\n",
           "a: [1, 2\n",
           "a: [1, 2] 3\n",
           "a: {b}\n",
           "a: \"\\n\"\n",
           "a:\tb\n",
           "---\na: 1\n",
           "a: 1\n---\nb: 2\n",
           "a: 1\n b: 2\n",
           "a:\n    b: 1\n  c: 2\n",
           "a: 'b\n",
           "? a\n: b\n",
           "a: 1\r\n",
           " a: 1\n",
           "a: \xff\n",
           "\xef\xbb\xbf"
           "a: 1\n",
           "a: [b, , c]\n",
           "a: [b, ]\n",
           "a: {b: }\n",
           "- a\nb: c\n",
           "a: 1\n- b\n",
       })
    EXPECT_FALSE(read_plain_yaml(text, "f.yaml")) << text;
}

RC_GTEST_PROP(PlainYaml, NeverReadsATextOtherwise, ()) {
  const auto piece = rc::gen::element<std::string>(
      "a", "b1", "key", ": ", ":", "\n", "\n", "\n  ", "\n  ", "\n    ", "  ", " ", "- ", "-", "{", "}", "[", "]", ", ",
      ",", "\"", "'", "\\", "#", " # c", "é", "€", "\u00a0", "\u2028", "?", "null", "~", "|", ">", "&x", "*x", "!t",
      "%", "@", "`", "---", "...", "=", "1.5", "true", "\t", "a: ", "b: ", "c: d", "- x", "\"q\"", "'r'");
  int read = 0;
  for (int turn = 0; turn < 50; ++turn) {
    std::string text;
    for (const std::string& one : *rc::gen::container<std::vector<std::string>>(piece)) text += one;
    read += agrees(text) ? 1 : 0;
  }
  RC_CLASSIFY(read > 0);
  RC_ASSERT(!::testing::Test::HasFailure());
}

/// Shipped files with one piece of them lost, doubled or moved: nearly right texts, as people write them.
RC_GTEST_PROP(PlainYaml, ReadsDamagedFilesAsYamlCppDoes, ()) {
  static const std::vector<std::string> files = [] {
    std::vector<std::string> out;
    for (const char* name :
         {"kpis/churn_rate.yaml", "kpis/reasons.yaml", "model/orders.yaml", "model/relations/sales.yaml"})
      out.push_back(read(fs::path(VIGIE_SOURCE_DIR) / name));
    return out;
  }();
  std::string text = files[*rc::gen::inRange<std::size_t>(0, files.size())];
  text = text.substr(0, 3000);
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  const auto size = *rc::gen::inRange<std::size_t>(0, 8);
  const std::string cut = text.substr(at, size);
  const auto where = *rc::gen::inRange<std::size_t>(0, text.size() - cut.size());
  if (*rc::gen::arbitrary<bool>()) text.erase(at, size);
  if (*rc::gen::arbitrary<bool>()) text.insert(where, cut);
  RC_CLASSIFY(agrees(text));
  RC_ASSERT(!::testing::Test::HasFailure());
}

}  // namespace
}  // namespace vigie

// The guides say the truth: the examples of docs/cli.md and docs/definitions.md print what they show, the flags are
// those of the commands, the fields those that definitions may have. The tour of the README runs.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>

#include "base/text.h"
#include "doors/company.h"

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = VIGIE_SOURCE_DIR;

/// A command of a ```console block and what it is shown to print; a line "…" stands for any lines. Or a file: a ```yaml
/// block whose first line is a comment with its path.
struct Example {
  std::string command, printed;
  std::size_t from = 0, to = 0;  ///< lines of the document that hold what is printed
  std::string file = {};         ///< its path; then `printed` is what it holds
};

std::vector<std::string> lines_of(const std::string& text) {
  auto lines = split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::vector<Example> examples_of(const std::vector<std::string>& lines) {
  std::vector<Example> out;
  bool inside = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("```")) {
      inside = lines[i] == "```console";
      const bool file = lines[i] == "```yaml" && i + 1 < lines.size() && lines[i + 1].starts_with("# ");
      if (!file) continue;
      out.push_back({"", "", i + 1, i + 1, lines[i + 1].substr(2)});
      while (++i < lines.size() && lines[i] != "```") out.back().printed += lines[i] + "\n";
    } else if (inside && lines[i].starts_with("$ ")) {
      out.push_back({lines[i].substr(2), "", i + 1, i + 1});
    } else if (inside && !out.empty()) {
      out.back().printed += lines[i] + "\n";
      out.back().to = i + 1;
    }
  }
  return out;
}

std::string without_times(const std::string& text) { return std::regex_replace(text, std::regex("[0-9]+ ms"), "N ms"); }

/// Whether the lines are those shown, "…" standing for any number of them.
bool fits(const std::vector<std::string>& shown, std::size_t i, const std::vector<std::string>& printed,
          std::size_t k) {
  if (i == shown.size()) return k == printed.size();
  if (shown[i] != "…") return k < printed.size() && shown[i] == printed[k] && fits(shown, i + 1, printed, k + 1);
  for (std::size_t next = k; next <= printed.size(); ++next)
    if (fits(shown, i + 1, printed, next)) return true;
  return false;
}

void write_lines(const fs::path& file, const std::vector<std::string>& lines) {
  std::ofstream out(file, std::ios::binary);
  for (const std::string& line : lines) out << line << "\n";
}

class Guide : public ::testing::TestWithParam<std::string> {};

TEST_P(Guide, ItsExamplesPrintWhatTheyShow) {
  const std::string name = "docs/" + GetParam();
  const fs::path file = kRoot / name;
  std::vector<std::string> lines = lines_of(text_of(file));
  const auto examples = examples_of(lines);
  ASSERT_GT(examples.size(), 20U);
  const Folder folder;
  for (const char* part : {"examples", "kpis"}) fs::create_directory_symlink(kRoot / part, folder.path() / part);
  // VIGIE_REWRITE_DOCS=1 writes down what is printed where nothing is left out; to be read before it is committed.
  const bool rewrite = std::getenv("VIGIE_REWRITE_DOCS") != nullptr;
  std::vector<std::pair<Example, std::string>> changed;
  for (const Example& one : examples) {
    if (!one.file.empty()) {
      folder.write(one.file, one.printed);
      continue;
    }
    const Ran ran = shell("( " + one.command + " ) 2>&1", folder.path());
    if (fits(lines_of(without_times(one.printed)), 0, lines_of(without_times(ran.out)), 0)) continue;
    changed.emplace_back(one, ran.out);
    EXPECT_TRUE(rewrite)
        << name << ":" << one.from << ": $ " << one.command << "\nshows:\n"
        << one.printed << "prints:\n"
        << ran.out
        << "where that is right: VIGIE_REWRITE_DOCS=1 build/bin/doors_test --gtest_filter='*Guide*' writes it down";
  }
  if (!rewrite) return;
  std::ranges::reverse(changed);
  for (const auto& [one, printed] : changed) {
    if (one.printed.find("…\n") != std::string::npos) {
      ADD_FAILURE() << name << ":" << one.from << " leaves lines out and must be mended by hand: $ " << one.command
                    << "\n"
                    << printed;
      continue;
    }
    const auto at = [&](std::size_t line) { return lines.begin() + static_cast<std::ptrdiff_t>(line); };
    lines.erase(at(one.from), at(one.to));
    const auto fresh = lines_of(printed);
    lines.insert(at(one.from), fresh.begin(), fresh.end());
  }
  write_lines(file, lines);
}

INSTANTIATE_TEST_SUITE_P(Documents, Guide, ::testing::Values("cli.md", "definitions.md"),
                         [](const auto& of) { return of.param.substr(0, of.param.find('.')); });

/// The guide names every field that a definition may have, as the readers of definitions know them.
TEST(GuideOfDefinitions, KnowsEveryField) {
  const std::string guide = text_of(kRoot / "docs/definitions.md");
  const std::regex list("known_keys\\(\\s*\\{([^}]*)\\}"), quoted("\"([a-z_]+)\"");
  std::set<std::string> fields;
  for (const char* reader : {"read_definition.cpp", "read_measure.cpp", "read_variants.cpp", "catalog.cpp"}) {
    const std::string code = text_of(kRoot / "src/catalog" / reader);
    for (std::sregex_iterator it(code.begin(), code.end(), list), end; it != end; ++it) {
      const std::string keys = (*it)[1];
      for (std::sregex_iterator key(keys.begin(), keys.end(), quoted); key != end; ++key) fields.insert((*key)[1]);
    }
  }
  ASSERT_GT(fields.size(), 60U);
  for (const std::string& field : fields)
    EXPECT_TRUE(std::regex_search(guide, std::regex("[`{, ]" + field + "[`:,}]")))
        << "docs/definitions.md does not tell of the field " << field;
}

std::set<std::string> flags_in(const std::string& text) {
  std::set<std::string> out;
  const std::regex flag("(^|[^a-zA-Z0-9-])(--[a-z][a-z-]*)");
  for (std::sregex_iterator it(text.begin(), text.end(), flag), end; it != end; ++it) out.insert((*it)[2]);
  return out;
}

/// Sections of a document by their headline.
std::map<std::string, std::string> sections_of(const std::string& text) {
  std::map<std::string, std::string> out;
  std::string name;
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with("## ")) name = line.substr(3);
    else out[name] += line + "\n";
  }
  return out;
}

/// Those of a command, and of the commands within it.
std::set<std::string> flags_of(const std::string& command, const fs::path& folder) {
  const std::string help = vigie({"help", command}, folder).out;
  std::set<std::string> out = flags_in(help);
  for (const std::string& line : lines_of(help))
    if (line.size() > 2 && line.starts_with("  ") && line[2] >= 'a' && line[2] <= 'z')
      out.merge(flags_in(vigie({"help", command, line.substr(2, line.find(' ', 2) - 2)}, folder).out));
  return out;
}

TEST(GuideOfCommands, KnowsEveryCommandAndEveryFlag) {
  const Folder folder;
  const auto sections = sections_of(text_of(kRoot / "docs/cli.md"));
  const Ran help = vigie({"help"}, folder.path());
  ASSERT_EQ(help.code, 0) << help.err;
  std::set<std::string> commands;
  const std::string list = help.out.substr(help.out.find("\nCommands:\n") + 11);
  for (const std::string& line : lines_of(list))
    if (line.starts_with("  ") && line.size() > 2 && line[2] != ' ')
      commands.insert(line.substr(2, line.find(' ', 2) - 2));
  ASSERT_TRUE(commands.contains("kpi") && commands.contains("serve")) << help.out;
  ASSERT_TRUE(sections.contains("The question"));
  std::map<std::string, std::set<std::string>> flags;
  std::set<std::string> somebodys;
  for (const std::string& command : commands) {
    flags[command] = flags_of(command, folder.path());
    somebodys.insert(flags[command].begin(), flags[command].end());
  }
  for (const std::string& command : commands) {
    const auto section = sections.find("vigie " + command);
    ASSERT_NE(section, sections.end()) << "docs/cli.md has no section \"vigie " << command << "\"";
    std::set<std::string> told = flags_in(section->second);
    told.merge(flags_in(sections.at("")));
    if (section->second.find("(#the-question)") != std::string::npos) told.merge(flags_in(sections.at("The question")));
    std::set<std::string> known = flags[command];
    known.erase("--help");
    for (const std::string& flag : known)
      EXPECT_TRUE(told.contains(flag)) << "docs/cli.md does not tell of vigie " << command << " " << flag;
    // A section may speak of the flags of others, but not of one that nobody has.
    for (const std::string& flag : flags_in(section->second)) {
      EXPECT_TRUE(somebodys.contains(flag))
          << "docs/cli.md tells of " << flag << " under vigie " << command << ": there is no such flag";
    }
  }
}

TEST(Readme, ItsTourRuns) {
  const Folder folder;
  fs::create_directory_symlink(kRoot / "examples", folder.path() / "examples");
  fs::create_directory(folder.path() / "build");
  fs::create_directory_symlink(fs::path(VIGIE_PROGRAM).parent_path(), folder.path() / "build/bin");
  // What `make run` makes, smaller.
  ASSERT_EQ(vigie({"demo", "demo", "--customers", "300"}, folder.path()).code, 0);
  int ran = 0;
  for (const std::string& line : lines_of(text_of(kRoot / "README.md"))) {
    if (!line.starts_with("    build/bin/vigie ")) continue;
    const Ran one = shell(line, folder.path());
    EXPECT_EQ(one.code, 0) << line << "\n" << one.err;
    EXPECT_FALSE(one.out.empty()) << line;
    ++ran;
  }
  EXPECT_GE(ran, 6);
}

}  // namespace
}  // namespace vigie::doors

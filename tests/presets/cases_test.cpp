// Every case of tests/presets: the files of a tool through its preset, held against figures that were worked out by
// hand.
//
//   NAME or NAME.CASE   a case of the preset NAME: with `files/`, or with `folder`, the place of published files under
//                       VIGIE_SHARED_DATA (left out, and said so, where they are not)
//     bound.txt         which file is which object, and which of its columns it lacks
//     expected.md       lines that begin with four blanks are checks, everything else is told to people:
//                         kpi ARGS => VALUE              total.value of `vigie kpi ARGS`; `=> PATH VALUE` another
//                         member sql SELECT => A | B ; C | D    rows of the warehouse
//     init              options of `vigie init`; euros and Paris without it
//
// VIGIE_PRESETS="hubspot stripe.tables" tries those alone (tests/presets/all.sh).
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <set>

#include "base/text.h"
#include "base/yaml.h"
#include "doors/program.h"
#include "store/database.h"

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const fs::path kRoot = VIGIE_SOURCE_DIR;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out = split(text, '\n');
  if (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

/// 1.50 as 1.5, 227.3089430 as 227.308943: however many digits a figure comes with.
std::string as_written(const std::string& text) {
  constexpr std::size_t kDigits = 6;
  const auto point = text.find('.');
  const bool number = point != std::string::npos && point > 0 &&
                      text.find_first_not_of("0123456789.", text.starts_with('-') ? 1 : 0) == std::string::npos &&
                      text.find('.', point + 1) == std::string::npos;
  if (!number) return text;
  std::string out = text.size() - point - 1 > kDigits ? fmt::format("{:.6f}", std::stod(text)) : text;
  while (out.ends_with('0')) out.pop_back();
  if (out.ends_with('.')) out.pop_back();
  return out;
}

std::string as_written(const json::value& value) {
  if (value.is_null()) return "null";
  if (value.is_double()) return as_written(fmt::format("{:.6f}", value.get_double()));
  return value.is_string() ? as_written(std::string(value.get_string())) : json::serialize(value);
}

/// "total.numerator" of an answer.
std::string member_at(const std::string& answer, const std::string& path) {
  json::value at = json::parse(answer);
  for (const std::string& name : split(path, '.')) {
    const json::value found = at.is_array() ? at.get_array().at(std::stoul(name)) : at.as_object().at(name);
    at = found;
  }
  return as_written(at);
}

std::string rows_of(const fs::path& workspace, const std::string& select) {
  const auto database = store::Database::open({.file = workspace / "data/warehouse.duckdb", .read_only = true});
  if (!database) return database.error().text();
  const auto rows = (*database)->connect()->query(fmt::format("SELECT COLUMNS(*)::VARCHAR FROM ({})", select));
  if (!rows) return rows.error().text();
  std::string out;
  for (std::size_t row = 0; row < rows->rows(); ++row)
    for (std::size_t column = 0; column < rows->columns().size(); ++column)
      out += (column > 0 ? " | "
              : row > 0  ? " ; "
                         : "") +
             (rows->is_null(row, column) ? std::string("null") : as_written(rows->text(row, column)));
  return out;
}

/// What one check says, and what is there.
struct Check {
  std::string asked, wanted, found;
};

Check checked(const std::string& line, const fs::path& folder) {
  const auto arrow = line.rfind("=>");
  const std::string kind = line.substr(4, 3);
  Check out{std::string(trim(line.substr(8, arrow - 8))), std::string(trim(line.substr(arrow + 2))), {}};
  if (kind == "sql") {
    out.found = rows_of(folder / "w", out.asked);
    return out;
  }
  std::string path = "total.value";
  if (const auto blank = out.wanted.find(' '); blank != std::string::npos) {
    path = out.wanted.substr(0, blank);
    out.wanted = out.wanted.substr(blank + 1);
  }
  const Ran ran = shell(fmt::format("vigie kpi -w w --format json {}", out.asked), folder);
  out.found = ran.code == 0 ? member_at(ran.out, path) : ran.err;
  return out;
}

/// The lines that say which file is which object, and those of files that are none.
std::string bindings_in(const std::string& out) {
  std::string found;
  for (const std::string& line : lines_of(out)) {
    const bool is_object = line.starts_with("  ") && !line.starts_with("   ") && line.contains(" → ");
    if (!is_object && !line.starts_with("! ")) break;
    found += (is_object ? line.substr(2) : line) + "\n";
  }
  return found;
}

/// "hubspot_deals" of each receipt that read a row: "hubspot_deals → opportunities: read 12 = …".
void add_maps_with_rows(const std::string& out, std::set<std::string>& maps) {
  for (const std::string& line : lines_of(out)) {
    const auto arrow = line.find(" → "), read = line.find(": read ");
    if (arrow != std::string::npos && read != std::string::npos && !line.starts_with(' ') && line[read + 7] != '0')
      maps.insert(line.substr(0, arrow));
  }
}

/// Those of exports: a preset of a database has tables in place of files (tests/sources/preset_test.cpp).
std::set<std::string> maps_of_files() {
  std::set<std::string> out;
  for (const auto& preset : fs::directory_iterator(kRoot / "presets")) {
    if (!fs::exists(preset.path() / "preset.yaml")) continue;
    for (const auto& file : fs::directory_iterator(preset))
      if (file.path().filename() != "preset.yaml" && file.path().extension() == ".yaml")
        out.insert(YamlNode::load_file(file.path())->text("map").value());
  }
  return out;
}

/// Where the files of a case are; empty: not here.
fs::path files_of(const fs::path& the_case) {
  if (fs::exists(the_case / "files")) return the_case / "files";
  const char* const given = std::getenv("VIGIE_SHARED_DATA");
  const fs::path shared = given != nullptr ? fs::path(given) : kRoot.parent_path() / "shared/data";
  const fs::path out = shared / trim(text_of(the_case / "folder"));
  return fs::exists(out) ? out : fs::path();
}

void try_case(const fs::path& the_case, const fs::path& files, std::set<std::string>& maps) {
  const std::string name = the_case.filename().string(), preset = name.substr(0, name.find('.'));
  const Folder folder;
  const std::string init = fs::exists(the_case / "init") ? std::string(trim(text_of(the_case / "init")))
                                                         : "--currency EUR --time-zone Europe/Paris";
  ASSERT_EQ(shell("vigie init w " + init, folder.path()).code, 0);
  const std::string import =
      fmt::format("vigie import -w w --preset {} {}", preset, shell_word(fs::absolute(files).string()));
  const Ran first = shell(import, folder.path());
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(bindings_in(first.out), text_of(the_case / "bound.txt"));
  add_maps_with_rows(first.out, maps);
  int checks = 0;
  for (const std::string& line : lines_of(text_of(the_case / "expected.md"))) {
    if (!line.starts_with("    kpi ") && !line.starts_with("    sql ")) continue;
    ++checks;
    const Check one = checked(line, folder.path());
    EXPECT_EQ(one.found, one.wanted) << one.asked;
  }
  EXPECT_GT(checks, 0) << "nothing is held against anything";
  const Ran again = shell(import, folder.path());
  for (const std::string& line : lines_of(again.out))
    for (const std::string_view word : {"loaded ", "updated "})
      if (const auto at = line.find(word); at != std::string::npos && at + word.size() < line.size()) {
        const char digit = line[at + word.size()];
        EXPECT_FALSE(digit >= '1' && digit <= '9') << "a second import changes something: " << line;
      }
}

TEST(Presets, GiveTheFiguresOfTheirCases) {
  const char* const only = std::getenv("VIGIE_PRESETS");
  const std::vector<std::string> wanted = only == nullptr ? std::vector<std::string>{} : split(only, ' ');
  std::set<fs::path> cases;
  for (const auto& one : fs::directory_iterator(kRoot / "tests/presets"))
    if (fs::exists(one.path() / "bound.txt")) cases.insert(one.path());
  std::set<std::string> maps;
  int tried = 0, left_out = 0;
  for (const fs::path& one : cases) {
    const std::string name = one.filename().string();
    const auto is_meant = [&](const std::string& word) {
      return word == name || word == name.substr(0, name.find('.'));
    };
    if (!wanted.empty() && std::ranges::none_of(wanted, is_meant)) continue;
    const fs::path files = files_of(one);
    if (files.empty()) {
      std::printf("%s: left out, its files are not here\n", name.c_str());
      ++left_out;
      continue;
    }
    SCOPED_TRACE(name);
    try_case(one, files, maps);
    ++tried;
  }
  EXPECT_GT(tried, 0) << "no case was tried";
  if (!wanted.empty() || left_out > 0) return;
  for (const std::string& map : maps_of_files()) EXPECT_TRUE(maps.contains(map)) << map << ": no case gives it a row";
}

}  // namespace
}  // namespace vigie::doors

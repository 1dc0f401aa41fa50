// vigie import FILE without a map: the map that is proposed, kept in the workspace for its owner to read and edit.
#include "workspace/look.h"

#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/language.h"
#include "tongue/french.h"
#include "workspace/written_file.h"

namespace vigie::cli {
namespace {

namespace fs = std::filesystem;

Result<propose::Wishes> wishes_of(const ImportOptions& options) {
  propose::Wishes out;
  out.table = options.look.table;
  out.day = options.look.day;
  out.language = language();
  if (options.look.date_order == "dmy") out.date_order = propose::DateOrder::day_first;
  if (options.look.date_order == "mdy") out.date_order = propose::DateOrder::month_first;
  if (options.look.decimal == "point") out.decimal = '.';
  if (options.look.decimal == "comma") out.decimal = ',';
  return out;
}

std::string preview_of(const propose::ProposedMap& map) {
  std::string out;
  if (map.preview.empty()) return out;
  std::string names;
  for (const std::string& name : map.preview_columns) names += (names.empty() ? "" : " | ") + name;
  out += fmt::format("    {}\n", names);
  for (const auto& row : map.preview) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += (i == 0 ? "" : " | ") + row[i];
    out += fmt::format("    {}\n", line);
  }
  return out;
}

std::string questions_of(const propose::Proposal& proposal) {
  std::string out;
  for (const propose::Question& one : proposal.questions) {
    out += fmt::format("  ? {}\n", one.text);
    for (const std::string& answer : one.answers) out += fmt::format("      {}\n", answer);
  }
  return out;
}

/// A map that stands there already is its owner's: it is not written over, unless it is the same.
Result<fs::path> keep(const propose::ProposedMap& map, const fs::path& maps) {
  const fs::path file = maps / (map.id + ".yaml");
  std::error_code problem;
  fs::create_directories(maps, problem);
  if (const auto there = bytes_of(file); there && *there != map.yaml)
    return fail(ErrorKind::usage, "map.exists",
                fmt::format("{} is there already, and says something else", file.string()), {},
                "import with --map, or remove it first");
  VIGIE_CHECK(workspace::write_file(file, map.yaml));
  return file;
}

const propose::Question* blocking(const propose::Proposal& proposal) {
  for (const propose::Question& one : proposal.questions)
    if (one.blocks) return &one;
  return nullptr;
}

std::string text_of(const workspace::LookedAt& looked, const std::vector<fs::path>& kept) {
  std::string out;
  for (const workspace::Told& one : looked.told) {
    const std::string place = one.line > 0        ? fmt::format("{} {}: ", either("line", "ligne"), one.line)
                              : one.place.empty() ? std::string()
                                                  : one.place + ": ";
    out += fmt::format("  {}{}\n", place, tongue::said(one.sentence, language()));
  }
  if (looked.copy)
    out += fmt::format("{} {}\n",
                       either("its rows are copied, as the map reads them, to",
                              "ses lignes, comme la carte les lit, sont copiées dans"),
                       looked.copy->string());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    out += fmt::format("{} → {}: {}\n", looked.proposal.maps[i].id, looked.proposal.maps[i].table, kept[i].string());
    out += preview_of(looked.proposal.maps[i]);
  }
  return out + questions_of(looked.proposal);
}

}  // namespace

Result<std::vector<fs::path>> maps_proposed(const ImportOptions& options) {
  if (options.files.empty())
    return fail(ErrorKind::usage, "import.files", "import wants --map, or a file", {}, "see vigie help import");
  if (options.files.size() != 1)
    return fail(ErrorKind::usage, "import.files", "without a map one file is looked at, no more and no less", {},
                "name one file, or say --map");
  VIGIE_TRY(const propose::Wishes wishes, wishes_of(options));
  VIGIE_TRY(const workspace::LookedAt looked,
            workspace::look_at(options.files.front(), options.look.sheet, wishes, options.workspace / "files"));
  std::vector<fs::path> kept;
  for (const propose::ProposedMap& map : looked.proposal.maps) {
    VIGIE_TRY(fs::path file, keep(map, options.workspace / "maps"));
    kept.push_back(std::move(file));
  }
  if (options.format == Format::table) VIGIE_CHECK(print(text_of(looked, kept)));
  if (const propose::Question* const question = blocking(looked.proposal))
    return fail(ErrorKind::data, "import.question", question->text, {}, join(question->answers, ", "));
  if (kept.empty())
    return fail(ErrorKind::data, "import.no_table", fmt::format("{} fits no table", options.files.front()), {},
                "say which it is (--table NAME), or write a map (docs/import.md)");
  return kept;
}

}  // namespace vigie::cli

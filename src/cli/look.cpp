// vigie import FILE without a map: the map that is proposed, kept in the workspace for its owner to read and edit.
#include "base/json_writer.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/language.h"
#include "tongue/french.h"
#include "workspace/proposed_maps.h"

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
  out.currency = options.look.currency;
  out.amounts = options.look.amounts;
  out.without = options.look.without;
  for (const std::string& one : options.look.columns) {
    const auto equals = one.rfind('=');
    if (equals == std::string::npos)
      return fail(ErrorKind::usage, "propose.column", fmt::format("--column wants COLUMN=NAME, not \"{}\"", one), {},
                  "such as --column Adhérent=customer_key");
    out.columns.emplace_back(one.substr(0, equals), one.substr(equals + 1));
  }
  if (!options.look.key.empty())
    for (const std::string& column : split(options.look.key, ',')) out.key.emplace_back(trim(column));
  for (const std::string& one : options.look.words) {
    const auto equals = one.rfind('=');
    if (equals == std::string::npos)
      return fail(ErrorKind::usage, "propose.word", fmt::format("--word wants TEXT=VALUE, not \"{}\"", one), {},
                  "such as --word Refusé=cancelled");
    out.words.emplace_back(one.substr(0, equals), one.substr(equals + 1));
  }
  return out;
}

std::string preview_of(const propose::ProposedMap& map) {
  std::string out;
  if (map.preview.empty()) return out;
  std::string names;
  for (const std::string& name : map.preview_columns) names += (names.empty() ? "" : " | ") + name;
  if (map.preview_of > 0)
    out += fmt::format("    {}\n", fmt::format(fmt::runtime(either("made of the first {} rows of the file:",
                                                                   "faites des {} premières lignes du fichier :")),
                                               map.preview_of));
  out += fmt::format("    {}\n", names);
  for (const auto& row : map.preview) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += (i == 0 ? "" : " | ") + row[i];
    out += fmt::format("    {}\n", line);
  }
  return out;
}

/// Columns that nothing is made of, those of one reason together: in the file's order.
std::vector<std::pair<std::string, std::vector<std::string>>> left_out_of(const propose::Proposal& proposal) {
  std::vector<std::pair<std::string, std::vector<std::string>>> out;
  for (const propose::ColumnVerdict& one : proposal.columns) {
    if (!one.becomes.empty() || one.reason.empty() || proposal.maps.empty()) continue;
    auto group = std::ranges::find(out, one.reason, [](const auto& pair) { return pair.first; });
    if (group == out.end()) group = out.emplace(out.end(), one.reason, std::vector<std::string>{});
    group->second.push_back(one.name);
  }
  return out;
}

std::string left_out_text(const propose::Proposal& proposal) {
  std::string out;
  for (const auto& [reason, columns] : left_out_of(proposal)) {
    std::string names;
    for (const std::string& name : columns)
      names += fmt::format(fmt::runtime(either("{}\"{}\"", "{}«\u00a0{}\u00a0»")), names.empty() ? "" : ", ", name);
    out += fmt::format(fmt::runtime(either("  - {}: {}\n", "  - {}\u00a0: {}\n")), names, reason);
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

/// --read KEY=VALUE, and --sheet, which is the one that most people need.
Result<workspace::SaidOfAFile> said_of(const ImportOptions& options) {
  std::vector<std::pair<std::string, std::string>> words;
  if (!options.look.sheet.empty()) words.emplace_back("sheet", options.look.sheet);
  for (const std::string& one : options.look.read) {
    const auto equals = one.find('=');
    if (equals == std::string::npos)
      return fail(ErrorKind::usage, "look.word", fmt::format("--read wants WORD=VALUE, not \"{}\"", one), {},
                  "such as --read header_rows=1");
    words.emplace_back(one.substr(0, equals), one.substr(equals + 1));
  }
  return workspace::SaidOfAFile::of(words);
}

const propose::Question* blocking(const propose::Proposal& proposal) {
  for (const propose::Question& one : proposal.questions)
    if (one.blocks) return &one;
  return nullptr;
}

std::string place_of(const workspace::Told& one) {
  if (one.line > 0) return fmt::format("{} {}: ", either("line", "ligne"), one.line);
  return one.place.empty() ? std::string() : one.place + ": ";
}

std::string text_of(const workspace::LookedAt& looked, const std::vector<fs::path>& kept) {
  std::string out;
  for (const workspace::Told& one : looked.told)
    out += fmt::format("  {}{}\n", place_of(one), tongue::said(one.sentence, language()));
  if (looked.copy && !kept.empty())
    out += fmt::format("{} {}\n",
                       either("its rows are copied, as the map reads them, to",
                              "ses lignes, comme la carte les lit, sont copiées dans"),
                       looked.copy->file().string());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    out += fmt::format("{} → {}: {}\n", looked.proposal.maps[i].id, looked.proposal.maps[i].table, kept[i].string());
    out += preview_of(looked.proposal.maps[i]);
  }
  for (const std::string& note : looked.proposal.notes) out += fmt::format("  ! {}\n", note);
  out += left_out_text(looked.proposal);
  return out + questions_of(looked.proposal);
}

void texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& list) {
  json.key(key).begin_array();
  for (const std::string& one : list) json.text(one);
  json.end_array();
}

void to_json(const propose::ProposedMap& map, const fs::path& file, JsonWriter& json) {
  json.begin_object().key("map").text(map.id).key("table").text(map.table).key("file").text(file.string());
  texts(json, "columns", map.preview_columns);
  json.key("rows").begin_array();
  for (const auto& row : map.preview) {
    json.begin_array();
    for (const std::string& cell : row) json.text(cell);
    json.end_array();
  }
  json.end_array();
  if (map.preview_of > 0) json.key("made_of_first").number(map.preview_of);
  json.end_object();
}

void to_json(const propose::Question& question, JsonWriter& json) {
  json.begin_object().key("code").text(question.code).key("column").text(question.column);
  json.key("text").text(question.text).key("blocks").boolean(question.blocks);
  texts(json, "answers", question.answers);
  json.end_object();
}

/// All that the table tells, as members of an object that is begun.
void to_json(const workspace::LookedAt& looked, const std::vector<fs::path>& kept, JsonWriter& json) {
  json.key("told").begin_array();
  for (const workspace::Told& one : looked.told) {
    json.begin_object().key("line").number(one.line).key("place").text(one.place);
    json.key("text").text(tongue::said(one.sentence, language())).end_object();
  }
  json.end_array().key("copy");
  if (looked.copy && !kept.empty()) json.text(looked.copy->file().string());
  else json.null();
  json.key("maps").begin_array();
  for (std::size_t i = 0; i < kept.size(); ++i) to_json(looked.proposal.maps[i], kept[i], json);
  json.end_array();
  texts(json, "notes", looked.proposal.notes);
  json.key("left_out").begin_array();
  for (const auto& [reason, columns] : left_out_of(looked.proposal))
    for (const std::string& column : columns)
      json.begin_object().key("column").text(column).key("reason").text(reason).end_object();
  json.end_array();
  json.key("questions").begin_array();
  for (const propose::Question& one : looked.proposal.questions) to_json(one, json);
  json.end_array();
}

/// Why nothing of it is imported; nothing: it may be.
std::optional<Error> in_the_way(const ImportOptions& options, const workspace::LookedAt& looked) {
  if (const propose::Question* const question = blocking(looked.proposal))
    return fail(ErrorKind::data, "import.question", question->text, {}, join(question->answers, ", ")).error();
  if (looked.proposal.maps.empty())
    return fail(ErrorKind::data, "import.no_table", fmt::format("{} fits no table", options.files.front()), {},
                "say which it is (--table NAME), or write a map (docs/import.md)")
        .error();
  return std::nullopt;
}

/// The maps that are kept, with the very rows that were looked at.
Result<> import_kept(const ImportOptions& options, const workspace::LookedAt& looked, std::vector<fs::path> kept,
                     JsonWriter* json) {
  ImportOptions taken = options;
  taken.maps = std::move(kept);
  taken.files.clear();
  if (looked.copy) taken.files.push_back(looked.copy->file().string());
  return import_maps(taken, json);
}

}  // namespace

Result<> run_import_proposed(const ImportOptions& options) {
  if (options.files.empty())
    return fail(ErrorKind::usage, "import.files", "import wants --map, or a file", {}, "see vigie help import");
  if (options.files.size() != 1)
    return fail(ErrorKind::usage, "import.files", "without a map one file is looked at, no more and no less", {},
                "name one file, or say --map");
  VIGIE_TRY(const propose::Wishes wishes, wishes_of(options));
  VIGIE_TRY(const workspace::SaidOfAFile said, said_of(options));
  VIGIE_TRY(workspace::LookedAt looked, workspace::look_at(options.files.front(), said, wishes, options.workspace));
  VIGIE_TRY(const std::vector<fs::path> kept, workspace::keep_proposed(looked, options.workspace, language()));
  const std::optional<Error> refused = in_the_way(options, looked);
  std::string text;
  JsonWriter json(text);
  const bool as_json = options.format == Format::json;
  if (as_json) {
    json.begin_object().key("looked_at").text(options.files.front());
    to_json(looked, kept, json);
    json.key("receipts").begin_array();
  } else {
    VIGIE_CHECK(print(text_of(looked, kept)));
  }
  Result<> done;
  if (refused) done = std::unexpected(*refused);
  else if (options.look.yes) done = import_kept(options, looked, kept, as_json ? &json : nullptr);
  else if (!as_json)
    done = print(fmt::format(
        "{}\n",
        either("nothing is imported yet: read the map, then vigie import --map, or again with --yes",
               "rien n'est encore importé : lire la carte, puis vigie import --map, ou de nouveau avec --yes")));
  if (!as_json) return done;
  json.end_array().end_object();
  VIGIE_CHECK(print(text + "\n"));
  return done;
}

}  // namespace vigie::cli

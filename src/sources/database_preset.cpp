#include "sources/database_preset.h"

#include "base/bilingual.h"
#include "base/text.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

bool is_word_letter(char c) { return c == '_' || is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Of one that stands in the name of a table, and in SQL as a literal.
Result<std::string> setting_text(const YamlNode& node) {
  VIGIE_TRY(const std::string text, node.as_text());
  for (const char c : text)
    if (!is_word_letter(c) && c != '.' && c != '-' && c != '/')
      return node.error("preset.setting", fmt::format("\"{}\" cannot be the value of a setting", text),
                        "a setting is of letters, digits, _ - / and .");
  return text;
}

Result<> read_settings(const YamlNode& root, const YamlNode* said, std::map<std::string, std::string>& out) {
  std::vector<std::string> known;
  if (const YamlNode* own = root.find("settings"))
    for (const auto& [name, spec] : own->entries()) {
      VIGIE_TRY(const std::string key, name.as_text());
      VIGIE_CHECK(spec.known_keys({"default", "meaning"}));
      VIGIE_TRY(const YamlNode* const value, spec.require("default"));
      VIGIE_TRY(out[key], setting_text(*value));
      VIGIE_TRY(const YamlNode* const meaning, spec.require("meaning"));
      VIGIE_CHECK(read_text(*meaning));
      known.push_back(key);
    }
  if (said == nullptr) return {};
  if (said->kind() != YamlNode::Kind::mapping)
    return said->error("yaml.type", "settings are a mapping: what the preset calls each, and its value");
  for (const auto& [name, value] : said->entries()) {
    VIGIE_TRY(const std::string key, name.as_text());
    if (!out.contains(key))
      return name.error("preset.setting", fmt::format("the preset has no setting \"{}\"", key), suggestion(key, known));
    VIGIE_TRY(out[key], setting_text(value));
  }
  return {};
}

/// "{entity}" → what `put` makes of its value. Other braces stay.
std::string with_settings(std::string_view text, const std::map<std::string, std::string>& settings,
                          const std::function<std::string(const std::string&)>& put) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    const auto known =
        end == std::string_view::npos ? settings.end() : settings.find(std::string(text.substr(at + 1, end - at - 1)));
    if (known == settings.end()) out += text[at++];
    else out += put(known->second), at = end + 1;
  }
  return out;
}

Result<std::vector<std::string>> names_of(const YamlNode& node, const std::string& own) {
  std::vector<std::string> out{own};
  if (node.kind() == YamlNode::Kind::null) return out;
  VIGIE_TRY(const std::vector<std::string> others, node.as_texts());
  out.insert(out.end(), others.begin(), others.end());
  return out;
}

Result<PresetTable::Column> read_column(const YamlNode& name, const YamlNode& spec) {
  PresetTable::Column out;
  VIGIE_TRY(out.name, name.as_text());
  if (spec.kind() != YamlNode::Kind::mapping) {
    VIGIE_TRY(out.called, names_of(spec, out.name));
    return out;
  }
  VIGIE_CHECK(spec.known_keys({"names", "absent"}));
  out.called = {out.name};
  if (const YamlNode* names = spec.find("names")) {
    VIGIE_TRY(out.called, names_of(*names, out.name));
  }
  if (spec.find("absent") != nullptr) {
    VIGIE_TRY(out.absent, spec.text("absent"));
  }
  return out;
}

Result<PresetTable> read_table(const YamlNode& name, const YamlNode& spec,
                               const std::map<std::string, std::string>& settings) {
  VIGIE_CHECK(spec.known_keys({"names", "columns"}));
  PresetTable out;
  VIGIE_TRY(out.name, name.as_text());
  VIGIE_TRY(const YamlNode* const names, spec.require("names"));
  VIGIE_TRY(out.called, names->as_texts());
  for (std::string& one : out.called)
    one = with_settings(one, settings, [](const std::string& value) { return value; });
  VIGIE_TRY(const YamlNode* const columns, spec.require("columns"));
  for (const auto& [column, called] : columns->entries()) {
    VIGIE_TRY(PresetTable::Column read, read_column(column, called));
    out.columns.push_back(std::move(read));
  }
  return out;
}

std::unexpected<Error> nothing_under(const YamlNode& node, std::string_view key) {
  return node.error("source.value", fmt::format("nothing stands under {}", key),
                    "docs/presets.md shows a preset of a database");
}

/// What a preset is nothing without.
Result<const YamlNode*> filled(const YamlNode& root, std::string_view key) {
  VIGIE_TRY(const YamlNode* const node, root.require(key));
  if (node->entries().empty() && node->items().empty()) return nothing_under(*node, key);
  return node;
}

Result<> read_kinds(const YamlNode& root, DatabasePreset& out) {
  VIGIE_TRY(const YamlNode* const node, root.require("kinds"));
  VIGIE_TRY(const std::vector<std::string> names, node->as_texts());
  if (names.empty()) return nothing_under(*node, "kinds");
  for (const std::string& name : names) {
    const auto before = out.kinds.size();
    for (const Kind kind : {Kind::sqlite, Kind::postgres, Kind::mysql})
      if (name_of(kind) == name) out.kinds.push_back(kind);
    if (out.kinds.size() == before)
      return node->error("source.value", fmt::format("unknown kind of source \"{}\"", name),
                         suggestion(name, std::vector<std::string>{"sqlite", "postgres", "mysql"}));
  }
  return {};
}

/// What is needed is a table, or a column of one: "orders", "orders.discount".
Result<> check_needs(const Feed& feed, const std::vector<PresetTable>& tables, const YamlNode& node) {
  std::vector<std::string> known;
  for (const PresetTable& table : tables) {
    known.push_back(table.name);
    for (const PresetTable::Column& column : table.columns) known.push_back(table.name + "." + column.name);
  }
  for (const std::string& need : feed.needs)
    if (std::ranges::find(known, need) == known.end())
      return node.error("preset.needs", fmt::format("the preset has no table or column \"{}\"", need),
                        suggestion(need, known));
  return {};
}

Result<> read_maps(const YamlNode& root, DatabasePreset& out) {
  VIGIE_TRY(const YamlNode* const maps, filled(root, "maps"));
  for (const YamlNode& item : maps->items()) {
    VIGIE_TRY(Feed feed, read_feed(item, out.kinds.front(), out.folder));
    if (feed.query.empty())
      return item.error("source.rows", "a map of a preset reads a query over the preset's tables");
    VIGIE_CHECK(check_needs(feed, out.tables, item));
    feed.query =
        with_settings(feed.query, out.settings, [](const std::string& value) { return fmt::format("'{}'", value); });
    out.feeds.push_back(std::move(feed));
  }
  return {};
}

/// A table as a database has it: its name there, and where each column of the preset's is; "" where it is not.
struct TableThere {
  std::string called;
  std::vector<std::string> columns;
};

Result<TableThere> look_for(const PresetTable& table, const DatabasePreset::ColumnsOf& columns_of) {
  TableThere out;
  out.columns.resize(table.columns.size());
  for (const std::string& called : table.called) {
    VIGIE_TRY(const std::vector<std::string> there, columns_of(called));
    if (there.empty()) continue;
    out.called = called;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      for (const std::string& name : table.columns[i].called)
        if (out.columns[i].empty() && std::ranges::find(there, name) != there.end()) out.columns[i] = name;
    break;
  }
  return out;
}

/// "orders AS (SELECT `rowid` AS id, … FROM `llx_commande`)".
std::string table_expression(const PresetTable& table, const TableThere& there, const DatabasePreset::Quoted& quoted,
                             const DatabasePreset::Quoted& column) {
  std::string columns;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    columns += fmt::format("{}{} AS {}", i == 0 ? "" : ", ",
                           there.columns[i].empty() ? table.columns[i].absent : column(there.columns[i]),
                           table.columns[i].name);
  const std::string from = there.called.empty() ? "(SELECT 1) AS no_rows WHERE 1 = 0" : quoted(there.called);
  return fmt::format("{} AS (SELECT {} FROM {})", table.name, columns, from);
}

bool is_named_in(std::string_view query, std::string_view word) {
  for (std::size_t at = query.find(word); at != std::string_view::npos; at = query.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word_letter(query[at - 1])) && (end == query.size() || !is_word_letter(query[end])))
      return true;
  }
  return false;
}

/// A query that begins with a WITH of its own goes on with ours before it.
std::string with_tables(const std::string& tables, std::string_view query) {
  constexpr std::string_view kWith = "WITH ";
  if (tables.empty()) return std::string(query);
  if (query.starts_with(kWith)) return fmt::format("WITH {},\n{}", tables, query.substr(kWith.size()));
  return fmt::format("WITH {}\n{}", tables, query);
}

}  // namespace

Result<DatabasePreset> DatabasePreset::load(const fs::path& folder, const YamlNode* said) {
  VIGIE_TRY(const YamlNode root,
            YamlNode::load_file(folder / "source.yaml", (folder.filename() / "source.yaml").string()));
  VIGIE_CHECK(root.known_keys({"preset", "label", "kinds", "settings", "tables", "maps", "notes"}));
  DatabasePreset out;
  out.folder = folder;
  VIGIE_TRY(out.id, root.text("preset"));
  VIGIE_TRY(const YamlNode* const label, root.require("label"));
  VIGIE_CHECK(read_text(*label));
  VIGIE_CHECK(read_kinds(root, out));
  VIGIE_CHECK(read_settings(root, said, out.settings));
  VIGIE_TRY(const YamlNode* const tables, filled(root, "tables"));
  for (const auto& [name, spec] : tables->entries()) {
    VIGIE_TRY(PresetTable table, read_table(name, spec, out.settings));
    out.tables.push_back(std::move(table));
  }
  VIGIE_CHECK(read_maps(root, out));
  if (const YamlNode* const notes = root.find("notes"))
    for (const YamlNode& one : notes->items()) VIGIE_CHECK(read_text(one));
  return out;
}

Result<std::vector<DatabasePreset::Found>> DatabasePreset::feeds_in(const ColumnsOf& columns_of, const Quoted& table,
                                                                    const Quoted& column) const {
  std::map<std::string, TableThere> there;
  bool any = false;
  for (const PresetTable& one : tables) {
    VIGIE_TRY(there[one.name], look_for(one, columns_of));
    any = any || !there[one.name].called.empty();
  }
  if (!any)
    return fail(ErrorKind::usage, "source.rows",
                fmt::format("none of the tables of {} is there, such as {}", id, tables.front().called.front()), {},
                "check the database, the user's rights, and the settings of the preset");
  const auto has = [&](const std::string& need) {
    const auto dot = need.find('.');
    const PresetTable& wanted = *std::ranges::find(tables, need.substr(0, dot), &PresetTable::name);
    const TableThere& found = there.at(wanted.name);
    if (dot == std::string::npos) return !found.called.empty();
    const auto at = std::ranges::find(wanted.columns, need.substr(dot + 1), &PresetTable::Column::name);
    return !found.columns[static_cast<std::size_t>(at - wanted.columns.begin())].empty();
  };
  std::vector<Found> out;
  for (const Feed& feed : feeds) {
    Found& found = out.emplace_back(feed, "");
    for (const std::string& need : feed.needs)
      if (!has(need)) found.missing += (found.missing.empty() ? "" : ", ") + need;
    std::string expressions;
    for (const PresetTable& one : tables)
      if (is_named_in(feed.query, one.name))
        expressions += (expressions.empty() ? "" : ",\n") + table_expression(one, there.at(one.name), table, column);
    found.feed.query = with_tables(expressions, feed.query);
  }
  return out;
}

}  // namespace vigie::sources

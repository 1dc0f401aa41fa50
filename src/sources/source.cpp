#include "sources/source.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "ingest/held_checks.h"
#include "sources/database_preset.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kKinds{"files", "sqlite", "postgres", "mysql"};
const std::vector<std::string> kTls{"disable", "prefer", "require", "verify-ca", "verify-full"};
constexpr std::int64_t kSecondsPerMinute = 60, kSecondsPerHour = 3600, kSecondsPerDay = 86'400;

bool is_server(Kind kind) { return kind == Kind::postgres || kind == Kind::mysql; }

Result<std::string> source_id(const YamlNode& root) {
  VIGIE_TRY(const YamlNode* node, root.require("source"));
  VIGIE_TRY(std::string text, node->as_text());
  if (text.empty() || text.size() > 60 ||
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-.") != std::string::npos || text.front() == '.')
    return node->error("source.value", fmt::format("\"{}\" cannot be the name of a source", text),
                       "at most 60 of a-z, 0-9, _ - and ., the first no .");
  return text;
}

Result<Kind> read_kind(const YamlNode& root) {
  VIGIE_TRY(const YamlNode* node, root.require("kind"));
  VIGIE_TRY(const std::string text, node->as_text());
  for (const Kind kind : {Kind::files, Kind::sqlite, Kind::postgres, Kind::mysql})
    if (name_of(kind) == text) return kind;
  if (text == "mariadb") return Kind::mysql;
  return node->error("source.value", fmt::format("unknown kind of source \"{}\"", text), suggestion(text, kKinds));
}

/// What is said of one kind means nothing to another.
Result<> check_keys(const YamlNode& node, Kind kind, std::initializer_list<std::string_view> meant) {
  for (const auto& [name, value] : node.entries()) {
    VIGIE_TRY(const std::string key, name.as_text());
    if (std::ranges::find(meant, key) == meant.end())
      return name.error("source.option", fmt::format("{} means nothing to a source of kind {}", key, name_of(kind)));
  }
  return {};
}

/// "10 minutes", "2 hours", "90 seconds", "1 day" → seconds.
std::optional<std::int64_t> seconds_of(std::string_view text) {
  const auto blank = text.find(' ');
  const auto number = whole_number(text.substr(0, blank));
  if (!number || *number < 0 || *number > kSecondsPerDay * 366 || blank == std::string_view::npos) return std::nullopt;
  std::string unit(trim(text.substr(blank)));
  if (unit.ends_with('s')) unit.pop_back();
  for (const auto& [name, seconds] : std::initializer_list<std::pair<std::string_view, std::int64_t>>{
           {"second", 1}, {"minute", kSecondsPerMinute}, {"hour", kSecondsPerHour}, {"day", kSecondsPerDay}})
    if (unit == name && *number * seconds <= kSecondsPerDay * 366) return *number * seconds;
  return std::nullopt;
}

Result<Overlap> read_overlap(const YamlNode& node) {
  VIGIE_TRY(const std::string text, node.as_text());
  if (const auto number = whole_number(text); number && *number >= 0) return Overlap{*number, false};
  if (const auto seconds = seconds_of(text)) return Overlap{*seconds, true};
  return node.error("source.value", fmt::format("\"{}\" is no overlap", text),
                    "write \"10 minutes\" where the cursor is a time, and a whole number where it is one");
}

/// An address would hold the password as well.
Result<std::string> plain_text(const YamlNode& root, std::string_view key) {
  const YamlNode* node = root.find(key);
  if (node == nullptr) return std::string();
  VIGIE_TRY(std::string text, node->as_text());
  if (text.find("://") != std::string::npos || (key == "host" && text.find('@') != std::string::npos))
    return node->error("secret.form", fmt::format("{} is no address, which would hold a password in clear", key),
                       "say its parts: host, port, database, user, password");
  return text;
}

Result<> read_server(const YamlNode& root, Source& out) {
  VIGIE_CHECK(check_keys(root, out.kind,
                         {"source", "kind", "description", "host", "port", "database", "user", "password", "tls",
                          "longest_minutes", "schedule", "preset", "settings", "maps", "checks"}));
  VIGIE_CHECK(root.require("database"));
  VIGIE_TRY(out.host, plain_text(root, "host"));
  if (out.host.empty()) out.host = "localhost";
  VIGIE_TRY(out.database, plain_text(root, "database"));
  VIGIE_TRY(out.user, plain_text(root, "user"));
  VIGIE_TRY(const std::int64_t port, root.int_or("port", 0));
  if (root.find("port") != nullptr && (port < 1 || port > 65'535))
    return root.find("port")->error("source.value", "a port is a number from 1 to 65535");
  out.port = static_cast<int>(port);
  if (const YamlNode* password = root.find("password")) {
    VIGIE_TRY(out.password, Secret::read(*password));
  }
  if (const YamlNode* tls = root.find("tls")) {
    VIGIE_TRY(out.tls, tls->as_text());
    if (std::ranges::find(kTls, out.tls) == kTls.end())
      return tls->error("source.value", fmt::format("unknown tls \"{}\"", out.tls), suggestion(out.tls, kTls));
  }
  return {};
}

Result<> read_place(const YamlNode& root, std::string_view key, Source& out) {
  VIGIE_TRY(const YamlNode* node, root.require(key));
  VIGIE_TRY(const std::string text, node->as_text());
  if (text.empty()) return node->error("source.value", fmt::format("{} is empty", key));
  out.place = fs::path(text).is_absolute() ? fs::path(text) : out.workspace / text;
  out.place_where = node->where();
  return {};
}

Result<> read_folder(const YamlNode& root, Source& out) {
  VIGIE_CHECK(check_keys(
      root, out.kind,
      {"source", "kind", "description", "folder", "settled", "done", "longest_minutes", "schedule", "maps", "checks"}));
  VIGIE_CHECK(read_place(root, "folder", out));
  if (const YamlNode* settled = root.find("settled")) {
    VIGIE_TRY(const std::string text, settled->as_text());
    const auto seconds = seconds_of(text);
    if (!seconds)
      return settled->error("source.value", fmt::format("\"{}\" is no length of time", text), "write \"2 minutes\"");
    out.settled = std::chrono::seconds(*seconds);
  }
  if (const YamlNode* done = root.find("done")) {
    VIGIE_TRY(out.done, done->as_text());
    if (!out.done.starts_with('.') || out.done.find('/') != std::string::npos)
      return done->error("source.value", fmt::format("\"{}\" is no ending of a file", out.done),
                         "write .done: orders.csv is then whole once orders.csv.done is there");
  }
  return {};
}

Result<> read_location(const YamlNode& root, Source& out) {
  if (is_server(out.kind)) return read_server(root, out);
  if (out.kind == Kind::files) return read_folder(root, out);
  VIGIE_CHECK(check_keys(root, out.kind,
                         {"source", "kind", "description", "file", "longest_minutes", "schedule", "preset", "settings",
                          "maps", "checks"}));
  return read_place(root, "file", out);
}

/// A SELECT; the mark that ends it would end ours.
Result<std::string> query_text(const YamlNode& node) {
  VIGIE_TRY(const std::string text, node.as_text());
  std::string_view query = trim(text);
  while (query.ends_with(';')) query = trim(query.substr(0, query.size() - 1));
  if (query.empty()) return node.error("source.value", "the query is empty");
  return std::string(query);
}

Result<> read_rows(const YamlNode& node, Feed& out) {
  const YamlNode *table = node.find("table"), *query = node.find("query");
  if ((table == nullptr) == (query == nullptr))
    return node.error("source.rows", "a map of a source reads a `table` or a `query`: say one of them");
  out.rows_where = (table != nullptr ? table : query)->where();
  if (query != nullptr) {
    VIGIE_TRY(out.query, query_text(*query));
    return {};
  }
  VIGIE_TRY(out.table, table->as_text());
  if (out.table.empty()) return table->error("source.value", "the table has no name");
  return {};
}

Result<> read_cursor(const YamlNode& node, Feed& out) {
  const YamlNode* cursor = node.find("cursor");
  const YamlNode* mode = node.find("mode");
  if (mode != nullptr) {
    VIGIE_TRY(const std::string text, mode->as_text());
    if (text != "cursor" && text != "snapshot")
      return mode->error("source.value", fmt::format("unknown mode \"{}\"", text),
                         suggestion(text, std::vector<std::string>{"cursor", "snapshot"}));
    if ((text == "cursor") != (cursor != nullptr))
      return mode->error("source.mode",
                         text == "cursor" ? "the mode cursor needs the column that tells what is newer"
                                          : "a snapshot is read whole, and by no cursor",
                         text == "cursor" ? "add cursor: updated_at" : "leave the cursor out, or say mode: cursor");
  }
  for (const char* key : {"tie_break", "overlap", "whole"})
    if (const YamlNode* of_cursor = node.find(key); of_cursor != nullptr && cursor == nullptr)
      return of_cursor->error("source.mode", fmt::format("{} is said of a cursor, and there is none", key));
  out.says_snapshot = mode != nullptr && cursor == nullptr;
  if (cursor == nullptr) return {};
  out.mode = Mode::cursor;
  VIGIE_TRY(out.cursor, cursor->as_text());
  out.cursor_where = cursor->where();
  if (const YamlNode* tie = node.find("tie_break")) {
    VIGIE_TRY(out.tie_break, tie->as_text());
    out.tie_where = tie->where();
  }
  if (const YamlNode* overlap = node.find("overlap")) {
    VIGIE_TRY(out.overlap, read_overlap(*overlap));
    out.overlap_where = overlap->where();
  }
  if (const YamlNode* whole = node.find("whole")) {
    VIGIE_TRY(const std::string text, whole->as_text());
    const auto seconds = seconds_of(text);
    if (!seconds || *seconds == 0)
      return whole->error("source.value", fmt::format("\"{}\" is no length of time", text), "write \"1 day\"");
    out.whole = std::chrono::seconds(*seconds);
  }
  return {};
}

}  // namespace

Result<Feed> read_feed(const YamlNode& node, Kind kind, const fs::path& folder) {
  VIGIE_CHECK(
      node.known_keys({"map", "table", "query", "mode", "cursor", "tie_break", "overlap", "whole", "files", "needs"}));
  Feed out;
  VIGIE_TRY(const YamlNode* map, node.require("map"));
  VIGIE_TRY(const std::string path, map->as_text());
  out.where = map->where();
  out.map_file = fs::path(path).is_absolute() ? fs::path(path) : folder / path;
  if (kind == Kind::files) {
    VIGIE_CHECK(check_keys(node, kind, {"map", "files"}));
    VIGIE_TRY(const YamlNode* files, node.require("files"));
    VIGIE_TRY(out.files, files->as_texts());
    out.rows_where = files->where();
    if (out.files.empty()) return files->error("source.value", "no file is named");
    return out;
  }
  VIGIE_CHECK(
      check_keys(node, kind, {"map", "table", "query", "mode", "cursor", "tie_break", "overlap", "whole", "needs"}));
  VIGIE_CHECK(read_rows(node, out));
  VIGIE_CHECK(read_cursor(node, out));
  if (const YamlNode* needs = node.find("needs")) {
    VIGIE_TRY(out.needs, needs->as_texts());
  }
  return out;
}

namespace {

/// A name is one of those that ship with the program; what holds a / is a folder, of the workspace unless it says more.
fs::path preset_folder(const std::string& text, const Source& source, const fs::path& presets) {
  if (text.find('/') == std::string::npos) return presets / text;
  return fs::path(text).is_absolute() ? fs::path(text) : source.workspace / text;
}

std::vector<std::string> presets_in(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code ignored;
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored))
    if (fs::exists(at->path() / "source.yaml", ignored)) out.push_back(at->path().filename().string());
  std::ranges::sort(out);
  return out;
}

Result<> read_preset(const YamlNode& root, const fs::path& presets, Source& out) {
  const YamlNode* node = root.find("preset");
  const YamlNode* settings = root.find("settings");
  if (node == nullptr) {
    if (settings == nullptr) return {};
    return settings->error("source.option", "settings are those of a preset, and there is none");
  }
  VIGIE_TRY(const std::string text, node->as_text());
  const fs::path folder = preset_folder(text, out, presets);
  std::error_code ignored;
  if (!fs::exists(folder / "source.yaml", ignored)) {
    if (fs::exists(folder / "preset.yaml", ignored))
      return node->error("preset.unknown", fmt::format("the preset {} is of files, not of a database", text),
                         fmt::format("vigie import --preset {} takes them", text));
    return node->error("preset.unknown", fmt::format("no preset of a database \"{}\"", text),
                       suggestion(text, presets_in(presets)));
  }
  VIGIE_TRY(DatabasePreset preset, DatabasePreset::load(folder, settings));
  if (std::ranges::find(preset.kinds, out.kind) == preset.kinds.end()) {
    std::vector<std::string> kinds;
    for (const Kind kind : preset.kinds) kinds.emplace_back(name_of(kind));
    return node->error("preset.kind", fmt::format("the preset {} reads {}, and this source is of kind {}", text,
                                                  join(kinds, ", "), name_of(out.kind)));
  }
  out.feeds = preset.feeds;
  out.preset = std::make_shared<const DatabasePreset>(std::move(preset));
  return {};
}

Result<> read_feeds(const YamlNode& root, Source& out) {
  if (out.preset && root.find("maps") == nullptr) return {};
  VIGIE_TRY(const YamlNode* maps, root.require("maps"));
  if (maps->kind() != YamlNode::Kind::sequence || maps->items().empty())
    return maps->error("source.maps", "maps is a list: each entry names a map, and the rows that it reads",
                       "write - map: maps/orders.yaml, and under it table: orders");
  for (const YamlNode& item : maps->items()) {
    VIGIE_TRY(Feed feed, read_feed(item, out.kind, out.workspace));
    if (!feed.needs.empty())
      return item.find("needs")->error("source.option", "needs is said of a preset's tables, in the preset");
    for (const Feed& other : out.feeds)
      if (other.map_file == feed.map_file)
        return fail(ErrorKind::usage, "source.maps",
                    fmt::format("the map {} is named twice", feed.map_file.filename().string()), feed.where,
                    "join both in one query, or copy the map under another id");
    out.feeds.push_back(std::move(feed));
  }
  return {};
}

/// What they say is read with their maps, which know the columns.
Result<> read_checks(const YamlNode& root, Source& out) {
  const YamlNode* list = root.find("checks");
  if (list == nullptr) return {};
  if (list->kind() != YamlNode::Kind::sequence)
    return list->error("source.checks", "checks is a list: each entry names a map of the source, and what is expected",
                       "write - map: orders, and under it not_null: customer_key");
  for (const YamlNode& entry : list->items()) {
    const YamlNode* map = entry.find("map");
    if (map == nullptr)
      return entry.error("source.checks", "nothing says of which map of the source this check is",
                         "add map: and the id of that map");
    VIGIE_CHECK(map->as_text());
    out.checks.push_back(entry);
  }
  return {};
}

/// Those that the source says of the rows of a map.
Result<> add_checks(const Source& source, const model::Model& model, const std::string& time_zone, ingest::Map& map) {
  for (const YamlNode& entry : source.checks) {
    VIGIE_TRY(const std::string named, entry.text("map"));
    if (named != map.id) continue;
    VIGIE_TRY(checks::Check check, checks::read_check(entry, map.subject(model), {"map"}));
    VIGIE_CHECK(ingest::check_control(check, model, *map.table, time_zone));
    map.checks.push_back(std::move(check));
  }
  return checks::check_names(map.checks);
}

Result<> read_times(const YamlNode& root, Source& out) {
  VIGIE_TRY(const std::int64_t longest, root.int_or("longest_minutes", out.longest.count()));
  if (longest < 1 || longest > 1440)
    return root.find("longest_minutes")->error("source.value", "longest_minutes is from 1 to 1440: a day");
  out.longest = std::chrono::minutes(longest);
  const YamlNode* schedule = root.find("schedule");
  if (schedule == nullptr) return {};
  VIGIE_TRY(const std::string text, schedule->as_text());
  auto parsed = Schedule::parse(text);
  if (!parsed) return schedule->error(parsed.error().code, parsed.error().message, parsed.error().hint);
  out.schedule = std::move(*parsed);
  return {};
}

}  // namespace

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::files: return "files";
    case Kind::sqlite: return "sqlite";
    case Kind::postgres: return "postgres";
    case Kind::mysql: return "mysql";
  }
  return "";
}

std::string Feed::digest() const {
  return text_digest(fmt::format("{}\n{}\n{}\n{}", table, query, cursor, tie_break)).substr(0, 16);
}

std::string Source::digest() const {
  // A workspace that moves takes along what it holds.
  const fs::path within = place.lexically_relative(workspace);
  const bool is_within = !within.empty() && *within.begin() != "..";
  return text_digest(fmt::format("{}\n{}\n{}\n{}\n{}", name_of(kind), (is_within ? within : place).string(), host, port,
                                 database))
      .substr(0, 16);
}

Result<Source> Source::parse(std::string_view text, const std::string& shown_as, const fs::path& workspace,
                             const fs::path& presets) {
  VIGIE_TRY(const YamlNode root, YamlNode::parse(text, shown_as));
  VIGIE_CHECK(root.known_keys({"source", "kind", "description", "folder", "settled", "done", "file", "host", "port",
                               "database", "user", "password", "tls", "longest_minutes", "schedule", "preset",
                               "settings", "maps", "checks"}));
  Source out;
  out.workspace = workspace;
  out.where = root.where();
  VIGIE_TRY(out.id, source_id(root));
  VIGIE_TRY(out.kind, read_kind(root));
  VIGIE_CHECK(read_location(root, out));
  VIGIE_CHECK(read_times(root, out));
  VIGIE_CHECK(read_preset(root, presets, out));
  VIGIE_CHECK(read_feeds(root, out));
  VIGIE_CHECK(read_checks(root, out));
  return out;
}

Result<Source> Source::load(const fs::path& file, const fs::path& workspace, const fs::path& presets) {
  const auto text = bytes_of(file);
  if (!text)
    return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read the source {}", file.string()), {},
                "check the path and the rights on it");
  VIGIE_TRY(Source out, parse(*text, (file.parent_path().filename() / file.filename()).string(), workspace, presets));
  out.file = file;
  return out;
}

Result<> check_names_of_maps(const Source& source, const std::vector<std::string>& maps) {
  for (const YamlNode& entry : source.checks) {
    VIGIE_TRY(const std::string named, entry.text("map"));
    if (std::ranges::find(maps, named) == maps.end())
      return entry.find("map")->error("source.checks", fmt::format("the source {} has no map \"{}\"", source.id, named),
                                      suggestion(named, maps));
  }
  return {};
}

Result<ingest::Map> map_of(const Source& source, const Feed& feed, const model::Model& model,
                           const std::string& time_zone) {
  auto map = ingest::Map::load(feed.map_file, model, time_zone);
  if (!map) {
    Error error = map.error();
    if (!error.where.known()) error.where = feed.where;
    return std::unexpected(std::move(error));
  }
  VIGIE_CHECK(add_checks(source, model, time_zone, *map));
  const auto refuse = [&](std::string message, std::string hint) {
    return fail(ErrorKind::usage, "source.mode", std::move(message), feed.where, std::move(hint));
  };
  const bool snapshot = map->mode == ingest::Mode::snapshot || map->mode == ingest::Mode::snapshot_of_dates;
  if (source.kind == Kind::files) return map;
  if (map->inputs.size() != 1)
    return refuse(
        fmt::format("the map {} has {} inputs, and a source gives the rows of one", map->id, map->inputs.size()),
        "join the tables in the query of the source, and read them in the map with `input`");
  if (map->keyed_by_row())
    return refuse(fmt::format("the map {} has no key: a row that comes again would count twice", map->id),
                  "name the columns that tell one row from another in the map: key: id");
  if (feed.says_snapshot && !snapshot)
    return refuse(
        fmt::format("the map {} is of mode {}: what a snapshot lacks would stay", map->id, ingest::name_of(map->mode)),
        "say mode: snapshot in the map, where deletions are checked, or leave it out here");
  if (feed.mode == Mode::cursor && snapshot && !feed.whole)
    return refuse(fmt::format("the map {} is of snapshots, and a cursor brings what is new alone: all else would be "
                              "deleted",
                              map->id),
                  "say mode: upsert in the map, or read the whole table now and then: whole: 1 day");
  if (feed.whole && map->mode != ingest::Mode::snapshot)
    return refuse(fmt::format("the map {} is of mode {}: reading all rows now and then deletes none of those that are "
                              "gone",
                              map->id, ingest::name_of(map->mode)),
                  "say mode: snapshot in the map, or leave `whole` out");
  return map;
}

}  // namespace vigie::sources

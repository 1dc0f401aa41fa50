#include "ingest/map.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "calendar/zone.h"
#include "expr/quantity.h"
#include "ingest/held_checks.h"
#include "ingest/map_reader.h"
#include "model/currency.h"

namespace vigie::ingest {
namespace {

Result<std::string> identifier(const YamlNode& root, std::string_view key) {
  VIGIE_TRY(const YamlNode* node, root.require(key));
  VIGIE_TRY(std::string text, node->as_text());
  if (text.empty() || text.size() > 60 ||
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-.") != std::string::npos)
    return node->error("map.value", fmt::format("\"{}\" cannot be a {}", text, key),
                       "at most 60 of a-z, 0-9, _ - and .");
  return text;
}

Result<std::string> read_currency(const YamlNode& node) {
  VIGIE_TRY(std::string text, node.as_text());
  if (!expr::looks_like_currency(text))
    return node.error("map.currency", fmt::format("\"{}\" is not a currency", text), model::currency_hint(text));
  return text;
}

/// A snapshot of dates needs dates: those of the table's time, in the file.
Result<> check_dates(const YamlNode& mode, const Map& map) {
  const std::string& time = map.table->time;
  if (time.empty())
    return mode.error("map.mode",
                      fmt::format("the rows of {} have no date that a snapshot of dates could go by", map.table->name),
                      "mode: snapshot where the file holds all of them, else upsert");
  if (map.find(time) == nullptr)
    return mode.error("map.mode", fmt::format("a snapshot of dates goes by {}, which this map does not bring", time),
                      fmt::format("add \"{}: NAME_OF_INPUT_COLUMN\" to its columns", time));
  return {};
}

Result<Mode> read_mode(const YamlNode& root, const Map& map) {
  const bool keyed = !map.keyed_by_row();
  const YamlNode* node = root.find("mode");
  if (node == nullptr) return keyed ? Mode::upsert : Mode::append;
  VIGIE_TRY(const std::string text, node->as_text());
  for (const Mode mode : {Mode::upsert, Mode::append, Mode::snapshot, Mode::snapshot_of_dates}) {
    if (name_of(mode) != text) continue;
    // Rows known by file and row number are all new in the next export, and all missing from it.
    if (!keyed && (mode == Mode::snapshot || mode == Mode::snapshot_of_dates))
      return node->error("map.mode",
                         "without a key, a snapshot cannot tell which rows are new: each export would count all of its "
                         "rows again",
                         "name the columns that tell one row from another, such as key: [day, channel, campaign]");
    if (mode == Mode::snapshot_of_dates) VIGIE_CHECK(check_dates(*node, map));
    return mode;
  }
  return node->error("map.mode", fmt::format("unknown mode \"{}\"", text),
                     suggestion(text, std::vector<std::string>{"upsert", "append", "snapshot", "snapshot_of_dates"}));
}

/// A bare date is complete to the end of that day in the map's zone.
Result<std::optional<Instant>> read_complete_until(const YamlNode& root, const DateFormat& defaults) {
  const YamlNode* node = root.find("complete_until");
  if (node == nullptr) return std::nullopt;
  VIGIE_TRY(const std::string text, node->as_text());
  DateFormat iso;
  const Moment moment = read_moment(text, iso);
  if (moment.fault != Fault::none)
    return node->error("map.value", fmt::format("\"{}\" is not a date or an instant", text),
                       "write 2025-06-30 (complete to the end of that day) or 2025-06-30T18:00:00");
  VIGIE_TRY(const auto zone, calendar::Zone::find(defaults.zone));
  if (!moment.has_time) return zone->start_of(moment.day + 1);
  const std::int64_t local = moment.day.days * kMicrosPerDay + moment.micros_of_day;
  if (moment.offset_minutes) return Instant{local - *moment.offset_minutes * 60 * kMicrosPerSecond};
  return zone->from_local(local);
}

Result<> read_query_limit(const YamlNode& root, Map& out) {
  const YamlNode* node = root.find("query_minutes");
  if (node == nullptr) return {};
  VIGIE_TRY(const double minutes, node->as_double());
  constexpr double kMost = 24 * 60;
  if (!(minutes > 0) || minutes > kMost)
    return node->error("map.option", "query_minutes is above 0, and at most 1440: a day");
  out.query_limit =
      std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double, std::ratio<60>>(minutes));
  return {};
}

Result<> read_inputs(const YamlNode& root, Map& out) {
  const YamlNode* one = root.find("input");
  const YamlNode* many = root.find("inputs");
  const YamlNode* query = root.find("query");
  if ((one != nullptr) == (many != nullptr))
    return root.error("map.input", "a map needs `input` (one kind of file) or `inputs` with a `query`");
  if ((many != nullptr) != (query != nullptr)) {
    const YamlNode* at = many != nullptr ? many : query;
    return at->error("map.input", many != nullptr ? "`inputs` needs a `query` that joins them"
                                                  : "a `query` reads `inputs` by their names: name them there");
  }
  if (const YamlNode* limit = root.find("query_minutes"); limit != nullptr && query == nullptr)
    return limit->error("map.option", "query_minutes is how long the query may take: there is no `query`");
  if (one != nullptr) {
    VIGIE_TRY(Input input, read_input(*one, ""));
    out.inputs.push_back(std::move(input));
    return {};
  }
  if (many->kind() != YamlNode::Kind::mapping || many->entries().empty())
    return many->error("map.input", "inputs is a mapping: name → file");
  for (const auto& [name, spec] : many->entries()) {
    VIGIE_TRY(std::string id, name.as_text());
    if (id.empty() || id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
      return name.error("map.input", fmt::format("\"{}\" cannot be the name of an input", id), "a-z, 0-9 and _");
    VIGIE_TRY(Input input, read_input(spec, std::move(id)));
    out.inputs.push_back(std::move(input));
  }
  VIGIE_TRY(out.query, query->as_text());
  out.query_where = query->where();
  VIGIE_CHECK(read_query_limit(root, out));
  return {};
}

/// What the rows cannot do without.
Result<> check_complete(const YamlNode& columns, const Map& map) {
  const auto missing = [&](std::string_view name, std::string_view meaning) {
    return columns.error(
        "map.missing_column", fmt::format("{} needs the column \"{}\" ({})", map.table->name, name, meaning),
        fmt::format("add \"{}: NAME_OF_INPUT_COLUMN\", or {}: {{value: …}} for a constant", name, name));
  };
  if (map.key.empty() && !map.table->key.empty() && map.table->key.front() == "key")
    return columns.error("map.missing_column",
                         fmt::format("{} needs a key: the input columns that name one row", map.table->name),
                         "add \"key: NAME_OF_INPUT_COLUMN\", or key: [a, b] when it takes several");
  for (const model::Column& column : map.table->columns)
    if (column.required && column.fallback.empty() && column.name != "currency" && map.find(column.name) == nullptr)
      return missing(column.name, column.meaning.en.empty() ? model::name_of(column.type) : column.meaning.en);
  return {};
}

/// What is hashed for one column would stand in clear beside it, were it read so for another.
Result<> check_privacy(const YamlNode& columns, const Map& map) {
  const auto clash = [&](const YamlNode& at, const Named& name, std::string_view column) {
    return at.error("map.privacy",
                    fmt::format("\"{}\" is hashed for another column, and {} reads it in clear", name.name, column),
                    "say privacy: hash here too, or leave this column out");
  };
  for (const auto& [name, spec] : columns.entries()) {
    VIGIE_TRY(const std::string text, name.as_text());
    if (text == "key" && !map.hashes_key)
      for (const Named& one : map.key)
        if (map.is_hashed(one.name)) return clash(name, one, "key");
    const ColumnMap* column = map.find(text);
    if (column == nullptr || column->privacy == Protection::hash) continue;
    for (const std::vector<Named>* names : {&column->from, &column->join})
      for (const Named& one : *names)
        if (map.is_hashed(one.name)) return clash(name, one, column->name);
  }
  return {};
}

Result<> read_columns(const YamlNode& root, const model::Model& model, const MapDefaults& defaults, Map& out) {
  VIGIE_TRY(const YamlNode* columns, root.require("columns"));
  if (columns->kind() != YamlNode::Kind::mapping || columns->entries().empty())
    return columns->error("map.missing_column", "columns is a mapping: column of the model → column of the input");
  const ColumnReader reader(model, *out.table, defaults);
  for (const auto& [name, spec] : columns->entries()) {
    VIGIE_TRY(const std::string text, name.as_text());
    if (text == "key") {
      const YamlNode* names = &spec;
      if (spec.kind() == YamlNode::Kind::mapping) {
        VIGIE_CHECK(spec.known_keys({"join", "from", "privacy"}));
        VIGIE_TRY(const Protection privacy, ColumnReader::read_privacy(spec));
        if (privacy == Protection::personal)
          return spec.find("privacy")->error("map.option", "a key is hashed, or it stands in clear: privacy: hash",
                                             "an erasure gives the person another key, whatever the map says");
        out.hashes_key = privacy == Protection::hash;
        names = spec.find("join") != nullptr ? spec.find("join") : spec.find("from");
        if (names == nullptr) return spec.error("map.missing_column", "key names no input column");
      }
      VIGIE_TRY(out.key, ColumnReader::read_names(*names));
      continue;
    }
    VIGIE_TRY(ColumnMap column, reader.read(name, spec));
    if (column.source.empty()) column.source = out.source;
    out.columns.push_back(std::move(column));
  }
  VIGIE_CHECK(check_privacy(*columns, out));
  return check_complete(*columns, out);
}

Result<bool> reads_stages_from_syncs(const YamlNode& root, const Map& map) {
  const YamlNode* changes = root.find("stage_changes");
  if (changes == nullptr) return false;
  VIGIE_TRY(const std::string word, changes->as_text());
  if (word != "from_syncs")
    return changes->error("map.option", fmt::format("\"{}\" is no way to know stage changes", word),
                          "stage_changes: from_syncs takes what differs from one import to the next; a log of changes "
                          "has a map of its own, for opportunity_stage_changes");
  if (map.table->name != "opportunities" || map.find("stage_key") == nullptr || map.mode == Mode::append)
    return changes->error(
        "map.option", "stage changes are seen in maps of opportunities that bring their stage_key",
        "leave stage_changes out, or map stage_key (and not with mode: append, which changes nothing)");
  return true;
}

/// What is expected of the rows.
Result<> read_checks_of(const YamlNode& root, const model::Model& model, const std::string& time_zone, Map& out) {
  const YamlNode* list = root.find("checks");
  if (list == nullptr) return {};
  VIGIE_TRY(out.checks, checks::read_checks(*list, out.subject(model)));
  for (const checks::Check& check : out.checks) VIGIE_CHECK(check_control(check, model, *out.table, time_zone));
  return {};
}

/// What is said of a column or of the input, and stands at the top of the map: where it belongs is told.
Result<> refuse_misplaced(const YamlNode& root) {
  static const std::set<std::string_view> kOfColumns{"from", "join", "value",  "values",     "else",     "default",
                                                     "when", "as",   "factor", "magnitudes", "plus_days"};
  static const std::set<std::string_view> kOfInput{"files",  "format", "delimiter",  "quote",       "encoding",
                                                   "header", "skip",   "short_rows", "null_values", "from_source"};
  if (root.kind() != YamlNode::Kind::mapping) return {};
  for (const auto& [name, value] : root.entries()) {
    VIGIE_TRY(const std::string key, name.as_text());
    if (kOfColumns.contains(key))
      return name.error("yaml.unknown_key", fmt::format("\"{}\" is said of a column, not of a whole map", key),
                        "write it under columns, in the entry of that column, beside its from");
    if (kOfInput.contains(key))
      return name.error("yaml.unknown_key", fmt::format("\"{}\" is said of an input, not of a whole map", key),
                        "write it under input, beside files");
  }
  return {};
}

}  // namespace

std::string_view name_of(Mode mode) {
  switch (mode) {
    case Mode::upsert: return "upsert";
    case Mode::append: return "append";
    case Mode::snapshot: return "snapshot";
    case Mode::snapshot_of_dates: return "snapshot_of_dates";
  }
  return "";
}

bool Map::is_hashed(std::string_view input_column) const {
  const auto names_it = [&](const std::vector<Named>& names) {
    return std::ranges::find(names, input_column, &Named::name) != names.end();
  };
  return (hashes_key && names_it(key)) || std::ranges::any_of(columns, [&](const ColumnMap& column) {
           return column.privacy == Protection::hash && (names_it(column.from) || names_it(column.join));
         });
}

bool Map::hashes() const {
  return hashes_key || std::ranges::find(columns, Protection::hash, &ColumnMap::privacy) != columns.end();
}

const ColumnMap* Map::find(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &ColumnMap::name);
  return found == columns.end() ? nullptr : &*found;
}

checks::Subject Map::subject(const model::Model& model) const {
  checks::Subject out{model, *table, {}};
  for (const ColumnMap& column : columns)
    if (column.column == nullptr) out.attributes.push_back({table->name, column.name, column.attribute});
  return out;
}

Result<Map> Map::parse(std::string_view text, const std::string& shown_as, const model::Model& model,
                       const std::string& time_zone) {
  VIGIE_TRY(const YamlNode root, YamlNode::parse(text, shown_as));
  VIGIE_CHECK(refuse_misplaced(root));
  VIGIE_CHECK(root.known_keys({"map",         "description", "source",        "table",          "input",
                               "inputs",      "query",       "query_minutes", "time_zone",      "currency",
                               "decimal",     "thousands",   "symbols",       "parentheses",    "round",
                               "date_format", "year_pivot",  "mode",          "complete_until", "history_complete",
                               "max_deleted", "filter",      "columns",       "stage_changes",  "checks"}));
  Map out;
  out.digest = text_digest(text);
  out.where = root.where();
  VIGIE_TRY(out.id, identifier(root, "map"));
  VIGIE_TRY(out.source, identifier(root, "source"));
  VIGIE_TRY(const YamlNode* table, root.require("table"));
  out.table_where = table->where();
  VIGIE_TRY(const std::string table_name, table->as_text());
  out.table = model.table(table_name);
  if (out.table == nullptr) {
    const std::vector<std::string> known = model.table_names();
    const std::string hint = suggestion(table_name, known);
    return table->error("map.unknown_table", fmt::format("unknown table \"{}\"", table_name),
                        hint.empty() ? "known: " + join(known, ", ") : hint);
  }
  VIGIE_CHECK(read_inputs(root, out));

  MapDefaults defaults;
  defaults.date.zone = time_zone;
  VIGIE_CHECK(read_number_options(root, defaults.number));
  VIGIE_CHECK(read_date_options(root, defaults.date));
  if (const YamlNode* currency = root.find("currency")) {
    VIGIE_TRY(out.currency, read_currency(*currency));
  }
  VIGIE_TRY(out.complete_until, read_complete_until(root, defaults.date));
  VIGIE_TRY(out.history_complete, root.bool_or("history_complete", false));
  if (const YamlNode* share = root.find("max_deleted")) {
    VIGIE_TRY(out.max_deleted, share->as_double());
    if (out.max_deleted < 0 || out.max_deleted > 1)
      return share->error("map.option", "max_deleted is a share from 0 to 1 of the rows that this map brought before");
  }
  if (const YamlNode* filter = root.find("filter")) {
    VIGIE_TRY(out.filter, filter->as_text());
    out.filter_where = filter->where();
  }
  VIGIE_CHECK(read_columns(root, model, defaults, out));
  VIGIE_TRY(out.mode, read_mode(root, out));
  VIGIE_TRY(out.stages_from_syncs, reads_stages_from_syncs(root, out));
  VIGIE_CHECK(read_checks_of(root, model, time_zone, out));
  return out;
}

Result<Map> Map::load(const std::filesystem::path& file, const model::Model& model, const std::string& time_zone) {
  const auto text = bytes_of(file);
  if (!text)
    return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read the map {}", file.string()), {},
                "check the path and the rights on it");
  VIGIE_TRY(Map out, parse(*text, file.string(), model, time_zone));
  out.file = file;
  return out;
}

}  // namespace vigie::ingest

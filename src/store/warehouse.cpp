#include "store/warehouse.h"

#include <charconv>
#include <map>

#include "base/hash.h"
#include "base/text.h"
#include "store/layout.h"

namespace vigie::store {
namespace {

namespace fs = std::filesystem;

/// The tables that a database has or should have, each with its columns.
using Layout = std::map<std::string, std::vector<PhysicalColumn>>;

Layout wanted_layout(const model::Model& model) {
  Layout layout;
  for (const model::Table& table : model.tables()) {
    layout[table.name] = physical_columns(table);
    if (auto history = history_columns(table); !history.empty()) {
      layout[history_table(table.name)] = std::move(history);
    }
  }
  for (const std::string& space : key_spaces(model)) {
    layout[key_table(space)] = {{"key", "BIGINT"}, {"source", "VARCHAR"}, {"source_key", "VARCHAR"}};
  }
  layout["_meta"] = {{"name", "VARCHAR"}, {"value", "VARCHAR"}};
  layout["_attributes"] = {{"table_name", "VARCHAR"}, {"name", "VARCHAR"}, {"type", "VARCHAR"}};
  return layout;
}

/// The layout in one word: a store that holds it has these tables and columns.
std::string digest_of(const Layout& layout) {
  std::string text;
  for (const auto& [table, columns] : layout) {
    text += table + '\n';
    for (const PhysicalColumn& column : columns) text += column.name + ' ' + column.type + '\n';
  }
  return text_digest(text);
}

Result<Layout> present_layout(Connection& connection) {
  VIGIE_TRY(const ResultSet rows,
            connection.query("SELECT table_name, column_name, data_type FROM duckdb_columns() "
                             "WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal "
                             "ORDER BY table_name, column_index"));
  Layout layout;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    layout[rows.text(row, 0)].push_back({rows.text(row, 1), rows.text(row, 2)});
  }
  return layout;
}

/// What every row has: a row without them was not written by a merge.
bool never_null(std::string_view table, std::string_view column) {
  if (column == "key") return true;
  return !table.starts_with('_') && (column == "source" || column == "source_key" || column == "batch");
}

/// How a column is written, where that is known before its values are: else the engine tries each way it has on every
/// value, which takes a good part of an import. Keys of rows do not repeat, and nothing makes them smaller; numbers,
/// days and truths lie close together. Texts, references to other rows and what stands beside rows without neighbours
/// repeat or not, as the data have it.
std::string_view compression(const PhysicalColumn& column) {
  const std::string_view name = column.name;
  if (name == "key" || name == "source_key") return " USING COMPRESSION uncompressed";
  const bool as_it_comes = column.type == "VARCHAR" || name.ends_with("_key") || name == "prev_at" || name == "next_at";
  return as_it_comes ? "" : " USING COMPRESSION bitpacking";
}

std::string create_statement(const std::string& table, const std::vector<PhysicalColumn>& columns) {
  std::string list;
  for (const PhysicalColumn& column : columns) {
    list += fmt::format("{}{} {}{}{}", list.empty() ? "" : ", ", quote_identifier(column.name), column.type,
                        compression(column), never_null(table, column.name) ? " NOT NULL" : "");
  }
  return fmt::format("CREATE TABLE {} ({});", quote_identifier(table), list);
}

/// What the versions of a table told before they had this column: nothing, so that its rows as they are tell it of all
/// of them, like of rows that never changed.
std::string fill_statement(const std::string& history, const std::string& table, const std::string& column) {
  return fmt::format("UPDATE {0} AS h SET {2} = t.{2} FROM {1} AS t WHERE t.key = h.key;", quote_identifier(history),
                     quote_identifier(table), quote_identifier(column));
}

/// How the versions of a table began, where none of them says so yet: with an import, where they begin at its very
/// microsecond; else by their sources, where the row was told later than that. What began yet to come, or with the
/// import of an `updated_at` that is, is a slip.
std::string infer_statement(const std::string& history, const std::string& table, bool has_batches) {
  const std::string ahead = fmt::format("epoch_us(now()) + {}", kMicrosPerDay);
  const std::string of_slip = fmt::format(
      "h.valid_to IS NULL AND t.updated_at > {} AND h.valid_from IN (SELECT imported_at FROM _batches WHERE batch = "
      "t.batch OR t.deleted_at IS NOT NULL)",
      ahead);
  const std::string imports =
      has_batches ? fmt::format("WHEN {} THEN '{}' WHEN h.valid_from IN (SELECT imported_at FROM _batches) THEN '{}' ",
                                of_slip, kBySlip, kByImport)
                  : std::string();
  return fmt::format(
      "UPDATE {0} AS h SET begun_by = CASE WHEN h.valid_from <= {2} THEN '{5}' WHEN h.valid_from > {3} THEN '{7}' {4}"
      "WHEN h.valid_from <= t.updated_at THEN '{5}' ELSE '{6}' END FROM {1} AS t WHERE t.key = h.key;\n"
      "UPDATE {0} AS h SET ended_by = n.begun_by FROM {0} AS n WHERE n.key = h.key AND n.valid_from = h.valid_to;",
      quote_identifier(history), quote_identifier(table), kBeginning, ahead, imports, kBySource, kByImport, kBySlip);
}

/// Histories by name, each with its table.
std::map<std::string, std::string, std::less<>> histories(const model::Model& model) {
  std::map<std::string, std::string, std::less<>> out;
  for (const model::Table& table : model.tables())
    if (!history_columns(table).empty()) out.emplace(history_table(table.name), table.name);
  return out;
}

/// What is missing from `present`, as statements. Tables come before their histories, and columns before what fills
/// them: the engine alters no table whose rows the same transaction has changed.
Result<std::vector<std::string>> missing(const Layout& present, const model::Model& model) {
  const Layout wanted = wanted_layout(model);
  const auto of_tables = histories(model);
  std::vector<std::string> statements, fills;
  for (const auto& [table, columns] : wanted) {
    const auto found = present.find(table);
    if (found == present.end()) {
      statements.push_back(create_statement(table, columns));
      continue;
    }
    for (const PhysicalColumn& column : columns) {
      const auto known = std::ranges::find(found->second, column.name, &PhysicalColumn::name);
      if (known == found->second.end()) {
        statements.push_back(fmt::format("ALTER TABLE {} ADD COLUMN {} {};", quote_identifier(table),
                                         quote_identifier(column.name), column.type));
        const auto of = of_tables.find(table);
        if (of == of_tables.end() || column.name == "begun_by") continue;
        fills.push_back(column.name == "ended_by" ? infer_statement(table, of->second, present.contains("_batches"))
                                                  : fill_statement(table, of->second, column.name));
      } else if (known->type != column.type) {
        return fail(ErrorKind::data, "store.layout",
                    fmt::format("column {} of table {} in the store is {}, the model needs {}", column.name, table,
                                known->type, column.type),
                    {}, "take the model that the store was made with, or import into a new workspace");
      }
    }
  }
  std::ranges::move(fills, std::back_inserter(statements));
  return statements;
}

std::string run_together(const std::vector<std::string>& statements) {
  std::string sql;
  for (const std::string& statement : statements) sql += statement + "\n";
  return sql;
}

/// The file of the database, empty in memory.
Result<fs::path> file_of(Connection& connection) {
  VIGIE_TRY(const ResultSet rows,
            connection.query("SELECT path FROM duckdb_databases() WHERE database_name = current_database()"));
  return fs::path(rows.rows() == 0 ? "" : rows.text(0, 0));
}

/// A copy of everything beside the file, under a name not taken yet. Made by the engine: a copy of the bytes would need
/// the file closed, and opening it a second time here would drop the process's lock on it.
Result<> back_up(Connection& connection, const fs::path& file) {
  fs::path copy;
  for (int n = 1; copy.empty() || fs::exists(copy); ++n) copy = fmt::format("{}{}{}", file.string(), kBeforeUpgrade, n);
  VIGIE_TRY(const ResultSet name, connection.query("SELECT current_database()"));
  VIGIE_CHECK(connection.execute(fmt::format("ATTACH {} AS before_upgrade", quote_text(copy.string()))));
  const auto copied =
      connection.execute(fmt::format("COPY FROM DATABASE {} TO before_upgrade", quote_identifier(name.text(0, 0))));
  const auto detached = connection.execute("DETACH before_upgrade");
  if (copied) return detached;
  std::error_code failed;
  fs::remove(copy, failed);
  Error error = copied.error();
  error.hint += fmt::format(" (a copy of the store is made beside it before it is upgraded: {})", copy.string());
  return std::unexpected(std::move(error));
}

using Meta = std::map<std::string, std::string, std::less<>>;

Result<Meta> read_meta(Connection& connection) {
  VIGIE_TRY(const ResultSet rows, connection.query("SELECT name, value FROM _meta"));
  Meta out;
  for (std::size_t row = 0; row < rows.rows(); ++row) out[rows.text(row, 0)] = rows.text(row, 1);
  return out;
}

Result<int> format_of(const Meta& known) {
  int format = 0;
  const auto text = known.find("format");
  const bool number =
      text != known.end() &&
      std::from_chars(text->second.data(), text->second.data() + text->second.size(), format).ec == std::errc{};
  if (number) return format;
  return fail(ErrorKind::data, "store.layout", "the store does not say which format it has", {},
              "restore it from a backup");
}

Result<> check_setting(Connection& connection, const Meta& known, std::string_view name, const std::string& wanted,
                       std::string_view consequence) {
  const auto stored = known.find(name);
  if (stored == known.end()) return set_meta(connection, name, wanted);
  if (stored->second == wanted) return {};
  return fail(ErrorKind::usage, "store.settings",
              fmt::format("the store was made with {} {}, the workspace now says {}", name, stored->second, wanted), {},
              fmt::format("{}: put {} back, or import into a new workspace", consequence, stored->second));
}

/// That the store has the layout of this model, looked at as a whole: the next start need not look again.
constexpr std::string_view kLayout = "layout";

Result<> write_settings(Connection& connection, const WarehouseSettings& settings) {
  VIGIE_CHECK(set_meta(connection, "format", std::to_string(kStoreFormat)));
  VIGIE_CHECK(set_meta(connection, "time_zone", settings.time_zone));
  return set_meta(connection, "base_currency", settings.base_currency);
}

Result<> check_meta(Connection& connection, const Meta& known, const WarehouseSettings& settings) {
  VIGIE_TRY(const int format, format_of(known));
  if (format > kStoreFormat) {
    return fail(ErrorKind::unavailable, "store.newer",
                fmt::format("the store has format {}, this version reads up to {}", format, kStoreFormat), {},
                "use the version of Vigie that wrote it, or a later one");
  }
  VIGIE_CHECK(
      check_setting(connection, known, "time_zone", settings.time_zone, "each row's day was told in that zone"));
  return check_setting(connection, known, "base_currency", settings.base_currency,
                       "each amount was converted to that currency");
}

std::string_view name_of(AttributeType type) {
  switch (type) {
    case AttributeType::text: return "text";
    case AttributeType::number: return "number";
    case AttributeType::date: return "date";
  }
  return "text";
}

std::string_view physical_type(AttributeType type) {
  switch (type) {
    case AttributeType::text: return "VARCHAR";
    case AttributeType::number: return "DECIMAL(18,4)";
    case AttributeType::date: return "INTEGER";
  }
  return "VARCHAR";
}

Result<> check_attribute(const model::Table& table, const Attribute& attribute) {
  if (!table.attributes) {
    return fail(ErrorKind::usage, "store.attribute_name",
                fmt::format("{} takes no free attributes, so not {}", table.name, attribute.name));
  }
  if (model::is_attribute(attribute.name) && attribute.name.size() > 2 && is_plain_name(attribute.name)) return {};
  return fail(ErrorKind::usage, "store.attribute_name",
              fmt::format("\"{}\" is not the name of a free attribute", attribute.name), {},
              "x_ and then lower-case letters, digits and underscores");
}

/// What stores of that format say in other words. Stages that were seen came with their deals; those of a log, of
/// whichever origin, in batches of their own.
std::string reword(int format, const Layout& present) {
  if (format >= 3 || !present.contains("opportunity_stage_changes") || !present.contains("_batches")) return {};
  return "UPDATE opportunity_stage_changes SET origin = 'seen' WHERE origin = 'snapshot' AND batch IN (SELECT batch "
         "FROM _batches WHERE table_name = 'opportunities');";
}

}  // namespace

Result<> prepare_warehouse(Database& database, const model::Model& model, const WarehouseSettings& settings) {
  VIGIE_TRY(Connection connection, database.connect());
  const std::string digest = digest_of(wanted_layout(model));
  const auto known = read_meta(connection);  // fails where there is no such table: a new file, or somebody else's
  if (known) {
    VIGIE_CHECK(check_meta(connection, *known, settings));
    const auto layout = known->find(kLayout);
    VIGIE_TRY(const int format, format_of(*known));
    if (format == kStoreFormat && layout != known->end() && layout->second == digest) return {};
  }
  VIGIE_TRY(const Layout present, present_layout(connection));
  VIGIE_TRY(const std::vector<std::string> statements, missing(present, model));
  if (present.empty()) {
    return connection.transaction([&]() -> Result<> {
      VIGIE_CHECK(connection.execute(run_together(statements)));
      VIGIE_CHECK(write_settings(connection, settings));
      return set_meta(connection, kLayout, digest);
    });
  }
  if (!present.contains("_meta")) {
    return fail(ErrorKind::data, "store.layout", "the file holds tables, but is no store of Vigie's", {},
                "name another file for the store");
  }
  if (!known) return std::unexpected(known.error());
  VIGIE_TRY(const int format, format_of(*known));
  if (!statements.empty() || format != kStoreFormat) {
    VIGIE_TRY(const fs::path file, file_of(connection));
    if (!file.empty()) VIGIE_CHECK(back_up(connection, file));
  }
  return connection.transaction([&]() -> Result<> {
    if (!statements.empty()) VIGIE_CHECK(connection.execute(run_together(statements)));
    if (const std::string words = reword(format, present); !words.empty()) VIGIE_CHECK(connection.execute(words));
    // What was counted of the store as it was.
    VIGIE_CHECK(connection.execute("DROP TABLE IF EXISTS _remembered"));
    VIGIE_CHECK(set_meta(connection, "format", std::to_string(kStoreFormat)));
    return set_meta(connection, kLayout, digest);
  });
}

Result<> check_warehouse(Database& database, const model::Model& model, const WarehouseSettings& settings) {
  VIGIE_TRY(Connection connection, database.connect());
  VIGIE_TRY(const Meta known, read_meta(connection));
  VIGIE_CHECK(check_meta(connection, known, settings));
  VIGIE_TRY(const int format, format_of(known));
  const auto layout = known.find(kLayout);
  if (format == kStoreFormat && layout != known.end() && layout->second == digest_of(wanted_layout(model))) return {};
  return fail(ErrorKind::unavailable, "store.layout",
              "the store has the layout of an earlier version, and can only be read", {},
              "open it once where it can be written: vigie check -w FOLDER");
}

Result<> check_layout(Connection& connection, const model::Model& model) {
  VIGIE_TRY(const Layout present, present_layout(connection));
  const Layout wanted = wanted_layout(model);
  VIGIE_CHECK(missing(present, model));  // columns of another type
  const auto lacks = [](const std::string& what) {
    return fail(ErrorKind::data, "store.layout", fmt::format("the store has lost its {}", what), {},
                "restore it from a backup, or import into a new workspace");
  };
  for (const auto& [table, columns] : wanted) {
    const auto found = present.find(table);
    if (found == present.end()) return lacks(fmt::format("table {}", table));
    for (const PhysicalColumn& column : columns)
      if (std::ranges::find(found->second, column.name, &PhysicalColumn::name) == found->second.end())
        return lacks(fmt::format("column {} of table {}", column.name, table));
  }
  return {};
}

Result<std::vector<Attribute>> attributes(Connection& connection) {
  VIGIE_TRY(const ResultSet rows,
            connection.query("SELECT table_name, name, type FROM _attributes ORDER BY table_name, name"));
  std::vector<Attribute> all;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    Attribute attribute{rows.text(row, 0), rows.text(row, 1), AttributeType::text};
    for (const AttributeType type : {AttributeType::number, AttributeType::date}) {
      if (rows.text(row, 2) == name_of(type)) attribute.type = type;
    }
    all.push_back(std::move(attribute));
  }
  return all;
}

Result<> add_attribute(Connection& connection, const model::Table& table, const Attribute& attribute) {
  VIGIE_CHECK(check_attribute(table, attribute));
  VIGIE_TRY(const std::vector<Attribute> known, attributes(connection));
  for (const Attribute& one : known) {
    if (one.table != table.name || one.name != attribute.name) continue;
    if (one.type == attribute.type) return {};
    return fail(ErrorKind::usage, "store.attribute_type",
                fmt::format("{} of {} is a {} already, and cannot be a {} too", one.name, table.name, name_of(one.type),
                            name_of(attribute.type)),
                {}, "give it another name, or the same type in each map");
  }
  return connection.execute(fmt::format("ALTER TABLE {} ADD COLUMN {} {}; INSERT INTO _attributes VALUES ({}, {}, {})",
                                        quote_identifier(table.name), quote_identifier(attribute.name),
                                        physical_type(attribute.type), quote_text(table.name),
                                        quote_text(attribute.name), quote_text(name_of(attribute.type))));
}

Result<std::optional<std::string>> meta(Connection& connection, std::string_view name) {
  VIGIE_TRY(const ResultSet rows,
            connection.query(fmt::format("SELECT value FROM _meta WHERE name = {}", quote_text(name))));
  if (rows.rows() == 0) return std::nullopt;
  return rows.text(0, 0);
}

Result<> set_meta(Connection& connection, std::string_view name, std::string_view value) {
  VIGIE_TRY(const std::int64_t changed,
            connection.execute_count(
                fmt::format("UPDATE _meta SET value = {} WHERE name = {}", quote_text(value), quote_text(name))));
  if (changed > 0) return {};
  return connection.execute(fmt::format("INSERT INTO _meta VALUES ({}, {})", quote_text(name), quote_text(value)));
}

}  // namespace vigie::store

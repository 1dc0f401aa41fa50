#include "propose/preview.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "expr/check.h"
#include "ingest/functions.h"
#include "ingest/map_reader.h"
#include "propose/map_text.h"
#include "store/print_rel.h"

namespace vigie::propose {
namespace {

std::string number_as_read(std::string_view text, const ingest::NumberFormat& format, model::ColumnType type) {
  const int scale = type == model::ColumnType::rate ? 8 : type == model::ColumnType::integer ? 0 : 4;
  const ingest::Units units = ingest::read_number(text, format, scale);
  if (units.fault != ingest::Fault::none) return fmt::format("? {}", text);
  std::string shown = Decimal(units.value, scale).to_string();
  if (const auto dot = shown.find('.'); dot != std::string::npos) {
    while (shown.ends_with('0')) shown.pop_back();
    if (shown.ends_with('.')) shown.pop_back();
  }
  return shown;
}

std::string date_as_read(std::string_view text, const ingest::DateFormat& format) {
  const ingest::Moment moment = ingest::read_moment(text, format);
  if (moment.fault != ingest::Fault::none) return fmt::format("? {}", text);
  const auto day = civil(moment.day);
  std::string out = fmt::format("{:04}-{:02}-{:02}", day.year, day.month, day.day);
  if (!moment.has_time) return out;
  const std::int64_t seconds = moment.micros_of_day / kMicrosPerSecond;
  return out + fmt::format(" {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string as_read(const ingest::ColumnMap& column, std::string text) {
  text = std::string(trim(text));
  if (std::ranges::find(column.null_values, text) != column.null_values.end()) text.clear();
  if (text.empty() && column.fallback) text = *column.fallback;
  if (text.empty()) return "";
  if (!column.values.empty()) {
    const auto found = std::ranges::find(column.values, text, [](const auto& pair) { return pair.first; });
    if (found != column.values.end()) return found->second;
    if (column.otherwise == ingest::Otherwise::refuse) return fmt::format("? {}", text);
    if (column.otherwise == ingest::Otherwise::null) return "";
    return column.otherwise == ingest::Otherwise::constant ? column.otherwise_value : text;
  }
  const model::ColumnType type = ingest::type_of(column);
  if (model::is_number(type)) return number_as_read(text, column.number, type);
  if (model::is_time(type)) return date_as_read(text, column.date);
  return text;
}

/// Rows of texts: of the file, or of a map's query over them.
struct Rows {
  std::vector<std::string> names;
  std::vector<bool> typed;  ///< numbers and days of a query are written as the program writes them
  std::vector<std::vector<std::string>> rows;
  std::vector<std::vector<bool>> holds;  ///< of each row, whether the condition of each column of the map does
};

constexpr std::size_t kShown = 5;

bool has_conditions(const ingest::Map& map) {
  return !map.filter.empty() ||
         std::ranges::any_of(map.columns, [](const ingest::ColumnMap& one) { return !one.when.empty(); });
}

/// The columns of the rows, all texts, as a condition sees them.
class RowScope final : public expr::Scope {
 public:
  explicit RowScope(const std::vector<std::string>& names) : names_(names) {}
  std::string subject() const override { return "rows"; }
  std::optional<expr::ColumnInfo> column(std::string_view name) const override {
    if (std::ranges::find(names_, name) == names_.end()) return std::nullopt;
    return expr::ColumnInfo{expr::Type::text, 0};
  }
  std::vector<std::string> column_names() const override { return names_; }
  std::optional<expr::Type> parameter(std::string_view) const override { return std::nullopt; }
  std::vector<std::string> parameter_names() const override { return {}; }

 private:
  const std::vector<std::string>& names_;
};

/// A condition over the columns c0, c1, …
Result<std::string> condition_in_sql(const std::string& text, const std::vector<std::string>& names) {
  if (text.empty()) return std::string("true");
  const RowScope scope(names);
  VIGIE_TRY(const expr::Expr checked, expr::parse_and_check(text, scope, {}, expr::Type::boolean));
  const expr::Expr renamed = expr::map_columns(checked, [&](const expr::Node& node) -> expr::Expr {
    return expr::column(fmt::format("c{}", std::ranges::find(names, node.name) - names.begin()), expr::Type::text);
  });
  return "(" + expr::print_condition(renamed, store::duckdb_dialect()) + ")";
}

/// The first rows of the file as the table that a map's query reads.
Result<> load_first_rows(store::Connection& engine, const std::string& table, const std::vector<std::string>& nothing,
                         const Material& m) {
  std::string columns;
  std::map<std::string, int> seen;  // the engine does not tell "Email" from "email"
  for (const ColumnSketch& column : m.sketch.columns()) {
    const int n = ++seen[lower_ascii(column.name())];
    columns += fmt::format("{}{} VARCHAR", columns.empty() ? "" : ", ",
                           sql_name(n == 1 ? column.name() : fmt::format("{} ({})", column.name(), n)));
  }
  VIGIE_CHECK(engine.execute(fmt::format("CREATE TABLE {} ({})", sql_name(table), columns)));
  std::string values;
  for (const std::vector<std::string>& row : m.sketch.first_rows()) {
    std::string cells;
    for (const std::string& cell : row) {
      const std::string text(trim(cell));
      const bool is_nothing = text.empty() || std::ranges::find(nothing, text) != nothing.end();
      cells += (cells.empty() ? "" : ", ") + (is_nothing ? std::string("NULL") : sql_text(text));
    }
    values += fmt::format("{}({})", values.empty() ? "" : ", ", cells);
  }
  if (values.empty()) return {};
  return engine.execute(fmt::format("INSERT INTO {} VALUES {}", sql_name(table), values));
}

/// The first rows that the map takes, by the engine that runs its query and its conditions.
Result<Rows> rows_by_engine(const ingest::Map& map, const Material& m) {
  VIGIE_TRY(const auto database, store::Database::open({.threads = 1}));
  VIGIE_CHECK(ingest::register_functions(*database));
  VIGIE_TRY(store::Connection engine, database->connect());
  const ingest::Input& input = map.inputs.front();
  const std::string table = input.name.empty() ? std::string(DraftMap::kRows) : input.name;
  VIGIE_CHECK(load_first_rows(engine, table, input.null_values, m));
  VIGIE_CHECK(database->lock_down());
  const std::string query = map.query ? *map.query : "SELECT * FROM " + sql_name(table);
  VIGIE_TRY(const auto columns, engine.describe(query));
  Rows out;
  std::string named, texts;
  for (const auto& [name, type] : columns) {
    const std::size_t i = out.names.size();
    // Names of a file are those that its map knows, whatever the engine calls them.
    out.names.push_back(map.query ? name : m.column(i).name());
    out.typed.push_back(!type.starts_with("VARCHAR"));
    named += fmt::format("{}c{}", i == 0 ? "" : ", ", i);
    texts += fmt::format("{}CAST(c{} AS VARCHAR)", i == 0 ? "" : ", ", i);
  }
  for (const ingest::ColumnMap& column : map.columns) {
    VIGIE_TRY(const std::string holds, condition_in_sql(column.when, out.names));
    texts += fmt::format(", CAST(coalesce({}, false) AS VARCHAR)", holds);
  }
  VIGIE_TRY(const std::string filter, condition_in_sql(map.filter, out.names));
  VIGIE_TRY(const store::ResultSet found, engine.query(fmt::format("SELECT {} FROM ({}) AS t({}) WHERE {} LIMIT {}",
                                                                   texts, query, named, filter, kShown)));
  for (std::size_t row = 0; row < found.rows(); ++row) {
    std::vector<std::string>& cells = out.rows.emplace_back();
    for (std::size_t i = 0; i < out.names.size(); ++i)
      cells.push_back(found.is_null(row, i) ? std::string() : found.text(row, i));
    std::vector<bool>& holds = out.holds.emplace_back();
    for (std::size_t i = 0; i < map.columns.size(); ++i)
      holds.push_back(found.text(row, out.names.size() + i) == "true");
  }
  return out;
}

Rows rows_as_they_are(const ingest::Map& map, const Material& m) {
  Rows out;
  for (const ColumnSketch& column : m.sketch.columns()) out.names.push_back(column.name());
  out.typed.assign(out.names.size(), false);
  for (const std::vector<std::string>& row : m.sketch.first_rows()) {
    if (out.rows.size() == kShown) break;
    out.rows.push_back(row);
    out.holds.emplace_back(map.columns.size(), true);
  }
  return out;
}

/// What stands in one column of the map.
std::string cell_as_read(const ingest::ColumnMap& column, const Rows& rows, const std::vector<std::string>& row) {
  if (column.constant) return *column.constant;
  std::string text;
  ingest::ColumnMap how = column;
  for (const ingest::Named& from : column.from) {
    const auto at = std::ranges::find(rows.names, from.name);
    if (!trim(text).empty() || at == rows.names.end()) continue;
    const auto i = static_cast<std::size_t>(at - rows.names.begin());
    text = row[i];
    if (!rows.typed[i]) continue;
    const Decimal factor = how.number.factor;
    how.number = ingest::NumberFormat{};
    how.number.factor = factor;
    how.date = ingest::DateFormat{};
  }
  return as_read(how, std::move(text));
}

}  // namespace

Result<> preview(const ingest::Map& map, const Material& material, ProposedMap& out) {
  Rows rows;
  if (map.query || has_conditions(map)) {
    VIGIE_TRY(rows, rows_by_engine(map, material));
  } else {
    rows = rows_as_they_are(map, material);
  }
  const auto first = static_cast<std::int64_t>(material.sketch.first_rows().size());
  if (map.query && material.sketch.rows() > first) out.preview_of = first;
  if (!map.key.empty()) out.preview_columns.emplace_back("key");
  for (const ingest::ColumnMap& column : map.columns) out.preview_columns.push_back(column.name);
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    const std::vector<std::string>& row = rows.rows[r];
    std::vector<std::string> line;
    if (!map.key.empty()) {
      std::vector<std::string> parts;
      for (const ingest::Named& part : map.key) {
        const auto at = std::ranges::find(rows.names, part.name);
        parts.emplace_back(at == rows.names.end() ? "" : trim(row[static_cast<std::size_t>(at - rows.names.begin())]));
      }
      line.push_back(join(parts, " / "));
    }
    for (std::size_t i = 0; i < map.columns.size(); ++i)
      line.push_back(rows.holds[r][i] ? cell_as_read(map.columns[i], rows, row) : "");
    out.preview.push_back(std::move(line));
  }
  return {};
}

}  // namespace vigie::propose

// Which physical columns stand behind the model's, and the trees that read them under their own names.
#include "base/hash.h"
#include "store/warehouse.h"

namespace vigie::store {
namespace {

using expr::Type;
using model::ColumnType;

std::vector<PhysicalColumn> physical(const model::Column& column) {
  const std::string& name = column.name;
  switch (column.type) {
    case ColumnType::key:
    case ColumnType::integer: return {{name, "BIGINT"}};
    case ColumnType::text:
    case ColumnType::enumeration: return {{name, "VARCHAR"}};
    case ColumnType::instant:
      return {{name, "BIGINT"}, {name + "_day", "INTEGER"}, {name + "_off", "SMALLINT"}, {name + "_bare", "BOOLEAN"}};
    case ColumnType::date: return {{name, "INTEGER"}};
    case ColumnType::money: return {{name, "DECIMAL(18,4)"}, {name + "_base", "DECIMAL(18,6)"}};
    case ColumnType::quantity: return {{name, "DECIMAL(18,4)"}};
    case ColumnType::rate: return {{name, "DECIMAL(18,8)"}};
    case ColumnType::boolean: return {{name, "BOOLEAN"}};
  }
  return {};
}

void append(std::vector<PhysicalColumn>& to, std::vector<PhysicalColumn> more) {
  std::ranges::move(more, std::back_inserter(to));
}

std::vector<const model::Column*> tracked(const model::Table& table) {
  std::vector<const model::Column*> columns;
  const bool money = std::ranges::any_of(
      table.columns, [](const model::Column& c) { return c.tracked && c.type == ColumnType::money; });
  for (const model::Column& column : table.columns) {
    if (column.tracked || (money && column.name == "currency")) columns.push_back(&column);
  }
  return columns;
}

/// A scan that reads columns under their model names: an amount is its base amount, and stands beside it as it is in
/// the document.
class ScanBuilder {
 public:
  void add(const std::string& name, Type type, int scale = 0) { add(name, name, type, scale); }
  void add(const model::Column& column) {
    const expr::ColumnInfo info = model::scalar_of(column.type);
    const bool money = column.type == ColumnType::money;
    add(money ? column.name + "_base" : column.name, column.name, info.type, info.scale);
    if (money) add(column.name, document_amount(column.name), Type::number, 4);
  }
  RelPtr of(std::string table, std::string unique = "") && {
    return named(scan(std::move(table), std::move(physical_), std::move(unique)));
  }
  RelPtr of(std::string table, Spells spells) && {
    return named(scan(std::move(table), std::move(physical_), std::move(spells)));
  }

 private:
  RelPtr named(RelPtr rel) { return renames_ ? project(std::move(rel), std::move(named_)) : rel; }
  void add(const std::string& physical_name, const std::string& name, Type type, int scale) {
    physical_.push_back({physical_name, type, scale});
    named_.push_back({name, expr::column(physical_name, type, scale)});
    renames_ = renames_ || physical_name != name;
  }

  std::vector<Column> physical_;
  std::vector<NamedExpr> named_;
  bool renames_ = false;
};

const model::Table& require_table(const model::Model& model, std::string_view name) {
  const model::Table* table = model.table(name);
  if (table == nullptr) throw std::logic_error(fmt::format("the model has no table {}", name));
  return *table;
}

}  // namespace

std::vector<PhysicalColumn> physical_columns(const model::Table& /*table*/, const model::Column& column) {
  return physical(column);
}

std::vector<PhysicalColumn> physical_columns(const model::Table& table) {
  std::vector<PhysicalColumn> columns = {{"key", "BIGINT"},   {"source", "VARCHAR"},    {"source_key", "VARCHAR"},
                                         {"batch", "BIGINT"}, {"updated_at", "BIGINT"}, {"deleted_at", "BIGINT"}};
  for (const model::Column& column : table.columns) append(columns, physical(column));
  if (table.neighbours) {
    for (const model::Column& column : model::neighbour_columns()) {
      // A rank counts the rows of one customer: half the width of the integers that people bring.
      append(columns, column.name == "nth" ? std::vector<PhysicalColumn>{{"nth", "INTEGER"}} : physical(column));
    }
  }
  return columns;
}

std::vector<PhysicalColumn> history_columns(const model::Table& table) {
  const auto columns_tracked = tracked(table);
  if (columns_tracked.empty()) return {};
  std::vector<PhysicalColumn> columns = {{"key", "BIGINT"}};
  for (const model::Column* column : columns_tracked) append(columns, physical(*column));
  append(columns, {{"valid_from", "BIGINT"}, {"valid_to", "BIGINT"}, {"begun_by", "VARCHAR"}, {"ended_by", "VARCHAR"}});
  return columns;
}

std::string_view key_space(const model::Column& column) {
  return column.references.empty() ? column.name : column.references;
}

std::vector<std::string> key_spaces(const model::Model& model) {
  std::vector<std::string> spaces;
  for (const model::Table& table : model.tables()) {
    for (const model::Column& column : table.columns) {
      if (column.type == ColumnType::key) spaces.emplace_back(key_space(column));
    }
  }
  std::ranges::sort(spaces);
  spaces.erase(std::unique(spaces.begin(), spaces.end()), spaces.end());
  return spaces;
}

std::string key_table(std::string_view space) { return fmt::format("_keys_{}", space); }
std::string history_table(std::string_view table) { return fmt::format("{}_history", table); }

std::int64_t natural_key(std::string_view source, std::string_view table, std::string_view natural) {
  return key_hash(fmt::format("{}\x1f{}\x1f{}", source, table, natural));
}

std::string natural_key_sql(std::string_view source_sql, std::string_view table, std::string_view natural_sql) {
  return fmt::format("vigie_key(({}) || {}, {})", source_sql, quote_text(fmt::format("\x1f{}\x1f", table)),
                     natural_sql);
}

std::string document_amount(std::string_view column) { return fmt::format("{}_document", column); }

RelPtr table_scan(const model::Model& model, std::string_view table, std::span<const Attribute> attributes) {
  const model::Table& of = require_table(model, table);
  ScanBuilder builder;
  builder.add("key", Type::integer);
  builder.add("source", Type::text);
  builder.add("source_key", Type::text);
  for (const char* name : {"batch", "updated_at", "deleted_at"}) builder.add(name, Type::integer);
  for (const model::Column& column : of.columns) builder.add(column);
  if (of.neighbours) {
    for (const model::Column& column : model::neighbour_columns()) builder.add(column);
  }
  for (const Attribute& attribute : attributes) {
    if (attribute.table != table) continue;
    if (attribute.type == AttributeType::text) builder.add(attribute.name, Type::text);
    if (attribute.type == AttributeType::number) builder.add(attribute.name, Type::number, 4);
    if (attribute.type == AttributeType::date) builder.add(attribute.name, Type::date);
  }
  return std::move(builder).of(of.name, "key");
}

RelPtr history_scan(const model::Model& model, std::string_view table) {
  const model::Table& of = require_table(model, table);
  ScanBuilder builder;
  builder.add("key", Type::integer);
  for (const model::Column* column : tracked(of)) builder.add(*column);
  builder.add("valid_from", Type::integer);
  builder.add("valid_to", Type::integer);
  builder.add("begun_by", Type::text);
  builder.add("ended_by", Type::text);
  // The import ends a version where the next one begins.
  return std::move(builder).of(history_table(table), Spells{.key = "key", .from = "valid_from", .to = "valid_to"});
}

RelPtr key_scan(std::string_view space) {
  return scan(key_table(space), {{"key", Type::integer, 0}, {"source", Type::text, 0}, {"source_key", Type::text, 0}});
}

}  // namespace vigie::store

#include "model/load.h"

#include <set>

#include "base/text.h"
#include "model/table_scope.h"

namespace vigie::model {
namespace {

namespace fs = std::filesystem;

/// Names that a table's columns may not take: the store's own, and those of free attributes and neighbours.
Result<> check_free(const YamlNode& node, const std::string& name) {
  constexpr std::array<std::string_view, 6> kTaken = {"key",   "source",     "source_key",
                                                      "batch", "updated_at", "deleted_at"};
  const bool neighbour = std::ranges::find(neighbour_columns(), name, &Column::name) != neighbour_columns().end();
  if (neighbour || is_attribute(name) || std::ranges::find(kTaken, name) != kTaken.end()) {
    return node.error("model.name", fmt::format("\"{}\" is a name that every table has for another use", name));
  }
  return {};
}

/// X, X_day, X_off, X_bare and X_base share one name space with the columns themselves.
Result<> check_distinct(const YamlNode& node, const Column& column, std::set<std::string>& seen) {
  std::vector<std::string> names = {column.name};
  if (column.type == ColumnType::instant) {
    for (const char* facet : {"_day", "_off", "_bare"}) names.push_back(column.name + facet);
  }
  if (column.type == ColumnType::money) names.push_back(column.name + "_base");
  for (const std::string& name : names) {
    if (!seen.insert(name).second) {
      return node.error("model.name", fmt::format("\"{}\" is already the name of another column", name));
    }
  }
  return {};
}

Result<> read_key(const YamlNode& root, Table& table) {
  VIGIE_TRY(const YamlNode* key, root.require("key"));
  if (key->kind() != YamlNode::Kind::scalar) {
    VIGIE_TRY(table.key, key->as_texts());
    for (const YamlNode& item : key->items()) {
      VIGIE_TRY(const std::string name, item.as_text());
      if (table.find(name) == nullptr) {
        return item.error("model.unknown_column", fmt::format("unknown column \"{}\" in {}", name, table.name),
                          suggestion(name, table.column_names()));
      }
    }
    return {};
  }
  VIGIE_TRY(const std::string rule, key->as_text());
  if (rule == "required") table.key = {"key"};
  if (rule == "required" || rule == "optional") return {};
  return key->error("model.key", fmt::format("\"{}\" does not say how a row gets its key", rule),
                    "required, optional, or the list of columns that make one");
}

Result<> read_columns(const YamlNode& root, Table& table) {
  VIGIE_TRY(const YamlNode* columns, root.require("columns"));
  std::set<std::string> seen;
  for (const auto& [name, node] : columns->entries()) {
    VIGIE_TRY(Column column, read_column(name, node));
    VIGIE_CHECK(check_free(name, column.name));
    VIGIE_CHECK(check_distinct(name, column, seen));
    table.columns.push_back(std::move(column));
  }
  if (table.columns.empty()) return columns->error("model.columns", fmt::format("{} has no columns", table.name));
  const auto money = std::ranges::find(table.columns, ColumnType::money, &Column::type);
  const Column* currency = table.find("currency");
  if (money != table.columns.end() && (currency == nullptr || currency->type != ColumnType::text)) {
    return columns->error("model.currency", fmt::format("{} has amounts ({}) and no currency", table.name, money->name),
                          "add a text column called currency");
  }
  return {};
}

Result<> read_derived(const YamlNode& root, Table& table) {
  const YamlNode* derived = root.find("derived");
  if (derived == nullptr) return {};
  for (const auto& [name, node] : derived->entries()) {
    VIGIE_TRY(Column column, read_column(name, node));
    if (table.find(column.name) != nullptr)
      return name.error("model.name", fmt::format("\"{}\" is already the name of another column", column.name));
    table.derived.push_back(std::move(column));
  }
  return {};
}

/// The column of that name, or an error at `node` with the nearest one.
Result<const Column*> column_at(const YamlNode& node, const Table& table, const std::string& name) {
  const Column* column = table.find(name);
  if (column != nullptr) return column;
  return node.error("model.unknown_column", fmt::format("unknown column \"{}\" in {}", name, table.name),
                    suggestion(name, table.column_names()));
}

Result<> require_time(const YamlNode& node, const Table& table, const std::string& name) {
  VIGIE_TRY(const Column* column, column_at(node, table, name));
  if (is_time(column->type)) return {};
  return node.error("model.time",
                    fmt::format("{} is of type {}; an instant or a date is needed here", name, name_of(column->type)));
}

Result<> read_checks(const YamlNode& root, Table& table) {
  const YamlNode* checks = root.find("checks");
  if (checks == nullptr) return {};
  for (const auto& [name, node] : checks->entries()) {
    RowCheck check;
    VIGIE_TRY(check.name, name.as_text());
    VIGIE_CHECK(node.known_keys({"holds", "message"}));
    VIGIE_TRY(check.text, node.text("holds"));
    VIGIE_TRY(const YamlNode* message, node.require("message"));
    VIGIE_TRY(check.message, read_text(*message));
    table.checks.push_back(std::move(check));
  }
  return {};
}

Result<> read_neighbours(const YamlNode& root, Table& table) {
  const YamlNode* node = root.find("neighbours");
  if (node == nullptr) return {};
  VIGIE_CHECK(node->known_keys({"by", "where", "order"}));
  Neighbours neighbours;
  VIGIE_TRY(const YamlNode* by, node->require("by"));
  VIGIE_TRY(neighbours.by, by->as_texts());
  for (const std::string& name : neighbours.by) VIGIE_CHECK(column_at(*by, table, name));
  VIGIE_TRY(neighbours.order, node->text("order"));
  const YamlNode& order = *node->find("order");
  VIGIE_TRY(const Column* column, column_at(order, table, neighbours.order));
  if (column->type != ColumnType::instant) {
    return order.error("model.time", fmt::format("{} is of type {}; neighbours stand in the order of an instant",
                                                 column->name, name_of(column->type)));
  }
  VIGIE_TRY(neighbours.where_text, node->text_or("where", ""));
  table.neighbours = std::move(neighbours);
  return {};
}

/// A text of the expression language inside a YAML file, checked against the table.
Result<expr::Expr> condition(const YamlNode& node, const Table& table) {
  VIGIE_TRY(const std::string text, node.as_text());
  SourcePosition where = node.where();
  if (node.quoted()) ++where.column;
  return expr::parse_and_check(text, TableScope(table), where, expr::Type::boolean);
}

/// "ordered_at", or "order_key.ordered_at" through a key.
Result<> check_priced_at(const YamlNode& node, const std::string& path, const Table& table, const Model& model) {
  const std::size_t dot = path.find('.');
  if (dot == std::string::npos) return require_time(node, table, path);
  VIGIE_TRY(const Column* key, column_at(node, table, path.substr(0, dot)));
  const Table* other = model.table(key->references);
  if (other == nullptr) {
    return node.error("model.references", fmt::format("{} references no table", key->name));
  }
  return require_time(node, *other, path.substr(dot + 1));
}

Result<std::vector<fs::path>> yaml_files(const fs::path& directory) {
  std::error_code failed;
  std::vector<fs::path> files;
  for (fs::directory_iterator at(directory, failed), end; !failed && at != end; at.increment(failed)) {
    if (at->path().extension() == ".yaml") files.push_back(at->path());
  }
  if (failed) {
    return fail(ErrorKind::unavailable, "model.folder",
                fmt::format("the folder {} of the model cannot be read: {}", directory.string(), failed.message()));
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

Result<> check_file_name(const YamlNode& declared, const std::string& name, const fs::path& file) {
  if (file.stem() == name) return {};
  return declared.error("model.file_name", fmt::format("{} is declared in {}", name, file.filename().string()),
                        fmt::format("call the file {}.yaml", name));
}

Result<Table> read_table(const YamlNode& root) {
  VIGIE_CHECK(root.known_keys({"table", "label", "grain", "key", "time", "priced_at", "attributes", "person",
                               "neighbours", "checks", "columns", "derived"}));
  Table table;
  VIGIE_TRY(table.name, root.text("table"));
  VIGIE_CHECK(check_name(*root.find("table"), table.name));
  VIGIE_TRY(const YamlNode* label, root.require("label"));
  VIGIE_TRY(table.label, read_text(*label));
  VIGIE_TRY(const YamlNode* grain, root.require("grain"));
  VIGIE_TRY(table.grain, read_text(*grain));
  VIGIE_TRY(table.attributes, root.bool_or("attributes", false));
  VIGIE_TRY(table.person, root.bool_or("person", false));
  VIGIE_CHECK(read_columns(root, table));
  VIGIE_CHECK(read_derived(root, table));
  VIGIE_CHECK(read_key(root, table));
  VIGIE_TRY(table.time, root.text_or("time", ""));
  if (!table.time.empty()) VIGIE_CHECK(require_time(*root.find("time"), table, table.time));
  if (const YamlNode* priced = root.find("priced_at")) {
    VIGIE_TRY(table.priced_at, priced->as_texts());
  }
  VIGIE_CHECK(read_neighbours(root, table));
  VIGIE_CHECK(read_checks(root, table));
  return table;
}

Result<> check_references(const YamlNode& root, Table& table, const Model& model) {
  for (const auto& [name, node] : root.find("columns")->entries()) {
    const YamlNode* references = node.find("references");
    if (references == nullptr) continue;
    VIGIE_TRY(const std::string other, references->as_text());
    if (model.table(other) == nullptr) {
      return references->error("model.unknown_table", fmt::format("there is no table \"{}\"", other),
                               suggestion(other, model.table_names()));
    }
  }
  for (const std::string& path : table.priced_at) {
    VIGIE_CHECK(check_priced_at(*root.find("priced_at"), path, table, model));
  }
  if (table.neighbours && !table.neighbours->where_text.empty()) {
    VIGIE_TRY(table.neighbours->where, condition(*root.find("neighbours")->find("where"), table));
  }
  for (RowCheck& check : table.checks) {
    VIGIE_TRY(check.holds, condition(*root.find("checks")->find(check.name)->find("holds"), table));
  }
  return {};
}

Result<Model> Model::load(const fs::path& directory) {
  Model model;
  std::vector<YamlNode> roots;
  VIGIE_TRY(const auto files, yaml_files(directory));
  for (const fs::path& file : files) {
    VIGIE_TRY(YamlNode root, YamlNode::load_file(file, file.string()));
    if (const YamlNode* every = root.find("every_table")) {
      VIGIE_CHECK(root.known_keys({"every_table"}));
      for (const auto& [name, node] : every->entries()) {
        VIGIE_TRY(Column column, read_column(name, node));
        model.common_.push_back(std::move(column));
      }
      continue;
    }
    if (const YamlNode* groups = root.find("channel_groups")) {
      VIGIE_CHECK(root.known_keys({"channel_groups"}));
      VIGIE_TRY(model.channel_groups_, read_channel_groups(*groups));
      continue;
    }
    if (const YamlNode* names = root.find("personal_names")) {
      VIGIE_CHECK(root.known_keys({"personal_names"}));
      VIGIE_TRY(const std::vector<std::string> written, names->as_texts());
      for (const std::string& name : written) model.personal_names_.push_back(personal_name(name));
      std::ranges::sort(model.personal_names_);
      continue;
    }
    VIGIE_TRY(Table table, read_table(root));
    VIGIE_CHECK(check_file_name(*root.find("table"), table.name, file));
    model.tables_.push_back(std::move(table));
    roots.push_back(std::move(root));
  }
  if (model.tables_.empty()) {
    return fail(ErrorKind::unavailable, "model.folder", fmt::format("no table is declared in {}", directory.string()));
  }
  for (std::size_t i = 0; i < roots.size(); ++i) VIGIE_CHECK(check_references(roots[i], model.tables_[i], model));

  if (!fs::exists(directory / "relations")) return model;
  VIGIE_TRY(const auto relations, yaml_files(directory / "relations"));
  for (const fs::path& file : relations) {
    VIGIE_TRY(const YamlNode root, YamlNode::load_file(file, file.string()));
    VIGIE_TRY(Relation relation, read_relation(root, model));
    VIGIE_CHECK(check_file_name(*root.find("relation"), relation.name, file));
    model.relations_.push_back(std::move(relation));
  }
  for (const Table& table : model.tables_)
    if (model.relation(table.name) == nullptr) {
      Relation relation = relation_of(table);
      add_derived_dimensions(relation, model);
      model.relations_.push_back(std::move(relation));
    }
  if (!model.channel_groups_.empty())
    for (Relation& relation : model.relations_) add_channel_groups(relation);
  return model;
}

}  // namespace vigie::model

#include <set>

#include "base/text.h"
#include "model/load.h"

namespace vigie::model {
namespace {

Result<expr::Type> read_expression_type(const YamlNode& node) {
  VIGIE_TRY(const YamlNode* type, node.require("type"));
  VIGIE_TRY(const std::string wanted, type->as_text());
  std::vector<std::string> names;
  for (int i = 0; i < static_cast<int>(expr::Type::null); ++i) {
    const auto known = static_cast<expr::Type>(i);
    if (expr::name_of(known) == wanted) return known;
    names.emplace_back(expr::name_of(known));
  }
  return type->error("model.type", fmt::format("no type \"{}\"", wanted), suggestion(wanted, names));
}

Result<> read_reach(const YamlNode& node, RelationColumn& column, const Model& model) {
  VIGIE_TRY(column.references, node.text_or("references", ""));
  VIGIE_TRY(column.path, node.text_or("path", ""));
  if (column.references.empty() && column.path.empty()) return {};
  if (column.references.empty() || column.path.empty()) {
    return node.error("model.references", fmt::format("{} needs both `references` and `path`", column.name),
                      "references: customers, path: customer");
  }
  if (column.type != expr::Type::integer) {
    return node.error("model.references", fmt::format("{} references a table: its type is integer", column.name));
  }
  if (model.table(column.references) != nullptr) return {};
  return node.find("references")
      ->error("model.unknown_table", fmt::format("there is no table \"{}\"", column.references),
              suggestion(column.references, model.table_names()));
}

Result<RelationColumn> read_relation_column(const YamlNode& name, const YamlNode& node, const Model& model) {
  RelationColumn column;
  VIGIE_TRY(column.name, name.as_text());
  VIGIE_CHECK(check_name(name, column.name));
  VIGIE_CHECK(node.known_keys({"type", "scale", "references", "path", "before", "at_event", "label"}));
  VIGIE_TRY(column.type, read_expression_type(node));
  VIGIE_TRY(const std::int64_t scale, node.int_or("scale", column.type == expr::Type::money ? 6 : 0));
  if (scale < 0 || scale > 18) return node.error("model.scale", fmt::format("a scale of {} is not possible", scale));
  column.scale = static_cast<int>(scale);
  VIGIE_CHECK(read_reach(node, column, model));
  VIGIE_TRY(column.before, node.text_or("before", ""));
  VIGIE_TRY(column.at_event, node.bool_or("at_event", false));
  if (const YamlNode* label = node.find("label")) {
    VIGIE_TRY(column.label, read_text(*label));
  }
  return column;
}

std::vector<std::string> column_names(const Relation& relation) {
  std::vector<std::string> names;
  for (const RelationColumn& column : relation.columns) names.push_back(column.name);
  return names;
}

/// "channel", or "customer.segment" through the column whose path is "customer".
Result<> check_dimension(const YamlNode& node, const std::string& target, const Relation& relation,
                         const Model& model) {
  const std::size_t dot = target.find('.');
  if (dot == std::string::npos) {
    if (relation.find(target) != nullptr) return {};
    return node.error("model.unknown_column", fmt::format("unknown column \"{}\" in {}", target, relation.name),
                      suggestion(target, column_names(relation)));
  }
  const std::string path = target.substr(0, dot);
  const std::string name = target.substr(dot + 1);
  const auto through = std::ranges::find(relation.columns, path, &RelationColumn::path);
  if (path.empty() || through == relation.columns.end()) {
    return node.error("model.unknown_path",
                      fmt::format("nothing in {} is reached through \"{}\"", relation.name, path));
  }
  const Table& table = *model.table(through->references);
  if (table.find(name) != nullptr || table.find_derived(name) != nullptr || name == "source_key" || name == "key")
    return {};
  return node.error("model.unknown_column", fmt::format("unknown column \"{}\" in {}", name, table.name),
                    suggestion(name, table.column_names()));
}

}  // namespace

namespace {

Result<std::vector<std::string>> read_tables(const YamlNode& root, std::string_view key, const Model& model) {
  const YamlNode* node = root.find(key);
  if (node == nullptr) return std::vector<std::string>{};
  VIGIE_TRY(std::vector<std::string> tables, node->as_texts());
  for (const std::string& table : tables)
    if (model.table(table) == nullptr)
      return node->error("model.unknown_table", fmt::format("there is no table \"{}\"", table),
                         suggestion(table, model.table_names()));
  return tables;
}

/// A table that has no column of few values under a name of the relation's says nothing of them.
Result<> check_values_of(const YamlNode& root, const Relation& relation, const Model& model) {
  for (const std::string& name : relation.values_of) {
    const Table& table = *model.table(name);
    const bool tells = std::ranges::any_of(relation.columns, [&](const RelationColumn& column) {
      const Column* same = table.find(column.name) ? table.find(column.name) : table.find_derived(column.name);
      return same != nullptr && !same->values.empty();
    });
    if (!tells)
      return root.find("values_of")
          ->error("model.values_of",
                  fmt::format("{} has no column of few values that {} has too", name, relation.name));
  }
  return {};
}

}  // namespace

void add_derived_dimensions(Relation& relation, const Model& model) {
  for (const RelationColumn& column : relation.columns) {
    if (column.path.empty()) continue;
    for (const Column& derived : model.table(column.references)->derived)
      relation.dimensions.try_emplace(derived.name, fmt::format("{}.{}", column.path, derived.name));
  }
}

Result<Relation> read_relation(const YamlNode& root, const Model& model) {
  VIGIE_CHECK(root.known_keys({"relation", "label", "meaning", "versions_of", "values_of", "columns", "dimensions"}));
  Relation relation;
  VIGIE_TRY(relation.name, root.text("relation"));
  VIGIE_CHECK(check_name(*root.find("relation"), relation.name));
  VIGIE_TRY(const YamlNode* label, root.require("label"));
  VIGIE_TRY(relation.label, read_text(*label));
  VIGIE_TRY(const YamlNode* meaning, root.require("meaning"));
  VIGIE_TRY(relation.meaning, read_text(*meaning));
  VIGIE_TRY(relation.versions_of, read_tables(root, "versions_of", model));
  VIGIE_TRY(relation.values_of, read_tables(root, "values_of", model));
  VIGIE_TRY(const YamlNode* columns, root.require("columns"));
  std::set<std::string> paths;
  for (const auto& [name, node] : columns->entries()) {
    VIGIE_TRY(RelationColumn column, read_relation_column(name, node, model));
    if (!column.path.empty() && !paths.insert(column.path).second) {
      return node.error("model.path", fmt::format("two columns are reached through \"{}\"", column.path));
    }
    relation.columns.push_back(std::move(column));
  }
  VIGIE_CHECK(check_values_of(root, relation, model));
  for (const auto& [name, node] : columns->entries())
    if (const YamlNode* before = node.find("before"))
      VIGIE_CHECK(check_dimension(*before, relation.find(*name.as_text())->before, relation, model));
  if (const YamlNode* dimensions = root.find("dimensions")) {
    for (const auto& [name, node] : dimensions->entries()) {
      VIGIE_TRY(const std::string split, name.as_text());
      VIGIE_CHECK(check_name(name, split));
      VIGIE_TRY(const std::string target, node.as_text());
      VIGIE_CHECK(check_dimension(node, target, relation, model));
      relation.dimensions.emplace(split, target);
    }
  }
  add_derived_dimensions(relation, model);
  return relation;
}

Relation relation_of(const Table& table) {
  Relation relation;
  relation.name = table.name;
  relation.label = table.label;
  relation.meaning = table.grain;
  for (const auto& [name, type] : {std::pair{"key", expr::Type::integer}, std::pair{"source_key", expr::Type::text}}) {
    RelationColumn own;
    own.name = name;
    own.type = type;
    relation.columns.push_back(std::move(own));
  }
  constexpr std::string_view kKeySuffix = "_key";
  for (const Column& column : table.columns) {
    RelationColumn out;
    out.name = column.name;
    out.type = scalar_of(column.type).type;
    out.scale = scalar_of(column.type).scale;
    out.label = column.label;
    if (!column.references.empty() && column.name.ends_with(kKeySuffix)) {
      out.references = column.references;
      out.path = column.name.substr(0, column.name.size() - kKeySuffix.size());
    }
    if (out.type == expr::Type::text) relation.dimensions.emplace(column.name, column.name);
    relation.columns.push_back(std::move(out));
  }
  return relation;
}

}  // namespace vigie::model

#include "catalog/catalog.h"

namespace vigie::catalog {
namespace {

expr::Type type_of(const Parameter& parameter) {
  switch (parameter.kind) {
    case Parameter::Kind::days: return expr::Type::duration;
    case Parameter::Kind::integer: return expr::Type::integer;
    case Parameter::Kind::number: return expr::Type::number;
    case Parameter::Kind::choice: return expr::Type::text;
  }
  return expr::Type::null;
}

/// A key is a number of this program's own; where it refers to a table, sources call it what they call a row of that.
expr::ColumnInfo with_key(expr::ColumnInfo info, const std::string& name, const std::string& references) {
  info.is_key = model::is_key(name, info.type);
  if (info.is_key && !references.empty()) info.as_text = name + ".source_key";
  return info;
}

}  // namespace

RelationScope::RelationScope(const model::Model& model, const model::Relation& relation,
                             const std::vector<Parameter>& parameters)
    : model_(model), relation_(relation), parameters_(parameters) {}

std::string RelationScope::subject() const { return relation_.name; }

std::optional<expr::ColumnInfo> RelationScope::column(std::string_view name) const {
  if (const model::RelationColumn* own = relation_.find(name)) {
    expr::ColumnInfo info = with_key({own->type, own->scale}, own->name, own->references);
    if (own->name == "key" && relation_.find("source_key")) info.as_text = "source_key";
    return info;
  }
  if (const auto dimension = relation_.dimensions.find(std::string(name)); dimension != relation_.dimensions.end())
    if (dimension->second != name) return column(dimension->second);
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) {
    if (model::is_attribute(name)) return expr::ColumnInfo{expr::Type::text, 0};  // until its map says otherwise
    return std::nullopt;
  }
  for (const model::RelationColumn& candidate : relation_.columns) {
    if (candidate.path != name.substr(0, dot)) continue;
    const model::Table* table = model_.table(candidate.references);
    const std::string_view rest = name.substr(dot + 1);
    if (const model::Column* column = table->find(rest))
      return with_key(model::scalar_of(column->type), std::string(name), column->references);
    if (const model::Column* column = table->find_derived(rest)) return model::scalar_of(column->type);
    if (table->attributes && model::is_attribute(rest)) return expr::ColumnInfo{expr::Type::text, 0};
  }
  return std::nullopt;
}

std::vector<std::string> RelationScope::column_names() const {
  std::vector<std::string> names;
  for (const model::RelationColumn& column : relation_.columns) {
    names.push_back(column.name);
    if (column.path.empty()) continue;
    for (const model::Column& reached : model_.table(column.references)->columns)
      names.push_back(column.path + "." + reached.name);
  }
  for (const auto& [dimension, target] : relation_.dimensions)
    if (std::ranges::find(names, dimension) == names.end()) names.push_back(dimension);
  return names;
}

std::optional<expr::Type> RelationScope::parameter(std::string_view name) const {
  if (name == "as_of") return expr::Type::instant;
  for (const Parameter& parameter : parameters_)
    if (parameter.name == name) return type_of(parameter);
  return std::nullopt;
}

std::vector<std::string> RelationScope::parameter_names() const {
  std::vector<std::string> names{"as_of"};
  for (const Parameter& parameter : parameters_) names.push_back(parameter.name);
  return names;
}

}  // namespace vigie::catalog

#include "kpi/question_scope.h"

#include "base/text.h"

namespace vigie::kpi {
namespace {

expr::ColumnInfo info_of(const store::Attribute& attribute) {
  switch (attribute.type) {
    case store::AttributeType::number: return {expr::Type::number, 4};
    case store::AttributeType::date: return {expr::Type::date, 0};
    case store::AttributeType::text: break;
  }
  return {expr::Type::text, 0};
}

}  // namespace

std::optional<std::string_view> current_of(std::string_view name) {
  constexpr std::string_view kOpening = "current(";
  if (name.starts_with(expr::kCurrent)) return name.substr(expr::kCurrent.size());
  if (!name.starts_with(kOpening) || !name.ends_with(')')) return std::nullopt;
  return trim(name.substr(kOpening.size(), name.size() - kOpening.size() - 1));
}

const store::Attribute* QuestionScope::attribute(std::string_view table, std::string_view name) const {
  const auto found = std::ranges::find_if(
      facts_.attributes, [&](const store::Attribute& one) { return one.table == table && one.name == name; });
  return found == facts_.attributes.end() ? nullptr : &*found;
}

std::string QuestionScope::path_of_attribute(std::string_view name) const {
  for (const model::RelationColumn& column : relation_.columns)
    if (!column.path.empty() && attribute(column.references, name)) return fmt::format("{}.{}", column.path, name);
  return {};
}

std::optional<expr::ColumnInfo> QuestionScope::column(std::string_view name) const {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos && model::is_attribute(name)) {
    if (const store::Column* own = store::find_column(rel_, name)) return expr::ColumnInfo{own->type, own->scale};
    const std::string path = path_of_attribute(name);
    return path.empty() ? std::nullopt : column(path);
  }
  if (dot != std::string_view::npos && model::is_attribute(name.substr(dot + 1))) {
    const auto reach = std::ranges::find(relation_.columns, name.substr(0, dot), &model::RelationColumn::path);
    const store::Attribute* there =
        reach == relation_.columns.end() ? nullptr : attribute(reach->references, name.substr(dot + 1));
    return there ? std::optional(info_of(*there)) : std::nullopt;
  }
  return model_.column(name);
}

std::string QuestionScope::resolved(std::string_view name) const {
  if (const auto current = current_of(name)) {
    const std::string column = resolved(*current);
    return column.empty() ? column : fmt::format("{}{}", expr::kCurrent, column);
  }
  if (const auto dimension = relation_.dimensions.find(std::string(name)); dimension != relation_.dimensions.end())
    return dimension->second;
  if (!column(name)) return {};
  const bool elsewhere = model::is_attribute(name) && !store::find_column(rel_, name);
  return elsewhere ? path_of_attribute(name) : std::string(name);
}

expr::Expr QuestionScope::resolved(const expr::Expr& e) const {
  if (!e) return e;
  return expr::map_columns(e, [&](const expr::Node& node) -> expr::Expr {
    const std::string column = resolved(node.name);
    return column.empty() || column == node.name ? nullptr : expr::column(column, node.type, node.scale);
  });
}

std::vector<std::string> QuestionScope::attribute_names() const {
  std::vector<std::string> names;
  for (const store::Column& column : rel_->columns)
    if (model::is_attribute(column.name)) names.push_back(column.name);
  for (const model::RelationColumn& column : relation_.columns)
    for (const store::Attribute& one : facts_.attributes)
      if (!column.path.empty() && one.table == column.references && std::ranges::find(names, one.name) == names.end())
        names.push_back(one.name);
  return names;
}

std::vector<std::string> QuestionScope::column_names() const {
  std::vector<std::string> names = model_.column_names();
  std::ranges::move(attribute_names(), std::back_inserter(names));
  return names;
}

std::vector<std::string> QuestionScope::dimension_names() const {
  std::vector<std::string> names;
  for (const auto& [dimension, target] : relation_.dimensions) names.push_back(dimension);
  std::ranges::move(attribute_names(), std::back_inserter(names));
  return names;
}

}  // namespace vigie::kpi

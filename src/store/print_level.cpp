#include "store/print_level.h"

namespace vigie::store {

using expr::Expr;
using expr::Facet;

std::vector<Facet> facets_of(expr::Type type, Facets wanted) {
  if (type != expr::Type::instant || wanted == Facets::value_only) return {Facet::value};
  return {Facet::value, Facet::day, Facet::offset, Facet::bare};
}

void Need::add(std::string_view name, Facets facets) {
  Facets& known = columns_.try_emplace(std::string(name), facets).first->second;
  if (facets == Facets::all) known = facets;
}

void Need::add(const Expr& e) {
  if (!e) return;
  std::vector<std::string> names;
  expr::columns_of(e, names);
  for (const std::string& name : names) add(name, Facets::all);
}

const Facets* Need::find(const std::string& name) const {
  const auto found = columns_.find(name);
  return found == columns_.end() ? nullptr : &found->second;
}

Expr Source::resolve(const Expr& e) const {
  if (!e || names.empty()) return e;
  return expr::map_columns(e, [this](const expr::Node& node) -> Expr {
    const auto found = names.find(node.name);
    return found == names.end() ? nullptr : found->second;
  });
}

namespace {

bool only_renames(const Project& project) {
  return std::ranges::all_of(project.columns, [](const NamedExpr& c) { return c.value->op == expr::Op::column; });
}

}  // namespace

Source fold(const RelPtr& rel) {
  if (const auto* filter = std::get_if<Filter>(&rel->op)) {
    Source source = fold(filter->input);
    source.conditions.push_back(source.resolve(filter->predicate));
    return source;
  }
  if (const auto* project = std::get_if<Project>(&rel->op); project != nullptr && only_renames(*project)) {
    Source source = fold(project->input);
    std::map<std::string, Expr> names;
    for (const NamedExpr& column : project->columns) names[column.name] = source.resolve(column.value);
    source.names = std::move(names);
    return source;
  }
  return {rel, {}, {}};
}

}  // namespace vigie::store

// A column that may hold a few values only is not compared with another one.
#include "base/text.h"
#include "catalog/load.h"

namespace vigie::catalog {
namespace {

using expr::Expr;
using expr::Op;

const model::Column* column_of(const model::Table* table, std::string_view name) {
  const model::Column* column = table ? table->find(name) : nullptr;
  return column || !table ? column : table->find_derived(name);
}

/// The column of the model behind a name of the relation: that of a table it leads to, or its own where it is a table,
/// its rows are those of one, built further, or it says whose values its columns hold.
const model::Column* column_behind(std::string_view name, const model::Relation& relation, const model::Model& model) {
  if (name.starts_with(expr::kCurrent)) name.remove_prefix(expr::kCurrent.size());
  if (const auto dimension = relation.dimensions.find(std::string(name)); dimension != relation.dimensions.end())
    name = dimension->second;
  std::string_view table_name = relation.name;
  if (const auto dot = name.find('.'); dot != std::string_view::npos) {
    const auto reach = std::ranges::find(relation.columns, name.substr(0, dot), &model::RelationColumn::path);
    if (reach == relation.columns.end()) return nullptr;
    table_name = reach->references;
    name = name.substr(dot + 1);
  }
  if (const model::Table* table = model.table(table_name)) return column_of(table, name);
  // Of rows that may be those of several tables nobody knows which values they have, unless one alone has that column.
  const model::Column* only = nullptr;
  for (const auto* tables : {&relation.versions_of, &relation.values_of})
    for (const std::string& of : *tables) {
      const model::Column* column = column_of(model.table(of), name);
      if (column && only) return nullptr;
      if (column) only = column;
    }
  return only;
}

Result<> check_comparison(const Expr& e, const model::Relation& relation, const model::Model& model) {
  for (const Expr& side : e->args) {
    const model::Column* column = side->op == Op::column ? column_behind(side->name, relation, model) : nullptr;
    if (!column || column->values.empty()) continue;
    for (const Expr& other : e->args) {
      const auto* value = other->op == Op::literal ? std::get_if<std::string>(&other->literal) : nullptr;
      if (!value || std::ranges::find(column->values, *value) != column->values.end()) continue;
      return fail(ErrorKind::usage, "definition.value", fmt::format("{} is never '{}'", side->name, *value),
                  other->where, suggestion(*value, column->values));
    }
  }
  return {};
}

}  // namespace

Result<> check_values(const Expr& e, const model::Relation& relation, const model::Model& model) {
  if (!e) return {};
  if (e->op == Op::eq || e->op == Op::ne || e->op == Op::in) VIGIE_CHECK(check_comparison(e, relation, model));
  for (const Expr& arg : e->args) VIGIE_CHECK(check_values(arg, relation, model));
  return {};
}

}  // namespace vigie::catalog

#include "store/print_level.h"

#include <set>

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

namespace {

bool contains(const std::vector<std::string>& all, const std::vector<std::string>& some) {
  return std::ranges::all_of(some, [&](const std::string& one) { return std::ranges::find(all, one) != all.end(); });
}

bool unique_in(const Project& project, const std::vector<std::string>& columns) {
  std::vector<std::string> below;
  for (const NamedExpr& column : project.columns)
    if (column.value->op == expr::Op::column && contains(columns, {column.name})) below.push_back(column.value->name);
  return unique_on(project.input, below);
}

bool unique_in(const Aggregate& aggregate, const std::vector<std::string>& columns) {
  return std::ranges::all_of(aggregate.group, [&](const NamedExpr& key) { return contains(columns, {key.name}); });
}

/// A left join that finds at most one row keeps the rows of its left side apart.
bool unique_in(const Join& join, const std::vector<std::string>& columns) {
  std::vector<std::string> right;
  for (const auto& [of_left, of_right] : join.on) right.push_back(of_right);
  return unique_on(join.right, right) && unique_on(join.left, columns);
}

/// Texts are composed (NFC) when they are printed: those of letters that are never composed of others stay as they are.
bool stays_as_it_is(std::string_view text) {
  constexpr unsigned char kPastLatin = 0xC6;  // begins U+0180; a letter's further bytes are less
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < kPastLatin; });
}

bool unique_in(const Values& values, const Rel& rel, const std::vector<std::string>& columns) {
  std::set<std::vector<std::string>> seen;
  for (const auto& row : values.rows) {
    std::vector<std::string> key;
    for (std::size_t i = 0; i < rel.columns.size(); ++i) {
      if (!contains(columns, {rel.columns[i].name})) continue;
      const auto* text = std::get_if<std::string>(&row[i]);
      if (text != nullptr && !stays_as_it_is(*text)) return false;
      const auto item = text != nullptr ? std::optional(*text) : list_item(row[i], expr::Facet::value);
      if (!item) return false;
      key.push_back(*item);
    }
    if (!seen.insert(std::move(key)).second) return false;
  }
  return true;
}

}  // namespace

bool unique_on(const RelPtr& rel, const std::vector<std::string>& columns) {
  if (const auto* op = std::get_if<Values>(&rel->op)) return unique_in(*op, *rel, columns);
  if (const auto* op = std::get_if<Scan>(&rel->op)) return !op->unique.empty() && contains(columns, {op->unique});
  if (const auto* op = std::get_if<Filter>(&rel->op)) return unique_on(op->input, columns);
  if (const auto* op = std::get_if<Project>(&rel->op)) return unique_in(*op, columns);
  if (const auto* op = std::get_if<Aggregate>(&rel->op)) return unique_in(*op, columns);
  if (const auto* op = std::get_if<Join>(&rel->op)) return unique_in(*op, columns);
  if (const auto* op = std::get_if<FirstPerKey>(&rel->op))
    return contains(columns, op->keys) || unique_on(op->input, columns);
  if (const auto* op = std::get_if<Neighbours>(&rel->op)) return unique_on(op->input, columns);
  if (const auto* op = std::get_if<Shared>(&rel->op)) return unique_on(op->input, columns);
  return false;
}

std::vector<RelPtr> inputs_of(const Rel& rel) {
  return std::visit(
      [](const auto& op) -> std::vector<RelPtr> {
        using T = std::decay_t<decltype(op)>;
        if constexpr (std::is_same_v<T, Scan> || std::is_same_v<T, Values>) return {};
        else if constexpr (std::is_same_v<T, Join>) return {op.left, op.right};
        else if constexpr (std::is_same_v<T, UnionAll>) return op.inputs;
        else return {op.input};
      },
      rel.op);
}

namespace {

void find_shared(const RelPtr& rel, std::set<const Rel*>& seen, std::vector<RelPtr>& found) {
  if (!seen.insert(rel.get()).second) return;
  if (std::holds_alternative<Shared>(rel->op)) return found.push_back(rel);
  for (const RelPtr& input : inputs_of(*rel)) find_shared(input, seen, found);
}

}  // namespace

std::vector<RelPtr> shared_in(const RelPtr& rel) {
  std::set<const Rel*> seen;
  std::vector<RelPtr> found;
  find_shared(rel, seen, found);
  return found;
}

std::optional<std::string> list_item(const expr::Literal& value, expr::Facet facet) {
  if (std::holds_alternative<std::monostate>(value)) return "NULL";
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* day = std::get_if<Date>(&value)) return std::to_string(day->days);
  if (const auto* span = std::get_if<expr::Micros>(&value)) return std::to_string(span->value);
  const auto* instant = std::get_if<expr::InstantLiteral>(&value);
  if (instant == nullptr) return std::nullopt;
  switch (facet) {
    case Facet::day: return std::to_string(instant->day.days);
    case Facet::offset: return std::to_string(instant->offset_minutes);
    case Facet::bare: return instant->bare ? "true" : "false";
    case Facet::value: break;
  }
  return std::to_string(instant->at.micros);
}

}  // namespace vigie::store

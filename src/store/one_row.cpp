// What a tree tells of how many rows there are: joins that find one at most, and first rows of which it does not matter
// which is the first. What need not be computed is not even printed.
#include <set>

#include "store/print_level.h"

namespace vigie::store {
namespace {

using expr::Expr;
using expr::Op;

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_column(const Expr& e, std::string_view name) { return e->op == Op::column && e->name == name; }

/// What a column of a projection is below it, where it is one there; else empty.
std::string below(const Project& project, const std::string& name) {
  const auto found = std::ranges::find(project.columns, name, &NamedExpr::name);
  return found != project.columns.end() && found->value->op == Op::column ? found->value->name : std::string();
}

/// Does each row hold from `from` up to `to`, and of those of the same keys never two at once: because the table says
/// so, or because `to` is the `from` of the next one?
bool follows(const RelPtr& rel, const std::vector<std::string>& keys, const std::string& from, const std::string& to) {
  if (const auto* op = std::get_if<Scan>(&rel->op))
    return op->spells && has(keys, op->spells->key) && op->spells->from == from && op->spells->to == to;
  if (const auto* op = std::get_if<Filter>(&rel->op)) return follows(op->input, keys, from, to);
  if (const auto* op = std::get_if<Shared>(&rel->op)) return follows(op->input, keys, from, to);
  if (const auto* op = std::get_if<Project>(&rel->op)) {
    std::vector<std::string> keys_below;
    for (const std::string& key : keys) keys_below.push_back(below(*op, key));
    const std::string from_below = below(*op, from), to_below = below(*op, to);
    if (from_below.empty() || to_below.empty() || has(keys_below, "")) return false;
    return follows(op->input, keys_below, from_below, to_below);
  }
  if (const auto* op = std::get_if<Join>(&rel->op)) {
    const auto is_left = [&](const std::string& name) { return find_column(op->left, name) != nullptr; };
    return op->kind == JoinKind::left && std::ranges::all_of(keys, is_left) && is_left(from) && is_left(to) &&
           finds_one(*op) && follows(op->left, keys, from, to);
  }
  const auto* op = std::get_if<Neighbours>(&rel->op);
  if (op == nullptr) return false;
  const auto added = std::ranges::find(op->columns, to, &NeighbourColumn::name);
  if (added == op->columns.end()) return find_column(op->input, to) && follows(op->input, keys, from, to);
  return added->fn == NeighbourFn::lead && added->column == from && !op->order.empty() &&
         op->order.front().column == from && !op->order.front().descending &&
         std::ranges::all_of(op->partition, [&](const std::string& one) { return has(keys, one); });
}

/// The column of an end, as it is or with a literal in the place of none; else empty.
std::string end_in(const Expr& until) {
  if (until->op == Op::column) return until->name;
  const bool or_for_good = until->op == Op::coalesce && until->args.size() == 2 && until->args[0]->op == Op::column &&
                           until->args[1]->op == Op::literal;
  return or_for_good ? until->args[0]->name : std::string();
}

/// The two columns of `from < t and to >= t`, or of `from <= t and to > t`, in the names of the right side, where t is
/// of the left one; an end may be `coalesce(to, …)`.
std::optional<std::pair<std::string, std::string>> held_around(const Join& op) {
  if (!op.condition || op.condition->op != Op::and_ || op.condition->args.size() != 2) return std::nullopt;
  const Expr &begun = op.condition->args[0], &lasts = op.condition->args[1];
  const bool before = begun->op == Op::lt && lasts->op == Op::ge, then = begun->op == Op::le && lasts->op == Op::gt;
  if ((!before && !then) || begun->args[0]->op != Op::column) return std::nullopt;
  const Expr& at = begun->args[1];
  if (at->op != Op::column || !is_column(lasts->args[1], at->name)) return std::nullopt;
  const std::string from = begun->args[0]->name, to = end_in(lasts->args[0]);
  if (to.empty()) return std::nullopt;
  if (!from.starts_with(op.prefix) || !to.starts_with(op.prefix) || !find_column(op.left, at->name))
    return std::nullopt;
  return std::pair(from.substr(op.prefix.size()), to.substr(op.prefix.size()));
}

std::vector<NamedExpr> of_names(const Project& project, const std::vector<std::string>& names) {
  std::vector<NamedExpr> out;
  for (const NamedExpr& column : project.columns)
    if (has(names, column.name)) out.push_back(column);
  return out;
}

/// The rows of a tree once for each key, with these columns of them, where all rows of a key agree in those: what was
/// joined to tell its rows apart is left out. Null where the tree does not say so.
RelPtr once_for_key(const RelPtr& rel, const std::vector<std::string>& keys, const std::vector<std::string>& wanted) {
  if (unique_on(rel, keys)) return rel;
  if (const auto* op = std::get_if<Join>(&rel->op)) {
    const auto is_left = [&](const std::string& name) { return find_column(op->left, name) != nullptr; };
    const bool alike =
        op->kind == JoinKind::left && std::ranges::all_of(keys, is_left) && std::ranges::all_of(wanted, is_left);
    return alike ? once_for_key(op->left, keys, wanted) : nullptr;
  }
  const auto* op = std::get_if<Project>(&rel->op);
  if (op == nullptr) return nullptr;
  std::vector<std::string> kept = wanted, keys_below, wanted_below;
  for (const std::string& key : keys) {
    if (!has(kept, key)) kept.push_back(key);
    keys_below.push_back(below(*op, key));
  }
  if (has(keys_below, "")) return nullptr;
  std::vector<NamedExpr> columns = of_names(*op, kept);
  for (const NamedExpr& column : columns) expr::columns_of(column.value, wanted_below);
  const RelPtr rows = once_for_key(op->input, keys_below, wanted_below);
  return rows ? project(rows, std::move(columns)) : nullptr;
}

}  // namespace

bool finds_one(const Join& op) {
  std::vector<std::string> keys;
  for (const auto& [left, right] : op.on) keys.push_back(right);
  if (unique_on(op.right, keys)) return true;
  const auto held = held_around(op);
  return held && follows(op.right, keys, held->first, held->second);
}

RelPtr whichever_is_first(const FirstPerKey& op, const Need& need) {
  std::vector<std::string> wanted;
  for (const Column& column : op.input->columns)
    if (need.find(column.name) != nullptr) wanted.push_back(column.name);
  return once_for_key(op.input, op.keys, wanted);
}

}  // namespace vigie::store

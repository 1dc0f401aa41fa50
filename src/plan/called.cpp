// How rows are called that share a name, and keys.
#include "plan/called.h"

namespace vigie::plan {
namespace {

using expr::Expr;
using store::col;
using store::RelPtr;

constexpr std::string_view kName = "name";

/// "current:owner.name" → "current:", "owner", "name"; what is no path has no first part.
struct Path {
  std::string_view current, reached, last;
};

Path parts_of(std::string_view path) {
  Path out;
  if (path.starts_with(expr::kCurrent)) {
    out.current = path.substr(0, expr::kCurrent.size());
    path.remove_prefix(out.current.size());
  }
  const auto dot = path.find('.');
  if (dot != std::string_view::npos) out.reached = path.substr(0, dot);
  out.last = dot == std::string_view::npos ? path : path.substr(dot + 1);
  return out;
}

/// The table that the rows lead to under a prefix ("owner"); empty where there is none.
std::string table_reached(const model::Relation& relation, std::string_view prefix) {
  const auto reach = std::ranges::find(relation.columns, prefix, &model::RelationColumn::path);
  return prefix.empty() || reach == relation.columns.end() ? std::string() : reach->references;
}

/// The column that a path leads to; null of what the model does not declare: an attribute that a map added.
const model::Column* column_reached(const model::Model& model, const model::Relation& relation, const Path& path) {
  const model::Table* table = model.table(table_reached(relation, path.reached));
  return table ? table->find(path.last) : nullptr;
}

bool is_key(const model::Model& model, const model::Relation& relation, const Path& path) {
  if (path.reached.empty()) {
    const model::RelationColumn* own = relation.find(path.last);
    return own && model::is_key(own->name, own->type);
  }
  const model::Column* there = column_reached(model, relation, path);
  return there && model::is_key(there->name, model::scalar_of(there->type).type);
}

/// Tables that nearly everything is split by: facts tell of them, and who has no name there is called by its key. The
/// others may be large, and are looked at when something is split by their names.
bool are_facts_known(std::string_view table) {
  return std::ranges::any_of(kNamedTables, [&](const char* name) { return table == name; });
}

bool may_share_names(const DataFacts& facts, std::string_view table) {
  return !are_facts_known(table) || facts.namesakes.contains(std::string(table));
}

Expr concat(std::vector<Expr> texts) { return expr::call(expr::Op::concat, expr::Type::text, std::move(texts)); }

Expr with(const Expr& shown, const Expr& more) { return concat({shown, expr::text(" ("), more, expr::text(")")}); }

/// Adds `called`: what is `shown` of a row, where others that count are shown alike with `more`, and where a label
/// reads like another one, or like somebody's name, with the key and the source. Somebody's name may read like that
/// too: once any label reads like another, all names that end as labels do are called so, and no two alike.
RelPtr told_apart(RelPtr rows) {
  const auto count_alike = [&](const char* name, const char* column) {
    rows = store::neighbours(rows, {column}, {{"key", false}}, {{name, store::NeighbourFn::total, "counts"}});
  };
  const Expr one = expr::integer(1), shown = col(rows, "shown"), more = col(rows, "more");
  const Expr exactly = concat({col(rows, "source_key"), expr::text(", "), col(rows, "source")});
  count_alike("alike", "shown");
  rows = store::extend(rows, {{"label", when(expr::le(col(rows, "alike"), one), shown, with(shown, more))}});
  count_alike("labelled_alike", "label");
  rows = store::extend(rows, {{"clash", flag(expr::gt(col(rows, "labelled_alike"), one))}, {"of_all", one}});
  rows = store::neighbours(rows, {"of_all"}, {{"key", false}}, {{"clashes", store::NeighbourFn::total, "clash"}});
  const Expr ends_as_labels_do = expr::call(expr::Op::like, expr::Type::boolean, {shown, expr::text("%)")});
  const Expr in_question = when(ends_as_labels_do, col(rows, "clashes"), col(rows, "clash"));
  const Expr reads_like_nobody = expr::le(in_question, expr::integer(0));
  return store::extend(rows, {{"called", when(reads_like_nobody, col(rows, "label"), with(shown, exactly))}});
}

/// One row for each key of the table, with `shown`, by what it is called for itself, with what it has `more`, and
/// whether it counts: of a record that another one replaced nothing is shown.
RelPtr called_alone(const model::Model& model, std::string_view table) {
  const RelPtr keys = store::key_scan(table), rows = store::table_scan(model, table);
  const bool merges = store::find_column(rows, "merged_into") != nullptr;
  const RelPtr joined = store::join(
      store::JoinKind::left, keys,
      store::project(rows, {{"of", col(rows, "key")},
                            {"name", col(rows, kName)},
                            {"merged", merges ? col(rows, "merged_into") : expr::null_of(expr::Type::integer)}}),
      {{"key", "of"}});
  const Expr name = col(joined, "name");
  const Expr shown = are_facts_known(table) ? coalesce({name, col(joined, "source_key")}) : name;
  const Expr more = when(expr::is_null(name), col(joined, "source"), col(joined, "source_key"));
  return store::extend(joined,
                       {{"shown", shown}, {"more", more}, {"counts", flag(expr::is_null(col(joined, "merged")))}});
}

/// `called` of each `called_key`, and the key of its source.
RelPtr called_keys(std::string_view table) {
  const RelPtr keys = store::key_scan(table);
  const RelPtr rows = told_apart(store::extend(
      keys, {{"shown", col(keys, "source_key")}, {"more", col(keys, "source")}, {"counts", expr::integer(1)}}));
  return store::project(rows, {{"called_key", col(rows, "key")}, {"called", col(rows, "called")}});
}

RelPtr plain_keys(std::string_view table) {
  const RelPtr keys = store::key_scan(table);
  return store::project(keys, {{"called_key", col(keys, "key")}, {"called", col(keys, "source_key")}});
}

/// Adds `path`, what `names` call the row that `key` refers to.
RelPtr called_by(const RelPtr& rel, const RelPtr& names, const std::string& key, const std::string& path) {
  const RelPtr joined =
      store::join(store::JoinKind::left, rel, names, {{key, "called_key"}}, fmt::format("names.{}.", path));
  return kept_beside(rel, joined, {{path, col(joined, fmt::format("names.{}.called", path))}});
}

/// The label beside a column that filters read; empty: it has none.
std::string label_of(const model::Model& model, const model::Relation& relation, const DataFacts& facts,
                     const std::string& column) {
  const std::string key = column.ends_with(kSourceKey) ? key_column_of(column) : std::string();
  if (!key.empty()) return fmt::format("{}.{}", key, kCalled);
  const std::string shown = shown_by(model, relation, facts, column);
  return shown == column ? std::string() : shown;
}

Expr on_column(const Expr& comparison, const std::string& from, const std::string& to) {
  return expr::map_columns(comparison, [&](const expr::Node& node) {
    return node.name == from ? expr::column(to, expr::Type::text) : nullptr;
  });
}

bool may_name_a_label(const Expr& e) {
  const auto* text = e->op == expr::Op::literal ? std::get_if<std::string>(&e->literal) : nullptr;
  return text && text->ends_with(')');
}

}  // namespace

std::string table_behind(const model::Model& model, const model::Relation& relation, std::string_view column) {
  const Path path = parts_of(column);
  if (path.reached.empty()) {
    const model::RelationColumn* own = relation.find(path.last);
    return own ? own->references : std::string();
  }
  const model::Column* there = column_reached(model, relation, path);
  return there ? there->references : std::string();
}

std::string key_column_of(std::string_view path) {
  const auto dot = path.rfind('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view last = path.substr(dot + 1), key = path.substr(0, dot);
  // The name is enough: of columns that are called like keys, keys alone are given such paths.
  const bool names_a_key =
      (last == kSourceKey || last == kCalled) && model::is_key(parts_of(key).last, expr::Type::integer);
  return names_a_key ? std::string(key) : std::string();
}

std::string shown_by(const model::Model& model, const model::Relation& relation, const DataFacts& facts,
                     const std::string& column) {
  const Path path = parts_of(column);
  if (path.last == kName && !path.reached.empty()) {
    const std::string table = table_reached(relation, path.reached);
    if (table.empty() || !may_share_names(facts, table)) return column;
    return fmt::format("{}{}.{}", path.current, path.reached, kCalled);
  }
  if (!is_key(model, relation, path)) return column;
  return table_behind(model, relation, column).empty() ? std::string() : fmt::format("{}.{}", column, kCalled);
}

Expr with_labels(const model::Model& model, const model::Relation& relation, const DataFacts& facts,
                 const Expr& filter) {
  using expr::Op;
  if (!filter || filter->args.empty()) return filter;
  const bool compares = filter->op == Op::eq || filter->op == Op::ne || filter->op == Op::in;
  if (!compares) {
    expr::Node node = *filter;
    for (Expr& arg : node.args) arg = with_labels(model, relation, facts, arg);
    return std::make_shared<const expr::Node>(std::move(node));
  }
  if (std::ranges::none_of(filter->args, may_name_a_label)) return filter;
  for (const Expr& arg : filter->args) {
    if (arg->op != Op::column || arg->type != expr::Type::text) continue;
    const std::string label = label_of(model, relation, facts, arg->name);
    if (label.empty()) continue;
    const Expr of_label = on_column(filter, arg->name, label);
    return filter->op == Op::ne ? expr::all_of({filter, of_label}) : any_of({filter, of_label});
  }
  return filter;
}

RelPtr called_names(const model::Model& model, std::string_view table) {
  const RelPtr rows = told_apart(called_alone(model, table));
  return store::project(
      rows, {{"called_key", col(rows, "key")}, {"called", col(rows, "called")}, {"name", col(rows, kName)}});
}

RelPtr with_called_names(const RelationBuilder& build, const RelPtr& rel, std::string_view table,
                         const std::string& key, const std::string& prefix) {
  return called_by(rel, called_names(build.context().model, table), key, fmt::format("{}{}", prefix, kCalled));
}

RelPtr with_source_keys(const RelationBuilder& build, const model::Relation& relation, RelPtr rel,
                        const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const std::string key = key_column_of(path);
    if (key.empty() || store::find_column(rel, path)) continue;
    const std::string table = table_behind(build.context().model, relation, key);
    rel = called_by(rel, path.ends_with(kCalled) ? called_keys(table) : plain_keys(table), key, path);
  }
  return rel;
}

}  // namespace vigie::plan

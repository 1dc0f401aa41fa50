#include "store/print_rel.h"

#include <map>
#include <optional>

#include "store/print_level.h"

namespace vigie::store {
namespace {

using expr::Expr;
using expr::Facet;
using expr::Type;

/// Of columns that an aggregate over the partition makes; else empty.
std::string_view aggregate_name(NeighbourFn fn) {
  switch (fn) {
    case NeighbourFn::total:
    case NeighbourFn::total_so_far: return "sum";
    case NeighbourFn::least: return "min";
    case NeighbourFn::greatest_so_far: return "max";
    case NeighbourFn::lag:
    case NeighbourFn::lead:
    case NeighbourFn::row_number: break;
  }
  return {};
}

class Printer {
 public:
  Printer(const Dialect& dialect, const KeptParts& kept) : dialect_(dialect), kept_(kept) {}

  /// All columns of what is behind a shared part.
  std::string rows_of(const Shared& part, const std::vector<Column>& columns) {
    Need all;
    for (const Column& column : columns) all.add(column.name, Facets::all);
    return emit(part.input, all, 1);
  }

  std::string print(const RelPtr& rel, const Need& need) {
    count_readers(*rel);
    const std::string query = emit(rel, need, 0);
    return before_ + (before_.empty() ? "" : "\n") + query;
  }

 private:
  std::string emit(const RelPtr& rel, const Need& need, int depth) {
    return std::visit([&](const auto& op) { return emit_op(*rel, op, need, depth); }, rel->op);
  }

  static std::string line(int depth) { return "\n" + std::string(static_cast<std::size_t>(depth) * 2, ' '); }
  std::string id(std::string_view name, Facet facet) const {
    return dialect_.identifier(expr::facet_name(name, facet));
  }

  /// `"physical" AS "logical"`, or the one name where they are the same.
  void put(std::string& list, const Expr& value, const std::string& name, Facet facet) const {
    if (!list.empty()) list += ", ";
    const std::string text = expr::print(value, dialect_, facet);
    const std::string alias = id(name, facet);
    list += text == alias ? text : text + " AS " + alias;
  }

  void put_column(std::string& list, const Source& source, const Column& column, const Need& need) const {
    const Facets* wanted = need.find(column.name);
    if (wanted == nullptr) return;
    const Expr value = source.resolve(expr::column(column.name, column.type, column.scale));
    for (const Facet facet : facets_of(column.type, *wanted)) put(list, value, column.name, facet);
  }

  std::string pass_through(const Source& source, const std::vector<Column>& columns, const Need& need) const {
    std::string list;
    for (const Column& column : columns) put_column(list, source, column, need);
    return list;
  }

  /// " FROM … WHERE …" of a level whose expressions, in the names of `source.from`, are `used`.
  std::string from(const Source& source, const std::vector<Expr>& used, Need need, int depth) {
    for (const Expr& e : used) need.add(e);
    for (const Expr& e : source.conditions) need.add(e);
    std::string text = line(depth) + "FROM " + input(source.from, need, depth);
    std::string where;
    for (const Expr& condition : source.conditions) {
      where += (where.empty() ? "" : " AND ") + expr::print_condition(condition, dialect_);
    }
    if (!where.empty()) text += line(depth) + "WHERE " + where;
    return text;
  }

  /// How many operators of the tree read each shared part: for one alone it is computed in its place.
  void count_readers(const Rel& rel) {
    for (const RelPtr& input : inputs_of(rel)) {
      if (const auto* part = std::get_if<Shared>(&input->op); part != nullptr && ++readers_[part->input.get()] > 1)
        continue;
      count_readers(*input);
    }
  }

  /// What a query calls the rows of a table, or of what it computes once, as it is written there; nothing for what it
  /// computes in its place.
  std::optional<std::string> name_of(const Rel& rel) {
    if (const auto* table = std::get_if<Scan>(&rel.op)) return dialect_.identifier(table->table);
    const auto* once = std::get_if<Shared>(&rel.op);
    if (once == nullptr) return std::nullopt;
    if (const auto known = shared_.find(once->input.get()); known != shared_.end()) return known->second;
    const bool several = readers_[once->input.get()] > 1;
    if (!several && kept_.empty()) return std::nullopt;
    const std::string rows = rows_of(*once, rel.columns);
    std::optional<std::string> name;
    if (const auto kept = kept_.find(rows); kept != kept_.end()) {
      name = kept->second;
    } else if (several) {
      const std::string plain = fmt::format("once_{}", ++computed_);
      before_ += dialect_.computed_once(plain, line(1) + rows, before_.empty());
      name = dialect_.identifier(plain);
    }
    shared_[once->input.get()] = name;
    return name;
  }

  std::string input(const RelPtr& rel, const Need& need, int depth) {
    if (const auto named = name_of(*rel)) return *named;
    return "(" + line(depth + 1) + emit(rel, need, depth + 1) + ") AS t";
  }

  static std::string select(const std::string& list) { return "SELECT " + (list.empty() ? "1 AS \"one\"" : list); }

  /// The needed columns of an operator that changes none of them, in the names of its source.
  static void add_passed(const Source& source, const std::vector<Column>& columns, const Need& need, Need& below) {
    for (const Column& column : columns) {
      const Facets* wanted = need.find(column.name);
      if (wanted == nullptr) continue;
      const Expr value = source.resolve(expr::column(column.name, column.type, column.scale));
      below.add(value->name, *wanted);
    }
  }

  std::string emit_op(const Rel& rel, const Scan& op, const Need& need, int depth) {
    return select(pass_through({}, rel.columns, need)) + line(depth) + "FROM " + dialect_.identifier(op.table);
  }

  std::string emit_op(const Rel& rel, const Shared& part, const Need& need, int depth) {
    const auto named = name_of(rel);
    if (!named) return emit(part.input, need, depth);
    return select(pass_through({}, rel.columns, need)) + line(depth) + "FROM " + *named;
  }

  std::string emit_op(const Rel& rel, const Filter& op, const Need& need, int depth) {
    Source source = fold(op.input);
    source.conditions.push_back(source.resolve(op.predicate));
    return emit_folded(rel, source, need, depth);
  }

  std::string emit_folded(const Rel& rel, const Source& source, const Need& need, int depth) {
    Need below;
    add_passed(source, rel.columns, need, below);
    return select(pass_through(source, rel.columns, need)) + from(source, {}, below, depth);
  }

  std::string emit_op(const Rel& rel, const Project& op, const Need& need, int depth) {
    const Source source = fold(op.input);
    std::string list;
    Need below;
    std::vector<Expr> used;
    for (std::size_t i = 0; i < op.columns.size(); ++i) {
      const Facets* wanted = need.find(rel.columns[i].name);
      if (wanted == nullptr) continue;
      const Expr value = source.resolve(op.columns[i].value);
      for (const Facet facet : facets_of(rel.columns[i].type, *wanted)) put(list, value, rel.columns[i].name, facet);
      if (value->op == expr::Op::column) {
        below.add(value->name, *wanted);
      } else {
        used.push_back(value);
      }
    }
    return select(list) + from(source, used, below, depth);
  }

  std::string measure(const AggregateColumn& m, Facet facet) const {
    const std::string where = m.where ? expr::print_condition(m.where, dialect_) : "";
    const std::string value = m.value ? expr::print(m.value, dialect_) : "*";
    switch (m.fn) {
      case AggregateFn::count: return dialect_.aggregate("count", value, where);
      case AggregateFn::count_distinct: return dialect_.aggregate("count", "DISTINCT " + value, where);
      case AggregateFn::sum: return dialect_.aggregate("sum", value, where);
      case AggregateFn::sum_squares: return dialect_.sum_squares(value, m.value->scale, where);
      case AggregateFn::any_bits: return dialect_.aggregate("bit_or", value, where);
      case AggregateFn::max_abs: return dialect_.aggregate("max", "abs(" + value + ")", where);
      case AggregateFn::min:
      case AggregateFn::max: return extreme(m, facet, where);
    }
    return {};
  }

  /// Least or greatest; of an instant also its day (which grows with it), its offset and whether it is bare.
  std::string extreme(const AggregateColumn& m, Facet facet, const std::string& where) const {
    const bool least = m.fn == AggregateFn::min;
    const std::string part = expr::print(m.value, dialect_, facet);
    if (facet == Facet::value || facet == Facet::day) return dialect_.aggregate(least ? "min" : "max", part, where);
    // At equal instants the bare one: least of 2µs, 2µs + 1 when it comes first, greatest when it comes last.
    const std::string by =
        fmt::format("({}) * 2 + CASE WHEN {} THEN {} END", expr::print(m.value, dialect_, Facet::value),
                    expr::print(m.value, dialect_, Facet::bare), least ? "0 ELSE 1" : "1 ELSE 0");
    return least ? dialect_.at_least(part, by, where) : dialect_.at_greatest(part, by, where);
  }

  std::string emit_op(const Rel& rel, const Aggregate& op, const Need& need, int depth) {
    const Source source = fold(op.input);
    std::string list;
    std::string keys;
    std::vector<Expr> used;
    for (std::size_t i = 0; i < op.group.size(); ++i) {
      const Expr key = source.resolve(op.group[i].value);
      used.push_back(key);
      const bool plain = key->op == expr::Op::column;
      if (!plain) return emit_op(rel, std::get<Aggregate>(prepared(op)->op), need, depth);
      keys += (keys.empty() ? "" : ", ") + expr::print(key, dialect_);
      const Facets* wanted = need.find(rel.columns[i].name);
      if (wanted == nullptr) continue;
      for (const Facet facet : facets_of(key->type, *wanted)) {
        put_key(list, key, rel.columns[i].name, facet);
      }
    }
    for (std::size_t i = 0; i < op.measures.size(); ++i) {
      AggregateColumn resolved = op.measures[i];
      resolved.value = source.resolve(resolved.value);
      resolved.where = source.resolve(resolved.where);
      const Facets* wanted = need.find(resolved.name);
      if (wanted == nullptr) continue;
      used.push_back(resolved.value);
      used.push_back(resolved.where);
      for (const Facet facet : facets_of(rel.columns[op.group.size() + i].type, *wanted)) {
        list += (list.empty() ? "" : ", ") + measure(resolved, facet) + " AS " + id(resolved.name, facet);
      }
    }
    if (list.empty() && keys.empty()) list = "count(*) AS \"one\"";  // one row, as an aggregate without keys gives
    std::string text = select(list) + from(source, used, {}, depth);
    if (!keys.empty()) text += line(depth) + "GROUP BY " + keys;
    return text;
  }

  /// Rows are grouped by an instant's value; its day and offset follow from it, and it is bare if any row is.
  void put_key(std::string& list, const Expr& key, const std::string& name, Facet facet) const {
    if (facet == Facet::value) return put(list, key, name, facet);
    list += ", max(" + expr::print(key, dialect_, facet) + ") AS " + id(name, facet);
  }

  /// The same aggregate over an input in which each key is a column of its own: keys are never repeated as expressions,
  /// and a literal key is never taken for a position. Names of the keys give way where an argument of a measure has
  /// them.
  static RelPtr prepared(const Aggregate& op) {
    std::vector<std::string> arguments;
    for (const AggregateColumn& m : op.measures) {
      if (m.value) expr::columns_of(m.value, arguments);
      if (m.where) expr::columns_of(m.where, arguments);
    }
    std::vector<NamedExpr> columns;
    std::vector<NamedExpr> group;
    for (const NamedExpr& key : op.group) {
      std::string name = key.name;
      while (std::ranges::find(arguments, name) != arguments.end()) name += "'";
      columns.push_back({name, key.value});
      group.push_back({key.name, expr::column(name, key.value->type, key.value->scale)});
    }
    for (const std::string& name : arguments) columns.push_back({name, col(op.input, name)});
    return aggregate(project(op.input, std::move(columns)), std::move(group), op.measures);
  }

  /// Nobody looks at what the join adds, and it finds at most one row: the left side is all there is to it.
  static bool adds_nothing(const Join& op, const Need& need) {
    if (op.kind != JoinKind::left) return false;
    const auto needed = [&](const Column& column) { return need.find(op.prefix + column.name) != nullptr; };
    return std::ranges::none_of(op.right->columns, needed) && finds_one(op);
  }

  std::string emit_op(const Rel& rel, const Join& op, const Need& need, int depth) {
    if (adds_nothing(op, need)) return emit(op.left, need, depth);
    Need both = need;
    both.add(op.condition);
    Need left_need;
    Need right_need;
    std::string on;
    for (const auto& [left, right] : op.on) {
      left_need.add(left, Facets::value_only);
      right_need.add(op.prefix + right, Facets::value_only);
      on += (on.empty() ? "l." : " AND l.") + id(left, Facet::value) + " = r." + id(op.prefix + right, Facet::value);
    }
    for (const Column& column : op.left->columns) {
      if (const Facets* wanted = both.find(column.name)) left_need.add(column.name, *wanted);
    }
    std::vector<NamedExpr> renamed;
    for (const Column& column : op.right->columns) {
      renamed.push_back({op.prefix + column.name, expr::column(column.name, column.type, column.scale)});
      if (const Facets* wanted = both.find(op.prefix + column.name)) right_need.add(op.prefix + column.name, *wanted);
    }
    if (op.condition) on += (on.empty() ? "" : " AND ") + expr::print_condition(op.condition, dialect_);
    const RelPtr right = project(op.right, std::move(renamed));
    const auto side = [&](const RelPtr& of, const Need& needed, std::string_view alias) {
      if (const auto named = name_of(*of)) return fmt::format("{} AS {}", *named, alias);
      return fmt::format("({}{}) AS {}", line(depth + 1), emit(of, needed, depth + 1), alias);
    };
    return select(pass_through({}, rel.columns, need)) + line(depth) + "FROM " + side(op.left, left_need, "l") +
           line(depth) + (op.kind == JoinKind::left ? "LEFT JOIN " : "JOIN ") + side(right, right_need, "r") +
           line(depth) + "ON " + on;
  }

  std::string order_by(const Source& source, const RelPtr& rel, const std::vector<SortKey>& order) const {
    std::string text;
    for (const SortKey& key : order) {
      text += (text.empty() ? "ORDER BY " : ", ") + expr::print(source.resolve(col(rel, key.column)), dialect_) +
              (key.descending ? " DESC NULLS LAST" : " ASC NULLS LAST");
    }
    return text;
  }

  std::string window(const Source& source, const RelPtr& rel, const std::vector<std::string>& partition,
                     const std::vector<SortKey>& order) const {
    std::string keys;
    for (const std::string& key : partition) {
      keys += (keys.empty() ? "PARTITION BY " : ", ") + expr::print(source.resolve(col(rel, key)), dialect_);
    }
    return "OVER (" + keys + (keys.empty() ? "" : " ") + order_by(source, rel, order) + ")";
  }

  /// The window without the rows after the row; rows that the order does not tell apart come one by one.
  static std::string up_to_the_row(std::string window) {
    window.pop_back();
    return window + " ROWS UNBOUNDED PRECEDING)";
  }

  static void add_keys(const Source& source, const RelPtr& rel, const std::vector<std::string>& keys,
                       const std::vector<SortKey>& order, Need& below) {
    for (const std::string& key : keys) below.add(source.resolve(col(rel, key))->name, Facets::value_only);
    for (const SortKey& key : order) below.add(source.resolve(col(rel, key.column))->name, Facets::value_only);
  }

  std::string emit_op(const Rel& rel, const FirstPerKey& op, const Need& need, int depth) {
    if (const RelPtr rows = whichever_is_first(op, need)) return emit_folded(rel, fold(rows), need, depth);
    const Source source = fold(op.input);
    Need below;
    add_passed(source, rel.columns, need, below);
    add_keys(source, op.input, op.keys, op.order, below);
    return select(pass_through(source, rel.columns, need)) + from(source, {}, below, depth) + line(depth) +
           "QUALIFY row_number() " + window(source, op.input, op.keys, op.order) + " = 1";
  }

  std::string emit_op(const Rel& rel, const Neighbours& op, const Need& need, int depth) {
    const Source source = fold(op.input);
    Need below;
    add_passed(source, op.input->columns, need, below);
    add_keys(source, op.input, op.partition, op.order, below);
    std::string list = pass_through(source, op.input->columns, need);
    const std::string over = window(source, op.input, op.partition, op.order);
    for (std::size_t i = 0; i < op.columns.size(); ++i) {
      const NeighbourColumn& column = op.columns[i];
      const Facets* wanted = need.find(column.name);
      if (wanted == nullptr) continue;
      const Column& output = rel.columns[op.input->columns.size() + i];
      for (const Facet facet : facets_of(output.type, *wanted)) {
        if (!list.empty()) list += ", ";
        if (column.fn == NeighbourFn::row_number) {
          list += "row_number() " + over + " AS " + id(column.name, facet);
          continue;
        }
        const Expr value = source.resolve(col(op.input, column.column));
        below.add(value->name, *wanted);
        if (const std::string_view fn = aggregate_name(column.fn); !fn.empty()) {
          const bool so_far = column.fn == NeighbourFn::total_so_far || column.fn == NeighbourFn::greatest_so_far;
          list += fmt::format("CAST({}({}) {} AS {}) AS {}", fn, expr::print(value, dialect_, facet),
                              so_far ? up_to_the_row(over) : window(source, op.input, op.partition, {}),
                              facet_type(output, facet), id(column.name, facet));
          continue;
        }
        list += (column.fn == NeighbourFn::lag ? "lag(" : "lead(") + expr::print(value, dialect_, facet) + ") " + over +
                " AS " + id(column.name, facet);
      }
    }
    return select(list) + from(source, {}, below, depth);
  }

  /// Numbers, days, instants and truths of many rows, as one list a column; none where a column holds something else.
  std::optional<std::string> lists(const Rel& rel, const Values& op, const Need& need) const {
    constexpr std::size_t kFew = 8;
    if (op.rows.size() < kFew) return std::nullopt;
    std::string columns;
    for (std::size_t i = 0; i < rel.columns.size(); ++i) {
      const Column& column = rel.columns[i];
      const Facets* wanted = need.find(column.name);
      if (wanted == nullptr) continue;
      for (const Facet facet : facets_of(column.type, *wanted)) {
        std::string items;
        for (const auto& row : op.rows) {
          const auto item = list_item(row[i], column.type == Type::instant ? facet : Facet::value);
          if (!item) return std::nullopt;
          items += (items.empty() ? "" : ",") + *item;
        }
        columns += (columns.empty() ? "" : ", ") + dialect_.list_column(items, facet_type(column, facet)) + " AS " +
                   id(column.name, facet);
      }
    }
    return columns.empty() ? std::nullopt : std::optional(columns);
  }

  std::string emit_op(const Rel& rel, const Values& op, const Need& need, int depth) {
    if (const auto columns = lists(rel, op, need)) return select(*columns);
    std::string list;
    std::string names;
    std::vector<std::string> rows(op.rows.size());
    for (std::size_t i = 0; i < rel.columns.size(); ++i) {
      const Column& column = rel.columns[i];
      const Facets* wanted = need.find(column.name);
      if (wanted == nullptr) continue;
      for (const Facet facet : facets_of(column.type, *wanted)) {
        const std::string plain = fmt::format("c{}_{}", i, static_cast<int>(facet));
        list += fmt::format("{}CAST({} AS {}) AS {}", list.empty() ? "" : ", ", plain, facet_type(column, facet),
                            id(column.name, facet));
        names += (names.empty() ? "" : ", ") + plain;
        for (std::size_t row = 0; row < rows.size(); ++row) {
          rows[row] += (rows[row].empty() ? "" : ", ") + literal(op.rows[row][i], column, facet);
        }
      }
    }
    return select(list) + line(depth) + "FROM (VALUES " + rows_text(rows, names) + ") AS v(" +
           (names.empty() ? "one" : names) + ")" + (rows.empty() ? line(depth) + "WHERE false" : "");
  }

  static std::string rows_text(const std::vector<std::string>& rows, const std::string& names) {
    std::string text;
    for (const std::string& row : rows) text += (text.empty() ? "(" : ", (") + (row.empty() ? "1" : row) + ")";
    if (!text.empty()) return text;
    const auto columns = names.empty() ? 1 : std::ranges::count(names, ',') + 1;
    for (int i = 0; i < columns; ++i) text += i == 0 ? "(NULL" : ", NULL";
    return text + ")";
  }

  std::string literal(const expr::Literal& value, const Column& column, Facet facet) const {
    const bool null = std::holds_alternative<std::monostate>(value);
    return null ? "NULL"
                : expr::print(expr::literal(value), dialect_, column.type == Type::instant ? facet : Facet::value);
  }

  std::string facet_type(const Column& column, Facet facet) const {
    switch (facet) {
      case Facet::day: return dialect_.type_name(Type::date, 0);
      case Facet::offset: return dialect_.type_name(Type::integer, 0);
      case Facet::bare: return dialect_.type_name(Type::boolean, 0);
      case Facet::value: break;
    }
    return dialect_.type_name(column.type, column.scale);
  }

  std::string emit_op(const Rel& rel, const UnionAll& op, const Need& need, int depth) {
    std::string text;
    for (const RelPtr& part : op.inputs) {
      // Each part lists the same columns in the same order; a part may need to be cut to them.
      const Source source = fold(part);
      if (!text.empty()) text += line(depth) + "UNION ALL" + line(depth);
      text += emit_folded(rel, source, need, depth);
    }
    return text;
  }

  std::string emit_op(const Rel& rel, const Limit& op, const Need& need, int depth) {
    // Not folded: an ORDER BY sees its own level's aliases first, so names must mean the same inside and out.
    const Source source{op.input, {}, {}};
    Need below = need;
    add_keys(source, op.input, {}, op.order, below);
    std::string text = select(pass_through(source, rel.columns, need)) + from(source, {}, below, depth);
    if (!op.order.empty()) text += line(depth) + order_by(source, op.input, op.order);
    text += line(depth) + fmt::format("LIMIT {}", op.count);
    if (op.offset > 0) text += fmt::format(" OFFSET {}", op.offset);
    return text;
  }

  const Dialect& dialect_;
  const KeptParts& kept_;
  std::map<const Rel*, int> readers_;
  std::map<const Rel*, std::optional<std::string>> shared_;  ///< parts met so far, and the name; none: in their place
  std::size_t computed_ = 0;                                 ///< how many of them the query computes once
  std::string before_;                                       ///< the queries behind those
};

}  // namespace

std::string print(const RelPtr& plan, const Dialect& dialect) { return print(plan, dialect, {}); }

std::string print(const RelPtr& plan, const Dialect& dialect, const KeptParts& kept) {
  Need top;
  for (const Column& column : plan->columns) top.add(column.name, Facets::value_only);
  return Printer(dialect, kept).print(plan, top);
}

std::string shared_sql(const RelPtr& shared, const Dialect& dialect, const KeptParts& kept) {
  return Printer(dialect, kept).rows_of(std::get<Shared>(shared->op), shared->columns);
}

}  // namespace vigie::store

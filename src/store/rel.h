#pragma once
// store/ — the warehouse port and its engines.
//
// A plan is a tree of the few relational operators below; KPI code builds trees, and only this room prints SQL. Trees
// are immutable. Every engine answers the same tree with the same figures.
//
//   rel.h            the operators
//   result_set.h     what a query gives back: exact integers, decimals, texts
//   engine.h         the port: run a tree, cancel, deadline; duckdb_engine.h: on DuckDB, its lanes
//   database.h       a DuckDB file or an in-memory engine: connections, transactions, statements; stream.h: many rows
//   print_rel.h      tree → SQL for a dialect: nested subqueries, one join a level
//   warehouse.h      the tables of the canonical model in a database: creation, physical columns, versions;
//                    layout.h: are they still those?
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "expr/expr.h"

namespace vigie::store {

struct Column {
  std::string name;
  expr::Type type = expr::Type::null;
  int scale = 0;
};

enum class AggregateFn { count, count_distinct, sum, sum_squares, min, max, max_abs, any_bits };

/// One aggregate: fn over `value` (absent for count of rows) of the rows where `where` is true (absent: all).
/// sum: of integer, number, money, duration, exact. sum_squares: of the amount rounded half-even to two decimals,
/// exact. any_bits: the bits that any of the integers has.
struct AggregateColumn {
  std::string name;
  AggregateFn fn = AggregateFn::count;
  expr::Expr value;
  expr::Expr where;
};

struct NamedExpr {
  std::string name;
  expr::Expr value;
};

struct Rel;
using RelPtr = std::shared_ptr<const Rel>;

/// Rows of which each holds from one instant up to another (no `to`: for good), and of one key never two at once.
struct Spells {
  std::string key, from, to;
};
struct Scan {
  std::string table;
  std::string unique;  ///< a column no two rows agree in; empty: none is known
  std::optional<Spells> spells = std::nullopt;
};  ///< physical table or view; columns as declared in Rel::columns
struct Filter {
  RelPtr input;
  expr::Expr predicate;
};
struct Project {
  RelPtr input;
  std::vector<NamedExpr> columns;
};
struct Aggregate {
  RelPtr input;
  std::vector<NamedExpr> group;
  std::vector<AggregateColumn> measures;
};
enum class JoinKind { inner, left };
/// Equi-join on pairs of columns, then an optional condition over both sides' (of an inner join it may stand alone: an
/// engine meets only the rows that pass it). Gives the left columns and the right ones as "<prefix><name>", unlike them.
struct Join {
  RelPtr left, right;
  std::vector<std::pair<std::string, std::string>> on;
  JoinKind kind = JoinKind::left;
  std::string prefix;
  expr::Expr condition;
};
struct SortKey {
  std::string column;
  bool descending = false;
};
/// One row per key: the first in the given order.
struct FirstPerKey {
  RelPtr input;
  std::vector<std::string> keys;
  std::vector<SortKey> order;
};
/// Adds columns read from the rows of the same partition: lag/lead of a column, the row's number from 1, the exact sum
/// or the least of a column over the whole partition (whatever its order), or the exact sum or the greatest of those up
/// to the row, itself included.
enum class NeighbourFn { lag, lead, row_number, total, least, total_so_far, greatest_so_far };
struct NeighbourColumn {
  std::string name;
  NeighbourFn fn;
  std::string column;
};
struct Neighbours {
  RelPtr input;
  std::vector<std::string> partition;
  std::vector<SortKey> order;
  std::vector<NeighbourColumn> columns;
};
/// Literal rows; a column's values all have its type or are null.
struct Values {
  std::vector<std::vector<expr::Literal>> rows;
};
struct UnionAll {
  std::vector<RelPtr> inputs;
};  ///< same column names and types, in order
struct Limit {
  RelPtr input;
  std::vector<SortKey> order;
  std::int64_t count = 0, offset = 0;
};
/// Computed once, however many branches of the tree read it. Carries every column that it has: cut it to what they use.
struct Shared {
  RelPtr input;
};

struct Rel {
  std::variant<Scan, Filter, Project, Aggregate, Join, FirstPerKey, Neighbours, Values, UnionAll, Limit, Shared> op;
  std::vector<Column> columns;  ///< the output, logical: an instant column stands for its four facets
};

// Builders: each computes the output columns and asserts that the names it uses exist (our own mistake otherwise).
RelPtr scan(std::string table, std::vector<Column> columns, std::string unique = "");
RelPtr scan(std::string table, std::vector<Column> columns, Spells spells);
RelPtr filter(RelPtr input, expr::Expr predicate);  ///< returns `input` for a null predicate
RelPtr project(RelPtr input, std::vector<NamedExpr> columns);
RelPtr extend(RelPtr input, std::vector<NamedExpr> more);  ///< project that keeps all columns and adds some
RelPtr aggregate(RelPtr input, std::vector<NamedExpr> group, std::vector<AggregateColumn> measures);
RelPtr join(JoinKind kind, RelPtr left, RelPtr right, std::vector<std::pair<std::string, std::string>> on,
            std::string prefix = "", expr::Expr condition = nullptr);
RelPtr first_per_key(RelPtr input, std::vector<std::string> keys, std::vector<SortKey> order);
RelPtr neighbours(RelPtr input, std::vector<std::string> partition, std::vector<SortKey> order,
                  std::vector<NeighbourColumn> columns);
RelPtr values(std::vector<Column> columns, std::vector<std::vector<expr::Literal>> rows);
RelPtr union_all(std::vector<RelPtr> inputs);
RelPtr limit(RelPtr input, std::vector<SortKey> order, std::int64_t count, std::int64_t offset = 0);
RelPtr shared(RelPtr input);

/// The column of that name as an expression; asserts that it exists.
expr::Expr col(const RelPtr& rel, std::string_view name);
const Column* find_column(const RelPtr& rel, std::string_view name);

}  // namespace vigie::store

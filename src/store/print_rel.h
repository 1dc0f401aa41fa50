#pragma once
#include <map>

#include "expr/print.h"
#include "store/rel.h"

namespace vigie::store {

/// What printing a tree needs of an engine beside its scalars: aggregates over the rows where `condition` is true
/// (empty: all rows).
class Dialect : public expr::Dialect {
 public:
  /// `name`: count, sum, min, max; `argument` may be "*" or "DISTINCT x".
  virtual std::string aggregate(std::string_view name, const std::string& argument,
                                const std::string& condition) const = 0;
  /// `value` of the row where `by` is least (greatest); rows where either is null are left out.
  virtual std::string at_least(const std::string& value, const std::string& by, const std::string& condition) const = 0;
  virtual std::string at_greatest(const std::string& value, const std::string& by,
                                  const std::string& condition) const = 0;
  /// Sum of (amount rounded half-even to two decimals)², exact, of scale 4; null over no amounts.
  virtual std::string sum_squares(const std::string& amount, int scale, const std::string& condition) const = 0;
  /// One row for each of `items` ("1,NULL,3"), beside the other such columns of its level; many literal rows are read
  /// several times faster so than as expressions.
  virtual std::string list_column(const std::string& items, const std::string& type) const = 0;
  /// What stands before a query so that `name` is the rows of `query`, computed once; `first`: nothing such before it.
  virtual std::string computed_once(const std::string& name, const std::string& query, bool first) const = 0;
};

const Dialect& duckdb_dialect();

/// SQL of a tree: nested subqueries, one join a level; a CTE only for what is `shared`. Only the columns that a parent
/// uses are carried. Instant columns come out as their four facets wherever a parent may need them, and as their value
/// alone at the top.
///
/// An order puts nulls last, ascending or not. Where rows are grouped by an instant, or its least or greatest is taken,
/// the other facets are those of that instant (bare if any row with it is).
std::string print(const RelPtr& plan, const Dialect& dialect);

/// The trees that an operator reads.
std::vector<RelPtr> inputs_of(const Rel& rel);
/// Every `shared` part of a tree once, but for those inside others.
std::vector<RelPtr> shared_in(const RelPtr& rel);

/// Parts that were computed already: by the query behind each (shared_sql), the table that holds its rows, in the
/// words of SQL (quoted, with its database where that is another one).
using KeptParts = std::map<std::string, std::string>;
std::string print(const RelPtr& plan, const Dialect& dialect, const KeptParts& kept);
/// The query behind a `shared` part: all its columns, instants as their four facets.
std::string shared_sql(const RelPtr& shared, const Dialect& dialect, const KeptParts& kept);

}  // namespace vigie::store

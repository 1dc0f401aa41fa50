#pragma once
#include "expr/print.h"
#include "store/rel.h"

namespace vigie::store {

const expr::Dialect& duckdb_dialect();

/// SQL of a tree: nested subqueries, one join a level, no CTE. Instant columns come out as their four facets wherever a
/// parent may need them, and as their value alone at the top.
std::string print(const RelPtr& plan, const expr::Dialect& dialect);

}  // namespace vigie::store

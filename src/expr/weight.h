#pragma once
#include "expr/expr.h"

namespace vigie::expr {

/// An upper bound of the names and values in the query that any dialect prints for the tree. Printing repeats parts: a
/// duration asks its ends for three facets, an engine without "is not distinct from" writes both sides of = twice, so
/// that a short text can stand for an enormous query. The checker refuses those (kMaxPrinted); this bounds every walk
/// of a tree.
std::int64_t printed_size(const Expr& e);
int depth(const Expr& e);  ///< 1 for a leaf

}  // namespace vigie::expr

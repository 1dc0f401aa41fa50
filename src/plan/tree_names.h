#pragma once
// The names in which the builders write their trees; included by their .cpp files alone.
#include "expr/expr.h"
#include "store/rel.h"

namespace vigie::plan {

using expr::Expr;
using expr::Op;
using expr::Type;
using store::AggregateFn;
using store::col;
using store::JoinKind;
using store::NeighbourFn;
using store::RelPtr;

}  // namespace vigie::plan

#pragma once
#include "catalog/definition.h"
#include "expr/expr.h"

namespace vigie::kpi {

/// Could a row whose `column` has this value pass the filter, whatever its other columns hold? Null: every row passes.
bool may_pass(const expr::Expr& filter, std::string_view column, std::string_view value);

}  // namespace vigie::kpi

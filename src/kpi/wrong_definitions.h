#pragma once
#include "catalog/catalog.h"
#include "kpi/answer.h"

namespace vigie::kpi {

/// Definitions that are wrong stand in the way of no other KPI, and are no secret either: what every figure says of
/// them, `definitions_refused`, and `definitions_nameless` of files that do not say of which KPI they are. Nothing
/// where none is wrong.
std::vector<Warning> told_of_wrong_definitions(const catalog::Catalog& catalog);

}  // namespace vigie::kpi

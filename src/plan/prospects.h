#pragma once
#include "plan/relations.h"

namespace vigie::plan {

/// Are the rows of the relation such units as conversion is counted in?
bool counts_prospects(std::string_view relation);

/// Of each company that came as a prospect before it paid, the first prospect: however often it came, it has one cycle.
Result<store::RelPtr> conversions(const RelationContext& context);

}  // namespace vigie::plan

#pragma once
#include "plan/relations.h"

namespace vigie::plan {

class RelationBuilder;

/// The customer that each lead is of: its own, that of its deal, or that of the first deal which names it: became_lead
/// (the lead), became.
store::RelPtr customers_of_leads(const RelationBuilder& build);

/// Are the rows of the relation such units as conversion is counted in?
bool counts_prospects(std::string_view relation);

/// Of each company that came as a prospect before it paid, the first prospect: however often it came, it has one cycle.
Result<store::RelPtr> conversions(const RelationContext& context);

}  // namespace vigie::plan

#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

/// Sales, and refunds with a minus, each on its own date, with the team of their seller.
Result<store::RelPtr> net_sales(const RelationContext& context);
/// What is to be sold: one row per quota and period that holds the whole of it.
Result<store::RelPtr> quotas(const RelationContext& context);

/// The rows of net_sales (or deals won, with the same columns) by the periods that they are dated in, and whether each
/// falls in the time of the quotas that count there: in_people, in_teams.
Result<store::RelPtr> quota_sales(const RelationContext& context);
Result<store::RelPtr> quota_deals(const RelationContext& context);

}  // namespace vigie::plan

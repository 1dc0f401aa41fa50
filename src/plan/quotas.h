#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

/// Sales, and refunds with a minus, each on its own date, with the team of their seller.
Result<store::RelPtr> net_sales(const RelationContext& context);
/// What is to be sold: one row per quota and period that holds the whole of it.
Result<store::RelPtr> quotas(const RelationContext& context);

/// The rows of net_sales (or deals won, with the same columns) by the periods that they are dated in, and whether each
/// falls in the time of the quotas that count there: of its seller (in_people), of the seller's team (in_teams), of the
/// whole company (in_company).
Result<store::RelPtr> quota_sales(const RelationContext& context);
Result<store::RelPtr> quota_deals(const RelationContext& context);
/// The rows of deal_periods with the same of the day on which they were expected to close when the period opened, and
/// the day after the last of these quotas: people_until, team_until, company_until.
Result<store::RelPtr> quota_pipeline(const RelationContext& context);

}  // namespace vigie::plan

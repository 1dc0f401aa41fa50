#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

inline constexpr std::string_view kOnTrial = "on_trial", kPaidFrom = "paid_from";

/// Rows of `subscriptions` begun before as_of, with what they are of a trial, as their words and their versions tell:
///   on_trial   is the row one at as_of, so that nothing of it was paid yet?
///   paid_from  the first instant that is no trial (an instant): its start, where it never was one.
/// A trial ends with the first version that calls it none, or at its trial_end_at if that comes before.
store::RelPtr with_trials(const RelationBuilder& build, store::RelPtr subscriptions);

/// Of rows with paid_from: did it end before anything was paid?
expr::Expr ended_in_its_trial(const store::RelPtr& rows);

}  // namespace vigie::plan

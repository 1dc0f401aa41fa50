#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

/// Subscriptions in stretches of which each is paid, or is a trial: most rows are one stretch.
///
/// What a row says, of itself or in a version that its source dated (updated_at; a change without a date is a
/// correction, and holds from the change before it on):
///
///   status trial                      a trial, whatever end was planned
///   is_trial, and any other status    a trial until its trial_end_at, paid from then on; without one, a trial
///   active, past due                  paid: at the row's start from its trial_end_at on, after a trial at once
///   cancelled, paused                 what it was before; of a row that says nothing before, as active
///
/// A change without a date is a correction: the row is since the last dated change what it says now. (Where the row has
/// lost its updated_at, a change is dated that lies within what is known.) A row that is cancelled, and ended within a
/// day of its trial_end_at, was never paid: sources end trials a little late; nor was one past due for too long by then.
///
/// Adds to rows with key, started_at, ended_at, updated_at, status, is_trial and trial_end_at, which come once for each
/// stretch begun before as_of: is_trial_stretch; and begun_at, over_at in the places of started_at and ended_at.
store::RelPtr stretches(const RelationBuilder& build, const store::RelPtr& subscriptions);

/// Whether something is owed for a subscription, in the document's currency.
expr::Expr is_owed(expr::Expr owed);

}  // namespace vigie::plan

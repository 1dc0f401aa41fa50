#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

/// Subscriptions in stretches of which each is paid, or is a trial: most rows are one stretch.
///
/// The life of a row, from started_at up to ended_at, is cut by its versions, and each version alone decides about its
/// piece: so no instant lies in two.
///
///   Rests         a version that is cancelled or paused, without is_trial, is what the one before it is: that one
///   lasts
///                 on. The first version of a row reads as active then.
///   Corrections   a change that the source does not date (no updated_at, or one yet to come) is a correction: what the
///                 row says now holds since the last change that was dated, and what it said in between never was.
///   as_of         a version begun by then or later is not seen; the last one that is has no end.
///
///   A version says                       and is a trial
///   status trial                         whatever end was planned
///   is_trial, with any other status      up to its trial_end_at; without one, all of it
///   neither, and none before it did      up to its trial_end_at, for the row began with a trial; without one, nothing
///   neither, after one that did          nothing: it is paid at once
///
/// Its trial_end_at is its own; where it has none, that of the next version, if that lies at or before the change: a
/// trial whose end is told afterwards. What is no trial is paid. Pieces of one kind that follow each other are one
/// stretch: a trial begins once however it is told, and whoever paid and is called a trial again begins another one.
///
/// What is over with its trial was never paid: cancelled, and ended within a day after it (sources end trials a little
/// late); or past due for too long by then. A row that was over at once is one stretch, as its last version says.
///
/// The known subscriptions, once for each stretch begun before as_of. Adds is_trial_stretch; and begun_at, over_at in
/// the places of started_at and ended_at.
store::RelPtr stretches(const RelationBuilder& build);

/// The same rows, once for each piece that some as-of up to the builder's takes for paid. Adds seen_from, seen_to (µs;
/// null: for good): the as-ofs after the first, up to and with the second. What is told later may take a piece back (a
/// trial whose end is told afterwards), so a piece is told twice: as the last word sees it until the next one is said,
/// and as all see it since. Of each as-of alone some piece is there if and only if `stretches` of that as-of has one
/// that is paid; pieces that follow each other are not made one.
store::RelPtr pieces_seen_paid(const RelationBuilder& build);

/// Subscriptions begun before as_of whose customer is known; ended with their row at the latest.
store::RelPtr known_subscriptions(const RelationBuilder& build);

}  // namespace vigie::plan

#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

/// Stages with their place: of, stage, pipeline, pipe (0: none), stage_source, position, ends (open, won, lost), rank
/// and won_rank. The rank counts the open stages of a pipeline from 1 by position; a won stage comes after the last of
/// them; a lost one, and one without a position, has none.
store::RelPtr ranked_stages(const RelationBuilder& build);

/// The stages that a deal is won or lost in: closing_stage.
store::RelPtr closing_stages(const RelationBuilder& build);

/// The log of a deal's stages up to as_of, one row per move into another stage than the one before, with the columns of
/// ranked_stages and: deal (its key), step (from 1), then_at, then_rank, then_ends (the next move; null: none before
/// as_of), ends_before, visit (the how-manieth time in this stage), from_rank (of the stage it came from), entered_at,
/// origin, amount_at.
store::RelPtr moves(const RelationBuilder& build);

/// What the log says a deal was worth, and from when until when: priced_deal, logged_amount (null: not priced),
/// logged_document and logged_currency (as it says it), logged_at, logged_until (null: nothing later was logged before
/// as_of).
store::RelPtr logged_amounts(const RelationBuilder& build);

/// Outcomes that versions of deals tell, where they changed: ran_deal, ran_as, ran_closed (when it was closed as that;
/// null: open, or nobody says), ran_from, ran_to (µs; null: in force). An open deal is closed from the date of its
/// close on, however late its row says so; another word about a close that is known holds from when it is said.
store::RelPtr outcome_runs(const RelationBuilder& build);

/// Rows of `opportunities` with stood_outcome and stood_closed_at, as they stood at as_of, and logged_stage: the stage
/// that the log tells where the row tells a later one (null: the row's, as far as the log knows). The row tells the
/// last close. What a deal was before its row changed, at as_of or later, is told by the log of its stages where that
/// knows the deal, else by the row's versions.
store::RelPtr as_they_stood(const RelationBuilder& build, store::RelPtr opportunities);

/// Those rows with the amount that they had at as_of, priced on the day of the close that they had then, else of their
/// creation. What a deal was worth before its row changed, at as_of or later, is told by the last amount that the log
/// of its stages told, unless the row has changed since; else by the row's version of then. The row's own amount holds
/// where nothing is told of the deal at as_of or later.
store::RelPtr worth_then(const RelationBuilder& build, store::RelPtr standing);

/// Quotes in the place of leads, with the columns of prospects.
Result<store::RelPtr> quote_prospects(const RelationContext& context);

}  // namespace vigie::plan

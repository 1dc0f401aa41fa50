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

/// Those of the whole log, later ones too.
store::RelPtr all_moves(const RelationBuilder& build);

/// What the log says a deal was worth, and from when until when: priced_deal, logged_amount (null: not priced),
/// logged_document and logged_currency (as it says it), logged_at, logged_until (null: nothing later is logged).
store::RelPtr logged_amounts(const RelationBuilder& build);

/// Outcomes that versions of deals tell, where they changed; null where none tells a close that was undone: ran_deal,
/// ran_as, ran_closed (when it was closed as that; null: open, or nobody says), ran_from, ran_to (µs; null: in force),
/// ran_next and closed_next (of the run that follows), closed_after (the close of the one after that). An open deal is
/// closed from the date of its close on, however late its row says so. Another word about a close that is known
/// (another day of the same outcome; another outcome, not later) corrects it for whoever asks after it was said; until
/// then the close holds as it was told. A deal whose first word is a close ran as that from the beginning, and was open
/// before that close.
store::RelPtr outcome_runs(const RelationBuilder& build);

/// The stretches for which deals stood closed before they were reopened (before as_of), as the log of their stages
/// tells, of deals that it does not know their runs: gap_of, gap_from, gap_to, gap (how long, as far as it is since
/// the first contact, else creation); several a deal. Null where there are neither.
store::RelPtr closed_gaps(const RelationBuilder& build, const store::RelPtr& runs);

/// The same added up, from each reopening until the next: reopened (the deal), reopened_at, reopened_next (null: none
/// yet), closed_in_all.
store::RelPtr closed_so_far(const store::RelPtr& gaps);

/// What is told of deals beside their rows, read once however many instants are asked; null where the data tell of
/// none.
struct DealTellers {
  store::RelPtr versions = nullptr, runs = nullptr, stays = nullptr, amounts = nullptr, reopened = nullptr;
  bool past = true;  ///< may what the rows say have come after the instant?
};
/// Of any instant up to as_of; `gaps` are closed_gaps.
DealTellers deal_tellers(const RelationBuilder& build, const store::RelPtr& runs, const store::RelPtr& gaps);

/// Adds "<prefix>NAME" to rows of deals, what each was just before `instant` (µs: a column of theirs, or a literal):
/// outcome and closed_at; undone (closed as that then, and not since by that close; null: it was not);
/// expected_close_on; amount with its document amount and currency; and entered_at (the stay that it was in) and
/// ran_from (its run), where there are any. What the rows say themselves is what is known last, at as_of or today.
///   outcome  the row's from its close on, unless its versions tell another word of then; else closed where the log of
///            its stages, or the versions of a deal that the log does not know, tell that it was reopened since
///   amount   where anything is told of the deal at the instant or later (its log, its close, its updated_at, another
///            version): the last amount that the log told before, unless the row has changed since; else the row's
///            version of then; else, and where nothing is told later, the row's. It is priced on the day of the close
///            that it had then, else on that of its creation.
/// `deals` have last_word, as with_last_word gives it.
store::RelPtr state_then(const RelationBuilder& build, const DealTellers& tellers, store::RelPtr deals,
                         const expr::Expr& instant, std::string_view prefix);

/// The same with stage_key and probability: the stage of the log where the deal has left it since or closed since; else
/// what the row said then, save what only a later close could make of it. And closed_so_far, how long the deal had
/// stood closed by its reopenings up to then (as_they_stood asks for none: closed_gaps are those up to as_of).
store::RelPtr state_and_stage_then(const RelationBuilder& build, const DealTellers& tellers, store::RelPtr deals,
                                   const expr::Expr& instant, std::string_view prefix);

/// Deals with last_word, when anything was last told of each (µs), that of the log included where the log tells
/// amounts; `deals` have the one of their rows.
store::RelPtr with_last_word(const RelationBuilder& build, const DealTellers& tellers, store::RelPtr deals);

/// Rows of `opportunities` as they stood at as_of, and beside it row_outcome, row_closed_at and row_stage_key, as their
/// rows say it, and last_word. `runs` are outcome_runs.
store::RelPtr as_they_stood(const RelationBuilder& build, store::RelPtr opportunities, const store::RelPtr& runs);

/// The relation `deals`, from these runs and closed_gaps.
store::RelPtr deals_by(const RelationBuilder& build, const store::RelPtr& runs, const store::RelPtr& gaps);

/// Quotes in the place of leads, with the columns of prospects.
Result<store::RelPtr> quote_prospects(const RelationContext& context);

}  // namespace vigie::plan

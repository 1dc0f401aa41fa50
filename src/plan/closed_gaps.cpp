// How long deals stood closed before they were reopened: no part of their cycle, nor of the age of one that is open.
#include "plan/deal_history.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr std::string_view kStageLog = "opportunity_stage_changes";

/// Of each stretch the deal, and from when to when it stood closed.
RelPtr stretches(const RelPtr& rows, std::string_view deal, std::string_view from, std::string_view to) {
  return store::project(rows, {{"gap_of", col(rows, deal)}, {"gap_from", col(rows, from)}, {"gap_to", col(rows, to)}});
}

/// How long each lasted since the first contact: a deal that was closed before it is no younger for that.
RelPtr since_contact(const RelationBuilder& build, const RelPtr& closed) {
  const RelPtr deals = build.table("opportunities");
  const Expr started = coalesce({col(deals, "first_contact_at"), col(deals, "created_at")});
  const RelPtr starts = store::project(deals, {{"started_deal", col(deals, "key")}, {"begun_at", started}});
  const RelPtr rows = store::join(JoinKind::inner, closed, starts, {{"gap_of", "started_deal"}});
  const Expr to = col(rows, "gap_to");
  const Expr later = expr::call(Op::greatest, Type::instant, {col(rows, "gap_from"), col(rows, "begun_at")});
  const Expr from = expr::call(Op::least, Type::instant, {later, to});
  return store::project(rows, {{"gap_of", col(rows, "gap_of")},
                               {"gap_from", col(rows, "gap_from")},
                               {"gap_to", to},
                               {"gap", duration(from, to)}});
}

/// Stays in won or lost stages that something followed.
RelPtr closed_by_log(const RelationBuilder& build) {
  const RelPtr all = build.events(kStageLog, "entered_at");
  const RelPtr changes = store::filter(all, expr::not_(is(all, "origin", "seen")));
  const RelPtr stages = build.table("stages");
  const RelPtr ends = store::project(stages, {{"of", col(stages, "key")}, {"ends", col(stages, "outcome")}});
  const RelPtr joined = store::join(JoinKind::inner, changes, ends, {{"stage_key", "of"}});
  const RelPtr reopened = store::filter(
      joined, expr::all_of({expr::not_(is(joined, "ends", "open")), expr::lt(col(joined, "next_at"), build.as_of())}));
  return stretches(reopened, "opportunity_key", "entered_at", "next_at");
}

/// What the versions tell of deals that the log does not know.
RelPtr closed_by_versions(const RelationBuilder& build, const RelPtr& runs) {
  RelPtr rows = runs;
  const Expr reopens = is(rows, "ran_next", "open");
  const Expr closes_later =
      coalesce({expr::lt(col(rows, "ran_closed"), col(rows, "closed_next")), expr::literal(false)});
  rows = store::filter(rows,
                       expr::all_of({expr::not_(is(rows, "ran_as", "open")), expr::is_not_null(col(rows, "ran_closed")),
                                     expr::lt(col(rows, "ran_to"), build.as_of()), any_of({reopens, closes_later})}));
  // Reopened when its row says so (an instant of the reporting zone, as a deletion is), but before it closed again,
  // which it may have said too late.
  const Expr told = build.on_clock(col(rows, "ran_to"));
  const Expr until = cases(
      Type::instant,
      {reopens, expr::call(Op::least, Type::instant, {told, col(rows, "closed_after")}), col(rows, "closed_next")});
  rows = store::extend(rows, {{"stood_to", until}});
  if (build.context().facts.has_stage_changes) {
    const RelPtr whole = build.table(kStageLog);
    // What was seen from one import to the next are the versions themselves.
    const RelPtr log = store::filter(whole, expr::not_(is(whole, "origin", "seen")));
    const RelPtr known = store::aggregate(log, {{"logged_deal", col(log, "opportunity_key")}}, {});
    rows = store::join(JoinKind::left, rows, known, {{"ran_deal", "logged_deal"}});
    rows = store::filter(rows, expr::is_null(col(rows, "logged_deal")));
  }
  return stretches(rows, "ran_deal", "ran_closed", "stood_to");
}

}  // namespace

RelPtr closed_gaps(const RelationBuilder& build, const RelPtr& runs) {
  std::vector<RelPtr> told;
  if (build.context().facts.has_stage_changes) told.push_back(closed_by_log(build));
  if (runs) told.push_back(closed_by_versions(build, runs));
  if (told.empty()) return nullptr;
  return since_contact(build, told.size() == 1 ? told.front() : store::union_all(std::move(told)));
}

RelPtr closed_so_far(const RelPtr& gaps) {
  const RelPtr rows = store::neighbours(
      gaps, {"gap_of"}, {{"gap_to"}, {"gap_from"}},
      {{"closed_in_all", NeighbourFn::total_so_far, "gap"}, {"next_to", NeighbourFn::lead, "gap_to"}});
  return store::project(rows, {{"reopened", col(rows, "gap_of")},
                               {"reopened_at", col(rows, "gap_to")},
                               {"reopened_next", col(rows, "next_to")},
                               {"closed_in_all", col(rows, "closed_in_all")}});
}

}  // namespace vigie::plan

// Which as-ofs see a sale: what `sales` finds at each of them, for all of them at once.
#include "plan/deal_history.h"
#include "plan/kinds.h"
#include "plan/tree_names.h"
#include "plan/versions.h"
#include "store/warehouse.h"

namespace vigie::plan {
namespace {

RelPtr seen_spells(const RelPtr& rows, const Expr& from, const Expr& to) {
  const RelPtr all = store::project(rows, {{"who", col(rows, "customer_key")}, {"seen_from", from}, {"seen_to", to}});
  const Expr until = col(all, "seen_to");
  return store::filter(all, any_of({expr::is_null(until), expr::lt(col(all, "seen_from"), until)}));
}

Expr micros_of(std::string_view instant) { return expr::column(std::string(instant), Type::integer); }

Expr later_of(const Expr& a, const Expr& b) { return expr::call(Op::greatest, Type::integer, {a, b}); }

/// A version of a document counts while it says so, from the document's date until it is cancelled.
RelPtr spells_of_documents(const RelationBuilder& build, catalog::SaleEvent event) {
  const RelPtr all = build.table("orders");
  const RelPtr those = store::filter(
      all, expr::all_of({is(all, "document", catalog::name_of(event)), expr::is_not_null(col(all, "customer_key"))}));
  const RelPtr dated = build.before_deletion("orders", those, col(those, "ordered_at"));
  const DataFacts::Changes& changes = build.context().facts.document_changes;
  RelPtr rows;
  if (changes.dated || changes.undated) {
    const RelPtr versions = dated_versions(build, "orders");
    const RelPtr told = store::project(versions, {{"version_of", col(versions, "key")},
                                                  {"told", col(versions, "status")},
                                                  {"told_from", col(versions, "valid_from")},
                                                  {"told_to", col(versions, "valid_to")}});
    rows = store::join(JoinKind::inner, dated, told, {{"key", "version_of"}});
  } else {
    rows = store::extend(dated, {{"told", col(dated, "status")},
                                 {"told_from", expr::integer(store::kBeginning)},
                                 {"told_to", expr::null_of(Type::integer)}});
  }
  const Expr cancelled_later =
      expr::all_of({is(rows, "told", "cancelled"), expr::is_not_null(col(rows, "cancelled_at"))});
  const RelPtr sold = store::filter(rows, any_of({is(rows, "told", "confirmed"), cancelled_later}));
  return seen_spells(sold, later_of(micros_of("ordered_at"), col(sold, "told_from")),
                     expr::call(Op::least, Type::integer, {col(sold, "told_to"), micros_of("cancelled_at")}));
}

Expr won_by(const RelPtr& rows, std::string_view outcome, std::string_view closed) {
  return expr::all_of({is(rows, outcome, "won"), expr::is_not_null(col(rows, closed))});
}

/// From the word about its outcome that a deal's row says now, and from the ones that this replaced, each as the as-ofs
/// before the next one see it.
RelPtr spells_by_words(const RelationBuilder& build, const RelPtr& deals) {
  // No word is corrected yet for an as-of before them all: so each holds until the next one is told.
  RelationContext before = build.context();
  before.as_of = seen_until(before.calendar, Instant{store::kBeginning});
  const RelPtr runs = outcome_runs(RelationBuilder(before));
  if (!runs) {
    const RelPtr won = store::filter(deals, won_by(deals, "outcome", "closed_at"));
    return seen_spells(won, micros_of("closed_at"), expr::null_of(Type::integer));
  }
  const RelPtr rows = store::join(JoinKind::inner, deals, runs, {{"key", "ran_deal"}});
  const Expr is_last = expr::is_null(col(rows, "ran_to"));
  const RelPtr last = store::filter(rows, expr::all_of({is_last, won_by(rows, "outcome", "closed_at")}));
  const RelPtr replaced =
      store::filter(rows, expr::all_of({expr::not_(is_last), won_by(rows, "ran_as", "ran_closed")}));
  return store::union_all(
      {seen_spells(last, later_of(micros_of("closed_at"), col(last, "ran_from")), expr::null_of(Type::integer)),
       seen_spells(replaced, later_of(micros_of("ran_closed"), col(replaced, "ran_from")), col(replaced, "ran_to"))});
}

/// Of deals that the log of stages knows: from the close of the row on, and while they were in a stage that is won.
RelPtr spells_by_log(const RelationBuilder& build, const RelPtr& deals) {
  const RelPtr won = store::filter(deals, won_by(deals, "outcome", "closed_at"));
  const RelPtr log = all_moves(build);
  const RelPtr left =
      store::filter(log, expr::all_of({is(log, "ends", "won"), expr::is_not_null(col(log, "then_at"))}));
  const RelPtr stays = store::project(
      left, {{"deal", col(left, "deal")}, {"entered_at", col(left, "entered_at")}, {"then_at", col(left, "then_at")}});
  const RelPtr reopened = store::join(JoinKind::inner, deals, stays, {{"key", "deal"}}, "log.");
  return store::union_all({seen_spells(won, micros_of("closed_at"), expr::null_of(Type::integer)),
                           seen_spells(reopened, micros_of("log.entered_at"), micros_of("log.then_at"))});
}

RelPtr spells_of_deals(const RelationBuilder& build) {
  const RelPtr all = build.table("opportunities");
  const RelPtr known = store::filter(all, expr::is_not_null(col(all, "customer_key")));
  const RelPtr deals = build.before_deletion("opportunities", known, col(known, "closed_at"));
  if (!build.context().facts.has_stage_changes) return spells_by_words(build, deals);
  const RelPtr whole = build.table("opportunity_stage_changes");
  const RelPtr log = store::filter(whole, expr::not_(is(whole, "origin", "seen")));
  const RelPtr logged = store::aggregate(log, {{"logged", col(log, "opportunity_key")}}, {});
  const RelPtr beside = store::join(JoinKind::left, deals, logged, {{"key", "logged"}});
  const auto those = [&](const Expr& which) { return kept_beside(deals, store::filter(beside, which), {}); };
  return store::union_all({spells_by_words(build, those(expr::is_null(col(beside, "logged")))),
                           spells_by_log(build, those(expr::is_not_null(col(beside, "logged"))))});
}

}  // namespace

RelPtr sale_spells(const RelationBuilder& build, catalog::SaleEvent event) {
  return event == catalog::SaleEvent::won_deal ? spells_of_deals(build) : spells_of_documents(build, event);
}

}  // namespace vigie::plan

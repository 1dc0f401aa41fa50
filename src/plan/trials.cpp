// Trials of subscriptions: when each was one, when it was paid, and what became of those who tried.
#include "plan/trials.h"

#include "plan/tree_names.h"
#include "plan/versions.h"
#include "store/warehouse.h"

namespace vigie::plan {
namespace {

Expr says_trial(const RelPtr& rows) { return is(rows, "status", "trial"); }
Expr says_is_trial(const RelPtr& rows) { return coalesce({col(rows, "is_trial"), expr::literal(false)}); }
Expr is_rest(const RelPtr& rows) {
  return expr::all_of(
      {any_of({is(rows, "status", "cancelled"), is(rows, "status", "paused")}), expr::not_(says_is_trial(rows))});
}

/// Up to when a version that begins at `from` is a trial; null: for good.
Expr trial_to(const RelPtr& rows, const Expr& from, const Expr& its_end, const Expr& any_says_so) {
  const Expr for_good = expr::null_of(Type::instant);
  const Expr began_with_one = coalesce({its_end, from});
  const Expr by_its_end = when(says_is_trial(rows), its_end, when(any_says_so, from, began_with_one));
  return when(says_trial(rows), for_good, by_its_end);
}

/// The rows that have been told otherwise since they came: changed_key.
RelPtr changed_rows(const RelationBuilder& build) {
  const RelPtr history = build.history("subscriptions");
  const RelPtr replaced = store::filter(history, expr::is_not_null(col(history, "valid_to")));
  return store::aggregate(replaced, {{"changed_key", col(replaced, "key")}}, {});
}

/// The versions of those rows without the rests, each with when it begins (begins, µs): with the last change up to it
/// that its source dated. Those begun before as_of.
RelPtr told_versions(const RelationBuilder& build, const RelPtr& changed) {
  const RelPtr history = build.history("subscriptions");
  const RelPtr all = store::join(JoinKind::inner, history, changed, {{"key", "changed_key"}});
  const Expr beginning = expr::integer(store::kBeginning), valid_from = col(all, "valid_from");
  const RelPtr dated =
      store::project(all, {{"version_of", col(all, "key")},
                           {"status", col(all, "status")},
                           {"is_trial", col(all, "is_trial")},
                           {"trial_end_at", col(all, "trial_end_at")},
                           {"noted_at", valid_from},
                           {"noted_to", col(all, "valid_to")},
                           {"dated_from", when(is(all, "begun_by", store::kBySource), valid_from, beginning)}});
  const RelPtr rows =
      store::neighbours(dated, {"version_of"}, as_noted(), {{"begins", NeighbourFn::greatest_so_far, "dated_from"}});
  const Expr is_first = expr::eq(col(rows, "noted_at"), beginning);
  return store::filter(rows, expr::all_of({expr::lt(col(rows, "begins"), build.as_of()),
                                           any_of({expr::not_(is_rest(rows)), is_first})}));
}

/// Without those that were corrected: the next one begins where they do. Adds to each next_begins (null: it is the last
/// one), next_end, the trial_end_at of the next one, and spoken, 1 once one up to it calls itself a trial.
RelPtr standing_versions(const RelPtr& told) {
  const RelPtr seen =
      store::neighbours(told, {"version_of"}, as_noted(), {{"next_begins", NeighbourFn::lead, "begins"}});
  const Expr next = col(seen, "next_begins");
  const RelPtr kept = store::filter(seen, any_of({expr::is_null(next), expr::gt(next, col(seen, "begins"))}));
  const RelPtr rows = store::extend(kept, {{"speaks", flag(any_of({says_trial(kept), says_is_trial(kept)}))}});
  return store::neighbours(
      rows, {"version_of"}, {{"begins"}},
      {{"spoken", NeighbourFn::greatest_so_far, "speaks"}, {"next_end", NeighbourFn::lead, "trial_end_at"}});
}

/// Each version as it is seen while it is the last word, and again as it is seen once the next one is said: seen_from,
/// seen_to (µs; null: for good).
RelPtr as_seen(const RelPtr& versions) {
  const Expr next = col(versions, "next_begins");
  const RelPtr last_word = kept_beside(versions, versions,
                                       {{"next_begins", expr::null_of(Type::integer)},
                                        {"next_end", expr::null_of(Type::instant)},
                                        {"seen_from", col(versions, "begins")},
                                        {"seen_to", next}});
  const RelPtr followed = store::filter(versions, expr::is_not_null(next));
  return store::union_all(
      {last_word, store::extend(followed, {{"seen_from", next}, {"seen_to", expr::null_of(Type::integer)}})});
}

/// Pieces of lives: each from piece_from up to piece_to (null: no end), a trial up to trial_to. `at_once`: the last one
/// of a row that was over at once. Keeps seen_from and seen_to, where the versions have them.
RelPtr pieces_of_versions(const RelationBuilder& build, const RelPtr& versions) {
  const RelPtr subscriptions = known_subscriptions(build);
  const RelPtr lives = store::project(subscriptions, {{"piece_of", col(subscriptions, "key")},
                                                      {"started_at", col(subscriptions, "started_at")},
                                                      {"ended_at", col(subscriptions, "ended_at")}});
  const RelPtr rows = store::join(JoinKind::inner, lives, versions, {{"piece_of", "version_of"}});
  const Expr started = col(rows, "started_at"), ended = col(rows, "ended_at"), next = col(rows, "next_begins");
  const Expr at_once = expr::all_of({expr::eq(started, ended), expr::is_null(next)});
  const Expr begins = build.on_clock(col(rows, "begins"));
  const Expr from = when(at_once, started, expr::call(Op::greatest, Type::instant, {started, begins}));
  const Expr own_end = col(rows, "trial_end_at"), next_end = col(rows, "next_end");
  const Expr told_afterwards = when(expr::le(next_end, next), next_end, expr::null_of(Type::instant));
  const Expr any_says_so = expr::eq(col(rows, "spoken"), expr::integer(1));
  std::vector<store::NamedExpr> columns{
      {"piece_of", col(rows, "piece_of")},
      {"piece_from", from},
      {"piece_to", expr::call(Op::least, Type::instant, {ended, build.on_clock(next)})},
      {"trial_to", trial_to(rows, from, coalesce({own_end, told_afterwards}), any_says_so)},
      {"at_once", at_once}};
  for (const char* name : {"seen_from", "seen_to"})
    if (store::find_column(rows, name)) columns.push_back({name, col(rows, name)});
  return store::project(rows, std::move(columns));
}

/// The same of rows that say alone what they are: each is one piece.
RelPtr pieces_of_rows(const RelPtr& rows) {
  const Expr from = col(rows, "started_at"), to = col(rows, "ended_at");
  return store::extend(rows, {{"piece_from", from},
                              {"piece_to", to},
                              {"trial_to", trial_to(rows, from, col(rows, "trial_end_at"), says_is_trial(rows))},
                              {"at_once", expr::eq(from, to)}});
}

/// Where a piece is a trial, from begun_at up to over_at.
RelPtr tried(const RelPtr& pieces) {
  const Expr from = col(pieces, "piece_from"), to = col(pieces, "piece_to"), over = col(pieces, "trial_to");
  const Expr begins_so = any_of({expr::is_null(over), expr::gt(over, from)});
  const Expr lasts = any_of({expr::is_null(to), expr::lt(from, to), col(pieces, "at_once")});
  const RelPtr rows = store::filter(pieces, expr::all_of({begins_so, lasts}));
  return store::extend(rows, {{"is_trial_stretch", expr::literal(true)},
                              {"begun_at", from},
                              {"over_at", expr::call(Op::least, Type::instant, {to, over})}});
}

/// Where it is paid.
RelPtr paid(const RelPtr& pieces) {
  const Expr from = col(pieces, "piece_from"), to = col(pieces, "piece_to"), over = col(pieces, "trial_to");
  const Expr begun = expr::call(Op::greatest, Type::instant, {from, over});
  const Expr paid_at_once = expr::all_of({col(pieces, "at_once"), expr::le(over, from)});
  const Expr lasts = any_of({expr::is_null(to), expr::lt(begun, to), paid_at_once});
  const RelPtr rows = store::filter(pieces, expr::all_of({expr::is_not_null(over), lasts}));
  return store::extend(rows, {{"is_trial_stretch", expr::literal(false)}, {"begun_at", begun}, {"over_at", to}});
}

/// Of pieces of one kind that follow each other, one that begins with the first: stretch_of, kind (1: a trial),
/// begins_at, and the beginning of the next one (next_stretch_at).
RelPtr merged(const RelPtr& pieces) {
  const RelPtr all = store::union_all({tried(pieces), paid(pieces)});
  const RelPtr kinds = store::project(all, {{"stretch_of", col(all, "piece_of")},
                                            {"kind", flag(col(all, "is_trial_stretch"))},
                                            {"begins_at", col(all, "begun_at")}});
  const RelPtr seen =
      store::neighbours(kinds, {"stretch_of"}, {{"begins_at"}}, {{"kind_before", NeighbourFn::lag, "kind"}});
  const Expr before = col(seen, "kind_before");
  const RelPtr turns =
      store::filter(seen, any_of({expr::is_null(before), expr::not_(expr::eq(before, col(seen, "kind")))}));
  const RelPtr rows =
      store::neighbours(turns, {"stretch_of"}, {{"begins_at"}}, {{"next_stretch_at", NeighbourFn::lead, "begins_at"}});
  std::vector<store::NamedExpr> columns;
  for (const char* name : {"stretch_of", "kind", "begins_at", "next_stretch_at"})
    columns.push_back({name, col(rows, name)});
  return store::project(rows, std::move(columns));
}

RelPtr stretches_of_rows(const RelPtr& rows) {
  const RelPtr pieces = pieces_of_rows(rows);
  std::vector<RelPtr> parts{tried(pieces), paid(pieces)};
  for (RelPtr& part : parts)
    part = kept_beside(rows, part,
                       {{"is_trial_stretch", col(part, "is_trial_stretch")},
                        {"begun_at", col(part, "begun_at")},
                        {"over_at", col(part, "over_at")}});
  return store::union_all(std::move(parts));
}

RelPtr merged_pieces_of_versions(const RelationBuilder& build) {
  const RelPtr versions = standing_versions(told_versions(build, changed_rows(build)));
  return store::shared(merged(store::shared(pieces_of_versions(build, versions))));
}

RelPtr stretches_of_versions(const RelationBuilder& build, const RelPtr& subscriptions) {
  const RelPtr turns = build.once(merged_pieces_of_versions);
  const RelPtr rows = store::join(JoinKind::inner, subscriptions, turns, {{"key", "stretch_of"}});
  return kept_beside(subscriptions, rows,
                     {{"is_trial_stretch", expr::eq(col(rows, "kind"), expr::integer(1))},
                      {"begun_at", col(rows, "begins_at")},
                      {"over_at", coalesce({col(rows, "next_stretch_at"), col(rows, "ended_at")})}});
}

bool were_some_changed(const RelationBuilder& build) { return build.context().facts.changed.contains("subscriptions"); }

/// Only rows that were told otherwise since they came take the way over their versions.
RelPtr unchanged(const RelationBuilder& build, const RelPtr& subscriptions) {
  if (!were_some_changed(build)) return subscriptions;
  const RelPtr beside = store::join(JoinKind::left, subscriptions, changed_rows(build), {{"key", "changed_key"}});
  return kept_beside(subscriptions, store::filter(beside, expr::is_null(col(beside, "changed_key"))), {});
}

RelPtr all_stretches(const RelationBuilder& build) {
  const RelPtr subscriptions = known_subscriptions(build);
  const RelPtr alone = stretches_of_rows(unchanged(build, subscriptions));
  if (!were_some_changed(build)) return alone;
  return store::union_all({alone, stretches_of_versions(build, subscriptions)});
}

/// A row that says alone what it is says so to all as-ofs.
RelPtr seen_paid_of_rows(const RelPtr& rows) {
  const RelPtr pieces = paid(pieces_of_rows(rows));
  return kept_beside(rows, pieces,
                     {{"begun_at", col(pieces, "begun_at")},
                      {"seen_from", expr::column("begun_at", Type::integer)},
                      {"seen_to", expr::null_of(Type::integer)}});
}

RelPtr seen_paid_of_versions(const RelationBuilder& build, const RelPtr& subscriptions) {
  const RelPtr versions = as_seen(store::shared(standing_versions(told_versions(build, changed_rows(build)))));
  const RelPtr all = paid(pieces_of_versions(build, versions));
  const Expr begun = expr::column("begun_at", Type::integer);
  const RelPtr pieces =
      store::project(all, {{"piece_of", col(all, "piece_of")},
                           {"begun_at", col(all, "begun_at")},
                           {"seen_from", expr::call(Op::greatest, Type::integer, {begun, col(all, "seen_from")})},
                           {"seen_to", col(all, "seen_to")}});
  const RelPtr rows = store::join(JoinKind::inner, subscriptions, pieces, {{"key", "piece_of"}});
  std::vector<store::NamedExpr> columns;
  for (const char* name : {"begun_at", "seen_from", "seen_to"}) columns.push_back({name, col(rows, name)});
  return kept_beside(subscriptions, rows, std::move(columns));
}

/// Was the subscription over before the stretch begins: past due for too long, or, where it would be paid, with the
/// trial that goes before it?
Expr over_before(const RelationBuilder& build, const RelPtr& rows) {
  const Expr begun = col(rows, "begun_at"), ended = col(rows, "ended_at");
  const Expr went_on =
      expr::call(Op::matured, Type::boolean, {begun, ended, expr::literal(expr::Micros{kMicrosPerDay})});
  const Expr with_its_trial = expr::all_of({expr::not_(col(rows, "is_trial_stretch")), is(rows, "status", "cancelled"),
                                            expr::is_not_null(ended), expr::not_(went_on)});
  const Expr dropped = expr::not_(not_too_long_past_due(build.context(), rows, begun));
  return expr::all_of({expr::gt(begun, col(rows, "started_at")), any_of({with_its_trial, dropped})});
}

}  // namespace

RelPtr known_subscriptions(const RelationBuilder& build) {
  const RelPtr begun = build.events("subscriptions", "started_at");
  const RelPtr known = store::filter(begun, expr::is_not_null(col(begun, "customer_key")));
  return kept_beside(known, known,
                     {{"ended_at", build.ended_or_deleted("subscriptions", known, col(known, "ended_at"))}});
}

RelPtr stretches(const RelationBuilder& build) {
  const RelPtr all = all_stretches(build);
  return store::filter(
      all, expr::all_of({expr::lt(col(all, "begun_at"), build.as_of()), expr::not_(over_before(build, all))}));
}

RelPtr pieces_seen_paid(const RelationBuilder& build) {
  const RelPtr subscriptions = known_subscriptions(build);
  RelPtr all = seen_paid_of_rows(unchanged(build, subscriptions));
  if (were_some_changed(build)) all = store::union_all({all, seen_paid_of_versions(build, subscriptions)});
  all = store::extend(all, {{"is_trial_stretch", expr::literal(false)}});
  const Expr from = col(all, "seen_from"), to = col(all, "seen_to");
  return store::filter(
      all, expr::all_of({any_of({expr::is_null(to), expr::lt(from, to)}), expr::not_(over_before(build, all))}));
}

Result<RelPtr> trials(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr all = subscription_stretches(build);
  const RelPtr tried = store::filter(all, col(all, "is_trial_stretch"));
  const RelPtr paid = paid_subscriptions(build);
  const RelPtr last = store::aggregate(paid, {{"payer", col(paid, "customer_key")}},
                                       {{"last_paid_at", AggregateFn::max, col(paid, "started_at"), nullptr}});
  const RelPtr rows = store::join(JoinKind::left, tried, last, {{"customer_key", "payer"}});
  std::vector<store::NamedExpr> columns;
  for (const char* name :
       {"key", "source_key", "customer_key", "plan_key", "started_at", "ended_at", "owner_key", "channel"})
    columns.push_back({name, col(rows, name)});
  columns.push_back({"paid_later", expr::all_of({expr::is_not_null(col(rows, "last_paid_at")),
                                                 expr::gt(col(rows, "last_paid_at"), col(rows, "started_at"))})});
  return store::project(rows, std::move(columns));
}

}  // namespace vigie::plan

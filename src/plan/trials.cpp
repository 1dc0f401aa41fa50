// Trials of subscriptions: when each was one, when it was paid, and what became of those who tried.
#include "plan/trials.h"

#include "plan/tree_names.h"
#include "plan/versions.h"

namespace vigie::plan {
namespace {

/// What a row or a version of it says; see trials.h.
constexpr std::string_view kTrial = "trial", kUntil = "until", kPaid = "paid", kRest = "rest";

Expr said_by(const RelPtr& rows) {
  return cases(Type::text, {is(rows, "status", "trial"), expr::text(std::string(kTrial)),
                            coalesce({col(rows, "is_trial"), expr::literal(false)}), expr::text(std::string(kUntil)),
                            any_of({is(rows, "status", "cancelled"), is(rows, "status", "paused")}),
                            expr::text(std::string(kRest)), expr::text(std::string(kPaid))});
}

/// Of a row without versions.
Expr says_alone(const RelPtr& rows) {
  const Expr own = said_by(rows);
  return when(expr::eq(own, expr::text(std::string(kRest))), expr::text(std::string(kPaid)), own);
}

const std::vector<store::SortKey> kByStart{{"is_later"}, {"version_from"}};

/// Versions with when each begins: where the one before it ended; the first one holds from the beginning.
RelPtr with_starts(const RelPtr& versions) {
  const RelPtr rows = store::neighbours(versions, {"version_of"}, {{"is_last"}, {"version_to"}},
                                        {{"version_from", NeighbourFn::lag, "version_to"}});
  return store::extend(rows, {{"is_later", flag(expr::is_not_null(col(rows, "version_from")))}});
}

/// Of versions in order, those that are kept; each ends where the next one of them begins.
RelPtr with_ends(const RelPtr& kept) {
  const RelPtr rows =
      store::neighbours(kept, {"version_of"}, kByStart, {{"next_from", NeighbourFn::lead, "version_from"}});
  return store::project(rows, {{"version_of", col(rows, "version_of")},
                               {"told_at", col(rows, "told_at")},
                               {"version_to", col(rows, "next_from")},
                               {"is_last", flag(expr::is_null(col(rows, "next_from")))},
                               {"says", col(rows, "says")}});
}

/// What is cancelled or paused is what it was before: such a version is none of its own, but the first.
RelPtr without_rests(const RelPtr& versions) {
  const RelPtr rows = with_starts(versions);
  const Expr is_rest = is(rows, "says", kRest);
  const RelPtr kept = store::filter(rows, any_of({expr::not_(is_rest), expr::is_null(col(rows, "version_from"))}));
  return with_ends(kept_beside(
      rows, kept, {{"says", when(is(kept, "says", kRest), expr::text(std::string(kPaid)), col(kept, "says"))}}));
}

/// A change without a date is a correction: the version that it ended never was. Of a row that has no updated_at itself
/// a change is dated that came within what is known: the import of one that did not is later.
RelPtr as_dated(const RelationBuilder& build, const RelPtr& versions) {
  const RelationContext& context = build.context();
  const auto until = known_until(context.facts, context.calendar.zone(), "subscriptions");
  const Expr end = col(versions, "version_to"), told = col(versions, "told_at");
  const Expr within = expr::lt(end, expr::integer(until.value_or(context.as_of.at).micros));
  const Expr is_dated =
      coalesce({expr::le(end, told), expr::all_of({expr::is_null(told), within}), expr::literal(false)});
  return store::filter(versions, any_of({expr::is_null(end), is_dated}));
}

/// Of versions in a row that say the same, the first one, which lasts to the end of the last.
RelPtr without_repeats(const RelPtr& versions) {
  const RelPtr rows = with_starts(versions);
  const RelPtr seen = store::neighbours(rows, {"version_of"}, kByStart, {{"says_before", NeighbourFn::lag, "says"}});
  const RelPtr turns = store::filter(seen, any_of({expr::is_null(col(seen, "says_before")),
                                                   expr::not_(expr::eq(col(seen, "says_before"), col(seen, "says")))}));
  return with_ends(store::project(turns, columns_kept(rows, turns)));
}

/// The runs of versions that say alike, by row (version_of): version_from, version_to (µs; null: no end), says,
/// says_before, says_next. Those begun before as_of.
RelPtr runs(const RelationBuilder& build, const RelPtr& subscriptions) {
  const RelPtr history = build.history("subscriptions");
  const RelPtr told = store::project(
      subscriptions, {{"told_of", col(subscriptions, "key")}, {"told_at", col(subscriptions, "updated_at")}});
  const RelPtr all = store::join(JoinKind::inner, history, told, {{"key", "told_of"}});
  RelPtr versions = store::project(all, {{"version_of", col(all, "key")},
                                         {"told_at", col(all, "told_at")},
                                         {"version_to", col(all, "valid_to")},
                                         {"is_last", flag(expr::is_null(col(all, "valid_to")))},
                                         {"says", said_by(all)}});
  versions = with_starts(as_dated(build, without_rests(versions)));
  const Expr begun = col(versions, "version_from");
  versions = store::filter(versions, any_of({expr::is_null(begun), expr::lt(begun, build.as_of())}));
  return store::neighbours(
      with_starts(without_repeats(store::project(versions, {{"version_of", col(versions, "version_of")},
                                                            {"told_at", col(versions, "told_at")},
                                                            {"version_to", col(versions, "version_to")},
                                                            {"is_last", col(versions, "is_last")},
                                                            {"says", col(versions, "says")}}))),
      {"version_of"}, kByStart, {{"says_before", NeighbourFn::lag, "says"}, {"says_next", NeighbourFn::lead, "says"}});
}

/// Adds to each row, once for each run: says, says_before, says_next, and the instants run_from (its start), run_to.
RelPtr with_runs(const RelationBuilder& build, const RelPtr& rows) {
  if (!build.context().facts.changed.contains("subscriptions")) {
    const Expr nothing = expr::null_of(Type::text);
    return store::extend(rows, {{"says", says_alone(rows)},
                                {"says_before", nothing},
                                {"says_next", nothing},
                                {"run_from", col(rows, "started_at")},
                                {"run_to", col(rows, "ended_at")}});
  }
  const RelPtr joined = store::join(JoinKind::left, rows, runs(build, rows), {{"key", "version_of"}});
  const auto bound = [&](Op op, const char* own, const char* version) {
    return expr::call(op, Type::instant, {col(joined, own), build.on_clock(col(joined, version))});
  };
  return kept_beside(rows, joined,
                     {{"says", coalesce({col(joined, "says"), says_alone(joined)})},
                      {"says_before", col(joined, "says_before")},
                      {"says_next", col(joined, "says_next")},
                      {"run_from", bound(Op::greatest, "started_at", "version_from")},
                      {"run_to", bound(Op::least, "ended_at", "version_to")}});
}

/// Adds trial_over, the end of the trial that a run tells (an instant; null: none is told).
RelPtr with_ends_of_trials(const RelPtr& rows) {
  const Expr end = col(rows, "trial_end_at");
  const Expr told = expr::call(Op::greatest, Type::instant, {col(rows, "started_at"), end});
  return store::extend(
      rows, {{"trial_over", cases(Type::instant, {expr::is_not_null(end), told, expr::null_of(Type::instant)})}});
}

/// From when on a run is paid; null where it is not.
Expr paid_from(const RelPtr& rows) {
  const Expr from = col(rows, "run_from"), over = col(rows, "trial_over");
  const auto says = [&](std::string_view what) { return is(rows, "says", what); };
  const auto first_of = [&](Op op) { return expr::call(op, Type::instant, {from, over}); };
  // The run that is paid tells of what follows a trial with an end.
  const Expr told_by_next = coalesce({is(rows, "says_next", kPaid), expr::literal(false)});
  return cases(Type::instant,
               {expr::all_of({says(kPaid), expr::is_null(col(rows, "says_before"))}), first_of(Op::greatest),
                expr::all_of({says(kPaid), is(rows, "says_before", kUntil)}), first_of(Op::least), says(kPaid), from,
                expr::all_of({says(kUntil), expr::is_not_null(over), expr::not_(told_by_next)}), first_of(Op::greatest),
                expr::null_of(Type::instant)});
}

/// Cancelled within a day of the end of its trial.
Expr ended_with_its_trial(const RelPtr& rows) {
  const Expr over = col(rows, "trial_over"), from = col(rows, "paid_from"), ended = col(rows, "ended_at");
  const Expr lasted = expr::call(Op::matured, Type::boolean, {over, ended, expr::literal(expr::Micros{kMicrosPerDay})});
  return coalesce({expr::all_of({is(rows, "status", "cancelled"), expr::eq(from, over),
                                 expr::gt(over, col(rows, "started_at")), expr::not_(lasted)}),
                   expr::literal(false)});
}

/// A stretch that lasts; a row that was over at once is one, as it stands.
RelPtr cut_to(const RelPtr& subscriptions, const RelPtr& rows, bool is_trial, const Expr& from, const Expr& to) {
  const Expr whole = expr::all_of({expr::eq(from, col(rows, "started_at")), expr::eq(to, col(rows, "ended_at"))});
  const RelPtr kept = store::filter(rows, any_of({expr::is_null(to), expr::lt(from, to), whole}));
  return kept_beside(subscriptions, kept,
                     {{"is_trial_stretch", expr::literal(is_trial)}, {"begun_at", from}, {"over_at", to}});
}

RelPtr paid_stretches(const RelationBuilder& build, const RelPtr& subscriptions, const RelPtr& runs_of) {
  const RelPtr rows = store::extend(runs_of, {{"paid_from", paid_from(runs_of)}});
  const Expr from = col(rows, "paid_from");
  // Past due for too long within its trial: it was over before anything was paid.
  const Expr goes_on =
      any_of({expr::eq(from, col(rows, "started_at")), not_too_long_past_due(build.context(), rows, from)});
  const RelPtr paid = store::filter(
      rows, expr::all_of({expr::lt(from, build.as_of()), expr::not_(ended_with_its_trial(rows)), goes_on}));
  return cut_to(subscriptions, paid, false, from, col(paid, "run_to"));
}

RelPtr trial_stretches(const RelPtr& subscriptions, const RelPtr& runs_of) {
  const auto says = [&](std::string_view what) { return is(runs_of, "says", what); };
  // What is paid began as a trial where an end of one is told.
  const Expr began_so = expr::all_of(
      {says(kPaid), expr::is_null(col(runs_of, "says_before")), expr::is_not_null(col(runs_of, "trial_over"))});
  // A trial that is told in other words goes on: it begins once.
  const Expr over_at = col(runs_of, "trial_over");
  const Expr still_one = expr::all_of({is(runs_of, "says_before", kUntil),
                                       any_of({expr::is_null(over_at), expr::ge(over_at, col(runs_of, "run_from"))})});
  const Expr goes_on = coalesce({any_of({is(runs_of, "says_before", kTrial), still_one}), expr::literal(false)});
  const Expr begins = expr::all_of({any_of({says(kTrial), says(kUntil)}), expr::not_(goes_on)});
  const RelPtr tried = store::filter(runs_of, any_of({begins, began_so}));
  const Expr over = expr::call(Op::least, Type::instant, {col(tried, "run_to"), col(tried, "trial_over")});
  const RelPtr rows = store::extend(tried, {{"tried_to", when(is(tried, "says", kTrial), col(tried, "run_to"), over)}});
  return cut_to(subscriptions, rows, true, col(rows, "run_from"), col(rows, "tried_to"));
}

}  // namespace

RelPtr stretches(const RelationBuilder& build, const RelPtr& subscriptions) {
  const RelPtr rows = with_ends_of_trials(with_runs(build, subscriptions));
  return store::union_all({paid_stretches(build, subscriptions, rows), trial_stretches(subscriptions, rows)});
}

Expr is_owed(Expr owed) { return expr::gt(std::move(owed), expr::literal(Decimal(0, 4))); }

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

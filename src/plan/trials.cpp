// Trials of subscriptions: until when each was one, and what became of them.
#include "plan/trials.h"

#include "plan/documents.h"
#include "plan/tree_names.h"
#include "plan/versions.h"

namespace vigie::plan {
namespace {

/// When a row was last told to be a trial, and when anything of it last changed: of each row that changed, in µs.
constexpr std::string_view kNoted = "noted", kNotedByStatus = "noted_by_status", kChanged = "changed";

/// Per row (noted_of), from its versions begun before as_of that another one replaced.
RelPtr ends_noted(const RelationBuilder& build) {
  const RelPtr versions = dated_versions(build, "subscriptions");
  const RelPtr replaced = store::filter(versions, expr::all_of({expr::is_not_null(col(versions, "valid_to")),
                                                                expr::lt(col(versions, "valid_from"), build.as_of())}));
  const Expr by_status = is(replaced, "status", "trial"), until = col(replaced, "valid_to");
  const Expr a_trial = any_of({by_status, coalesce({col(replaced, "is_trial"), expr::literal(false)})});
  return store::aggregate(replaced, {{"noted_of", col(replaced, "key")}},
                          {{std::string(kNoted), AggregateFn::max, until, a_trial},
                           {std::string(kNotedByStatus), AggregateFn::max, until, by_status},
                           {std::string(kChanged), AggregateFn::max, until, nullptr}});
}

RelPtr with_ends_noted(const RelationBuilder& build, const RelPtr& rows) {
  if (!build.context().facts.changed.contains("subscriptions")) {
    const Expr never = expr::null_of(Type::integer);
    return store::extend(
        rows, {{std::string(kNoted), never}, {std::string(kNotedByStatus), never}, {std::string(kChanged), never}});
  }
  return store::join(JoinKind::left, rows, ends_noted(build), {{"key", "noted_of"}});
}

}  // namespace

Expr is_paid(Expr owed, Expr on_trial) {
  return expr::all_of({expr::gt(std::move(owed), expr::literal(Decimal(0, 4))),
                       expr::not_(coalesce({std::move(on_trial), expr::literal(false)}))});
}

Expr is_on_trial(const RelPtr& subscriptions) {
  // Its status is of today; that it is a trial of which the end is told, holds until then.
  const Expr endless =
      expr::all_of({col(subscriptions, "is_trial"), expr::is_null(col(subscriptions, "trial_end_at"))});
  return coalesce({any_of({endless, is(subscriptions, "status", "trial")}), expr::literal(false)});
}

RelPtr with_trials(const RelationBuilder& build, RelPtr subscriptions) {
  const auto not_yet = [&](const Expr& at) { return coalesce({expr::ge(at, build.as_of()), expr::literal(false)}); };
  const RelPtr rows = with_ends_noted(build, subscriptions);
  const RelPtr told = kept_beside(
      subscriptions, rows,
      {{"trial_until",
        expr::call(Op::least, Type::instant, {build.on_clock(col(rows, kNoted)), col(rows, "trial_end_at")})},
       {std::string(kOnTrial), any_of({not_yet(col(rows, kNotedByStatus)),
                                       expr::all_of({is_on_trial(rows), expr::not_(not_yet(col(rows, kChanged)))})})}});
  return kept_beside(subscriptions, told,
                     {{std::string(kOnTrial), any_of({col(told, kOnTrial), not_yet(col(told, "trial_until"))})},
                      {std::string(kPaidFrom),
                       expr::call(Op::greatest, Type::instant, {col(told, "started_at"), col(told, "trial_until")})}});
}

Expr ended_in_its_trial(const RelPtr& rows) {
  const Expr from = col(rows, kPaidFrom);
  return coalesce({expr::all_of({expr::gt(from, col(rows, "started_at")), expr::le(col(rows, "ended_at"), from)}),
                   expr::literal(false)});
}

Result<RelPtr> trials(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr all = subscriptions_by_start(build);
  const RelPtr tried =
      store::filter(all, any_of({col(all, kOnTrial), expr::gt(col(all, kPaidFrom), col(all, "started_at"))}));
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

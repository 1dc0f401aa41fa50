// What customers answer when they are asked, and what their answers make of them.
#include "plan/relation_builder.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr int kPromoter = 9, kDetractor = 6;
constexpr int kShareScale = 12;

Expr mark(int value) { return expr::literal(Decimal::integer(value)); }
Expr promotes(const RelPtr& rows) { return expr::ge(col(rows, "score"), mark(kPromoter)); }
Expr detracts(const RelPtr& rows) { return expr::le(col(rows, "score"), mark(kDetractor)); }

/// Who answered (or was asked), in which wave of which survey; somebody unnamed is everyone for himself.
RelPtr with_respondent(const RelPtr& rows) {
  return store::extend(rows,
                       {{"who", coalesce({col(rows, "respondent_key"), col(rows, "customer_key"), col(rows, "key")})},
                        {"which_wave", coalesce({col(rows, "wave"), expr::text("")})},
                        {"which_survey", coalesce({col(rows, "survey_key"), expr::integer(0)})}});
}

const std::vector<std::string> kRespondent{"who", "which_wave", "which_survey"};

/// 100 × (promoters − detractors) / answers.
Expr balance(const RelPtr& rows) {
  const Expr more = expr::call(Op::sub, Type::integer, {col(rows, "promoters"), col(rows, "detractors")});
  const Expr hundred = expr::call(Op::mul, Type::integer, {more, expr::integer(100)});
  return expr::call(Op::as_number, Type::number,
                    {expr::call(Op::div, Type::real, {real(hundred), real(col(rows, "answers"))})}, kShareScale);
}

}  // namespace

Result<RelPtr> survey_answers(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr rows = build.events("survey_responses", "answered_at");
  return store::filter(rows, is(rows, "kind", "nps"));
}

Result<RelPtr> latest_answers(const RelationContext& context) {
  VIGIE_TRY(const RelPtr rows, survey_answers(context));
  return store::first_per_key(with_respondent(rows), kRespondent, {{"answered_at", true}, {"key", true}});
}

Result<RelPtr> account_answers(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr latest, latest_answers(context));
  const RelPtr known = store::filter(
      latest, expr::all_of({expr::is_not_null(col(latest, "customer_key")), expr::is_not_null(col(latest, "score"))}));
  const RelPtr rows = build.in_periods(known, [](const RelPtr& r) { return in_period(col(r, "answered_at"), r); });
  const RelPtr sums =
      store::aggregate(rows, {{"account", col(rows, "customer_key")}, {"account_period", col(rows, "period_id")}},
                       {{"answers", AggregateFn::count, nullptr, nullptr},
                        {"promoters", AggregateFn::count, nullptr, promotes(rows)},
                        {"detractors", AggregateFn::count, nullptr, detracts(rows)}});
  const RelPtr last = store::first_per_key(rows, {"customer_key", "period_id"}, {{"answered_at", true}, {"key", true}});
  const RelPtr both =
      store::join(JoinKind::inner, last, sums, {{"customer_key", "account"}, {"period_id", "account_period"}});
  return store::project(both, {{"period_id", col(both, "period_id")},
                               {"customer_key", col(both, "customer_key")},
                               {"seen_at", col(both, "answered_at")},
                               {"wave", col(both, "wave")},
                               {"touch", col(both, "touch")},
                               {"answers", col(both, "answers")},
                               {"promoters", col(both, "promoters")},
                               {"detractors", col(both, "detractors")},
                               {"score", balance(both)}});
}

Result<RelPtr> questionnaires(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr sent = build.events("survey_responses", "sent_at");
  const RelPtr rows = store::filter(sent, is(sent, "kind", "nps"));
  const Expr answered =
      expr::all_of({expr::is_not_null(col(rows, "score")),
                    coalesce({expr::lt(col(rows, "answered_at"), build.as_of()), expr::literal(true)})});
  const RelPtr told =
      store::extend(with_respondent(rows), {{"answered", answered}, {"answered_first", flag(answered)}});
  return store::first_per_key(told, kRespondent, {{"answered_first", true}, {"sent_at"}, {"key"}});
}

Result<RelPtr> ratings(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr events = build.events("survey_responses", "answered_at");
  const RelPtr rows =
      store::filter(events, expr::all_of({is(events, "kind", "csat"), expr::is_not_null(col(events, "score"))}));
  const Expr best = col(rows, "max_score");
  const Expr share = expr::call(Op::div, Type::real, {real(col(rows, "score")), real(best)});
  return store::extend(rows, {{"share", expr::call(Op::as_number, Type::number, {share}, kShareScale)}});
}

RelPtr nps_groups(const RelationBuilder& build) {
  const RelPtr events = build.events("survey_responses", "answered_at");
  const RelPtr rows =
      store::filter(events, expr::all_of({is(events, "kind", "nps"), expr::is_not_null(col(events, "score")),
                                          expr::is_not_null(col(events, "customer_key"))}));
  const RelPtr placed = store::neighbours(rows, {"customer_key"}, {{"answered_at"}, {"key"}},
                                          {{"group_to", NeighbourFn::lead, "answered_at"}});
  const Expr group = cases(Type::text, {promotes(placed), expr::text("promoter"), detracts(placed),
                                        expr::text("detractor"), expr::text("passive")});
  return store::project(placed, {{"group_of", col(placed, "customer_key")},
                                 {"group_from", col(placed, "answered_at")},
                                 {"group_to", col(placed, "group_to")},
                                 {"nps_group", group}});
}

}  // namespace vigie::plan

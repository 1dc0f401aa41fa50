// What the company spends, whom it employs, and what its customers answer.
#include "plan/relation_builder.h"

namespace vigie::plan {
namespace {

using expr::Expr;
using store::col;
using store::JoinKind;
using store::RelPtr;

Expr before_as_of(const RelationBuilder& build, const RelPtr& rows, std::string_view day) {
  return expr::le(col(rows, day), expr::literal(build.context().calendar.zone().day_of(Instant{build.context().as_of.at.micros - 1})));
}

/// Adds `left_truncated`: the cost of days whose new customers may be old ones. Where sources say since when people are
/// customers, new ones are known one by one.
RelPtr with_truncation(const RelationContext& context, const RelPtr& rows, std::string_view day) {
  const auto until = context.facts.has_customer_since ? std::nullopt : truncated_until(context);
  return store::extend(rows, {{"left_truncated", until ? expr::lt(col(rows, day), expr::literal(*until)) : expr::literal(false)}});
}

}  // namespace

Result<RelPtr> spend(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr rows = build.table("channel_spend");
  return with_truncation(context, store::filter(rows, before_as_of(build, rows, "date")), "date");
}

Result<RelPtr> costs(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr rows = build.table("costs");
  return with_truncation(context, store::filter(rows, before_as_of(build, rows, "booked_on")), "booked_on");
}

Result<RelPtr> channel_costs(const RelationContext& context) {
  VIGIE_TRY(const RelPtr rows, costs(context));
  const Expr serves = expr::call(expr::Op::in, expr::Type::boolean, {col(rows, "function"), expr::text("sales"), expr::text("marketing")});
  return store::filter(rows, expr::all_of({serves, expr::is_not_null(col(rows, "channel"))}));
}

Result<RelPtr> survey_answers(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr rows = build.events("survey_responses", "answered_at");
  return store::filter(rows, expr::eq(col(rows, "kind"), expr::text("nps")));
}

Result<RelPtr> latest_answers(const RelationContext& context) {
  VIGIE_TRY(const RelPtr rows, survey_answers(context));
  const RelPtr named = store::extend(rows, {{"who", coalesce({col(rows, "respondent_key"), col(rows, "customer_key"), col(rows, "key")})},
                                            {"which_wave", coalesce({col(rows, "wave"), expr::text("")})},
                                            {"which_survey", coalesce({col(rows, "survey_key"), expr::integer(0)})}});
  return store::first_per_key(named, {"who", "which_wave", "which_survey"}, {{"answered_at", true}, {"key", true}});
}

Result<RelPtr> staff(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr people = build.table("headcount");
  return build.in_periods(people, [](const RelPtr& r) {
    const Expr day = expr::call(expr::Op::date_of, expr::Type::date, {col(r, "closes_at")});
    return covers(col(r, "from_date"), col(r, "to_date"), day);
  });
}

}  // namespace vigie::plan

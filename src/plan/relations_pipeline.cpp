// Deals at the two ends of a period, as they stood then, and what was to be sold in it.
#include "plan/deal_history.h"
#include "plan/sellers.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr std::string_view kOpening = "opening.", kClosing = "closing.";

std::string at(std::string_view end, std::string_view name) { return fmt::format("{}{}", end, name); }

Expr open_at(const RelationBuilder& build, const RelPtr& rows, std::string_view end, std::string_view instant) {
  const Expr open = expr::all_of({expr::lt(col(rows, "created_at"), col(rows, instant)),
                                  expr::eq(col(rows, at(end, "outcome")), expr::text("open"))});
  return build.if_there("opportunities", rows, col(rows, instant), open);
}

Expr known(const Expr& money) {
  return expr::call(Op::coalesce, Type::money, {money, expr::literal(Decimal(0, 6))}, 6);
}

/// Nothing of it happened in the period: it stood closed at both ends in the very same stay, or by the same word of its
/// row.
Expr untouched(const DealTellers& tellers, const RelPtr& rows) {
  const auto same = [&](std::string_view since) {
    return coalesce({expr::eq(col(rows, at(kOpening, since)), col(rows, at(kClosing, since))), expr::literal(false)});
  };
  std::vector<Expr> unmoved;
  if (tellers.stays) unmoved.push_back(same("entered_at"));
  if (tellers.runs) {
    const Expr unlogged = tellers.stays ? expr::is_null(col(rows, at(kClosing, "entered_at"))) : expr::literal(true);
    unmoved.push_back(expr::all_of({unlogged, same("ran_from")}));
  }
  if (unmoved.empty()) return expr::literal(false);
  return expr::all_of({expr::is_not_null(col(rows, at(kOpening, "undone"))),
                       expr::is_not_null(col(rows, at(kClosing, "undone"))), any_of(std::move(unmoved))});
}

constexpr std::string_view kOpenDealColumns[] = {
    "key",        "source_key",   "name",        "customer_key", "lead_key",   "owner_key",
    kOwnTeam,     "pipeline_key", "product_key", "campaign_key", "channel",    "business_line",
    "currency",   "kind",         "lost_reason", "outcome",      "mrr",        "created_at",
    "started_at", "qualified_at", "closed_at",   "closed_gap",   "reopenings", "cycle",
    "age",        "period_id",    "opens_at",    "closes_at",    "whole_to"};

/// What tells of the past of deals, of all of them at once.
struct Past {
  RelPtr runs, gaps;
  DealTellers tellers;
};

Past past_of(const RelationBuilder& build) {
  const RelPtr runs = outcome_runs(build), told = closed_gaps(build, runs);
  const RelPtr gaps = told ? store::shared(told) : nullptr;
  return {runs, gaps, deal_tellers(build, runs, gaps)};
}

/// Deals beside what they were at both ends of a period, all that may count at one of them or between.
RelPtr at_both_ends(const RelationBuilder& build, const Past& past) {
  const RelPtr dealt = with_last_word(build, past.tellers, deals_by(build, past.runs, past.gaps));
  RelPtr rows = build.in_periods(dealt, [&](const RelPtr& r) {
    const auto there = [&](std::string_view instant) {
      return build.if_there("opportunities", r, col(r, instant),
                            covers(col(r, "created_at"), col(r, "closed_at"), col(r, instant)));
    };
    return any_of({there("opens_at"), there("closes_at"), in_period(col(r, "created_at"), r)});
  });
  rows = state_then(build, past.tellers, rows, expr::column("opens_at", Type::integer), kOpening);
  return state_and_stage_then(build, past.tellers, rows, expr::column("closes_at", Type::integer), kClosing);
}

RelPtr with_both_ends_told(const RelationBuilder& build, const RelPtr& rows) {
  const Expr opening = open_at(build, rows, kOpening, "opens_at"),
             closing = open_at(build, rows, kClosing, "closes_at");
  const Expr left_as = col(rows, at(kClosing, "undone"));
  const Expr opening_amount = col(rows, at(kOpening, "amount")), amount = col(rows, at(kClosing, "amount"));
  std::vector<store::NamedExpr> columns;
  for (const std::string_view name : kOpenDealColumns) columns.push_back({std::string(name), col(rows, name)});
  keep_attributes(rows, columns);
  for (const char* name : {"stage_key", "probability", "expected_close_on", "amount"})
    columns.push_back({name, col(rows, at(kClosing, name))});
  columns.push_back({"opening_expected_close_on", col(rows, at(kOpening, "expected_close_on"))});
  columns.push_back({"opening_amount", opening_amount});
  columns.push_back({"opening_value", known(opening_amount)});
  columns.push_back({"closing_value", known(amount)});
  columns.push_back({"opening_open", opening});
  columns.push_back({"closing_open", closing});
  columns.push_back(
      {"entry", cases(Type::text, {opening, expr::text("opening"), in_period(col(rows, "created_at"), rows),
                                   expr::text("new"), expr::text("reopened")})});
  columns.push_back(
      {"exit", cases(Type::text, {closing, expr::text("open"), expr::is_not_null(left_as), left_as,
                                  is(rows, "outcome", "open"), expr::text("deleted"), col(rows, "outcome")})});
  const Expr lasted = duration(col(rows, "started_at"), col(rows, "ends_at"));
  columns.push_back(
      {"age_at_end", expr::call(Op::sub, Type::duration, {lasted, col(rows, at(kClosing, "closed_so_far"))})});
  return store::project(rows, std::move(columns));
}

}  // namespace

Result<RelPtr> deal_periods(const RelationContext& context) {
  const RelationBuilder build(context);
  const Past past = past_of(build);
  const RelPtr rows = at_both_ends(build, past);
  return with_both_ends_told(build, store::filter(rows, expr::not_(untouched(past.tellers, rows))));
}

/// One that is open at the end was touched: nothing is asked of how it opened unless a question reads it.
Result<RelPtr> open_deals(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr rows = with_both_ends_told(build, at_both_ends(build, past_of(build)));
  return store::filter(rows, col(rows, "closing_open"));
}

}  // namespace vigie::plan

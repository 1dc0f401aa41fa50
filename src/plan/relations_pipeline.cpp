// Deals at the two ends of a period, as they stood then, and what was to be sold in it.
#include "plan/deal_history.h"
#include "plan/held.h"
#include "plan/reporting_currency.h"
#include "plan/tree_names.h"
#include "plan/versions.h"

namespace vigie::plan {
namespace {

constexpr std::string_view kOpening = "opening.", kClosing = "closing.";

std::string at(std::string_view end, std::string_view name) { return fmt::format("{}{}", end, name); }

Expr in_period(const Expr& instant, const RelPtr& rel) {
  return expr::all_of({expr::ge(instant, col(rel, "opens_at")), expr::lt(instant, col(rel, "closes_at"))});
}

/// May the day that prices a deal matter? Only where some deal in another currency than the answer's has, or had, a
/// close.
bool prices_move(const RelationContext& context) {
  const DataFacts& facts = context.facts;
  return !context.currency.empty() || facts.last_foreign_close ||
         (facts.has_foreign_versions && facts.changed.contains("opportunities"));
}

/// Adds "open_amount": what the deal is worth as long as it is open, at the rate of the day of its creation. `rows`
/// have an amount with its document amount and currency, and the day of the creation as "priced_day".
RelPtr with_open_amount(const RelationContext& context, RelPtr rows) {
  rows = store::extend(rows, {{"stored_amount", col(rows, "amount")}});
  const RelPtr priced = converted_on(context, rows, "amount");
  std::vector<store::NamedExpr> columns{{"open_amount", col(priced, "amount")}};
  for (const store::Column& column : rows->columns)
    if (column.name != "stored_amount")
      columns.push_back({column.name, col(priced, column.name == "amount" ? "stored_amount" : column.name)});
  return store::project(priced, std::move(columns));
}

Expr day_of(const Expr& instant) { return expr::call(Op::date_of, Type::date, {instant}); }

/// Versions of deals with that amount of each.
RelPtr versions_while_open(const RelationBuilder& build) {
  const RelPtr history = dated_versions(build, "opportunities");
  if (!prices_move(build.context())) return history;
  const RelPtr current = store::table_scan(build.context().model, "opportunities");
  const RelPtr made =
      store::project(current, {{"of", col(current, "key")}, {"priced_day", day_of(col(current, "created_at"))}});
  return with_open_amount(build.context(), store::join(JoinKind::left, history, made, {{"key", "of"}}));
}

/// What is joined at both ends of a period and read once; null where the data tell of none.
struct DealLog {
  RelPtr runs, amounts, moves;
};

DealLog deal_log(const RelationBuilder& build) {
  const DataFacts& facts = build.context().facts;
  DealLog out;
  if (facts.has_undone_outcomes) out.runs = store::shared(outcome_runs(build));
  if (facts.has_logged_amounts) out.amounts = store::shared(logged_amounts(build));
  if (!facts.has_stage_changes) return out;
  const RelPtr moved = moves(build);
  out.moves = store::shared(store::project(moved, {{"deal", col(moved, "deal")},
                                                   {"stage_key", col(moved, "stage_key")},
                                                   {"stage_ends", col(moved, "ends")},
                                                   {"entered_at", col(moved, "entered_at")},
                                                   {"then_at", col(moved, "then_at")}}));
  return out;
}

/// Joins what holds of the deal just before an instant: its stage by the log, and its tracked columns.
RelPtr as_it_stood(const RelationBuilder& build, const DealLog& log, RelPtr rows, std::string_view end,
                   std::string_view instant) {
  const auto with = [&](const RelPtr& right, std::string_view key, std::string_view from, std::string_view to) {
    const Expr before = expr::column(std::string(instant), Type::integer);
    const Expr holds = expr::all_of(
        {expr::lt(expr::column(at(end, from), Type::integer), before), expr::ge(held_until(at(end, to)), before)});
    rows = store::join(JoinKind::left, rows, right, {{"key", std::string(key)}}, std::string(end), holds);
  };
  // Deals that never changed stood then as they stand now.
  if (build.context().facts.changed.contains("opportunities")) {
    const RelPtr history = versions_while_open(build);
    std::vector<store::NamedExpr> told{
        {"version_of", col(history, "key")},           {"amount", col(history, "amount")},
        {"probability", col(history, "probability")},  {"expected_close_on", col(history, "expected_close_on")},
        {"told_stage_key", col(history, "stage_key")}, {"outcome", col(history, "outcome")},
        {"valid_from", col(history, "valid_from")},    {"valid_to", col(history, "valid_to")}};
    if (prices_move(build.context())) told.push_back({"open_amount", col(history, "open_amount")});
    with(store::project(history, std::move(told)), "version_of", "valid_from", "valid_to");
  }
  if (log.runs) with(log.runs, "ran_deal", "ran_from", "ran_to");
  if (log.amounts) with(log.amounts, "priced_deal", "logged_at", "logged_until");
  if (log.moves) with(log.moves, "deal", "entered_at", "then_at");
  return rows;
}

/// Won or lost then, and reopened since: what the stage it stood in meant, else what its row said; null when neither.
Expr closed_meanwhile(const RelationBuilder& build, const RelPtr& rows, std::string_view end) {
  const auto undone = [&](std::string_view as, std::string_view until) {
    const Expr ends = col(rows, at(end, as));
    return expr::all_of({any_of({expr::eq(ends, expr::text("won")), expr::eq(ends, expr::text("lost"))}),
                         expr::is_not_null(col(rows, at(end, until)))});
  };
  const DataFacts& facts = build.context().facts;
  std::vector<Expr> told;
  if (facts.has_stage_changes) {
    told.insert(told.end(), {undone("stage_ends", "then_at"), col(rows, at(end, "stage_ends"))});
    // A deal that the log knows is told by the log alone.
    told.insert(told.end(), {expr::is_not_null(col(rows, at(end, "entered_at"))), expr::null_of(Type::text)});
  }
  if (facts.has_undone_outcomes) told.insert(told.end(), {undone("ran_as", "ran_to"), col(rows, at(end, "ran_as"))});
  if (told.empty()) return expr::null_of(Type::text);
  told.push_back(expr::null_of(Type::text));
  return expr::call(Op::case_, Type::text, std::move(told));
}

Expr stood(const RelPtr& rows, std::string_view end, std::string_view name) {
  const Expr now = col(rows, name);
  if (!store::find_column(rows, at(end, "version_of"))) return now;
  const Expr then = col(rows, at(end, name));
  return expr::call(Op::case_, now->type, {expr::is_not_null(col(rows, at(end, "version_of"))), then, now}, now->scale);
}

/// The stage that its row named at the end of the period.
Expr stage_by_row(const RelPtr& rows) {
  const Expr now = col(rows, "stage_key");
  if (!store::find_column(rows, at(kClosing, "version_of"))) return now;
  return when(expr::is_not_null(col(rows, at(kClosing, "version_of"))), col(rows, at(kClosing, "told_stage_key")), now);
}

/// The version of its row that held at the end of the period says the deal is closed, and it was open: what only the
/// close could make of it is not what it was then.
Expr closed_since(const RelPtr& rows, const Expr& open) {
  return expr::all_of({open, expr::not_(expr::eq(stood(rows, kClosing, "outcome"), expr::text("open")))});
}

/// The last amount that the log told before that end, unless the row has changed since. What was open then is priced as
/// an open deal, whatever became of it.
Expr amount_then(const RelationBuilder& build, const RelPtr& rows, std::string_view end, const Expr& open) {
  Expr by_row = stood(rows, end, "amount");
  if (prices_move(build.context()))
    by_row = expr::call(Op::case_, Type::money, {open, stood(rows, end, "open_amount"), by_row}, by_row->scale);
  if (!build.context().facts.has_logged_amounts) return by_row;
  std::vector<Expr> told{expr::is_not_null(col(rows, at(end, "logged_at")))};
  if (store::find_column(rows, at(end, "valid_from")))
    told.push_back(
        coalesce({expr::le(col(rows, at(end, "valid_from")), col(rows, at(end, "logged_at"))), expr::literal(true)}));
  return expr::call(Op::case_, Type::money,
                    {expr::all_of(std::move(told)), col(rows, at(end, "logged_amount")), by_row}, by_row->scale);
}

Expr open_at(const RelationBuilder& build, const RelPtr& rows, std::string_view instant, const Expr& meanwhile) {
  const Expr open = expr::all_of(
      {covers(col(rows, "created_at"), col(rows, "closed_at"), col(rows, instant)), expr::is_null(meanwhile)});
  return build.if_there("opportunities", rows, col(rows, instant), open);
}

Expr known(const Expr& money) {
  return expr::call(Op::coalesce, Type::money, {money, expr::literal(Decimal(0, 6))}, 6);
}

/// Nothing of it happened in the period: it stood closed at both ends in the very same stay, or by the same word of its
/// row.
Expr untouched(const RelationBuilder& build, const RelPtr& rows, const Expr& closed_opening,
               const Expr& closed_closing) {
  const auto same = [&](std::string_view since) {
    return coalesce({expr::eq(col(rows, at(kOpening, since)), col(rows, at(kClosing, since))), expr::literal(false)});
  };
  std::vector<Expr> unmoved;
  const DataFacts& facts = build.context().facts;
  if (facts.has_stage_changes) unmoved.push_back(same("entered_at"));
  if (facts.has_undone_outcomes) {
    const Expr unlogged =
        facts.has_stage_changes ? expr::is_null(col(rows, at(kClosing, "entered_at"))) : expr::literal(true);
    unmoved.push_back(expr::all_of({unlogged, same("ran_from")}));
  }
  if (unmoved.empty()) return expr::literal(false);
  return expr::all_of(
      {expr::is_not_null(closed_opening), expr::is_not_null(closed_closing), any_of(std::move(unmoved))});
}

constexpr std::string_view kDealColumns[] = {
    "key",          "source_key",   "name",        "customer_key", "lead_key",     "owner_key", "team_key",
    "own_team_key", "pipeline_key", "product_key", "campaign_key", "channel",      "kind",      "lost_reason",
    "outcome",      "mrr",          "created_at",  "started_at",   "qualified_at", "closed_at", "closed_gap",
    "reopenings",   "cycle",        "age",         "period_id",    "opens_at",     "closes_at", "whole_to"};

}  // namespace

Result<RelPtr> deal_periods(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(RelPtr dealt, deals(context));
  if (prices_move(context))
    dealt = with_open_amount(context, store::extend(dealt, {{"priced_day", day_of(col(dealt, "created_at"))}}));
  RelPtr rows = build.in_periods(dealt, [&](const RelPtr& r) {
    const auto there = [&](std::string_view instant) {
      return build.if_there("opportunities", r, col(r, instant),
                            covers(col(r, "created_at"), col(r, "closed_at"), col(r, instant)));
    };
    return any_of({there("opens_at"), there("closes_at"), in_period(col(r, "created_at"), r)});
  });
  const DealLog log = deal_log(build);
  rows = as_it_stood(build, log, rows, kOpening, "opens_at");
  rows = as_it_stood(build, log, rows, kClosing, "closes_at");
  const Expr closed_opening = closed_meanwhile(build, rows, kOpening),
             closed_closing = closed_meanwhile(build, rows, kClosing);
  rows = store::filter(rows, expr::not_(untouched(build, rows, closed_opening, closed_closing)));
  const Expr opening = open_at(build, rows, "opens_at", closed_opening),
             closing = open_at(build, rows, "closes_at", closed_closing);
  rows = store::extend(rows, {{"told_stage", stage_by_row(rows)}});
  rows = store::join(JoinKind::left, rows, closing_stages(build), {{"told_stage", "closing_stage"}});
  const Expr later = closed_since(rows, closing);
  const Expr in_stage = when(expr::all_of({later, expr::is_not_null(col(rows, "closing_stage"))}),
                             expr::null_of(Type::integer), col(rows, "told_stage"));
  std::vector<store::NamedExpr> columns;
  for (const std::string_view name : kDealColumns) columns.push_back({std::string(name), col(rows, name)});
  keep_attributes(rows, columns);
  columns.push_back({"stage_key", context.facts.has_stage_changes
                                      ? coalesce({col(rows, at(kClosing, "stage_key")), in_stage})
                                      : in_stage});
  columns.push_back({"probability", when(later, expr::null_of(Type::number), stood(rows, kClosing, "probability"))});
  columns.push_back({"expected_close_on", stood(rows, kClosing, "expected_close_on")});
  columns.push_back({"amount", amount_then(build, rows, kClosing, closing)});
  columns.push_back({"opening_expected_close_on", stood(rows, kOpening, "expected_close_on")});
  columns.push_back({"opening_amount", amount_then(build, rows, kOpening, opening)});
  columns.push_back({"opening_value", known(amount_then(build, rows, kOpening, opening))});
  columns.push_back({"closing_value", known(amount_then(build, rows, kClosing, closing))});
  columns.push_back({"opening_open", opening});
  columns.push_back({"closing_open", closing});
  columns.push_back({"entry", expr::call(Op::case_, Type::text,
                                         {opening, expr::text("opening"), in_period(col(rows, "created_at"), rows),
                                          expr::text("new"), expr::text("reopened")})});
  columns.push_back({"exit", expr::call(Op::case_, Type::text,
                                        {closing, expr::text("open"), expr::is_not_null(closed_closing), closed_closing,
                                         expr::eq(col(rows, "outcome"), expr::text("open")), expr::text("deleted"),
                                         col(rows, "outcome")})});
  columns.push_back(
      {"age_at_end", expr::call(Op::duration, Type::duration, {col(rows, "started_at"), col(rows, "ends_at")})});
  return store::project(rows, std::move(columns));
}

Result<RelPtr> open_deals(const RelationContext& context) {
  VIGIE_TRY(const RelPtr rows, deal_periods(context));
  return store::filter(rows, col(rows, "closing_open"));
}

}  // namespace vigie::plan

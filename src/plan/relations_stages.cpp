// Stays of deals in stages, and which stages a deal has reached and passed.
#include "plan/deal_history.h"
#include "plan/sellers.h"
#include "plan/tree_names.h"
#include "store/warehouse.h"

namespace vigie::plan {
namespace {

Expr plus_one(Expr value) { return expr::call(Op::add, Type::integer, {std::move(value), expr::integer(1)}); }
RelPtr renamed(const RelPtr& rel, const std::vector<std::pair<std::string, std::string>>& names) {
  std::vector<store::NamedExpr> columns;
  for (const auto& [to, from] : names) columns.push_back({to, col(rel, from)});
  return store::project(rel, std::move(columns));
}

/// Why a stay ended; the five kinds exclude each other, so that entries are their sum.
Expr exit_of(const RelPtr& rows) {
  const Expr rank = col(rows, "rank"), then = col(rows, "then_rank"), next = plus_one(rank);
  return cases(
      Type::text,
      {expr::all_of({expr::is_not_null(col(rows, "then_at")), is(rows, "then_ends", "lost")}), expr::text("lost"),
       expr::gt(then, next), expr::text("skipped"), expr::lt(then, rank), expr::text("back"),
       expr::is_not_null(col(rows, "then_at")), expr::text("advanced"), is(rows, "deal.outcome", "lost"),
       expr::text("lost"), expr::all_of({is(rows, "deal.outcome", "won"), expr::gt(col(rows, "won_rank"), next)}),
       expr::text("skipped"), is(rows, "deal.outcome", "won"), expr::text("advanced"), expr::text("still")});
}

/// The attributes of a deal that its stays and passages carry.
constexpr std::string_view kDealColumns[] = {"source_key",    "name",        "customer_key", "owner_key",  kOwnTeam,
                                             "pipeline_key",  "product_key", "campaign_key", "channel",    "kind",
                                             "business_line", "lost_reason", "outcome",      "created_at", "closed_at"};

/// Rows of deals, which the column `deal` names, with whoever had theirs at their own instant `at`.
RelPtr by_owners_then(const RelationBuilder& build, const RelPtr& rows, std::string_view deal, std::string_view at) {
  return as_then(build, rows, "opportunities", deal, {"owner_key"}, {.at = col(rows, at)});
}

/// Of each deal: the pipeline its moves name and the highest rank they reached.
RelPtr reached_by(const RelPtr& moved) {
  return store::aggregate(
      moved, {{"of_deal", col(moved, "deal")}},
      {{"moved_pipe", AggregateFn::max, col(moved, "pipe"), nullptr},
       {"top_rank", AggregateFn::max,
        expr::call(Op::greatest, Type::integer, {col(moved, "rank"), col(moved, "from_rank")}), nullptr}});
}

/// First and last step at which a deal entered a rank.
RelPtr visits(const RelPtr& moved) {
  return store::aggregate(moved, {{"deal", col(moved, "deal")}, {"rank", col(moved, "rank")}},
                          {{"first", AggregateFn::min, col(moved, "step"), nullptr},
                           {"last", AggregateFn::max, col(moved, "step"), nullptr}});
}

RelPtr time_by_rank(const RelPtr& stayed) {
  return store::aggregate(stayed, {{"deal", col(stayed, "deal_key")}, {"rank", col(stayed, "rank")}},
                          {{"spent", AggregateFn::sum, col(stayed, "spent"), nullptr},
                           {"still", AggregateFn::count, nullptr, is(stayed, "exit", "still")}});
}

/// Every deal with every open stage of its pipeline.
RelPtr deals_with_stages(const RelationBuilder& build, const RelPtr& dealt, const RelPtr& moved) {
  const RelPtr ranked = ranked_stages(build);
  const RelPtr current = renamed(ranked, {{"current", "of"}, {"current_rank", "rank"}});
  const RelPtr named = renamed(ranked, {{"named", "of"}, {"current_pipe", "pipe"}});
  RelPtr rows = store::join(JoinKind::left, dealt, current, {{"stage_key", "current"}});
  rows = store::join(JoinKind::left, rows, named, {{"row_stage_key", "named"}});
  rows = store::join(JoinKind::left, rows, reached_by(moved), {{"key", "of_deal"}});
  rows = store::extend(rows, {{"deal_pipe", coalesce({col(rows, "current_pipe"), col(rows, "pipeline_key"),
                                                      col(rows, "moved_pipe"), expr::integer(0)})}});
  const RelPtr open =
      store::filter(ranked, expr::all_of({is(ranked, "ends", "open"), expr::is_not_null(col(ranked, "rank"))}));
  const RelPtr stages = renamed(open, {{"of", "of"},
                                       {"stage", "stage"},
                                       {"pipeline", "pipeline"},
                                       {"pipe", "pipe"},
                                       {"stage_source", "stage_source"},
                                       {"position", "position"},
                                       {"rank", "rank"},
                                       {"won_rank", "won_rank"}});
  return store::join(JoinKind::inner, rows, stages, {{"deal_pipe", "pipe"}, {"source", "stage_source"}});
}

}  // namespace

RelPtr ranked_stages(const RelationBuilder& build) {
  const RelPtr table = build.table("stages");
  const RelPtr all = store::project(table, {{"of", col(table, "key")},
                                            {"stage", col(table, "label")},
                                            {"pipeline", col(table, "pipeline")},
                                            {"pipe", coalesce({col(table, "pipeline_key"), expr::integer(0)})},
                                            {"stage_source", col(table, "source")},
                                            {"position", col(table, "position")},
                                            {"ends", coalesce({col(table, "outcome"), expr::text("open")})}});
  const RelPtr open =
      store::filter(all, expr::all_of({is(all, "ends", "open"), expr::is_not_null(col(all, "position"))}));
  const RelPtr places = store::aggregate(open,
                                         {{"at_source", col(open, "stage_source")},
                                          {"at_pipe", col(open, "pipe")},
                                          {"at_position", col(open, "position")}},
                                         {{"stages_there", AggregateFn::count, nullptr, nullptr}});
  const RelPtr numbered = store::neighbours(places, {"at_source", "at_pipe"}, {{"at_position"}},
                                            {{"open_rank", NeighbourFn::row_number, ""}});
  const RelPtr lasts =
      store::aggregate(numbered, {{"in_source", col(numbered, "at_source")}, {"in_pipe", col(numbered, "at_pipe")}},
                       {{"last_rank", AggregateFn::max, col(numbered, "open_rank"), nullptr}});
  RelPtr rows = store::join(JoinKind::left, all, numbered,
                            {{"stage_source", "at_source"}, {"pipe", "at_pipe"}, {"position", "at_position"}});
  rows = store::join(JoinKind::left, rows, lasts, {{"stage_source", "in_source"}, {"pipe", "in_pipe"}});
  const Expr won_rank = plus_one(coalesce({col(rows, "last_rank"), expr::integer(0)}));
  return store::project(
      rows, {{"of", col(rows, "of")},
             {"stage", col(rows, "stage")},
             {"pipeline", col(rows, "pipeline")},
             {"pipe", col(rows, "pipe")},
             {"stage_source", col(rows, "stage_source")},
             {"position", col(rows, "position")},
             {"ends", col(rows, "ends")},
             {"won_rank", won_rank},
             {"rank", cases(Type::integer, {is(rows, "ends", "open"), col(rows, "open_rank"), is(rows, "ends", "won"),
                                            won_rank, expr::null_of(Type::integer)})}});
}

namespace {

/// What is dated after the deletion of its row did not happen.
RelPtr whole_log(const RelationBuilder& build) {
  constexpr std::string_view kLog = "opportunity_stage_changes";
  const RelPtr all = build.table(kLog);
  return build.before_deletion(kLog, all, col(all, "entered_at"));
}

/// Moves of one day without a time are read in the order of the stages.
std::vector<store::SortKey> log_order() { return {{"entered_at"}, {"rank"}, {"move"}}; }

/// Entries of the log as they are.
RelPtr logged(const RelPtr& log, const RelPtr& ranked) {
  const RelPtr kept = renamed(log, {{"move", "key"},
                                    {"deal", "opportunity_key"},
                                    {"entered_at", "entered_at"},
                                    {"stage_key", "stage_key"},
                                    {"from_stage_key", "from_stage_key"},
                                    {"origin", "origin"},
                                    {"seen_before", "is_reentry"},
                                    {"amount_at", "amount_at"},
                                    {"amount_told", store::document_amount("amount_at")},
                                    {"currency_told", "currency"}});
  return store::join(JoinKind::left, kept, ranked, {{"stage_key", "of"}});
}

/// Known from looking at the deal now and then, by a loader or by us: where it stood, not since when.
Expr from_looks(const RelPtr& rows) { return any_of({is(rows, "origin", "snapshot"), is(rows, "origin", "seen")}); }

RelPtr moves_of(const RelationBuilder& build, const RelPtr& log) {
  const RelPtr ranked = ranked_stages(build);
  RelPtr rows =
      store::join(JoinKind::left, logged(log, ranked), renamed(ranked, {{"came_from", "of"}, {"from_rank", "rank"}}),
                  {{"from_stage_key", "came_from"}});
  const std::vector<store::SortKey> order = log_order();
  rows = store::neighbours(rows, {"deal"}, order, {{"stage_before", NeighbourFn::lag, "stage_key"}});
  rows = store::filter(rows, expr::not_(expr::eq(col(rows, "stage_before"), col(rows, "stage_key"))));
  rows = store::neighbours(rows, {"deal"}, order,
                           {{"step", NeighbourFn::row_number, ""},
                            {"ends_before", NeighbourFn::lag, "ends"},
                            {"then_at", NeighbourFn::lead, "entered_at"},
                            {"then_rank", NeighbourFn::lead, "rank"},
                            {"then_ends", NeighbourFn::lead, "ends"}});
  return store::neighbours(rows, {"deal", "stage_key"}, order, {{"visit", NeighbourFn::row_number, ""}});
}

}  // namespace

RelPtr moves(const RelationBuilder& build) {
  return moves_of(build, build.events("opportunity_stage_changes", "entered_at"));
}

RelPtr all_moves(const RelationBuilder& build) { return moves_of(build, whole_log(build)); }

RelPtr logged_amounts(const RelationBuilder& build) {
  const RelPtr told = logged(whole_log(build), ranked_stages(build));
  const RelPtr priced = store::filter(told, expr::is_not_null(col(told, "amount_told")));
  const RelPtr rows =
      store::neighbours(priced, {"deal"}, log_order(), {{"told_next", NeighbourFn::lead, "entered_at"}});
  return renamed(rows, {{"priced_deal", "deal"},
                        {"logged_amount", "amount_at"},
                        {"logged_document", "amount_told"},
                        {"logged_currency", "currency_told"},
                        {"logged_at", "entered_at"},
                        {"logged_until", "told_next"}});
}

Result<RelPtr> stays(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr dealt, deals(context));
  std::vector<store::NamedExpr> of_deal{{"key", col(dealt, "key")},
                                        {"amount", col(dealt, "amount")},
                                        {"gone", build.gone("opportunities", dealt)},
                                        {"seen_to", build.ended_or_deleted("opportunities", dealt, build.as_of())}};
  for (const std::string_view name : kDealColumns) of_deal.push_back({std::string(name), col(dealt, name)});
  keep_attributes(dealt, of_deal);
  const RelPtr moved = moves(build);
  RelPtr rows =
      store::join(JoinKind::inner, moved, store::project(dealt, std::move(of_deal)), {{"deal", "key"}}, "deal.");
  rows = store::filter(rows, expr::eq(coalesce({col(rows, "ends"), expr::text("open")}), expr::text("open")));
  // A look says where a deal stands, not since when: a first stay known from one began before the log did, unless
  // the one before saw it elsewhere.
  rows = store::filter(
      rows,
      expr::not_(expr::all_of({from_looks(rows), expr::eq(col(rows, "step"), expr::integer(1)),
                               expr::is_null(col(rows, "from_stage_key")),
                               expr::gt(day_of(col(rows, "entered_at")), day_of(col(rows, "deal.created_at")))})));
  const Expr left = coalesce({col(rows, "then_at"), col(rows, "deal.closed_at")});
  std::vector<store::NamedExpr> columns{
      {"key", col(rows, "move")},
      {"deal_key", col(rows, "deal")},
      {"stage_key", col(rows, "stage_key")},
      {"stage", col(rows, "stage")},
      {"pipeline", col(rows, "pipeline")},
      {"position", col(rows, "position")},
      {"rank", col(rows, "rank")},
      {"entered_at", col(rows, "entered_at")},
      {"left_at", left},
      {"spent", duration(col(rows, "entered_at"), coalesce({left, col(rows, "deal.seen_to")}))},
      {"exit", exit_of(rows)},
      {"deleted", col(rows, "deal.gone")},
      {"is_reentry",
       any_of({expr::gt(col(rows, "visit"), expr::integer(1)),
               expr::all_of({from_looks(rows), coalesce({col(rows, "seen_before"), expr::literal(false)})})})},
      {"is_reopening", any_of({is(rows, "ends_before", "won"), is(rows, "ends_before", "lost")})},
      {"amount", coalesce({col(rows, "amount_at"), col(rows, "deal.amount")})}};
  for (const std::string_view name : kDealColumns)
    columns.push_back({std::string(name), col(rows, fmt::format("deal.{}", name))});
  keep_attributes(rows, columns, "deal.");
  return by_owners_then(build, store::project(rows, std::move(columns)), "deal_key", "entered_at");
}

Result<RelPtr> stage_passages(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr dealt, deals(context));
  VIGIE_TRY(const RelPtr stayed, stays(context));
  const RelPtr moved = moves(build);
  RelPtr rows = deals_with_stages(build, dealt, moved);
  rows = store::extend(rows, {{"next_rank", plus_one(col(rows, "rank"))}});
  const RelPtr visited = visits(moved);
  rows = store::join(JoinKind::left, rows, visited, {{"key", "deal"}, {"rank", "rank"}}, "in.");
  rows = store::join(JoinKind::left, rows, visited, {{"key", "deal"}, {"next_rank", "rank"}}, "on.");
  rows = store::join(JoinKind::left, rows, time_by_rank(stayed), {{"key", "deal"}, {"rank", "rank"}}, "stay.");
  const Expr won = is(rows, "outcome", "won");
  // Without a log the stage that the deal is in says how far it came.
  const Expr by_log = coalesce({col(rows, "top_rank"), col(rows, "current_rank"), expr::integer(1)});
  const Expr top =
      expr::call(Op::greatest, Type::integer, {by_log, when(won, col(rows, "won_rank"), expr::integer(1))});
  const Expr entered = expr::is_not_null(col(rows, "in.first"));
  const Expr won_unlogged =
      expr::all_of({won, expr::eq(col(rows, "next_rank"), col(rows, "won_rank")), expr::is_null(col(rows, "on.last"))});
  std::vector<store::NamedExpr> columns{
      {"key", col(rows, "key")},
      {"stage_key", col(rows, "of")},
      {"stage", col(rows, "stage")},
      {"pipeline", col(rows, "pipeline")},
      {"position", col(rows, "position")},
      {"entered", entered},
      {"passed", expr::ge(top, col(rows, "next_rank"))},
      {"passed_next",
       expr::all_of(
           {entered, any_of({coalesce({expr::lt(col(rows, "in.first"), col(rows, "on.last")), expr::literal(false)}),
                             won_unlogged})})},
      {"spent", coalesce({col(rows, "stay.spent"), expr::literal(expr::Micros{0})})},
      {"still", expr::gt(coalesce({col(rows, "stay.still"), expr::integer(0)}), expr::integer(0))},
      {"reached", any_of({entered, expr::ge(top, col(rows, "rank"))})},
      {"amount", col(rows, "amount")}};
  for (const std::string_view name : kDealColumns) columns.push_back({std::string(name), col(rows, name)});
  keep_attributes(rows, columns);
  const RelPtr all = store::project(rows, std::move(columns));
  return by_owners_then(build, store::filter(all, col(all, "reached")), "key", "created_at");
}

}  // namespace vigie::plan

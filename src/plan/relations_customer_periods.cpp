// Customers at the two ends of periods: by their contracts, or by when they last bought.
//
// Purchases are read once, whatever the number of periods: a sale makes its customer active at the ends that follow it,
// up to the next sale or to the horizon, which is a run of bits (boundaries.h); the sum over the sales of a customer is
// its whole history, and periods only meet histories.
#include "plan/boundaries.h"
#include "plan/relation_builder.h"
#include "plan/renewals.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr std::string_view kRelation = "customer_periods";

Expr any_bit(const RelPtr& rel, std::string_view a, std::string_view b) {
  return expr::call(Op::any_bit, Type::boolean, {col(rel, a), col(rel, b)});
}

Expr day_in_period(const Expr& day, const RelPtr& rel) {
  return expr::all_of({expr::ge(day, day_of(col(rel, "opens_at"))), expr::lt(day, day_of(col(rel, "closes_at")))});
}

/// What the question reads of the customer. The group of a channel follows from the channel.
std::vector<std::string> paths_to_customers(const RelationContext& context) {
  const std::string& channel = context.model.relation(kRelation)->dimensions.at("channel");
  std::vector<std::string> out;
  for (const std::string& asked : context.paths) {
    const bool group = asked == model::kChannelGroup,
               current_group = asked == fmt::format("{}{}", expr::kCurrent, model::kChannelGroup);
    const std::string path = group ? channel : current_group ? fmt::format("{}{}", expr::kCurrent, channel) : asked;
    if (path.find('.') != std::string::npos && std::ranges::find(out, path) == out.end()) out.push_back(path);
  }
  return out;
}

// --- contracts

constexpr std::string_view kSummed[] = {"opening_mrr", "closing_mrr", "opening",          "closing",         "joined",
                                        "first",       "renewals",    "opening_unpriced", "closing_unpriced"};

/// One row per customer and period from rows that say, for themselves, what they contribute.
RelPtr contract_states(const RelationBuilder& build, const RelPtr& rows) {
  std::vector<store::AggregateColumn> sums;
  for (const std::string_view name : kSummed)
    sums.push_back({std::string(name), AggregateFn::sum, col(rows, name), nullptr});
  const RelPtr summed = store::aggregate(
      rows, {{"customer_key", col(rows, "customer_key")}, {"period_id", col(rows, "period_id")}}, std::move(sums));
  const RelPtr periods = build.periods();
  const RelPtr opening =
      store::project(periods, {{"opening_of", col(periods, "period_id")}, {"opens_at", col(periods, "opens_at")}});
  const RelPtr grouped = store::join(JoinKind::inner, summed, opening, {{"period_id", "opening_of"}});
  const auto some = [&](std::string_view name) { return expr::gt(col(grouped, name), expr::integer(0)); };
  const Expr joined = expr::all_of({expr::not_(some("opening")), some("joined")});
  const Expr unpriced = any_of({some("opening_unpriced"), some("closing_unpriced")});
  return store::project(grouped, {{"period_id", col(grouped, "period_id")},
                                  {"opens_at", col(grouped, "opens_at")},
                                  {"customer_key", col(grouped, "customer_key")},
                                  {"relation", expr::text(std::string(kContract))},
                                  {"opening_active", some("opening")},
                                  {"closing_active", some("closing")},
                                  {"joined", joined},
                                  {"is_new", expr::all_of({expr::not_(some("opening")), some("first")})},
                                  {"reactivated", expr::all_of({joined, expr::not_(some("first"))})},
                                  {"up_for_renewal", some("renewals")},
                                  {"opening_mrr", col(grouped, "opening_mrr")},
                                  {"closing_mrr", col(grouped, "closing_mrr")},
                                  {"closing_unpriced", col(grouped, "closing_unpriced")},
                                  {"priced", expr::not_(unpriced)}});
}

RelPtr contract_periods(const RelationBuilder& build) {
  const RelPtr paid = paid_subscriptions(build);
  const RelPtr numbered = store::neighbours(paid, {"customer_key"}, {{"started_at"}, {"key"}},
                                            {{"rank", store::NeighbourFn::row_number, ""}});
  std::vector<store::NamedExpr> columns;
  for (const char* name : {"customer_key", "started_at", "ended_at", "past_due_since", "renews_on", "mrr", "rank"})
    columns.push_back({name, col(numbered, name)});
  columns.push_back({"row", col(numbered, "key")});
  const RelPtr kept = store::join(JoinKind::left, store::project(numbered, std::move(columns)),
                                  changed_on_the_way(paid), {{"row", "changed_row"}});
  const auto active = [&](const RelPtr& r, std::string_view at) {
    return expr::all_of({covers(col(r, "started_at"), col(r, "ended_at"), col(r, at)),
                         not_too_long_past_due(build.context(), r, col(r, at))});
  };
  const RelPtr rows = build.in_periods(kept, [&](const RelPtr& r) {
    return any_of({active(r, "opens_at"), active(r, "closes_at"), in_period(col(r, "started_at"), r)});
  });
  const Expr opens = active(rows, "opens_at");
  const Expr closes = active(rows, "closes_at");
  const Expr is_term = expr::all_of({in_period(col(rows, "ended_at"), rows), expr::is_null(col(rows, "changed_row"))});
  const Expr dropped_on = days_later(day_of(col(rows, "past_due_since")), build.context().settings.past_due_days);
  const Expr ended = col(rows, "ended_at");
  const Expr is_dropped = expr::all_of({any_of({expr::is_null(ended), expr::lt(dropped_on, day_of(ended))}),
                                        coalesce({day_in_period(dropped_on, rows), expr::literal(false)})});
  const Expr due = any_of({is_term, is_dropped, day_in_period(col(rows, "renews_on"), rows)});
  const Expr started = in_period(col(rows, "started_at"), rows);
  const Expr mrr = coalesce({col(rows, "mrr"), zero_money()}), unpriced = expr::is_null(col(rows, "mrr"));
  return contract_states(
      build,
      store::project(rows, {{"customer_key", col(rows, "customer_key")},
                            {"period_id", col(rows, "period_id")},
                            {"opening", flag(opens)},
                            {"closing", flag(closes)},
                            {"joined", flag(started)},
                            {"first", flag(expr::all_of({started, expr::eq(col(rows, "rank"), expr::integer(1))}))},
                            {"renewals", flag(due)},
                            {"opening_mrr", when(opens, mrr, zero_money())},
                            {"closing_mrr", when(closes, mrr, zero_money())},
                            {"opening_unpriced", flag(expr::all_of({opens, unpriced}))},
                            {"closing_unpriced", flag(expr::all_of({closes, unpriced}))}}));
}

// --- purchases

/// By day: which ends lie before it, and which before the horizon after it.
RelPtr days_of(const Boundaries& ends, int horizon) {
  std::vector<std::vector<expr::Literal>> rows;
  for (Date day = ends.first_day() - horizon; day <= ends.last_day(); day = day + 1)
    rows.push_back({day, ends.reached(day), ends.reached(day + horizon)});
  return store::values({{"day", Type::date}, {"begins", Type::integer}, {"lapses", Type::integer}}, std::move(rows));
}

/// One row per customer who bought in reach of the ends: `active` at which of them, `bought` just before which of them,
/// and `first` the one after its first sale ever.
RelPtr purchase_histories(const RelationBuilder& build, const RelPtr& sold, const Boundaries& ends) {
  const int horizon = build.context().settings.inactivity_days;
  const Expr day = day_of(col(sold, "sold_at"));
  const RelPtr near = store::filter(sold, expr::all_of({expr::is_not_null(col(sold, "customer_key")),
                                                        expr::ge(day, expr::literal(ends.first_day() - horizon)),
                                                        expr::le(day, expr::literal(ends.last_day()))}));
  const RelPtr kept = store::project(near, {{"customer_key", col(near, "customer_key")},
                                            {"sold_at", col(near, "sold_at")},
                                            {"sold_day", day_of(col(near, "sold_at"))},
                                            {"next_at", col(near, "next_at")},
                                            {"next_day", day_of(col(near, "next_at"))},
                                            {"nth", col(near, "nth")}});
  const RelPtr days = days_of(ends, horizon);
  const RelPtr begun = store::join(JoinKind::inner, kept, days, {{"sold_day", "day"}});
  const RelPtr next_days = store::project(days, {{"next_on", col(days, "day")}, {"next_begins", col(days, "begins")}});
  const RelPtr rows = store::join(JoinKind::left, begun, next_days, {{"next_day", "next_on"}});
  const Expr begins = ends.reached(col(rows, "begins"), col(rows, "sold_at"), 0);
  const Expr next =
      coalesce({ends.reached(col(rows, "next_begins"), col(rows, "next_at"), 0), expr::integer(ends.end())});
  const Expr lapses = ends.reached(col(rows, "lapses"), col(rows, "sold_at"), horizon);
  const Expr until = expr::call(Op::least, Type::integer, {next, lapses});
  const Expr none = expr::integer(0);
  // The last sale before an end stands for the customer there: of several between two ends only the last one counts.
  const RelPtr bits = store::project(
      rows, {{"customer_key", col(rows, "customer_key")},
             {"active", when(expr::gt(until, begins), expr::call(Op::sub, Type::integer, {until, begins}), none)},
             {"bought", when(expr::gt(next, begins), begins, none)},
             {"first", when(expr::eq(col(rows, "nth"), expr::integer(1)), begins, none)}});
  std::vector<store::AggregateColumn> sums;
  for (const char* name : {"active", "bought", "first"})
    sums.push_back({name, AggregateFn::sum, col(bits, name), nullptr});
  return store::aggregate(bits, {{"customer_key", col(bits, "customer_key")}}, std::move(sums));
}

RelPtr without_contract(const RelationBuilder& build, const RelPtr& rows) {
  if (!build.context().has_payers()) return rows;
  const RelPtr told = store::join(JoinKind::left, rows, contract_customers(build), {{"customer_key", "contract_of"}});
  return store::filter(told, expr::is_null(col(told, "contract_of")));
}

/// Customers with one history and alike in what is asked become one row that stands for them all.
RelPtr folded(const RelPtr& rows, const std::vector<std::string>& paths) {
  std::vector<store::NamedExpr> alike;
  for (const char* name : {"active", "bought", "first"}) alike.push_back({name, col(rows, name)});
  for (const std::string& path : paths) alike.push_back({path, col(rows, path)});
  const RelPtr groups =
      store::aggregate(rows, std::move(alike), {{std::string(kStandsFor), AggregateFn::count, nullptr, nullptr}});
  return store::extend(groups, {{"customer_key", expr::null_of(Type::integer)}});
}

RelPtr bits_of(const std::vector<PeriodInstants>& periods, const Boundaries& ends) {
  std::vector<std::vector<expr::Literal>> rows;
  for (const PeriodInstants& period : periods) {
    const std::int64_t opening = ends.bit(period.open), closing = ends.bit(period.close);
    rows.push_back({std::int64_t{1}, period.id, period.open, opening, closing, opening | closing,
                    ends.between(period.open, period.close)});
  }
  return store::values({{"each", Type::integer},
                        {"period_id", Type::integer},
                        {"opens_at", Type::instant},
                        {"opening", Type::integer},
                        {"closing", Type::integer},
                        {"ends", Type::integer},
                        {"inside", Type::integer}},
                       std::move(rows));
}

/// Histories meet periods: a row for each in which something holds.
RelPtr purchase_states(const RelPtr& histories, const RelPtr& periods, const std::vector<std::string>& more) {
  const RelPtr left = store::extend(histories, {{"every", expr::integer(1)}});
  const RelPtr shape = side_by_side(left, periods);
  const RelPtr rows = store::join(JoinKind::inner, left, periods, {{"every", "each"}}, "",
                                  any_of({any_bit(shape, "active", "ends"), any_bit(shape, "bought", "inside")}));
  const Expr opening = any_bit(rows, "active", "opening");
  const Expr joined = expr::all_of({expr::not_(opening), any_bit(rows, "bought", "inside")});
  const Expr first = any_bit(rows, "first", "inside");
  std::vector<store::NamedExpr> columns{{"period_id", col(rows, "period_id")},
                                        {"opens_at", col(rows, "opens_at")},
                                        {"customer_key", col(rows, "customer_key")},
                                        {"relation", expr::text(std::string(kPurchase))},
                                        {"opening_active", opening},
                                        {"closing_active", any_bit(rows, "active", "closing")},
                                        {"joined", joined},
                                        {"is_new", expr::all_of({expr::not_(opening), first})},
                                        {"reactivated", expr::all_of({joined, expr::not_(first)})},
                                        {"up_for_renewal", expr::literal(false)},
                                        {"opening_mrr", zero_money()},
                                        {"closing_mrr", zero_money()},
                                        {"closing_unpriced", expr::integer(0)},
                                        {"priced", expr::literal(true)}};
  for (const std::string& name : more) columns.push_back({name, col(rows, name)});
  return store::project(rows, std::move(columns));
}

}  // namespace

Result<RelPtr> customer_periods(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  const std::vector<std::string> paths = paths_to_customers(context);
  const bool counted = context.rows == RelationContext::Rows::counted && are_constant(kRelation, paths, context);
  std::vector<std::string> more;
  if (counted) more = paths, more.emplace_back(kStandsFor);
  std::vector<RelPtr> parts;
  if (context.has_payers()) {
    RelPtr contracts = contract_periods(build);
    if (counted) {
      VIGIE_TRY(contracts, with_paths(contracts, kRelation, paths, context, ""));
      std::vector<store::NamedExpr> columns;
      for (const store::Column& column : contracts->columns)
        if (column.name.find('.') == std::string::npos) columns.push_back({column.name, col(contracts, column.name)});
      for (const std::string& path : paths) columns.push_back({path, col(contracts, path)});
      columns.push_back({std::string(kStandsFor), expr::integer(1)});
      contracts = store::project(contracts, std::move(columns));
    }
    parts.push_back(contracts);
  }
  if (!context.has_payers() || context.has_buyers())
    for (const auto& periods : Boundaries::sets(context.periods)) {
      const Boundaries ends(periods);
      RelPtr histories = without_contract(build, purchase_histories(build, sold, ends));
      if (counted) {
        VIGIE_TRY(histories, with_paths(histories, kRelation, paths, context, ""));
        histories = folded(histories, paths);
      }
      parts.push_back(purchase_states(histories, bits_of(periods, ends), more));
    }
  return parts.size() == 1 ? parts.front() : store::union_all(std::move(parts));
}

}  // namespace vigie::plan

// What deals were at an instant: the one place that weighs what their rows, their versions and their log tell.
#include "plan/deal_history.h"
#include "plan/held.h"
#include "plan/reporting_currency.h"
#include "plan/tree_names.h"
#include "plan/versions.h"
#include "store/warehouse.h"

namespace vigie::plan {
namespace {

constexpr std::string_view kDeals = "opportunities", kLog = "opportunity_stage_changes";
constexpr const char* kAmount = "amount";
constexpr const char* kCurrency = "currency";

std::string document() { return store::document_amount(kAmount); }

Expr yes(Expr condition) { return coalesce({std::move(condition), expr::literal(false)}); }
Expr is_open(const Expr& outcome) { return expr::eq(outcome, expr::text("open")); }
/// An instant as its microseconds: a join on comparisons of whole numbers stays one of the engine's hash joins.
Expr micros(const std::string& instant) { return expr::column(instant, Type::integer); }

/// Versions of deals under names that no row of deals has.
RelPtr told_versions(const RelationBuilder& build) {
  const RelPtr all = dated_versions(build, kDeals);
  return store::project(all, {{"version_of", col(all, "key")},
                              {"told_outcome", col(all, "outcome")},
                              {"told_stage_key", col(all, "stage_key")},
                              {"told_probability", col(all, "probability")},
                              {"told_expected_close_on", col(all, "expected_close_on")},
                              {"told_amount", col(all, kAmount)},
                              {"told_document", col(all, document())},
                              {"told_currency", col(all, kCurrency)},
                              {"valid_from", col(all, "valid_from")},
                              {"valid_to", col(all, "valid_to")}});
}

/// Does the day that prices a deal matter? Not where its row was the last word, or all amounts are in the currency of
/// the answer.
bool prices_move(const RelationContext& context, const DealTellers& tellers) {
  const DataFacts& facts = context.facts;
  if (!tellers.past || facts.quoted.empty()) return false;
  return !context.currency.empty() || facts.last_foreign_close || tellers.amounts ||
         (facts.has_foreign_versions && tellers.versions) || (facts.has_foreign_deals && tellers.stays);
}

/// Rows of deals beside what is told of them just before an instant.
class Then {
 public:
  Then(const RelationBuilder& build, const DealTellers& tellers, RelPtr rows, Expr instant, std::string_view prefix)
      : build_(build), tellers_(tellers), rows_(std::move(rows)), instant_(std::move(instant)), prefix_(prefix) {
    join(tellers.versions, "version_of", "valid_from", "valid_to");
    join(tellers.runs, "ran_deal", "ran_from", "ran_to");
    join(tellers.stays, "stayed", "entered_at", "then_at");
    join(tellers.amounts, "priced_deal", "logged_at", "logged_until");
  }

  /// outcome, closed_at, undone, expected_close_on, amount with its document amount and currency, under the prefix.
  RelPtr with_state() {
    const Expr undone = closed_meanwhile(&Closed::as, Type::text);
    const Expr by_row =
        expr::all_of({expr::not_(is_reworded()), expr::not_(is_open(row("outcome"))), closed_by_then()});
    const Expr since = closed_meanwhile(&Closed::at, Type::instant);
    const Expr outcome = cases(Type::text, {by_row, row("outcome"), coalesce({undone, expr::text("open")})});
    std::vector<store::NamedExpr> state{
        {at("outcome"), outcome},
        {at("closed_at"), cases(Type::instant, {by_row, row("closed_at"), since})},
        {at("undone"), cases(Type::text, {by_row, expr::null_of(Type::text), undone})},
        {at("expected_close_on"), of_version("expected_close_on", row("expected_close_on"))}};
    rows_ = store::extend(rows_, std::move(state));
    return with_amount();
  }

  /// Adds stage_key and probability to rows that have their state.
  RelPtr with_stage() {
    const Expr open = is_open(then("outcome"));
    Expr stage = of_version("stage_key", row("stage_key"));
    const Expr probability = of_version("probability", row("probability"));
    // What a row that is closed says of a deal that stood open is not taken where only the close could make it so.
    const Expr closed = expr::all_of({expr::not_(is_open(of_version("outcome", row("outcome")))), open});
    if (tellers_.past) {
      rows_ = store::extend(rows_, {{at("row_stage"), stage}});
      rows_ = store::join(JoinKind::left, rows_, closing_stages(build_), {{at("row_stage"), "closing_stage"}}, prefix_);
      stage = when(expr::all_of({closed, expr::is_not_null(then("closing_stage"))}), expr::null_of(Type::integer),
                   then("row_stage"));
    }
    if (tellers_.stays) {
      const Expr closes_later = expr::all_of({expr::not_(is_open(row("outcome"))), open});
      const Expr by_log = any_of({expr::is_not_null(then("then_at")), closes_later});
      stage = coalesce({cases(Type::integer, {by_log, then("in_stage"), expr::null_of(Type::integer)}), stage});
    }
    return rows_ = store::extend(rows_, {{at("stage_key"), stage},
                                         {at("probability"), when(closed, expr::null_of(Type::number), probability)}});
  }

  /// Adds closed_so_far.
  RelPtr with_time_closed() {
    join(tellers_.reopened, "reopened", "reopened_at", "reopened_next");
    const Expr none = expr::literal(expr::Micros{0});
    return store::extend(rows_,
                         {{at("closed_so_far"), tellers_.reopened ? coalesce({then("closed_in_all"), none}) : none}});
  }

 private:
  /// How a deal stood that was closed then, as something beside its row tells.
  struct Closed {
    Expr when, as, at;
  };

  std::string at(std::string_view name) const { return fmt::format("{}{}", prefix_, name); }
  Expr row(std::string_view name) const { return col(rows_, name); }
  Expr then(std::string_view name) const { return col(rows_, at(name)); }

  void join(const RelPtr& told, std::string_view key, std::string_view from, std::string_view to) {
    if (!told) return;
    const Expr holds = expr::all_of({expr::lt(micros(at(from)), instant_), expr::ge(held_until(at(to)), instant_)});
    rows_ = store::join(JoinKind::left, rows_, told, {{"key", std::string(key)}}, prefix_, holds);
  }

  Expr is_closing(std::string_view name) const {
    return any_of({expr::eq(then(name), expr::text("won")), expr::eq(then(name), expr::text("lost"))});
  }
  /// A run that tells a close, which had come by then.
  Expr ran_closed() const {
    const Expr by_then = coalesce({expr::lt(then("ran_closed"), instant_), expr::literal(true)});
    return expr::all_of({is_closing("ran_as"), by_then});
  }

  /// By a version that another one replaced since; one that is in force is what the row says.
  Expr is_replaced() const { return tellers_.versions ? expr::is_not_null(then("valid_to")) : expr::literal(false); }
  Expr of_version(std::string_view name, const Expr& now) const {
    if (!tellers_.versions) return now;
    return cases(now->type, {is_replaced(), then(fmt::format("told_{}", name)), now}, now->scale);
  }

  /// A stage won or lost that the deal has left since.
  std::optional<Closed> by_log() const {
    if (!tellers_.stays) return std::nullopt;
    return Closed{.when = expr::all_of({is_closing("stage_ends"), expr::is_not_null(then("then_at"))}),
                  .as = then("stage_ends"),
                  .at = then("entered_at")};
  }
  /// What its row said then, and another word replaced since. Of a deal that the log knows only another word about the
  /// close with which the log ends.
  Expr is_reworded() const {
    if (!tellers_.runs) return expr::literal(false);
    const Expr replaced = expr::is_not_null(then("ran_to"));
    if (!tellers_.stays) return replaced;
    const Expr ends_there = expr::all_of({ran_closed(), is_closing("stage_ends"), expr::is_null(then("then_at"))});
    return expr::all_of({replaced, any_of({expr::is_null(then("entered_at")), yes(ends_there)})});
  }
  std::optional<Closed> by_versions() const {
    if (!tellers_.runs) return std::nullopt;
    return Closed{.when = expr::all_of({ran_closed(), is_reworded()}), .as = then("ran_as"), .at = then("ran_closed")};
  }

  Expr closed_meanwhile(Expr Closed::* what, Type type) const {
    std::vector<Expr> told;
    for (const auto& one : {by_log(), by_versions()})
      if (one) told.insert(told.end(), {yes(one->when), (*one).*what});
    told.push_back(expr::null_of(type));
    return cases(type, std::move(told));
  }
  /// What is dated after the deletion of the deal did not happen.
  Expr closed_by_then() const {
    const Expr closed = row("closed_at");
    return yes(build_.if_before_deletion(kDeals, rows_, closed, expr::lt(closed, instant_)));
  }

  /// The log's amount goes before the row's where something is told later, so that the row may say what came of it, and
  /// the row has not changed since the log told it.
  Expr is_logged() const {
    if (!tellers_.amounts) return expr::literal(false);
    std::vector<Expr> all{expr::is_not_null(then("logged_at")),
                          any_of({yes(expr::ge(row("last_word"), instant_)), is_replaced()})};
    if (tellers_.versions)
      all.push_back(coalesce({expr::le(then("valid_from"), then("logged_at")), expr::literal(true)}));
    return expr::all_of(std::move(all));
  }

  Expr chosen(const std::string& name, std::string_view told, std::string_view logged) const {
    const Expr now = row(name);
    std::vector<Expr> from;
    if (tellers_.amounts) from.insert(from.end(), {is_logged(), then(logged)});
    if (tellers_.versions) from.insert(from.end(), {is_replaced(), then(told)});
    from.push_back(now);
    return cases(now->type, std::move(from), now->scale);
  }

  /// It is priced on the day of the close that it had then, else on that of its creation.
  RelPtr with_amount() {
    rows_ = store::extend(rows_, {{at(kAmount), chosen(kAmount, "told_amount", "logged_amount")},
                                  {at(document()), chosen(document(), "told_document", "logged_document")},
                                  {at(kCurrency), chosen(kCurrency, "told_currency", "logged_currency")}});
    if (!prices_move(build_.context(), tellers_)) return rows_;
    const Expr same_close =
        expr::all_of({expr::eq(then("outcome"), row("outcome")),
                      any_of({is_open(row("outcome")), expr::eq(then("closed_at"), row("closed_at"))})});
    const Expr day = day_of(coalesce({then("closed_at"), row("created_at")}));
    std::vector<store::NamedExpr> columns{
        {kCurrency, then(kCurrency)},
        {"as_the_row", expr::all_of({same_close, expr::not_(any_of({is_logged(), is_replaced()}))})},
        {"priced_day", day}};
    const auto kept_as = [](const std::string& name) { return name == kCurrency ? "row_currency" : name; };
    for (const store::Column& column : rows_->columns) columns.push_back({kept_as(column.name), row(column.name)});
    const RelPtr priced = converted_on(build_.context(), store::project(rows_, std::move(columns)), at(kAmount));
    std::vector<store::NamedExpr> kept;
    for (const store::Column& column : rows_->columns) {
      const Expr value = col(priced, kept_as(column.name));
      const bool worth = column.name == at(kAmount);
      kept.push_back({column.name, worth ? when(col(priced, "as_the_row"), col(priced, kAmount), value) : value});
    }
    return rows_ = store::project(priced, std::move(kept));
  }

  const RelationBuilder& build_;
  const DealTellers& tellers_;
  RelPtr rows_;
  Expr instant_;
  std::string prefix_;
};

/// The stages that deals were in, and from when until when.
RelPtr stays_of_log(const RelationBuilder& build) {
  const RelPtr all = all_moves(build);
  return store::project(all, {{"stayed", col(all, "deal")},
                              {"in_stage", col(all, "stage_key")},
                              {"stage_ends", coalesce({col(all, "ends"), expr::text("open")})},
                              {"entered_at", col(all, "entered_at")},
                              {"then_at", col(all, "then_at")}});
}

/// The last that the log tells of each deal, at whatever instant.
RelPtr last_logged(const RelationBuilder& build) {
  const RelPtr all = build.table(kLog);
  const RelPtr log = build.before_deletion(kLog, all, col(all, "entered_at"));
  return store::aggregate(log, {{"went_on", col(log, "opportunity_key")}},
                          {{"last_logged", AggregateFn::max, col(log, "entered_at"), nullptr}});
}

/// Only what may tell as_of otherwise than the rows do.
DealTellers tellers_of_as_of(const RelationBuilder& build, const RelPtr& runs) {
  const RelationContext& context = build.context();
  const DataFacts& facts = context.facts;
  const bool changed = deals_changed_since(context);
  const bool later = changed || goes_on(context, kLog) || goes_on(context, kDeals) ||
                     (facts.last_deal_told && context.as_of.at <= *facts.last_deal_told);
  DealTellers out{.past = later};
  if (facts.has_logged_amounts && later) out.amounts = logged_amounts(build);
  if (changed || (out.amounts && facts.changed.contains(std::string(kDeals)))) out.versions = told_versions(build);
  if (changed) out.runs = runs;
  if (facts.has_stage_changes && later) out.stays = stays_of_log(build);
  return out;
}

}  // namespace

DealTellers deal_tellers(const RelationBuilder& build, const RelPtr& runs, const RelPtr& gaps) {
  const DataFacts& facts = build.context().facts;
  DealTellers out{.past = true};
  if (facts.changed.contains(std::string(kDeals))) out.versions = told_versions(build);
  out.runs = runs;
  if (facts.has_stage_changes) out.stays = store::shared(stays_of_log(build));
  if (facts.has_logged_amounts) out.amounts = store::shared(logged_amounts(build));
  if (gaps) out.reopened = closed_so_far(gaps);
  return out;
}

RelPtr with_last_word(const RelationBuilder& build, const DealTellers& tellers, RelPtr deals) {
  if (!tellers.amounts) return deals;
  const RelPtr rows = store::join(JoinKind::left, deals, last_logged(build), {{"key", "went_on"}});
  const Expr last = expr::call(Op::greatest, Type::integer, {col(rows, "last_word"), micros("last_logged")});
  return kept_beside(deals, rows, {{"last_word", last}});
}

RelPtr state_then(const RelationBuilder& build, const DealTellers& tellers, RelPtr deals, const Expr& instant,
                  std::string_view prefix) {
  return Then(build, tellers, std::move(deals), instant, prefix).with_state();
}

RelPtr state_and_stage_then(const RelationBuilder& build, const DealTellers& tellers, RelPtr deals, const Expr& instant,
                            std::string_view prefix) {
  Then then(build, tellers, std::move(deals), instant, prefix);
  then.with_state();
  then.with_stage();
  return then.with_time_closed();
}

RelPtr as_they_stood(const RelationBuilder& build, RelPtr rows, const RelPtr& runs) {
  const DealTellers tellers = tellers_of_as_of(build, runs);
  const std::vector<store::Column> wanted = rows->columns;
  const Expr closes =
      cases(Type::instant, {is_open(col(rows, "outcome")), expr::null_of(Type::instant), col(rows, "closed_at")});
  rows = store::extend(std::move(rows), {{"row_closes", closes}});
  rows = store::extend(
      rows, {{"last_word", expr::call(Op::greatest, Type::integer, {col(rows, "updated_at"), micros("row_closes")})}});
  rows = with_last_word(build, tellers, std::move(rows));
  constexpr std::string_view kStood = "stood.";
  rows = state_and_stage_then(build, tellers, std::move(rows), expr::integer(build.context().as_of.at.micros), kStood);
  std::vector<store::NamedExpr> columns;
  for (const store::Column& column : wanted) {
    const std::string then = fmt::format("{}{}", kStood, column.name);
    columns.push_back({column.name, col(rows, store::find_column(rows, then) ? then : column.name)});
  }
  columns.insert(columns.end(), {{"row_outcome", col(rows, "outcome")},
                                 {"row_closed_at", col(rows, "closed_at")},
                                 {"row_stage_key", col(rows, "stage_key")},
                                 {"last_word", col(rows, "last_word")}});
  return store::project(rows, std::move(columns));
}

}  // namespace vigie::plan

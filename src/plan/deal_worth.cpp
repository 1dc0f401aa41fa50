// What deals were worth at as_of.
#include "plan/deal_history.h"
#include "plan/reporting_currency.h"
#include "plan/tree_names.h"
#include "plan/versions.h"
#include "store/warehouse.h"

namespace vigie::plan {
namespace {

constexpr std::string_view kDeals = "opportunities", kLog = "opportunity_stage_changes";
constexpr const char* kAmount = "amount";

/// What may tell another amount than the row does.
struct Tellers {
  bool versions = false, log = false;
};

/// None where nothing is told of as_of or later: the rows say what was so then. The log speaks where it, or the row,
/// goes on; it is held against the versions wherever there are any.
Tellers tellers(const RelationContext& context) {
  const bool changed = deals_changed_since(context);
  const bool later = changed || goes_on(context, kLog) || goes_on(context, kDeals);
  const bool log = context.facts.has_logged_amounts && later;
  return {.versions = changed || (log && context.facts.changed.contains(std::string(kDeals))), .log = log};
}

/// The version of each deal in force at as_of: version_of, its amount, from when on it was so, and until when (null: it
/// is what the row says).
RelPtr versions_then(const RelationBuilder& build) {
  const RelPtr all = dated_versions(build, kDeals);
  const Expr until = col(all, "valid_to");
  const RelPtr held =
      store::filter(all, expr::all_of({expr::lt(col(all, "valid_from"), build.as_of()),
                                       any_of({expr::is_null(until), expr::ge(until, build.as_of())})}));
  const std::string document = store::document_amount(kAmount);
  return store::project(held, {{"version_of", col(held, "key")},
                               {kAmount, col(held, kAmount)},
                               {document, col(held, document)},
                               {"currency", col(held, "currency")},
                               {"valid_from", col(held, "valid_from")},
                               {"valid_to", col(held, "valid_to")}});
}

/// The last amount that the log told before as_of.
RelPtr logged_then(const RelationBuilder& build) {
  const RelPtr told = logged_amounts(build);
  return store::filter(told, expr::is_null(col(told, "logged_until")));
}

/// Deals of which the log tells something at as_of or later.
RelPtr logged_later(const RelationBuilder& build) {
  const RelPtr all = build.table(kLog);
  const RelPtr log = build.before_deletion(kLog, all, col(all, "entered_at"));
  const RelPtr later = store::filter(log, expr::ge(col(log, "entered_at"), build.as_of()));
  return store::aggregate(later, {{"went_on", col(later, "opportunity_key")}}, {});
}

/// Rows with what is told of them, and when which of it goes before the row's own word.
struct Told {
  RelPtr rows;
  Expr by_log, by_version;  ///< null: nothing tells it so
};

Told told(const RelationBuilder& build, const Tellers& by, RelPtr rows) {
  const Expr otherwise = expr::not_(expr::eq(col(rows, "outcome"), col(rows, "stood_outcome")));
  std::vector<Expr> is_later{coalesce({otherwise, expr::literal(false)})}, in_log;
  Told out;
  if (by.versions) {
    rows = store::join(JoinKind::left, rows, versions_then(build), {{"key", "version_of"}}, "then.");
    out.by_version = expr::is_not_null(col(rows, "then.valid_to"));
    is_later.push_back(out.by_version);
  }
  if (by.log) {
    rows = store::join(JoinKind::left, rows, logged_then(build), {{"key", "priced_deal"}});
    rows = store::join(JoinKind::left, rows, logged_later(build), {{"key", "went_on"}});
    is_later.push_back(expr::is_not_null(col(rows, "went_on")));
    in_log.insert(in_log.end(), {expr::is_not_null(col(rows, "logged_at")), any_of(is_later)});
    if (by.versions)
      in_log.push_back(coalesce({expr::le(col(rows, "then.valid_from"), col(rows, "logged_at")), expr::literal(true)}));
    out.by_log = expr::all_of(in_log);
  }
  out.rows = std::move(rows);
  return out;
}

/// `row`, or what the log or the version of then says in its place.
Expr of_then(const Told& told, const char* row, const char* logged) {
  const Expr now = col(told.rows, row);
  std::vector<Expr> cases;
  if (told.by_log) cases.insert(cases.end(), {told.by_log, col(told.rows, logged)});
  if (told.by_version) cases.insert(cases.end(), {told.by_version, col(told.rows, fmt::format("then.{}", row))});
  cases.push_back(now);
  return expr::call(Op::case_, now->type, std::move(cases), now->scale);
}

}  // namespace

RelPtr worth_then(const RelationBuilder& build, RelPtr deals) {
  const RelationContext& context = build.context();
  const Tellers by = tellers(context);
  if (!by.versions && !by.log) return deals;
  const std::vector<store::Column> wanted = deals->columns;
  const Told was = told(build, by, std::move(deals));
  const std::string document = store::document_amount(kAmount);
  std::vector<store::NamedExpr> columns;
  for (const store::Column& column : wanted) {
    Expr value = col(was.rows, column.name);
    if (column.name == kAmount) value = of_then(was, kAmount, "logged_amount");
    if (column.name == document) value = of_then(was, document.c_str(), "logged_document");
    if (column.name == "currency") value = of_then(was, "currency", "logged_currency");
    columns.push_back({column.name, std::move(value)});
  }
  // Without rates no day matters.
  if (context.facts.quoted.empty()) return store::project(was.rows, std::move(columns));
  // The day that prices it is that of the close it had then, else that of its creation.
  const Expr day =
      expr::call(Op::date_of, Type::date, {coalesce({col(was.rows, "stood_closed_at"), col(was.rows, "created_at")})});
  std::vector<Expr> changed;
  for (const Expr& one : {was.by_log, was.by_version})
    if (one) changed.push_back(one);
  columns.insert(
      columns.end(),
      {{"row_amount", col(was.rows, kAmount)}, {"worth_changed", any_of(std::move(changed))}, {"priced_day", day}});
  const RelPtr priced = converted_on(context, store::project(was.rows, std::move(columns)), kAmount);
  std::vector<store::NamedExpr> kept;
  for (const store::Column& column : wanted) {
    const Expr value = col(priced, column.name);
    kept.push_back({column.name, column.name == kAmount
                                     ? when(col(priced, "worth_changed"), value, col(priced, "row_amount"))
                                     : value});
  }
  return store::project(priced, std::move(kept));
}

}  // namespace vigie::plan

// Earlier states of rows, as their versions tell them.
#include "plan/versions.h"

#include "plan/tree_names.h"
#include "store/warehouse.h"

namespace vigie::plan {
namespace {

/// Up to when all is known of a table, by the source that is known least far.
std::optional<Instant> known_until(const RelationContext& context, std::string_view table) {
  std::optional<Instant> earliest;
  for (const DataFacts::Coverage& one : context.facts.coverage) {
    if (one.table != table || one.rows == 0) continue;
    std::optional<Instant> until = one.complete_until;
    std::optional<Date> last;
    for (const DataFacts::Coverage& other : context.facts.coverage)
      if (other.source == one.source && other.last) last = std::max(last.value_or(*other.last), *other.last);
    if (!until && last) until = context.calendar.zone().start_of(*last + 1);
    if (until && (!earliest || *until < *earliest)) earliest = until;
  }
  return earliest;
}

}  // namespace

RelPtr dated_versions(const RelationBuilder& build, std::string_view table) {
  const RelPtr versions = build.history(table), current = store::table_scan(build.context().model, table);
  const RelPtr told =
      store::project(current, {{"told_of", col(current, "key")}, {"told_at", col(current, "updated_at")}});
  const RelPtr rows = store::join(JoinKind::left, versions, told, {{"key", "told_of"}});
  const std::optional<Instant> until = known_until(build.context(), table);
  const auto seen = [&](std::string_view name) {
    const Expr at = col(rows, name);
    if (!until) return at;
    const Expr undated = expr::call(Op::least, Type::integer, {at, expr::integer(until->micros - 1)});
    const Expr is_dated = coalesce({expr::le(at, col(rows, "told_at")), expr::literal(false)});
    // A version in force has no end: the least of those not null would be one.
    return cases(Type::integer, {any_of({is_dated, expr::is_null(at)}), at, undated});
  };
  return kept_beside(
      versions, rows,
      {{"valid_from", seen("valid_from")}, {"valid_to", seen("valid_to")}, {"noted_at", col(rows, "valid_from")}});
}

RelPtr replaced_since(const RelationBuilder& build, std::string_view table) {
  const RelPtr versions = dated_versions(build, table);
  return store::filter(versions, expr::all_of({expr::lt(col(versions, "valid_from"), build.as_of()),
                                               expr::ge(col(versions, "valid_to"), build.as_of())}));
}

bool goes_on(const RelationContext& context, std::string_view table) {
  const Date day = context.calendar.zone().day_of(context.as_of.at);
  return std::ranges::any_of(context.facts.coverage, [&](const DataFacts::Coverage& one) {
    return one.table == table && one.last && *one.last >= day;
  });
}

bool documents_changed_since(const RelationContext& context) {
  const Instant as_of = context.as_of.at;
  const DataFacts::Changes& changes = context.facts.document_changes;
  if (changes.dated && as_of <= *changes.dated) return true;
  if (!changes.undated || *changes.undated < as_of) return false;
  const std::optional<Instant> until = known_until(context, "orders");
  return until && as_of < *until;
}

bool deals_changed_since(const RelationContext& context) {
  if (!context.facts.changed.contains("opportunities")) return false;
  const std::optional<Instant> until = known_until(context, "opportunities");
  return goes_on(context, "opportunities") || (until && context.as_of.at < *until);
}

RelPtr documents_then(const RelationBuilder& build) {
  const RelPtr now = build.events("orders", "ordered_at");
  if (!documents_changed_since(build.context())) return now;
  const RelPtr replaced = replaced_since(build, "orders");
  const RelPtr rows = store::join(
      JoinKind::left, now,
      store::project(replaced, {{"version_of", col(replaced, "key")}, {"status_then", col(replaced, "status")}}),
      {{"key", "version_of"}});
  const Expr cancelled = coalesce({expr::lt(col(rows, "cancelled_at"), build.as_of()), expr::literal(false)});
  const Expr status =
      cases(Type::text, {cancelled, col(rows, "status"), coalesce({col(rows, "status_then"), col(rows, "status")})});
  return kept_beside(now, rows, {{"status", status}});
}

}  // namespace vigie::plan

// Earlier states of rows, as their versions tell them.
#include "plan/versions.h"

#include <cassert>

#include "plan/tree_names.h"
#include "store/warehouse.h"

namespace vigie::plan {
namespace {

/// May some version say another thing in these columns than its row? Of sellers the facts tell.
bool may_differ(const RelationContext& context, const std::string& table, const std::set<std::string>& columns) {
  if (columns.empty() || !context.facts.changed.contains(table)) return false;
  const bool sellers_alone = columns.size() == 1 && columns.contains("owner_key");
  return !sellers_alone || context.facts.resold.contains(table);
}

}  // namespace

std::vector<store::SortKey> as_noted() { return {{"noted_at"}, {"noted_to"}}; }

std::optional<Instant> known_until(const DataFacts& facts, const calendar::Zone& zone, std::string_view table) {
  std::optional<Instant> earliest;
  for (const DataFacts::Coverage& one : facts.coverage) {
    if (one.table != table || one.rows == 0) continue;
    std::optional<Instant> until = one.complete_until;
    std::optional<Date> last;
    for (const DataFacts::Coverage& other : facts.coverage)
      if (other.source == one.source && other.last) last = std::max(last.value_or(*other.last), *other.last);
    if (!until && last) until = zone.start_of(*last + 1);
    if (until && (!earliest || *until < *earliest)) earliest = until;
  }
  return earliest;
}

Expr holds(const RelationBuilder& build, const Expr& from, const Expr& until, const When& moment) {
  assert(moment.at->op == Op::column);
  const bool by_day = moment.at->type == Type::date;
  const auto end = [&](const Expr& micros) { return by_day ? day_of(build.on_clock(micros)) : micros; };
  const Expr t = by_day ? moment.at : expr::column(moment.at->name, Type::integer);
  if (moment.edge == When::Edge::just_before) return expr::all_of({expr::lt(end(from), t), expr::ge(end(until), t)});
  return expr::all_of({expr::le(end(from), t), expr::gt(end(until), t)});
}

std::string current_name(std::string_view column) { return fmt::format("{}{}", expr::kCurrent, column); }

RelPtr with_version_left(const RelationBuilder& build, RelPtr rows, std::string_view table, std::string_view key,
                         const std::set<std::string>& wanted, const When& moment, const std::string& prefix) {
  const RelPtr history = build.history(table);
  const RelPtr replaced = store::filter(history, expr::is_not_null(col(history, "valid_to")));
  std::vector<store::NamedExpr> columns{{"version_of", col(replaced, "key")},
                                        {"valid_from", col(replaced, "valid_from")},
                                        {"valid_to", col(replaced, "valid_to")}};
  for (const std::string& name : wanted) columns.push_back({name, col(replaced, name)});
  const auto end = [&](std::string_view name) {
    return expr::column(fmt::format("{}{}", prefix, name), Type::integer);
  };
  return store::join(JoinKind::left, std::move(rows), store::project(replaced, std::move(columns)),
                     {{std::string(key), "version_of"}}, prefix,
                     holds(build, end("valid_from"), end("valid_to"), moment));
}

RelPtr as_then(const RelationBuilder& build, RelPtr rows, const std::string& table, std::string_view key,
               const std::set<std::string>& columns, const When& moment) {
  if (!may_differ(build.context(), table, columns)) return rows;
  const RelPtr joined = with_version_left(build, rows, table, key, columns, moment, "then.");
  const Expr found = expr::is_not_null(col(joined, "then.version_of"));
  std::vector<store::NamedExpr> told;
  for (const std::string& name : columns) {
    const Expr now = col(joined, name);
    told.push_back({name, when(found, col(joined, fmt::format("then.{}", name)), now)});
    if (!store::find_column(rows, current_name(name))) told.push_back({current_name(name), now});
  }
  return kept_beside(rows, joined, std::move(told));
}

RelPtr dated_versions(const RelationBuilder& build, std::string_view table) {
  const RelPtr all = build.history(table);
  const std::optional<Instant> until = known_until(build.context().facts, build.context().calendar.zone(), table);
  const RelPtr told = store::extend(all, {{"noted_at", col(all, "valid_from")}, {"noted_to", col(all, "valid_to")}});
  if (!until) return told;
  const RelPtr dated = store::extend(told, {{"dated_at", when(is(told, "begun_by", store::kBySource),
                                                              col(told, "valid_from"), expr::null_of(Type::integer))}});
  RelPtr rows =
      store::neighbours(dated, {"key"}, as_noted(), {{"dated_so_far", NeighbourFn::greatest_so_far, "dated_at"}});
  // An undated one is seen by whoever asks for all that is known, but never before a dated one that it follows.
  const Expr known = expr::call(Op::least, Type::integer, {col(rows, "noted_at"), expr::integer(until->micros - 1)});
  const Expr undated = expr::call(Op::greatest, Type::integer, {known, col(rows, "dated_so_far")});
  rows = store::extend(rows, {{"seen_from", coalesce({col(rows, "dated_at"), undated})}});
  rows = store::neighbours(rows, {"key"}, as_noted(), {{"seen_to", NeighbourFn::lead, "seen_from"}});
  return kept_beside(told, rows, {{"valid_from", col(rows, "seen_from")}, {"valid_to", col(rows, "seen_to")}});
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
  const std::optional<Instant> until = known_until(context.facts, context.calendar.zone(), "orders");
  return until && as_of < *until;
}

bool deals_changed_since(const RelationContext& context) {
  if (!context.facts.changed.contains("opportunities")) return false;
  const std::optional<Instant> until = known_until(context.facts, context.calendar.zone(), "opportunities");
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

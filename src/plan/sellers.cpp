// Who sold, and for which team: a sale stays with whoever had it when it was made, whoever has it since.
#include "plan/sellers.h"

#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr std::string_view kSeller = "owner_key";
constexpr std::string_view kTeam = "team_key";

/// Of each row, what a version that another one replaced since says of its seller at `at`: told_of, told_seller. A row
/// without such a version is itself the one that held then. One line a row, so that whoever asks for no seller reads
/// none of it.
RelPtr told_by_versions(const RelationBuilder& build, const RelPtr& rows, const std::string& table,
                        std::string_view at) {
  const RelPtr history = build.history(table);
  const RelPtr ended = store::filter(history, expr::is_not_null(col(history, "valid_to")));
  const RelPtr versions = store::project(ended, {{"told_of", col(ended, "key")},
                                                 {"told_seller", col(ended, kSeller)},
                                                 {"told_from", col(ended, "valid_from")},
                                                 {"told_to", col(ended, "valid_to")}});
  const RelPtr dated = store::project(rows, {{"dated_row", col(rows, "key")}, {"dated_at", col(rows, at)}});
  const Expr t = expr::column("dated_at", Type::integer);
  const RelPtr held =
      store::join(JoinKind::inner, versions, dated, {{"told_of", "dated_row"}}, "",
                  expr::all_of({expr::le(col(versions, "told_from"), t), expr::gt(col(versions, "told_to"), t)}));
  const RelPtr told = store::project(held, {{"told_of", col(held, "told_of")},
                                            {"told_seller", col(held, "told_seller")},
                                            {"told_from", col(held, "told_from")}});
  return store::first_per_key(told, {"told_of"}, {{"told_from", true}});
}

/// Adds today's team of whom `person` names, as "<prefix>team_key".
RelPtr with_team_today(const RelationBuilder& build, RelPtr rows, std::string_view person, const std::string& prefix) {
  const RelPtr people = build.table("employees");
  const RelPtr teams =
      store::project(people, {{"person", col(people, "key")}, {std::string(kTeam), col(people, kTeam)}});
  return store::join(JoinKind::left, std::move(rows), teams, {{std::string(person), "person"}}, prefix);
}

/// Adds what a version of the seller that another one replaced since says of its team at `at`: left.person (null: what
/// its row says held then already), left.team_key.
RelPtr with_team_left(const RelationBuilder& build, RelPtr rows, const std::string& at) {
  const RelPtr history = build.history("employees");
  const RelPtr ended = store::filter(history, expr::is_not_null(col(history, "valid_to")));
  const RelPtr versions = store::project(ended, {{"person", col(ended, "key")},
                                                 {std::string(kTeam), col(ended, kTeam)},
                                                 {"from", col(ended, "valid_from")},
                                                 {"to", col(ended, "valid_to")}});
  const Expr t = expr::column(at, Type::integer);
  const Expr held = expr::all_of(
      {expr::le(expr::column("left.from", Type::integer), t), expr::gt(expr::column("left.to", Type::integer), t)});
  return store::join(JoinKind::left, std::move(rows), versions, {{std::string(kSeller), "person"}}, "left.", held);
}

}  // namespace

RelPtr with_sellers_then(const RelationBuilder& build, RelPtr rows, const std::string& table, std::string_view at) {
  if (!build.context().facts.resold.contains(table)) return rows;
  const RelPtr joined =
      store::join(JoinKind::left, rows, told_by_versions(build, rows, table, at), {{"key", "told_of"}}, "then.");
  const Expr now = col(joined, kSeller);
  const Expr then = when(expr::is_not_null(col(joined, "then.told_of")), col(joined, "then.told_seller"), now);
  return kept_beside(rows, joined, {{std::string(kSeller), then}, {std::string(kSellerNow), now}});
}

void keep_sellers(const RelPtr& rows, std::vector<store::NamedExpr>& columns, std::string_view prefix) {
  for (const std::string_view name : {kSeller, kSellerNow})
    if (const std::string from = fmt::format("{}{}", prefix, name); name == kSeller || store::find_column(rows, from))
      columns.push_back({std::string(name), col(rows, from)});
}

RelPtr with_seller_now(RelPtr rows) {
  if (store::find_column(rows, kSellerNow)) return rows;
  return store::extend(rows, {{std::string(kSellerNow), col(rows, kSeller)}});
}

void keep_own_team(const RelPtr& rows, std::vector<store::NamedExpr>& columns, std::string_view from) {
  columns.push_back({std::string(kOwnTeam), col(rows, from)});
}

RelPtr with_teams_of_sales(const RelationBuilder& build, RelPtr rows, const std::string& at) {
  if (!store::find_column(rows, kOwnTeam)) return rows;
  RelPtr joined = with_team_today(build, rows, kSeller, "today.");
  Expr then = col(joined, "today.team_key");
  Expr now = then;
  if (!at.empty() && build.context().facts.changed.contains("employees")) {
    joined = with_team_left(build, std::move(joined), at);
    then = when(expr::is_not_null(col(joined, "left.person")), col(joined, "left.team_key"), then);
  }
  if (store::find_column(rows, kSellerNow)) {
    joined = with_team_today(build, std::move(joined), kSellerNow, "now.");
    now = col(joined, "now.team_key");
  }
  const Expr own = col(joined, kOwnTeam);
  std::vector<store::NamedExpr> columns;
  for (const store::Column& column : rows->columns)
    if (column.name != kOwnTeam) columns.push_back({column.name, col(joined, column.name)});
  columns.push_back({std::string(kTeam), coalesce({own, then})});
  columns.push_back({std::string(kTeamNow), coalesce({own, now})});
  return store::project(joined, std::move(columns));
}

}  // namespace vigie::plan

// Who sold, and for which team: a sale stays with whoever had it when it was made, whoever has it since.
#include "plan/sellers.h"

#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr std::string_view kSeller = "owner_key";
constexpr std::string_view kTeam = "team_key";
constexpr std::string_view kPeople = "employees";

}  // namespace

void keep_sellers(const RelPtr& rows, std::vector<store::NamedExpr>& columns, std::string_view prefix) {
  for (const std::string_view name : {kSeller, kSellerNow})
    if (const std::string from = fmt::format("{}{}", prefix, name); name == kSeller || store::find_column(rows, from))
      columns.push_back({std::string(name), col(rows, from)});
}

RelPtr with_seller_now(RelPtr rows) {
  if (store::find_column(rows, kSellerNow)) return rows;
  return store::extend(rows, {{std::string(kSellerNow), col(rows, kSeller)}});
}

RelPtr with_team_of(const RelationBuilder& build, RelPtr rows, std::string_view person,
                    const std::optional<When>& moment, const std::string& name) {
  const RelPtr people = build.table(kPeople);
  const RelPtr teams =
      store::project(people, {{"person", col(people, "key")}, {std::string(kTeam), col(people, kTeam)}});
  RelPtr joined = store::join(JoinKind::left, rows, teams, {{std::string(person), "person"}}, "today.");
  Expr team = col(joined, "today.team_key");
  if (moment && build.context().facts.changed.contains(std::string(kPeople))) {
    joined = with_version_left(build, std::move(joined), kPeople, person, {std::string(kTeam)}, *moment, "left.");
    team = when(expr::is_not_null(col(joined, "left.version_of")), col(joined, "left.team_key"), team);
  }
  return kept_beside(rows, joined, {{name, team}});
}

void keep_own_team(const RelPtr& rows, std::vector<store::NamedExpr>& columns, std::string_view from) {
  columns.push_back({std::string(kOwnTeam), col(rows, from)});
}

RelPtr with_teams(const RelationBuilder& build, RelPtr rows, const std::optional<When>& moment) {
  if (!store::find_column(rows, kOwnTeam)) return rows;
  const bool sold_on = store::find_column(rows, kSellerNow) != nullptr;
  const bool moved = moment && build.context().facts.changed.contains(std::string(kPeople));
  RelPtr joined = with_team_of(build, rows, kSeller, moment, "seller_team");
  Expr now = col(joined, "seller_team");
  if (sold_on || moved) {
    joined = with_team_of(build, std::move(joined), sold_on ? kSellerNow : kSeller, std::nullopt, "seller_team_now");
    now = col(joined, "seller_team_now");
  }
  const Expr own = col(joined, kOwnTeam);
  std::vector<store::NamedExpr> columns = columns_kept(rows, joined);
  std::erase_if(columns, [](const store::NamedExpr& column) { return column.name == kOwnTeam; });
  columns.push_back({std::string(kTeam), coalesce({own, col(joined, "seller_team")})});
  columns.push_back({std::string(kTeamNow), coalesce({own, now})});
  return store::project(joined, std::move(columns));
}

}  // namespace vigie::plan

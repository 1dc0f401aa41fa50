#pragma once
#include "plan/versions.h"

namespace vigie::plan {

/// current(owner_key), of rows whose owner_key is who sold then and whose row names somebody else since.
constexpr std::string_view kSellerNow = "current:owner_key";
static_assert(kSellerNow.starts_with(expr::kCurrent));
/// current(team_key): today's team, where team_key is that of then.
constexpr std::string_view kTeamNow = "current:team_key";
static_assert(kTeamNow.starts_with(expr::kCurrent));
/// The team that a row names itself.
constexpr std::string_view kOwnTeam = "document_team_key";

/// Appends owner_key, and kSellerNow where the rows have it; read from "<prefix>owner_key".
void keep_sellers(const store::RelPtr& rows, std::vector<store::NamedExpr>& columns, std::string_view prefix = "");
/// Adds kSellerNow to rows that lack it.
store::RelPtr with_seller_now(store::RelPtr rows);

/// Adds `name`, the team that the person in that column was in at that moment; today's without one.
store::RelPtr with_team_of(const RelationBuilder& build, store::RelPtr rows, std::string_view person,
                           const std::optional<When>& moment, const std::string& name);

/// Appends kOwnTeam, read from `from`. Until somebody asks for teams that is all: with_teams makes them of it.
void keep_own_team(const store::RelPtr& rows, std::vector<store::NamedExpr>& columns, std::string_view from = kOwnTeam);
/// Rows that have kOwnTeam, with team_key in its place: that one, else the team that owner_key was in at that moment
/// (none: today); kTeamNow beside it, by today's seller and today's team. Others as they are.
store::RelPtr with_teams(const RelationBuilder& build, store::RelPtr rows, const std::optional<When>& moment);

}  // namespace vigie::plan

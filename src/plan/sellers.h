#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

/// current(owner_key), of rows whose owner_key is who sold then and whose row names somebody else since.
constexpr std::string_view kSellerNow = "current:owner_key";
static_assert(kSellerNow.starts_with(expr::kCurrent));
/// current(team_key): today's team, where team_key is that of then.
constexpr std::string_view kTeamNow = "current:team_key";
static_assert(kTeamNow.starts_with(expr::kCurrent));
/// The team that the document of a sale names itself.
constexpr std::string_view kOwnTeam = "document_team_key";

/// Rows of that table (orders or opportunities: key, owner_key and `at`) with the seller of then, as the version in
/// force at that instant names it; the row's own stands beside it, as kSellerNow. As they are where no version names
/// another seller than its row. Whatever is made of sales says so by the same word, at whichever instant it counts.
store::RelPtr with_sellers_then(const RelationBuilder& build, store::RelPtr rows, const std::string& table,
                                std::string_view at);
/// Appends owner_key, and kSellerNow where the rows have it; read from "<prefix>owner_key".
void keep_sellers(const store::RelPtr& rows, std::vector<store::NamedExpr>& columns, std::string_view prefix = "");
/// Adds kSellerNow to rows that lack it.
store::RelPtr with_seller_now(store::RelPtr rows);

/// Appends kOwnTeam, read from `from`. Until somebody asks for teams that is all: with_teams_of_sales makes them of it.
void keep_own_team(const store::RelPtr& rows, std::vector<store::NamedExpr>& columns, std::string_view from = kOwnTeam);
/// Rows that have kOwnTeam, with team_key in its place: that one, else the team that the seller was in at the instant
/// `at` (a column; empty: today); kTeamNow beside it, by today's seller and today's team. Others as they are.
store::RelPtr with_teams_of_sales(const RelationBuilder& build, store::RelPtr rows, const std::string& at);

}  // namespace vigie::plan

// Quotes as what may become a sale, where a company has neither leads nor deals.
#include "plan/deal_history.h"
#include "plan/documents.h"
#include "plan/sellers.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

/// Which document each document follows, under two names.
RelPtr links(const RelationBuilder& build, const std::string& of, const std::string& follows) {
  const RelPtr all = build.table("orders");
  return store::project(all, {{of, col(all, "key")}, {follows, col(all, "follows_key")}});
}

/// Sales with the documents they come from: the one they follow, and the one that this one follows.
Result<RelPtr> sales_with_origins(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  const RelPtr own = store::project(
      sold, {{"sale", col(sold, "key")}, {"buyer", col(sold, "customer_key")}, {"sold_at", col(sold, "sold_at")}});
  const RelPtr once = store::join(JoinKind::left, own, links(build, "first_of", "origin"), {{"sale", "first_of"}});
  return store::join(JoinKind::left, once, links(build, "second_of", "origin_before"), {{"origin", "second_of"}});
}

/// The first sale that follows each quote, at once or through an order.
RelPtr sales_by_link(const RelPtr& sold) {
  const auto through = [&](std::string_view origin) {
    const RelPtr linked = store::filter(sold, expr::is_not_null(col(sold, origin)));
    return store::project(linked, {{"linked_quote", col(linked, origin)},
                                   {"linked_sale", col(linked, "sale")},
                                   {"linked_at", col(linked, "sold_at")}});
  };
  return store::first_per_key(store::union_all({through("origin"), through("origin_before")}), {"linked_quote"},
                              {{"linked_at"}, {"linked_sale"}});
}

/// The first sale to the quote's customer, from the quote's date on, among those that follow no document.
RelPtr sales_by_customer(const RelPtr& quotes, const RelPtr& sold) {
  const RelPtr loose = store::filter(sold, expr::is_null(col(sold, "origin")));
  const RelPtr theirs = store::project(
      loose,
      {{"loose_buyer", col(loose, "buyer")}, {"loose_sale", col(loose, "sale")}, {"loose_at", col(loose, "sold_at")}});
  const RelPtr asked = store::project(
      quotes,
      {{"quote", col(quotes, "key")}, {"asker", col(quotes, "customer_key")}, {"asked_at", col(quotes, "ordered_at")}});
  const RelPtr met = store::join(JoinKind::inner, asked, theirs, {{"asker", "loose_buyer"}}, "",
                                 expr::ge(col(theirs, "loose_at"), col(asked, "asked_at")));
  return store::first_per_key(met, {"quote"}, {{"loose_at"}, {"loose_sale"}});
}

}  // namespace

Result<RelPtr> quote_prospects(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr dated = documents_then(build);
  const RelPtr quotes = store::filter(dated, expr::all_of({is(dated, "document", "quote"), is_sent(dated)}));
  VIGIE_TRY(const RelPtr sold, sales_with_origins(context));
  RelPtr rows = store::join(JoinKind::left, quotes, sales_by_link(sold), {{"key", "linked_quote"}});
  rows = store::join(JoinKind::left, rows, sales_by_customer(quotes, sold), {{"key", "quote"}});
  const Expr refused = is_cancelled(build, rows);
  const Expr no_instant = expr::null_of(Type::instant);
  // A refused quote is won by a sale that names it, never by one that merely comes after it.
  const Expr converted = cases(Type::instant, {expr::is_not_null(col(rows, "linked_at")), col(rows, "linked_at"),
                                               refused, no_instant, col(rows, "loose_at")});
  const Expr lost = expr::all_of({refused, expr::is_null(converted)});
  const Expr closed = cases(Type::instant, {lost, col(rows, "cancelled_at"), converted});
  const Expr outcome = cases(
      Type::text, {lost, expr::text("lost"), expr::is_not_null(converted), expr::text("won"), expr::text("open")});
  std::vector<store::NamedExpr> columns{{"key", col(rows, "key")},
                                        {"source_key", col(rows, "source_key")},
                                        {"unit_key", coalesce({col(rows, "customer_key"), col(rows, "key")})},
                                        {"customer_key", col(rows, "customer_key")},
                                        {"owner_key", col(rows, "owner_key")},
                                        {std::string(kOwnTeam), col(rows, "team_key")},
                                        {"campaign_key", col(rows, "campaign_key")},
                                        {"business_line", col(rows, "business_line")},
                                        {"product_key", expr::null_of(Type::integer)},
                                        {"channel", col(rows, "channel")},
                                        {"kind", expr::null_of(Type::text)},
                                        {"created_at", col(rows, "ordered_at")},
                                        {"own_segment", expr::null_of(Type::text)},
                                        {"own_country", expr::null_of(Type::text)},
                                        {"converted_at", converted},
                                        {"closed_at", closed},
                                        {"seen_to", build.ended_or_deleted("orders", rows, build.as_of())},
                                        {"outcome", outcome},
                                        {"amount", col(rows, "amount_net")}};
  keep_attributes(rows, columns);
  return store::project(rows, std::move(columns));
}

}  // namespace vigie::plan

// Sales, what was given back, and the lines of sales.
#include "plan/deal_history.h"
#include "plan/documents.h"
#include "plan/sellers.h"
#include "plan/versions.h"
#include "store/warehouse.h"

namespace vigie::plan {
namespace {

using expr::Expr;
using store::col;
using store::RelPtr;

/// Amounts of an order from its lines, for orders without an amount of their own. Where the amount of one of them is
/// not known (empty, or no rate prices it), neither is that of the order.
RelPtr with_line_amounts(const RelationBuilder& build, RelPtr orders) {
  const RelPtr all = build.table("orders");
  const RelPtr without = store::filter(all, expr::is_null(col(all, store::document_amount("amount_net"))));
  const RelPtr lines = store::join(store::JoinKind::inner, build.table("order_lines"),
                                   store::project(without, {{"unpriced_order", col(without, "key")}}),
                                   {{"order_key", "unpriced_order"}});
  const RelPtr sums = store::aggregate(
      lines, {{"of_order", col(lines, "order_key")}},
      {{"lines_net", store::AggregateFn::sum, col(lines, "amount_net"), nullptr},
       {"lines_unknown", store::AggregateFn::count, nullptr, expr::is_null(col(lines, "amount_net"))}});
  const RelPtr joined = store::join(store::JoinKind::left, orders, sums, {{"key", "of_order"}});
  // An amount without a rate is an amount: the lines are not asked for another.
  const Expr by_lines = expr::all_of({expr::is_null(col(joined, store::document_amount("amount_net"))),
                                      expr::eq(col(joined, "lines_unknown"), expr::integer(0))});
  const Expr net = when(by_lines, col(joined, "lines_net"), col(joined, "amount_net"));
  return kept_beside(orders, joined, {{"amount_net", net}});
}

/// Documents cancelled since as_of count.
bool counts_cancelled(const RelationContext& context) {
  return context.facts.last_cancelled && context.as_of.at <= *context.facts.last_cancelled;
}

Expr is_document(const RelPtr& rows, catalog::SaleEvent event) { return is(rows, "document", catalog::name_of(event)); }
Expr is_confirmed(const RelPtr& rows) { return is(rows, "status", "confirmed"); }

/// A sale at as_of: a document cancelled since then was one.
Expr was_sale(const RelationBuilder& build, const RelPtr& rows) {
  const catalog::SaleEvent event = build.context().sale_event;
  if (!build.context().facts.last_cancelled) return expr::all_of({is_document(rows, event), is_confirmed(rows)});
  if (!counts_cancelled(build.context())) return is_sale(rows, event);
  return expr::all_of({is_document(rows, event), is_sent(rows), expr::not_(is_cancelled(build, rows))});
}

/// The sales of each customer in their order.
RelPtr in_order(const RelPtr& sold) {
  return store::neighbours(sold, {"customer_key"}, {{"sold_at"}, {"key"}},
                           {{"nth", store::NeighbourFn::row_number, ""},
                            {"prev_at", store::NeighbourFn::lag, "sold_at"},
                            {"next_at", store::NeighbourFn::lead, "sold_at"},
                            {"prev_key", store::NeighbourFn::lag, "key"},
                            {"next_key", store::NeighbourFn::lead, "key"}});
}

RelPtr counting_documents(const RelationBuilder& build) {
  const RelPtr rows = documents_then(build);
  const RelPtr counting = store::filter(rows, was_sale(build, rows));
  return build.context().facts.has_unpriced_orders_with_lines ? with_line_amounts(build, counting) : counting;
}

/// Rows of that table (orders or opportunities) with the seller that they had at their own instant `at`: whatever is
/// made of sales says so by the same word, at whichever instant it counts.
RelPtr by_sellers_then(const RelationBuilder& build, const RelPtr& rows, const std::string& table,
                       std::string_view at) {
  return as_then(build, rows, table, "key", {"owner_key"}, {.at = col(rows, at)});
}

std::vector<store::NamedExpr> keep(const RelPtr& rel, std::initializer_list<std::string_view> names) {
  std::vector<store::NamedExpr> columns;
  for (const std::string_view name : names) columns.push_back({std::string(name), col(rel, name)});
  return columns;
}

/// The place of a sale among those of its customer, as the ingest tells it. A next one that comes at as_of or later is
/// not seen.
std::vector<store::NamedExpr> places(const RelationBuilder& build, const RelPtr& rows) {
  std::vector<store::NamedExpr> out = keep(rows, {"nth", "prev_at", "next_at", "prev_key", "next_key"});
  if (!goes_on(build.context(), "orders")) return out;
  const Expr seen = expr::lt(col(rows, "next_at"), build.as_of());
  for (store::NamedExpr& place : out)
    if (place.name.starts_with("next_"))
      place.value = cases(place.value->type, {seen, place.value, expr::null_of(place.value->type)});
  return out;
}

RelPtr sales_of_documents(const RelationBuilder& build) {
  const RelPtr rows = by_sellers_then(build, counting_documents(build), "orders", "ordered_at");
  std::vector<store::NamedExpr> columns = keep(
      rows, {"key", "source_key", "customer_key", "amount_net", "amount_tax", "amount_gross", "shipping", "discount",
             "channel", "campaign_key", "business_line", "currency", "opportunity_key", "service_from", "service_to"});
  keep_sellers(rows, columns);
  keep_own_team(rows, columns, "team_key");
  columns.push_back({"sold_at", col(rows, "ordered_at")});
  // The ingest put the confirmed documents, those never cancelled, of each customer record in their order.
  const bool ordered = !counts_cancelled(build.context()) && !documents_changed_since(build.context()) &&
                       !build.context().facts.merged_customers.any;
  if (ordered)
    for (store::NamedExpr& place : places(build, rows)) columns.push_back(std::move(place));
  keep_attributes(rows, columns);
  const RelPtr sold = store::project(rows, std::move(columns));
  return ordered ? sold : in_order(sold);
}

RelPtr sales_of_deals(const RelationBuilder& build) {
  const RelPtr rows = as_they_stood(build, build.table("opportunities"), outcome_runs(build));
  const RelPtr closed =
      store::filter(rows, expr::all_of({is(rows, "outcome", "won"), expr::is_not_null(col(rows, "closed_at"))}));
  const RelPtr won = by_sellers_then(build, closed, "opportunities", "closed_at");
  const Expr no_money = expr::null_of(expr::Type::money);
  std::vector<store::NamedExpr> columns =
      keep(won, {"key", "source_key", "customer_key", "campaign_key", "business_line", "currency"});
  keep_sellers(won, columns);
  keep_own_team(won, columns, "team_key");
  for (const char* amount : {"amount_tax", "amount_gross", "shipping", "discount"})
    columns.push_back({amount, no_money});
  for (const char* end : {"service_from", "service_to"}) columns.push_back({end, expr::null_of(expr::Type::date)});
  columns.push_back({"amount_net", col(won, "amount")});
  columns.push_back({"channel", col(won, "source_channel")});
  columns.push_back({"opportunity_key", col(won, "key")});
  columns.push_back({"sold_at", col(won, "closed_at")});
  keep_attributes(won, columns);
  return in_order(store::project(won, std::move(columns)));
}

}  // namespace

Expr is_sale(const RelPtr& rows, catalog::SaleEvent event) {
  if (event == catalog::SaleEvent::won_deal) return is(rows, "outcome", "won");
  return expr::all_of({is_document(rows, event), is_confirmed(rows), expr::is_null(col(rows, "cancelled_at"))});
}

Expr is_sent(const RelPtr& rows) { return any_of({is(rows, "status", "confirmed"), is(rows, "status", "cancelled")}); }

Expr is_cancelled(const RelationBuilder& build, const RelPtr& rows) {
  return coalesce({expr::lt(col(rows, "cancelled_at"), build.as_of()), is(rows, "status", "cancelled")});
}

Result<RelPtr> sales(const RelationContext& context) {
  const RelationBuilder build(context);
  return context.sale_event == catalog::SaleEvent::won_deal ? sales_of_deals(build) : sales_of_documents(build);
}

Result<RelPtr> documents(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr rows = by_sellers_then(build, documents_then(build), "orders", "ordered_at");
  std::vector<store::NamedExpr> columns =
      keep(rows, {"key", "source_key", "document", "status", "customer_key", "amount_net", "channel", "campaign_key",
                  "business_line", "currency"});
  keep_sellers(rows, columns);
  keep_own_team(rows, columns, "team_key");
  columns.push_back({"dated_at", col(rows, "ordered_at")});
  columns.push_back({"cancelled", is_cancelled(build, rows)});
  keep_attributes(rows, columns);
  const RelPtr told = store::project(rows, std::move(columns));
  const std::string document(catalog::name_of(context.sale_event));
  return store::filter(told, expr::all_of({is(told, "document", document), is_sent(told)}));
}

RelPtr with_their_order(const RelationBuilder& build, RelPtr rows) {
  const RelPtr orders = by_sellers_then(build, build.table("orders"), "orders", "ordered_at");
  std::vector<store::NamedExpr> of_order{{"of", col(orders, "key")},
                                         {"dated_at", col(orders, "ordered_at")},
                                         {"customer_key", col(orders, "customer_key")},
                                         {"channel", col(orders, "channel")},
                                         {"campaign_key", col(orders, "campaign_key")},
                                         {"business_line", col(orders, "business_line")}};
  keep_sellers(orders, of_order);
  keep_own_team(orders, of_order, "team_key");
  keep_attributes(orders, of_order);
  return store::join(store::JoinKind::left, std::move(rows), store::project(orders, std::move(of_order)),
                     {{"order_key", "of"}}, "order_");
}

void add_what_their_order_tells(const RelPtr& rows, std::vector<store::NamedExpr>& columns) {
  columns.push_back({"customer_key", coalesce({col(rows, "customer_key"), col(rows, "order_customer_key")})});
  for (const char* name : {"channel", "campaign_key", "business_line"})
    columns.push_back({name, col(rows, std::string("order_") + name)});
  keep_sellers(rows, columns, "order_");
  keep_own_team(rows, columns, fmt::format("order_{}", kOwnTeam));
  keep_attributes(rows, columns, "order_");
}

Result<RelPtr> refunds(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr rows = with_their_order(build, build.events("refunds", "refunded_at"));
  std::vector<store::NamedExpr> columns =
      keep(rows, {"key", "source_key", "order_key", "refunded_at", "amount_net", "currency", "reason", "kind"});
  add_what_their_order_tells(rows, columns);
  columns.push_back({"ordered_at", col(rows, "order_dated_at")});
  // Without an order, and where that is dated after it, a refund stands on its own date.
  columns.push_back({"restated_at", expr::call(expr::Op::least, expr::Type::instant,
                                               {col(rows, "order_dated_at"), col(rows, "refunded_at")})});
  return store::project(rows, std::move(columns));
}

Result<RelPtr> sale_lines(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr sold, sales(context));
  const RelPtr lines = build.table("order_lines");
  std::vector<store::NamedExpr> own =
      keep(lines, {"order_key", "product_key", "quantity", "unit_price", "discount", "amount_net", "kind"});
  keep_attributes(lines, own);
  std::vector<store::NamedExpr> header =
      keep(sold, {"key", "sold_at", "customer_key", "channel", "campaign_key", "nth", "prev_key"});
  keep_sellers(sold, header);
  keep_own_team(sold, header);
  // The line's own attribute goes before its order's of the same name.
  std::vector<store::NamedExpr> of_sale;
  keep_attributes(sold, of_sale);
  for (store::NamedExpr& attribute : of_sale)
    if (std::ranges::find(own, attribute.name, &store::NamedExpr::name) == own.end())
      header.push_back(std::move(attribute));
  return store::join(store::JoinKind::inner, store::project(lines, std::move(own)),
                     store::project(sold, std::move(header)), {{"order_key", "key"}});
}

}  // namespace vigie::plan

#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

/// Whether a row is a sale by its own word: of `orders`, a confirmed document of that kind that nobody cancelled; of
/// `opportunities`, a won deal.
expr::Expr is_sale(const store::RelPtr& rows, catalog::SaleEvent event);
/// A document that went out, cancelled later or not.
expr::Expr is_sent(const store::RelPtr& rows);

/// Whether a document that went out is cancelled at as_of: by its date where it has one (many sources give no other
/// sign), else by its status.
expr::Expr is_cancelled(const RelationBuilder& build, const store::RelPtr& rows);

/// Rows that name a document (order_key), with what it tells of them: order_dated_at, order_customer_key,
/// order_channel…
store::RelPtr with_their_order(const RelationBuilder& build, store::RelPtr rows);
/// Appends, of such rows, customer_key (their own goes before the document's), channel, campaign_key, owner_key,
/// business_line, and the attributes that maps added to documents.
void add_what_their_order_tells(const store::RelPtr& rows, std::vector<store::NamedExpr>& columns);

/// The relations of what is paid, and of what sales earn over the time that they serve.
Result<store::RelPtr> payments(const RelationContext& context);
Result<store::RelPtr> recognised_sales(const RelationContext& context);

}  // namespace vigie::plan

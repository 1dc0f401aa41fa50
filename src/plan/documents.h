#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

/// A document that went out, cancelled later or not.
expr::Expr is_sent(const store::RelPtr& rows);

/// Whether a document that went out is cancelled at as_of: by its date where it has one (many sources give no other
/// sign), else by its status.
expr::Expr is_cancelled(const RelationBuilder& build, const store::RelPtr& rows);

}  // namespace vigie::plan

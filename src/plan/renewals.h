#pragma once
#include "store/rel.h"

namespace vigie::plan {

/// Of paid subscriptions, the rows that ended for the next one of the same subscription (of the same customer, where
/// none is named) to begin at that instant with another price, quantity or plan, and that no `change_kind` calls a
/// renewal: changed on the way, nothing was up for renewal. One column: changed_row.
store::RelPtr changed_on_the_way(const store::RelPtr& paid);

}  // namespace vigie::plan

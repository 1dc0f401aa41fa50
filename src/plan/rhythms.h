#pragma once
#include "plan/relations.h"

namespace vigie::plan {

/// Of each period: the customers without a contract who are active at its end, with how long they stayed away at most
/// and since when they are silent.
Result<store::RelPtr> customer_rhythms(const RelationContext& context);

}  // namespace vigie::plan

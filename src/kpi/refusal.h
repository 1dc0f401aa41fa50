#pragma once
#include "kpi/ask.h"

namespace vigie::kpi {

/// Why a question cannot be planned; empty where it can be.
std::string refusal_of(const Session& session, const store::QueryLimits& limits, const plan::Question& question);

/// The error of a split or a filter that is not known, with a name that is known (whatever else may be wrong with the
/// question). A measure proposes what it knows itself (refunds "order.currency"), which the others that its KPI rests
/// on may not: then it is what all of them know.
Error with_hint_that_works(const Session& session, const store::QueryLimits& limits, const plan::Question& question,
                           Error error);

}  // namespace vigie::kpi

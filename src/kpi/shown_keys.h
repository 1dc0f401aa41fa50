#pragma once
#include "kpi/ask.h"

namespace vigie::kpi {

/// Adds the warning `shown_by_key` where rows of the answer call sellers, teams or products by the keys of their
/// source, for want of a row with a name: how many. It stands beside an answer: a query that fails leaves it out, but
/// one that was cancelled is an error.
Result<> warn_of_shown_keys(const Session& session, const store::QueryLimits& limits, Answer& answer);

}  // namespace vigie::kpi

#pragma once
#include "kpi/ask.h"
#include "kpi/beside.h"

namespace vigie::kpi {

/// Adds the warning `shown_by_key` where rows of the answer call sellers, teams or products by the keys of their
/// source, for want of a row with a name: how many; `names_not_looked_for` where that could not be asked.
Result<> warn_of_shown_keys(const Session& session, const store::QueryLimits& limits, Beside& beside, Answer& answer);

}  // namespace vigie::kpi

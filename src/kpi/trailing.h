#pragma once
#include "kpi/ask.h"

namespace vigie::kpi {

/// Beside the totals that rest on too few units to be judged: the same over the 12 complete months up to the end of the
/// range, where the range does not hold them itself. Asked only then, by a run of its own. Errors: those of ask().
Result<> add_trailing(const Session& session, const plan::Question& question, const store::QueryLimits& limits,
                      std::vector<plan::QueryNote>* queries, Answer& answer);

}  // namespace vigie::kpi

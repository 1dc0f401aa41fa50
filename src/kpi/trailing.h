#pragma once
#include "kpi/ask.h"
#include "kpi/beside.h"

namespace vigie::kpi {

/// Beside the totals that rest on too few units to be judged: the same over the 12 complete months up to the end of the
/// range, where neither the range nor the figure holds them itself. Asked only then, by a run of its own, with `kept`
/// of a question with `top`: the values that it does not fold. Where that cannot be answered (it is larger than what
/// was asked for, or takes longer), the answer stands without it. To be called when all that is asked is answered,
/// since a query that fails ends the state it reads, and its time is what the others have left. Errors:
/// engine.cancelled.
Result<> add_trailing(const Session& session, const plan::Question& question, const std::vector<std::string>& kept,
                      const store::QueryLimits& limits, std::vector<plan::QueryNote>* queries, Beside& beside,
                      Answer& answer);

}  // namespace vigie::kpi

#pragma once
#include "kpi/ask.h"

namespace vigie::kpi {

/// Does anything in this workspace know the dimension? Otherwise it is misspelt, not merely unknown to one KPI.
bool is_known_somewhere(const Session& session, const std::string& dimension);

/// Why one of several KPIs that were asked alike has no answer. Where the filter names what others know and this one
/// does not, it is told so, with what it could be filtered by; every other error stays as it is.
Error told_of_one(const Session& session, const plan::Question& question, Error error);

}  // namespace vigie::kpi

#pragma once
#include "kpi/ask.h"

namespace vigie::kpi {

/// Does anything in this workspace know the dimension? Otherwise it is misspelt, not merely unknown to one KPI.
bool is_known_somewhere(const Session& session, const std::string& dimension);

/// The name that stands at a place of a filter, with or without quotes.
std::string name_at(std::string_view filter, const SourcePosition& where);

/// Why one of several KPIs that were asked alike has no answer. Where the filter names what others know and this one
/// does not, it is told so, with what it could be filtered by; every other error stays as it is.
Error told_of_one(const Session& session, const plan::Question& question, Error error);

}  // namespace vigie::kpi

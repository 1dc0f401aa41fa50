#pragma once
#include "base/json_writer.h"
#include "kpi/answer.h"

namespace vigie::kpi {

/// "2025-01-01", or at grain hour "2025-10-26T02:00:00+01:00".
std::string period_text(const Row& row);
/// Where it ends: a day, or at grain hour the next hour on the clock.
std::string period_to_text(const Row& row);
/// The field `warnings` of the object that is being written.
void write_warnings(JsonWriter& out, const std::vector<Warning>& warnings);
/// The Answer as docs/api.md describes it.
void to_json(const Answer& answer, JsonWriter& out);

}  // namespace vigie::kpi

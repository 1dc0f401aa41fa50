#pragma once
#include "base/json_writer.h"
#include "kpi/answer.h"

namespace vigie::kpi {

/// The Answer as docs/api.md describes it.
void to_json(const Answer& answer, JsonWriter& out);

}  // namespace vigie::kpi

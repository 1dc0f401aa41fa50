#pragma once
#include "base/json_writer.h"
#include "checks/state.h"
#include "tongue/language.h"

namespace vigie::checks {

/// How one check stands at a moment (docs/api.md), its sentence in the reader's language.
void to_json(const State& state, Instant at, tongue::Language language, JsonWriter& out);

}  // namespace vigie::checks

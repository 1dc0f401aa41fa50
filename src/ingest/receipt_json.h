#pragma once
#include "base/json_writer.h"
#include "ingest/ingest.h"

namespace vigie::ingest {

/// The receipt, and what waits in the quarantine, field by field as it is named.
void to_json(const Receipt& receipt, JsonWriter& out);
void to_json(const Quarantine& quarantine, JsonWriter& out);

}  // namespace vigie::ingest

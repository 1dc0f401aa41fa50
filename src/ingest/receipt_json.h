#pragma once
#include "base/json_writer.h"
#include "ingest/ingest.h"

namespace vigie::ingest {

/// The receipt, field by field as it is named.
void to_json(const Receipt& receipt, JsonWriter& out);

}  // namespace vigie::ingest

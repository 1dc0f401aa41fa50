#pragma once
#include "base/json_writer.h"
#include "catalog/definition.h"

namespace vigie::kpi {

/// One definition as docs/api.md describes it: words in both languages, variants, parameters.
void to_json(const catalog::Definition& definition, JsonWriter& out);

}  // namespace vigie::kpi

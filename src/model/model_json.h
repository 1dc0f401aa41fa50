#pragma once
#include "model/model.h"

namespace vigie::model {

/// One table or derived relation with its columns as JSON (docs/api.md); with an empty name a list of all of them,
/// tables first. Fails with `model.unknown` and the nearest name.
Result<std::string> to_json(const Model& model, std::string_view name);

}  // namespace vigie::model

#pragma once
// For tests: the model that ships.
#include <stdexcept>

#include "model/model.h"

namespace vigie::model {

inline const Model& shipped_model() {
  static const Model kModel = [] {
    auto model = Model::load(std::filesystem::path(VIGIE_SOURCE_DIR) / "model");
    if (!model) throw std::runtime_error(model.error().text());
    return std::move(*model);
  }();
  return kModel;
}

}  // namespace vigie::model

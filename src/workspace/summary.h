#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/bilingual.h"
#include "base/time.h"
#include "catalog/settings.h"

namespace vigie::workspace {

/// What one can split and filter by.
struct Dimension {
  std::string id;
  Text label;
  std::vector<std::string> kpis = {};  ///< of the leading ones, those that can be split by it, as their cards show them
};

/// The facts `GET /api/v1/workspace` gives.
struct Summary {
  std::string name;
  catalog::Settings settings;
  Instant as_of;  ///< horizon of the data
  std::optional<Date> data_from, data_to;
  std::vector<Dimension> dimensions;
};

}  // namespace vigie::workspace

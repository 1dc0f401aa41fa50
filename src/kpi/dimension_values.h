#pragma once
#include "kpi/ask.h"

namespace vigie::kpi {

struct DimensionValue {
  std::optional<std::string> value;  ///< empty: rows that have none
  std::int64_t rows = 0;             ///< in all the relations that KPIs count, together
};

/// Values of a dimension that contain what was typed (any case), the most frequent first, at most `limit`. Fails with
/// split.unknown.
Result<std::vector<DimensionValue>> dimension_values(const Session& session, const std::string& dimension,
                                                     const std::string& typed, int limit,
                                                     const store::QueryLimits& limits);

}  // namespace vigie::kpi

#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/decimal.h"
#include "base/yaml.h"

namespace vigie::catalog {

/// A figure that the company knows: what a definition must give of its data (`tests`), or why it gives none.
struct KnownFigure {
  std::vector<std::pair<std::string, std::string>> asked;  ///< a question, field by field, as people type it
  std::string name;                                        ///< "large_sales:by_number"
  std::optional<Decimal> value;                            ///< held to as many decimals as are written
  std::string reason;                                      ///< where there is no value: its code
  SourcePosition written;
};

/// Reads the list of a definition. Errors: yaml.*, definition.test (no range, no value or two).
Result<std::vector<KnownFigure>> read_known_figures(const YamlNode& list, const std::string& kpi, int version);

}  // namespace vigie::catalog

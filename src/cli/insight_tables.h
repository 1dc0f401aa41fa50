#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie::cli {

/// The JSON of an explanation, a bridge, the parts of a change (docs/api.md) as a person reads it in a terminal. Each
/// fails with `server.answer` where the text is not of that shape.
Result<std::string> explanation_table(std::string_view json);
Result<std::string> explanation_csv(std::string_view json);  ///< the rows behind each measure, one a line
Result<std::string> bridge_table(std::string_view json);
Result<std::string> why_table(std::string_view json);

}  // namespace vigie::cli

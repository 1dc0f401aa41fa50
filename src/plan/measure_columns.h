#pragma once
#include "plan/measures.h"

namespace vigie::plan {

/// Reads the group columns that begin at `first`, whatever their types. A date reads as 2025-01-31.
Key key_of(const store::ResultSet& rows, std::size_t row, std::size_t first, std::size_t count);

}  // namespace vigie::plan

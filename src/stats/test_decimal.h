#pragma once
// For tests: decimals as a test writes them.
#include "base/decimal.h"

namespace vigie::stats {

inline Decimal dec(std::string_view text) { return *Decimal::parse(text); }

}  // namespace vigie::stats

#pragma once
#include <string>
#include <string_view>

#include "base/decimal.h"

namespace vigie::exports {

/// A text as the XML of a sheet may hold it: what XML knows no letter for is written _xHHHH_, and so is what would be
/// read as such.
std::string sheet_text(std::string_view text);
/// Its length as a sheet counts it: in units of UTF-16.
std::size_t sheet_length(std::string_view text);
/// Whether a sheet gives the number back to its last digit.
bool fits_a_sheet(const Decimal& value);

}  // namespace vigie::exports

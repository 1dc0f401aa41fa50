#pragma once
#include <string>
#include <string_view>

namespace vigie::model {

/// Is it the code of a currency in ISO 4217: of one in force, or of one replaced since the euro came, which older books
/// are in?
bool is_currency(std::string_view code);

/// What to write instead of a code that is none: the nearest, or else what a code looks like.
std::string currency_hint(std::string_view code);

}  // namespace vigie::model

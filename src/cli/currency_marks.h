#pragma once
#include <string_view>

namespace vigie::cli {

/// The sign that people write for a currency ("€", "zł"), else its code; the browsers' narrow symbols (CLDR).
std::string_view mark_of(std::string_view currency);

/// Decimals that an amount of the currency is written with: 2, none for the yen, 3 for the Tunisian dinar.
int cents_of(std::string_view currency);

}  // namespace vigie::cli

#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie::model {

// Whoever writes a currency for the first time is held to ISO 4217 (check_currency). What stands somewhere already, in
// vigie.yaml, in rows or anywhere in a map, need only look like a code (expr/quantity.h): some trade in what ISO does
// not know, and an import says so.

/// Is it a code of ISO 4217: of a currency or metal in force, or of one replaced since the euro came, which older books
/// are in?
bool is_currency(std::string_view code);

/// A currency may be written in small letters: its code has capitals. Other letters than a to z stay.
std::string in_capitals(std::string_view currency);

/// ISO 4217 has a code for no currency, three times X, and one for tests.
bool stands_for_none(std::string_view code);

/// Fails with currency.unknown, and what was meant, where it is the code of none.
Result<> check_currency(std::string_view code);

/// What to write instead of a code that is none: the nearest, or else what a code looks like.
std::string currency_hint(std::string_view code);

}  // namespace vigie::model

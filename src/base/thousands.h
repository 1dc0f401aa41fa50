#pragma once
#include <string>
#include <string_view>

namespace vigie {

/// The digits of a whole number, a minus before them or none, with a mark between thousands: "12345" → "12,345".
std::string with_thousands(std::string_view digits, std::string_view mark);

}  // namespace vigie

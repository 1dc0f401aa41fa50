#pragma once
#include <cstdint>
#include <string_view>

namespace vigie::reading {

/// How often a letter of one byte stands in a text; and whether nothing else does than ASCII. Both look at many at
/// once.
std::int64_t times_in(std::string_view text, char letter);
inline std::int64_t line_feeds_in(std::string_view text) { return times_in(text, '\n'); }
bool all_ascii(std::string_view text);

}  // namespace vigie::reading

#pragma once
#include <string_view>

namespace vigie {

/// Whether all of the bytes are text in UTF-8 (Unicode, table 3-7): no overlong forms, no halves of UTF-16 pairs,
/// nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace vigie

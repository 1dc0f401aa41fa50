#pragma once
#include <cstdint>
#include <string_view>

namespace vigie {

/// Reads bytes piece by piece and tells whether all of them together are text in UTF-8 (Unicode,
/// table 3-7: no overlong forms, no halves of UTF-16 pairs, nothing beyond U+10FFFF), and where it goes beyond ASCII.
class Utf8Watch {
 public:
  void read(std::string_view bytes);
  bool is_valid() const { return valid_ && missing_ == 0; }
  /// The first line, from 1, with a letter beyond ASCII; 0: there is none.
  std::int64_t first_line_beyond_ascii() const { return beyond_; }

 private:
  bool valid_ = true;
  int missing_ = 0;                        ///< bytes that the letter under way still needs
  unsigned char least_ = 0, most_ = 0xFF;  ///< between which its next byte lies
  std::int64_t line_ = 1, beyond_ = 0;
};

/// The same of bytes that are there at once.
bool is_utf8(std::string_view text);

}  // namespace vigie

#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace vigie {

/// Appends a letter in UTF-8.
void append_utf8(std::string& out, char32_t letter);

/// UTF-8 of windows-1252 bytes; the five bytes that mean nothing become U+FFFD.
std::string utf8_of_windows1252(std::string_view bytes);
/// What windows-1252 has at 0x80 … 0x9F, where Latin-1 has control codes; U+FFFD for the five that mean nothing.
char32_t letter_of_windows1252(unsigned char byte);

/// Letters of UTF-16 as their bytes come, some of them in two halves. A half that stands alone becomes bytes that are
/// no UTF-8, for the reader to refuse.
class Utf16Reader {
 public:
  enum class First { high, low };
  explicit Utf16Reader(First first = First::high) : first_(first) {}
  std::string read(std::string_view bytes);
  std::string end();

 private:
  void add(std::string& out, char32_t unit);

  First first_;
  std::optional<unsigned> byte_;  ///< the first of two
  char32_t first_half_ = 0;
};

}  // namespace vigie

#include "exports/sheet_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace vigie::exports {
namespace {

constexpr std::size_t kEscape = 7;  // _xHHHH_

bool is_escape(std::string_view text) {
  if (text.size() < kEscape || !text.starts_with("_x") || text[kEscape - 1] != '_') return false;
  return std::ranges::all_of(text.substr(2, 4), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

}  // namespace

std::string sheet_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F) out += fmt::format("_x{:04X}_", c);
    else if (text.substr(i).starts_with("\xEF\xBF\xBE") || text.substr(i).starts_with("\xEF\xBF\xBF"))
      out += text[i + 2] == '\xBE' ? "_xFFFE_" : "_xFFFF_", i += 2;
    else if (c == '_' && is_escape(text.substr(i))) out += "_x005F_";
    else out += text[i];
  }
  return out;
}

std::size_t sheet_length(std::string_view text) {
  std::size_t out = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 || byte >= 0xC0) out += byte >= 0xF0 ? 2 : 1;  // beyond the first 65,536 letters a pair
  }
  return out;
}

bool fits_a_sheet(const Decimal& value) {
  // A sheet shows and reads fifteen digits. What has no more is the nearest double's to its last digit, and that double
  // is the same again when the library has written it with sixteen.
  constexpr std::size_t kDigits = 15;
  std::string digits;
  for (const char c : value.to_plain())
    if (c >= '0' && c <= '9' && !(digits.empty() && c == '0')) digits += c;
  while (digits.size() > kDigits && digits.back() == '0' && value.scale() == 0) digits.pop_back();
  return digits.size() <= kDigits;
}

}  // namespace vigie::exports

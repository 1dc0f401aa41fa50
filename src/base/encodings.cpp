#include "base/encodings.h"

#include <utility>

namespace vigie {
namespace {

// 0x80 … 0x9F, from https://encoding.spec.whatwg.org/index-windows-1252.txt; the five unassigned ones as U+FFFD.
constexpr char16_t kHigh[32] = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

}  // namespace

void append_utf8(std::string& out, char32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

char32_t letter_of_windows1252(unsigned char byte) { return byte >= 0x80 && byte < 0xA0 ? kHigh[byte - 0x80] : byte; }

std::string utf8_of_windows1252(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) append_utf8(out, letter_of_windows1252(static_cast<unsigned char>(c)));
  return out;
}

std::string Utf16Reader::read(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!byte_) {
      byte_ = byte;
      continue;
    }
    const unsigned before = *std::exchange(byte_, std::nullopt);
    add(out, first_ == First::high ? before << 8 | byte : static_cast<unsigned>(byte) << 8 | before);
  }
  return out;
}

std::string Utf16Reader::end() {
  std::string out;
  if (first_half_ != 0) append_utf8(out, first_half_);
  if (byte_) out += '\xFF';  // half a letter, and no text
  return out;
}

void Utf16Reader::add(std::string& out, char32_t unit) {
  const bool second = unit >= 0xDC00 && unit < 0xE000;
  if (const char32_t first = std::exchange(first_half_, 0); first != 0) {
    if (second) return append_utf8(out, 0x10000 + ((first - 0xD800) << 10) + (unit - 0xDC00));
    append_utf8(out, first);
  }
  if (unit >= 0xD800 && unit < 0xDC00) first_half_ = unit;
  else append_utf8(out, unit);
}

}  // namespace vigie

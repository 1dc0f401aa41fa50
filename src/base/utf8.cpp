#include "base/utf8.h"

namespace vigie {

void Utf8Watch::read(std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (missing_ > 0) {
      valid_ = valid_ && byte >= least_ && byte <= most_ && (byte & 0xC0) == 0x80;
      least_ = 0, most_ = 0xFF;
      --missing_;
      continue;
    }
    if (byte == '\n') ++line_;
    if (byte < 0x80) continue;
    if (beyond_ == 0) beyond_ = line_;
    // Neither longer than needed, nor half of a pair of UTF-16, nor beyond U+10FFFF (Unicode, table 3-7).
    if (byte >= 0xC2 && byte <= 0xDF) missing_ = 1;
    else if (byte >= 0xE0 && byte <= 0xEF) missing_ = 2;
    else if (byte >= 0xF0 && byte <= 0xF4) missing_ = 3;
    else valid_ = false;
    if (byte == 0xE0) least_ = 0xA0;
    if (byte == 0xED) most_ = 0x9F;
    if (byte == 0xF0) least_ = 0x90;
    if (byte == 0xF4) most_ = 0x8F;
  }
}

bool is_utf8(std::string_view text) {
  Utf8Watch watch;
  watch.read(text);
  return watch.is_valid();
}

}  // namespace vigie

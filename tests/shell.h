#pragma once
// What tests that run programs in a shell share.
#include <string>

#include "base/file.h"

namespace vigie {

/// A word as a shell takes it, whatever stands in it.
inline std::string shell_word(const std::string& word) {
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// What a file holds; nothing where it is not there.
inline std::string text_of(const std::filesystem::path& file) { return bytes_of(file).value_or(""); }

}  // namespace vigie

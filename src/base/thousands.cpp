#include "base/thousands.h"

namespace vigie {

std::string with_thousands(std::string_view digits, std::string_view mark) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > first && (digits.size() - i) % 3 == 0) out += mark;
    out += digits[i];
  }
  return out;
}

}  // namespace vigie

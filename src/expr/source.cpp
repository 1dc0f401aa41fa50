#include "expr/source.h"

namespace vigie::expr {

SourcePosition Source::at(std::size_t offset) const {
  SourcePosition position = where_;
  position.line = std::max(position.line, 1);
  const int first_column = std::max(position.column, 1);
  position.column = first_column;
  for (const char c : text_.substr(0, offset)) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;  // second and later bytes of a character
    if (c == '\n') {
      ++position.line;
      position.column = first_column;
    } else if (!continues) {
      ++position.column;
    }
  }
  return position;
}

std::unexpected<Error> Source::error(std::string_view code, std::size_t offset, std::string message,
                                     std::string hint) const {
  return fail(ErrorKind::usage, std::string(code), std::move(message), at(offset), std::move(hint));
}

}  // namespace vigie::expr

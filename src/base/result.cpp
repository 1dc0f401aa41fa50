#include "base/result.h"

namespace vigie {

std::string Error::text() const {
  std::string out;
  if (!where.file.empty()) out += where.file + ":";
  if (where.line > 0) out += fmt::format("{}:{}:", where.line, where.column);
  if (!out.empty()) out += " ";
  out += message;
  if (!hint.empty()) out += "; " + hint;
  return out;
}

std::unexpected<Error> fail(ErrorKind kind, std::string code, std::string message, SourcePosition where,
                            std::string hint) {
  return std::unexpected(Error{std::move(code), std::move(message), kind, std::move(where), std::move(hint)});
}

}  // namespace vigie

#include "base/file.h"

#include <array>
#include <fstream>

namespace vigie {

std::optional<std::string> bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string out;
  std::array<char, 1 << 16> piece;
  while (in.read(piece.data(), piece.size()) || in.gcount() > 0)
    out.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  // A folder opens like a file, and breaks when it is read.
  return in.eof() && !in.bad() ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace vigie

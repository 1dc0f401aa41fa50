#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie::ingest {

/// A copy in UTF-8, in the system's temporary folder, of a file in windows-1252. Files that call themselves latin-1 are
/// read so too, as browsers do: where the two differ, latin-1 has control codes that no export writes.
///
/// A file that is UTF-8 already is refused: it begins with a byte order mark, or it has letters beyond ASCII and every
/// one of them is whole in UTF-8, which texts in windows-1252 are not by chance.
///
/// Errors: csv.encoding (that), file.unreadable, engine.disk_full.
Result<std::filesystem::path> utf8_copy(const std::filesystem::path& file);

/// UTF-8 of windows-1252 bytes; the five bytes that mean nothing become U+FFFD.
std::string utf8_of_windows1252(std::string_view bytes);

}  // namespace vigie::ingest

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
/// Single lines of that kind among others that are not are counted: somebody put the file together from two.
///
/// Errors: csv.encoding (that), file.unreadable, engine.disk_full, engine.file_limit.
struct Utf8Copy {
  std::filesystem::path file;
  std::int64_t lines_in_utf8 = 0, first_line = 0;
  std::string read_as;  ///< the first word beyond ASCII of that line, as it stands in the copy
};
Result<Utf8Copy> utf8_copy(const std::filesystem::path& file);

/// A copy in UTF-8 of a file in UTF-16 with the high byte first, without its mark. Halves of letters become bytes that
/// are no text, for the reader to refuse. Errors: file.unreadable, engine.disk_full, engine.file_limit.
Result<std::filesystem::path> utf8_copy_of_utf16(const std::filesystem::path& file);

}  // namespace vigie::ingest

#pragma once
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace vigie::reading {

/// Who reads a file: what its first bytes say, whatever its name. (Of an archive, also what it holds: a workbook is
/// one.)
enum class FileKind : std::uint8_t {
  text,      ///< CSV and its like, and what is none of the others
  workbook,  ///< Workbook::open, which also says what to do with a workbook that it cannot read
  archive,   ///< ZipArchive
  json,      ///< JsonRecords; also where gzip packs it, and where it is in UTF-16, which JSON may not be
  database,  ///< SqliteDatabase
  packed,    ///< gzip or zstd: one file, packed, that is no JSON
  parquet,
};

std::string_view to_string(FileKind kind);

/// Errors: file.missing, file.unreadable, zip.damaged; file.kind: a picture, a PDF, a web page, another packing.
Result<FileKind> kind_of_file(const std::filesystem::path& file);

}  // namespace vigie::reading

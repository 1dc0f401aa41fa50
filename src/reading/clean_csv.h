#pragma once
#include "reading/records.h"

namespace vigie::reading {

/// Writes the table as plain CSV: UTF-8, commas, quotes where they are needed and doubled within, line feeds, one
/// header line, every record as wide as the header; a table without columns is an empty file. Gives what was told on
/// the way. Memory: one record. Errors: those of Rows, file.unreadable, engine.disk_full; a file that was begun goes
/// away then.
Result<Found> write_clean(const std::filesystem::path& file, const Found& found, const std::filesystem::path& into);

}  // namespace vigie::reading

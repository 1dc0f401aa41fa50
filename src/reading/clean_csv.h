#pragma once
#include "reading/records.h"

namespace vigie::reading {

/// Writes the table as plain CSV (csv_file.h): one line of names, Found::unique_names(), and every record as wide as
/// it; a table without columns is an empty file. Gives what was told on the way. Memory: one record. Errors: those of
/// Rows and of CsvFile; a file that was begun goes away then.
Result<Found> write_clean(const std::filesystem::path& file, const Found& found, const std::filesystem::path& into);

}  // namespace vigie::reading

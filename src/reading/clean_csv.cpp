#include "reading/clean_csv.h"

#include "reading/csv_file.h"

namespace vigie::reading {

Result<Found> write_clean(const std::filesystem::path& file, const Found& found, const std::filesystem::path& into) {
  CsvFile out(into);
  const std::vector<std::string> names = found.unique_names();
  const bool lone = names.size() == 1;
  if (names.empty()) {
    VIGIE_CHECK(out.finish());
    return found;
  }
  for (const std::string& name : names) out.value(name, lone);
  VIGIE_CHECK(out.end_line());
  VIGIE_TRY(auto rows, Rows::open(file, found));
  Row row;
  while (true) {
    VIGIE_TRY(const bool more, rows->next(row));
    if (!more) break;
    for (std::size_t j = 0; j < names.size(); ++j) out.value(row.value(j), lone);
    VIGIE_CHECK(out.end_line());
  }
  VIGIE_CHECK(out.finish());
  return rows->told();
}

}  // namespace vigie::reading

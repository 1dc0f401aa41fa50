// Any bytes as a file: its table is found or it is refused, with its line; and what is found is read again as it was
// held.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "reading/reading.h"

namespace {

void hold(bool kept) {
  if (!kept) std::abort();
}

/// One file for all runs, in memory where the system has such a folder.
const std::filesystem::path& place() {
  static const std::filesystem::path kPlace = [] {
    const std::filesystem::path memory = "/dev/shm";
    const auto folder = std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    return folder / fmt::format("vigie-reading-fuzz-{}", ::getpid());
  }();
  return kPlace;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  {
    std::ofstream out(place(), std::ios::binary);
    out.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  }
  const auto found = vigie::reading::detect(place());
  if (!found) {
    hold(!found.error().code.empty() && !found.error().message.empty());
    return 0;
  }
  auto rows = vigie::reading::Rows::open(place(), *found);
  hold(rows.has_value());
  vigie::reading::Row row;
  std::int64_t seen = 0, line = 0;
  while (true) {
    const auto more = (*rows)->next(row);
    hold(more.has_value());
    if (!*more) break;
    hold(row.number == ++seen && row.line >= line && row.size() == found->layout.names.size());
    line = row.line;
    for (std::size_t j = 0; j < row.size(); ++j) hold(row.value(j).size() <= 2 * size + 8);
  }
  hold(found->layout.names.empty() || seen == found->rows);
  return 0;
}

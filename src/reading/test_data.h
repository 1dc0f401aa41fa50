#pragma once
// For tests on the data sets: where they are, and well-formed CSV of theirs as rows.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "reading/scanner.h"

namespace vigie::reading {

/// Empty where there are none: who uses it says so and skips. A folder that VIGIE_SHARED_DATA names must be there.
inline std::filesystem::path data_sets() {
  const char* given = std::getenv("VIGIE_SHARED_DATA");
  const std::filesystem::path data =
      given != nullptr ? std::filesystem::path(given) : std::filesystem::path(VIGIE_SOURCE_DIR) / "../shared/data";
  if (std::filesystem::exists(data)) return data;
  EXPECT_EQ(given, nullptr) << "VIGIE_SHARED_DATA names " << data.string() << ", and nothing is there";
  return {};
}

using CsvTable = std::vector<std::vector<std::string>>;

inline CsvTable plain_csv(std::string_view text, const std::string& delimiter = ",") {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  CsvTable out;
  const Dialect dialect{.delimiter = delimiter, .quote = '"'};
  Scanner scanner(dialect, text);
  Record record;
  while (*scanner.next(record)) {
    out.emplace_back();
    for (std::size_t i = 0; i < record.fields.size(); ++i)
      out.back().push_back(value_of(record.raw(i), record.fields[i], dialect));
  }
  return out;
}

}  // namespace vigie::reading

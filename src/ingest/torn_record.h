#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::ingest {

/// How one record of separated values is taken apart, by itself.
struct Separation {
  std::string delimiter = ",", quote = "\"";
  std::size_t columns = 0;
  bool fills_short_rows = false;
};

/// Its fields; null is a field in which nothing stands, not even quotes. Or why it cannot be taken apart, as the
/// quarantine says it: csv.quote, csv.columns.
struct TornRecord {
  std::vector<std::optional<std::string>> fields;
  std::string code, message;  ///< "" it was taken apart
};
TornRecord taken_apart(std::string_view record, const Separation& how);

}  // namespace vigie::ingest

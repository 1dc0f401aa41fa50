#include "reading/typed_records.h"

#include <array>
#include <set>

#include "base/text.h"
#include "reading/csv_file.h"

namespace vigie::reading {
namespace {

std::string one_line(std::string_view text) {
  std::string out;
  bool blank = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool no_break = text.substr(i, 2) == "\u00a0", narrow = text.substr(i, 3) == "\u202f";
    if (no_break || narrow || text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n') {
      blank = !out.empty();
      i += narrow ? 2 : no_break ? 1 : 0;
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += text[i];
  }
  return out;
}

}  // namespace

std::string_view to_string(CellKind kind) {
  constexpr std::array<std::string_view, 8> kNames{"empty",   "text", "number",  "date",
                                                   "instant", "time", "boolean", "error"};
  return kNames.at(static_cast<std::size_t>(kind));
}

Result<bool> TypedRecords::next(TypedRecord& record) {
  if (failed_) return std::unexpected(*failed_);
  auto more = read_next(record);
  if (!more) failed_ = more.error();
  return more;
}

std::vector<std::string> column_names(std::vector<std::string> written) {
  std::set<std::string> taken;
  for (std::size_t i = 0; i < written.size(); ++i) {
    std::string name = one_line(written[i]);
    if (name.empty()) name = fmt::format("column {}", i + 1);
    std::string free = name;
    for (int again = 2; !taken.insert(free).second; ++again) free = fmt::format("{} ({})", name, again);
    written[i] = std::move(free);
  }
  return written;
}

Result<std::int64_t> write_csv(TypedRecords& records, const std::filesystem::path& file, std::string_view row_column) {
  CsvFile out(file);
  std::vector<std::string> names;
  if (!row_column.empty()) names.emplace_back(row_column);
  names.insert(names.end(), records.columns().begin(), records.columns().end());
  names = column_names(std::move(names));
  const bool lone = names.size() == 1;
  for (const std::string& name : names) out.value(name, lone);
  VIGIE_CHECK(out.end_line());
  std::int64_t count = 0;
  for (TypedRecord record;; ++count) {
    VIGIE_TRY(const bool more, records.next(record));
    if (!more) break;
    if (!row_column.empty()) out.value(std::to_string(record.row), lone);
    for (const Cell& cell : record.cells) out.value(cell.text, lone);
    VIGIE_CHECK(out.end_line());
  }
  VIGIE_CHECK(out.finish());
  return count;
}

}  // namespace vigie::reading

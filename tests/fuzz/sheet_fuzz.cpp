// No bytes bring the readers of sheets, of old workbooks or of JSON down; of what they take, each record has as many
// cells as there are columns, in rows that only go up. The first byte says which reader they are for.
#include <cstdio>
#include <cstdlib>

#include "reading/json_records.h"
#include "reading/sheet_records.h"
#include "reading/xls_workbook.h"
#include "reading/xlsx_sheet.h"

namespace vigie::reading {
namespace {

[[noreturn]] void wrong(std::string_view what) {
  fmt::print(stderr, "{}\n", what);
  std::abort();
}

class HeldBytes : public ByteSource {
 public:
  explicit HeldBytes(std::string_view bytes) : bytes_(bytes) {}
  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t got = bytes_.copy(into.data(), into.size());
    bytes_.remove_prefix(got);
    return got;
  }

 private:
  std::string_view bytes_;
};

void go_through(TypedRecords& records) {
  std::int64_t last = 0;
  for (TypedRecord record;;) {
    const auto more = records.next(record);
    if (!more || !*more) break;
    if (record.cells.size() != records.columns().size()) wrong("a record of another width");
    if (record.row < last) wrong("a row before the last one");
    last = record.row;
  }
  records.notices();
}

void go_through(SheetRows& rows) {
  std::int64_t last = 0;
  for (SheetRow row;;) {
    const auto more = rows.next(row);
    if (!more || !*more) break;
    if (row.number <= last || row.cells.empty()) wrong("a row out of order, or of nothing");
    last = row.number;
  }
  notices_of(rows.facts(), {"Ventes", SheetVisibility::visible});
}

void try_bytes(std::string_view bytes) {
  if (bytes.empty()) return;
  const char which = bytes.front();
  bytes.remove_prefix(1);
  if (which == 'j') {
    const auto open = [bytes]() -> Result<std::unique_ptr<ByteSource>> { return std::make_unique<HeldBytes>(bytes); };
    if (const auto records = JsonRecords::open(open, "a.json", {})) go_through(**records);
  } else if (which == 's') {
    XlsxStrings strings;
    strings.add("text");
    const std::vector<NumberFormat> formats{NumberFormat::number, NumberFormat::date, NumberFormat::date_time};
    go_through(*xlsx_rows(std::make_unique<HeldBytes>(bytes),
                          {strings, formats, DateSystem::from_1900, false, "Ventes", "a.xlsx"}, "sheet1.xml"));
  } else if (which == 'x') {
    const auto book = read_xls(std::string(bytes), "a.xls");
    if (!book) return;
    for (std::size_t i = 0; i < (*book)->sheets().size(); ++i) {
      if (const auto rows = (*book)->rows(i)) go_through(**rows);
      if (const auto records = SheetRecords::open(**book, (*book)->sheets()[i].name, {})) go_through(**records);
    }
  }
}

}  // namespace
}  // namespace vigie::reading

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vigie::reading::try_bytes({reinterpret_cast<const char*>(data), size});
  return 0;
}

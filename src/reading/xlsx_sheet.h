#pragma once
#include <memory>
#include <vector>

#include "reading/workbook.h"
#include "reading/xlsx_parts.h"

namespace vigie::reading {

/// What the cells of a sheet refer to; of the workbook, which outlives them.
struct XlsxContext {
  const XlsxStrings& strings;
  const std::vector<CellFormat>& formats;
  DateSystem dates;
  bool calculated_on_load;
  std::string sheet;  ///< its name, for errors
  std::string file;
};

/// No row holds more, in bytes of its texts.
inline constexpr std::size_t kLongestSheetRow = 16 << 20;

/// The rows of a sheet, out of its part as it is unpacked: one row is held at a time.
std::unique_ptr<SheetRows> xlsx_rows(std::unique_ptr<ByteSource> bytes, XlsxContext context, std::string part);

/// Its merged cells alone.
Result<std::vector<MergedCells>> xlsx_merged(std::unique_ptr<ByteSource> bytes, std::string part, std::string file);

}  // namespace vigie::reading

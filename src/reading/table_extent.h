#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "reading/kinds.h"
#include "reading/workbook.h"

namespace vigie::reading {

/// What a person says of where a table stands; what is not said is looked for.
struct TableWishes {
  std::int64_t header_row = 0;     ///< the row with the names of the columns (the lower of two); 0: look for it
  std::vector<std::string> names;  ///< of a table that has no such row
  std::string columns;             ///< "B:F"; "": all of the table's
  std::int64_t last_row = 0;       ///< the table's last record; 0: look for what stands under it
  Totals totals = Totals::judge;   ///< of its records; with a last_row they are kept, unless said otherwise
};

/// Where a table stands in a sheet.
struct TableExtent {
  std::int64_t first_header_row = 0, header_row = 0;  ///< 0: none, the names were given
  std::size_t first_column = 0;
  std::vector<std::string> names;    ///< of its columns, from first_column on
  std::vector<std::string> written;  ///< what header_row says there, to know it again further down
  std::vector<bool> typed;           ///< by column: mostly numbers, dates, yes or no
  std::int64_t rows_above = 0;       ///< rows that hold something above its names
};

/// So many rows of a sheet are looked at for where its table stands.
inline constexpr std::size_t kRowsLookedAt = 300;

/// Finds the table of a sheet in its first rows (those that hold something).
///
/// Where columns hold numbers or dates, the names are in the last row before them that has a text over each; a row of
/// groups right above it, with gaps or merged cells, is joined to it ("2024 Montant"). Where all is text, they are in
/// the first row that is filled and whose texts differ, and do not stand in the columns below once more. Titles above,
/// blank columns around, columns at the right without name and value are not the table's, nor is what stands behind
/// more than thirty such. Years as names are names.
///
/// Errors, each with the row and what to say: sheet.empty, sheet.no_header, sheet.header_row (nothing stands there),
/// sheet.two_tables (side by side), sheet.columns (no such columns).
Result<TableExtent> find_table(std::span<const SheetRow> rows, std::span<const MergedCells> merged,
                               std::string_view sheet, const TableWishes& wishes);

}  // namespace vigie::reading

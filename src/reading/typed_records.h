#pragma once
// The part of this room for files that know more of their values than a text: what a file is (file_kind.h), then
//
//   zip_archive.h    the members of an archive, unpacked while they are read (libzip)
//   workbook.h       XLSX (xlsx_*, xml_reader: libzip and expat) and XLS (xls_*, compound_file: our own, for the
//                    libraries there are lose the results of formulas); cell_value.h: what a cell's number means
//   sheet_records.h  the table in a sheet: table_extent.h finds its names, table_foot.h what is no record under it
//   json_records.h   JSON: json_elements cuts records out of it, json_members takes each apart (base/json_text.h)
//   sqlite_tables.h  tables and views of a database (SQLite)
//
// All give TypedRecords, and write_csv makes of them what reads CSV takes, with the row each came from.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vigie::reading {

/// What a source that knows types says of a value. The text of each kind:
///   number   its digits, with a point: "-1234.5" (no mark of thousands; an exponent only beyond 40 digits); where its
///            format shows money, that behind it: "-1234.5 €"
///   date     2025-01-31
///   instant  2025-01-31 18:42:00, with .123 where there are thousandths; of no zone: whose it is, the map says
///   time     18:42:00, of a day, or how long something took: 27:30:00
///   boolean  true, false
///   error    what the source shows: #N/A, or the formula that nobody calculated
enum class CellKind : std::uint8_t { empty, text, number, date, instant, time, boolean, error };

std::string_view to_string(CellKind kind);

struct Cell {
  std::string text;
  CellKind kind = CellKind::empty;
};

/// Something a reader should know of what was read, which is no reason to refuse it.
struct SourceNotice {
  std::string code;     ///< e.g. "sheet.hidden_rows"
  std::string message;  ///< one sentence
  std::string place;    ///< the first such place, "Ventes!B7"; may be empty
};

struct TypedRecord {
  std::int64_t row = 0;     ///< as the source counts: the row of a sheet, the line of a file, from 1
  std::vector<Cell> cells;  ///< as many as there are columns
};

/// Rows of a table that knows more of its values than their text: a sheet, JSON, a database. Given one after the other;
/// what is held of it does not grow with the number of rows.
///
///   TypedRecord record;
///   while (true) {
///     VIGIE_TRY(const bool more, records.next(record));
///     if (!more) break;
///     … records.place(record.row, 2) …          // "Ventes!C7"
///   }
///
/// Used by one thread at a time.
class TypedRecords {
 public:
  virtual ~TypedRecords() = default;
  virtual const std::vector<std::string>& columns() const = 0;  ///< no name stands twice
  /// Fills in the next record, or says that there is none. An error is for good.
  Result<bool> next(TypedRecord& record);
  virtual std::string place(std::int64_t row) const = 0;                      ///< "Ventes!7", "row 12", "line 3"
  virtual std::string place(std::int64_t row, std::size_t column) const = 0;  ///< "Ventes!B7", "row 12, amount"
  /// Complete once next() has said that there is none.
  virtual std::vector<SourceNotice> notices() const = 0;

 private:
  virtual Result<bool> read_next(TypedRecord& record) = 0;
  std::optional<Error> failed_;
};

/// Writes all of them as plain CSV (csv_file.h), one line of names first. A column of that name in front tells the row
/// each record comes from (`row_column` empty: none); its own name wins over one of the table's, which becomes "name
/// (2)". Gives how many records there were.
///
/// Errors: those of the records, file.unwritable, engine.disk_full; then the file is gone again.
Result<std::int64_t> write_csv(TypedRecords& records, const std::filesystem::path& file, std::string_view row_column);

/// Names as columns of a table may have them: blanks and line breaks in them become one blank, one that is empty is
/// "column 7", one that stands twice is "name (2)" the second time.
std::vector<std::string> column_names(std::vector<std::string> written);

}  // namespace vigie::reading

#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "reading/typed_records.h"

namespace vigie::reading {

enum class SheetVisibility : std::uint8_t { visible, hidden, very_hidden };

struct SheetInfo {
  std::string name;
  SheetVisibility visibility = SheetVisibility::visible;
};

/// The cells of a row that hold something, in their order: a sheet has 16,384 columns, and a slip may stand in the
/// last.
class SheetCells {
 public:
  struct Placed {
    std::size_t column = 0;
    Cell cell;
  };
  void clear() { placed_.clear(); }
  bool empty() const { return placed_.empty(); }
  /// Columns come in their order; what stands in one already is written over.
  void set(std::size_t column, Cell cell);
  const Cell& at(std::size_t column) const;  ///< an empty one where nothing stands
  auto begin() const { return placed_.begin(); }
  auto end() const { return placed_.end(); }
  std::vector<Cell> from_column_a() const;

 private:
  std::vector<Placed> placed_;
};

/// A row of a sheet. Rows that hold nothing are not given.
struct SheetRow {
  std::int64_t number = 0;  ///< from 1
  bool hidden = false;
  SheetCells cells;
};

/// Cells of one value: "B2:D2". It stands in the first, the others are empty.
struct MergedCells {
  std::int64_t first_row = 0, last_row = 0;
  std::size_t first_column = 0, last_column = 0;
};

/// What a sheet holds beside its values; complete once its last row has been read.
struct SheetFacts {
  std::int64_t hidden_rows = 0, first_hidden_row = 0;
  std::vector<bool> hidden_columns;  ///< by column, as far as there are
  std::int64_t error_cells = 0, not_calculated = 0, formulas = 0;
  std::string first_error, first_not_calculated;  ///< "B7"
  bool calculated_on_load = false;                ///< whoever wrote it leaves results to the program that opens it
  std::vector<MergedCells> merged;                ///< at most the first thousands

  void hide_columns(std::int64_t first, std::int64_t last);  ///< from 0; what is no column of a sheet is none
};

class SheetRows {
 public:
  virtual ~SheetRows() = default;
  /// Fills in the next row that holds something, or says that there is none.
  virtual Result<bool> next(SheetRow& row) = 0;
  virtual const SheetFacts& facts() const = 0;
};

/// A workbook of a spreadsheet program: XLSX (also XLSM and templates), or the XLS of Excel 97 to 2003. What a file is,
/// its first bytes say, not its name.
///
///   VIGIE_TRY(const auto book, Workbook::open("ventes.xlsx"));
///   VIGIE_TRY(const std::size_t sheet, book->wanted_sheet("Janvier"));
///   VIGIE_TRY(const auto rows, book->rows(sheet));
///
/// Rows are read as they come; of an XLSX the shared texts are held (once), of an XLS the file. For one thread at a
/// time; what rows() gives must not outlive the workbook.
///
/// Errors: workbook.format (it is something else: what, and what to do), workbook.encrypted, xlsx.damaged, xls.damaged,
/// xlsx.too_large, sheet.unknown, sheet.which, sheet.none, those of ZIP archives.
class Workbook {
 public:
  static Result<std::unique_ptr<Workbook>> open(const std::filesystem::path& file);
  virtual ~Workbook() = default;

  virtual const std::vector<SheetInfo>& sheets() const = 0;
  virtual Result<std::unique_ptr<SheetRows>> rows(std::size_t sheet) = 0;
  /// Of the whole sheet, before its rows are read. (It stands after them in the file: this reads them all.)
  virtual Result<std::vector<MergedCells>> merged(std::size_t sheet) = 0;
  virtual const std::filesystem::path& file() const = 0;

  /// The sheet of that name; without a name the only one that is visible and holds something.
  Result<std::size_t> wanted_sheet(std::string_view name);
};

/// "Ventes!B7", "'Ventes 2025'!B7".
std::string sheet_place(std::string_view sheet, std::string_view cell);

/// What is to be said of a sheet that has been read.
std::vector<SourceNotice> notices_of(const SheetFacts& facts, const SheetInfo& sheet);

}  // namespace vigie::reading

#pragma once
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "reading/table_extent.h"
#include "reading/table_foot.h"
#include "reading/typed_records.h"
#include "reading/workbook.h"

namespace vigie::reading {

/// The records of the table in a sheet: the rows under its names, one after the other, without blank rows, names that
/// are repeated, totals and remarks under the table (table_foot.h). What is left out is told.
///
///   VIGIE_TRY(const auto book, Workbook::open("ventes.xlsx"));
///   VIGIE_TRY(const auto records, SheetRecords::open(*book, "Janvier", {}));
///
/// Must not outlive the workbook. Holds the rows that are looked at for the table and a few at its end.
///
/// Errors: those of Workbook and find_table, sheet.second_table, sheet.total_row; each with its row and what to say.
class SheetRecords : public TypedRecords {
 public:
  /// Without a name of a sheet: the only one that holds something.
  static Result<std::unique_ptr<SheetRecords>> open(Workbook& book, std::string_view sheet, const TableWishes& wishes);

  const std::vector<std::string>& columns() const override { return extent_.names; }
  std::string place(std::int64_t row) const override;
  std::string place(std::int64_t row, std::size_t column) const override;
  std::vector<SourceNotice> notices() const override;
  const TableExtent& extent() const { return extent_; }

 private:
  Result<bool> read_next(TypedRecord& record) override;
  SheetRecords(SheetInfo sheet, std::unique_ptr<SheetRows> rows, TableExtent extent, const TableWishes& wishes);

  Result<bool> next_row(SheetRow& row);  ///< also those that were looked at already
  Result<bool> hold_next();              ///< false: there is none
  FootRow cut(const SheetRow& row);      ///< to the columns of the table
  bool names_again(const FootRow& row) const;
  Result<> check_second_table() const;
  Result<> judge(FootRow row);
  void take_foot();
  Result<> refuse_total(std::int64_t number) const;
  std::string joined_name() const;

  SheetInfo sheet_;
  std::unique_ptr<SheetRows> rows_;
  TableExtent extent_;
  std::int64_t last_row_ = 0;
  Totals totals_;
  std::deque<SheetRow> looked_at_;
  std::deque<FootRow> held_;  ///< the last rows so far, of which some may be the foot
  TableFoot foot_;
  bool ended_ = false;
  std::int64_t last_number_ = 0;
  bool after_total_ = false;
  std::int64_t repeated_ = 0, first_repeated_ = 0, lone_ = 0, first_lone_ = 0, outside_ = 0;
  std::string first_outside_;
};

}  // namespace vigie::reading

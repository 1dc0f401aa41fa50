#include "reading/sheet_records.h"

#include <algorithm>

#include "base/text.h"
#include "reading/cell_value.h"

namespace vigie::reading {
namespace {

/// So many rows are held back, so that the foot of a table is known before they are given.
constexpr std::size_t kRowsHeldBack = 25;

}  // namespace

SheetRecords::SheetRecords(SheetInfo sheet, std::unique_ptr<SheetRows> rows, TableExtent extent,
                           const TableWishes& wishes)
    : sheet_(std::move(sheet)),
      rows_(std::move(rows)),
      extent_(std::move(extent)),
      last_row_(wishes.last_row),
      totals_(wishes.last_row > 0 && wishes.totals == Totals::judge ? Totals::keep : wishes.totals),
      foot_(extent_.names.size()) {}

Result<std::unique_ptr<SheetRecords>> SheetRecords::open(Workbook& book, std::string_view sheet,
                                                         const TableWishes& wishes) {
  VIGIE_TRY(const std::size_t index, book.wanted_sheet(sheet));
  VIGIE_TRY(auto rows, book.rows(index));
  std::vector<SheetRow> first;
  std::int64_t far_above = 0;
  while (first.size() < kRowsLookedAt) {
    SheetRow row;
    VIGIE_TRY(const bool more, rows->next(row));
    if (!more) break;
    // Of what stands above a row of names that was said, only the nearest may name groups; the first is for errors.
    if (row.number + 1 < wishes.header_row && !first.empty()) ++far_above;
    else first.push_back(std::move(row));
  }
  const SheetInfo& info = book.sheets()[index];
  auto extent = find_table(first, {}, info.name, wishes);
  // What stands right above the names may be names of groups: then it matters which of those cells are merged.
  if (extent && std::ranges::find(first, extent->header_row - 1, &SheetRow::number) != first.end()) {
    VIGIE_TRY(const auto merged, book.merged(index));
    extent = find_table(first, merged, info.name, wishes);
  }
  if (extent) extent->rows_above += far_above;
  if (!extent) {
    Error error = extent.error();
    if (error.where.file.empty()) error.where.file = book.file().string();
    return std::unexpected(std::move(error));
  }
  std::unique_ptr<SheetRecords> out(new SheetRecords(info, std::move(rows), std::move(*extent), wishes));
  for (SheetRow& row : first) out->looked_at_.push_back(std::move(row));
  return out;
}

Result<bool> SheetRecords::next_row(SheetRow& row) {
  while (true) {
    if (!looked_at_.empty()) {
      row = std::move(looked_at_.front());
      looked_at_.pop_front();
    } else {
      VIGIE_TRY(const bool more, rows_->next(row));
      if (!more) return false;
    }
    if (row.number <= extent_.header_row) {
      last_number_ = row.number;
      continue;
    }
    if (last_row_ > 0 && row.number > last_row_) {
      looked_at_.clear();
      continue;  // to its end all the same: what is told of the sheet stands there
    }
    return true;
  }
}

FootRow SheetRecords::cut(const SheetRow& row) {
  FootRow out;
  out.number = row.number;
  out.cells.resize(extent_.names.size());
  for (const auto& [column, cell] : row.cells) {
    if (column >= extent_.first_column && column - extent_.first_column < out.cells.size())
      out.cells[column - extent_.first_column] = cell;
    else if (outside_++ == 0) first_outside_ = sheet_place(sheet_.name, reference(row.number, column));
  }
  return out;
}

bool SheetRecords::names_again(const FootRow& row) const {
  if (extent_.written.empty()) return false;
  bool any = false;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (row.cells[i].text != extent_.written[i]) return false;
    any = any || !row.cells[i].text.empty();
  }
  return any;
}

Result<bool> SheetRecords::hold_next() {
  while (true) {
    SheetRow row;
    VIGIE_TRY(const bool more, next_row(row));
    if (!more) return false;
    FootRow next = cut(row);
    if (next.filled() == 0) continue;
    next.after_gap = last_number_ > 0 && next.number > last_number_ + 1;
    last_number_ = next.number;
    if (names_again(next)) {
      if (repeated_++ == 0) first_repeated_ = next.number;
      continue;
    }
    VIGIE_CHECK(judge(std::move(next)));
    return true;
  }
}

/// Totals are judged as they come: what stands above them must be known, nothing below.
Result<> SheetRecords::judge(FootRow row) {
  const bool after_total = std::exchange(after_total_, false);
  const auto kind = totals_ == Totals::keep ? TableFoot::Verdict::record : foot_.judge(row);
  if (kind == TableFoot::Verdict::doubtful && totals_ == Totals::judge) return refuse_total(row.number);
  if (kind != TableFoot::Verdict::record) {
    foot_.leave_out_total(row);
    after_total_ = true;
    return {};
  }
  row.names_another = row.after_gap && foot_.looks_like_names(row);
  row.after_gap = row.after_gap || after_total;
  foot_.add(row);
  held_.push_back(std::move(row));
  return {};
}

Result<> SheetRecords::refuse_total(std::int64_t number) const {
  return fail(ErrorKind::data, "sheet.total_row",
              fmt::format("{} may be a total, or a record that is called so", place(number)), {},
              "say which: totals: keep, or totals: leave_out");
}

/// Names of another table, and something right under them that fills the same columns.
Result<> SheetRecords::check_second_table() const {
  const FootRow& row = held_.front();
  if (!row.names_another || held_.size() < 2 || held_[1].number != row.number + 1) return {};
  return fail(ErrorKind::data, "sheet.second_table",
              fmt::format("{} looks like the names of another table under the first", place(row.number)), {},
              fmt::format("say where the first one ends: last_row: {}", row.number - 1));
}

void SheetRecords::take_foot() {
  if (last_row_ > 0) return;
  const std::size_t begin = foot_.begin_in(held_);
  for (std::size_t i = begin; i < held_.size(); ++i) foot_.leave_out_remark(held_[i]);
  held_.resize(begin);
}

Result<bool> SheetRecords::read_next(TypedRecord& record) {
  while (true) {
    while (!ended_ && held_.size() <= kRowsHeldBack) {
      VIGIE_TRY(const bool more, hold_next());
      if (more) continue;
      ended_ = true;
      take_foot();
      if (const auto top = foot_.total_on_top(); top && totals_ != Totals::keep) VIGIE_CHECK(refuse_total(*top));
    }
    if (held_.empty()) return false;
    if (last_row_ == 0) {
      VIGIE_CHECK(check_second_table());
    }
    FootRow row = std::move(held_.front());
    held_.pop_front();
    const bool is_lone = extent_.names.size() >= 3 && row.filled() == 1 &&
                         std::ranges::any_of(row.cells, [](const Cell& cell) { return cell.kind == CellKind::text; });
    if (is_lone && lone_++ == 0) first_lone_ = row.number;
    record.row = row.number;
    record.cells = std::move(row.cells);
    return true;
  }
}

std::string SheetRecords::place(std::int64_t row) const { return sheet_place(sheet_.name, std::to_string(row)); }

std::string SheetRecords::place(std::int64_t row, std::size_t column) const {
  return sheet_place(sheet_.name, reference(row, extent_.first_column + column));
}

/// One that is made of both rows, to show.
std::string SheetRecords::joined_name() const {
  for (std::size_t i = 0; i < extent_.names.size(); ++i)
    if (extent_.names[i] != extent_.written[i] && extent_.names[i].contains(' ')) return extent_.names[i];
  return extent_.names.front();
}

std::vector<SourceNotice> SheetRecords::notices() const {
  std::vector<SourceNotice> out;
  if (extent_.rows_above > 0)
    out.push_back({"sheet.rows_above",
                   fmt::format("rows above the names of the columns, not read: {}", extent_.rows_above),
                   place(extent_.first_header_row)});
  if (extent_.first_header_row < extent_.header_row)
    out.push_back({"sheet.two_rows_of_names",
                   fmt::format("the names of the columns stand in two rows, joined: \"{}\"", joined_name()),
                   place(extent_.first_header_row)});
  if (repeated_ > 0)
    out.push_back({"sheet.names_again",
                   fmt::format("rows that repeat the names of the columns, left out: {}", repeated_),
                   place(first_repeated_)});
  if (foot_.totals() > 0)
    out.push_back(
        {"sheet.totals", fmt::format("rows of totals, left out: {}", foot_.totals()), place(foot_.first_total())});
  if (foot_.remarks() > 0)
    out.push_back({"sheet.remarks", fmt::format("remarks under the table, left out: {}", foot_.remarks()),
                   place(foot_.first_remark())});
  if (lone_ > 0)
    out.push_back(
        {"sheet.lone_texts", fmt::format("records of one text and nothing else: {}", lone_), place(first_lone_)});
  if (outside_ > 0)
    out.push_back({"sheet.outside", fmt::format("cells beside the table, left out: {}", outside_), first_outside_});
  for (SourceNotice& one : notices_of(rows_->facts(), sheet_)) out.push_back(std::move(one));
  return out;
}

}  // namespace vigie::reading

#include "reading/table_extent.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "reading/cell_value.h"

namespace vigie::reading {
namespace {

struct ColumnRange {
  std::size_t first = 0, last = 0;
};

const Cell& cell_of(const SheetRow& row, std::size_t column) { return row.cells.at(column); }

bool is_filled(const SheetRow& row, std::size_t column) {
  const Cell& cell = cell_of(row, column);
  return cell.kind != CellKind::empty && (cell.kind != CellKind::text || !trim(cell.text).empty());
}

bool is_text(const SheetRow& row, std::size_t column) {
  return is_filled(row, column) && cell_of(row, column).kind == CellKind::text;
}

bool has_type(const SheetRow& row, std::size_t column) {
  const CellKind kind = cell_of(row, column).kind;
  return kind != CellKind::empty && kind != CellKind::text && kind != CellKind::error;
}

std::size_t filled_in(const SheetRow& row, ColumnRange range) {
  std::size_t out = 0;
  for (std::size_t c = range.first; c <= range.last; ++c) out += is_filled(row, c) ? 1 : 0;
  return out;
}

bool is_all_text(const SheetRow& row, ColumnRange range) {
  for (std::size_t c = range.first; c <= range.last; ++c)
    if (is_filled(row, c) && !is_text(row, c)) return false;
  return true;
}

/// Looks for the row of names among the first rows of a sheet.
class HeaderSearch {
 public:
  HeaderSearch(std::span<const SheetRow> rows, ColumnRange range) : rows_(rows), range_(range) {
    for (std::size_t c = range.first; c <= range.last; ++c)
      if (is_typed_column(c)) typed_.push_back(c);
  }

  /// Its place among the rows; empty where there is none.
  std::optional<std::size_t> find() const { return typed_.empty() ? of_texts() : over_typed(); }
  const std::vector<std::size_t>& typed() const { return typed_; }

  /// The first row that looks like a record: values under at least half of the columns that have a type.
  std::size_t first_record() const {
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      std::size_t values = 0;
      for (const std::size_t c : typed_) values += has_type(rows_[r], c) ? 1 : 0;
      if (2 * values >= typed_.size() && !names_periods(r)) return r;
    }
    return rows_.size();
  }

 private:
  /// Most of what it holds has a type. Titles and names above it are few.
  bool is_typed_column(std::size_t column) const {
    std::size_t filled = 0, typed = 0;
    for (const SheetRow& row : rows_) {
      filled += is_filled(row, column) ? 1 : 0;
      typed += has_type(row, column) ? 1 : 0;
    }
    // Of a name and one value, one has a type.
    return typed > 0 && 2 * typed >= filled;
  }

  bool is_period(std::size_t row, std::size_t column) const {
    const Cell& cell = cell_of(rows_[row], column);
    if (cell.kind == CellKind::date) return true;
    const auto year = cell.kind == CellKind::number ? whole_number(cell.text) : std::nullopt;
    return year && *year >= 1900 && *year <= 2100;
  }
  /// Years or months as names: all that has a type in the row is one, each another, and the rows below hold none there.
  bool names_periods(std::size_t row) const {
    std::set<std::string> seen;
    bool any_text = false;
    for (std::size_t c = range_.first; c <= range_.last; ++c) {
      any_text = any_text || is_text(rows_[row], c);
      if (!has_type(rows_[row], c)) continue;
      if (!is_period(row, c) || !seen.insert(cell_of(rows_[row], c).text).second) return false;
      for (std::size_t below = row + 1; below < rows_.size(); ++below)
        if (is_period(below, c)) return false;
    }
    return seen.size() >= 2 && any_text && row + 1 < rows_.size();
  }
  bool is_name(std::size_t row, std::size_t column) const {
    return is_text(rows_[row], column) && !is_word_for_nothing(cell_of(rows_[row], column).text);
  }
  /// A text over most of the columns that have a type, in the row or, where it has none, in the row right above.
  bool names_typed_columns(std::size_t row) const {
    if (names_periods(row)) return true;
    if (!is_all_text(rows_[row], range_)) return false;
    const bool has_above = row > 0 && rows_[row - 1].number + 1 == rows_[row].number;
    std::size_t named = 0;
    for (const std::size_t c : typed_)
      named += is_name(row, c) || (has_above && !is_filled(rows_[row], c) && is_text(rows_[row - 1], c)) ? 1 : 0;
    return 3 * named >= 2 * typed_.size();
  }
  /// The nearest row above the first record that names the columns with a type. Where a row further up, with no blank
  /// row between, names them too and fills as many columns, that one: what follows it is for the casts to judge.
  std::optional<std::size_t> over_typed() const {
    std::optional<std::size_t> found;
    for (std::size_t r = first_record(); r-- > 0;) {
      if (found && rows_[r].number + 1 != rows_[r + 1].number) break;
      if (!names_typed_columns(r)) continue;
      if (!found || filled_in(rows_[r], range_) >= filled_in(rows_[*found], range_)) found = r;
    }
    return found;
  }
  std::optional<std::size_t> of_texts() const {
    std::size_t widest = 0;
    for (const SheetRow& row : rows_) widest = std::max(widest, filled_in(row, range_));
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (5 * filled_in(rows_[r], range_) < 4 * widest) continue;
      return is_told_apart(r) ? std::optional(r) : std::nullopt;
    }
    return std::nullopt;
  }
  /// Its texts differ from each other, and none of them is a value below, but in a row that is the same again.
  bool is_told_apart(std::size_t row) const {
    std::set<std::string> seen;
    for (std::size_t c = range_.first; c <= range_.last; ++c) {
      if (!is_filled(rows_[row], c)) continue;
      seen.insert(cell_of(rows_[row], c).text);
      for (std::size_t below = row + 1; below < rows_.size(); ++below)
        if (cell_of(rows_[below], c).text == cell_of(rows_[row], c).text && !is_same(row, below)) return false;
    }
    return 2 * seen.size() > filled_in(rows_[row], range_);
  }
  bool is_same(std::size_t row, std::size_t other) const {
    for (std::size_t c = range_.first; c <= range_.last; ++c)
      if (cell_of(rows_[row], c).text != cell_of(rows_[other], c).text) return false;
    return true;
  }

  std::span<const SheetRow> rows_;
  ColumnRange range_;
  std::vector<std::size_t> typed_;
};

/// The names of groups over a row of names, each for the columns it stands over; empty where the row is none of groups.
class Groups {
 public:
  Groups(std::span<const SheetRow> rows, std::size_t header, std::span<const MergedCells> merged, ColumnRange range) {
    if (header == 0 || rows[header - 1].number + 1 != rows[header].number) return;
    const SheetRow& above = rows[header - 1];
    if (!is_all_groups(above, range)) return;
    std::vector<std::string> over(range.last - range.first + 1);
    if (by_merged(above, merged, range, over) || by_gaps(above, rows[header], range, over)) over_ = std::move(over);
  }
  bool any() const { return !over_.empty(); }
  const std::string& over(std::size_t index) const { return over_[index]; }

 private:
  /// Texts or periods, and less of them than columns.
  static bool is_all_groups(const SheetRow& row, ColumnRange range) {
    const std::size_t filled = filled_in(row, range);
    return filled > 0 && filled < range.last - range.first + 1;
  }
  static bool by_merged(const SheetRow& above, std::span<const MergedCells> merged, ColumnRange range,
                        std::vector<std::string>& over) {
    bool any = false;
    for (std::size_t c = range.first; c <= range.last; ++c)
      if (is_filled(above, c)) over[c - range.first] = cell_of(above, c).text;
    for (const MergedCells& one : merged) {
      const bool here = one.first_row <= above.number && above.number <= one.last_row;
      // One over the whole table is its title.
      const bool is_title = one.first_column <= range.first && one.last_column >= range.last;
      if (!here || is_title || one.last_column == one.first_column || one.first_column < range.first ||
          one.last_column > range.last)
        continue;
      any = true;
      for (std::size_t c = one.first_column; c <= one.last_column; ++c)
        over[c - range.first] = cell_of(above, one.first_column).text;
    }
    return any;
  }
  /// Without merged cells: names with gaps between them, the first not alone at the left, where a title would be.
  static bool by_gaps(const SheetRow& above, const SheetRow& names, ColumnRange range, std::vector<std::string>& over) {
    std::ranges::fill(over, "");
    std::size_t last_filled = range.first, gaps = 0, filled = 0;
    for (std::size_t c = range.first; c <= range.last; ++c) {
      if (!is_filled(names, c)) return false;
      if (!is_filled(above, c)) continue;
      gaps += filled > 0 && c > last_filled + 1 ? 1 : 0;
      last_filled = c;
      ++filled;
    }
    const bool only_at_right = filled == 1 && last_filled > range.first;
    if (gaps == 0 && !only_at_right) return false;
    std::string group;
    for (std::size_t c = range.first; c <= range.last; ++c) {
      if (is_filled(above, c)) group = cell_of(above, c).text;
      over[c - range.first] = group;
    }
    return true;
  }
  std::vector<std::string> over_;
};

std::string place_in(std::string_view sheet, std::int64_t row) { return sheet_place(sheet, std::to_string(row)); }

Result<ColumnRange> wanted_columns(std::span<const SheetRow> rows, std::string_view wanted) {
  ColumnRange used{kMostColumns, 0};
  for (const SheetRow& row : rows)
    for (const auto& [column, cell] : row.cells)
      if (is_filled(row, column)) used = {std::min(used.first, column), std::max(used.last, column)};
  if (wanted.empty()) return used;
  const std::size_t colon = wanted.find(':');
  const auto first = column_of_letters(trim(wanted.substr(0, colon)));
  const auto last = colon == std::string_view::npos ? first : column_of_letters(trim(wanted.substr(colon + 1)));
  if (!first || !last || *last < *first)
    return fail(ErrorKind::usage, "sheet.columns", fmt::format("\"{}\" are no columns of a sheet", wanted), {},
                "write the first and the last: columns: B:F");
  return ColumnRange{*first, *last};
}

/// The first and the last column of a row that hold something; nothing where none does.
std::optional<ColumnRange> ends_of(const SheetRow& row, ColumnRange range) {
  std::optional<ColumnRange> out;
  for (std::size_t c = range.first; c <= range.last; ++c)
    if (is_filled(row, c)) out = ColumnRange{out ? out->first : c, c};
  return out;
}

/// Two tables side by side: a column without name and value between names, and rows that are filled on one side only.
Result<> check_side_by_side(std::span<const SheetRow> rows, std::size_t header, ColumnRange range,
                            std::string_view sheet) {
  std::vector<ColumnRange> ends;
  for (const SheetRow& row : rows.subspan(header + 1))
    if (const auto of_row = ends_of(row, range)) ends.push_back(*of_row);
  const std::size_t names = filled_in(rows[header], range);
  std::size_t names_left = 0;
  for (std::size_t gap = range.first; gap < range.last; ++gap) {
    names_left += is_filled(rows[header], gap) ? 1 : 0;
    if (names_left < 2 || names - names_left < 2) continue;
    const auto holds = [&](const SheetRow& row) { return is_filled(row, gap); };
    if (std::ranges::any_of(rows.subspan(header), holds)) continue;
    const auto one_sided =
        std::ranges::count_if(ends, [&](const ColumnRange& one) { return (one.first < gap) != (one.last > gap); });
    if (one_sided == 0 || 10 * static_cast<std::size_t>(one_sided) < ends.size()) continue;
    const std::string left = column_letters(range.first) + ":" + column_letters(gap - 1);
    const std::string right = column_letters(gap + 1) + ":" + column_letters(range.last);
    return fail(
        ErrorKind::data, "sheet.two_tables",
        fmt::format("{} begins two tables side by side, {} and {}", place_in(sheet, rows[header].number), left, right),
        {}, fmt::format("say which is meant: columns: {}", left));
  }
  return {};
}

/// Without the columns at both ends that have neither a name nor, in the rows below it, a value.
ColumnRange without_bare_ends(std::span<const SheetRow> rows, ColumnRange range) {
  const auto bare = [&](std::size_t c) {
    return std::ranges::none_of(rows, [&](const SheetRow& row) { return is_filled(row, c); });
  };
  while (range.first < range.last && bare(range.first)) ++range.first;
  while (range.last > range.first && bare(range.last)) --range.last;
  return range;
}

/// A slip in a far column, behind many that hold nothing, is not the table's: it is told as a cell beside it.
ColumnRange without_far_cells(std::span<const SheetRow> rows, ColumnRange range) {
  constexpr std::size_t kWidestGap = 30;
  std::size_t last = range.first;
  for (std::size_t c = range.first; c <= range.last && c - last <= kWidestGap; ++c)
    if (std::ranges::any_of(rows, [&](const SheetRow& row) { return is_filled(row, c); })) last = c;
  return {range.first, last};
}

Result<TableExtent> with_given_names(std::span<const SheetRow> rows, ColumnRange range, const TableWishes& wishes) {
  TableExtent out;
  out.first_column = range.first;
  out.names = column_names(wishes.names);
  const HeaderSearch search(rows, {range.first, range.first + wishes.names.size() - 1});
  out.typed.assign(out.names.size(), false);
  for (const std::size_t c : search.typed()) out.typed[c - range.first] = true;
  return out;
}

Result<std::size_t> header_in(std::span<const SheetRow> rows, const HeaderSearch& search, std::string_view sheet,
                              std::int64_t wished) {
  if (wished > 0) {
    const auto there = std::ranges::find(rows, wished, &SheetRow::number);
    if (there != rows.end()) return static_cast<std::size_t>(there - rows.begin());
    return fail(ErrorKind::usage, "sheet.header_row",
                fmt::format("{} holds nothing, and is to hold the names of the columns", place_in(sheet, wished)), {},
                fmt::format("the first row that holds something is {}", rows.front().number));
  }
  if (const auto found = search.find()) return *found;
  const std::size_t record = std::min(search.typed().empty() ? 0 : search.first_record(), rows.size() - 1);
  return fail(ErrorKind::data, "sheet.no_header",
              fmt::format("{} looks like a record already, and no row above it names the columns",
                          place_in(sheet, rows[record].number)),
              {}, "say which row does (header_row: 3), or give the names (header: [order_id, date, amount])");
}

}  // namespace

Result<TableExtent> find_table(std::span<const SheetRow> rows, std::span<const MergedCells> merged,
                               std::string_view sheet, const TableWishes& wishes) {
  if (rows.empty()) return fail(ErrorKind::data, "sheet.empty", fmt::format("the sheet \"{}\" is empty", sheet));
  VIGIE_TRY(ColumnRange range, wanted_columns(rows, wishes.columns));
  if (!wishes.names.empty()) return with_given_names(rows, range, wishes);
  const HeaderSearch search(rows, range);
  VIGIE_TRY(const std::size_t header, header_in(rows, search, sheet, wishes.header_row));
  range = without_bare_ends(rows.subspan(header), range);
  if (wishes.columns.empty()) {
    VIGIE_CHECK(check_side_by_side(rows, header, range, sheet));
    range = without_far_cells(rows.subspan(header), range);
  }
  const Groups groups(rows, header, merged, range);

  TableExtent out;
  out.header_row = rows[header].number;
  out.first_header_row = groups.any() ? rows[header - 1].number : out.header_row;
  out.rows_above = static_cast<std::int64_t>(header) - (groups.any() ? 1 : 0);
  out.first_column = range.first;
  for (std::size_t c = range.first; c <= range.last; ++c) {
    const std::string& written = cell_of(rows[header], c).text;
    const std::string& group = groups.any() ? groups.over(c - range.first) : std::string();
    out.written.push_back(written);
    out.names.push_back(group.empty() || group == written ? written : written.empty() ? group : group + " " + written);
    out.typed.push_back(std::ranges::find(search.typed(), c) != search.typed().end());
  }
  out.names = column_names(std::move(out.names));
  return out;
}

}  // namespace vigie::reading

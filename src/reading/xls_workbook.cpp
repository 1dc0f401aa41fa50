#include "reading/xls_workbook.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "base/file.h"
#include "reading/cell_value.h"
#include "reading/compound_file.h"
#include "reading/xls_records.h"

namespace vigie::reading {
namespace {

std::unexpected<Error> xls_damaged(const std::filesystem::path& file, std::string_view what) {
  return fail(ErrorKind::data, "xls.damaged",
              fmt::format("the workbook {} is damaged: {}", file.filename().string(), what), {file.string()},
              "open it with a spreadsheet program and save it as XLSX");
}

/// What stands before the sheets.
struct XlsGlobals {
  std::vector<SheetInfo> sheets;
  std::vector<std::size_t> begins;  ///< of the sheets, in the stream
  std::vector<std::string> texts;
  std::vector<CellFormat> formats;  ///< by style
  DateSystem dates = DateSystem::from_1900;
};

Result<std::vector<std::string>> xls_texts(const std::filesystem::path& file, std::string_view stream,
                                           const XlsRecord& record) {
  XlsTextReader reader(stream, record, 4);
  const std::uint32_t count = reader.number(4);
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < count; ++i) {
    auto text = reader.text(2);
    if (!text) return xls_damaged(file, "its texts are cut short");
    out.push_back(std::move(*text));
  }
  return out;
}

Result<XlsGlobals> xls_globals(const std::filesystem::path& file, std::string_view stream) {
  XlsGlobals out;
  std::map<int, CellFormat> own;
  std::vector<int> styles;
  for (std::size_t at = 0;;) {
    const auto record = xls_record(stream, at);
    if (!record) return xls_damaged(file, "its list of sheets is cut short");
    if (record->is_cut()) return xls_damaged(file, "a record of it is too short for what it holds");
    at = record->end();
    if (record->kind == kXlsEnd) break;
    if (record->kind == kXlsPassword)
      return fail(ErrorKind::data, "workbook.encrypted",
                  fmt::format("the workbook {} is protected by a password", file.filename().string()), {file.string()},
                  "open it with its password and save it without");
    if (record->kind == kXlsBegin && record->u16(0) != 0x0600)
      return fail(ErrorKind::data, "workbook.format",
                  fmt::format("{} is a workbook of Excel 5 or 95, which is not read", file.filename().string()),
                  {file.string()}, "open it with a spreadsheet program and save it as XLSX");
    if (record->kind == kXlsDateMode && record->u16(0) == 1) out.dates = DateSystem::from_1904;
    if (record->kind == kXlsStyle) styles.push_back(record->u16(2));
    if (record->kind == kXlsFormat) {
      const auto code = XlsTextReader(stream, *record, 2).text(2);
      if (code) own[record->u16(0)] = cell_format_of_code(*code);
    }
    if (record->kind == kXlsTexts) {
      VIGIE_TRY(out.texts, xls_texts(file, stream, *record));
    }
    if (record->kind != kXlsSheet || record->u8(5) != 0) continue;  // charts and macros are no sheets of cells
    const auto name = XlsTextReader(stream, *record, 6).text(1);
    if (!name) return xls_damaged(file, "the name of a sheet is cut short");
    const int state = record->u8(4) & 3;
    out.sheets.push_back({*name, state == 0   ? SheetVisibility::visible
                                 : state == 1 ? SheetVisibility::hidden
                                              : SheetVisibility::very_hidden});
    out.begins.push_back(record->u32(0));
  }
  for (const int id : styles) {
    const auto found = own.find(id);
    out.formats.push_back(found == own.end() ? CellFormat{format_built_in(id), {}} : found->second);
  }
  return out;
}

/// A cell, and where its record stands.
struct XlsCellPlace {
  std::uint32_t row = 0;
  std::uint16_t column = 0;
  std::size_t record = 0;
};

bool is_xls_cell(std::uint16_t kind) {
  return kind == kXlsNumber || kind == kXlsShortNumber || kind == kXlsSharedText || kind == kXlsText ||
         kind == kXlsRichText || kind == kXlsBoolOrError || kind == kXlsFormula || kind == kXlsManyNumbers;
}

/// What a sheet holds, found by one walk over its records.
struct XlsIndex {
  std::vector<XlsCellPlace> cells;
  std::vector<std::uint32_t> hidden_rows;
  SheetFacts facts;
};

void index_merged(const XlsRecord& record, SheetFacts& facts) {
  constexpr std::size_t kMost = 10'000;
  for (std::size_t i = 0; i < record.u16(0) && facts.merged.size() < kMost; ++i)
    facts.merged.push_back(
        {record.u16(2 + 8 * i) + 1, record.u16(4 + 8 * i) + 1, record.u16(6 + 8 * i), record.u16(8 + 8 * i)});
}

void index_cells(const XlsRecord& record, std::vector<XlsCellPlace>& cells) {
  if (record.kind != kXlsManyNumbers) {
    cells.push_back({record.u16(0), record.u16(2), record.at});
    return;
  }
  const std::size_t count = record.data.size() < 12 ? 0 : (record.data.size() - 6) / 6;
  for (std::size_t i = 0; i < count; ++i)
    cells.push_back({record.u16(0), static_cast<std::uint16_t>(record.u16(2) + i), record.at});
}

Result<XlsIndex> xls_index(const std::filesystem::path& file, std::string_view stream, std::size_t begin) {
  XlsIndex out;
  int depth = 0;  // a chart within the sheet has a beginning and an end of its own
  for (std::size_t at = begin;;) {
    const auto record = xls_record(stream, at);
    if (!record || (at == begin && record->kind != kXlsBegin)) return xls_damaged(file, "a sheet of it is cut short");
    if (record->is_cut()) return xls_damaged(file, "a record of it is too short for what it holds");
    at = record->end();
    if (record->kind == kXlsBegin) ++depth;
    if (record->kind == kXlsEnd && --depth == 0) break;
    if (depth != 1) continue;
    if (is_xls_cell(record->kind)) index_cells(*record, out.cells);
    else if (record->kind == kXlsMerged) index_merged(*record, out.facts);
    else if (record->kind == kXlsRow && (record->u32(12) & 0x20) != 0) out.hidden_rows.push_back(record->u16(0));
    else if (record->kind == kXlsColumns && (record->u16(8) & 1) != 0)
      out.facts.hide_columns(record->u16(0), std::min<std::int64_t>(record->u16(2), 255));
  }
  std::ranges::stable_sort(out.cells, {}, [](const XlsCellPlace& c) { return std::pair(c.row, c.column); });
  std::ranges::sort(out.hidden_rows);
  return out;
}

class XlsRows : public SheetRows {
 public:
  XlsRows(const std::filesystem::path& file, std::string_view stream, const XlsGlobals& globals, XlsIndex index)
      : file_(file), stream_(stream), globals_(globals), index_(std::move(index)) {}

  Result<bool> next(SheetRow& row) override {
    while (at_ < index_.cells.size()) {
      const std::uint32_t number = index_.cells[at_].row;
      row.number = number + 1;
      row.hidden = std::ranges::binary_search(index_.hidden_rows, number);
      row.cells.clear();
      for (; at_ < index_.cells.size() && index_.cells[at_].row == number; ++at_) {
        const XlsCellPlace& place = index_.cells[at_];
        VIGIE_TRY(Cell cell, cell_at(place));
        if (cell.kind == CellKind::empty) continue;
        if (cell.kind == CellKind::error && index_.facts.error_cells++ == 0)
          index_.facts.first_error = reference(row.number, place.column);
        row.cells.set(place.column, std::move(cell));
      }
      if (row.cells.empty()) continue;
      if (row.hidden && index_.facts.hidden_rows++ == 0) index_.facts.first_hidden_row = row.number;
      return true;
    }
    return false;
  }
  const SheetFacts& facts() const override { return index_.facts; }

 private:
  Result<Cell> cell_at(const XlsCellPlace& place) {
    const XlsRecord record = *xls_record(stream_, place.record);  // the index was made of it
    const auto text = [](std::string value) { return value.empty() ? Cell{} : Cell{std::move(value), CellKind::text}; };
    switch (record.kind) {
      case kXlsNumber: return number(record.number(6), record.u16(4));
      case kXlsShortNumber: return number(xls_short_number(record.u32(6)), record.u16(4));
      case kXlsManyNumbers: {
        const std::size_t at = 4 + std::size_t{6} * (place.column - record.u16(2));
        return number(xls_short_number(record.u32(at + 2)), record.u16(at));
      }
      case kXlsSharedText:
        if (record.u32(6) >= globals_.texts.size()) return xls_damaged(file_, "a cell names a text that is not there");
        return text(globals_.texts[record.u32(6)]);
      case kXlsBoolOrError: return bool_or_error(record.u8(6), record.u8(7) != 0);
      case kXlsFormula: return result_of(record);
      default: break;
    }
    if (record.u16(6) == 0) return Cell{};
    auto value = XlsTextReader(stream_, record, 6).text(2);
    if (!value) return xls_damaged(file_, "the text of a cell is cut short");
    return text(std::move(*value));
  }
  Cell number(double value, std::size_t style) const {
    if (!std::isfinite(value)) return {"#NUM!", CellKind::error};
    char digits[40];
    const auto end = std::to_chars(digits, digits + sizeof digits, value);
    const CellFormat format = style < globals_.formats.size() ? globals_.formats[style] : CellFormat();
    const auto cell = cell_of_number({digits, static_cast<std::size_t>(end.ptr - digits)}, format, globals_.dates);
    return cell.value_or(Cell{});
  }
  static Cell bool_or_error(std::uint8_t value, bool is_error) {
    if (is_error) return {std::string(xls_error(value)), CellKind::error};
    return {value != 0 ? "true" : "false", CellKind::boolean};
  }
  /// The result that was saved with a formula.
  Result<Cell> result_of(const XlsRecord& record) {
    ++index_.facts.formulas;
    constexpr std::uint16_t kOnLoad = 2;
    if ((record.u16(14) & kOnLoad) != 0) index_.facts.calculated_on_load = true;
    if (record.u16(12) != 0xFFFF) return number(record.number(6), record.u16(4));
    if (record.u8(6) == 1 || record.u8(6) == 2) return bool_or_error(record.u8(8), record.u8(6) == 2);
    if (record.u8(6) != 0) return Cell{};
    // Its text follows, at once or after the formula that several cells share.
    auto next = xls_record(stream_, record.end());
    while (next && (next->kind == 0x04BC || next->kind == 0x0221 || next->kind == 0x0236 || next->kind == kXlsContinue))
      next = xls_record(stream_, next->end());
    if (!next || next->kind != kXlsFormulaText) return xls_damaged(file_, "the result of a formula is lost");
    auto value = XlsTextReader(stream_, *next, 0).text(2);
    if (!value) return xls_damaged(file_, "the text of a cell is cut short");
    return value->empty() ? Cell{} : Cell{std::move(*value), CellKind::text};
  }

  std::filesystem::path file_;
  std::string_view stream_;
  const XlsGlobals& globals_;
  XlsIndex index_;
  std::size_t at_ = 0;
};

class XlsWorkbook : public Workbook {
 public:
  XlsWorkbook(std::filesystem::path file, std::string stream, XlsGlobals globals)
      : file_(std::move(file)), stream_(std::move(stream)), globals_(std::move(globals)) {}
  const std::vector<SheetInfo>& sheets() const override { return globals_.sheets; }
  const std::filesystem::path& file() const override { return file_; }
  Result<std::unique_ptr<SheetRows>> rows(std::size_t sheet) override {
    VIGIE_TRY(XlsIndex index, xls_index(file_, stream_, globals_.begins.at(sheet)));
    return std::make_unique<XlsRows>(file_, stream_, globals_, std::move(index));
  }
  Result<std::vector<MergedCells>> merged(std::size_t sheet) override {
    VIGIE_TRY(const XlsIndex index, xls_index(file_, stream_, globals_.begins.at(sheet)));
    return index.facts.merged;
  }

 private:
  std::filesystem::path file_;
  std::string stream_;
  XlsGlobals globals_;
};

}  // namespace

Result<std::unique_ptr<Workbook>> open_xls(const std::filesystem::path& file) {
  auto bytes = bytes_of(file);
  if (!bytes)
    return fail(ErrorKind::unavailable, "file.unreadable",
                fmt::format("the file {} cannot be read", file.filename().string()), {file.string()});
  return read_xls(std::move(*bytes), file);
}

Result<std::unique_ptr<Workbook>> read_xls(std::string bytes, const std::filesystem::path& file) {
  const std::string shown = file.filename().string();
  const auto compound = CompoundFile::read(std::move(bytes));
  if (!compound) return xls_damaged(file, "its sectors do not add up");
  if (compound->has("EncryptedPackage"))
    return fail(ErrorKind::data, "workbook.encrypted", fmt::format("the workbook {} is protected by a password", shown),
                {file.string()}, "open it with its password and save it without");
  if (!compound->has("Workbook")) {
    if (compound->has("Book"))
      return fail(ErrorKind::data, "workbook.format",
                  fmt::format("{} is a workbook of Excel 5 or 95, which is not read", shown), {file.string()},
                  "open it with a spreadsheet program and save it as XLSX");
    return fail(ErrorKind::data, "workbook.format", fmt::format("{} is no workbook", shown), {file.string()},
                "if it is a text of values with separators, read it as CSV");
  }
  auto stream = compound->stream("Workbook");
  if (!stream) return xls_damaged(file, "its sectors do not add up");
  VIGIE_TRY(XlsGlobals globals, xls_globals(file, *stream));
  return std::make_unique<XlsWorkbook>(file, std::move(*stream), std::move(globals));
}

}  // namespace vigie::reading

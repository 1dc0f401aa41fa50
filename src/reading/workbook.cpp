#include "reading/workbook.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <ranges>
#include <utility>

#include "base/text.h"
#include "reading/cell_value.h"
#include "reading/xls_workbook.h"
#include "reading/xlsx_sheet.h"

namespace vigie::reading {
namespace {

class XlsxWorkbook : public Workbook {
 public:
  XlsxWorkbook(ZipArchive archive, XlsxOutline outline, std::vector<CellFormat> formats)
      : archive_(std::move(archive)), outline_(std::move(outline)), formats_(std::move(formats)) {
    for (const XlsxOutline::Sheet& sheet : outline_.sheets) sheets_.push_back(sheet.info);
  }

  const std::vector<SheetInfo>& sheets() const override { return sheets_; }
  const std::filesystem::path& file() const override { return archive_.file(); }

  Result<std::unique_ptr<SheetRows>> rows(std::size_t sheet) override {
    if (!strings_) {
      VIGIE_TRY(strings_, read_shared_strings(archive_, outline_.shared_strings));
    }
    const std::string& part = outline_.sheets.at(sheet).part;
    VIGIE_TRY(auto bytes, open_part(archive_, part));
    XlsxContext context{*strings_,           formats_,
                        outline_.dates,      outline_.calculated_on_load,
                        sheets_[sheet].name, archive_.file().string()};
    return xlsx_rows(std::move(bytes), std::move(context), part);
  }
  Result<std::vector<MergedCells>> merged(std::size_t sheet) override {
    const std::string& part = outline_.sheets.at(sheet).part;
    VIGIE_TRY(auto bytes, open_part(archive_, part));
    return xlsx_merged(std::move(bytes), part, archive_.file().string());
  }

 private:
  ZipArchive archive_;
  XlsxOutline outline_;
  std::vector<CellFormat> formats_;
  std::vector<SheetInfo> sheets_;
  std::optional<XlsxStrings> strings_;
};

/// What bytes at the beginning of a file say that it is.
enum class FileForm : std::uint8_t { zip, compound, old_sheet, web_page, xml_sheet, text };

FileForm form_of(std::string_view begin) {
  if (begin.starts_with("PK")) return FileForm::zip;
  if (begin.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return FileForm::compound;
  if (begin.size() > 4 && begin[0] == '\x09' && (begin[1] == '\x00' || begin[1] == '\x02' || begin[1] == '\x04') &&
      begin[3] == '\x00')
    return FileForm::old_sheet;
  if (begin.starts_with("\xEF\xBB\xBF")) begin.remove_prefix(3);
  const std::string small = lower_ascii(trim(begin.substr(0, 4096)));
  if (small.starts_with("<?xml") && small.contains("office:spreadsheet")) return FileForm::xml_sheet;
  if (small.starts_with("<") &&
      (small.contains("<html") || small.contains("<table") || small.contains("<!doctype html")))
    return FileForm::web_page;
  return FileForm::text;
}

std::unexpected<Error> other_form(const std::filesystem::path& file, FileForm form) {
  const std::string name = file.filename().string();
  const auto refused = [&](std::string message, std::string hint) {
    return std::unexpected(
        Error{"workbook.format", std::move(message), ErrorKind::data, {file.string()}, std::move(hint)});
  };
  switch (form) {
    case FileForm::old_sheet:
      return refused(fmt::format("{} is a sheet of a spreadsheet program from before 1997", name),
                     "open it with a spreadsheet program and save it as XLSX");
    case FileForm::web_page:
      return refused(fmt::format("{} is a web page (HTML) under the name of a workbook", name),
                     "open it with a spreadsheet program and save it as XLSX");
    case FileForm::xml_sheet:
      return refused(fmt::format("{} is a workbook of Excel 2003 in XML, which is not read", name),
                     "open it with a spreadsheet program and save it as XLSX");
    default:
      return refused(fmt::format("{} is no workbook", name),
                     "if it is a text of values with separators, read it as CSV");
  }
}

/// A package that is none of XLSX.
Result<> check_package(const ZipArchive& archive) {
  const std::string name = archive.file().filename().string();
  if (archive.find("xl/workbook.bin") != nullptr)
    return fail(ErrorKind::data, "workbook.format",
                fmt::format("{} is a binary workbook (XLSB), which is not read", name), {archive.file().string()},
                "open it with a spreadsheet program and save it as XLSX");
  if (archive.find("content.xml") != nullptr && archive.find("mimetype") != nullptr)
    return fail(ErrorKind::data, "workbook.format",
                fmt::format("{} is an OpenDocument file (ODS), which is not read", name), {archive.file().string()},
                "open it with a spreadsheet program and save it as XLSX");
  if (archive.find("Index/Document.iwa") != nullptr)
    return fail(ErrorKind::data, "workbook.format", fmt::format("{} is a file of Numbers, which is not read", name),
                {archive.file().string()}, "export it from Numbers as XLSX");
  if (archive.find("[Content_Types].xml") == nullptr && archive.find("xl/workbook.xml") == nullptr)
    return fail(ErrorKind::data, "workbook.format", fmt::format("{} is a ZIP archive and no workbook", name),
                {archive.file().string()}, "name the file in it that is to be read");
  return {};
}

Result<std::unique_ptr<Workbook>> open_xlsx(const std::filesystem::path& file) {
  VIGIE_TRY(ZipArchive archive, ZipArchive::open(file));
  VIGIE_CHECK(check_package(archive));
  VIGIE_TRY(XlsxOutline outline, read_outline(archive));
  VIGIE_TRY(auto formats, read_number_formats(archive, outline.styles));
  return std::make_unique<XlsxWorkbook>(std::move(archive), std::move(outline), std::move(formats));
}

std::vector<std::string> sheet_names(const std::vector<SheetInfo>& sheets) {
  std::vector<std::string> out;
  for (const SheetInfo& sheet : sheets) out.push_back(sheet.name);
  return out;
}

}  // namespace

Result<std::unique_ptr<Workbook>> Workbook::open(const std::filesystem::path& file) {
  std::string begin(8192, '\0');
  {
    VIGIE_TRY(const auto bytes, open_bytes(file));
    VIGIE_TRY(const std::size_t got, bytes->read(begin));
    begin.resize(got);
  }
  const FileForm form = form_of(begin);
  if (form == FileForm::zip) return open_xlsx(file);
  if (form == FileForm::compound) return open_xls(file);
  return other_form(file, form);
}

Result<std::size_t> Workbook::wanted_sheet(std::string_view name) {
  const std::vector<std::string> names = sheet_names(sheets());
  const std::string shown = file().filename().string();
  if (!name.empty()) {
    if (const auto exact = std::ranges::find(names, name); exact != names.end())
      return static_cast<std::size_t>(exact - names.begin());
    // Spreadsheet programs know no two sheets that differ in case only.
    const auto near = std::ranges::find_if(
        names, [&](const std::string& one) { return fold_name(trim(one)) == fold_name(trim(name)); });
    if (near != names.end()) return static_cast<std::size_t>(near - names.begin());
    return fail(ErrorKind::usage, "sheet.unknown", fmt::format("the workbook {} has no sheet \"{}\"", shown, name),
                {file().string()}, suggestion(name, names));
  }
  std::vector<std::size_t> filled;
  for (std::size_t i = 0; i < sheets().size(); ++i) {
    if (sheets()[i].visibility != SheetVisibility::visible) continue;
    VIGIE_TRY(const auto first, rows(i));
    SheetRow row;
    VIGIE_TRY(const bool holds_any, first->next(row));
    if (holds_any) filled.push_back(i);
  }
  if (filled.size() == 1) return filled.front();
  std::vector<std::string> shown_names;
  for (const std::size_t i : filled) shown_names.push_back(names[i]);
  if (filled.empty())
    return fail(ErrorKind::data, "sheet.none", fmt::format("no visible sheet of {} holds anything", shown),
                {file().string()}, names.empty() ? "" : fmt::format("its sheets: {}", join(names, ", ")));
  return fail(ErrorKind::usage, "sheet.which",
              fmt::format("{} has {} sheets that hold something: {}", shown, filled.size(), join(shown_names, ", ")),
              {file().string()}, "name the one that is meant: sheet: its name");
}

void SheetCells::set(std::size_t column, Cell cell) {
  if (!placed_.empty() && placed_.back().column == column) placed_.back().cell = std::move(cell);
  else placed_.push_back({column, std::move(cell)});
}

const Cell& SheetCells::at(std::size_t column) const {
  static const Cell kNothing;
  if (column < placed_.size() && placed_[column].column == column) return placed_[column].cell;  // nothing is left out
  const auto there = std::ranges::lower_bound(placed_, column, {}, &Placed::column);
  return there != placed_.end() && there->column == column ? there->cell : kNothing;
}

std::vector<Cell> SheetCells::from_column_a() const {
  std::vector<Cell> out(placed_.empty() ? 0 : placed_.back().column + 1);
  for (const Placed& one : placed_) out[one.column] = one.cell;
  return out;
}

void SheetFacts::hide_columns(std::int64_t first, std::int64_t last) {
  const auto begin = static_cast<std::size_t>(std::max<std::int64_t>(first, 0));
  const auto end = static_cast<std::size_t>(std::clamp<std::int64_t>(last + 1, 0, kMostColumns));
  if (begin >= end) return;
  if (hidden_columns.size() < end) hidden_columns.resize(end);
  std::fill(hidden_columns.begin() + static_cast<std::ptrdiff_t>(begin),
            hidden_columns.begin() + static_cast<std::ptrdiff_t>(end), true);
}

std::string sheet_place(std::string_view sheet, std::string_view cell) {
  const bool plain = !sheet.empty() && !is_digit(sheet.front()) && std::ranges::all_of(sheet, [](char c) {
    return c == '_' || (c & 0x80) != 0 || std::isalnum(static_cast<unsigned char>(c)) != 0;
  });
  if (plain) return fmt::format("{}!{}", sheet, cell);
  std::string quoted;
  for (const char c : sheet) quoted += c == '\'' ? "''" : std::string(1, c);
  return fmt::format("'{}'!{}", quoted, cell);
}

std::vector<SourceNotice> notices_of(const SheetFacts& facts, const SheetInfo& sheet) {
  std::vector<SourceNotice> out;
  const auto say = [&](std::string code, std::string message, std::string_view cell) {
    out.push_back({std::move(code), std::move(message), cell.empty() ? sheet.name : sheet_place(sheet.name, cell)});
  };
  if (sheet.visibility != SheetVisibility::visible)
    say("sheet.hidden", fmt::format("the sheet \"{}\" is hidden, and read all the same", sheet.name), "");
  if (facts.hidden_rows > 0)
    say("sheet.hidden_rows", fmt::format("hidden rows, read like the others: {}", facts.hidden_rows),
        std::to_string(facts.first_hidden_row));
  if (!facts.hidden_columns.empty()) {
    constexpr std::size_t kShown = 20;
    std::vector<std::string> letters;
    for (std::size_t column = 0; column < facts.hidden_columns.size() && letters.size() <= kShown; ++column)
      if (facts.hidden_columns[column]) letters.push_back(letters.size() < kShown ? column_letters(column) : "…");
    say("sheet.hidden_columns", fmt::format("hidden columns, read like the others: {}", join(letters, ", ")), "");
  }
  if (facts.error_cells > facts.not_calculated)
    say("sheet.errors", fmt::format("cells that show an error: {}", facts.error_cells - facts.not_calculated),
        facts.first_error);
  if (facts.not_calculated > 0)
    say("sheet.not_calculated",
        fmt::format("formulas that nobody calculated: {}; open the file with a spreadsheet program and save it",
                    facts.not_calculated),
        facts.first_not_calculated);
  if (facts.calculated_on_load && facts.formulas > facts.not_calculated)
    say("sheet.calculated_on_load",
        fmt::format(
            "formulas whose results may be out of date: {}; open the file with a spreadsheet program and save it",
            facts.formulas - facts.not_calculated),
        "");
  if (!facts.merged.empty())
    say("sheet.merged", fmt::format("merged cells, whose value stands in the first: {}", facts.merged.size()),
        reference(facts.merged.front().first_row, facts.merged.front().first_column));
  return out;
}

}  // namespace vigie::reading

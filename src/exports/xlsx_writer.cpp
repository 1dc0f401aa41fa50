#include <xlsxwriter.h>

#include <cerrno>
#include <map>

#include "exports/out_file.h"
#include "exports/sheet_text.h"
#include "exports/writer.h"
#include "reading/zip_archive.h"

namespace vigie::exports {
namespace {

/// Rows between two looks at what the library does not tell: whether its own temporary file could be written.
constexpr lxw_row_t kRowsBetweenLooks = 4'096;
constexpr double kNarrowest = 8, kWidest = 60, kRoom = 2;

struct Close {
  void operator()(lxw_workbook* book) const {
    if (book != nullptr) workbook_close(book);
  }
};

/// How cells of one unit look. A sheet's own notation: the reader's Excel puts its marks.
std::string format_of(std::string_view unit, std::string_view currency, bool french) {
  if (unit == "rate") return "0.0%";
  if (unit == "money") return currency.empty() ? "#,##0.00" : fmt::format("#,##0.00 [${}]", currency);
  if (unit == "count") return "#,##0";
  if (unit == "days") return french ? "#,##0.0\" j\"" : "#,##0.0\" d\"";
  if (unit == "months") return french ? "#,##0.0\" mois\"" : "#,##0.0\" mo\"";
  if (unit == "score") return "0.0";
  if (unit == "mark" || unit == "ratio") return "0.00";
  return "General";
}

class XlsxWriter final : public Writer {
 public:
  XlsxWriter(const Form& form, const Destination& to, const calendar::Zone* zone)
      : form_(form), to_(to), zone_(zone), scratch_(to.scratch.string()) {}

  Result<> begin(const std::vector<Column>& columns) override;
  Result<> row(const Row& row) override;
  Result<> end(const About& about) override;
  std::vector<std::string> notes() const override;

 private:
  bool french() const { return form_.language == tongue::Language::fr; }
  lxw_format* number_format(const std::string& notation);
  Result<> put(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const Cell& cell, lxw_format* numbers);
  Result<> put_text(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const std::string& text);
  Result<> put_number(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const Decimal& value, lxw_format* numbers);
  Result<> put_time(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, Date day, std::int64_t of_day,
                    const char* notation, const std::string& as_text);
  Result<> check(lxw_error error) const;
  Result<> check_scratch() const;
  Result<> put_about(const About& about);
  Result<> check_whole() const;

  const Form form_;
  const Destination to_;
  const calendar::Zone* const zone_;
  std::string scratch_;
  std::unique_ptr<lxw_workbook, Close> book_;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* head_ = nullptr;
  std::map<std::string, lxw_format*> formats_;
  std::vector<Column> columns_;
  lxw_row_t rows_ = 0;
  std::uint64_t told_rows_ = 0;
  std::int64_t numbers_as_text_ = 0, times_as_text_ = 0;
};

Result<> XlsxWriter::check(lxw_error error) const {
  if (error == LXW_NO_ERROR) return {};
  return fail(ErrorKind::unavailable, "file.unwritable",
              fmt::format("cannot write {}: {}", to_.shown_as.string(), lxw_strerror(error)), {},
              "make room on that disk, or write to another one, then export again; nothing was left half-written");
}

/// The library writes its rows to a file of its own and looks at no error.
Result<> XlsxWriter::check_scratch() const {
  if (sheet_->optimize_tmpfile == nullptr) return check(LXW_ERROR_CREATING_TMPFILE);
  errno = 0;
  if (std::fflush(sheet_->optimize_tmpfile) == 0 && std::ferror(sheet_->optimize_tmpfile) == 0) return {};
  return std::unexpected(unwritable(to_.scratch, errno == 0 ? ENOSPC : errno));
}

lxw_format* XlsxWriter::number_format(const std::string& notation) {
  if (notation == "General") return nullptr;
  lxw_format*& known = formats_[notation];
  if (known == nullptr) {
    known = workbook_add_format(book_.get());
    format_set_num_format(known, notation.c_str());
  }
  return known;
}

Result<> XlsxWriter::begin(const std::vector<Column>& columns) {
  columns_ = columns;
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = scratch_.data();
  book_.reset(workbook_new_opt(to_.path.c_str(), &options));
  if (!book_) return check(LXW_ERROR_MEMORY_MALLOC_FAILED);
  sheet_ = workbook_add_worksheet(book_.get(), french() ? "Données" : "Data");
  if (sheet_ == nullptr) return check(LXW_ERROR_CREATING_TMPFILE);
  VIGIE_CHECK(check_scratch());
  head_ = workbook_add_format(book_.get());
  format_set_bold(head_);
  format_set_bottom(head_, LXW_BORDER_THIN);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto column = static_cast<lxw_col_t>(i);
    const std::string name = sheet_text(header_of(columns_[i], form_, zone_));
    const double width = std::clamp<double>(
        std::max<double>(columns_[i].width, static_cast<double>(name.size()) + kRoom), kNarrowest, kWidest);
    VIGIE_CHECK(check(worksheet_set_column(sheet_, column, column, width, nullptr)));
    VIGIE_CHECK(check(worksheet_write_string(sheet_, 0, column, name.c_str(), head_)));
  }
  worksheet_freeze_panes(sheet_, 1, 0);
  return {};
}

Result<> XlsxWriter::row(const Row& row) {
  if (rows_ >= kMostSheetRows) return std::unexpected(too_many_rows(rows_ + 1));
  ++rows_;
  // Of a row without a value the library writes nothing.
  if (std::ranges::any_of(row.cells, [](const Cell& cell) { return !std::holds_alternative<std::monostate>(cell); }))
    ++told_rows_;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const std::string& unit = columns_[i].unit == kOfItsRow ? row.unit : columns_[i].unit;
    lxw_format* const numbers =
        number_format(format_of(unit, columns_[i].currency.empty() ? row.currency : columns_[i].currency, french()));
    VIGIE_CHECK(put(sheet_, rows_, static_cast<lxw_col_t>(i), row.cells[i], numbers));
  }
  return rows_ % kRowsBetweenLooks == 0 ? check_scratch() : Result<>();
}

Result<> XlsxWriter::put(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const Cell& cell, lxw_format* numbers) {
  return std::visit(
      [&](const auto& value) -> Result<> {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) return {};
        else if constexpr (std::is_same_v<T, bool>)
          return check(worksheet_write_boolean(sheet, row, column, value, nullptr));
        else if constexpr (std::is_same_v<T, double>)
          return check(worksheet_write_number(sheet, row, column, value, numbers));
        else if constexpr (std::is_same_v<T, std::int64_t>)
          return put_number(sheet, row, column, Decimal::integer(value), numbers);
        else if constexpr (std::is_same_v<T, Decimal>) return put_number(sheet, row, column, value, numbers);
        else if constexpr (std::is_same_v<T, Date>)
          return put_time(sheet, row, column, value, 0, "yyyy\\-mm\\-dd", to_string(value));
        else if constexpr (std::is_same_v<T, Moment>) {
          if (value.bare) return put_time(sheet, row, column, *value.bare, 0, "yyyy\\-mm\\-dd", to_string(*value.bare));
          const std::int64_t local = value.at.micros + zone_->offset_minutes(value.at) * 60 * kMicrosPerSecond;
          const std::int64_t day = local / kMicrosPerDay - (local % kMicrosPerDay < 0 ? 1 : 0);
          return put_time(sheet, row, column, Date{static_cast<std::int32_t>(day)}, local - day * kMicrosPerDay,
                          "yyyy\\-mm\\-dd\\ hh:mm:ss", to_string(value.at));
        } else return put_text(sheet, row, column, value);
      },
      cell);
}

Result<> XlsxWriter::put_text(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const std::string& text) {
  const std::string written = sheet_text(text);
  if (const std::size_t length = sheet_length(written); length > kMostCellCharacters)
    return fail(ErrorKind::usage, "export.cell_too_long",
                fmt::format("a cell of a sheet holds {} characters, and {} of row {} has {}", kMostCellCharacters,
                            columns_[column].name, row, length),
                {}, "leave that row out with --where, or export as CSV or Parquet");
  if (text.empty()) return {};
  return check(worksheet_write_string(sheet, row, column, written.c_str(), nullptr));
}

/// A sheet keeps fifteen digits. What has more stands there as a text, to its last one.
Result<> XlsxWriter::put_number(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const Decimal& value,
                                lxw_format* numbers) {
  if (fits_a_sheet(value)) return check(worksheet_write_number(sheet, row, column, value.to_double(), numbers));
  ++numbers_as_text_;
  return put_text(sheet, row, column, value.to_plain());
}

/// Days of a sheet begin in 1900, and its first two months have a day that never was: earlier ones stand there as
/// texts.
Result<> XlsxWriter::put_time(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, Date day, std::int64_t of_day,
                              const char* notation, const std::string& as_text) {
  constexpr int kDaysTo1970 = 25'569;
  if (day < date_of(1900, 3, 1)) {
    ++times_as_text_;
    return put_text(sheet, row, column, as_text);
  }
  const double serial = day.days + kDaysTo1970 + static_cast<double>(of_day) / static_cast<double>(kMicrosPerDay);
  return check(worksheet_write_number(sheet, row, column, serial, number_format(notation)));
}

std::vector<std::string> XlsxWriter::notes() const {
  std::vector<std::string> out;
  if (numbers_as_text_ > 0)
    out.push_back(
        fmt::format("numbers with more digits than a sheet keeps, which stand there as texts: {}", numbers_as_text_));
  if (times_as_text_ > 0)
    out.push_back(fmt::format("days before March 1900, which stand in the sheet as texts: {}", times_as_text_));
  return out;
}

Result<> XlsxWriter::put_about(const About& about) {
  lxw_worksheet* const sheet = workbook_add_worksheet(book_.get(), french() ? "À propos" : "About");
  if (sheet == nullptr) return check(LXW_ERROR_CREATING_TMPFILE);
  constexpr double kNames = 28, kValues = 90;
  lxw_format* const wrapped = workbook_add_format(book_.get());
  format_set_text_wrap(wrapped);
  format_set_align(wrapped, LXW_ALIGN_VERTICAL_TOP);
  VIGIE_CHECK(check(worksheet_set_column(sheet, 0, 0, kNames, nullptr)));
  VIGIE_CHECK(check(worksheet_set_column(sheet, 1, 1, kValues, wrapped)));
  lxw_row_t row = 0;
  for (const About::Line& line : about.lines) {
    const bool heading = std::holds_alternative<std::monostate>(line.value);
    const std::string name = sheet_text(french() ? line.name.fr : line.name.en);
    VIGIE_CHECK(check(worksheet_write_string(sheet, row, 0, name.c_str(), heading ? head_ : nullptr)));
    if (const auto* text = std::get_if<std::string>(&line.value)) {
      const std::string said = sheet_text(*text);
      if (!said.empty()) VIGIE_CHECK(check(worksheet_write_string(sheet, row, 1, said.c_str(), wrapped)));
    } else {
      VIGIE_CHECK(put(sheet, row, 1, line.value, nullptr));
    }
    ++row;
  }
  return {};
}

Result<> XlsxWriter::end(const About& about) {
  VIGIE_CHECK(check_scratch());
  VIGIE_CHECK(put_about(about));
  if (rows_ > 0 && !columns_.empty())
    VIGIE_CHECK(check(worksheet_autofilter(sheet_, 0, 0, rows_, static_cast<lxw_col_t>(columns_.size() - 1))));
  errno = 0;
  const lxw_error closed = workbook_close(book_.release());
  if (closed != LXW_NO_ERROR && errno != 0) return std::unexpected(unwritable(to_.shown_as, errno));
  VIGIE_CHECK(check(closed));
  return check_whole();
}

/// What the library copied to its second temporary file, and whether it could, it does not say: all rows are counted in
/// what came out.
Result<> XlsxWriter::check_whole() const {
  constexpr std::uint64_t kNoBound = std::uint64_t{1} << 60;
  constexpr std::string_view kRowEnd = "</row>", kSheetEnd = "</worksheet>";
  VIGIE_TRY(const reading::ZipArchive book, reading::ZipArchive::open(to_.path, {.free_bytes = kNoBound}));
  const reading::ZipMember* const member = book.find("xl/worksheets/sheet1.xml");
  if (member == nullptr) return check(LXW_ERROR_ZIP_BAD_ZIP_FILE);
  VIGIE_TRY(const auto bytes, book.read(*member));
  std::vector<char> piece(1UL << 18);
  std::string text;
  std::uint64_t ends = 0;
  while (true) {
    VIGIE_TRY(const std::size_t got, bytes->read(piece));
    if (got == 0) break;
    text.append(piece.data(), got);
    std::size_t from = 0;
    for (std::size_t at = text.find(kRowEnd); at != std::string::npos; at = text.find(kRowEnd, from)) {
      ++ends;
      from = at + kRowEnd.size();
    }
    // What may be the beginning of an end stays.
    text.erase(0, std::max(from, text.size() - std::min(text.size(), kSheetEnd.size())));
  }
  if (ends == told_rows_ + 1 && text.ends_with(kSheetEnd)) return {};
  return std::unexpected(unwritable(to_.scratch, ENOSPC));
}

}  // namespace

std::unique_ptr<Writer> xlsx_writer(const Form& form, const Destination& to, const calendar::Zone* zone) {
  return std::make_unique<XlsxWriter>(form, to, zone);
}

}  // namespace vigie::exports

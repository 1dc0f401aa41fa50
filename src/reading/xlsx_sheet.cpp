#include "reading/xlsx_sheet.h"

#include "base/text.h"
#include "reading/xml_reader.h"

namespace vigie::reading {
namespace {

std::optional<MergedCells> merged_of(std::string_view range) {
  const std::size_t colon = range.find(':');
  const auto first = parse_reference(range.substr(0, colon));
  const auto last = colon == std::string_view::npos ? first : parse_reference(range.substr(colon + 1));
  if (!first || !last || last->row < first->row || last->column < first->column) return std::nullopt;
  return MergedCells{first->row, last->row, first->column, last->column};
}

constexpr std::size_t kMostMerged = 10'000;

/// A cell while its elements go by.
struct CellUnderWay {
  std::size_t column = 0;
  std::string type, value, formula, run;
  std::size_t style = 0;
  bool has_formula = false, has_value = false;

  void start() {
    type.clear(), value.clear(), formula.clear();
    style = 0;
    has_formula = has_value = false;
  }
};

class SheetHandler : public XmlHandler {
 public:
  explicit SheetHandler(XlsxContext context) : context_(std::move(context)) {
    facts.calculated_on_load = context_.calculated_on_load;
  }
  void begin(std::string_view name, const XmlAttributes& attributes, XmlReader& reader) override {
    if (name == "c" && in_row_) {
      begin_cell(attributes, reader);
    } else if (name == "v") {
      into_ = in_cell_ ? Into::value : Into::nothing;
    } else if (name == "row" && in_data_) {  // there are rows of drawings, too
      begin_row(attributes, reader);
    } else if (name == "sheetData") {
      in_data_ = true;
    } else if (name == "f" && in_cell_) {
      cell_.has_formula = true;
      into_ = Into::formula;
    } else if (name == "rPh") {
      phonetic_ = true;
    } else if (name == "t" && in_cell_ && !phonetic_) {
      cell_.run.clear();
      preserved_ = attributes.get("xml:space") == "preserve";
      into_ = Into::run;
    } else if (name == "col" && attributes.is_true("hidden")) {
      hide_columns(attributes);
    } else if (name == "mergeCell" && facts.merged.size() < kMostMerged) {
      if (const auto merged = merged_of(attributes.get("ref").value_or(""))) facts.merged.push_back(*merged);
    }
  }
  void end(std::string_view name, XmlReader& reader) override {
    if (name == "c" && in_cell_) {
      in_cell_ = false;
      end_cell(reader);
    } else if (name == "v" || name == "f") {
      into_ = Into::nothing;
    } else if (name == "t" && into_ == Into::run) {
      cell_.value += xlsx_text(cell_.run, preserved_);
      cell_.has_value = true;
      into_ = Into::nothing;
    } else if (name == "rPh") {
      phonetic_ = false;
    } else if (name == "row" && in_row_) {
      end_row(reader);
    } else if (name == "sheetData") {
      in_data_ = false;
    }
  }
  void text(std::string_view text) override {
    if (into_ == Into::nothing) return;
    std::string& to = into_ == Into::value ? cell_.value : into_ == Into::run ? cell_.run : cell_.formula;
    held_ += text.size();
    if (held_ > kLongestSheetRow) return;  // end_cell refuses it
    to += text;
    if (into_ == Into::value) cell_.has_value = true;
  }

  SheetRow row;
  bool has_row = false;
  SheetFacts facts;

 private:
  enum class Into : std::uint8_t { nothing, value, run, formula };

  void begin_row(const XmlAttributes& attributes, XmlReader& reader) {
    const auto written = attributes.get("r");
    const std::int64_t number = written ? whole_number(*written).value_or(0) : last_row_ + 1;
    if (number <= last_row_ || number > kMostRows)
      return damaged(reader, fmt::format("row {} stands after row {}", written.value_or("?"), last_row_));
    last_row_ = number;
    next_column_ = 0;
    held_ = 0;
    row.number = number;
    row.hidden = attributes.is_true("hidden");
    row.cells.clear();
    in_row_ = true;
  }
  void begin_cell(const XmlAttributes& attributes, XmlReader& reader) {
    cell_.start();
    cell_.column = next_column_;
    if (const auto written = attributes.get("r")) {
      const auto place = parse_reference(*written);
      if (!place || place->row != row.number || place->column < next_column_)
        return damaged(reader, fmt::format("the cell {} stands in row {}", *written, row.number));
      cell_.column = place->column;
    }
    if (cell_.column >= kMostColumns)
      return damaged(reader, fmt::format("row {} has more than {} columns", row.number, kMostColumns));
    next_column_ = cell_.column + 1;
    cell_.type = attributes.get("t").value_or("n");
    cell_.style = static_cast<std::size_t>(whole_number(attributes.get("s").value_or("0")).value_or(0));
    in_cell_ = true;
  }
  void end_cell(XmlReader& reader) {
    if (held_ > kLongestSheetRow)
      return reader.refuse({"xlsx.too_large",
                            fmt::format("row {} of the sheet \"{}\" holds more than {} MB", row.number, context_.sheet,
                                        kLongestSheetRow >> 20),
                            ErrorKind::data,
                            {context_.file},
                            "take the long texts out of it"});
    Cell cell = converted(reader);
    if (cell.kind == CellKind::empty) return;
    if (cell.kind == CellKind::error && facts.error_cells++ == 0) facts.first_error = here();
    row.cells.set(cell_.column, std::move(cell));
  }
  void end_row(XmlReader& reader) {
    in_row_ = false;
    if (row.cells.empty()) return;
    if (row.hidden && facts.hidden_rows++ == 0) facts.first_hidden_row = row.number;
    has_row = true;
    reader.pause();
  }

  Cell converted(XmlReader& reader) {
    if (cell_.has_formula) {
      ++facts.formulas;
      if (!cell_.has_value && cell_.type != "str" && cell_.type != "inlineStr") return not_calculated();
    }
    if (!cell_.has_value || cell_.value.empty()) return {};
    if (cell_.type == "s") return shared(reader);
    if (cell_.type == "inlineStr") return {cell_.value, CellKind::text};
    if (cell_.type == "str") return {xlsx_text(cell_.value, true), CellKind::text};
    if (cell_.type == "b")
      return {trim(cell_.value) == "1" || trim(cell_.value) == "true" ? "true" : "false", CellKind::boolean};
    if (cell_.type == "e") return {std::string(trim(cell_.value)), CellKind::error};
    if (cell_.type == "d") return day();
    static const CellFormat kPlain;
    const CellFormat& format = cell_.style < context_.formats.size() ? context_.formats[cell_.style] : kPlain;
    if (auto cell = cell_of_number(trim(cell_.value), format, context_.dates)) return *cell;
    return {cell_.value, CellKind::text};  // NaN, and what programs write without saying that it is a text
  }
  Cell shared(XmlReader& reader) {
    const auto index = whole_number(trim(cell_.value));
    if (!index || *index < 0 || static_cast<std::size_t>(*index) >= context_.strings.size()) {
      damaged(reader, fmt::format("the cell {} names a text that is not there", here()));
      return {};
    }
    const std::string_view text = context_.strings.at(static_cast<std::size_t>(*index));
    held_ += text.size();
    return text.empty() ? Cell{} : Cell{std::string(text), CellKind::text};
  }
  Cell not_calculated() {
    if (facts.not_calculated++ == 0) facts.first_not_calculated = here();
    return {"=" + cell_.formula, CellKind::error};
  }
  /// ISO 8601: "2025-01-31" or "2025-01-31T18:42:00".
  Cell day() const {
    std::string text(trim(cell_.value));
    if (text.size() == 10) return {text, CellKind::date};
    if (text.size() > 10 && text[10] == 'T') {
      // With a zone it stays as it is written: a map that reads instants knows Z and +02:00, a cell of a sheet has
      // none.
      if (text.ends_with('Z') || text.find_first_of("+-", 11) != std::string::npos) return {text, CellKind::text};
      text[10] = ' ';
      return {text, CellKind::instant};
    }
    return {text, CellKind::text};
  }
  void hide_columns(const XmlAttributes& attributes) {
    const std::int64_t first = whole_number(attributes.get("min").value_or("")).value_or(1);
    const std::int64_t last = whole_number(attributes.get("max").value_or("")).value_or(first);
    facts.hide_columns(first - 1, last - 1);
  }
  std::string here() const { return reference(row.number, cell_.column); }
  void damaged(XmlReader& reader, std::string what) {
    in_cell_ = false;
    reader.refuse({"xlsx.damaged",
                   fmt::format("the sheet \"{}\" is damaged: {}", context_.sheet, what),
                   ErrorKind::data,
                   {context_.file},
                   "open it with a spreadsheet program and save it again"});
  }

  XlsxContext context_;
  CellUnderWay cell_;
  std::int64_t last_row_ = 0;
  std::size_t next_column_ = 0, held_ = 0;
  bool in_data_ = false, in_row_ = false, in_cell_ = false, phonetic_ = false, preserved_ = false;
  Into into_ = Into::nothing;
};

class XlsxRows : public SheetRows {
 public:
  XlsxRows(std::unique_ptr<ByteSource> bytes, XlsxContext context, std::string part)
      : handler_(context), reader_(std::move(bytes), handler_, std::move(part), context.file) {}

  Result<bool> next(SheetRow& row) override {
    while (!handler_.has_row) {
      VIGIE_TRY(const bool more, reader_.advance());
      if (!more) return false;
    }
    handler_.has_row = false;
    std::swap(row, handler_.row);
    return true;
  }
  const SheetFacts& facts() const override { return handler_.facts; }

 private:
  SheetHandler handler_;
  XmlReader reader_;
};

class MergedHandler : public XmlHandler {
 public:
  void begin(std::string_view name, const XmlAttributes& attributes, XmlReader&) override {
    if (name != "mergeCell" || merged.size() >= kMostMerged) return;
    if (const auto one = merged_of(attributes.get("ref").value_or(""))) merged.push_back(*one);
  }
  void end(std::string_view, XmlReader&) override {}
  std::vector<MergedCells> merged;
};

}  // namespace

std::unique_ptr<SheetRows> xlsx_rows(std::unique_ptr<ByteSource> bytes, XlsxContext context, std::string part) {
  return std::make_unique<XlsxRows>(std::move(bytes), std::move(context), std::move(part));
}

Result<std::vector<MergedCells>> xlsx_merged(std::unique_ptr<ByteSource> bytes, std::string part, std::string file) {
  MergedHandler handler;
  VIGIE_CHECK(XmlReader(std::move(bytes), handler, std::move(part), std::move(file)).finish());
  return std::move(handler.merged);
}

}  // namespace vigie::reading

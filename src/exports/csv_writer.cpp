#include "exports/out_file.h"
#include "exports/writer.h"

namespace vigie::exports {
namespace {

/// So much is written at once.
constexpr std::size_t kPiece = 1UL << 18;

class CsvWriter final : public Writer {
 public:
  CsvWriter(const Form& form, const Destination& to, const calendar::Zone* zone)
      : form_(form),
        to_(to),
        zone_(form.reader == Reader::program ? nullptr : zone),
        separator_(form.reader == Reader::excel_fr ? ';' : ',') {}

  Result<> begin(const std::vector<Column>& columns) override {
    if (form_.reader != Reader::program) text_ += "\xEF\xBB\xBF";  // Excel takes a file without it for windows-1252
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) text_ += separator_;
      put(header_of(columns[i], form_, zone_));
    }
    return end_line();
  }

  Result<> row(const Row& row) override {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (i > 0) text_ += separator_;
      std::visit([this](const auto& value) { put(value); }, row.cells[i]);
    }
    return end_line();
  }

  Result<> end(const About& /*about*/) override { return flush(); }

 private:
  Result<> end_line() {
    text_ += "\r\n";
    return text_.size() < kPiece ? Result<>() : flush();
  }
  Result<> flush() {
    VIGIE_CHECK(write_all(to_.descriptor, text_, to_.shown_as));
    text_.clear();
    return {};
  }

  void put(std::monostate) {}
  void put(bool value) {
    const bool french = form_.reader == Reader::excel_fr;
    const bool capitals = form_.reader == Reader::excel;
    if (french) text_ += value ? "VRAI" : "FAUX";
    else if (capitals) text_ += value ? "TRUE" : "FALSE";
    else text_ += value ? "true" : "false";
  }
  void put(std::int64_t value) { text_ += fmt::format("{}", value); }
  void put(const Decimal& value) { put_number(value.to_plain()); }
  void put(double value) { put_number(fmt::format("{}", value)); }
  void put_number(std::string digits) {
    if (form_.reader == Reader::excel_fr)
      for (char& c : digits)
        if (c == '.') c = ',';
    text_ += digits;
  }
  void put(Date value) { text_ += to_string(value); }
  void put(const Moment& value) {
    if (value.bare) return put(*value.bare);
    if (!zone_) {
      text_ += to_string(value.at);
      return;
    }
    std::string local = to_string(Instant{value.at.micros + zone_->offset_minutes(value.at) * 60 * kMicrosPerSecond});
    local.pop_back();
    local[local.find('T')] = ' ';
    text_ += local;
  }
  void put(const std::string& value) {
    const bool held = form_.guard_formulas && !value.empty() && std::string_view("=+-@\t\r\n").contains(value.front());
    if (!held && !value.empty() && value.find_first_of(",;\"\r\n") == std::string::npos) {
      text_ += value;
      return;
    }
    // An empty text is one, and stands between quotes.
    text_ += '"';
    if (held) text_ += '\'';
    for (const char c : value) {
      if (c == '"') text_ += '"';
      text_ += c;
    }
    text_ += '"';
  }

  const Form form_;
  const Destination to_;
  const calendar::Zone* const zone_;
  const char separator_;
  std::string text_;
};

}  // namespace

std::unique_ptr<Writer> csv_writer(const Form& form, const Destination& to, const calendar::Zone* zone) {
  return std::make_unique<CsvWriter>(form, to, zone);
}

}  // namespace vigie::exports

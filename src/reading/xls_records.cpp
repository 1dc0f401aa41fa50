#include "reading/xls_records.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/encodings.h"

namespace vigie::reading {
namespace {

template <class Number>
Number number_at(std::string_view data, std::size_t at) {
  Number out{};
  if (at + sizeof out <= data.size()) std::memcpy(&out, data.data() + at, sizeof out);
  return out;
}

}  // namespace

std::uint16_t XlsRecord::u16(std::size_t at_byte) const { return number_at<std::uint16_t>(data, at_byte); }
std::uint32_t XlsRecord::u32(std::size_t at_byte) const { return number_at<std::uint32_t>(data, at_byte); }
std::uint8_t XlsRecord::u8(std::size_t at_byte) const { return number_at<std::uint8_t>(data, at_byte); }
double XlsRecord::number(std::size_t at_byte) const { return number_at<double>(data, at_byte); }

bool XlsRecord::is_cut() const {
  constexpr std::size_t kPlace = 6;  // row, column and style of a cell
  std::size_t least = 0;
  switch (kind) {
    case kXlsNumber: least = kPlace + 8; break;
    case kXlsShortNumber:
    case kXlsSharedText: least = kPlace + 4; break;
    case kXlsBoolOrError:
    case kXlsText:
    case kXlsRichText: least = kPlace + 2; break;
    case kXlsFormula: least = kPlace + 8 + 2; break;
    case kXlsManyNumbers: {
      // First column, numbers of six bytes each, last column: as many as it says.
      if (data.size() < 12 || data.size() % 6 != 0) return true;
      return u16(2) + (data.size() - 6) / 6 != u16(data.size() - 2) + std::size_t{1};
    }
    case kXlsFormulaText: least = 3; break;
    case kXlsMerged: return data.size() < 2 || data.size() < 2 + std::size_t{8} * u16(0);
    case kXlsRow: least = 16; break;
    case kXlsColumns: least = 10; break;
    case kXlsBegin:
    case kXlsStyle: least = 4; break;
    case kXlsSheet:
    case kXlsTexts: least = 8; break;
    case kXlsFormat: least = 5; break;
    case kXlsDateMode: least = 2; break;
    default: break;
  }
  return data.size() < least;
}

std::optional<XlsRecord> xls_record(std::string_view stream, std::size_t at) {
  if (at > stream.size() || stream.size() - at < 4) return std::nullopt;
  const std::size_t size = number_at<std::uint16_t>(stream, at + 2);
  if (stream.size() - at - 4 < size) return std::nullopt;
  return XlsRecord{number_at<std::uint16_t>(stream, at), at, stream.substr(at + 4, size)};
}

XlsTextReader::XlsTextReader(std::string_view stream, const XlsRecord& record, std::size_t skip)
    : stream_(stream), part_(record.data.substr(std::min(skip, record.data.size()))), next_(record.end()) {}

bool XlsTextReader::next_part() {
  const auto record = xls_record(stream_, next_);
  if (!record || record->kind != kXlsContinue) return false;
  part_ = record->data;
  next_ = record->end();
  return true;
}

bool XlsTextReader::take(char* into, std::size_t size) {
  while (size > 0) {
    if (part_.empty() && !next_part()) return false;
    const std::size_t now = std::min(size, part_.size());
    if (into != nullptr) {
      std::memcpy(into, part_.data(), now);
      into += now;
    }
    part_.remove_prefix(now);
    size -= now;
  }
  return true;
}

std::uint32_t XlsTextReader::number(std::size_t bytes) {
  std::uint32_t out = 0;
  char buffer[4] = {};
  if (!take(buffer, bytes)) return 0;
  std::memcpy(&out, buffer, sizeof out);
  return out;
}

bool XlsTextReader::letters(std::size_t count, bool wide, std::u16string& out) {
  while (count > 0) {
    if (part_.empty()) {
      if (!next_part() || part_.empty()) return false;
      wide = (part_.front() & 1) != 0;
      part_.remove_prefix(1);
      continue;
    }
    if (wide && part_.size() < 2) return false;  // no letter is cut in two
    out += wide ? number_at<char16_t>(part_, 0) : static_cast<char16_t>(static_cast<unsigned char>(part_.front()));
    part_.remove_prefix(wide ? 2 : 1);
    --count;
  }
  return true;
}

std::optional<std::string> XlsTextReader::text(std::size_t length_bytes) {
  const std::size_t length = number(length_bytes);
  char flags = 0;
  if (!take(&flags, 1)) return std::nullopt;
  const bool wide = (flags & 1) != 0, phonetic = (flags & 4) != 0, rich = (flags & 8) != 0;
  const std::size_t runs = rich ? number(2) : 0;
  const std::size_t extra = phonetic ? number(4) : 0;
  std::u16string out;
  if (!letters(length, wide, out) || !take(nullptr, runs * 4) || !take(nullptr, extra)) return std::nullopt;
  return utf8_of(out);
}

std::string utf8_of(std::u16string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t code = text[i];
    const bool high = code >= 0xD800 && code < 0xDC00;
    if (high && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000)
      code = 0x10000 + ((code - 0xD800) << 10) + (text[++i] - 0xDC00);
    else if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;
    append_utf8(out, code);
  }
  return out;
}

double xls_short_number(std::uint32_t packed) {
  const bool hundredths = (packed & 1) != 0, whole = (packed & 2) != 0;
  const double value = whole ? static_cast<double>(static_cast<std::int32_t>(packed) >> 2)
                             : std::bit_cast<double>(static_cast<std::uint64_t>(packed & ~3U) << 32);
  return hundredths ? value / 100 : value;
}

std::string_view xls_error(std::uint8_t code) {
  switch (code) {
    case 0x00: return "#NULL!";
    case 0x07: return "#DIV/0!";
    case 0x0F: return "#VALUE!";
    case 0x17: return "#REF!";
    case 0x1D: return "#NAME?";
    case 0x24: return "#NUM!";
    case 0x2A: return "#N/A";
    default: return "#ERROR!";
  }
}

}  // namespace vigie::reading

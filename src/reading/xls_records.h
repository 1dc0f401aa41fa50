#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::reading {

/// One record of a workbook of Excel 97 to 2003 (BIFF8), or a view of its bytes. Reads beyond its end give zeros, so
/// whoever walks over records asks each first whether it is_cut().
struct XlsRecord {
  std::uint16_t kind = 0;
  std::size_t at = 0;  ///< in the stream
  std::string_view data;

  std::uint16_t u16(std::size_t at_byte) const;
  std::uint32_t u32(std::size_t at_byte) const;
  std::uint8_t u8(std::size_t at_byte) const;
  double number(std::size_t at_byte) const;
  std::size_t end() const { return at + 4 + data.size(); }
  /// It has fewer bytes than its kind has at least; of many numbers, others than a whole number of them.
  bool is_cut() const;
};

enum XlsKind : std::uint16_t {
  kXlsFormula = 0x0006,
  kXlsEnd = 0x000A,
  kXlsDateMode = 0x0022,
  kXlsPassword = 0x002F,
  kXlsContinue = 0x003C,
  kXlsColumns = 0x007D,
  kXlsSheet = 0x0085,
  kXlsManyNumbers = 0x00BD,
  kXlsRichText = 0x00D6,
  kXlsStyle = 0x00E0,
  kXlsMerged = 0x00E5,
  kXlsTexts = 0x00FC,
  kXlsSharedText = 0x00FD,
  kXlsNumber = 0x0203,
  kXlsText = 0x0204,
  kXlsBoolOrError = 0x0205,
  kXlsFormulaText = 0x0207,
  kXlsRow = 0x0208,
  kXlsShortNumber = 0x027E,
  kXlsFormat = 0x041E,
  kXlsBegin = 0x0809
};

/// The record that stands there; empty at the end, and where it is cut short.
std::optional<XlsRecord> xls_record(std::string_view stream, std::size_t at);

/// Texts that may go on in the records that follow ("continue"): there each part of the letters says anew whether they
/// take one byte or two.
class XlsTextReader {
 public:
  /// Begins `skip` bytes into the record.
  XlsTextReader(std::string_view stream, const XlsRecord& record, std::size_t skip);

  std::uint32_t number(std::size_t bytes);
  /// Its length (of one byte or two), its flags, its letters, and past what rich and phonetic texts add. Empty: it is
  /// cut short.
  std::optional<std::string> text(std::size_t length_bytes);

 private:
  bool take(char* into, std::size_t size);
  bool next_part();
  bool letters(std::size_t count, bool wide, std::u16string& out);

  std::string_view stream_, part_;
  std::size_t next_ = 0;  ///< the record after this part
};

std::string utf8_of(std::u16string_view text);  ///< half a pair is U+FFFD
double xls_short_number(std::uint32_t packed);  ///< an "RK"
std::string_view xls_error(std::uint8_t code);  ///< "#N/A"

}  // namespace vigie::reading

// Workbooks of Excel 97 to 2003, put together byte by byte: their records (BIFF8) in a compound file.
#include "reading/xls_workbook.h"

#include <gtest/gtest.h>

#include <cstring>

#include "reading/test_archive.h"
#include "reading/xls_records.h"

namespace vigie::reading {
namespace {

std::string little(std::uint64_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

std::string bytes_of_number(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return little(bits, 8);
}

std::string record(std::uint16_t kind, const std::string& data) {
  return little(kind, 2) + little(data.size(), 2) + data;
}

std::string at(int row, int column, int style = 0) {
  return little(static_cast<std::uint64_t>(row), 2) + little(static_cast<std::uint64_t>(column), 2) +
         little(static_cast<std::uint64_t>(style), 2);
}

/// A text of letters below 256: its length, a flag, its letters.
std::string narrow(const std::string& text, std::size_t length_bytes) {
  return little(text.size(), length_bytes) + '\0' + text;
}

const std::string kBegin = record(kXlsBegin, little(0x0600, 2) + little(5, 2) + std::string(12, '\0'));
const std::string kEnd = record(kXlsEnd, "");

/// The records of a workbook of one sheet.
std::string stream_of(const std::string& before, const std::string& cells, const std::string& after = "") {
  const std::string name = narrow("Ventes", 1);
  std::string globals = kBegin + before;
  const std::size_t begin = globals.size() + 4 + 6 + name.size() + kEnd.size();
  globals += record(kXlsSheet, little(begin, 4) + std::string(2, '\0') + name) + kEnd;
  return globals + kBegin + cells + kEnd + after;
}

/// A compound file of one stream, which stands in sectors of 512 bytes behind the table and the folder.
std::string compound_of(std::string stream, const std::string& name = "Workbook") {
  stream.resize(std::max<std::size_t>((stream.size() + 511) / 512 * 512, 4096), '\0');
  const std::size_t sectors = stream.size() / 512;
  std::string out = std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) + std::string(16, '\0') + little(0x3E, 2) +
                    little(3, 2) + little(0xFFFE, 2) + little(9, 2) + little(6, 2) + std::string(6, '\0') +
                    little(0, 4) + little(1, 4) + little(1, 4) + little(0, 4) + little(4096, 4) +
                    little(0xFFFFFFFE, 4) + little(0, 4) + little(0xFFFFFFFE, 4) + little(0, 4) + little(0, 4);
  for (int i = 1; i < 109; ++i) out += little(0xFFFFFFFF, 4);
  std::string table = little(0xFFFFFFFD, 4) + little(0xFFFFFFFE, 4);
  for (std::size_t i = 0; i < sectors; ++i) table += little(i + 1 == sectors ? 0xFFFFFFFE : i + 3, 4);
  table.resize(512, '\xFF');
  const auto entry = [](const std::string& of, char kind, std::uint64_t first, std::uint64_t size) {
    std::string letters;
    for (const char c : of) letters += std::string(1, c) + '\0';
    letters.resize(64, '\0');
    return letters + little(of.size() * 2 + 2, 2) + kind + '\1' + std::string(12, '\xFF') + std::string(36, '\0') +
           little(first, 4) + little(size, 8);
  };
  std::string folder = entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry(name, 2, 2, stream.size());
  folder.resize(512, '\0');
  return out + table + folder + stream;
}

std::string rows_in(const std::string& bytes) {
  static const TestFolder kFolder;
  const auto book = Workbook::open(kFolder.write("a.xls", bytes));
  if (!book) return book.error().code + ": " + book.error().message;
  std::string out;
  for (std::size_t i = 0; i < (*book)->sheets().size(); ++i) {
    const auto rows = (*book)->rows(i);
    if (!rows) return rows.error().code + ": " + rows.error().message;
    for (SheetRow row;;) {
      const auto more = (*rows)->next(row);
      if (!more) return out + more.error().code + ": " + more.error().message;
      if (!*more) break;
      out += std::to_string(row.number) + (row.hidden ? " hidden" : "") + ": " +
             cells_shown(row.cells.from_column_a()) + "\n";
    }
    for (const std::string& code : codes_of(notices_of((*rows)->facts(), (*book)->sheets()[i]))) out += code + "\n";
  }
  return out;
}

const std::string kStyles = record(kXlsFormat, little(164, 2) + narrow("dd/mm/yyyy hh:mm", 2)) +
                            record(kXlsStyle, std::string(20, '\0')) +
                            record(kXlsStyle, little(0, 2) + little(14, 2) + std::string(16, '\0')) +
                            record(kXlsStyle, little(0, 2) + little(164, 2) + std::string(16, '\0'));

TEST(XlsWorkbook, CellsOfEachKind) {
  const std::string texts = record(kXlsTexts, little(2, 4) + little(2, 4) + narrow("Client", 2) + little(2, 2) + '\1' +
                                                  std::string("\x71\x67\xAC\x4E", 4));
  const std::string cells =
      record(kXlsSharedText, at(0, 0) + little(0, 4)) + record(kXlsSharedText, at(0, 1) + little(1, 4)) +
      record(kXlsText, at(0, 2) + narrow("caf\xE9", 2)) + record(kXlsNumber, at(1, 0, 1) + bytes_of_number(45688)) +
      record(kXlsNumber, at(1, 1, 2) + bytes_of_number(45688.779166666667)) +
      record(kXlsNumber, at(1, 2) + bytes_of_number(0.1 + 0.2)) +
      // 12345 hundredths, and 7 and -7 as whole numbers, packed.
      record(kXlsShortNumber, at(1, 3) + little(12345U << 2 | 3, 4)) +
      record(kXlsManyNumbers, little(1, 2) + little(4, 2) + little(0, 2) + little(7U << 2 | 2, 4) + little(0, 2) +
                                  little(static_cast<std::uint32_t>(-7) << 2 | 2, 4) + little(5, 2)) +
      record(kXlsBoolOrError, at(1, 6) + "\1" + '\0') + record(kXlsBoolOrError, at(1, 7) + "\x2A\1");
  EXPECT_EQ(rows_in(compound_of(stream_of(kStyles + texts, cells))),
            "1: text:Client text:東京 text:café\n"
            "2: date:2025-01-31 instant:2025-01-31 18:42:00 number:0.3 number:123.45 number:7 number:-7 boolean:true "
            "error:#N/A\n"
            "sheet.errors Ventes!H2\n");
}

TEST(XlsWorkbook, FormulasGiveTheResultThatWasSaved) {
  const auto formula = [](const std::string& place, const std::string& result, int options = 0) {
    return record(kXlsFormula, place + result + little(static_cast<std::uint64_t>(options), 2) + std::string(6, '\0'));
  };
  const std::string special(2, '\xFF');
  const std::string cells =
      formula(at(0, 0), bytes_of_number(12.5)) + formula(at(0, 1), std::string(6, '\0') + special) +
      record(0x04BC, std::string(10, '\0')) + record(kXlsFormulaText, narrow("Dupont", 2)) +
      formula(at(0, 2), std::string("\1\0\1\0\0\0", 6) + special) +
      formula(at(0, 3), std::string("\2\0\x07\0\0\0", 6) + special) +
      formula(at(0, 4), std::string("\3\0\0\0\0\0", 6) + special) + formula(at(0, 5), bytes_of_number(0), 2);
  EXPECT_EQ(rows_in(compound_of(stream_of(kStyles, cells))),
            "1: number:12.5 text:Dupont boolean:true error:#DIV/0! - number:0\n"
            "sheet.errors Ventes!D1\nsheet.calculated_on_load Ventes\n");
}

TEST(XlsWorkbook, TextsGoOnInTheNextRecord) {
  // "abc" in one byte a letter, cut after "ab"; then in two bytes a letter from "c" on. The second has runs of letters.
  const std::string first = little(2, 4) + little(2, 4) + little(5, 2) + '\0' + "ab";
  const std::string more =
      std::string("\1c\0d\0\xE9\0", 7) + little(2, 2) + '\x08' + little(1, 2) + "xy" + std::string(4, '\0');
  const std::string cells =
      record(kXlsSharedText, at(0, 0) + little(0, 4)) + record(kXlsSharedText, at(0, 1) + little(1, 4));
  EXPECT_EQ(rows_in(compound_of(stream_of(kStyles + record(kXlsTexts, first) + record(kXlsContinue, more), cells))),
            "1: text:abcdé text:xy\n");
  EXPECT_EQ(rows_in(compound_of(stream_of(kStyles + record(kXlsTexts, first), cells))),
            "xls.damaged: the workbook a.xls is damaged: its texts are cut short");
}

TEST(XlsWorkbook, WhatIsHiddenOrMergedIsTold) {
  const std::string cells =
      record(kXlsColumns, little(1, 2) + little(2, 2) + little(0, 4) + little(1, 2) + little(0, 2)) +
      record(kXlsRow, little(1, 2) + std::string(10, '\0') + little(0x20, 4)) +
      record(kXlsNumber, at(1, 0) + bytes_of_number(2)) + record(kXlsNumber, at(0, 0) + bytes_of_number(1)) +
      record(kXlsMerged, little(1, 2) + little(4, 2) + little(4, 2) + little(0, 2) + little(2, 2)) +
      // A chart within the sheet has cells of its own.
      kBegin + record(kXlsNumber, at(8, 8) + bytes_of_number(99)) + kEnd;
  EXPECT_EQ(rows_in(compound_of(stream_of(kStyles, cells))),
            "1: number:1\n2 hidden: number:2\nsheet.hidden_rows Ventes!2\nsheet.hidden_columns Ventes\nsheet.merged "
            "Ventes!A5\n");
}

TEST(XlsWorkbook, WhatCannotBeReadSaysWhy) {
  EXPECT_EQ(rows_in(compound_of(stream_of(record(kXlsPassword, std::string(6, '\0')), ""))),
            "workbook.encrypted: the workbook a.xls is protected by a password");
  EXPECT_EQ(rows_in(compound_of("", "EncryptedPackage")),
            "workbook.encrypted: the workbook a.xls is protected by a password");
  EXPECT_EQ(rows_in(compound_of("", "Book")),
            "workbook.format: a.xls is a workbook of Excel 5 or 95, which is not read");
  EXPECT_EQ(rows_in(compound_of("", "WordDocument")), "workbook.format: a.xls is no workbook");
  EXPECT_EQ(rows_in(compound_of(stream_of("", "")).substr(0, 700)),
            "xls.damaged: the workbook a.xls is damaged: its sectors do not add up");
  EXPECT_EQ(rows_in(compound_of(stream_of(kStyles, record(kXlsSharedText, at(0, 0) + little(7, 4))))),
            "xls.damaged: the workbook a.xls is damaged: a cell names a text that is not there");
}

TEST(XlsWorkbook, ARecordThatIsTooShortIsNoValue) {
  const std::string damaged =
      "xls.damaged: the workbook a.xls is damaged: a record of it is too short for what it holds";
  const std::string good = record(kXlsNumber, at(0, 0) + bytes_of_number(7));
  for (const std::string& cut :
       {record(kXlsNumber, at(1, 0)), record(kXlsNumber, at(1, 0) + "1234567"),
        record(kXlsShortNumber, at(1, 0) + "123"), record(kXlsSharedText, at(1, 0)),
        record(kXlsBoolOrError, at(1, 0) + "1"), record(kXlsFormula, at(1, 0) + "12345678"), record(kXlsText, at(1, 0)),
        record(kXlsNumber, "12"), record(kXlsMerged, little(2, 2) + std::string(8, '\0')),
        record(kXlsManyNumbers, little(1, 2) + little(0, 2) + std::string(6, '\0') + little(1, 2)),
        record(kXlsManyNumbers, little(1, 2) + little(0, 2) + std::string(11, '\0') + little(1, 2))})
    EXPECT_EQ(rows_in(compound_of(stream_of(kStyles, good + cut))), damaged);
}

TEST(XlsWorkbook, BentBytesEndInAnErrorOrAreNoticed) {
  const std::string texts = record(kXlsTexts, little(1, 4) + little(1, 4) + narrow("Client", 2));
  const std::string stream = stream_of(kStyles + texts, record(kXlsSharedText, at(0, 0) + little(0, 4)) +
                                                            record(kXlsNumber, at(1, 0, 1) + bytes_of_number(45688)));
  const std::string whole = compound_of(stream);
  constexpr std::size_t kStream = 3 * 512;  // of the stream, behind the sectors that say where it is
  const std::string rows = "1: text:Client\n2: date:2025-01-31\n";
  ASSERT_EQ(rows_in(whole), rows);
  for (std::size_t i = 0; i < whole.size(); i += 2)
    for (const char bent : {'\x7F', '\xFF'}) {
      std::string bytes = whole;
      bytes[i] = bent;
      const std::string got = rows_in(bytes);  // the sanitizers watch
      const bool refused = got.contains("xls.damaged: ") || got.starts_with("workbook.");
      // Around the stream nothing can be bent that changes what it says; within it a bent byte may be one of a value.
      if (i < kStream) EXPECT_TRUE(refused || got == rows) << i << ": " << got;
    }
}

}  // namespace
}  // namespace vigie::reading

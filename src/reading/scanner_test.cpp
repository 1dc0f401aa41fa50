#include "reading/scanner.h"

#include <gtest/gtest.h>

namespace vigie::reading {
namespace {

using Table = std::vector<std::vector<std::string>>;

/// All records of a text, as they come when it arrives in pieces of so many bytes; "!" before those with a fault.
Table scanned(const Dialect& dialect, const std::string& text, std::size_t piece) {
  std::size_t at = 0;
  Scanner scanner(dialect, [&](std::string& into) -> Result<bool> {
    const std::string_view next = std::string_view(text).substr(at, piece);
    into += next;
    at += next.size();
    return !next.empty();
  });
  Table out;
  Record record;
  while (*scanner.next(record)) {
    out.emplace_back();
    if (record.fault != Fault::none) out.back().emplace_back("!");
    for (std::size_t i = 0; i < record.fields.size(); ++i)
      out.back().push_back(value_of(record.raw(i), record.fields[i], dialect));
  }
  return out;
}

/// However the text arrives, the records are the same.
Table scanned(const Dialect& dialect, const std::string& text) {
  const Table whole = scanned(dialect, text, text.size() + 1);
  for (const std::size_t piece : {1, 2, 3, 7, 33})
    EXPECT_EQ(scanned(dialect, text, piece), whole) << "pieces of " << piece;
  return whole;
}

constexpr Dialect with(char quote, Escape escape) { return {.quote = quote, .escape = escape}; }
const Dialect kPlain{.quote = '"'};

TEST(ScannerTest, FieldsAndRecordsEndWhereTheySay) {
  EXPECT_EQ(scanned(kPlain, "a,b,c\n1,,\n"), (Table{{"a", "b", "c"}, {"1", "", ""}}));
  EXPECT_EQ(scanned(kPlain, "a,b\r\n1,2\r\n"), (Table{{"a", "b"}, {"1", "2"}})) << "carriage returns belong to the end";
  EXPECT_EQ(scanned(kPlain, "a,b\n1,2"), (Table{{"a", "b"}, {"1", "2"}})) << "the last line needs no end";
  EXPECT_EQ(scanned(kPlain, "a,b\n1,"), (Table{{"a", "b"}, {"1", ""}})) << "nor a field after its last delimiter";
  EXPECT_EQ(scanned({.quote = '"', .ends = Ends::carriage_return}, "a,b\r1,2\r"), (Table{{"a", "b"}, {"1", "2"}}));
}

TEST(ScannerTest, QuotedFieldsHoldAnything) {
  EXPECT_EQ(scanned(kPlain, "\"a, b\",\"c\nd\",\"\"\r\n2,\"x\"\r\n"), (Table{{"a, b", "c\nd", ""}, {"2", "x"}}));
  EXPECT_EQ(scanned(kPlain, "\"say \"\"hi\"\"\",2\n"), (Table{{"say \"hi\"", "2"}}));
  EXPECT_EQ(scanned(with('"', Escape::backslash), "\"say \\\"hi\\\"\",\"C:\\\\\"\n"), (Table{{"say \"hi\"", "C:\\"}}));
  EXPECT_EQ(scanned(with('"', Escape::none), "\"5\" pipe\",\"24\"\"\n"), (Table{{"5\" pipe", "24\""}}))
      << "only a quote before a delimiter or the line's end closes";
  EXPECT_EQ(scanned({.quote = '\''}, "'a, b',2\n"), (Table{{"a, b", "2"}}));
}

TEST(ScannerTest, DelimitersMayBeSeveralLetters) {
  EXPECT_EQ(scanned({.delimiter = "||", .quote = '"'}, "a||b|c||\"d||e\"\n"), (Table{{"a", "b|c", "d||e"}}));
  EXPECT_EQ(scanned({.delimiter = "¦"}, "a¦b¦c\n"), (Table{{"a", "b", "c"}}));
  EXPECT_EQ(scanned({.quote = '"', .blanks_after_delimiter = true}, "1, \"a, b\" , c\n"), (Table{{"1", "a, b", "c"}}));
}

TEST(ScannerTest, FaultsAreTold) {
  EXPECT_EQ(scanned(kPlain, "\"a\"b,c\n").front().front(), "!") << "text after a closing quote";
  EXPECT_EQ(scanned(kPlain, "a,\"b\nc,d\n").front().front(), "!") << "a quote that nobody closes";
  EXPECT_EQ(scanned(kPlain, "$5\"a, b\",c\n").front().front(), "!") << "the delimiter before a quote is lost";
  EXPECT_EQ(scanned(kPlain, "19\" rack,c\n"), (Table{{"19\" rack", "c"}})) << "inches are no fault";
}

TEST(ScannerTest, LinesAreCountedThroughQuotedBreaks) {
  Scanner scanner(kPlain, "a\n\"b\n\nc\"\nd\n");
  Record record;
  std::vector<std::int64_t> lines;
  while (*scanner.next(record)) lines.push_back(record.line);
  EXPECT_EQ(lines, (std::vector<std::int64_t>{1, 2, 5}));
}

TEST(ScannerTest, AQuoteThatIsNoneIsReadAgainLineByLine) {
  Scanner scanner(kPlain, "1,\"\n2,\"x\"y\n3,z\n");
  Record record;
  ASSERT_TRUE(*scanner.next(record));
  EXPECT_NE(record.fault, Fault::none);
  scanner.return_to_second_line(record);
  ASSERT_TRUE(*scanner.next(record));
  EXPECT_EQ(record.line, 2);
  ASSERT_TRUE(*scanner.next(record));
  EXPECT_EQ(record.raw(1), "z");
  EXPECT_EQ(record.line, 3);
}

/// The text in pieces, and how much of it was asked for.
struct Pieces {
  std::string_view rest;
  std::size_t given = 0;
  Scanner::More more() {
    return [this](std::string& into) -> Result<bool> {
      const std::string_view piece = rest.substr(0, 1 << 20);
      rest.remove_prefix(piece.size());
      given += piece.size();
      into += piece;
      return !piece.empty();
    };
  }
};

TEST(ScannerTest, AQuoteThatStaysOpenHoldsNoMoreThanAField) {
  std::string text = "1,\"open\n";
  while (text.size() < (13U << 20)) text += "2,some text that goes on and on\n";
  Pieces pieces{text};
  Scanner scanner(kPlain, pieces.more());
  Record record;
  ASSERT_TRUE(*scanner.next(record));
  EXPECT_EQ(record.fault, Fault::open_quote);
  EXPECT_LE(pieces.given, 10U << 20) << "8 MB and what had been read of the next";
  scanner.return_to_second_line(record);
  std::int64_t rows = 0;
  while (*scanner.next(record)) ++rows;
  EXPECT_EQ(rows, static_cast<std::int64_t>(std::ranges::count(text, '\n')) - 1) << "the rest is read all the same";
}

TEST(ScannerTest, ALineWithoutEndIsNoLine) {
  const std::string text = "1,2\n" + std::string(20U << 20, 'x');
  Pieces pieces{text};
  Scanner scanner(kPlain, pieces.more());
  Record record;
  ASSERT_TRUE(*scanner.next(record));
  const auto more = scanner.next(record);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, "csv.line_too_long");
  EXPECT_EQ(more.error().where.line, 2);
  EXPECT_LE(pieces.given, 18U << 20);
}

}  // namespace
}  // namespace vigie::reading

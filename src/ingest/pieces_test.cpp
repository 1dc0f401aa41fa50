// A file that is read in pieces gives each of its rows once, in order, whatever stands where one piece ends.
#include "ingest/import_fixture.h"
#include "ingest/inputs.h"
#include "ingest/quoted_breaks.h"

namespace vigie::ingest {
namespace {

class PiecesTest : public ImportTest {
 protected:
  /// "ordinal|id|name" of each row, and of each record that cannot be taken apart "torn in record 7".
  std::vector<std::string> rows_in_pieces(const std::string& name, std::int64_t piece, bool fills = false,
                                          Encoding encoding = Encoding::utf8) {
    Input input;
    input.encoding = encoding;
    input.files = {name};
    input.fills_short_rows = fills;
    auto files = open_input(input, folder_, {}, *connection_);
    EXPECT_TRUE(files) << files.error().text();
    if (!files) return {};
    files->front().piece = piece;
    EXPECT_TRUE(connection_->execute("DROP TABLE IF EXISTS torn; DROP TABLE IF EXISTS torn_scans"));
    const auto read = connection_->query(files->front().numbered_reader("torn"));
    EXPECT_TRUE(read) << piece << ": " << read.error().text();
    if (!read) return {};
    std::vector<std::string> out;
    const std::size_t ordinal = read->columns().size() - 1;
    for (std::size_t row = 0; row < read->rows(); ++row)
      out.push_back(fmt::format("{}|{}|{}", read->int64(row, ordinal), read->text(row, 0), read->text(row, 1)));
    if (rows("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'torn'") == "0") return out;
    const auto torn = connection_->query("SELECT DISTINCT line FROM torn ORDER BY line");
    for (std::size_t row = 0; torn && row < torn->rows(); ++row)
      out.push_back(fmt::format("torn in record {}", torn->int64(row, 0)));
    return out;
  }

  /// The same of lengths one after another: each kind of border comes to stand in each place of a record.
  void expect_in_pieces(const std::string& text, const std::vector<std::string>& expected, bool fills = false) {
    file("c.csv", text);
    EXPECT_EQ(rows_in_pieces("c.csv", kLongestRecord, fills), expected) << "in one piece";
    for (std::int64_t piece = kShortest; piece < kShortest + kRecord; piece += kStep)
      ASSERT_EQ(rows_in_pieces("c.csv", piece, fills), expected) << "in pieces of " << piece << " bytes";
  }

  static constexpr std::int64_t kRecord = 110;  ///< bytes of the longest, its line end with it
  static constexpr std::int64_t kShortest = 4'000;
  static constexpr std::int64_t kStep = 5;  ///< no divisor of what rows are long
  static constexpr int kRows = 200;         ///< some five pieces
};

TEST_F(PiecesTest, PlainLines) {
  for (const std::string& end : {"\n", "\r\n"}) {
    std::string text = "id,name" + end;
    std::vector<std::string> expected;
    for (int row = 1; row <= kRows; ++row) {
      const std::string name(static_cast<std::size_t>(80 + row % 17), static_cast<char>('a' + row % 26));
      text += fmt::format("{},{}{}", row, name, end);
      expected.push_back(fmt::format("{}|{}|{}", row, row, name));
    }
    expect_in_pieces(text, expected);
    text.resize(text.size() - end.size());
    expect_in_pieces(text, expected);  // no line end at the end
  }
}

TEST_F(PiecesTest, LineEndsWithinQuotes) {
  for (const std::string& end : {"\n", "\r\n"}) {
    std::string text = "id,name" + end;
    std::vector<std::string> expected;
    for (int row = 1; row <= kRows; ++row) {
      const std::string lines = fmt::format("{}{}{} {}c \"\"{}", std::string(30, 'a'), end, std::string(20, 'b'), end,
                                            std::string(static_cast<std::size_t>(20 + row % 13), 'c'));
      text += fmt::format("{},\"{}\"{}", row, lines, end);
      std::string name = lines;
      name.erase(name.find("\"\""), 1);
      expected.push_back(fmt::format("{}|{}|{}", row, row, name));
    }
    expect_in_pieces(text, expected);
    text.resize(text.size() - end.size());
    expect_in_pieces(text, expected);
  }
}

/// A piece that begins within a value whose next line looks like a record: it begins no record.
TEST_F(PiecesTest, LinesWithinQuotesThatLookLikeRecords) {
  for (const std::string& end : {"\n", "\r\n", "\r"}) {
    const std::string line_end = end == "\r" ? "\n" : end;  // a lone return within a value is a line end to the engine
    std::string text = "id,name" + line_end;
    std::vector<std::string> expected;
    for (int row = 1; row <= kRows; ++row) {
      const std::string name = fmt::format("{}{}{},{}\"{}", std::string(20, 'a'), end, std::string(20, 'b'), end,
                                           std::string(static_cast<std::size_t>(20 + row % 13), 'c'));
      std::string written = name;
      written.insert(written.find('"'), 1, '"');
      text += fmt::format("{},\"{}\"{}", row, written, line_end);
      expected.push_back(fmt::format("{}|{}|{}", row, row, name));
    }
    expect_in_pieces(text, expected);
    file("p.csv", text);
    ASSERT_EQ(std::system(fmt::format("gzip -f {}/p.csv", folder_.string()).c_str()), 0);
    for (std::int64_t piece = kShortest; piece < kShortest + kRecord; piece += 20)
      ASSERT_EQ(rows_in_pieces("p.csv.gz", piece), expected) << "packed, in pieces of " << piece << " bytes";
    std::string wide = "\xFF\xFE";
    for (const char c : text) (wide += c) += '\0';
    file("w.csv", wide);
    for (std::int64_t piece = kShortest; piece < kShortest + kRecord; piece += 20)
      ASSERT_EQ(rows_in_pieces("w.csv", piece, false, Encoding::utf16), expected) << "in UTF-16, of " << piece;
  }
}

/// One break in a value of the last record is enough, wherever the blocks end in which the file is looked through.
TEST(QuotedBreaks, AreFoundWhereverTheyStand) {
  const auto found = [](std::string_view text, std::string_view delimiter = ",", std::string_view quote = "\"") {
    std::set<bool> out;
    for (std::size_t block = 1; block <= text.size(); ++block) {
      QuotedBreaks breaks(delimiter, quote);
      bool last = false;
      for (std::size_t at = 0; at < text.size(); at += block) last = breaks.read(text.substr(at, block));
      out.insert(last);
    }
    EXPECT_EQ(out.size(), 1U) << text;
    return *out.begin();
  };
  EXPECT_TRUE(found("id,name\n1,\"a\nb\"\n"));
  EXPECT_TRUE(found("\"id\nof it\",name\n1,a\n"));
  EXPECT_TRUE(found("id,name\n1,\"a\"\"\r\"\n"));
  EXPECT_TRUE(found("id;name\n1; \"a\nb\"\n", ";"));
  EXPECT_TRUE(found("id||name\n1||\"a\nb\"\n", "||"));
  EXPECT_TRUE(found("a|\"b||\"x\ny\"\n", "||"));
  EXPECT_TRUE(found("1 \"a\nb\"\n", " "));
  EXPECT_FALSE(found("1 a\n2 b\n", " "));
  EXPECT_TRUE(found("id,name\n1,'a\nb'\n", ",", "'"));
  EXPECT_TRUE(found("id,name\n5\" pipe,\"a\nb\"\n"));  // a quote within a value opens nothing, the next one does
  EXPECT_FALSE(found("id,name\n1,\"a\"\n2,\"b \"\"c\"\" d\"\n3,\"\"\n"));
  EXPECT_FALSE(found("id,name\n1,5\" pipe\n2,6\" pipe\n"));
  EXPECT_FALSE(found("id,name\n1,\"a\nb\"\n", ",", ""));
}

TEST_F(PiecesTest, LettersOfSeveralBytes) {
  std::string text = "id,name\n";
  std::vector<std::string> expected;
  for (int row = 1; row <= kRows; ++row) {
    std::string name;
    for (int i = 0; i < 8; ++i) name += row % 2 == 0 ? "é€😀" : "😀€é";
    name += std::string(static_cast<std::size_t>(row % 7), 'x');
    text += fmt::format("{},{}\n", row, name);
    expected.push_back(fmt::format("{}|{}|{}", row, row, name));
  }
  expect_in_pieces(text, expected);
}

/// A record of too many columns is none of the rows, and the records after it keep their places.
TEST_F(PiecesTest, RecordsThatCannotBeTakenApart) {
  std::string text = "id,name\n";
  std::vector<std::string> expected, torn;
  std::int64_t ordinal = 0;
  for (int row = 1; row <= kRows; ++row) {
    const std::string name(static_cast<std::size_t>(80 + row % 17), 'n');
    const bool is_torn = row % 37 == 0;
    text += fmt::format("{},{}{}\n", row, name, is_torn ? ",more" : "");
    if (is_torn) torn.push_back(fmt::format("torn in record {}", row + 1));
    else expected.push_back(fmt::format("{}|{}|{}", ++ordinal, row, name));
  }
  expected.insert(expected.end(), torn.begin(), torn.end());
  expect_in_pieces(text, expected);
}

/// Where short records are filled up, one thread reads all pieces.
TEST_F(PiecesTest, ShortRecordsThatAreFilledUp) {
  std::string text = "id,name,more\n";
  std::vector<std::string> expected;
  for (int row = 1; row <= kRows; ++row) {
    const std::string name(static_cast<std::size_t>(70 + row % 17), 'n');
    text += fmt::format("{},\"{}\n{}\"{}\n", row, name, row, row % 3 == 0 ? "" : ",m");
    expected.push_back(fmt::format("{}|{}|{}\n{}", row, row, name, row));
  }
  expect_in_pieces(text, expected, true);
}

}  // namespace
}  // namespace vigie::ingest

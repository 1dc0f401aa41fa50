#include "ingest/open_quote.h"

#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

/// "3", "3 too long", or "" where every quote ends; the same however the text is cut into pieces.
std::string open_in(std::string_view text, const std::string& delimiter = ",", int skip = 0) {
  std::string out;
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    QuoteScan scan(delimiter, "\"", skip, kLongestRecord);
    scan.read(text.substr(0, cut));
    scan.read(text.substr(cut));
    const auto open = scan.open_quote();
    const std::string told = open ? fmt::format("{}{}", open->line, open->too_long ? " too long" : "") : "";
    if (cut > 0) EXPECT_EQ(told, out) << cut;
    out = told;
  }
  return out;
}

TEST(QuoteScan, FindsTheLineOfTheQuoteThatDoesNotEnd) {
  EXPECT_EQ(open_in(""), "");
  EXPECT_EQ(open_in("a,b\n1,\"x\"\n"), "");
  EXPECT_EQ(open_in("a,b\n1,\"x\ny\"\n2,\"z\"\"z\"\n"), "") << "a line break and two quotes for one, both right";
  EXPECT_EQ(open_in("a,b\n1,\"x\n2,y\n"), "2");
  EXPECT_EQ(open_in("a,b\n1,\"x\ny\"\n2,\"z\n3,w"), "4") << "lines as an editor counts them";
  EXPECT_EQ(open_in("a,b\r\n1,x\r\n2,\"y\"\"\r\n"), "3") << "two quotes for one do not end it";
  EXPECT_EQ(open_in("a,b\n1,5\" pipe\n2,x\"y\"z\n"), "") << "a quote inside a value opens nothing";
  EXPECT_EQ(open_in("a,b\n1,\"x\n2,\"y\" z,\"\n3,w\n"), "") << "it ends, though wrongly: that record alone is torn";
  EXPECT_EQ(open_in("a||b\n1||\"x\n2||y\n", "||"), "2");
  EXPECT_EQ(open_in("a||b\n1||\"x\"||\"y\"\n", "||"), "");
  EXPECT_EQ(open_in("Export \"of\n\"today\na,b\n1,x\n", ",", 2), "") << "lines before the header are no records";
  EXPECT_EQ(open_in("Export\na,b\n1,\"x\n", ",", 1), "3");
}

TEST(QuoteScan, AQuoteIsLookedForNoFurtherThanARecordMayBeLong) {
  const std::string rows(17 << 20, 'x');
  const auto open_at = [&](std::int64_t longest) {
    QuoteScan scan(",", "\"", 0, longest);
    scan.read("a,b\n1,\"" + rows + "\"\n2,\"y\n");
    return scan.open_quote();
  };
  ASSERT_TRUE(open_at(kLongestRecord));
  EXPECT_EQ(open_at(kLongestRecord)->line, 2);
  EXPECT_TRUE(open_at(kLongestRecord)->too_long);
  ASSERT_TRUE(open_at(18 << 20));
  EXPECT_EQ(open_at(18 << 20)->line, 3) << "in longer pieces a record may be longer";
  EXPECT_FALSE(open_at(18 << 20)->too_long);
}

class OpenQuoteTest : public ImportTest {
 protected:
  std::string refusal(const std::string& map) {
    const auto receipt = import(map);
    return receipt ? fmt::format("taken: {}", receipt->loaded) : receipt.error().code + ": " + receipt.error().message;
  }
  std::string told(std::string_view name, std::string_view place) {
    return fmt::format("csv.open_quote: {}/{} cannot be read whole: the quote that opens a value in its {}",
                       folder_.string(), name, place);
  }
  static std::string map_of(std::string_view input) {
    return fmt::format("map: m\nsource: s\ntable: customers\ninput: {}\ncolumns: {{key: id, name: name}}\n", input);
  }
};

TEST_F(OpenQuoteTest, RefusesTheFileWhole) {
  file("c.csv", "id,name\n1,\"Ann\nB\"\n2,\"Bob\n3,Cid\n4,Dan\n");
  EXPECT_EQ(refusal(map_of("c.csv")), told("c.csv", "line 4 does not end"));
  file("c.csv", "id,name\n1,Ann\n2,\"Bo");
  EXPECT_EQ(refusal(map_of("c.csv")), told("c.csv", "line 3 does not end")) << "an export cut short";
  EXPECT_EQ(refusal(map_of("{files: c.csv, short_rows: fill}")), told("c.csv", "line 3 does not end"));
  EXPECT_EQ(refusal("map: q\nsource: s\ntable: customers\ninputs: {c: c.csv}\nquery: SELECT id, name FROM c\ncolumns: "
                    "{key: id, name: name}\n"),
            told("c.csv", "line 3 does not end"));
  EXPECT_EQ(refusal("map: q\nsource: s\ntable: customers\ninputs: {c: {files: c.csv, short_rows: fill}}\nquery: SELECT "
                    "id, name FROM c\ncolumns: {key: id, name: name}\n"),
            told("c.csv", "line 3 does not end"));
  EXPECT_EQ(rows("SELECT (SELECT count(*) FROM customers) + (SELECT count(*) FROM _batches) + (SELECT count(*) FROM "
                 "_quarantine)"),
            "0");
  EXPECT_EQ(refusal(map_of("{files: c.csv, quote: \"\"}")), "taken: 2") << "the remedy where quotes mean nothing";
}

TEST_F(OpenQuoteTest, ATornRecordAloneStaysInTheQuarantine) {
  file("c.csv", "id,name\n1,\"Ann\"x\n2,\"B\n\nob\"\n3,Cid\n");
  const Receipt receipt = take(map_of("c.csv"));
  EXPECT_EQ(receipt.loaded, 2);
  EXPECT_EQ(quarantine(), "csv.quote||2");
}

TEST_F(OpenQuoteTest, AlsoWhereTheReaderHasCutTheFileIntoPieces) {
  std::string csv = "id,name\n";
  const std::string name(1000, 'n');
  for (int row = 2; row < 70'000; ++row) csv += fmt::format("{},{}{}\n", row, row == 900 ? "\"" : "", name);
  file("c.csv", csv);
  EXPECT_EQ(refusal(map_of("c.csv")), told("c.csv", "line 900 does not end within 16 MB"));
}

/// A file of short lines is read in longer pieces: what the reader takes is not refused for its length afterwards.
TEST_F(OpenQuoteTest, IsLookedForAsFarAsThePiecesOfTheFileAreLong) {
  const auto lines = [](int from, int until) {
    std::string out;
    for (int row = from; row < until; ++row) out += fmt::format("{:08},{:062}\n", row, row);
    return out;
  };
  const std::string long_name(20 << 20, 'n');
  file("c.csv", "id,name\n" + lines(2, 2'000) + "long,\"" + long_name + "\"\ntorn,\"A\"x\n" + lines(2'000, 400'000));
  const Receipt receipt = take(map_of("c.csv"));
  EXPECT_EQ(receipt.loaded, 399'999);
  EXPECT_EQ(quarantine(), "csv.quote||2001");
  EXPECT_EQ(rows("SELECT length(name) FROM customers WHERE source_key = 'long'"), std::to_string(long_name.size()));

  file("c.csv", "id,name\n" + lines(2, 2'000) + "long,\"" + long_name + std::string(5 << 20, 'n') + "\"\n" +
                    lines(2'000, 400'000));
  EXPECT_EQ(refusal(map_of("c.csv")), told("c.csv", "line 2000 does not end within 22 MB"));
}

TEST_F(OpenQuoteTest, WhatCannotBeReadToItsEndTellsNothingOfItsQuotes) {
  file("c.csv", "id,name\n1,\"Ann\n");
  Input input;
  SourceFile source;
  source.input = &input;
  source.delimiter = ",";
  source.path = folder_ / "c.csv";
  EXPECT_EQ(refuse_open_quote(source, nullptr).error().code, "csv.open_quote");
  const std::atomic<bool> cancelled = true;
  EXPECT_EQ(refuse_open_quote(source, &cancelled).error().code, "engine.cancelled");
  source.path = folder_;
  EXPECT_EQ(refuse_open_quote(source, nullptr).error().code, "file.unreadable") << "opens, and breaks when read";
  source.path = folder_ / "gone.csv";
  EXPECT_EQ(refuse_open_quote(source, nullptr).error().code, "file.unreadable");
}

/// The engine opens a value at a quote one blank behind its beginning, and at none behind two.
TEST_F(OpenQuoteTest, AQuoteBehindABlankOpensAValue) {
  file("c.csv", "id,name\n1,\"Ann\"\n2, \"Bob\n3,Cid\n4,Dan\n");
  EXPECT_EQ(refusal(map_of("c.csv")), told("c.csv", "line 3 does not end"));
  file("c.csv", "id,name\n1, \"Ann\n\"\n2,Bob\n");
  EXPECT_EQ(refusal(map_of("c.csv")), "taken: 2");
  file("d.csv", "id,name\n11,\"An\nn\"\n12,  \"Bob\n13,Cid\n");
  EXPECT_EQ(refusal(map_of("d.csv")), "taken: 3");
}

TEST_F(OpenQuoteTest, OfAPackedFileTheLineIsTold) {
  file("c.csv", "id,name\n1,Ann\n2,\"Bob\n3,Cid\n");
  ASSERT_EQ(std::system(fmt::format("gzip -f {}/c.csv", folder_.string()).c_str()), 0);
  EXPECT_EQ(refusal(map_of("c.csv.gz")), told("c.csv.gz", "line 3 does not end"));
}

}  // namespace
}  // namespace vigie::ingest

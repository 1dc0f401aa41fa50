// Files as people have them: encodings, separators, headers, packed files, other formats.
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "base/encodings.h"
#include "base/file.h"
#include "base/hash.h"
#include "ingest/encoding.h"
#include "ingest/import_fixture.h"
#include "ingest/piece_length.h"

namespace vigie::ingest {
namespace {

constexpr std::string_view kCustomers = R"(
map: m
source: s
table: customers
input: {files: "c.*"}
columns: {key: id, name: name}
)";

std::string map_with(std::string_view input) {
  return fmt::format("map: m\nsource: s\ntable: customers\ninput: {}\ncolumns: {{key: id, name: name}}\n", input);
}

class ReadingTest : public ImportTest {
 protected:
  std::string names() { return rows("SELECT source_key, name FROM customers ORDER BY source_key"); }
  std::string refusal(std::string_view map) {
    const auto receipt = import(map);
    return receipt ? "taken" : receipt.error().code + ": " + receipt.error().text();
  }
};

TEST_F(ReadingTest, PiecesOfAFileFillTheBlocksThatTheirRowsGoTo) {
  constexpr std::int64_t kLeast = 16 << 20, kBlock = 122'880;
  const auto piece_of_lines = [&](std::size_t length) {
    const std::string line = std::string(length - 1, 'x') + "\n";
    std::string text;
    while (text.size() < (1U << 20)) text += line;
    return piece_length(file("c.csv", text), kLeast);
  };
  for (const std::int64_t length : {40, 72, 100, 130}) {
    const std::int64_t piece = piece_of_lines(static_cast<std::size_t>(length)), rows = piece / length;
    EXPECT_GE(piece, kLeast) << length;
    EXPECT_LT(piece, 2 * kLeast) << length;  // a record may be as long, and a thread holds as much
    const std::int64_t blocks = (rows + kBlock - 1) / kBlock;
    EXPECT_NEAR(static_cast<double>(rows) / static_cast<double>(blocks * kBlock), 0.9, 0.02) << length;
  }
  EXPECT_EQ(piece_of_lines(400), kLeast);  // the rows of a piece are less than a block
  EXPECT_EQ(piece_length(file("c.csv", "id,name\n1,Ann\n"), kLeast), kLeast);
  EXPECT_EQ(piece_length(file("c.csv", std::string(1U << 20, 'x')), kLeast), kLeast);  // one line, or none
}

TEST_F(ReadingTest, WhatIsThereIsMeantByItsName) {
  for (const char* folder : {"x[1]", "x1", "a*b c?"}) std::filesystem::create_directory(folder_ / folder);
  file("x[1]/c1.csv", "id,name\n1,Ann\n");
  file("x1/c1.csv", "id,name\n2,Bob\n");
  file("a*b c?/c1.csv", "id,name\n3,Cid\n");
  file("a*b c?/d[1].jsonl", "{\"id\": 4, \"name\": \"Dan\"}\n");
  file("a*b c?/d1.jsonl", "{\"id\": 4, \"name\": \"Eve\"}\n");
  Request request;
  request.folder = folder_ / "x[1]";
  take(map_with("\"c?.csv\""), request);
  EXPECT_EQ(names(), "1|Ann");
  request.folder = folder_ / "a*b c?";
  take(map_with("\"c?.csv\""), request);
  EXPECT_EQ(names(), "1|Ann\n3|Cid");
  take(map_with("\"x?/c?.csv\""));
  EXPECT_EQ(names(), "1|Ann\n2|Bob\n3|Cid") << "what no folder is called is a pattern";
  take(map_with("\"d[1].jsonl\""), request);
  EXPECT_EQ(names(), "1|Ann\n2|Bob\n3|Cid\n4|Dan");
}

TEST_F(ReadingTest, AByteOrderMarkIsDropped) {
  file("c.csv", "\xEF\xBB\xBFid,name\n1,Ann\n");
  take(kCustomers);
  EXPECT_EQ(names(), "1|Ann");
}

TEST_F(ReadingTest, Windows1252AndLatin1) {
  file("c.csv", "id;name\n1;H\xE9l\xE8ne \x96 \x80\n");
  take(map_with("{files: c.csv, delimiter: \";\", encoding: windows-1252}"));
  EXPECT_EQ(names(), "1|Hélène – €");
  file("c.csv", "id;name\n1;No\xEBl\n");
  take(map_with("{files: c.csv, delimiter: \";\", encoding: latin-1}"));
  EXPECT_EQ(names(), "1|Noël");
  EXPECT_EQ(utf8_of_windows1252("\x81"), "\xEF\xBF\xBD");
}

TEST_F(ReadingTest, ACopyThatMayNotGrowSaysSoAndLeavesNothing) {
  const std::filesystem::path of = file("c.csv", "id,n\n" + std::string(20'000, '\xe9') + "\n");
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 4096;
  setrlimit(RLIMIT_FSIZE, &small);
  const auto copy = utf8_copy(of);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(copy);
  EXPECT_EQ(copy.error().code, "engine.file_limit");
  const std::string start =
      fmt::format("a file may not grow as large as this: the copy of {} in UTF-8 cannot be written to ", of.string());
  EXPECT_TRUE(copy.error().message.starts_with(start)) << copy.error().message;
  EXPECT_TRUE(copy.error().message.ends_with(".csv: File too large")) << copy.error().message;
  EXPECT_NE(copy.error().hint.find("raise the limit on the size of files"), std::string::npos);
  const std::string name =
      copy.error().message.substr(start.size(), copy.error().message.find(": File") - start.size());
  EXPECT_FALSE(std::filesystem::exists(name)) << name;
}

TEST_F(ReadingTest, AFileInUtf8ThatTheMapCallsWindows1252IsRefused) {
  const auto told = [&](std::string_view found) {
    return fmt::format(
        "csv.encoding: {0}/map.yaml:4:16: {0}/c.csv is in UTF-8, not in the encoding that the map says: {1}; say "
        "encoding: utf-8 for it, or leave it out",
        folder_.string(), found);
  };
  for (const char* encoding : {"windows-1252", "latin-1"}) {
    const std::string map = map_with(fmt::format("{{files: c.csv, encoding: {}}}", encoding));
    file("c.csv", "id,name\n1,Ann\n2,La Renée X\n3,Hélène\n");
    EXPECT_EQ(refusal(map), told("line 3 holds \"Renée\", which would be read as \"RenÃ©e\""));
    file("c.csv", "\xEF\xBB\xBFid,name\n1,Ann\n");
    EXPECT_EQ(refusal(map), told("it begins with the byte order mark of UTF-8"));
    EXPECT_EQ(names(), "") << "nothing was taken";
  }
  const std::string map = map_with("{files: c.csv, encoding: windows-1252}");
  file("c.csv", "id,name\n1,Ann\n");
  take(map);
  EXPECT_EQ(names(), "1|Ann") << "ASCII alone is the same in both";
  file("c.csv", "id,name\n1,Ren\xC3\xA9\n2,H\xE9l\xE8ne\n");
  const Receipt mixed = take(map);
  EXPECT_EQ(names(), "1|RenÃ©\n2|Hélène") << "one byte that is none of UTF-8's, however late, and it is what it says";
  const std::string file_name = (folder_ / "c.csv").string();
  EXPECT_EQ(mixed.warnings,
            std::vector{file_name + ": 1 line looks like UTF-8, and was read as the map says; the first "
                                    "is line 2, \"RenÃ©\""});
  EXPECT_EQ(take(map).warnings, mixed.warnings) << "the same is true of the same file again";
  file("c.csv", "id,name\n1,H\xE9l\xE8ne\n2,Ren\xC3\xA9\n3,Ann\n4,Jos\xC3\xA9");
  EXPECT_EQ(take(map).warnings, std::vector{file_name + ": 2 lines look like UTF-8, and were read as the map says; the "
                                                        "first is line 3, \"RenÃ©\""});
}

TEST_F(ReadingTest, WhereReadingFailsTheFileDoesNotEnd) {
  // A folder opens as a file does, and then cannot be read: so does a file on a disk that fails.
  const auto copy = utf8_copy(folder_);
  ASSERT_FALSE(copy) << copy->file;
  EXPECT_EQ(copy.error().code, "file.unreadable");
  const auto digest = file_digest(folder_);
  ASSERT_FALSE(digest) << *digest;
  EXPECT_EQ(digest.error().code, "file.unreadable");
}

TEST_F(ReadingTest, Utf16) {
  std::string utf16 = "\xFF\xFE";
  for (const char c : std::string_view("id,name\n1,Zo")) utf16 += {c, '\0'};
  utf16 += {'\xEB', '\0', '\n', '\0'};
  file("c.csv", utf16);
  take(map_with("{files: c.csv, encoding: utf-16}"));
  EXPECT_EQ(names(), "1|Zoë");
}

TEST_F(ReadingTest, Utf16WithTheHighByteFirst) {
  const auto high_first = [](std::u16string_view text) {
    std::string out = "\xFE\xFF";
    for (const char16_t unit : text) out += {static_cast<char>(unit >> 8), static_cast<char>(unit & 0xFF)};
    return out;
  };
  const std::string map = map_with("{files: c.csv, encoding: utf-16}");
  file("c.csv", high_first(u"id,name\r\n1,Zo\u00EB\r\n2,\u20AC \U0001F600\r\n"));
  take(map);
  EXPECT_EQ(names(), "1|Zoë\n2|€ 😀");
  const char16_t torn[] = u"id,name\n3,a?\n4,Ann\n";
  std::u16string half(torn);
  half[11] = 0xD83D;  // a first half alone
  file("c.csv", high_first(half));
  EXPECT_EQ(take(map).loaded, 1);
  EXPECT_EQ(quarantine(), "csv.encoding||2");
  EXPECT_EQ(names(), "1|Zoë\n2|€ 😀\n4|Ann");
  file("c.csv", high_first(u"id,name\n5,Bob\n") + "\x20");
  EXPECT_EQ(take(map).loaded, 1);
  EXPECT_EQ(names(), "1|Zoë\n2|€ 😀\n4|Ann\n5|Bob") << "half a letter after the last line";
}

TEST_F(ReadingTest, BytesThatAreNoTextInUtf8GoToQuarantine) {
  file("c.csv", "id,name\n1,H\xE9l\xE8ne\n2,Ann\n");
  const Receipt receipt = take(kCustomers);
  EXPECT_EQ(receipt.loaded, 1);
  EXPECT_EQ(quarantine(), "csv.encoding||2");
  file("c.csv", "id,pr\xE9nom\n1,a\n");
  EXPECT_NE(refusal(kCustomers).find("csv.encoding"), std::string::npos);
  file("c.csv", "id,\xC0\xAF\n1,a\n");
  EXPECT_NE(refusal(kCustomers).find("the header of"), std::string::npos) << "a slash, longer than it need be";
}

TEST_F(ReadingTest, QuotesLineBreaksAndCrLf) {
  file("c.csv", "id,name\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n2,x\r\n");
  take(kCustomers);
  EXPECT_EQ(names(), "1|a, \"b\"\r\nc\n2|x");
}

TEST_F(ReadingTest, AQuoteThatIsTornGoesToQuarantine) {
  file("c.csv", "id,name\n1,\"a\"b\n2,c\n");
  EXPECT_EQ(take(kCustomers).loaded, 1);
  EXPECT_EQ(quarantine(), "csv.quote||2");
  file("c.csv", "id,name\n1,\"a\"b\n2,c\n");
  EXPECT_EQ(take(map_with("{files: c.csv, quote: \"\"}")).quarantined, 0);
  EXPECT_EQ(names(), "1|\"a\"b\n2|c");
}

TEST_F(ReadingTest, TheWrongSeparatorIsNamed) {
  file("c.csv", "id;name\n1;Ann\n");
  EXPECT_EQ(
      refusal(map_with("{files: c.csv}")),
      fmt::format("map.input_column: {0}/map.yaml:5:26: no column \"name\": the header of {0}/c.csv is one column "
                  "\"id;name\"; is the delimiter \";\"? Then say under input: delimiter: \";\"",
                  folder_.string()));
}

TEST_F(ReadingTest, AnUnknownInputColumnIsNamedWithTheNearest) {
  file("c.csv", "id,nom_complet\n1,Ann\n");
  const std::string text =
      refusal("map: m\nsource: s\ntable: customers\ninput: c.csv\ncolumns:\n  key: id\n  name: nom_complett\n");
  EXPECT_NE(text.find("map.yaml:7:9: no column \"nom_complett\" in"), std::string::npos) << text;
  EXPECT_NE(text.find("did you mean \"nom_complet\"?"), std::string::npos) << text;
}

TEST_F(ReadingTest, MissingAndEmptyFiles) {
  EXPECT_NE(refusal(map_with("nowhere.csv")).find("file.missing"), std::string::npos);
  EXPECT_NE(refusal(map_with("{files: \"none-*.csv\"}")).find("file.missing"), std::string::npos);
  file("c.csv", "");
  EXPECT_NE(refusal(map_with("c.csv")).find("csv.empty"), std::string::npos);
  file("c.csv", "id,name\n");
  const Receipt receipt = take(map_with("c.csv"));
  EXPECT_EQ(receipt.read, 0);
  EXPECT_EQ(receipt.warnings, std::vector<std::string>{"the files hold no row"});
}

TEST_F(ReadingTest, LinesBeforeTheHeaderAndFilesWithoutOne) {
  file("c.csv", "Report of July\n\nid,name\n1,Ann\nx\n");
  take(map_with("{files: c.csv, skip: 2}"));
  EXPECT_EQ(names(), "1|Ann");
  EXPECT_EQ(quarantine(), "csv.columns||5");
  file("c.csv", "1,Bob\n2,Cid\n");
  take(map_with("{files: c.csv, header: [id, name]}"));
  EXPECT_EQ(names(), "1|Bob\n2|Cid");
}

TEST_F(ReadingTest, TabsPipesAndColumnsWithoutAName) {
  file("c.tsv", "id\tname\t\n1\tAnn\t\n");
  take(map_with("c.tsv"));
  file("c.csv", "id||name\n2||Bob\n");
  take(map_with("{files: c.csv, delimiter: \"||\"}"));
  EXPECT_EQ(names(), "1|Ann\n2|Bob");
}

TEST_F(ReadingTest, AHeaderThatRepeatsANameKeepsBoth) {
  file("c.csv", "id,name,name\n1,first,second\n");
  take("map: m\nsource: s\ntable: customers\ninput: c.csv\ncolumns: {key: id, name: name (2)}\n");
  EXPECT_EQ(names(), "1|second");
}

TEST_F(ReadingTest, ARecordThatASpreadsheetMadeOneTextIsTold) {
  const std::string csv = "id,name,a,b,c\n1,Ann,x,y,z\n\"2,Bob,x,y,z\",,,,\n3,,,,\n";
  file("c.csv", csv);
  EXPECT_EQ(take(kCustomers).loaded, 2);
  EXPECT_EQ(quarantine(), "csv.collapsed||3");
  EXPECT_EQ(rows("SELECT value FROM _quarantine"), "2,Bob,x,y,z");
  const Receipt receipt = take(
      "map: q\nsource: s\ntable: customers\ninputs: {c: c.csv}\nquery: SELECT id, name FROM c\ncolumns: {key: id, "
      "name: name}\n");
  EXPECT_EQ(receipt.read, 3);
  EXPECT_EQ(receipt.quarantined, 1);
}

TEST_F(ReadingTest, ARecordInOneCellWithoutItsTrailingSeparatorsIsOneToo) {
  file("c.csv", "id,name,a,b,c\n1,Ann,x,y,z\n\"2,Bob,x,y,z\"\n3,Cid\n4,Dan,x,y,z,!\n");
  EXPECT_EQ(take(kCustomers).loaded, 1);
  EXPECT_EQ(quarantine(), "csv.collapsed||3\ncsv.columns||4\ncsv.columns||5");
  EXPECT_EQ(
      rows("SELECT record, message FROM _quarantine ORDER BY row"),
      "\"2,Bob,x,y,z\"|the whole record stands as one text in its first cell, as after a trip through a spreadsheet: "
      "export it again\n"
      "3,Cid|the record has 2 of 5 columns; where those that are not written are empty, say short_rows: fill\n"
      "4,Dan,x,y,z,!|the record has more columns than the 5 of the header");
}

TEST_F(ReadingTest, ShortRowsAreFilledUpWhereTheMapSaysSo) {
  file("c.csv", "id,name,a,b,c\n1,Ann,x\n4,Dan,x,y,z,!\n\"5,Eve,x,y,z\"\n2,\"B\nob\"\n\n3\n");
  const std::string map =
      "map: m\nsource: s\ntable: customers\ninput: {files: c.csv, short_rows: fill}\ncolumns: {key: id, name: name, "
      "x_a: a}\n";
  const Receipt receipt = take(map);
  EXPECT_EQ(receipt.loaded, 3);
  EXPECT_EQ(rows("SELECT source_key, name, x_a FROM customers ORDER BY 1"), "1|Ann|x\n2|B\nob|-\n3|-|-");
  EXPECT_EQ(quarantine(), "csv.columns||3\ncsv.collapsed||4");
  EXPECT_NE(refusal(map_with("{files: c.csv, short_rows: fil}")).find("did you mean \"fill\"?"), std::string::npos);
  take(
      "map: q\nsource: q\ntable: customers\ninputs: {c: {files: c.csv, short_rows: fill}}\nquery: SELECT id, name FROM "
      "c\ncolumns: {key: id, name: name}\n");
  EXPECT_EQ(rows("SELECT source_key, name FROM customers WHERE source = 'q' ORDER BY 1"), "1|Ann\n2|B\nob\n3|-");
}

TEST_F(ReadingTest, AWorkbookIsNoText) {
  file("c.csv", std::string("PK\x03\x04\x14\x00", 6) + "sheet");
  for (const char* encoding : {"utf-8", "windows-1252"})
    EXPECT_EQ(
        refusal(map_with(fmt::format("{{files: c.csv, encoding: {}}}", encoding))),
        fmt::format(
            "file.workbook: {0}/map.yaml:4:16: {0}/c.csv is a workbook of a spreadsheet, or an archive, not a text; "
            "save the sheet as CSV in UTF-8, and import that",
            folder_.string()));
}

TEST_F(ReadingTest, ARuleAcrossColumnsNamesThem) {
  file("c.csv", "id,who,begin,end\n1,a,2025-02-01,2025-01-31\n");
  take(
      "map: m\nsource: s\ntable: subscriptions\ninput: c.csv\ncolumns: {key: id, customer_key: who, started_at: begin, "
      "ended_at: end, mrr: {value: \"1\"}}\n");
  EXPECT_EQ(quarantine(), "check.period|begin, end|2");
  EXPECT_EQ(rows("SELECT value FROM _quarantine"), "2025-02-01, 2025-01-31");
}

TEST_F(ReadingTest, JsonLinesKeepEveryDigit) {
  file("o.jsonl",
       "{\"id\": 12345678901234567890, \"day\": \"2025-01-01\", \"amount\": 99999999999.9999, \"to\": {\"name\": "
       "\"x\"}}\n"
       "\n"
       "{\"id\": 2, \"day\": \"2025-01-02\", \"amount\": null}\n"
       "not json\n"
       "[1]\n");
  const Receipt receipt = take(
      "map: m\nsource: s\ntable: orders\ninput: o.jsonl\ncolumns: {key: id, ordered_at: day, amount_net: amount, x_to: "
      "to}\n");
  EXPECT_EQ(receipt.read, 4);
  EXPECT_EQ(receipt.quarantined, 2);
  EXPECT_EQ(rows("SELECT source_key, amount_net, x_to FROM orders ORDER BY ordered_at"),
            "12345678901234567890|99999999999.9999|{\"name\": \"x\"}\n2|-|-");
  EXPECT_EQ(rows("SELECT code, count(*) FROM _quarantine GROUP BY ALL"), "json.invalid|2");
}

TEST_F(ReadingTest, ParquetBringsItsTypes) {
  const std::string path = (folder_ / "o.parquet").string();
  rows(fmt::format(
      "COPY (SELECT 7 AS id, DATE '2025-01-31' AS day, 1234.5::DECIMAL(10,2) AS total, true AS first, TIMESTAMP "
      "'2025-01-31 10:00:00' AS at, TIMESTAMPTZ '2025-01-31 10:00:00+00' AS utc) TO '{}'",
      path));
  take(R"(
map: m
source: s
table: orders
decimal: ","
date_format: "%d/%m/%Y"
input: o.parquet
columns: {key: id, ordered_at: day, amount_net: total, is_first: first, updated_at: utc, cancelled_at: at}
)");
  EXPECT_EQ(rows("SELECT source_key, ordered_at_bare, amount_net, is_first, updated_at - cancelled_at FROM orders"),
            // 10:00 in Paris is 09:00 UTC: an hour before 10:00 UTC
            fmt::format("7|true|1234.5|true|{}", 3600 * kMicrosPerSecond));
}

TEST_F(ReadingTest, PackedFiles) {
  const std::string path = (folder_ / "c.csv.gz").string();
  rows(fmt::format("COPY (SELECT 1 AS id, 'Ann' AS name) TO '{}' (FORMAT csv, HEADER, COMPRESSION gzip)", path));
  take(map_with("c.csv.gz"));
  EXPECT_EQ(names(), "1|Ann");
  EXPECT_NE(refusal(map_with("{files: c.csv.gz, encoding: windows-1252}")).find("csv.encoding"), std::string::npos);
}

TEST_F(ReadingTest, APackedFileThatIsNotWholeIsNotImported) {
  const std::string path = (folder_ / "whole.csv.gz").string();
  rows(fmt::format(
      "COPY (SELECT i AS id, hash(i)::VARCHAR AS name FROM range(20000) AS r(i)) TO '{}' (FORMAT csv, HEADER, "
      "COMPRESSION gzip)",
      path));
  const std::string whole = *bytes_of(path);
  const std::string cut = "is cut short: what is packed in it does not end",
                    damaged = "is damaged: what is packed in it is not what was packed";
  const auto refused = [&](std::string_view bytes, std::string_view found) {
    file("c.csv.gz", bytes);
    EXPECT_EQ(
        refusal(map_with("c.csv.gz")),
        fmt::format("file.packed: {}/c.csv.gz {}; copy or export it again; gzip -t or zstd -t says whether it is whole",
                    folder_.string(), found));
  };
  refused(whole.substr(0, whole.size() / 2), cut);
  refused(whole.substr(0, whole.size() - 8), cut);
  refused("", cut);
  for (const std::size_t at : {whole.size() / 2, whole.size() - 6}) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x20);
    refused(flipped, damaged);
  }
  refused("id,name\n1,Ann\n", damaged);
  EXPECT_EQ(names(), "") << "nothing was loaded";
  EXPECT_EQ(rows("SELECT count(*) FROM _batches"), "0");

  rows(fmt::format("COPY (SELECT 20000 AS id, 'Ann' AS name) TO '{}' (FORMAT csv, COMPRESSION gzip, HEADER false)",
                   (folder_ / "more.csv.gz").string()));
  file("c.csv.gz", whole + *bytes_of(folder_ / "more.csv.gz"));
  EXPECT_EQ(take(map_with("c.csv.gz")).loaded, 20001) << "several members are one text";
  refused(whole + *bytes_of(folder_ / "more.csv.gz") + whole.substr(0, 1000), cut);
  EXPECT_EQ(rows("SELECT count(*) FROM customers"), "20001") << "also of a map that ran before";
}

TEST_F(ReadingTest, APipeIsNotWaitedFor) {
  ASSERT_EQ(::mkfifo((folder_ / "c.csv").c_str(), 0600), 0);
  const std::string_view told = "c.csv is a pipe: what it gives can be read only once";
  EXPECT_NE(refusal(map_with("c.csv")).find(told), std::string::npos);
  file("a.csv", "id,name\n1,Ann\n");
  EXPECT_NE(refusal(map_with("\"*.csv\"")).find(told), std::string::npos) << "nor beside the files of a pattern";
}

TEST_F(ReadingTest, TheSeparatorThatExcelWritesIsNoHeader) {
  file("c.csv", "sep=;\nid;name\n1;Ann\n");
  for (const char* input : {"c.csv", "{files: c.csv, delimiter: \";\"}"})
    EXPECT_NE(refusal(map_with(input)).find("c.csv names a separator, as Excel writes it; say under input: skip: 1"),
              std::string::npos);
  take(map_with("{files: c.csv, delimiter: \";\", skip: 1}"));
  EXPECT_EQ(names(), "1|Ann");
}

TEST_F(ReadingTest, ACarriageReturnAloneIsFound) {
  file("c.csv", "id,name\r\n1,\"A\rnn\"\r\n2,B\rob\r\n3,Cid\r\n");
  const std::string told = fmt::format(
      "{}/c.csv cannot be read: in its line 3 a carriage return stands alone, and its lines end otherwise; take it out "
      "there, or put the value between quotes",
      folder_.string());
  EXPECT_EQ(refusal(kCustomers), "csv.unreadable: " + told);
  EXPECT_NE(refusal("map: q\nsource: s\ntable: customers\ninputs: {c: c.csv}\nquery: SELECT id, name FROM c\ncolumns: "
                    "{key: id, name: name}\n")
                .find(told),
            std::string::npos);
}

TEST_F(ReadingTest, AFilterComparesTexts) {
  file("c.csv", "id,name\n1,Ann\n");
  EXPECT_NE(refusal(std::string(kCustomers) + "filter: \"id > 5\"\n")
                .find("write '5'; columns are texts here, and < and > compare texts letter by letter"),
            std::string::npos);
}

TEST_F(ReadingTest, AFileMendedUnderAnotherPathLeavesTheQuarantine) {
  file("c.csv", "id,name\n,Ann\n2,Bob\n");
  std::filesystem::create_directory_symlink(folder_, folder_ / "here");
  Request request;
  request.files = {folder_ / "here" / "c.csv"};
  take(kCustomers, request);
  EXPECT_EQ(quarantine(), "key.missing|id|2");
  file("c.csv", "id,name\n1,Ann\n2,Bob\n");
  take(map_with("c.csv"));
  EXPECT_EQ(quarantine(), "");
}

TEST_F(ReadingTest, LinesWithoutASeparatorAreForAQueryToTakeApart) {
  file("c.txt", " id  name\n 00001  Ann\n 00002  Bob\n");
  take(R"yaml(
map: m
source: s
table: customers
inputs: {c: {files: c.txt, format: lines, skip: 1}}
query: |
  SELECT p[1] AS id, p[2] AS name FROM (SELECT string_split_regex(trim(line), ' +') AS p FROM c)
columns: {key: id, name: name}
)yaml");
  EXPECT_EQ(names(), "00001|Ann\n00002|Bob");
}

}  // namespace
}  // namespace vigie::ingest

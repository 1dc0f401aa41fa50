// Files as people have them, each with one thing wrong. What is right is written beside it, line by line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "base/test_folder.h"
#include "reading/reading.h"
#include "reading/source.h"

namespace vigie::reading {
namespace {

/// The plain CSV of a text's table, or "code line N: sentence".
class DetectTest : public testing::Test {
 protected:
  std::string read(std::string_view text, const Wanted& wanted = {}) {
    const auto file = folder_.write("in.csv", text);
    auto found = detect(file, wanted);
    if (!found) return refusal(found.error());
    found_ = *found;
    const auto told = write_clean(file, found_, folder_ / "out.csv");
    if (!told) return refusal(told.error());
    return folder_.read("out.csv");
  }
  static std::string refusal(const Error& error) {
    return error.code + " line " + std::to_string(error.where.line) + ": " + error.message;
  }
  std::string notices() const {
    std::string out;
    for (const Notice& one : found_.notices) out += std::to_string(one.line) + ": " + one.sentence + "\n";
    return out;
  }
  TestFolder folder_;
  Found found_;
};

template <class Value>
Wanted said(Value Wanted::* member, std::type_identity_t<Value> value) {
  Wanted out;
  out.*member = value;
  return out;
}

/// Twelve orders; `line` may change one of them on the way.
std::string orders(const std::function<std::string(int, std::string)>& line = [](int, std::string text) {
  return text;
}) {
  std::string out = "day,time,sku,price,label,link\n";
  for (int i = 1; i <= 12; ++i)
    out += line(i, fmt::format("{:02}/01/2025,10:{:02},AN-20{:02},${}.50,\"Lamp, large {}\",https://example.com/{}\n",
                               i, i, i, i, std::string(1, static_cast<char>('a' + i)), i));
  return out;
}
/// Changes the fifth order, which is line 6.
std::string orders_with(std::string_view from, std::string_view to) {
  return orders([&](int i, std::string text) {
    if (i != 5) return text;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << "the case says nothing";
    return text.replace(at, from.size(), to);
  });
}
const std::string kOrders = orders();

TEST_F(DetectTest, PlainFilesAreThemselves) {
  EXPECT_EQ(read("a,b\n1,x\n2,y\n"), "a,b\n1,x\n2,y\n");
  EXPECT_EQ(read(kOrders), kOrders);
  EXPECT_EQ(found_.rows, 12);
  EXPECT_EQ(notices(), "");
}

TEST_F(DetectTest, AnyDelimiterIsFound) {
  const std::string plain = "id,amount,label\n1,2.5,red\n2,3.5,green\n3,4.5,dark blue\n";
  for (const std::string delimiter : {";", "\t", "|", ":", "~", "^", "||", "::", ";;", "|~|", " | ", "\x1f", "¦"}) {
    std::string text;
    for (const char c : plain) text += c == ',' ? delimiter : std::string(1, c);
    EXPECT_EQ(read(text), plain) << delimiter;
  }
  EXPECT_EQ(read("price;sum\n1,5;2,5\n3,5;4,25\n"), "price,sum\n\"1,5\",\"2,5\"\n\"3,5\",\"4,25\"\n")
      << "a comma of decimals is none between fields";
  EXPECT_EQ(read("name;note\nAnne;red, green\nBen;blue, white\nCid;grey\n"),
            "name,note\nAnne,\"red, green\"\nBen,\"blue, white\"\nCid,grey\n");
  EXPECT_EQ(read("sep=;\na;b,c\n1;2,3\n"), "a,\"b,c\"\n1,\"2,3\"\n")
      << "spreadsheets say it in a first line of its own";
}

TEST_F(DetectTest, TwoDelimitersThatAreAsGoodAreRefused) {
  const std::string text = "1,5;2,5\n3,5;4,25\n3,5;4,25\n";
  EXPECT_EQ(
      read(text),
      "csv.delimiter line 1: the fields may be separated by \",\" (3 fields a line) or by \";\" (2 fields a line)");
  Wanted wanted;
  wanted.delimiter = ";";
  EXPECT_EQ(read(text, wanted), "column_1,column_2\n\"1,5\",\"2,5\"\n\"3,5\",\"4,25\"\n\"3,5\",\"4,25\"\n");
}

TEST_F(DetectTest, QuotesAreMeantAsTheyStand) {
  EXPECT_EQ(read("a,b\n1,\"x, \"\"y\"\"\"\n2,\"two\nlines\"\n"), "a,b\n1,\"x, \"\"y\"\"\"\n2,\"two\nlines\"\n")
      << "doubled";
  EXPECT_EQ(read("a,b\n1,\"x, \\\"y\\\"\"\n2,z\n"), "a,b\n1,\"x, \"\"y\"\"\"\n2,z\n") << "after a backslash";
  EXPECT_EQ(read("a,b,c\n1,\"5\" pipe, long\",x\n2,\"7\" pipe, short\",y\n3,\"8, flat\",z\n"),
            "a,b,c\n1,\"5\"\" pipe, long\",x\n2,\"7\"\" pipe, short\",y\n3,\"8, flat\",z\n")
      << "not at all";
  EXPECT_EQ(read("a;b\n'1; one';2\n'3; three';4\n"), "a,b\n1; one,2\n3; three,4\n") << "others than \"";
  EXPECT_EQ(read("id, note\n1, \"a, b\"\n2, \"c, d\"\n"), "id,note\n1,\"a, b\"\n2,\"c, d\"\n") << "after a blank";
}

TEST_F(DetectTest, Encodings) {
  const std::string plain = "name,city\nZoë,Nîmes\nAnne,“Paris”\n";
  EXPECT_EQ(read("\xEF\xBB\xBF" + plain), plain) << "a mark of UTF-8 belongs to nothing";
  EXPECT_EQ(read("name,city\nZo\xEB,N\xEEmes\nAnne,\x93Paris\x94\n"), plain) << "windows-1252";
  EXPECT_EQ(found_.dialect.encoding, Encoding::windows1252);
  std::string low = "\xFF\xFE", high = "\xFE\xFF";
  for (const char c : std::string("id,n\n1,2\n3,4\n")) low += c, low += '\0', high += '\0', high += c;
  EXPECT_EQ(read(low), "id,n\n1,2\n3,4\n");
  EXPECT_EQ(read(high), "id,n\n1,2\n3,4\n");
  EXPECT_EQ(read(low.substr(2)), "id,n\n1,2\n3,4\n") << "without a mark";
  EXPECT_EQ(read("a,b\n1,Zo\xC3\xAB\n2,Zo\xEB\n"),
            "csv.encoding line 3: bytes that are no text in UTF-8, while line 2 has letters in UTF-8");
  EXPECT_EQ(read(std::string("a,b\n1,\0\n", 8)), "csv.encoding line 2: a byte 0 stands here, which no text has");
  EXPECT_EQ(read("a,b\n1,2\n3,caf\x82s\n").substr(0, 20), "csv.encoding line 3:")
      << "é of DOS, not a low quote within a word";
  EXPECT_EQ(read("a,b\n1,x \xC2\x96 y\n2,z\n"), "a,b\n1,x – y\n2,z\n") << "a dash that somebody took for Latin-1";
  EXPECT_EQ(notices(), "2: punctuation of windows-1252 that somebody took for Latin-1: put right\n");
}

TEST_F(DetectTest, ALetterFarBelowTheSampleSaysWhatTheFileIs) {
  std::string text = "id,name\n", plain;
  for (int i = 0; i < 50'000; ++i) text += fmt::format("{},person {}\n", i, i);
  plain = text;
  EXPECT_EQ(read(text + "50000,Zo\xEB\n"), plain + "50000,Zoë\n");
}

TEST_F(DetectTest, LineEnds) {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    std::string text;
    for (const char c : std::string("a,b\n1,\"x, y\"\n2,z\n")) text += c == '\n' ? std::string(end) : std::string(1, c);
    EXPECT_EQ(read(text), "a,b\n1,\"x, y\"\n2,z\n");
  }
  EXPECT_EQ(read("a,b\r\n1,\"x\r\ny\"\n2,z\r\n"), "a,b\n1,\"x\r\ny\"\n2,z\n") << "mixed; those within a field stay";
}

TEST_F(DetectTest, ALineEndOfAnotherKindIsNoLetter) {
  EXPECT_EQ(read("id,note\n1,x\n2,y\r3\n4,z\n"),
            "csv.line_ends line 3: a line end of another kind stands within a field: does a row end here");
  EXPECT_EQ(read("id,note\n1,x\n2,\"y\r3\"\n4,z\n"), "id,note\n1,x\n2,\"y\r3\"\n4,z\n") << "within quotes it is one";
}

TEST_F(DetectTest, AnEncodingThatIsSaidWronglyIsRefused) {
  Wanted wanted;
  wanted.encoding = Encoding::windows1252;
  EXPECT_EQ(read("a,b\n1,Zo\xC3\xAB\n", wanted).substr(0, 20), "csv.encoding line 2:");
  wanted.encoding = Encoding::utf8;
  EXPECT_EQ(read("a,b\n1,Zo\xEB\n", wanted).substr(0, 20), "csv.encoding line 2:");
}

TEST_F(DetectTest, HeadersAreTextAboveValues) {
  EXPECT_EQ(read("1,2.5\n2,3.5\n3,4.5\n"), "column_1,column_2\n1,2.5\n2,3.5\n3,4.5\n")
      << "values from the first line on";
  EXPECT_EQ(read("sector,2001,2002,2003\nmines,5,6,7\nroads,8,9,10\n"),
            "sector,2001,2002,2003\nmines,5,6,7\nroads,8,9,10\n")
      << "years that rise are names";
  EXPECT_EQ(read("Apr-16,red,green\nAbidjan,1,2\nAden,3,4\n"), "Apr-16,red,green\nAbidjan,1,2\nAden,3,4\n")
      << "whatever stands in the corner";
  EXPECT_EQ(read("name,city\nAnne,Nice\nBen,Metz\n"), "name,city\nAnne,Nice\nBen,Metz\n") << "all text: the first line";
  EXPECT_EQ(read("foo\nfoo\nfoo\n"), "column_1\nfoo\nfoo\nfoo\n") << "unless it comes again";
  EXPECT_EQ(read("5,x\n7,2\n8,3\n9,4\n"),
            "csv.header line 1: names or values: column 2 has a text above numbers, column 1 a value like those below");
  EXPECT_EQ(read("5,x\n7,2\n8,3\n9,4\n", said(&Wanted::header_rows, 1)), "5,x\n7,2\n8,3\n9,4\n")
      << "what a person says, holds";
  EXPECT_EQ(read("name,age\n"), "name,age\n");
  EXPECT_EQ(found_.rows, 0);
}

TEST_F(DetectTest, SeveralHeaderRowsAreOne) {
  EXPECT_EQ(read("who,spent,,kept,\n,food,rent,cash,bank\nAnne,1,2,3,4\nBen,5,6,7,8\n"),
            "who,spent food,spent rent,kept cash,kept bank\nAnne,1,2,3,4\nBen,5,6,7,8\n");
  EXPECT_EQ(found_.layout.header_rows, 2);
  EXPECT_EQ(read("length,weight\nm,kg\n1,2\n3,4\n"), "length m,weight kg\n1,2\n3,4\n") << "units below the names";
}

TEST_F(DetectTest, TitlesAboveAreLeftOutAndTold) {
  EXPECT_EQ(read("Orders of January\nmade by Anne\n\nday,sum\n1,2\n2,3\n3,4\n"), "day,sum\n1,2\n2,3\n3,4\n");
  EXPECT_EQ(notices(), "1: lines before the table, left out: 2\n");
  EXPECT_EQ(found_.layout.first_header_line, 4);
  EXPECT_EQ(read("Orders,,\n,,\nday,sum,by\n1,2,x\n2,3,y\n"), "day,sum,by\n1,2,x\n2,3,y\n")
      << "padded by a spreadsheet";
  EXPECT_EQ(read("Water,,\nused,per head,cost\n44,13.9,68\n").substr(0, 18), "csv.header line 1:")
      << "a title, or the upper of two header rows?";
}

TEST_F(DetectTest, NotesBelowAreLeftOutAndTold) {
  EXPECT_EQ(read("day,sum,by\n1,2,x\n2,3,y\n\nSource: the shop\n"), "day,sum,by\n1,2,x\n2,3,y\n");
  EXPECT_EQ(notices(), "5: lines below the table, left out: 1\n");
  EXPECT_EQ(read("day,sum,by\n1,2,x\n2,3,y\n,,\nSource: the shop,,\n"), "day,sum,by\n1,2,x\n2,3,y\n");
  EXPECT_EQ(found_.footer, std::vector<std::string>{"Source: the shop"});
  EXPECT_EQ(read("day,sum,by,to\n1,2,x,y\n2,3,y,z\n3,4").substr(0, 17), "csv.fields line 4")
      << "a row that is cut is no note";
}

TEST_F(DetectTest, TotalsAreToldByTheirSums) {
  const std::string text = "shop,sum\nNice,1\nMetz,2\nTotal,3\n";
  EXPECT_EQ(read(text), "shop,sum\nNice,1\nMetz,2\n");
  EXPECT_EQ(notices(), "4: rows of totals, left out: 1\n");
  EXPECT_EQ(found_.rows, 2);
  EXPECT_FALSE(found_.is_plain()) << "another reader sees three";
  EXPECT_EQ(read(text, said(&Wanted::totals, Totals::keep)), text);
  EXPECT_EQ(read("shop;kept;sum\nNice;a;1 000,50\nMetz;b;2,25\nSous-total;;1 002,75\nLille;c;5,00\nBrest;d;6,00\n"
                 "Total janvier;;11,00\nTotaux;;1 013,75\n"),
            "shop,kept,sum\nNice,a,\"1 000,50\"\nMetz,b,\"2,25\"\nLille,c,\"5,00\"\nBrest,d,\"6,00\"\n")
      << "with commas of decimals, of parts and of all";
  EXPECT_EQ(read("day,sum,by\n2025-01-01,20,x\n2025-01-02,10.50,y\nTotal 2025,30.50,\n"),
            "day,sum,by\n2025-01-01,20,x\n2025-01-02,10.50,y\n");
}

TEST_F(DetectTest, ACustomerCalledTotalIsACustomer) {
  const std::string orders =
      "Client;Date de commande;N° commande;Statut;Montant HT;Devise\n"
      "Dupont;2025-01-03;1001;payée;100,00;EUR\nTotal;2025-01-04;1002;payée;5000,00;EUR\n"
      "Martin;2025-01-05;1003;payée;20,50;EUR\nDurand;2025-01-06;1004;payée;45,00;EUR\n";
  EXPECT_NE(read(orders).find("Total,2025-01-04,1002,payée,\"5000,00\",EUR\n"), std::string::npos);
  EXPECT_EQ(notices(), "") << "its day says that it is an order";
  EXPECT_EQ(read("Client;Pays;Ville\nDupont;FR;Nice\nTotal SA;FR;Paris\n"),
            "Client,Pays,Ville\nDupont,FR,Nice\nTotal SA,FR,Paris\n");
}

TEST_F(DetectTest, WhatMayBeATotalIsForAPersonToSay) {
  const std::string text = "Client,Montant\nDupont,10\nMartin,5\nTotal,7\nDurand,4\n";
  EXPECT_EQ(read(text), "csv.total line 4: the row \"Total\" may be a total, or a record that is called so");
  EXPECT_EQ(read(text, said(&Wanted::totals, Totals::keep)), text);
  EXPECT_EQ(read(text, said(&Wanted::totals, Totals::leave_out)), "Client,Montant\nDupont,10\nMartin,5\nDurand,4\n");
  EXPECT_EQ(read("Client,Montant\nTotal,19\nDupont,10\nMartin,5\nDurand,4\n").substr(0, 16), "csv.total line 2")
      << "the sum of all that follows";
}

TEST_F(DetectTest, ACutLastRowIsNoNote) {
  std::string text = "id,day,by,sum,kind\n";
  for (int i = 1; i <= 29; ++i) text += fmt::format("{},2025-01-{:02},Dupont,{}.5,x\n", 1000 + i, i, i);
  for (const char* cut : {"1030,2025-0", "1030,2025-01-05,Du", "1030", "1030,2025-01-05,Dupont,30"})
    EXPECT_EQ(read(text + cut).substr(0, 18), "csv.fields line 31") << cut;
  EXPECT_EQ(read(text + "\nSource: the shop"), text);
}

TEST_F(DetectTest, OfEachKindOfNoticeTheFirstIsTold) {
  std::string text = "Report of the shop\nid,day,sum\n", plain = "id,day,sum\n";
  for (int page = 0; page < 130; ++page) {
    for (int i = 0; i < 3; ++i) {
      const std::string row = fmt::format("{},2025-01-{:02},{}.5\n", 3 * page + i + 1, page % 28 + 1, i + 1);
      text += row, plain += row;
    }
    text += "Report of the shop\n";
  }
  text += "id,day,sum\n5000,2025-01-01,7.5\n\nSource: the till\n";
  EXPECT_EQ(read(text), plain + "5000,2025-01-01,7.5\n");
  EXPECT_NE(notices().find("lines below the table, left out: 1\n"), std::string::npos);
  EXPECT_NE(notices().find("523: the header stands here again: left out\n"), std::string::npos);
  EXPECT_NE(notices().find("42: what is told of this line is so in 120 more, which are not listed\n"),
            std::string::npos)
      << notices();
}

TEST_F(DetectTest, WhatIsChangedOrPassedOverIsNotPlain) {
  const auto plain = [&](std::string_view text) {
    read(text);
    return found_.is_plain();
  };
  EXPECT_TRUE(plain("Report\n\nid;sum\n1;2,5\n2;3,5\n"));
  EXPECT_FALSE(plain("id;sum\n1;2,5\n\n2;3,5\n")) << "a blank line";
  EXPECT_FALSE(plain("id;by\n1;Sud \xC2\x96 est\n2;x\n")) << "a dash is put right";
  EXPECT_FALSE(
      plain("Report of it\nid,day,sum\n1,2025-01-01,2\n2,2025-01-01,3\nReport of it\n3,2025-01-02,4\n"
            "4,2025-01-02,5\n"))
      << "a title comes again";
  EXPECT_FALSE(plain("id,sum\n1,2\nid,sum\n2,3\n"));
  EXPECT_FALSE(plain("id,sum\n1,2\r\n2,3\n")) << "lines end in two ways";
  read("id,\xC2\x9Cuvre\n1,2\n2,3\n");
  EXPECT_EQ(notices(),
            "1: the name of column 2 holds the control code U+009C: a letter of another encoding, or a slip\n");
}

TEST_F(DetectTest, TheLineThatNamesTheSeparatorIsPassedOverWhateverEndsIt) {
  for (const std::string end : {"\n", "\r", "\r\n"}) {
    std::string text = "sep=;" + end + "id;sum" + end, plain = "id,sum\n";
    for (int i = 1; i <= 30; ++i)
      text += fmt::format("{};{}", i, i + 5) + end, plain += fmt::format("{},{}\n", i, i + 5);
    EXPECT_EQ(read(text), plain);
    EXPECT_EQ(found_.rows, 30);
  }
}

TEST_F(DetectTest, HeadersThatComeAgainAreLeftOutAndTold) {
  EXPECT_EQ(read("id,sum\n1,2\n2,3\nid,sum\n3,4\n"), "id,sum\n1,2\n2,3\n3,4\n");
  EXPECT_EQ(notices(), "4: the header stands here again: left out\n");
}

TEST_F(DetectTest, SeveralTablesAreNeverOne) {
  const std::string two = "id,sum,by\n1,2,x\n2,3,y\n3,4,z\n\nname,age\nAnne,30\nBen,40\nCid,50\n";
  EXPECT_EQ(read(two).substr(0, 10), "csv.tables");
  EXPECT_EQ(read(two, said(&Wanted::last_line, 4)), "id,sum,by\n1,2,x\n2,3,y\n3,4,z\n");
  EXPECT_EQ(read(two, said(&Wanted::first_line, 6)), "name,age\nAnne,30\nBen,40\nCid,50\n");
  EXPECT_EQ(read("id,sum\n1,2\n2,3\n3,4\n,\nrate,price\n1,2\n").substr(0, 17), "csv.tables line 6")
      << "names where the rows have numbers";
  EXPECT_EQ(read("id,sum\n1,2\n2,3\n3,4\n,\nTravel,\nby,air\n7,8\n").substr(0, 17), "csv.tables line 6")
      << "a title, and rows follow";
}

TEST_F(DetectTest, BlankLinesAreNoRows) {
  EXPECT_EQ(read("id,sum\n1,2\n\n2,3\n,\n3,4\n\n"), "id,sum\n1,2\n2,3\n3,4\n");
}

TEST_F(DetectTest, EmptyColumnsAtTheEndStay) {
  EXPECT_EQ(read("id,sum,,\n1,2,,\n2,3,,\n"), "id,sum,,\n1,2,,\n2,3,,\n");
  EXPECT_EQ(read("id,sum,,\n1,2,,\n2,3,,\n3,4,,x\n").substr(0, 17), "csv.tables line 4") << "a value under no name";
}

TEST_F(DetectTest, NamesAndFieldsOfAnotherNumber) {
  EXPECT_EQ(read("id,sum,seen,by\n1,2\n2,3\n3,4\n").substr(0, 18), "csv.header line 1:")
      << "half of the names have no fields";
  EXPECT_EQ(read("a,b,c,d,e\n1,2,3,4\n2,3,4,5\n3,4,5,6\n"), "a,b,c,d,e\n1,2,3,4,\n2,3,4,5,\n3,4,5,6,\n");
  EXPECT_EQ(notices(), "1: the header has 5 names, the rows 4 fields: the last columns are empty\n");
  EXPECT_EQ(read("a,,b,c\n1,2,3\n2,3,4\n3,4,5\n"), "a,b,c\n1,2,3\n2,3,4\n3,4,5\n")
      << "a delimiter too many between names";
  EXPECT_EQ(read("a,b,c\n1,2,3,4\n2,3,4,5\n3,4,5,6\n"), "a,b,c,\n1,2,3,4\n2,3,4,5\n3,4,5,6\n");
  EXPECT_TRUE(found_.layout.names_in_doubt) << "which column has no name, nobody can tell";
}

TEST_F(DetectTest, ARowIsMendedWhereOneReadingFits) {
  const auto mended = [&](std::string_view from, std::string_view to) {
    const std::string out = read(orders_with(from, to));
    EXPECT_EQ(found_.mended, 1) << to;
    return out == kOrders ? "as it was" : out;
  };
  EXPECT_EQ(mended("10:05,", "10:05,,"), "as it was") << "a delimiter too many";
  EXPECT_EQ(mended("05/01", ",05/01"), "as it was") << "also at the head";
  EXPECT_EQ(mended("AN-2005,", "AN-2005"), "as it was") << "one lost between an article and a price";
  EXPECT_EQ(mended("f\",https", "f\"https"), "as it was") << "one lost after a quote";
  EXPECT_EQ(mended("\"Lamp, large f\"", "Lamp, large f"), "as it was") << "quotes forgotten around a comma";
  EXPECT_EQ(mended("10:05", "\"10:05"), orders_with("10:05", "\"\"\"10:05\"")) << "a quote that is a letter stays";
  EXPECT_NE(notices().find("6: "), std::string::npos);
}

TEST_F(DetectTest, ARowThatCanBeReadInTwoWaysIsRefused) {
  const std::string text =
      "id,first,last,sum\n1,Anne,Blanc,5\n2,Ben,Noir,6\n3,Cid,Vert,7\n4,Dan,Gris,8\n5,Eve,Brun,9\n6,Fay,Rose,5\n7,Gil,"
      "Bleu,6\n"
      "8,Hal,Roux,7\n9,Ida,Beige,8\n10,Jo,Ocre,9\n11,KimAzur,5\n12,Lea,Lin,6\n";
  EXPECT_EQ(read(text).substr(0, 18), "csv.fields line 12") << "Kim Azur, or KimA zur?";
  EXPECT_EQ(read("id,name,age\n1101,John\n1102,Julie,26,Potatoes\n").substr(0, 4), "csv.") << "too little to judge by";
  EXPECT_EQ(read("a,b,c\n1,2,3\n4,5,6\n7,8\n", said(&Wanted::fill_short_rows, true)), "a,b,c\n1,2,3\n4,5,6\n7,8,\n")
      << "unless a person says so";
}

TEST_F(DetectTest, AQuoteThatIsOpenedSwallowsNoRow) {
  EXPECT_EQ(read(orders_with("/5\n", "/5,\"\n")).substr(0, 4), "csv.")
      << "a seventh field, and the row behind it is none";
  read("a,b\nx,y\n\"u,v\nw,\"z\nk,l\nm,n\n");
  EXPECT_EQ(notices(), "3: fields begin with quotes that do not close them: quotes are read as letters\n");
  const std::string text = "a,b,c\n1,x,\"u\n2,y,v\n3,z,\"\n4,p,w\n5,q,w\n";
  EXPECT_EQ(read(text), "csv.quote line 2: a quote is opened in this line, and what it holds is rows of the table");
}

TEST_F(DetectTest, QuotesThatComeBelowTheSampleAreQuotes) {
  std::string text = "id,name\n";
  for (int i = 0; i < 40'000; ++i) text += fmt::format("{},person {}\n", i, i);
  EXPECT_EQ(read(text + "40000,\"Zo, the last\"\n"), text + "40000,\"Zo, the last\"\n");
  EXPECT_EQ(read(text + "40000,\"Zo\"\n"), text + "40000,Zo\n");
}

TEST_F(DetectTest, AnotherDelimiterByMistakeIsSeenAsOne) {
  EXPECT_EQ(read(orders_with("AN-2005,", "AN-2005;")), kOrders);
  EXPECT_EQ(notices(), "6: 5 fields where the table has 6: read in the only way that fits the columns\n");
}

TEST_F(DetectTest, TwoRowsInOneLineAreNoLongText) {
  const std::string text =
      orders([](int i, std::string line) { return i == 5 ? line.substr(0, line.size() - 1) : line; });
  EXPECT_EQ(read(text), "csv.fields line 6: 11 fields where the table has 6");
}

TEST_F(DetectTest, WhatIsFoundIsToldInJson) {
  read("Report\nid;sum\n1;2,5\n2;3,5\n");
  std::string out;
  JsonWriter json(out);
  write_found(json, found_, [](const std::string& sentence) { return sentence; });
  EXPECT_EQ(
      out,
      "{\"encoding\":\"utf-8\",\"delimiter\":\";\",\"quote\":\"\\\"\",\"escape\":\"doubled\",\"blanks_after_"
      "delimiter\":"
      "false,\"line_ends\":\"lf\",\"header_line\":2,\"header_rows\":1,\"first_data_line\":3,\"names_in_doubt\":false,"
      "\"columns\":[{\"name\":\"id\",\"kind\":\"number\"},{\"name\":\"sum\",\"kind\":\"number\"}],\"rows\":2,"
      "\"mended\":0,"
      "\"repeats\":0,\"blank\":0,\"totals\":0,\"faithful\":true,\"preamble\":[\"Report\"],\"footer_line\":0,\"footer\":"
      "[],"
      // Three records of four have two fields: 3/4 · (1 − 1/2) · (2 · 0.9 + 4 · 1)/6. By commas two have: 2/4 · 1/2 ·
      // (0.3 + 1)/2.
      "\"score\":0.3625,\"runner_up\":0.1625,\"reasons\":[\"the encoding is utf-8: all of it is ASCII\","
      "\"separated by \\\";\\\", 75 records in 100 have 2 fields\",\"names in line 2\"],"
      "\"notices\":[{\"line\":1,\"sentence\":\"lines before the table, left out: 1\"}]}");
}

TEST_F(DetectTest, TooManyRowsOfAnotherWidthAreNoSlips) {
  std::string text = "id,day,sum\n";
  for (int i = 1; i <= 60; ++i)
    text += fmt::format("{},2025-01-{:02},{}.5{}\n", i, i % 28 + 1, i, i % 10 == 0 ? "," : "");
  EXPECT_EQ(read(text), "csv.fields line 11: a line that is no row of 3 fields as it stands, and 5 more such lines");
}

TEST_F(DetectTest, WholeRowsInOneFieldAreTakenApart) {
  const auto packed = [](int i, std::string line) {
    if (i != 7) return line;
    line.pop_back();
    std::string doubled;
    for (const char c : line) doubled += c == '"' ? std::string("\"\"") : std::string(1, c);
    return "\"" + doubled + "\",,,,,\n";
  };
  EXPECT_EQ(read(orders(packed)), kOrders);
  EXPECT_EQ(notices(), "8: the whole row stands in its first field: taken apart\n");
}

TEST_F(DetectTest, PackedFiles) {
  const auto file = folder_ / "orders.csv.gz";
  gzFile out = gzopen(file.c_str(), "wb");
  ASSERT_EQ(gzwrite(out, kOrders.data(), static_cast<unsigned>(kOrders.size())), static_cast<int>(kOrders.size()));
  gzclose(out);
  const auto found = detect(file);
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->rows, 12);
  std::string packed = folder_.read("orders.csv.gz");
  EXPECT_EQ(read(packed.substr(0, packed.size() - 9)), "csv.packed line 0: the gzip file is cut: its end is missing");
  EXPECT_EQ(read("PK\x03\x04 and so on"), "csv.packed line 1: the file is a zip archive or a workbook, not a text");
}

TEST_F(DetectTest, ABombIsNotUnpacked) {
  const auto file = folder_ / "bomb.csv.gz";
  gzFile out = gzopen(file.c_str(), "wb9");
  const std::string block(1 << 20, 'x');
  for (int i = 0; i < 6; ++i) ASSERT_GT(gzwrite(out, block.data(), static_cast<unsigned>(block.size())), 0);
  gzclose(out);
  const auto unpacked = [&](ZipLimits limits) -> std::string {
    auto bytes = Bytes::open(file, limits);
    std::string into;
    while (true) {
      const auto more = bytes->read(into);
      if (!more) return refusal(more.error()) + fmt::format("; {} MB", into.size() >> 20);
      if (!*more) return fmt::format("{} MB", into.size() >> 20);
    }
  };
  EXPECT_EQ(unpacked({}), "6 MB") << "so little is free";
  EXPECT_EQ(unpacked({.free_bytes = 2U << 20}),
            "csv.packed line 0: the gzip file unpacks to more than 400 times its size; 3 MB");
}

TEST_F(DetectTest, AFileThatIsWrittenToMeanwhileIsRefused) {
  ASSERT_EQ(read("id,sum\n1,2\n2,3\n"), "id,sum\n1,2\n2,3\n");
  const auto file = folder_.write("in.csv", "id,sum\n1,2\n2,3\n3,4\n");
  const auto rows = Rows::open(file, found_);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, "file.changed");
  EXPECT_EQ(write_clean(file, found_, folder_ / "late.csv").error().code, "file.changed");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "late.csv"));
}

TEST_F(DetectTest, NamesThatStandTwiceAreToldApart) {
  EXPECT_EQ(read("id,amount,amount,,\n1,2,3,,\n2,3,4,,\n"), "id,amount,amount (2),,\n1,2,3,,\n2,3,4,,\n");
  EXPECT_FALSE(found_.is_plain()) << "a map cannot say which of both";
  EXPECT_EQ(read("id,amount,amount\n1,2,3\nid,amount,amount\n2,3,4\n"), "id,amount,amount (2)\n1,2,3\n2,3,4\n");
}

TEST_F(DetectTest, AMarkBetweenTwoFilesBelongsToNoValue) {
  const std::string mark = "\xEF\xBB\xBF";
  EXPECT_EQ(read(mark + "id,sum\n1,2\n2,3\n" + mark + "id,sum\n3,4\n"), "id,sum\n1,2\n2,3\n3,4\n");
  EXPECT_EQ(read(mark + "id,by\n1,x\n2,y\n" + mark + "\"3\",\"a, b\"\n"), "id,by\n1,x\n2,y\n3,\"a, b\"\n");
}

TEST_F(DetectTest, LettersOfOtherCodePagesAreNoticed) {
  const std::string look =
      "letters stand here that no word of windows-1252 has: look at the accents, and export the file again as UTF-8 "
      "where they are wrong\n";
  read("id,city\n1,Paris\n2,\xA3\xF3\x64\x9F\n");
  EXPECT_EQ(notices(), "3: " + look) << "Łódź of Poland";
  read("id,city\n1,\xCC\xEE\xF1\xEA\xE2\xE0\n2,Paris\n");
  EXPECT_EQ(notices(), "2: " + look) << "Москва of Russia";
  read("id,city\n1,N\xEEmes 5 m\xB3\n2,\xBFQu\xE9? \xA3 5\n");
  EXPECT_EQ(notices().find("letters stand"), std::string::npos) << "those of windows-1252";
}

TEST_F(DetectTest, EmptyFilesAreTablesWithoutColumns) {
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("\n \n"), "");
  EXPECT_EQ(notices(), "1: the file is empty\n");
  EXPECT_EQ(detect(folder_ / "none.csv").error().code, "file.unreadable");
}

TEST_F(DetectTest, WhatIsWrongBelowTheSampleIsFoundToo) {
  std::string text = "id,day,sum\n";
  for (int i = 1; i <= 40'000; ++i) text += fmt::format("{},2025-01-{:02},{}.5\n", i, i % 28 + 1, i);
  ASSERT_GT(text.size(), 700'000U);
  EXPECT_EQ(read(text + "40001,2025-01-01\n40002,2025-01-02,5\n").substr(0, 21), "csv.fields line 40002");
  EXPECT_EQ(read(text + "id,day,sum\n40001,2025-01-01,5\n"), text + "40001,2025-01-01,5\n");
  EXPECT_EQ(read(text + "40001,\"2025-01-01,5\n"), text + "40001,\"\"\"2025-01-01\",5\n")
      << "for the map to refuse the day";
  EXPECT_EQ(notices(), "40002: quotes that do not pair: read in the only way that fits the columns\n");
  EXPECT_EQ(read(text + "name,town,street\nAnne,Nice,x\n").substr(0, 21), "csv.tables line 40002");
}

TEST_F(DetectTest, WhatNobodySeesIsNoLetter) {
  EXPECT_EQ(read("id,amount\n1,\u200F12.50\u200E\n2,13.50\u200B\n"), "id,amount\n1,12.50\n2,13.50\n");
  EXPECT_THAT(notices(), testing::HasSubstr("2: marks that nobody sees"));
  EXPECT_EQ(read("\uFEFF\uFEFFid,amount\n1,2\n3,4\n"), "id,amount\n1,2\n3,4\n") << "two marks at the beginning";
  EXPECT_FALSE(found_.is_plain()) << "a map that read the file itself would find the second mark in a name";
}

TEST_F(DetectTest, TextsKeptByAFormulaAreTheTexts) {
  EXPECT_EQ(read("id,zip\n=\"0012\",75001\n=\"0013\",=\"01000\"\n"), "id,zip\n0012,75001\n0013,01000\n");
  EXPECT_THAT(notices(), testing::HasSubstr("2: texts stand here as formulas"));
  EXPECT_EQ(read("id,zip\n\"=\"\"0012\"\"\",75001\n\"=\"\"0013\"\"\",01000\n"), "id,zip\n0012,75001\n0013,01000\n");
}

TEST_F(DetectTest, LinesInQuotesAreNoTable) {
  EXPECT_THAT(read("\"id,day,amount\"\n\"1,2025-01-31,10\"\n\"2,2025-02-01,\"\"20\"\"\"\n"),
              testing::HasSubstr("each line stands as one text in quotes"));
}

TEST_F(DetectTest, LettersOfAMacintoshAreNoneOfWindows) {
  EXPECT_THAT(read("id;name\n1;Soci\x8Et\x8E\n2;x\n"), testing::HasSubstr("csv.encoding line 2"));
  EXPECT_EQ(read("id;name\n1;Soci\xE9t\xE9 \x8C\n2;x\n"), "id,name\n1,Société Œ\n2,x\n");
}

TEST_F(DetectTest, LettersThatWereReadTwiceAreTold) {
  read("id,name\n1,SociÃ©tÃ©\n2,x\n");
  EXPECT_THAT(notices(), testing::HasSubstr("2: letters stand here that look like UTF-8 read in another encoding"));
  read("id,name\n1,SÃO PAULO\n2,Société\u00a0x\n");
  EXPECT_EQ(notices(), "");
}

}  // namespace
}  // namespace vigie::reading

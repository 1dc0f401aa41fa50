#include "reading/sheet_records.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include "base/text.h"
#include "base/time.h"
#include "reading/cell_value.h"
#include "reading/test_archive.h"

namespace vigie::reading {
namespace {

/// A sheet drawn in text: cells between bars, one row a line, an empty line is a blank row. 12 is a number,
/// 2025-01-31 a date, #N/A an error, "'12" the text 12.
std::string drawn(std::string_view picture) {
  std::string rows;
  std::int64_t number = 0;
  for (const std::string& line : split(picture, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    rows += fmt::format("<row r=\"{}\">", number);
    std::size_t column = 0;
    for (const std::string& one : split(line, '|')) {
      const std::string where = reference(number, column++);
      const std::string text(trim(one));
      if (text.empty()) continue;
      if (const auto day = parse_date(text))
        rows += fmt::format(R"(<c r="{}" s="1"><v>{}</v></c>)", where, *day - date_of(1899, 12, 30));
      else if (plain_number(text)) rows += fmt::format(R"(<c r="{}"><v>{}</v></c>)", where, text);
      else if (text.starts_with('#')) rows += fmt::format(R"(<c r="{}" t="e"><v>{}</v></c>)", where, text);
      else
        rows += fmt::format(R"(<c r="{}" t="inlineStr"><is><t>{}</t></is></c>)", where,
                            text.starts_with('\'') ? text.substr(1) : text);
    }
    rows += "</row>";
  }
  return rows;
}

TableWishes until(std::int64_t row) {
  TableWishes out;
  out.last_row = row;
  return out;
}
TableWishes named_in(std::int64_t row) {
  TableWishes out;
  out.header_row = row;
  return out;
}
TableWishes within(std::string columns) {
  TableWishes out;
  out.columns = std::move(columns);
  return out;
}
TableWishes called(std::vector<std::string> names) {
  TableWishes out;
  out.names = std::move(names);
  return out;
}

struct SheetTable {
  std::string names, records;
  std::vector<std::string> notices;
};

SheetTable table_of(std::string_view picture, const TableWishes& wishes = {}, const std::string& merged = "") {
  const TestFolder folder;
  BookParts parts;
  parts.styles = R"(<xf numFmtId="0"/><xf numFmtId="14"/>)";
  std::string after;
  for (const std::string& one : split(merged, ' '))
    if (!one.empty()) after += fmt::format(R"(<mergeCell ref="{}"/>)", one);
  if (!after.empty()) after = "<mergeCells>" + after + "</mergeCells>";
  parts.sheets = {{"V", sheet_xml(drawn(picture), "", after), ""}};
  parts.write(folder / "book.xlsx");
  const auto book = Workbook::open(folder / "book.xlsx");
  if (!book) return {book.error().text(), "", {}};
  const auto records = SheetRecords::open(**book, "", wishes);
  if (!records) return {records.error().code + ": " + records.error().message + "; " + records.error().hint, "", {}};
  SheetTable out{join((*records)->columns(), "|"), all_of(**records), {}};
  out.notices = codes_of((*records)->notices());
  return out;
}

TEST(SheetRecords, OfAPlainTable) {
  const SheetTable table = table_of(R"(N° commande | Date | Client | Montant
1001 | 2025-01-31 | Dupont | 1184.5
1002 | 2025-02-01 |  | 89.9)");
  EXPECT_EQ(table.names, "N° commande|Date|Client|Montant");
  EXPECT_EQ(table.records,
            "2: number:1001 date:2025-01-31 text:Dupont number:1184.5\n3: number:1002 date:2025-02-01 - number:89.9\n");
  EXPECT_TRUE(table.notices.empty());
}

TEST(SheetRecords, TitlesAboveAndBlanksAroundAreNotTheTables) {
  const SheetTable table = table_of(R"(

 | | Ventes du premier trimestre
 | | Société | ACME

 | | Date | Client | Montant
 | | 2025-01-31 | Dupont | 10

 | | 2025-02-01 | Martin | 20)");
  EXPECT_EQ(table.names, "Date|Client|Montant");
  EXPECT_EQ(table.records, "7: date:2025-01-31 text:Dupont number:10\n9: date:2025-02-01 text:Martin number:20\n");
  EXPECT_EQ(table.notices, std::vector<std::string>{"sheet.rows_above V!6"});
}

TEST(SheetRecords, FirstRecordsWithoutAmountAreRecords) {
  const SheetTable table = table_of(R"(Client | Ville | Montant
Dupont | Paris |
Martin | Lyon | n/a
Durand | Nice | 12
Petit | Nice | 13)");
  EXPECT_EQ(table.names, "Client|Ville|Montant");
  EXPECT_TRUE(table.records.starts_with("2: text:Dupont text:Paris -\n3: text:Martin text:Lyon text:n/a\n"))
      << table.records;
}

TEST(SheetRecords, WordsForNothingNameNothing) {
  const SheetTable table = table_of(R"(Client | Ville | Montant
Dupont | Paris | 3

Martin | Lyon | n/a
Durand | Nice | 12
Nord | |
Petit | Nice | 13)");
  EXPECT_EQ(
      table.records,
      "2: text:Dupont text:Paris number:3\n4: text:Martin text:Lyon text:n/a\n5: text:Durand text:Nice number:12\n"
      "6: text:Nord - -\n7: text:Petit text:Nice number:13\n");
  EXPECT_EQ(table.notices, std::vector<std::string>{"sheet.lone_texts V!6"});
}

TEST(SheetRecords, TwoRowsOfNamesAreJoined) {
  const char* picture = R"(Client | | 2024 | | 2025 |
Nom | Ville | Montant | Marge | Montant | Marge
Dupont | Paris | 10 | 1 | 20 | 2
Martin | Lyon | 11 | 1 | 21 | 2)";
  const char* names = "Client Nom|Client Ville|2024 Montant|2024 Marge|2025 Montant|2025 Marge";
  const SheetTable merged = table_of(picture, {}, "A1:B1 C1:D1 E1:F1");
  EXPECT_EQ(merged.names, names);
  EXPECT_EQ(merged.notices, (std::vector<std::string>{"sheet.two_rows_of_names V!1", "sheet.merged V!A1"}));
  EXPECT_EQ(table_of(picture).names, names) << "without merged cells, by the gaps";
  const SheetTable over_one = table_of(R"(Id | | Ventes | Ventes |
 | Client | HT | TTC | Note
1 | Dupont | 10 | 12 | x
2 | Martin | 20 | 24 | y)",
                                       {}, "C1:D1");
  EXPECT_EQ(over_one.names, "Id|Client|Ventes HT|Ventes TTC|Note");
}

TEST(SheetRecords, ATitleMergedOverTheTableIsNoGroup) {
  const SheetTable table = table_of(R"(Ventes 2025 | |
Client | Ville | Montant
Dupont | Paris | 10
Martin | Lyon | 11)",
                                    {}, "A1:C1");
  EXPECT_EQ(table.names, "Client|Ville|Montant");
}

TEST(SheetRecords, YearsAreNames) {
  EXPECT_EQ(table_of("Produit | 2022 | 2023 | 2024\nVin | 5 | 7 | 8\nEau | 1 | 2 | 3").names, "Produit|2022|2023|2024");
  EXPECT_EQ(table_of("Produit | 2025-01-01 | 2025-02-01\nVin | 5 | 7\nEau | 1 | 2").names,
            "Produit|2025-01-01|2025-02-01");
}

TEST(SheetRecords, TotalsAndRemarksUnderTheTableAreLeftOut) {
  const SheetTable table = table_of(R"(Region | Mois | Montant
Nord | janvier | 10.1
Sud | janvier | 20.2
Ouest | fevrier | 30.3

Total | | 60.6
Source : ERP
Export du 31/01/2025)");
  EXPECT_EQ(table.records,
            "2: text:Nord text:janvier number:10.1\n3: text:Sud text:janvier number:20.2\n4: text:Ouest text:fevrier "
            "number:30.3\n");
  EXPECT_EQ(table.notices, (std::vector<std::string>{"sheet.totals V!6", "sheet.remarks V!7"}));
}

TEST(SheetRecords, SubtotalsAreToldByTheirSums) {
  const SheetTable table = table_of(R"(Region | Montant
Nord | 10
Sud | 20
Sous-total 1 | 30
Ouest | 5
Est | 6
Sous-total 2 | 11
TOTAL GÉNÉRAL | 41)");
  EXPECT_EQ(table.records,
            "2: text:Nord number:10\n3: text:Sud number:20\n5: text:Ouest number:5\n6: text:Est number:6\n");
  EXPECT_EQ(table.notices, std::vector<std::string>{"sheet.totals V!4"});
}

TEST(SheetRecords, ACustomerCalledTotalIsACustomer) {
  const SheetTable first = table_of(R"(Client | Montant
Total | 7
Dupont | 10
TotalEnergies | 30
Martin | 5)");
  EXPECT_EQ(
      first.records,
      "2: text:Total number:7\n3: text:Dupont number:10\n4: text:TotalEnergies number:30\n5: text:Martin number:5\n");
  EXPECT_TRUE(first.notices.empty());
  const SheetTable orders = table_of(R"(Client | N° | Date | Montant | Téléphone
Dupont | 1001 | 2025-01-03 | 10 | 01
Martin | 1002 | 2025-01-04 | 11 | 02
Total Energies SA | 1003 | 2025-01-05 | 5000 |
Durand | 1004 | 2025-01-06 | 12 | 03)");
  EXPECT_TRUE(orders.records.contains("4: text:Total Energies SA number:1003 date:2025-01-05 number:5000 -\n"))
      << orders.records;
  EXPECT_TRUE(orders.notices.empty()) << "its day and its number are those of an order";
}

TEST(SheetRecords, WhatMayBeATotalIsForAPersonToSay) {
  const auto of = [](const char* picture, Totals totals = Totals::judge) {
    TableWishes wishes;
    wishes.totals = totals;
    return table_of(picture, wishes).records;
  };
  const char* last = "Client | Montant\nDupont | 10\nMartin | 5\nTotal | 7";
  EXPECT_EQ(of(last),
            "sheet.total_row: V!4 may be a total, or a record that is called so; say which: totals: keep, or totals: "
            "leave_out");
  EXPECT_EQ(of(last, Totals::keep), "2: text:Dupont number:10\n3: text:Martin number:5\n4: text:Total number:7\n");
  EXPECT_EQ(of(last, Totals::leave_out), "2: text:Dupont number:10\n3: text:Martin number:5\n");
  EXPECT_EQ(table_of(last, until(4)).records, of(last, Totals::keep));
  EXPECT_EQ(table_of(last, until(3)).records, of(last, Totals::leave_out));
  EXPECT_EQ(of("Client | Montant\nDupont | 10.01\nMartin | 5\nTotal | 15\nDurand | 4").substr(0, 21),
            "sheet.total_row: V!4 ")
      << "a cent off, and not the last";
  EXPECT_EQ(of("Client | Montant\nDupont | 10\nTotal janvier | 10").substr(0, 21), "sheet.total_row: V!3 ")
      << "of one record, which may have two that are alike";
  EXPECT_EQ(of("Client | Tel | Montant\nDupont | 01 | 10\nMartin | 02 | 7\nTotal SA | | 500").substr(0, 21),
            "sheet.total_row: V!4 ");
  EXPECT_TRUE(of("Client | Montant\nTotal | 15\nDupont | 10\nMartin | 5\nNord | 0").contains("sheet.total_row: V!2 "));
}

TEST(SheetRecords, AKeyThatGoesOnIsNoSum) {
  EXPECT_EQ(
      table_of("Client | N° | Montant\nDupont | 1 | 10\nMartin | 2 | 5\nTotal SA | 3 | 500\nNord | 4 | 2").records,
      "sheet.total_row: V!4 may be a total, or a record that is called so; say which: totals: keep, or totals: "
      "leave_out")
      << "1 and 2 make 3, but 10 and 5 are not 500";
  EXPECT_TRUE(table_of("Client | N° | Montant\nDupont | 1 | 10\nMartin | 2 | 5\nNord | 3 | 1\nTotal SA | 4 | 500")
                  .records.contains("5: text:Total SA number:4 number:500\n"));
}

TEST(SheetRecords, TotalsHaveManyNames) {
  const char* records = "2: text:Dupont number:10\n3: text:Martin number:5\n";
  for (const char* label :
       {"Totals", "Gesamtsumme", "Total janvier", "SOUS-TOTAL :", "Totaux", "Zwischensumme", "Total HT"})
    EXPECT_EQ(table_of(fmt::format("Client | Montant\nDupont | 10\nMartin | 5\n{} | 15", label)).records, records)
        << label;
  EXPECT_EQ(table_of("Client | N° | Montant\nDupont | 1 | 10\nTotal janvier | | 10").records,
            "2: text:Dupont number:1 number:10\n");
  EXPECT_EQ(table_of("Client | Montant\nDupont | '10,50 €\nMartin | '5,25 €\nTotal | '15,75 €").records,
            "2: text:Dupont text:10,50 €\n3: text:Martin text:5,25 €\n")
      << "amounts that are texts";
}

TEST(SheetRecords, ASecondTableOfTextsIsRefused) {
  EXPECT_EQ(table_of(R"(Nom | Email | Ville
Anne | anne@example.com | Nice
Ben | ben@example.com | Metz

Produit | Catégorie |
Stylo | Papier |)")
                .records,
            "2: text:Anne text:anne@example.com text:Nice\n3: text:Ben text:ben@example.com text:Metz\n"
            "sheet.second_table: V!5 looks like the names of another table under the first; say where the first one "
            "ends: last_row: 4");
}

TEST(SheetRecords, NamesThatAreRepeatedAreLeftOut) {
  const SheetTable table = table_of("Client | Montant\nDupont | 10\n\nClient | Montant\nMartin | 5");
  EXPECT_EQ(table.records, "2: text:Dupont number:10\n5: text:Martin number:5\n");
  EXPECT_EQ(table.notices, std::vector<std::string>{"sheet.names_again V!4"});
}

TEST(SheetRecords, ASecondTableIsRefusedWithItsPlace) {
  const char* picture = R"(Client | Montant
Dupont | 10
Martin | 20

Vendeur | Objectif
Durand | 100)";
  EXPECT_EQ(table_of(picture).records,
            "2: text:Dupont number:10\n3: text:Martin number:20\nsheet.second_table: V!5 looks like the names of "
            "another table under the first; "
            "say where the first one ends: last_row: 4");
  EXPECT_EQ(table_of(picture, until(4)).records, "2: text:Dupont number:10\n3: text:Martin number:20\n");
  EXPECT_EQ(table_of(picture, named_in(5)).records, "6: text:Durand number:100\n");
}

TEST(SheetRecords, TwoTablesSideBySideAreRefused) {
  const char* picture = R"(Client | Montant | | Vendeur | Objectif
Dupont | 10 | | Durand | 100
Martin | 20 | | |
Petit | 30 | | |)";
  EXPECT_EQ(table_of(picture).names,
            "sheet.two_tables: V!1 begins two tables side by side, A:B and D:E; say which is meant: columns: A:B");
  EXPECT_EQ(table_of(picture, within("D:E")).names, "Vendeur|Objectif");
  EXPECT_EQ(table_of(picture, within("D:E")).records, "2: text:Durand number:100\n");
  EXPECT_EQ(table_of("A | B | | C | D\n1 | 2 | | 3 | 4\n5 | 6 | | 7 | 8").names, "A|B|column 3|C|D")
      << "one table with a blank column";
}

TEST(SheetRecords, WithoutNamesIsRefused) {
  EXPECT_EQ(
      table_of("1001 | 2025-01-31 | 12\n1002 | 2025-02-01 | 13").names,
      "sheet.no_header: V!1 looks like a record already, and no row above it names the columns; say which row does "
      "(header_row: 3), or give the names (header: [order_id, date, amount])");
  EXPECT_EQ(table_of("Paris | ouvert\nLyon | ouvert\nNice | ferme").names.substr(0, 15), "sheet.no_header");
  const SheetTable given =
      table_of("1001 | 2025-01-31 | 12\n1002 | 2025-02-01 | 13", called({"id", "jour", "montant"}));
  EXPECT_EQ(given.names, "id|jour|montant");
  EXPECT_EQ(given.records, "1: number:1001 date:2025-01-31 number:12\n2: number:1002 date:2025-02-01 number:13\n");
}

TEST(SheetRecords, TextsAloneAreATableToo) {
  EXPECT_EQ(table_of("Variable | Description\nid | Le numéro\nnom | Le nom").names, "Variable|Description");
  EXPECT_EQ(table_of("Clients\nDupont\nMartin").records, "2: text:Dupont\n3: text:Martin\n");
}

TEST(SheetRecords, NamesAreMadeToDiffer) {
  const SheetTable table = table_of("Montant | Montant | | Date\n1 | 2 | 3 | 2025-01-31\n4 | 5 | 6 | 2025-02-01");
  EXPECT_EQ(table.names, "Montant|Montant (2)|column 3|Date");
}

TEST(SheetRecords, CellsBesideTheTableAreTold) {
  std::string picture = "Client | Montant | Note\n";
  for (int i = 0; i < 400; ++i) picture += fmt::format("C{} | {} | x\n", i, i);
  picture += "Fin | 3 | x | oups\nFin2 | 3 | x";
  const SheetTable table = table_of(picture);
  EXPECT_EQ(table.names, "Client|Montant|Note");
  EXPECT_EQ(table.notices, std::vector<std::string>{"sheet.outside V!D402"});
}

TEST(SheetRecords, ASlipInAFarColumnIsBesideTheTable) {
  std::string picture = "Client | Montant\nDupont | 10\nMartin | 5";
  for (int i = 0; i < 16'300; ++i) picture += " |";
  const SheetTable table = table_of(picture + " oups\nNord | 6");
  EXPECT_EQ(table.names, "Client|Montant");
  EXPECT_EQ(table.records, "2: text:Dupont number:10\n3: text:Martin number:5\n4: text:Nord number:6\n");
  EXPECT_EQ(table.notices, std::vector<std::string>{"sheet.outside V!" + column_letters(16'301) + "3"});
}

TEST(SheetRecords, ARowOfNamesFarDownHoldsNothingAboveIt) {
  std::string picture = "Ventes\n";
  for (int i = 0; i < 700; ++i) picture += fmt::format("x{} | y | z\n", i);
  const SheetTable table = table_of(picture + "Client | Montant |\nDupont | 10 |", named_in(702));
  EXPECT_EQ(table.records, "703: text:Dupont number:10\n");
  EXPECT_EQ(table_of(picture, named_in(900)).names,
            "sheet.header_row: V!900 holds nothing, and is to hold the names of the columns; the first row that holds "
            "something is 1");
}

TEST(SheetRecords, SayWhereValuesStand) {
  const TestFolder folder;
  BookParts parts;
  parts.sheets = {{"Ventes 2025", sheet_xml(drawn("\n | Client | Montant\n | Dupont | 10\n\n | Martin | 20")), ""}};
  parts.write(folder / "book.xlsx");
  const auto book = Workbook::open(folder / "book.xlsx");
  auto records = SheetRecords::open(**book, "", {});
  ASSERT_TRUE(records) << records.error().text();
  EXPECT_EQ((*records)->place(5), "'Ventes 2025'!5");
  EXPECT_EQ((*records)->place(5, 1), "'Ventes 2025'!C5");
  const auto count = write_csv(**records, folder / "out.csv", "row");
  ASSERT_TRUE(count) << count.error().text();
  EXPECT_EQ(*count, 2);
  EXPECT_EQ(folder.read("out.csv"), "row,Client,Montant\n3,Dupont,10\n5,Martin,20\n");
}

TEST(SheetRecords, AnErrorLeavesNoHalfFileBehind) {
  const TestFolder folder;
  BookParts parts;
  parts.sheets = {{"V", sheet_xml(drawn("Client | Montant\nDupont | 10\nMartin | 5\nTotal | 7")), ""}};
  parts.write(folder / "book.xlsx");
  const auto book = Workbook::open(folder / "book.xlsx");
  const auto records = SheetRecords::open(**book, "", {});
  EXPECT_EQ(write_csv(**records, folder / "out.csv", "").error().code, "sheet.total_row");
  EXPECT_FALSE(std::filesystem::exists(folder / "out.csv"));
  TypedRecord record;
  EXPECT_EQ((*records)->next(record).error().code, "sheet.total_row") << "an error is for good";
  EXPECT_EQ(write_csv(**SheetRecords::open(**book, "", until(4)), folder / "no/out.csv", "").error().code,
            "file.unwritable");
}

TEST(SheetRecords, ALongSheetIsReadInLittleMemory) {
  const TestFolder folder;
  std::string rows =
      R"(<row r="1"><c t="inlineStr"><is><t>id</t></is></c><c t="inlineStr"><is><t>montant</t></is></c></row>)";
  constexpr int kRows = 30'000;
  for (int i = 0; i < kRows; ++i) rows += fmt::format(R"(<row><c><v>{}</v></c><c><v>{}.5</v></c></row>)", i, i % 1000);
  BookParts parts;
  parts.sheets = {{"V", sheet_xml(rows), ""}};
  parts.write(folder / "book.xlsx");
  const auto book = Workbook::open(folder / "book.xlsx");
  const auto records = SheetRecords::open(**book, "", {});
  ASSERT_TRUE(records) << records.error().text();
  const std::size_t before = mallinfo2().uordblks;  // 0 under the sanitizers, which have their own
  std::size_t most = 0;
  int count = 0;
  for (TypedRecord record;; ++count) {
    const auto more = (*records)->next(record);
    ASSERT_TRUE(more) << more.error().text();
    if (!*more) break;
    if (count % 1000 == 0) most = std::max<std::size_t>(most, mallinfo2().uordblks);
  }
  EXPECT_EQ(count, kRows);
  EXPECT_LT(most, before + (1U << 20)) << "what is held does not grow with the rows, which take a hundred bytes each";
}

}  // namespace
}  // namespace vigie::reading

#include "reading/workbook.h"

#include <gtest/gtest.h>

#include "reading/test_archive.h"

namespace vigie::reading {
namespace {

/// The rows of a sheet, one a line; or the error.
std::string rows_of(const std::filesystem::path& file, std::string_view sheet = "") {
  const auto book = Workbook::open(file);
  if (!book) return book.error().code + ": " + book.error().message;
  const auto index = (*book)->wanted_sheet(sheet);
  if (!index) return index.error().code + ": " + index.error().message;
  const auto rows = (*book)->rows(*index);
  if (!rows) return rows.error().code + ": " + rows.error().message;
  std::string out;
  for (SheetRow row;;) {
    const auto more = (*rows)->next(row);
    if (!more) return out + more.error().code + ": " + more.error().message;
    if (!*more) break;
    out += std::to_string(row.number) + (row.hidden ? " hidden" : "") + ": " + cells_shown(row.cells.from_column_a()) +
           "\n";
  }
  for (const std::string& code : codes_of(notices_of((*rows)->facts(), (*book)->sheets()[*index]))) out += code + "\n";
  return out;
}

std::string rows_of_sheet(const std::string& xml, BookParts parts = {}) {
  const TestFolder folder;
  parts.sheets = {{"Ventes", xml, ""}};
  parts.write(folder / "book.xlsx");
  return rows_of(folder / "book.xlsx");
}

TEST(Workbook, AsExcelWritesIt) {
  BookParts parts;
  parts.shared =
      "<si><t>Client</t></si><si><t xml:space=\"preserve\"> Dupont </t></si>"
      "<si><r><rPr><b/></rPr><t>gras</t></r><r><t xml:space=\"preserve\"> et maigre</t></r></si>"
      "<si><t>東京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh></si><si><t>a_x000D_\nb "
      "_x005F_x000D_</t></si><si><t/></si>";
  parts.formats = R"(<numFmt numFmtId="164" formatCode="dd/mm/yyyy\ hh:mm"/>)";
  parts.styles = R"(<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="4"/>)";
  EXPECT_EQ(
      rows_of_sheet(
          sheet_xml(
              R"(<row r="1" spans="1:6"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>4</v></c><c r="F1" t="s"><v>5</v></c></row>
<row r="3"><c r="A3" s="1"><v>45688</v></c><c r="B3" s="2"><v>45688.779166666667</v></c><c r="C3" s="3"><v>274.65999999999997</v></c><c r="D3" t="b"><v>1</v></c><c r="E3" t="e"><v>#N/A</v></c><c r="F3" t="str"><f>A1&amp;"x"</f><v>Clientx</v></c><c r="G3"><f>1+1</f><v>2</v></c></row>)",
              R"(<dimension ref="A1:G3"/>)"),
          parts),
      "1: text:Client text: Dupont  text:gras et maigre text:東京 text:a\r\nb _x000D_\n"
      "3: date:2025-01-31 instant:2025-01-31 18:42:00 number:274.66 boolean:true error:#N/A text:Clientx number:2\n"
      "sheet.errors Ventes!E3\n");
}

TEST(Workbook, AsOtherProgramsWriteIt) {
  // No references, no dimension, no shared texts, a prefix on every name, blanks between the elements, days in ISO
  // 8601.
  EXPECT_EQ(rows_of_sheet(R"(<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main">
 <x:sheetData>
  <x:row>
   <x:c t="inlineStr"><x:is><x:t>
      Ville
   </x:t></x:is></x:c>
   <x:c t="inlineStr"><x:is><x:r><x:t>Mon</x:t></x:r><x:r><x:t>tant</x:t></x:r><x:rPh><x:t>x</x:t></x:rPh></x:is></x:c>
   <x:c/>
   <x:c t="d"><x:v>2025-01-31T18:42:00</x:v></x:c>
  </x:row>
  <x:row/>
  <x:row><x:c/><x:c><x:v>12.50</x:v></x:c></x:row>
 </x:sheetData>
</x:worksheet>)"),
            "1: text:Ville text:Montant - instant:2025-01-31 18:42:00\n3: - number:12.5\n");
}

TEST(Workbook, SparseRowsKeepTheirPlaces) {
  EXPECT_EQ(
      rows_of_sheet(sheet_xml(
          R"(<row r="2"><c r="C2"><v>1</v></c><c r="E2"><v>2</v></c><c><v>3</v></c><c r="H2" s="4"/></row><row r="1048576"><c r="A1048576"><v>9</v></c></row>)")),
      "2: - - number:1 - number:2 number:3\n1048576: number:9\n");
}

TEST(Workbook, WhatIsHiddenIsReadAndTold) {
  EXPECT_EQ(
      rows_of_sheet(sheet_xml(
          R"(<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="A2"><v>2</v></c></row><row r="3" hidden="true"><c r="A3"><v>3</v></c></row>)",
          R"(<cols><col min="2" max="3" hidden="1"/></cols>)",
          R"(<mergeCells count="1"><mergeCell ref="A5:C5"/></mergeCells>)")),
      "1: number:1\n2 hidden: number:2\n3 hidden: number:3\n"
      "sheet.hidden_rows Ventes!2\nsheet.hidden_columns Ventes\nsheet.merged Ventes!A5\n");
}

TEST(Workbook, FormulasThatNobodyCalculatedAreTold) {
  BookParts parts;
  parts.workbook = R"(<calcPr calcId="1" fullCalcOnLoad="1"/>)";
  EXPECT_EQ(
      rows_of_sheet(
          sheet_xml(
              R"(<row r="1"><c r="A1"><f>SUM(B1:B9)</f><v></v></c><c r="B1"><f t="shared" si="0"/></c><c r="C1"><f>1</f><v>0</v></c><c r="D1" t="str"><f>""</f><v></v></c></row>)"),
          parts),
      "1: error:=SUM(B1:B9) error:= number:0\n"
      "sheet.not_calculated Ventes!A1\nsheet.calculated_on_load Ventes\n");
}

TEST(Workbook, DaysFrom1904) {
  BookParts parts;
  parts.workbook = R"(<workbookPr date1904="1"/>)";
  parts.styles = R"(<xf numFmtId="14"/>)";
  EXPECT_EQ(rows_of_sheet(sheet_xml(R"(<row r="1"><c r="A1" s="0"><v>44226</v></c></row>)"), parts),
            "1: date:2025-01-31\n");
}

TEST(Workbook, RowsOfDrawingsAreNoRows) {
  EXPECT_EQ(
      rows_of_sheet(sheet_xml(
          R"(<row r="4"><c r="A4"><v>1</v></c></row>)", "",
          R"(<controls><anchor><from><xdr:col xmlns:xdr="d">1</xdr:col><xdr:row xmlns:xdr="d">2</xdr:row></from></anchor></controls>)")),
      "4: number:1\n");
}

TEST(Workbook, SheetsAreFoundByNameOrWhereThereIsOne) {
  const TestFolder folder;
  const std::string filled = sheet_xml(R"(<row r="1"><c r="A1"><v>1</v></c></row>)");
  BookParts parts;
  parts.sheets = {{"Janvier", filled, ""}, {"Vide", sheet_xml(""), ""}, {"Calculs", filled, "veryHidden"}};
  parts.write(folder / "one.xlsx");
  EXPECT_EQ(rows_of(folder / "one.xlsx"), "1: number:1\n") << "an empty sheet and a hidden one are beside it";
  EXPECT_EQ(rows_of(folder / "one.xlsx", "calculs"), "1: number:1\nsheet.hidden Calculs\n");
  EXPECT_EQ(rows_of(folder / "one.xlsx", "Fevrier"), "sheet.unknown: the workbook one.xlsx has no sheet \"Fevrier\"");
  parts.sheets.push_back({"Février", filled, ""});
  parts.write(folder / "two.xlsx");
  EXPECT_EQ(rows_of(folder / "two.xlsx"), "sheet.which: two.xlsx has 2 sheets that hold something: Janvier, Février");
  parts.sheets = {{"Vide", sheet_xml("<row r=\"1\"/>"), ""}};
  parts.write(folder / "none.xlsx");
  EXPECT_EQ(rows_of(folder / "none.xlsx"), "sheet.none: no visible sheet of none.xlsx holds anything");
}

TEST(Workbook, DamagedSheetsSayWhere) {
  EXPECT_EQ(rows_of_sheet(sheet_xml(R"(<row r="2"><c r="A2"><v>1</v></c></row><row r="1"/>)")),
            "2: number:1\nxlsx.damaged: the sheet \"Ventes\" is damaged: row 1 stands after row 2");
  EXPECT_TRUE(
      rows_of_sheet(sheet_xml(R"(<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="s"><v>7</v></c></row>)"))
          .starts_with("xlsx.damaged: the sheet \"Ventes\" is damaged: the cell B1 names a text that is not there"));
  EXPECT_TRUE(
      rows_of_sheet(sheet_xml(R"(<row r="1"><c r="A1"><v>1</v></row>)"))
          .starts_with("xlsx.damaged: the part xl/worksheets/sheet1.xml (book.xlsx) is damaged at its line 1 ("));
  EXPECT_TRUE(rows_of_sheet(R"(<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>)")
                  .starts_with("xlsx.damaged: the part xl/worksheets/sheet1.xml (book.xlsx) declares a document type"));
}

TEST(Workbook, WhatIsNoneSaysWhatItIs) {
  const TestFolder folder;
  folder.write("a.xls", "<html><body><table><tr><td>1</td></tr></table>");
  folder.write("b.xls", "id\tname\n1\tx\n");
  folder.write("c.xls", "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">");
  write_archive(folder / "d.xlsx",
                {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "<a/>"}});
  write_archive(folder / "e.xlsb", {{"[Content_Types].xml", "<a/>"}, {"xl/workbook.bin", "x"}});
  write_archive(folder / "f.zip", {{"a.csv", "1"}});
  folder.write("g.xlsx", "");
  EXPECT_EQ(rows_of(folder / "a.xls"), "workbook.format: a.xls is a web page (HTML) under the name of a workbook");
  EXPECT_EQ(rows_of(folder / "b.xls"), "workbook.format: b.xls is no workbook");
  EXPECT_EQ(rows_of(folder / "c.xls"), "workbook.format: c.xls is a workbook of Excel 2003 in XML, which is not read");
  EXPECT_EQ(rows_of(folder / "d.xlsx"), "workbook.format: d.xlsx is an OpenDocument file (ODS), which is not read");
  EXPECT_EQ(rows_of(folder / "e.xlsb"), "workbook.format: e.xlsb is a binary workbook (XLSB), which is not read");
  EXPECT_EQ(rows_of(folder / "f.zip"), "workbook.format: f.zip is a ZIP archive and no workbook");
  EXPECT_EQ(rows_of(folder / "g.xlsx"), "workbook.format: g.xlsx is no workbook");
  EXPECT_EQ(rows_of(folder / "h.xlsx"), "file.missing: there is no file h.xlsx");
}

TEST(Workbook, PlacesAreWrittenAsSpreadsheetsWriteThem) {
  EXPECT_EQ(sheet_place("Ventes", "B7"), "Ventes!B7");
  EXPECT_EQ(sheet_place("Ventes 2025", "B7"), "'Ventes 2025'!B7");
  EXPECT_EQ(sheet_place("L'été", "B7"), "'L''été'!B7");
  EXPECT_EQ(sheet_place("2025", "B7"), "'2025'!B7");
}

}  // namespace
}  // namespace vigie::reading

// Real files, read right: where the folder of data sets is not there, these tests say so and are skipped.
#include <gtest/gtest.h>

#include "base/text.h"
#include "reading/cell_value.h"
#include "reading/json_records.h"
#include "reading/sheet_records.h"
#include "reading/sqlite_tables.h"
#include "reading/test_archive.h"
#include "reading/test_data.h"
#include "reading/zip_archive.h"

namespace vigie::reading {
namespace {

class SheetFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    data_ = data_sets();
    if (data_.empty()) GTEST_SKIP() << "no data sets here (VIGIE_SHARED_DATA says where)";
  }
  std::string table(const std::string& file, std::string_view sheet = "") const {
    const auto book = Workbook::open(data_ / file);
    if (!book) return book.error().code;
    const auto records = SheetRecords::open(**book, sheet, {});
    if (!records) return records.error().code;
    return join((*records)->columns(), "|") + "\n" + all_of(**records);
  }
  std::filesystem::path data_;
};

/// As the sheet has it: 24,2 is the number 24.2, line breaks are those of a sheet.
std::string as_in_a_sheet(std::string text, CellKind kind) {
  if (kind == CellKind::number) {
    std::ranges::replace(text, ',', '.');
    return plain_number(text).value_or(text);
  }
  std::string out;
  for (const char c : text)
    if (c != '\r') out += c;
  return out;
}

TEST_F(SheetFiles, AWorkbookAndItsCsvAreTheSameTable) {
  for (const char* name : {"erp", "liaison", "web"}) {
    const auto csv = plain_csv(bytes_of(data_ / "boutique_fr" / (std::string(name) + ".csv")).value_or(""), ";");
    const auto book = Workbook::open(data_ / "boutique_fr" / (std::string(name) + ".xlsx"));
    ASSERT_TRUE(book) << book.error().text();
    const auto records = SheetRecords::open(**book, "", {});
    ASSERT_TRUE(records) << records.error().text();
    ASSERT_EQ((*records)->columns(), csv.front()) << name;
    // The rows of the two are not in one order: each row as one text, sorted.
    std::vector<std::string> sheet_rows, csv_rows;
    for (TypedRecord record;;) {
      const auto more = (*records)->next(record);
      ASSERT_TRUE(more) << more.error().text();
      if (!*more) break;
      std::string row;
      for (const Cell& cell : record.cells) row += as_in_a_sheet(cell.text, cell.kind) + "\x1f";
      sheet_rows.push_back(row);
    }
    for (std::size_t i = 1; i < csv.size(); ++i) {
      std::string row;
      for (const std::string& text : csv[i]) {
        std::string point = text;
        std::ranges::replace(point, ',', '.');
        row += as_in_a_sheet(text, plain_number(point) ? CellKind::number : CellKind::text) + "\x1f";
      }
      csv_rows.push_back(row);
    }
    std::ranges::sort(sheet_rows);
    std::ranges::sort(csv_rows);
    ASSERT_EQ(sheet_rows.size(), csv_rows.size()) << name;
    std::size_t differ = 0;
    for (std::size_t i = 0; i < csv_rows.size(); ++i) {
      if (sheet_rows[i] == csv_rows[i]) continue;
      if (differ++ < 3) ADD_FAILURE() << name << "\n sheet: " << sheet_rows[i] << "\n csv:   " << csv_rows[i];
    }
    EXPECT_EQ(differ, 0U) << name;
  }
}

TEST_F(SheetFiles, OfOtherProjects) {
  const std::string weather =
      "date|temperature|place\n2: date:2011-01-01 number:1 text:Galway\n3: date:2011-01-02 number:-1 text:Galway\n"
      "4: date:2011-01-03 number:0 text:Galway\n5: date:2011-01-01 number:6 text:Berkeley\n"
      "6: date:2011-01-02 number:8 text:Berkeley\n7: date:2011-01-03 number:5 text:Berkeley\n";
  EXPECT_EQ(table("messy/messytables/simple.xlsx"), weather);
  EXPECT_EQ(table("messy/messytables/simple.xls"), weather);
  EXPECT_EQ(table("messy/messytables/libreoffice.xlsx"), "sheet.none") << "a sheet with one row and nothing in it";
  const std::string types =
      "A|B|C|D|E\n2: text:001 text:b number:1 text:a number:1\n3: text:002 text:c number:1 number:1 number:1\n";
  EXPECT_EQ(table("messy/frictionless/cast-int-to-string-issue-1251.xlsx"), types);
  EXPECT_EQ(table("messy/frictionless/cast-int-to-string-issue-1251.xls"), types);
  const std::string phosphate = table("messy/frictionless/adjust-floating-point-error.xlsx");
  EXPECT_NE(phosphate.find("number:68.665 number:274.66 number:274.66\n"), std::string::npos) << phosphate;
  const std::string dictionary = table("leads/Leads_data_dictionary.xlsx");
  EXPECT_TRUE(dictionary.starts_with("Variables|Description\n2: text:Prospect ID text:")) << dictionary;
  EXPECT_EQ(std::ranges::count(dictionary, '\n'), 1 + 37);
}

TEST_F(SheetFiles, AnArchiveOfOneTable) {
  const auto archive = ZipArchive::open(data_ / "messy/frictionless/explicit.csv.zip");
  ASSERT_TRUE(archive) << archive.error().text();
  ASSERT_TRUE(archive->wanted(""));
  EXPECT_EQ((*archive->wanted(""))->name, "table.csv");
}

TEST_F(SheetFiles, ADatabaseOfInvoices) {
  const auto database = SqliteDatabase::open(data_ / "chinook/Chinook_Sqlite.sqlite");
  ASSERT_TRUE(database) << database.error().text();
  const auto records = database->records("Invoice");
  ASSERT_TRUE(records) << records.error().text();
  std::int64_t rows = 0, cents = 0;
  const auto total = std::ranges::find((*records)->columns(), "Total") - (*records)->columns().begin();
  for (TypedRecord record;; ++rows) {
    const auto more = (*records)->next(record);
    ASSERT_TRUE(more) << more.error().text();
    if (!*more) break;
    cents += std::llround(std::stod(record.cells.at(static_cast<std::size_t>(total)).text) * 100);
  }
  EXPECT_EQ(rows, 412);
  EXPECT_EQ(cents, 232'860) << "the invoices of Chinook add up to 2,328.60";
}

}  // namespace
}  // namespace vigie::reading

// What each format makes of the same rows; a workbook and a Parquet file are read back, by the reading room and by the
// engine.
#include <gtest/gtest.h>

#include <fstream>

#include "base/file.h"
#include "base/test_folder.h"
#include "exports/out_file.h"
#include "exports/sheet_text.h"
#include "exports/writer.h"
#include "reading/workbook.h"
#include "store/database.h"

namespace vigie::exports {
namespace {

namespace fs = std::filesystem;
using tongue::Language;

const std::vector<Column>& columns() {
  static const std::vector<Column> kColumns{
      {"id", {"Number", "Numéro"}, Kind::text},
      {"amount", {"Amount", "Montant"}, Kind::exact, "money"},
      {"share", {"Share", "Part"}, Kind::number, "rate"},
      {"n", {"Count", "Nombre"}, Kind::integer, "count"},
      {"paid", {"Paid", "Payée"}, Kind::boolean},
      {"day", {"Day", "Jour"}, Kind::date},
      {"at", {"Time", "Heure"}, Kind::moment},
  };
  return kColumns;
}

Decimal decimal(const char* text) { return *Decimal::parse(text); }

/// A clean row, a row of traps, a row of nothing.
std::vector<Row> rows() {
  const Moment noon{*parse_instant("2025-07-14T10:00:00Z")},
      bare{*parse_instant("2025-01-30T23:00:00Z"), date_of(2025, 1, 31)};
  return {
      {{std::string("A-1"), decimal("1184.5000"), 0.125, std::int64_t{7}, true, date_of(2025, 1, 31), noon}, "", "EUR"},
      {{std::string("=1+1; \"quoted\",\nnext"), decimal("-0.10"), 1.0 / 3, std::int64_t{-3}, false,
        date_of(1999, 12, 31), bare},
       "",
       "USD"},
      {{{}, {}, {}, {}, {}, {}, {}}},
  };
}

class Writers : public testing::Test {
 protected:
  fs::path place(const std::string& name) const { return folder_.path() / name; }

  std::vector<std::string> write(const Form& form, const fs::path& to, const std::vector<Row>& what) {
    auto file = OutFile::begin(to, OutFile::Existing::replace);
    EXPECT_TRUE(file) << file.error().text();
    const auto writer = writer_of(form, {file->descriptor(), file->path(), to, folder_.path()}, paris_.get());
    About about;
    about.add({"Company", "Entreprise"}, std::string("Atelier"));
    EXPECT_TRUE(writer->begin(columns()));
    for (const Row& row : what) EXPECT_TRUE(writer->row(row));
    const auto ended = writer->end(about);
    EXPECT_TRUE(ended) << ended.error().text();
    EXPECT_TRUE(file->put());
    return writer->notes();
  }
  std::string csv(Form form) {
    form.format = Format::csv;
    write(form, place("a.csv"), rows());
    return *bytes_of(place("a.csv"));
  }

  const TestFolder folder_;
  const std::shared_ptr<const calendar::Zone> paris_ = *calendar::Zone::find("Europe/Paris");
};

TEST_F(Writers, CsvForProgramsIsRfc4180ToTheLetter) {
  EXPECT_EQ(csv({}),
            "id,amount,share,n,paid,day,at\r\n"
            "A-1,1184.5,0.125,7,true,2025-01-31,2025-07-14T10:00:00Z\r\n"
            "\"=1+1; \"\"quoted\"\",\nnext\",-0.1,0.3333333333333333,-3,false,1999-12-31,2025-01-31\r\n"
            ",,,,,,\r\n");
}

TEST_F(Writers, CsvForAFrenchExcelOpensThere) {
  EXPECT_EQ(csv({.reader = Reader::excel_fr, .labels = true, .guard_formulas = true, .language = Language::fr}),
            "\xEF\xBB\xBFNuméro;Montant;Part;Nombre;Payée;Jour;Heure (Europe/Paris)\r\n"
            "A-1;1184,5;0,125;7;VRAI;2025-01-31;2025-07-14 12:00:00\r\n"
            "\"'=1+1; \"\"quoted\"\",\nnext\";-0,1;0,3333333333333333;-3;FAUX;1999-12-31;2025-01-31\r\n"
            ";;;;;;\r\n");
}

/// The cells of a sheet as "kind text", row by row.
std::vector<std::string> sheet(const fs::path& file, const std::string& name) {
  std::vector<std::string> out;
  auto book = reading::Workbook::open(file);
  EXPECT_TRUE(book) << book.error().text();
  const auto found = (*book)->wanted_sheet(name);
  EXPECT_TRUE(found) << found.error().text();
  auto rows = (*book)->rows(*found);
  EXPECT_TRUE(rows) << rows.error().text();
  reading::SheetRow row;
  while (*(*rows)->next(row)) {
    std::string line;
    for (const auto& cell : row.cells.from_column_a())
      line += (line.empty() ? "" : "|") + std::string(reading::to_string(cell.kind)) + " " + cell.text;
    out.push_back(line);
  }
  return out;
}

TEST_F(Writers, AWorkbookHoldsNumbersDatesAndTextsAsWhatTheyAre) {
  EXPECT_TRUE(
      write({.format = Format::xlsx, .labels = true, .language = Language::fr}, place("a.xlsx"), rows()).empty());
  const auto data = sheet(place("a.xlsx"), "Données");
  ASSERT_EQ(data.size(), 3U) << "a row of nothing holds nothing";
  EXPECT_EQ(data[0], "text Numéro|text Montant|text Part|text Nombre|text Payée|text Jour|text Heure (Europe/Paris)");
  EXPECT_EQ(data[1],
            "text A-1|number 1184.5 EUR|number 0.125|number 7|boolean true|date 2025-01-31|instant 2025-07-14 12:00:00");
  EXPECT_EQ(data[2],
            "text =1+1; \"quoted\",\nnext|number -0.1 USD|number 0.3333333333333333|number -3|boolean false|date "
            "1999-12-31|date 2025-01-31");
  EXPECT_EQ(sheet(place("a.xlsx"), "À propos"), std::vector<std::string>{"text Entreprise|text Atelier"});
}

TEST_F(Writers, WhatASheetCannotHoldIsToldOrStandsThereAsText) {
  std::vector<Row> one{rows().front()};
  one[0].cells[0] = std::string("a\x01_x0041_\r");
  one[0].cells[1] = decimal("12345678901234.5678");
  one[0].cells[5] = date_of(1850, 6, 1);
  const auto notes = write({.format = Format::xlsx}, place("a.xlsx"), one);
  EXPECT_EQ(notes,
            (std::vector<std::string>{"numbers with more digits than a sheet keeps, which stand there as texts: 1",
                                      "days before March 1900, which stand in the sheet as texts: 1"}));
  EXPECT_EQ(sheet(place("a.xlsx"), "Data")[1],
            "text a\x01_x0041_\r|text 12345678901234.5678|number 0.125|number 7|boolean true|text 1850-06-01|instant "
            "2025-07-14 12:00:00");
  const auto writer =
      xlsx_writer({.format = Format::xlsx}, {-1, place("b.xlsx").string(), "b.xlsx", folder_.path()}, paris_.get());
  ASSERT_TRUE(writer->begin(columns()));
  one[0].cells[0] = std::string(32'768, 'x');
  const auto refused = writer->row(one[0]);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text(),
            "a cell of a sheet holds 32767 characters, and id of row 1 has 32768; leave that row out with --where, or "
            "export as CSV or Parquet");
  one[0].cells[0] = std::string(32'767, 'x');
  EXPECT_TRUE(writer->row(one[0])) << "as much as it holds";
}

TEST(SheetText, CountsAndKeepsDigitsAsASheetDoes) {
  EXPECT_EQ(sheet_length("été"), 3U);
  EXPECT_EQ(sheet_length("\U0001F600"), 2U);
  for (const char* fits :
       {"0", "0.1", "-1184.55", "12345678901.1234", "0.00000001", "999999999999999", "8.29", "9876543210.1234"})
    EXPECT_TRUE(fits_a_sheet(decimal(fits))) << fits;
  for (const char* not_ : {"12345678901234.5678", "99999999999999.9999", "123456789012345678"})
    EXPECT_FALSE(fits_a_sheet(decimal(not_))) << not_;
}

TEST_F(Writers, ParquetKeepsTypesAndNothing) {
  write({.format = Format::parquet}, place("a.parquet"), rows());
  const auto database = store::Database::open({.threads = 1});
  auto connection = *(*database)->connect();
  const auto types = connection.describe(fmt::format("SELECT * FROM '{}'", place("a.parquet").string()));
  std::string said;
  for (const auto& [name, type] : *types) said += fmt::format("{} {}, ", name, type);
  EXPECT_EQ(
      said,
      "id VARCHAR, amount VARCHAR, share DOUBLE, n BIGINT, paid BOOLEAN, day DATE, at TIMESTAMP WITH TIME ZONE, ");
  const auto found = connection.query(
      fmt::format("SELECT count(*), count(amount), min(amount), min(share), epoch_us(max(\"at\")) FROM '{}'",
                  place("a.parquet").string()));
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->int64(0, 0), 3);
  EXPECT_EQ(found->int64(0, 1), 2);
  EXPECT_EQ(found->text(0, 2), "-0.1");
  EXPECT_EQ(found->real(0, 3), 0.125);
  EXPECT_EQ(found->int64(0, 4), parse_instant("2025-07-14T10:00:00Z")->micros);
}

TEST_F(Writers, AFileIsThereWholeOrNotAtAll) {
  {
    auto file = OutFile::begin(place("a.csv"), OutFile::Existing::keep);
    ASSERT_TRUE(file);
    ASSERT_TRUE(write_all(file->descriptor(), "half", "a.csv"));
    EXPECT_FALSE(fs::exists(place("a.csv")));
  }
  EXPECT_TRUE(fs::is_empty(folder_.path())) << "given up, it leaves nothing";
  std::ofstream(place("a.csv")) << "mine";
  fs::permissions(place("a.csv"), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(OutFile::begin(place("a.csv"), OutFile::Existing::keep).error().code, "export.exists");
  EXPECT_EQ(OutFile::begin(folder_.path(), OutFile::Existing::replace).error().code, "export.not_a_file");
  EXPECT_EQ(OutFile::begin(place("no/a.csv"), OutFile::Existing::keep).error().code, "file.unwritable");
  auto file = OutFile::begin(place("a.csv"), OutFile::Existing::replace);
  ASSERT_TRUE(file);
  ASSERT_TRUE(write_all(file->descriptor(), "whole", "a.csv"));
  EXPECT_EQ(*bytes_of(place("a.csv")), "mine") << "until it is whole";
  ASSERT_TRUE(file->put());
  EXPECT_EQ(*bytes_of(place("a.csv")), "whole");
  EXPECT_EQ(fs::status(place("a.csv")).permissions(), fs::perms::owner_read | fs::perms::owner_write)
      << "who might not read the one before may not read this one";
  auto late = OutFile::begin(place("b.csv"), OutFile::Existing::keep);
  std::ofstream(place("b.csv")) << "meanwhile";
  EXPECT_EQ(late->put().error().code, "export.exists") << "somebody wrote it while this one was made";
  EXPECT_EQ(*bytes_of(place("b.csv")), "meanwhile");
}

}  // namespace
}  // namespace vigie::exports

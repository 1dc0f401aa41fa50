#include "exports/form.h"

#include <gtest/gtest.h>

namespace vigie::exports {
namespace {

using tongue::Language;

std::string refusal(Fields fields, std::string_view path) {
  const auto form = take_form(fields, path, Language::en);
  return form ? "taken" : form.error().text();
}

TEST(Form, IsReadOfTheEndingWhereNobodySaysIt) {
  Fields none;
  EXPECT_EQ(take_form(none, "out/Ventes.XLSX", Language::en)->format, Format::xlsx);
  EXPECT_EQ(take_form(none, "a.parquet", Language::en)->format, Format::parquet);
  EXPECT_EQ(take_form(none, "", Language::en)->format, Format::csv) << "standard output";
  Fields said{{"format", "csv"}};
  EXPECT_EQ(take_form(said, "orders.txt", Language::en)->format, Format::csv);
  EXPECT_EQ(refusal({}, "orders.xls"),
            "the ending of orders.xls tells no format; end it with .csv, .xlsx or .parquet, or say --format");
}

TEST(Form, LeavesTheFieldsThatAreNotItsOwn) {
  Fields fields{{"by", "channel"}, {"format", "csv"}, {"for", "excel-fr"}, {"where", "a = 1"}};
  const auto form = take_form(fields, "", Language::fr);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->reader, Reader::excel_fr);
  EXPECT_TRUE(form->guard_formulas) << "who opens it in a spreadsheet is kept from what it would run";
  EXPECT_EQ(fields, (Fields{{"by", "channel"}, {"where", "a = 1"}}));
}

TEST(Form, SaysItselfAgain) {
  for (const Form& form : {Form{}, Form{.format = Format::csv, .reader = Reader::excel, .labels = true},
                           Form{.format = Format::xlsx, .labels = true}}) {
    Fields fields = fields_of(form);
    const auto again = take_form(fields, "", Language::en);
    ASSERT_TRUE(again);
    EXPECT_EQ(fields_of(*again), fields_of(form));
    EXPECT_TRUE(fields.empty());
  }
}

TEST(Form, TellsWhatIsKnown) {
  EXPECT_EQ(refusal({{"format", "xslx"}}, ""), "format: \"xslx\" is no format of an export; did you mean \"xlsx\"?");
  EXPECT_EQ(refusal({{"for", "excel-fr"}}, "a.xlsx"),
            "for: \"excel-fr\" is about CSV, and the file is xlsx; leave it out: a workbook is read alike in every "
            "language");
  EXPECT_EQ(refusal({{"guard", "maybe"}}, ""), "guard: \"maybe\" is neither yes nor no; known: yes, no");
  EXPECT_EQ(refusal({{"format", "csv"}, {"format", "csv"}}, ""), "the field \"format\" is given twice");
}

}  // namespace
}  // namespace vigie::exports

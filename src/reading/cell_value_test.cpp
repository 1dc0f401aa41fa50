#include "reading/cell_value.h"

#include <gtest/gtest.h>

namespace vigie::reading {
namespace {

std::string number(std::string_view written) { return plain_number(written).value_or("none"); }

TEST(CellValue, NumbersKeepTheirDigits) {
  EXPECT_EQ(number("1184.50"), "1184.5");
  EXPECT_EQ(number("-12"), "-12");
  EXPECT_EQ(number("007"), "7");
  EXPECT_EQ(number("-0"), "0");
  EXPECT_EQ(number("0.0"), "0");
  EXPECT_EQ(number(".5"), "0.5");
  EXPECT_EQ(number("12345678901234567890"), "12345678901234567890") << "a key of 20 digits";
  EXPECT_EQ(number("1.5E+3"), "1500");
  EXPECT_EQ(number("1E-3"), "0.001");
  EXPECT_EQ(number("2.5e-7"), "0.00000025");
  EXPECT_EQ(number("1.2345E+20"), "123450000000000000000");
  EXPECT_EQ(number("1E+300"), "1E300");
  EXPECT_EQ(number("123456789012345"), "123456789012345");
  EXPECT_EQ(number("1234567890123.45"), "1234567890123.45") << "15 digits";
}

TEST(CellValue, WhatIsWrongWithDoublesIsNotShown) {
  EXPECT_EQ(number("0.30000000000000004"), "0.3");
  EXPECT_EQ(number("274.65999999999997"), "274.66");
  EXPECT_EQ(number("60.564999999999998"), "60.565");
  EXPECT_EQ(number("68.664999999999992"), "68.665");
  EXPECT_EQ(number("1.1000000000000001"), "1.1");
  EXPECT_EQ(number("0.7999999999999999"), "0.8");
  EXPECT_EQ(number("9.9999999999999996E-2"), "0.1");
  EXPECT_EQ(number("99999.999999999999"), "100000");
  EXPECT_EQ(number("0.33333333333333331"), "0.3333333333333333") << "the shortest that is the same double";
  EXPECT_EQ(number("12345678901234.561"), "12345678901234.56");
}

TEST(CellValue, WhatIsNoNumberIsNone) {
  for (const char* text : {"", "-", ".", "abc", "1,5", "1.2.3", "1e", "e5", "NaN", "INF", "0x10", "1 2", "--1"})
    EXPECT_EQ(number(text), "none") << text;
}

TEST(CellValue, FormatsTellDaysAndTimes) {
  using enum NumberFormat;
  const std::vector<std::pair<const char*, NumberFormat>> cases{
      {"General", NumberFormat::number},
      {"0.00", NumberFormat::number},
      {"#,##0.00\\ [$€-40C]", NumberFormat::number},
      {"0.00E+00", NumberFormat::number},
      {"[Red]-0.0;[Blue]0", NumberFormat::number},
      {"#,##0\" jours, dont d'y\"", NumberFormat::number},
      {"dd/mm/yyyy", date},
      {"[$-40C]d\\ mmmm\\ yyyy;@", date},
      {"mmm\\-yy", date},
      {"mmmm", date},
      {"yyyy\\-mm\\-dd\\ hh:mm:ss", date_time},
      {"dd/mm/yyyy\\ hh:mm", date_time},
      {"h:mm AM/PM", NumberFormat::time},
      {"hh:mm:ss", NumberFormat::time},
      {"mm:ss.0", NumberFormat::time},
      {"[h]:mm:ss", duration},
      {"[mm]:ss", duration},
      {"@", NumberFormat::number},
  };
  for (const auto& [code, format] : cases) EXPECT_EQ(format_of_code(code), format) << code;
  EXPECT_EQ(format_built_in(0), NumberFormat::number);
  EXPECT_EQ(format_built_in(14), date);
  EXPECT_EQ(format_built_in(22), date_time);
  EXPECT_EQ(format_built_in(20), NumberFormat::time);
  EXPECT_EQ(format_built_in(46), duration);
  EXPECT_EQ(format_built_in(49), NumberFormat::number);
}

std::string dated(std::string_view written, NumberFormat format, DateSystem system = DateSystem::from_1900) {
  const auto cell = cell_of_number(written, format, system);
  return cell ? std::string(to_string(cell->kind)) + " " + cell->text : "none";
}

TEST(CellValue, DaysAreCountedFrom1900) {
  using enum NumberFormat;
  EXPECT_EQ(dated("1", date), "date 1900-01-01");
  EXPECT_EQ(dated("59", date), "date 1900-02-28");
  EXPECT_EQ(dated("60", date), "error 1900-02-29") << "Lotus counted a day that never was, and Excel still does";
  EXPECT_EQ(dated("61", date), "date 1900-03-01");
  EXPECT_EQ(dated("45688", date), "date 2025-01-31");
  EXPECT_EQ(dated("2958465", date), "date 9999-12-31");
  EXPECT_EQ(dated("2958466", date), "number 2958466");
  EXPECT_EQ(dated("-1", date), "number -1");
  EXPECT_EQ(dated("0", date), "number 0") << "what a reference to an empty cell gives";
  EXPECT_EQ(dated("45688.5", date), "instant 2025-01-31 12:00:00") << "what the format does not show is there";
}

TEST(CellValue, DaysAreCountedFrom1904) {
  using enum NumberFormat;
  EXPECT_EQ(dated("0", date, DateSystem::from_1904), "date 1904-01-01");
  EXPECT_EQ(dated("60", date, DateSystem::from_1904), "date 1904-03-01");
  EXPECT_EQ(dated("44226", date, DateSystem::from_1904), "date 2025-01-31");
}

TEST(CellValue, TimesOfDayAndDurations) {
  using enum NumberFormat;
  EXPECT_EQ(dated("45688.779166666667", date_time), "instant 2025-01-31 18:42:00");
  EXPECT_EQ(dated("45688", date_time), "instant 2025-01-31 00:00:00");
  EXPECT_EQ(dated("45687.99999999999", date_time), "instant 2025-01-31 00:00:00") << "rounded to the thousandth";
  EXPECT_EQ(dated("0.77916666666666667", NumberFormat::time), "time 18:42:00");
  EXPECT_EQ(dated("1.1458333333333333", duration), "time 27:30:00");
  EXPECT_EQ(dated("0.00000144675925", NumberFormat::time), "time 00:00:00.125");
}

TEST(CellValue, ReferencesGoToAndFro) {
  EXPECT_EQ(reference(7, 1), "B7");
  EXPECT_EQ(column_letters(25), "Z");
  EXPECT_EQ(column_letters(26), "AA");
  EXPECT_EQ(column_letters(16'383), "XFD");
  for (std::size_t column : {0U, 25U, 26U, 701U, 702U, 16'383U})
    EXPECT_EQ(column_of_letters(column_letters(column)), column);
  const auto place = parse_reference("$AB$12");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->row, 12);
  EXPECT_EQ(place->column, 27U);
  for (const char* text : {"", "A", "12", "A0", "XFE1", "A1048577", "A1B", "1A", "AAAA1"})
    EXPECT_FALSE(parse_reference(text)) << text;
}

TEST(CellValue, AFormatShowsMoney) {
  for (const auto& [code, money] :
       std::vector<std::pair<const char*, const char*>>{{"#,##0.00\\ [$€-40C]", "€"},
                                                        {"#,##0.00\\ \"€\"", "€"},
                                                        {"_-* #,##0.00\\ \"€\"_-;\\-* #,##0.00\\ \"€\"_-", "€"},
                                                        {"#,##0, \"k€\"", "€"},
                                                        {"[$$-409]#,##0.00", "USD"},
                                                        {"[$$-1009]#,##0.00", "CAD"},
                                                        {"[$$-en-US]#,##0.00", "$"},
                                                        {"\"$\"#,##0", "$"},
                                                        {"#,##0 [$USD]", "USD"},
                                                        {"#,##0 [$CHF-100C]", "CHF"},
                                                        {"#,##0 [$kr-41D]", "SEK"},
                                                        {"0 \"kg\"", ""},
                                                        {"[Red]#,##0", ""},
                                                        {"#,##0.00", ""},
                                                        {"_($* #,##0_)", "$"}})
    EXPECT_EQ(currency_of_code(code), money) << code;
  const auto shown = [](const char* written, const char* code) {
    const auto cell = cell_of_number(written, cell_format_of_code(code), DateSystem::from_1900);
    return cell ? cell->text : "none";
  };
  EXPECT_EQ(shown("1100.5", "#,##0.00 [$€-40C]"), "1100.5 €");
  EXPECT_EQ(shown("45292", "dd/mm/yyyy"), "2024-01-01");
  EXPECT_EQ(shown("0.5", "0%"), "0.5");
}

}  // namespace
}  // namespace vigie::reading

#include "ingest/number_format.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vigie::ingest {
namespace {

NumberFormat french() {
  NumberFormat out;
  out.decimal = ',';
  out.thousands = " ";
  out.symbols = {"€", "EUR"};
  return out;
}

std::int64_t money(std::string_view text, const NumberFormat& format) {
  const Units units = read_number(text, format, 4);
  EXPECT_EQ(units.fault, Fault::none) << text << ": " << code_of(units.fault);
  return units.value;
}

TEST(NumberFormat, ReadsPlainNumbersExactly) {
  EXPECT_EQ(money("12.34", {}), 123'400);
  EXPECT_EQ(money("-0.0001", {}), -1);
  EXPECT_EQ(money("+7", {}), 70'000);
  EXPECT_EQ(money(".5", {}), 5'000);
  EXPECT_EQ(money("5.", {}), 50'000);
  EXPECT_EQ(money("1.5E3", {}), 15'000'000);
  EXPECT_EQ(money("12.34000000", {}), 123'400) << "zeros beyond the scale lose nothing";
  EXPECT_EQ(money("99999999999999.9999", {}), 999'999'999'999'999'999) << "18 digits, to the last";
}

TEST(NumberFormat, RefusesWhatItWouldHaveToGuess) {
  EXPECT_EQ(read_number("12,34", {}, 4).fault, Fault::number) << "a decimal comma where a point is declared";
  EXPECT_EQ(read_number("1.23456", {}, 4).fault, Fault::precision);
  EXPECT_EQ(read_number("100000000000000", {}, 4).fault, Fault::overflow);
  EXPECT_EQ(read_number("12a", {}, 4).fault, Fault::number);
  EXPECT_EQ(read_number("", {}, 4).fault, Fault::number);
  EXPECT_EQ(read_number("--5", {}, 4).fault, Fault::number);
  EXPECT_EQ(read_number("$5", {}, 4).fault, Fault::number) << "symbols must be declared";
  EXPECT_EQ(read_number("(5)", {}, 4).fault, Fault::number) << "so must parentheses";
}

TEST(NumberFormat, ReadsFrenchAmounts) {
  EXPECT_EQ(money("1 234,56", french()), 12'345'600);
  EXPECT_EQ(money("1\xC2\xA0"
                  "234,56 €",
                  french()),
            12'345'600)
      << "U+00A0";
  EXPECT_EQ(money("1\xE2\x80\xAF"
                  "234\xE2\x80\xAF"
                  "567,8",
                  french()),
            12'345'678'000)
      << "U+202F";
  EXPECT_EQ(money("-12,5 EUR", french()), -125'000);
  EXPECT_EQ(money("\xE2\x88\x92"
                  "3,10",
                  french()),
            -31'000)
      << "U+2212, the minus sign of typographers";
}

TEST(NumberFormat, MarksOfThousandsStandBeforeThreeDigits) {
  NumberFormat english;
  english.thousands = ",";
  english.symbols = {"$"};
  english.parentheses = true;
  EXPECT_EQ(money("$22,700.00", english), 227'000'000);
  EXPECT_EQ(money("(1,234.50)", english), -12'345'000);
  EXPECT_EQ(money("($5)", english), -50'000);
  EXPECT_EQ(money("-$5", english), -50'000);
  EXPECT_EQ(read_number("12,50", english, 4).fault, Fault::number) << "12.50 written with a comma must not become 1250";
  EXPECT_EQ(read_number("1,2345", english, 4).fault, Fault::number);
  EXPECT_EQ(read_number("1234,567", english, 4).fault, Fault::number);
  EXPECT_EQ(read_number(",123", english, 4).fault, Fault::number);
}

TEST(NumberFormat, RoundsHalfToEvenOnlyWhenAsked) {
  NumberFormat rounding;
  rounding.round = true;
  EXPECT_EQ(money("0.00005", rounding), 0);
  EXPECT_EQ(money("0.00015", rounding), 2);
  EXPECT_EQ(money("-0.00025", rounding), -2);
  EXPECT_EQ(money("0.000250001", rounding), 3);
}

TEST(NumberFormat, MultipliesByTheFactorBeforeItRounds) {
  NumberFormat cents;
  cents.factor = *Decimal::parse("0.01");
  EXPECT_EQ(money("12345", cents), 1'234'500);
  NumberFormat sign;
  sign.factor = Decimal::integer(-1);
  EXPECT_EQ(money("12.5", sign), -125'000);
}

TEST(NumberFormat, LettersStandForThousandsWhereTheMapSaysSo) {
  NumberFormat format = french();
  format.symbols = {"€", "$"};
  format.magnitudes = {{"K", 3}, {"M", 6}};
  EXPECT_EQ(money("1,5 M €", format), 15'000'000'000);
  EXPECT_EQ(money("$141,56K", format), 1'415'600'000);
  EXPECT_EQ(money("-2K", format), -20'000'000);
  EXPECT_EQ(read_number("3m", format, 4).fault, Fault::number) << "a letter that is not listed";
  EXPECT_EQ(read_number("K", format, 4).fault, Fault::number);
  EXPECT_EQ(read_number("2K", {}, 4).fault, Fault::number) << "nothing is guessed";
}

RC_GTEST_PROP(NumberFormat, WhatADecimalPrintsIsReadBack, ()) {
  const auto units = *rc::gen::inRange<std::int64_t>(-999'999'999'999'999'999, 999'999'999'999'999'999);
  const Units read = read_number(Decimal(units, 4).to_string(), {}, 4);
  RC_ASSERT(read.fault == Fault::none);
  RC_ASSERT(read.value == units);
}

RC_GTEST_PROP(NumberFormat, NoBytesBreakIt, (const std::string& text)) {
  NumberFormat format = french();
  format.parentheses = true;
  format.round = true;
  read_number(text, format, 8);
}

TEST(NumberFormat, TravelsAsOneLine) {
  NumberFormat format = french();
  format.parentheses = true;
  format.factor = *Decimal::parse("-0.001");
  format.magnitudes = {{"K", 3}, {"Md", 9}};
  EXPECT_EQ(NumberFormat::from_text(format.to_text()), format);
}

TEST(NumberFormat, AMinusMayStandBehind) {
  NumberFormat format = french();
  EXPECT_EQ(money("103,50-", format), -1'035'000);
  EXPECT_EQ(money("1 103,50 -", format), -11'035'000);
  EXPECT_EQ(money("103,50- EUR", format), -1'035'000);
  EXPECT_EQ(money("103,50 EUR-", format), -1'035'000);
  EXPECT_EQ(read_number("-103,50-", format, 4).fault, Fault::number) << "one of both is wrong";
  EXPECT_EQ(read_number("103-50", format, 4).fault, Fault::number);
}

TEST(NumberFormat, CommasMayStandAsInIndia) {
  NumberFormat format;
  format.thousands = ",";
  EXPECT_EQ(money("1,00,000", format), 1'000'000'000);
  EXPECT_EQ(money("12,34,567.50", format), 12'345'675'000);
  EXPECT_EQ(money("1,234,567", format), 12'345'670'000);
  for (const char* neither : {"1,00", "1,00,00", "1,000,00", "1,00,000,000", "123,45,678", "1,0,000"})
    EXPECT_EQ(read_number(neither, format, 4).fault, Fault::number) << neither;
  format.thousands = " ";
  EXPECT_EQ(read_number("1 00 000", format, 4).fault, Fault::number) << "blanks stand before three digits";
}

}  // namespace
}  // namespace vigie::ingest

// How numbers and dates are written, told from whole columns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "propose/date_tally.h"
#include "propose/number_tally.h"

namespace vigie::propose {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

NumberTally numbers(std::initializer_list<const char*> texts) {
  NumberTally out;
  for (const char* text : texts) out.add(text);
  return out;
}

DateTally dates(std::initializer_list<const char*> texts) {
  DateTally out;
  for (const char* text : texts) out.add(text);
  return out;
}

/// The format reads every one of the texts, to the same numbers in cents.
std::vector<std::int64_t> cents(const ingest::NumberFormat& format, std::initializer_list<const char*> texts) {
  std::vector<std::int64_t> out;
  for (const char* text : texts) {
    const ingest::Units units = ingest::read_number(text, format, 2);
    EXPECT_EQ(units.fault, ingest::Fault::none) << text;
    out.push_back(units.value);
  }
  return out;
}

TEST(NumberTally, OneTextWithTwoKindsOfMarksDecidesForAll) {
  const auto english = {"1,117.10", "20", "1,200"};
  EXPECT_THAT(cents(numbers(english).verdict().format, english), ElementsAre(111'710, 2'000, 120'000));
  const auto german = {"1.117,10", "20", "1.200"};
  EXPECT_THAT(cents(numbers(german).verdict().format, german), ElementsAre(111'710, 2'000, 120'000));
}

TEST(NumberTally, AnyBlankStandsBetweenThousands) {
  const auto french = {"1 184,50", "12\u00a0345,00", "7\u202f000", "89,9"};
  const auto verdict = numbers(french).verdict();
  EXPECT_EQ(verdict.format.thousands, " ");
  EXPECT_THAT(cents(verdict.format, french), ElementsAre(118'450, 1'234'500, 700'000, 8'990));
}

TEST(NumberTally, ApostrophesStandBetweenThousands) {
  const auto swiss = {"1'200.50", "1\u2019000", "3.25"};
  EXPECT_THAT(cents(numbers(swiss).verdict().format, swiss), ElementsAre(120'050, 100'000, 325));
}

TEST(NumberTally, ThreeDigitsAfterAMarkAloneDoNotTell) {
  // 1.234 is 1.234 or 1234, and so is each of the others.
  const auto verdict = numbers({"1.234", "5.000", "12", "999.100"}).verdict();
  EXPECT_TRUE(verdict.undecided);
  EXPECT_EQ(verdict.example, "1.234");
  EXPECT_EQ(numbers({"1.234", "12"}).verdict(',').format.thousands, ".")
      << "somebody said the comma: these are thousands";
  EXPECT_EQ(numbers({"1.234", "12"}).verdict('.').format.thousands, "");
}

TEST(NumberTally, OneTextMayDecideLate) {
  EXPECT_FALSE(numbers({"1.234", "5.000", "12.5"}).verdict().undecided) << "12.5 has no thousands";
  EXPECT_FALSE(numbers({"1.234", "1.234.567"}).verdict().undecided) << "no number has two decimal marks";
  EXPECT_FALSE(numbers({"0.125", "0.500"}).verdict().undecided) << "nobody writes thousands after a nought";
  EXPECT_FALSE(numbers({"12", "7", "100"}).verdict().undecided) << "without marks both ways are the same numbers";
}

TEST(NumberTally, SymbolsParenthesesAndSignsAreTakenOff) {
  const auto texts = {"$1,117.10", "($20.00)", "-$3.50", "$ 4"};
  const auto verdict = numbers(texts).verdict();
  EXPECT_TRUE(verdict.format.parentheses);
  EXPECT_THAT(verdict.format.symbols, ElementsAre("$"));
  EXPECT_THAT(cents(verdict.format, texts), ElementsAre(111'710, -2'000, -350, 400));
  const auto euros = {"12 345,00 €", "7,5 €", "3 EUR"};
  EXPECT_THAT(numbers(euros).verdict().format.symbols, ElementsAre("EUR", "€"));
  EXPECT_THAT(cents(numbers(euros).verdict().format, euros), ElementsAre(1'234'500, 750, 300));
}

TEST(NumberTally, ThousandsAndMillionsInLettersAreCounted) {
  const auto texts = {"$342.09K", "$1,117.10K", "2.5M", "310"};
  const NumberTally tally = numbers(texts);
  EXPECT_EQ(tally.numbers(), 4);
  EXPECT_THAT(tally.magnitudes(), ElementsAre(Pair("K", 2), Pair("M", 1)));
  EXPECT_THAT(cents(tally.verdict().format, texts), ElementsAre(34'209'000, 111'710'000, 250'000'000, 31'000));
  EXPECT_EQ(numbers({"1,2 M €", "$2m"}).numbers(), 2);
  EXPECT_EQ(numbers({"3m", "20 k", "2B"}).numbers(), 0) << "metres, and codes: no money stands beside them";
}

TEST(NumberTally, PercentsAreNotCurrencies) {
  const NumberTally tally = numbers({"12,5 %", "100%"});
  EXPECT_EQ(tally.percents(), 2);
  EXPECT_TRUE(tally.symbols().empty());
}

TEST(NumberTally, WordsDatesAndPhonesAreNoNumbers) {
  EXPECT_EQ(numbers({"12/03/2025", "2025-01-31", "805-247-8982", "A1", "1.2.3.4", "", "n/a", "10 à 20"}).numbers(), 0);
}

TEST(NumberTally, LeadingNoughtsAndLongNumbersAreSeen) {
  EXPECT_EQ(numbers({"007", "12"}).leading_zeros(), 1);
  EXPECT_EQ(numbers({"25842000000262376"}).most_digits(), 17);
  EXPECT_TRUE(numbers({"17850.0", "13.0"}).written_as_decimals());
  EXPECT_FALSE(numbers({"17850.0", "13.5"}).written_as_decimals());
}

TEST(DateTally, ANumberAboveTwelveTellsTheOrderForTheWholeColumn) {
  const auto day = dates({"01/09/21", "07/11/21", "25/12/21"}).verdict();
  EXPECT_EQ(day.order, DateTally::Order::told);
  EXPECT_THAT(day.formats, ElementsAre("%d/%m/%y"));
  EXPECT_EQ(day.example, "25/12/21");
  EXPECT_THAT(dates({"07/05/11", "03/30/15"}).verdict().formats, ElementsAre("%m/%d/%y"));
}

TEST(DateTally, WithoutOneTheOrderIsNotGuessed) {
  const DateTally tally = dates({"01/02/2025", "03/04/2025", "11/12/2025"});
  EXPECT_EQ(tally.verdict().order, DateTally::Order::not_told);
  EXPECT_THAT(tally.verdict(DateOrder::month_first).formats, ElementsAre("%m/%d/%Y"));
}

TEST(DateTally, BothOrdersInOneColumnContradictEachOther) {
  EXPECT_EQ(dates({"25/12/2024", "12/25/2024"}).verdict().order, DateTally::Order::contradicted);
}

TEST(DateTally, IsoAndYearFirstLeaveNothingToTell) {
  const auto verdict = dates({"2025-01-31", "2025-01-31 4:30:21", "2025-01-31T10:00:00.25+02:00"}).verdict();
  EXPECT_EQ(verdict.order, DateTally::Order::no_matter);
  EXPECT_THAT(verdict.formats, ElementsAre("iso"));
  EXPECT_THAT(dates({"2025/02/01"}).verdict().formats, ElementsAre("%Y/%m/%d"));
  EXPECT_THAT(dates({"20210901", "20220831"}).verdict().formats, ElementsAre("%Y%m%d"));
}

TEST(DateTally, MonthsHaveNamesInTwoLanguages) {
  EXPECT_THAT(dates({"15 Apr, 2021 00:02:00"}).verdict().formats, ElementsAre("%d %b, %Y %H:%M:%S"));
  EXPECT_THAT(dates({"3 févr. 2025", "12 août 2025"}).verdict().formats, ElementsAre("%d %b %Y"));
  EXPECT_THAT(dates({"Jan 5, 2025 3:07 PM"}).verdict().formats, ElementsAre("%b %d, %Y %I:%M %p"));
}

TEST(DateTally, EveryShapeOfAColumnIsAFormat) {
  const auto verdict = dates({"31/01/2025 18:42", "01/02/2025 09:10", "28/02/2025"}).verdict();
  EXPECT_THAT(verdict.formats, ElementsAre("%d/%m/%Y %H:%M", "%d/%m/%Y"));
  EXPECT_EQ(verdict.read, 3);
}

TEST(DateTally, DaysThatDoNotExistAreNoDates) {
  EXPECT_EQ(dates({"31/02/2025", "99/99/2025", "2025-02-30", "20251345", "12345678"}).dates(), 0);
}

TEST(DateTally, TimesThatMeanNothingAreFoundOut) {
  DateTally leaked, midnight, real, halves;
  for (int day = 1; day <= 28; ++day) {
    leaked.add(fmt::format("{} Apr, 2021 00:{:02}:00", day, day % 12 + 1));
    midnight.add(fmt::format("2021-04-{:02} 00:00:00", day));
    real.add(fmt::format("2021-04-{:02} {:02}:30:00", day, day % 24));
    for (int n = 0; n < 5; ++n) halves.add(fmt::format("{:02}-04-2021 {:02}:1{}", day, (day + n) % 12 + 1, n));
  }
  EXPECT_EQ(leaked.times(), DateTally::Times::leaked) << "a number of a month stands in the minutes";
  EXPECT_EQ(midnight.times(), DateTally::Times::midnight);
  EXPECT_EQ(real.times(), DateTally::Times::real);
  EXPECT_EQ(halves.times(), DateTally::Times::hours_of_twelve);
  EXPECT_EQ(dates({"2021-04-01"}).times(), DateTally::Times::none);
}

TEST(DateTally, UtcInWordsIsSeen) {
  const DateTally tally = dates({"2021-04-15 10:20:30 UTC"});
  EXPECT_TRUE(tally.says_utc());
  EXPECT_THAT(tally.verdict().formats, ElementsAre("%Y-%m-%d %H:%M:%S UTC"));
}

TEST(NumberTally, WhatOlderAndFartherProgramsWrite) {
  const auto behind = {"103.50-", "20.00", "1,103.50- USD"};
  EXPECT_THAT(cents(numbers(behind).verdict().format, behind), ElementsAre(-10'350, 2'000, -110'350));
  const auto indian = {"1,00,000", "12,34,567", "2,500", "999"};
  EXPECT_FALSE(numbers(indian).verdict().undecided) << "no decimals stand twice in a number";
  EXPECT_THAT(cents(numbers(indian).verdict().format, indian), ElementsAre(10'000'000, 123'456'700, 250'000, 99'900));
  const auto thousands = {"1,5 k€", "12k€", "0,25 M€", "800 €"};
  EXPECT_THAT(cents(numbers(thousands).verdict().format, thousands),
              ElementsAre(150'000, 1'200'000, 25'000'000, 80'000));
}

TEST(DateTally, MonthsAndWeeksStandForTheirFirstDays) {
  for (const auto& [text, format] : std::vector<std::pair<const char*, const char*>>{{"2025-07", "%Y-%m"},
                                                                                     {"07/2025", "%m/%Y"},
                                                                                     {"Jul-25", "%b-%y"},
                                                                                     {"juil. 2025", "%b %Y"},
                                                                                     {"July 2025", "%b %Y"},
                                                                                     {"2025-W07", "%G-W%V"}}) {
    const DateTally tally = dates({text});
    EXPECT_THAT(tally.verdict().formats, ElementsAre(format)) << text;
    EXPECT_TRUE(tally.without_days()) << text;
  }
  for (const char* none : {"2025-13", "13/2025", "2025.07", "07.2025", "2025-W54"})
    EXPECT_EQ(dates({none}).dates(), 0) << none;
  EXPECT_FALSE(dates({"2025-07-15", "2025-07"}).without_days());
}

/// A spreadsheet of the other order reads 01/02/2025 as a day, and leaves 13/02/2025 as it stands.
TEST(DateTally, DaysTurnedRoundBySpreadsheetsAreNotTaken) {
  const auto turned =
      dates({"13/01/2025", "14/01/2025", "31/01/2025", "2025-01-02", "2025-12-02", "2025-03-02"}).verdict();
  EXPECT_EQ(turned.order, DateTally::Order::swapped);
  EXPECT_EQ(turned.other_example, "2025-01-02");
  const auto right =
      dates({"13/01/2025", "14/01/2025", "31/01/2025", "2025-01-02", "2025-02-13", "2025-03-02"}).verdict();
  EXPECT_EQ(right.order, DateTally::Order::told) << "one of the others has a day above 12";
  EXPECT_EQ(dates({"13/01/2025", "02/01/2025", "31/01/2025", "2025-01-02", "2025-12-02", "2025-03-02"}).verdict().order,
            DateTally::Order::told);
}

}  // namespace
}  // namespace vigie::propose

#include "ingest/date_format.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vigie::ingest {
namespace {

DateFormat format_of(std::string_view pattern) {
  DateFormat out;
  out.patterns.push_back(*DatePattern::parse(pattern));
  return out;
}

std::string day_of(std::string_view text, const DateFormat& format) {
  const Moment moment = read_moment(text, format);
  return moment.fault == Fault::none ? to_string(moment.day) : std::string(code_of(moment.fault));
}

constexpr std::int64_t kMinute = 60 * kMicrosPerSecond;

TEST(DateFormat, ReadsIsoWithAndWithoutTime) {
  EXPECT_EQ(day_of("2025-01-31", {}), "2025-01-31");
  EXPECT_FALSE(read_moment("2025-01-31", {}).has_time);
  const Moment moment = read_moment("2020-02-04 4:30:21", {});
  EXPECT_EQ(moment.micros_of_day, 4 * 60 * kMinute + 30 * kMinute + 21 * kMicrosPerSecond) << "hours of one digit";
  EXPECT_FALSE(moment.offset_minutes);
  EXPECT_EQ(read_moment("2025-01-31T10:00:00.25+02:00", {}).offset_minutes, 120);
  EXPECT_EQ(read_moment("2025-01-31T10:00:00Z", {}).offset_minutes, 0);
  EXPECT_EQ(read_moment("2025-01-31 10:00:00-0330", {}).offset_minutes, -210);
  EXPECT_EQ(read_moment("2025-01-31 10:00:00.1234567", {}).micros_of_day % kMicrosPerSecond, 123'456);
}

TEST(DateFormat, RefusesDaysThatDoNotExist) {
  EXPECT_EQ(day_of("2025-02-29", {}), "cast.date");
  EXPECT_EQ(day_of("2024-02-29", {}), "2024-02-29");
  EXPECT_EQ(day_of("31/04/2025", format_of("%d/%m/%Y")), "cast.date");
  EXPECT_EQ(day_of("2025-01-31 25:00:00", {}), "cast.date");
  EXPECT_EQ(day_of("2025-01-31x", {}), "cast.date");
  EXPECT_EQ(day_of("0000-00-00", {}), "cast.date");
  EXPECT_EQ(day_of("9999-12-31", {}), "cast.date_range") << "a placeholder belongs in null_values";
}

TEST(DateFormat, TheOrderOfDayAndMonthIsTheMapsWord) {
  EXPECT_EQ(day_of("01/09/21", format_of("%d/%m/%y")), "2021-09-01");
  EXPECT_EQ(day_of("01/09/21", format_of("%m/%d/%y")), "2021-01-09");
  EXPECT_EQ(day_of("25/12/21", format_of("%m/%d/%y")), "cast.date");
  EXPECT_EQ(day_of("1/9/2021", format_of("%d/%m/%Y")), "2021-09-01") << "leading zeros may lack";
}

TEST(DateFormat, TwoDigitYearsTurnAtThePivot) {
  DateFormat births = format_of("%m/%d/%y");
  EXPECT_EQ(day_of("07/10/67", births), "2067-07-10") << "68 is the usual pivot";
  births.year_pivot = 20;
  EXPECT_EQ(day_of("07/10/67", births), "1967-07-10");
  EXPECT_EQ(day_of("07/10/20", births), "2020-07-10");
}

TEST(DateFormat, ReadsNamesOfMonthsInTwoLanguages) {
  EXPECT_EQ(day_of("15 Apr, 2021 00:02:00", format_of("%d %b, %Y %H:%M:%S")), "2021-04-15");
  EXPECT_EQ(day_of("3 févr. 2025", format_of("%d %b %Y")), "2025-02-03");
  EXPECT_EQ(day_of("12 AOÛT 2025", format_of("%d %B %Y")), "2025-08-12");
  EXPECT_EQ(day_of("lundi 3 mars 2025", format_of("%A %d %B %Y")), "2025-03-03");
  EXPECT_EQ(day_of("3 Brumaire 2025", format_of("%d %b %Y")), "cast.date");
}

TEST(DateFormat, ReadsTwelveHourClocks) {
  const DateFormat format = format_of("%m/%d/%Y %I:%M %p");
  EXPECT_EQ(read_moment("1/31/2025 12:05 AM", format).micros_of_day, 5 * kMinute);
  EXPECT_EQ(read_moment("1/31/2025 12:05 pm", format).micros_of_day, (12 * 60 + 5) * kMinute);
  EXPECT_EQ(read_moment("1/31/2025 1:05 PM", format).micros_of_day, (13 * 60 + 5) * kMinute);
}

TEST(DateFormat, AnHourOfTwelveAndItsHalfGoTogether) {
  const auto refusal = [](std::string_view pattern) {
    const auto parsed = DatePattern::parse(pattern);
    return parsed ? "taken" : parsed.error().code;
  };
  EXPECT_EQ(refusal("%d/%m/%Y %I:%M"), "date_format.incomplete") << "two o'clock is twice a day";
  EXPECT_EQ(refusal("%d/%m/%Y %H:%M %p"), "date_format.incomplete") << "02:00 PM would be two in the night";
  EXPECT_EQ(refusal("%d/%m/%Y %H %I %p"), "date_format.incomplete");
  EXPECT_EQ(refusal("%d/%m/%Y %p"), "date_format.incomplete");
  EXPECT_EQ(refusal("%d/%m/%Y %p %I"), "taken");
  EXPECT_EQ(refusal("%d/%m/%Y %%I"), "taken") << "a percent sign and a letter";
}

TEST(DateFormat, ReadsSpreadsheetsAndEpochs) {
  EXPECT_EQ(day_of("45292", format_of("excel")), "2024-01-01");
  EXPECT_EQ(read_moment("45292.5", format_of("excel")).micros_of_day, 12 * 60 * kMinute);
  EXPECT_EQ(day_of("12", format_of("excel")), "cast.date") << "before March 1900 the serials are wrong by a day";
  const Moment epoch = read_moment("1735689600", format_of("unix"));
  EXPECT_EQ(to_string(epoch.day), "2025-01-01");
  EXPECT_EQ(epoch.offset_minutes, 0);
  EXPECT_EQ(day_of("1735689600000", format_of("unix_ms")), "2025-01-01");
  EXPECT_EQ(day_of("1735689600000", format_of("unix")), "cast.date_range") << "milliseconds read as seconds";
}

TEST(DateFormat, TriesSeveralFormatsInOrder) {
  DateFormat format = format_of("%d/%m/%Y");
  format.patterns.push_back(*DatePattern::parse("iso"));
  EXPECT_EQ(day_of("31/01/2025", format), "2025-01-31");
  EXPECT_EQ(day_of("2025-01-31", format), "2025-01-31");
}

TEST(DateFormat, AddsDaysAndDropsTimes) {
  DateFormat last_day;
  last_day.plus_days = 1;
  EXPECT_EQ(day_of("2024-02-29", last_day), "2024-03-01");
  DateFormat only;
  only.date_only = true;
  EXPECT_FALSE(read_moment("2025-01-31T23:59:00Z", only).has_time);
  EXPECT_EQ(day_of("2025-01-31T23:59:00Z", only), "2025-01-31") << "the day as it is written";
}

TEST(DateFormat, SaysWhichDirectiveItDoesNotKnow) {
  EXPECT_EQ(DatePattern::parse("%d/%m/%q").error().code, "date_format.unknown");
  EXPECT_EQ(DatePattern::parse("%d/%m").error().code, "date_format.incomplete");
  EXPECT_EQ(DatePattern::parse("%").error().code, "date_format.unknown");
}

RC_GTEST_PROP(DateFormat, EveryDayIsReadBackInAnyOrder, ()) {
  const Date day{*rc::gen::inRange(-62'000, 83'000)};
  const auto [y, m, d] = civil(day);
  RC_ASSERT(read_moment(to_string(day), {}).day == day);
  RC_ASSERT(read_moment(fmt::format("{:02}/{:02}/{}", d, m, y), format_of("%d/%m/%Y")).day == day);
  RC_ASSERT(read_moment(fmt::format("{}.{}.{}", d, m, y), format_of("%d.%m.%Y")).day == day);
}

RC_GTEST_PROP(DateFormat, NoBytesBreakIt, (const std::string& text)) {
  for (const char* pattern : {"iso", "excel", "unix", "%a %d %b %Y %I:%M:%S.%f %p %z"})
    read_moment(text, format_of(pattern));
}

TEST(DateFormat, HalvesOfTheDayAsSpreadsheetsWriteThem) {
  const DateFormat format = format_of("%m/%d/%Y %I:%M %p");
  const auto minutes = [&](const char* text) -> std::int64_t {
    const Moment read = read_moment(text, format);
    return read.fault == Fault::none ? read.micros_of_day / 60'000'000 : -1;
  };
  for (const char* afternoon : {"01/31/2025 2:05 PM", "01/31/2025 2:05 pm", "01/31/2025 2:05 p.m.",
                                "01/31/2025 2:05 P.M.", "01/31/2025 2:05 p. m.", "01/31/2025 2:05 p.\u00a0m."})
    EXPECT_EQ(minutes(afternoon), 14 * 60 + 5) << afternoon;
  EXPECT_EQ(minutes("01/31/2025 12:00 a.m."), 0);
  for (const char* neither : {"01/31/2025 2:05 p.m", "01/31/2025 2:05 pm.", "01/31/2025 2:05 p", "01/31/2025 2:05 p.x.",
                              "01/31/2025 2:05 p.m.m"})
    EXPECT_EQ(minutes(neither), -1) << neither;
}

TEST(DateFormat, AMonthIsItsFirstDayAndAWeekItsMonday) {
  EXPECT_EQ(day_of("2025-07", format_of("%Y-%m")), "2025-07-01");
  EXPECT_EQ(day_of("07/2025", format_of("%m/%Y")), "2025-07-01");
  EXPECT_EQ(day_of("juil. 2025", format_of("%b %Y")), "2025-07-01");
  EXPECT_EQ(day_of("2025-W01", format_of("%G-W%V")), "2024-12-30");
  EXPECT_EQ(day_of("2026-W53", format_of("%G-W%V")), "2026-12-28");
  EXPECT_EQ(read_moment("2025-W53", format_of("%G-W%V")).fault, Fault::date) << "2025 has 52";
  EXPECT_EQ(read_moment("2025-07-15", format_of("%Y-%m")).fault, Fault::date) << "a day is never dropped";
  EXPECT_FALSE(DatePattern::parse("%Y-%m %H:%M"));
  EXPECT_FALSE(DatePattern::parse("%Y-W%V")) << "the year of a week is %G";
  EXPECT_FALSE(DatePattern::parse("%Y"));
}

TEST(DateFormat, TravelsAsOneLine) {
  DateFormat format = format_of("%d/%m/%y");
  format.year_pivot = 30;
  format.plus_days = 1;
  format.zone = "Europe/Paris";
  const DateFormat back = DateFormat::from_text(format.to_text());
  EXPECT_EQ(back.to_text(), format.to_text());
  EXPECT_EQ(day_of("01/02/31", back), "1931-02-02");
}

}  // namespace
}  // namespace vigie::ingest

#include "sources/schedule.h"

#include <gtest/gtest.h>

namespace vigie::sources {
namespace {

std::string next(std::string_view schedule, std::string_view last) {
  const auto parsed = Schedule::parse(schedule);
  if (!parsed) return parsed.error().code + ": " + parsed.error().message;
  const auto zone = calendar::Zone::find("Europe/Paris");
  return to_string(parsed->next_after(*parse_instant(last), **zone));
}

TEST(Schedule, CountsFromTheLastRun) {
  EXPECT_EQ(next("every 15 minutes", "2025-07-01T09:02:00Z"), "2025-07-01T09:17:00Z");
  EXPECT_EQ(next("every hour", "2025-07-01T09:02:00Z"), "2025-07-01T10:02:00Z");
  EXPECT_EQ(next(" every  2 days ", "2025-07-01T09:02:00Z"), "2025-07-03T09:02:00Z");
}

TEST(Schedule, ReadsCronInTheReportingZone) {
  // 06:30 of Paris in summer is 04:30 UTC; Friday 4 July 2025 is followed by Monday.
  EXPECT_EQ(next("30 6 * * 1-5", "2025-07-04T04:30:00Z"), "2025-07-07T04:30:00Z");
  EXPECT_EQ(next("*/20 * * * *", "2025-07-04T04:41:00Z"), "2025-07-04T05:00:00Z");
  EXPECT_EQ(next("0 0 1 1,7 *", "2025-07-01T00:00:00Z"), "2025-12-31T23:00:00Z");
  EXPECT_EQ(next("0 0 29 2 *", "2025-07-01T00:00:00Z"), "2028-02-28T23:00:00Z");
  EXPECT_EQ(next("0 0 13 * 5", "2025-07-01T00:00:00Z"), "2025-07-03T22:00:00Z") << "a 13th, or a Friday";
  EXPECT_EQ(next("0 0 * * 7", "2025-07-01T00:00:00Z"), "2025-07-05T22:00:00Z") << "7 is a Sunday too";
}

TEST(Schedule, IsDueOnceADayAlsoWhereTheClockChanges) {
  // 02:30 does not exist in Paris on 30 March 2025, and comes twice on 26 October.
  EXPECT_EQ(next("30 2 * * *", "2025-03-29T12:00:00Z"), "2025-03-30T01:30:00Z");
  EXPECT_EQ(next("30 2 * * *", "2025-10-25T12:00:00Z"), "2025-10-26T00:30:00Z");
  EXPECT_EQ(next("30 2 * * *", "2025-10-26T00:30:00Z"), "2025-10-27T01:30:00Z");
}

TEST(Schedule, RefusesWhatItCannotKeep) {
  EXPECT_EQ(next("sometimes", ""), "schedule.unreadable: \"sometimes\" is no schedule");
  EXPECT_EQ(next("every 15", ""), "schedule.unreadable: \"15\" is no unit of a schedule: minutes, hours or days");
  EXPECT_EQ(next("every 0 minutes", ""), "schedule.unreadable: \"0\" is no number of a schedule");
  EXPECT_EQ(next("60 * * * *", ""), "schedule.unreadable: \"60\" is no minute of a schedule: those are from 0 to 59");
  EXPECT_EQ(next("0 0 31 2 *", ""), "schedule.never: no day is one of \"0 0 31 2 *\"");
  EXPECT_EQ(next("5-1 * * * *", ""), "schedule.unreadable: \"5-1\" is no minute of a schedule: those are from 0 to 59");
  EXPECT_EQ(next("*/0 * * * *", ""), "schedule.unreadable: \"*/0\" is no minute of a schedule: those are from 0 to 59");
}

}  // namespace
}  // namespace vigie::sources

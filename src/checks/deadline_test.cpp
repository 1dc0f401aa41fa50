#include "checks/deadline.h"

#include <gtest/gtest.h>

namespace vigie::checks {
namespace {

std::string too_old(const char* newest, std::int64_t amount, Age::Unit unit) {
  const auto calendar = calendar::Calendar::make(
      {.time_zone = "Europe/Paris", .working_weekdays = {1, 2, 3, 4, 5}, .holidays = {date_of(2025, 7, 14)}});
  return to_string(too_old_from(*parse_instant(newest), {amount, unit}, *calendar));
}

TEST(Deadline, HoursAndDaysGoByTheClock) {
  EXPECT_EQ(too_old("2025-07-11T15:00:00+02:00", 36, Age::Unit::hours), "2025-07-13T01:00:00Z");
  EXPECT_EQ(too_old("2025-07-11T15:00:00+02:00", 2, Age::Unit::days), "2025-07-13T13:00:00Z");
}

// Friday 11 July 2025 at 15:00; Monday the 14th is a holiday.
TEST(Deadline, OnlyTheHoursOfWorkingDaysCount) {
  EXPECT_EQ(too_old("2025-07-10T15:00:00+02:00", 1, Age::Unit::working_days), "2025-07-11T13:00:00Z");
  EXPECT_EQ(too_old("2025-07-11T15:00:00+02:00", 1, Age::Unit::working_days), "2025-07-15T13:00:00Z");
  EXPECT_EQ(too_old("2025-07-11T15:00:00+02:00", 2, Age::Unit::working_days), "2025-07-16T13:00:00Z");
  EXPECT_EQ(too_old("2025-07-12T09:00:00+02:00", 1, Age::Unit::working_days), "2025-07-15T22:00:00Z")
      << "what comes on a Saturday is as new as the beginning of the next working day";
}

TEST(Deadline, ACompanyThatNeverWorksAgainEndsAllTheSame) {
  std::set<Date> always;
  for (int day = 0; day < 5000; ++day) always.insert(date_of(2025, 1, 1) + day);
  const auto calendar = calendar::Calendar::make({.time_zone = "UTC", .holidays = always});
  EXPECT_GT(too_old_from(*parse_instant("2025-01-02T00:00:00Z"), {1, Age::Unit::working_days}, *calendar).micros, 0);
}

}  // namespace
}  // namespace vigie::checks

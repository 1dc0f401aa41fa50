#include "calendar/holidays.h"

#include <gtest/gtest.h>

namespace vigie::calendar {
namespace {

std::vector<std::string> texts(const std::vector<Date>& days) {
  std::vector<std::string> out;
  for (const Date day : days) out.push_back(to_string(day));
  return out;
}

TEST(Holidays, EasterIsWhereTheTablesHaveIt) {
  // The earliest and the latest possible, and years around us.
  const std::pair<int, const char*> known[] = {{1818, "1818-03-22"}, {1943, "1943-04-25"}, {2000, "2000-04-23"},
                                               {2008, "2008-03-23"}, {2019, "2019-04-21"}, {2024, "2024-03-31"},
                                               {2025, "2025-04-20"}, {2026, "2026-04-05"}, {2038, "2038-04-25"}};
  for (const auto& [year, date] : known) EXPECT_EQ(to_string(easter_sunday(year)), date);
  for (int year = 1583; year < 3000; ++year) {
    ASSERT_EQ(iso_weekday(easter_sunday(year)), 7) << year;
    ASSERT_GE(easter_sunday(year), date_of(year, 3, 22));
    ASSERT_LE(easter_sunday(year), date_of(year, 4, 25));
  }
}

TEST(Holidays, FranceIn2025) {
  EXPECT_EQ(
      texts(french_holidays(2025, FrenchRegion::metropole)),
      (std::vector<std::string>{"2025-01-01", "2025-04-21", "2025-05-01", "2025-05-08", "2025-05-29", "2025-06-09",
                                "2025-07-14", "2025-08-15", "2025-11-01", "2025-11-11", "2025-12-25"}));
}

TEST(Holidays, AlsaceMoselleHasTwoMore) {
  const auto days = texts(french_holidays(2026, FrenchRegion::alsace_moselle));
  ASSERT_EQ(days.size(), 13u);
  EXPECT_EQ(days[1], "2026-04-03");   // Good Friday
  EXPECT_EQ(days[12], "2026-12-26");  // Saint Stephen
}

TEST(Holidays, ADayThatIsTwoHolidaysCountsOnce) {
  // In 2008 Ascension was on 1 May.
  EXPECT_EQ(french_holidays(2008, FrenchRegion::metropole).size(), 10u);
  EXPECT_EQ(french_holidays(1970, FrenchRegion::metropole).size(), 10u);  // no 8 May
}

}  // namespace
}  // namespace vigie::calendar

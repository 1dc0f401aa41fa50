#include "calendar/holidays.h"

#include <set>

namespace vigie::calendar {

Date easter_sunday(int year) {
  const int a = year % 19, b = year / 100, c = year % 100;
  const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;
  return date_of(year, month, day);
}

std::vector<Date> french_holidays(int year, FrenchRegion region) {
  const Date easter = easter_sunday(year);
  std::set<Date> days{
      date_of(year, 1, 1),    // New Year
      easter + 1,             // Easter Monday
      date_of(year, 5, 1),    // Labour Day
      easter + 39,            // Ascension
      easter + 50,            // Whit Monday
      date_of(year, 7, 14),   // National day
      date_of(year, 8, 15),   // Assumption
      date_of(year, 11, 1),   // All Saints
      date_of(year, 11, 11),  // Armistice of 1918
      date_of(year, 12, 25),  // Christmas
  };
  if (year >= 1982 || (year >= 1953 && year <= 1959)) days.insert(date_of(year, 5, 8));  // Victory of 1945
  if (region == FrenchRegion::alsace_moselle) {
    days.insert(easter - 2);             // Good Friday
    days.insert(date_of(year, 12, 26));  // Saint Stephen
  }
  return {days.begin(), days.end()};
}

}  // namespace vigie::calendar

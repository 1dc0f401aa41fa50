#pragma once
#include "calendar/calendar.h"
#include "calendar/holidays.h"

namespace vigie::calendar {

// How a person writes a calendar's settings, in a workspace's file or on the command line; case and accents do not
// matter. What cannot be read is an error with what was found and what may be written; who reads a file adds the place.

/// "monday" … "sunday" → ISO weekday 1 … 7. `calendar.weekday`.
Result<int> parse_weekday(std::string_view text);
std::string_view name_of_weekday(int iso_weekday);

struct FiscalStart {
  int month, day;
};
/// "04-01" → 1 April. `calendar.fiscal_start` on anything else, also on days that some years do not have (02-29).
Result<FiscalStart> parse_fiscal_start(std::string_view text);

/// "none", "4-4-5", "4-5-4", "5-4-4". `calendar.pattern`.
Result<WeekPattern> parse_week_pattern(std::string_view text);

/// Whose holidays: "none", "france", "france_alsace_moselle". `calendar.holidays`.
Result<std::optional<FrenchRegion>> parse_holidays(std::string_view text);

}  // namespace vigie::calendar

#pragma once
#include "calendar/calendar.h"
#include "calendar/holidays.h"

namespace vigie::calendar {

// How a person writes a calendar's settings, in a workspace's file or on the command line. What cannot be read is an
// error with what was found and what may be written.

/// "monday" … "sunday" → ISO weekday 1 … 7. `calendar.week_start`.
Result<int> parse_week_start(std::string_view text);
std::string_view name_of_week_start(int iso_weekday);

struct FiscalStart {
  int month, day;
};
/// "04-01" → 1 April. `calendar.fiscal_start` on anything else, also on days that some years do not have (02-29).
Result<FiscalStart> parse_fiscal_start(std::string_view text);

/// "none", "4-4-5", "4-5-4", "5-4-4". `calendar.pattern`.
Result<WeekPattern> parse_week_pattern(std::string_view text);
std::string_view name_of(WeekPattern pattern);

/// "metropole", "alsace_moselle" (accents and capitals do not matter). `calendar.region`.
Result<FrenchRegion> parse_french_region(std::string_view text);
std::string_view name_of(FrenchRegion region);

}  // namespace vigie::calendar

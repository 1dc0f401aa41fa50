#pragma once
// For tests: calendars, days and ranges as a test writes them.
#include <gtest/gtest.h>

#include "calendar/calendar.h"

namespace vigie::calendar {

inline Calendar make(CalendarSettings settings) {
  auto made = Calendar::make(std::move(settings));
  EXPECT_TRUE(made) << (made ? "" : made.error().text());
  return std::move(made).value();
}

inline Date day(std::string_view text) { return *parse_date(text); }
inline std::string text(Range r) { return to_string(r.from) + " " + to_string(r.to); }

}  // namespace vigie::calendar

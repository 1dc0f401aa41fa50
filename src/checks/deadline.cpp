#include "checks/deadline.h"

namespace vigie::checks {

Instant too_old_from(Instant newest, const Age& age, const calendar::Calendar& calendar) {
  constexpr std::int64_t kHour = 3600 * kMicrosPerSecond;
  std::int64_t left = age.amount * (age.unit == Age::Unit::hours ? kHour : kMicrosPerDay);
  if (age.unit != Age::Unit::working_days) return Instant{newest.micros + left};
  // A company that never works again would be waited for without end.
  constexpr int kLongestPause = 366;
  int pause = 0;
  Instant at = newest;
  for (Date day = calendar.zone().day_of(newest);; day = day + 1) {
    const Instant next = calendar.zone().start_of(day + 1);
    const bool counts = calendar.is_working_day(day) || pause > kLongestPause;
    if (counts && at.micros + left <= next.micros) return Instant{at.micros + left};
    if (counts) left -= next.micros - at.micros;
    pause = counts ? 0 : pause + 1;
    at = next;
  }
}

}  // namespace vigie::checks

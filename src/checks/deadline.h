#pragma once
#include "calendar/calendar.h"
#include "checks/check.h"

namespace vigie::checks {

/// The first instant at which a newest row of `newest` is too old. A day is 24 hours; of working days only the hours of
/// days on which the company works count: what is new on a Friday at three is one working day old on Monday at three.
Instant too_old_from(Instant newest, const Age& age, const calendar::Calendar& calendar);

}  // namespace vigie::checks

#pragma once
#include "calendar/calendar.h"
#include "reference/world.h"

namespace vigie::reference {

/// A run of local time that a figure is asked for. `from` is the first instant of `from_day`; `to` is where it ends,
/// inside a day when the period is cut at as-of.
struct Span {
  Date from_day;
  Instant from, to;
};

/// The instant up to which things have happened; a bare date asked for is its end.
struct AsOf {
  Instant at;
};

/// The handbook's rules about time, in one reporting zone.
class Moments {
 public:
  explicit Moments(const calendar::Calendar& calendar) : calendar_(calendar) {}
  const calendar::Calendar& calendar() const { return calendar_; }

  Instant start_of(Date day) const { return calendar_.zone().start_of(day); }
  Date day_of(Instant at) const { return calendar_.zone().day_of(at); }
  Moment bare(Date day) const { return {start_of(day), true}; }

  /// So many calendar days later, at the same time on the wall clock.
  Instant plus_days(Moment from, int days) const;
  /// Whole days when either end is a bare date, else elapsed seconds / 86,400.
  double days_between(Moment from, Moment to) const;
  /// Of a bare date, whole days up to the last day seen; of an instant, the time up to as_of.
  double age(Moment from, const AsOf& as_of) const;

  /// When what began in `then` was as old as what began in `now` is at as_of: as many months earlier where both begin
  /// on one day of a month (at the end of shorter ones), else as many days; never later than as_of.
  AsOf at_the_age_of(Date now, Date then, const AsOf& as_of) const;

  /// The first day of the company's month that lies so many months from that of a day.
  Date month_start(Date day, int months) const;

  Span span(calendar::Range range, Instant cut) const;
  /// As much of `other` as has passed of `range` at `cut`.
  Span to_date(calendar::Range range, calendar::Range other, Instant cut) const;

 private:
  std::int64_t time_of_day(Instant at) const;
  const calendar::Calendar& calendar_;
};

}  // namespace vigie::reference

#include "reference/moments.h"

namespace vigie::reference {

std::int64_t Moments::time_of_day(Instant at) const {
  const std::int64_t local = at.micros + calendar_.zone().offset_minutes(at) * 60 * kMicrosPerSecond;
  return local - day_of(at).days * kMicrosPerDay;
}

Instant Moments::plus_days(Moment from, int days) const {
  const Date day = day_of(from.at) + days;
  if (from.bare) return start_of(day);
  return calendar_.zone().from_local(day.days * kMicrosPerDay + time_of_day(from.at));
}

double Moments::days_between(Moment from, Moment to) const {
  if (from.bare || to.bare) return day_of(to.at) - day_of(from.at);
  return static_cast<double>(to.at.micros - from.at.micros) / static_cast<double>(kMicrosPerDay);
}

double Moments::age(Moment from, const AsOf& as_of) const {
  if (from.bare) return day_of(Instant{as_of.at.micros - 1}) - day_of(from.at);
  return static_cast<double>(as_of.at.micros - from.at.micros) / static_cast<double>(kMicrosPerDay);
}

AsOf Moments::at_the_age_of(Date now, Date then, const AsOf& as_of) const {
  const auto [now_year, now_month, now_day] = civil(now);
  const auto [then_year, then_month, then_day] = civil(then);
  Date day = day_of(as_of.at) - (now - then);
  if (now_day == then_day) {
    auto [year, month, of_month] = civil(day_of(as_of.at));
    for (int moves = (then_year - now_year) * 12 + then_month - now_month; moves != 0; moves += moves < 0 ? 1 : -1) {
      month += moves < 0 ? -1 : 1;
      if (month == 0) month = 12, --year;
      if (month == 13) month = 1, ++year;
    }
    const Date next_month = month == 12 ? date_of(year + 1, 1, 1) : date_of(year, month + 1, 1);
    day = date_of(year, month, 1) + (of_month - 1);
    if (day >= next_month) return {std::min(start_of(next_month), as_of.at)};
  }
  const Instant at = calendar_.zone().from_local(day.days * kMicrosPerDay + time_of_day(as_of.at));
  return {std::min(at, as_of.at)};
}

Date Moments::month_start(Date day, int months) const {
  const auto month_of = [&](Date any) { return calendar_.period_of(any, calendar::Grain::month); };
  Date out = month_of(day).from;
  for (; months > 0; --months) out = month_of(out).to;
  for (; months < 0; ++months) out = month_of(out - 1).from;
  return out;
}

Span Moments::span(calendar::Range range, Instant cut) const {
  const Instant from = start_of(range.from), to = start_of(range.to);
  return {range.from, from, std::max(from, std::min(to, cut))};
}

Span Moments::to_date(calendar::Range range, calendar::Range other, Instant cut) const {
  const Instant from = start_of(other.from), end = start_of(other.to);
  if (start_of(range.to) <= cut) return {other.from, from, end};
  if (cut <= start_of(range.from)) return {other.from, from, from};
  const Date day = other.from + (day_of(cut) - range.from);
  const Instant to = calendar_.zone().from_local(day.days * kMicrosPerDay + time_of_day(cut));
  return {other.from, from, std::min(to, end)};
}

}  // namespace vigie::reference

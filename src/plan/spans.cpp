#include "plan/spans.h"

#include "base/floor.h"

namespace vigie::plan {
namespace {

using calendar::Grain;

constexpr int kMonthsInYear = 12;

Date month_start(Date day) {
  const auto [y, m, d] = civil(day);
  return date_of(y, m, 1);
}

Date add_months(Date first_of_month, int months) {
  const auto [y, m, d] = civil(first_of_month);
  const int index = y * 12 + (m - 1) + months;
  return date_of(index / 12, index % 12 + 1, 1);
}

}  // namespace

expr::InstantLiteral start_of(const calendar::Calendar& calendar, Date day) {
  const Instant at = calendar.zone().start_of(day);
  return {at, day, calendar.zone().offset_minutes(at), true};
}

expr::InstantLiteral seen_until(const calendar::Calendar& calendar, Instant at) {
  return {at, calendar.zone().day_of(Instant{at.micros - 1}), calendar.zone().offset_minutes(at), false};
}

expr::InstantLiteral as_of_day(const calendar::Calendar& calendar, Date day) {
  return seen_until(calendar, calendar.zone().start_of(day + 1));
}

expr::InstantLiteral moved_back(const calendar::Calendar& calendar, const expr::InstantLiteral& as_of, Date now,
                                Date then) {
  const auto& zone = calendar.zone();
  const Date day = zone.day_of(as_of.at);
  std::int64_t tod = as_of.at.micros + zone.offset_minutes(as_of.at) * 60 * kMicrosPerSecond - day.days * kMicrosPerDay;
  const auto [now_year, now_month, now_day] = civil(now);
  const auto [then_year, then_month, then_day] = civil(then);
  Date moved = day - (now - then);
  if (now_day == then_day) {
    const Date first = add_months(month_start(day), (then_year - now_year) * 12 + then_month - now_month);
    moved = first + (day - month_start(day));
    // A shorter month is over before a day of that number comes.
    if (moved >= add_months(first, 1)) moved = add_months(first, 1), tod = 0;
  }
  return seen_until(calendar, std::min(as_of.at, zone.from_local(moved.days * kMicrosPerDay + tod)));
}

expr::InstantLiteral end_of(const calendar::Calendar& calendar, Span span) {
  if (span.to_tod == 0) return start_of(calendar, span.to);
  const Instant at = calendar.zone().from_local(span.to.days * kMicrosPerDay + span.to_tod);
  return {at, span.to, calendar.zone().offset_minutes(at), false};
}

Period period_at(const calendar::Calendar& calendar, calendar::Range whole, const expr::InstantLiteral& as_of) {
  Period out;
  out.whole = whole;
  out.span = {whole.from, whole.to, 0};
  const Instant from = calendar.zone().start_of(whole.from), to = calendar.zone().start_of(whole.to);
  if (to <= as_of.at) return out;
  out.complete = false;
  if (as_of.at <= from) {
    out.elapsed = 0;
    out.span = {whole.from, whole.from, 0};
    return out;
  }
  out.elapsed = static_cast<double>(as_of.at.micros - from.micros) / static_cast<double>(to.micros - from.micros);
  const std::int64_t local = as_of.at.micros + as_of.offset_minutes * 60 * kMicrosPerSecond;
  const std::int64_t day = floor_div(local, kMicrosPerDay);
  out.span = {whole.from, Date{static_cast<std::int32_t>(day)}, local - day * kMicrosPerDay, whole.to};
  return out;
}

Period inside(Period period, calendar::Range range) {
  Span& span = period.span;
  const bool late = range.from > period.whole.from, early = range.to < period.whole.to;
  if (!late && !early) return period;
  const auto passed = static_cast<double>(span.to - span.from);
  span.from = std::max(span.from, range.from);
  if (std::pair(span.to, span.to_tod) > std::pair(range.to, std::int64_t{0})) span.to = range.to, span.to_tod = 0;
  // Who asks for a part of a period asks for what was planned for that part.
  if (early) span.whole_end = range.to;
  if (span.to < span.from) span = {span.from, span.from, 0};
  period.elapsed *= passed > 0 ? std::min(1.0, static_cast<double>(span.to - span.from) / passed) : 0;
  period.complete = false;
  return period;
}

namespace {

/// Up to the same day of another period; to its end where the period is answered for to its own.
Span ending_alike(const Period& period, Date from, Date to, calendar::Range other) {
  const bool to_the_end = period.span.to == period.whole.to && period.span.to_tod == 0;
  if (to_the_end || to >= other.to) return {std::min(from, other.to), other.to, 0};
  return {from, std::max(from, to), period.span.to_tod, other.to};
}

/// Of a period that the range asked cuts, what was planned is planned for the part: up to `to` in the other one.
Span planned_alike(const Period& period, Span span, Date to) {
  if (period.span.whole_to() < period.whole.to) span.whole_end = std::min(std::max(span.from, to), span.whole_to());
  return span;
}

}  // namespace

Span to_date(const Period& period, calendar::Range other) {
  if (period.complete) return {other.from, other.to, 0};
  const auto alike = [&](Date day) { return other.from + (day - period.whole.from); };
  return planned_alike(period, ending_alike(period, alike(period.span.from), alike(period.span.to), other),
                       alike(period.span.whole_to()));
}

Span to_date_by_working_days(const calendar::Calendar& calendar, const Period& period, calendar::Range other) {
  if (period.complete) return {other.from, other.to, 0};
  // The first day of `other` before which as many working days have passed as before `day` in the period.
  const auto alike = [&](Date day) {
    const int passed = calendar.working_days({period.whole.from, day});
    Date at = other.from;
    for (int seen = 0; at < other.to && seen < passed; at = at + 1) seen += calendar.is_working_day(at);
    return at;
  };
  return planned_alike(period, ending_alike(period, alike(period.span.from), alike(period.span.to), other),
                       alike(period.span.whole_to()));
}

std::vector<Span> month_ends_12(const calendar::Calendar& calendar, Span span) {
  std::vector<Span> out;
  const std::int64_t end = calendar.ordinal(span.to, Grain::month);
  for (std::int64_t month = end - kMonthsInYear; month < end; ++month) {
    const calendar::Range range = calendar.period_at(month, Grain::month);
    out.push_back({range.from, range.to, 0});
  }
  return out;
}

Span trailing_12_months(const calendar::Calendar& calendar, Span span) {
  const std::vector<Span> months = month_ends_12(calendar, span);
  return {months.front().from, months.back().to, 0};
}

Span year_before(const calendar::Calendar& calendar, Span span) {
  const calendar::Range month = calendar.period_of(span.from, Grain::month);
  const bool begins_one = month.from == span.from;
  const calendar::Range then = begins_one ? calendar.previous_year(month, Grain::month)
                                          : calendar.previous_year({span.from, span.from + 1}, Grain::day);
  return {then.from, span.from, 0};
}

Segments::Segments(const std::vector<Span>& spans) {
  for (const Span& span : spans) {
    if (span.empty()) continue;
    edges_.emplace_back(span.from.days, 0);
    edges_.emplace_back(span.to.days, span.to_tod);
    if (span.to_tod != 0) cut_ = span.to_tod;
  }
  std::ranges::sort(edges_);
  const auto rest = std::ranges::unique(edges_);
  edges_.erase(rest.begin(), rest.end());
  for (std::size_t i = 0; i + 1 < edges_.size(); ++i)
    segments_.push_back({Date{edges_[i].first}, Date{edges_[i + 1].first}, edges_[i].second, edges_[i + 1].second});
}

std::pair<std::size_t, std::size_t> Segments::of(Span span) const {
  if (span.empty()) return {0, 0};
  const auto index = [&](Edge edge) {
    return static_cast<std::size_t>(std::ranges::lower_bound(edges_, edge) - edges_.begin());
  };
  return {index({span.from.days, 0}), index({span.to.days, span.to_tod})};
}

std::optional<std::size_t> Segments::at(Date day, bool late) const {
  const Edge point{day.days, late ? cut_ : 0};
  const auto after = std::ranges::upper_bound(edges_, point);
  if (after == edges_.begin() || after == edges_.end()) return std::nullopt;
  return static_cast<std::size_t>(after - edges_.begin() - 1);
}

Date Segments::first_day() const { return segments_.front().from; }
Date Segments::last_day() const {
  const Segment& last = segments_.back();
  return last.to_tod > 0 ? last.to : last.to - 1;
}

}  // namespace vigie::plan

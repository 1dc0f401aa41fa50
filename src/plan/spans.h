#pragma once
#include <compare>
#include <optional>
#include <vector>

#include "calendar/calendar.h"
#include "expr/expr.h"

namespace vigie::plan {

/// A run of local time: from midnight of `from` up to midnight of `to` plus `to_tod` (µs into that local day). `to_tod`
/// is not 0 only where a period is cut at an as-of instant inside a day, and in what such a period is compared with.
/// All spans of a batch that are cut share one time of day, so one comparison tells the two halves of any day apart.
struct Span {
  Date from, to;
  std::int64_t to_tod = 0;
  /// Where the period ends of which this is the part that there is; empty: here. What is planned (a quota, a target, an
  /// expected close) is planned for the whole of it.
  std::optional<Date> whole_end = {};
  auto operator<=>(const Span&) const = default;
  Date whole_to() const { return whole_end.value_or(to_tod > 0 ? to + 1 : to); }
  bool empty() const { return to < from || (to == from && to_tod == 0); }
};

/// One period of a question, as it can be answered at `as_of`.
struct Period {
  calendar::Range whole;
  Span span;             ///< cut at as_of when the period is open
  bool complete = true;  ///< over at as_of
  double elapsed = 1;    ///< share of the whole that has passed, and that the range asked holds
};

/// The period cut at as_of. `as_of` is exclusive: "the end of D" is the first instant of D + 1.
Period period_at(const calendar::Calendar& calendar, calendar::Range whole, const expr::InstantLiteral& as_of);

/// The part of a period inside a range that cuts it: it answers for less than its name says, so it is not complete.
Period inside(Period period, calendar::Range range);

/// What an open or cut period is compared with: as much of `other` as is answered for of `period` (the same days from
/// its first, and the same time of day), never more than `other` itself.
Span to_date(const Period& period, calendar::Range other);
/// The same by working days: those of `other` that are as many working days from its first as those of `period`.
Span to_date_by_working_days(const calendar::Calendar& calendar, const Period& period, calendar::Range other);

/// The 12 complete months of the company's calendar up to the end of a span: a month that the span cuts is left out.
Span trailing_12_months(const calendar::Calendar& calendar, Span span);
/// The ends of those months, as spans that begin at the month's first day.
std::vector<Span> month_ends_12(const calendar::Calendar& calendar, Span span);
/// The 12 months up to the start of a span; of one that begins inside a month, from the same day of the year before.
Span year_before(const calendar::Calendar& calendar, Span span);

/// The first instant after a span, as a literal with its facets.
expr::InstantLiteral end_of(const calendar::Calendar& calendar, Span span);
expr::InstantLiteral start_of(const calendar::Calendar& calendar, Date day);

/// The moment up to which something is seen, as an end of ages. It is an instant however it was asked for; its day is
/// the last one of which anything is seen. So what began at an instant is as old as the time between the two, and what
/// began on a bare date is as many whole days old as lie between that date and the last day seen.
expr::InstantLiteral seen_until(const calendar::Calendar& calendar, Instant at);
/// as_of moved back by what lies between two periods: by whole months where both begin on the same day of a month, else
/// by days. What began in `then` is as old then as what began in `now` is at as_of.
expr::InstantLiteral moved_back(const calendar::Calendar& calendar, const expr::InstantLiteral& as_of, Date now,
                                Date then);
/// "The end of D" as an as-of.
expr::InstantLiteral as_of_day(const calendar::Calendar& calendar, Date day);

/// Cuts a set of spans into the fewest disjoint segments such that each span is a run of whole segments.
class Segments {
 public:
  explicit Segments(const std::vector<Span>& spans);
  struct Segment {
    Date from, to;  ///< days [from, to)
    std::int64_t from_tod = 0, to_tod = 0;
  };
  const std::vector<Segment>& all() const { return segments_; }
  /// The segments of a span that was given to the constructor: [first, last).
  std::pair<std::size_t, std::size_t> of(Span span) const;
  std::int64_t cut() const { return cut_; }  ///< time of day shared by all cuts; 0: none
  /// The segment that holds a day's first (`late` false) or second half; empty when none does.
  std::optional<std::size_t> at(Date day, bool late) const;
  Date first_day() const;
  Date last_day() const;  ///< inclusive

 private:
  using Edge = std::pair<std::int32_t, std::int64_t>;
  std::vector<Edge> edges_;
  std::vector<Segment> segments_;
  std::int64_t cut_ = 0;
};

}  // namespace vigie::plan

#pragma once
#include "plan/measures.h"

namespace vigie::plan {

/// What every pass over a relation makes of its rows: the groups g0, g1, …, the day, and which half of a cut day.
inline constexpr std::string_view kDay = "bucket_day", kLate = "bucket_late";

std::vector<std::string> all_groups(const MeasureSpec& spec);  ///< its axes, then its splits
/// As g0, g1, …; of an instant its day.
std::vector<store::NamedExpr> group_columns(const MeasureSpec& spec, const std::vector<std::string>& names);
expr::Expr day_of(const MeasureSpec& spec);
/// True in the second half of the days that a cut divides: at or after the cut's instant.
expr::Expr late_half(const MeasureSpec& spec, const std::vector<Span>& spans, const calendar::Calendar& calendar);
store::RelPtr between_days(const MeasureSpec& spec, Date first, Date last);
/// Joins rows with kDay and kLate to a table of (day, half, …).
store::RelPtr on_days(store::RelPtr left, store::RelPtr days);

/// Reads the group columns that begin at `first`. A date reads as 2025-01-31.
Key key_of(const store::ResultSet& rows, std::size_t row, std::size_t first, std::size_t count);

/// Adds to `into` the spans that it has not yet, the empty ones aside.
void collect(const std::vector<Span>& spans, std::vector<Span>& into);

}  // namespace vigie::plan

#pragma once
#include <map>
#include <optional>

#include "base/bilingual.h"
#include "base/result.h"
#include "base/time.h"
#include "expr/expr.h"
#include "store/rel.h"

namespace vigie::catalog {

/// A sentence about a number of things; {count} stands for the number.
struct CountedText {
  Text one, other;
  /// With the number written in, each language in its own grammar: French says 0 and 1 in the singular, English 1
  /// alone. {all} stands for what it is a part of, and {share} for the percentage that it makes of that.
  Text with(std::int64_t count, std::int64_t all = 0) const;
};

/// `score`: points of a balance, −100…100; `mark`: a mean mark, on the scale of who marked.
enum class Unit { rate, money, count, days, score, ratio, months, mark };
std::string_view name_of(Unit unit);
enum class Direction { up, down, neutral };
std::string_view name_of(Direction direction);

/// A parameter of a definition: its type, what it is when nobody says, and its bounds.
struct Parameter {
  enum class Kind { days, integer, number, choice } kind = Kind::integer;
  std::string name;
  std::string fallback;  ///< text form; a choice's value, a number
  std::optional<double> min, max;
  std::vector<std::string> values;  ///< of a choice
  Text label;
};

/// Over which span a measure is taken, given the span of a period.
enum class Over {
  period,              ///< the period itself
  trailing_12_months,  ///< the 12 complete months of the calendar up to the period's end
  month_ends_12,       ///< mean over the 12 month-ends of those months (periodic relations)
  until_end,           ///< everything before the period's end
  each_period,         ///< the periods of the question, summed: of a whole range, those in it
  trailing_days,       ///< as many days up to the period's end as the parameter `trailing` says
  lagged,              ///< the period shifted back by the parameter `lag`
  year_before,         ///< the 12 months up to the period's start
};

/// What the planner can compute: an aggregate over a relation, of the rows whose time is in a span.
struct Measure {
  std::string name;
  std::string relation;
  std::string at;  ///< time column; empty for periodic relations
  enum class Form { aggregate, histogram } form = Form::aggregate;
  store::AggregateFn fn = store::AggregateFn::count;
  /// Squares of a duration are of minutes to their hundredth (squares of microseconds would not fit); read as of days.
  bool squares_of_duration = false;
  std::string per;     ///< of squares: the column whose values the sums that are squared are of; empty: each row's own
  expr::Expr value;    ///< what is summed, counted distinct, or the histogram's value
  expr::Expr outcome;  ///< histograms: 0 censored, 1 event, 2 competing event; null: all events
  expr::Expr where;
  Over over = Over::period;
  bool ignores_splits = false;  ///< the same figure for every split value (a rate of the whole)
  bool ignores_axes = false;    ///< the same figure along every axis, although its relation has the axis' column
  SourcePosition written;
};

}  // namespace vigie::catalog

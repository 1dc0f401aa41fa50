#include "kpi/compare.h"

#include <cmath>

#include "stats/intervals.h"

namespace vigie::kpi {
namespace {

/// Scores and marks stand on a scale whose zero means nothing: twice as much says nothing of them.
bool has_relative(catalog::Unit unit) { return unit != catalog::Unit::score && unit != catalog::Unit::mark; }

constexpr double kVerdictFromElapsed = 0.20;

/// Whether chance alone may explain the change. Facts (no interval) have no chance in them.
bool within_ordinary_variation(const Figure& now, const Figure& then, catalog::IntervalKind kind) {
  std::optional<stats::Interval> change;
  if (kind == catalog::IntervalKind::wilson) {
    const auto share = [](const Figure& f) {
      return stats::Share{static_cast<std::int64_t>(f.numerator.number()), static_cast<std::int64_t>(f.denominator.number())};
    };
    change = stats::proportion_change(share(then), share(now));
  } else if (kind == catalog::IntervalKind::mean) {
    const auto moments = [](const Figure& f) { return stats::Moments{f.n, f.numerator.number(), f.sum_squares}; };
    if (const auto welch = stats::mean_change(moments(then), moments(now))) change = welch->interval;
  } else if (kind == catalog::IntervalKind::nps && now.ci_low && then.ci_low) {
    // Two independent scores: the half-widths add in squares.
    const double half_now = (*now.ci_high - *now.ci_low) / 2, half_then = (*then.ci_high - *then.ci_low) / 2;
    const double half = std::sqrt(half_now * half_now + half_then * half_then);
    const double delta = now.value.number() - then.value.number();
    change = stats::Interval{delta - half, delta + half};
  } else {
    return false;
  }
  return !change || (change->low <= 0 && change->high >= 0);
}

}  // namespace

calendar::Range compared_range(const calendar::Calendar& calendar, const plan::Comparison& comparison, calendar::Range range, calendar::Grain grain) {
  using Kind = plan::Comparison::Kind;
  switch (comparison.kind) {
    case Kind::previous_period: return calendar.previous_period(range, grain);
    case Kind::previous_year: return calendar.previous_year(range, grain);
    case Kind::previous_year_weekday: return calendar.previous_year_weekday(range);
    case Kind::range: return {comparison.from, comparison.to};
    case Kind::target: return range;
  }
  return range;
}

Compared compare(const Figure& now, const Figure& then, calendar::Range range, const Judged& judged) {
  Compared out;
  out.from = range.from;
  out.to = range.to;
  out.value = then.value.optional();
  out.ci_low = then.ci_low;
  out.ci_high = then.ci_high;
  if (then.value.is_null()) out.reason = then.value.reason;
  out.verdict = "none";
  if (now.value.is_null() || then.value.is_null()) return out;
  if (now.value.kind == Value::Kind::exact && then.value.kind == Value::Kind::exact) {
    const auto difference = now.value.exact.minus(then.value.exact);
    out.delta = difference ? difference->to_double() : now.value.number() - then.value.number();
  } else {
    out.delta = now.value.number() - then.value.number();
  }
  // From zero there is no ratio, and none across a sign or from a negative base.
  if (has_relative(judged.definition.unit) && then.value.number() > 0 && now.value.number() >= 0) out.relative = *out.delta / then.value.number();
  const auto direction = judged.definition.direction;
  if (judged.small_sample || judged.elapsed < kVerdictFromElapsed) return out;
  out.verdict = "neutral";
  if (direction == catalog::Direction::neutral || *out.delta == 0) return out;
  if (within_ordinary_variation(now, then, judged.variant.interval.kind)) return out;
  out.verdict = (*out.delta > 0) == (direction == catalog::Direction::up) ? "better" : "worse";
  return out;
}

}  // namespace vigie::kpi

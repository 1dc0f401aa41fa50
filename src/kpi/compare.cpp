#include "kpi/compare.h"

#include <cmath>
#include <limits>

#include "stats/intervals.h"

namespace vigie::kpi {
namespace {

/// Scores and marks stand on a scale whose zero means nothing: twice as much says nothing of them.
bool has_relative(catalog::Unit unit) { return unit != catalog::Unit::score && unit != catalog::Unit::mark; }

constexpr double kVerdictFromElapsed = 0.20;

/// The interval of a figure; an end that is never reached (of a median, where many are still open) is infinitely far.
std::optional<stats::Interval> interval_of(const Figure& figure) {
  constexpr double kNever = std::numeric_limits<double>::infinity();
  if (!figure.ci_low && !figure.ci_high) return std::nullopt;
  return stats::Interval{figure.ci_low.value_or(-kNever), figure.ci_high.value_or(kNever)};
}

/// The interval of the difference of two independent figures from the interval of each, which need not be symmetric
/// (Zou and Donner 2008, "Construction of confidence limits about effect measures", eq. 7).
stats::Interval difference(double now, const stats::Interval& of_now, double then, const stats::Interval& of_then) {
  return {now - then - std::hypot(now - of_now.low, of_then.high - then),
          now - then + std::hypot(of_now.high - now, then - of_then.low)};
}

/// How far chance alone may move the change, around what it is. Nothing of facts, and where one of two estimates has no
/// interval.
std::optional<stats::Interval> interval_of_change(const Figure& now, const Figure& then, const Judged& judged) {
  const catalog::IntervalKind kind = judged.variant.interval.kind;
  if (judged.against == Judged::Against::target) {
    // A target is what somebody wrote: all the chance is in the figure.
    const auto interval = interval_of(now);
    const double target = then.value.number();
    return interval ? std::optional(stats::Interval{interval->low - target, interval->high - target}) : std::nullopt;
  }
  if (kind == catalog::IntervalKind::wilson) {
    const auto share = [](const Figure& f) {
      return stats::Share{static_cast<std::int64_t>(f.numerator.number()),
                          static_cast<std::int64_t>(f.denominator.number())};
    };
    return stats::proportion_change(share(then), share(now));
  }
  if (now.ci_kind == kNormalOfMean && then.ci_kind == kNormalOfMean) {
    const auto welch = stats::mean_change(then.moments(), now.moments());
    return welch ? std::optional(welch->interval) : std::nullopt;
  }
  const auto of_now = interval_of(now), of_then = interval_of(then);
  if (!of_now || !of_then) return std::nullopt;
  return difference(now.value.number(), *of_now, then.value.number(), *of_then);
}

/// Whether chance alone may explain the change. Facts (no interval on either side) have no chance in them; of two
/// estimates one of which has no interval nothing can be told.
bool within_ordinary_variation(const Figure& now, const Figure& then, catalog::IntervalKind kind,
                               const std::optional<stats::Interval>& change) {
  if (change) return change->low <= 0 && change->high >= 0;
  using enum catalog::IntervalKind;
  const bool sampled = kind == wilson || kind == mean || kind == ratio || kind == poisson;
  return sampled || interval_of(now) || interval_of(then);
}

}  // namespace

calendar::Range compared_range(const calendar::Calendar& calendar, const plan::Comparison& comparison,
                               calendar::Range range, calendar::Grain grain) {
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

bool are_as_long(const calendar::Calendar& calendar, const calendar::Range& a, const calendar::Range& b,
                 calendar::Grain grain) {
  using calendar::Grain;
  if (a.to - a.from == b.to - b.from) return true;
  const auto whole_months = [](const calendar::Range& range) -> std::optional<int> {
    constexpr int kMonths = 12;
    const YearMonthDay from = civil(range.from), to = civil(range.to);
    if (from.day != to.day) return std::nullopt;
    return (to.year - from.year) * kMonths + to.month - from.month;
  };
  if (const auto months = whole_months(a); months && months == whole_months(b)) return true;
  if (grain == Grain::total || grain == Grain::hour) return false;
  const auto is_one_period = [&](const calendar::Range& range) {
    const calendar::Range period = calendar.period_of(range.from, grain);
    return period.from == range.from && period.to == range.to;
  };
  return is_one_period(a) && is_one_period(b);
}

bool is_small_sample(const Figure& figure, const catalog::Definition& definition, const catalog::Variant& variant) {
  // The whole of a table is what its rows add up to, and has no value of its own.
  const bool fact = variant.form == catalog::Form::formula || variant.form == catalog::Form::table;
  const bool sample = !figure.denominator.is_null() || !fact;
  return sample && figure.n > 0 && figure.n < definition.min_sample;
}

std::optional<std::int64_t> units_short(const Figure& figure, const Decimal& target,
                                        const catalog::Definition& definition, const catalog::Variant& variant) {
  if (variant.unit.value_or(definition.unit) != catalog::Unit::rate) return std::nullopt;
  const auto sides = variant.form == catalog::Form::formula ? fraction_of(variant.value) : std::nullopt;
  const auto is_count = [](const Value& value, const expr::Expr& side) {
    return value.kind == Value::Kind::exact && side->type == expr::Type::integer;
  };
  if (!sides || !is_count(figure.numerator, sides->numerator) || !is_count(figure.denominator, sides->denominator) ||
      definition.direction == catalog::Direction::neutral)
    return std::nullopt;
  const auto wanted = target.times(figure.denominator.exact);
  const auto nearest = wanted ? wanted->rescaled(0) : wanted;
  const auto reached = figure.numerator.exact.rescaled(0);
  if (!nearest || !reached) return std::nullopt;
  const auto whole = [](const Decimal& value) { return static_cast<std::int64_t>(value.units()); };
  if (definition.direction == catalog::Direction::up)
    return std::max<std::int64_t>(0, whole(*nearest) + (*nearest < *wanted ? 1 : 0) - whole(*reached));
  return std::max<std::int64_t>(0, whole(*reached) - whole(*nearest) + (*nearest > *wanted ? 1 : 0));
}

Compared compare(const Figure& now, const Figure& then, calendar::Range range, const Judged& judged) {
  Compared out;
  out.from = range.from;
  out.to = range.to;
  out.value = then.value.optional();
  if (then.value.kind == Value::Kind::exact) out.value_exact = then.value.exact.to_plain();
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
  const catalog::Unit unit = judged.variant.unit.value_or(judged.definition.unit);
  if (has_relative(unit) && then.value.number() > 0 && now.value.number() >= 0)
    out.relative = *out.delta / then.value.number();
  const auto direction = judged.definition.direction;
  if (judged.small_sample || is_small_sample(then, judged.definition, judged.variant) ||
      judged.elapsed < kVerdictFromElapsed)
    return out;
  const auto kind = judged.variant.interval.kind;
  const auto change = interval_of_change(now, then, judged);
  if (change && std::isfinite(change->low)) out.delta_low = change->low;
  if (change && std::isfinite(change->high)) out.delta_high = change->high;
  out.verdict = "neutral";
  if (direction == catalog::Direction::neutral || *out.delta == 0) return out;
  if (within_ordinary_variation(now, then, kind, change)) return out;
  out.verdict = (*out.delta > 0) == (direction == catalog::Direction::up) ? "better" : "worse";
  return out;
}

}  // namespace vigie::kpi

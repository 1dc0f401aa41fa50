#include "kpi/evaluation.h"

#include <cassert>
#include <cmath>

#include "base/text.h"
#include "catalog/question_parameters.h"
#include "expr/check.h"
#include "kpi/apart.h"
#include "kpi/question_scope.h"
#include "plan/coverage.h"
#include "stats/intervals.h"

namespace vigie::kpi {
namespace {

using catalog::Measure;
using catalog::Over;
using expr::Expr;
using plan::Key;
using plan::Span;
using store::RelPtr;

constexpr double kMicrosPerDayReal = static_cast<double>(kMicrosPerDay);
constexpr double kMinutesPerDay = 1'440;

/// Does it name no measure? A parameter is no number of units either.
bool is_constant(const Expr& e) {
  std::vector<std::string> names;
  expr::columns_of(e, names);
  return names.empty();
}

/// Of a share of units, how many they are; null: amounts and other KPIs below the line are no number of them. What a
/// constant divides is a share of what its numerator is.
Expr units_of(const Expr& formula) {
  const auto sides = fraction_of(formula);
  if (!sides) return nullptr;
  if (is_constant(sides->denominator)) return units_of(sides->numerator);
  const expr::Type type = sides->denominator->type;
  return type == expr::Type::integer || type == expr::Type::number ? sides->denominator : nullptr;
}

/// Where a mean of a unit can lie: a share from nothing to all, a balance of those for and those against.
std::optional<stats::Interval> scale_of(catalog::Unit unit) {
  if (unit == catalog::Unit::rate) return stats::Interval{0, 1};
  if (unit == catalog::Unit::score) return stats::Interval{-100, 100};
  return std::nullopt;
}

/// Of a mean of what lies on no scale, or on one; less what a second sum takes off it. Also names its kind.
struct TakenOff {
  double sum, squares;
};
std::optional<stats::Interval> interval_of_mean(Figure& figure, catalog::Unit unit,
                                                const std::optional<TakenOff>& less) {
  stats::Moments sample = figure.moments();
  if (less) {
    figure.ci_kind = "mean_less";
    sample.sum += less->sum;  // what there was before anything was taken off
    return stats::mean_less_interval(sample, less->sum, less->squares);
  }
  figure.ci_kind = kNormalOfMean;
  const auto ends = scale_of(unit);
  const auto found = ends ? stats::bounded_mean_interval(sample, *ends) : std::nullopt;
  if (found && sample.n < stats::kNormalFrom) figure.ci_kind = kScoreOfMean;
  return found ? found : stats::mean_interval(sample);
}

/// What is a fact over what came by chance, one by one: the more came, the less each cost.
std::optional<stats::Interval> over_a_count(double fact, double count) {
  const auto counted = stats::poisson_interval(count);
  if (!counted || counted->low <= 0) return std::nullopt;
  const auto [low, high] = std::minmax(fact / counted->high, fact / counted->low);
  return stats::Interval{low, high};
}

/// The length of a span in months: whole ones where it runs from a day of a month to the same day of another.
double months_of(const Span& span) {
  const auto [year, month, day] = civil(span.from);
  const auto [to_year, to_month, to_day] = civil(span.to);
  if (day == to_day && span.to_tod == 0) return (to_year - year) * 12 + to_month - month;
  constexpr double kDaysPerMonth = 146'097.0 / 4'800;  // of the Gregorian calendar
  return (span.to - span.from + static_cast<double>(span.to_tod) / kMicrosPerDayReal) / kDaysPerMonth;
}

}  // namespace

Evaluation::Evaluation(const Session& session, const plan::Question& question, Bound bound)
    : session_(session),
      question_(question),
      bound_(std::move(bound)),
      coverage_(session_, question_.grain, bound_),
      targets_(session_, question_, bound_.as_of.at),
      splits_(question.by) {
  stand_apart();
}

void Evaluation::stand_apart() {
  const std::string& axis = bound_.variant->apart;
  if (axis.empty()) return;
  const Instant at = bound_.as_of.at;
  if (!plan::has_both_relations(session_.facts, plan::sale_event(session_.settings, session_.facts), at)) return;
  std::vector<std::string> passing{std::string(plan::kContract), std::string(plan::kPurchase)};
  if (!question_.where.empty()) {
    const std::vector<std::string> names = names_of(*bound_.variant);
    const auto measure = std::ranges::find_if(names, [&](const std::string& name) {
      const auto found = bound_.definition->measures.find(name);
      return found != bound_.definition->measures.end() && !found->second.ignores_splits;
    });
    if (measure == names.end()) return;
    const model::Relation& relation = *session_.model.relation(bound_.definition->measures.at(*measure).relation);
    const catalog::RelationScope of_model(session_.model, relation, bound_.definition->parameters);
    const RelPtr nothing = store::values({}, {});
    const QuestionScope scope(of_model, relation, nothing, session_.facts);
    // A filter that does not check is refused, with its place, when the measures are planned.
    const auto filter = expr::parse_and_check(question_.where, scope, {"", 1, 1}, expr::Type::boolean);
    if (filter) std::erase_if(passing, [&](const std::string& value) { return !may_pass(*filter, axis, value); });
  }
  if (passing.size() < 2) return;
  apart_ = *bound_.variant;
  apart_->axes.insert(apart_->axes.begin(), catalog::Axis{axis, axis});
  bound_.variant = &*apart_;
  headline_ = plan::leading_relation(session_.settings, session_.facts, at);
  std::erase(splits_, axis);
}

std::set<Key> Evaluation::whole_keys() const {
  if (!headline_) return {Key{}};
  return {Key{std::string(plan::kContract)}, Key{std::string(plan::kPurchase)}};
}

Key Evaluation::key_of(const Evaluation& reference, const Key& key) const {
  if (key.empty()) return {};
  Key out(key.begin() + static_cast<std::ptrdiff_t>(std::min(key.size(), bound_.variant->axes.size())), key.end());
  if (reference.headline_) out.insert(out.begin(), headline_ ? key.front() : reference.headline_);
  return out;
}

bool Evaluation::in_another_currency() const { return targets_.in_another_currency(); }

const std::string& Evaluation::reporting_currency() const {
  return in_another_currency() ? question_.currency : session_.settings.currency;
}

std::int64_t Evaluation::days_before_data(const Span& span, const Expr& formula) const {
  return coverage_.days_before_data(span, formula ? formula : bound_.variant->value, [&](const std::string& name) {
    const auto other = references_.find(name);
    return other == references_.end() ? 0 : other->second->days_before_data(span);
  });
}

std::int64_t Evaluation::year_days_before_data(const Span& span, const Expr& formula) const {
  const auto of_kpi = [this, span](const std::string& name) -> std::int64_t {
    const auto other = references_.find(name);
    return other == references_.end() ? 0 : other->second->year_days_before_data(span);
  };
  return coverage_.year_days_before_data(span, formula ? formula : bound_.variant->value, of_kpi);
}

const plan::Parts* Evaluation::parts(const std::string& measure, const Span& span, const Key& asked,
                                     Level level) const {
  const Key key = asked.empty() && headline_ ? Key{headline_} : asked;
  const Planned& planned = planned_.at(measure);
  const plan::MeasureValues& values = run_->values(planned.handle);
  const std::size_t all = std::min(key.size(), bound_.variant->axes.size());
  Key axes;
  for (const std::size_t axis : planned.axes)
    if (axis < all) axes.push_back(key[axis]);
  if (level == Level::split && planned.split) {
    Key full = axes;
    full.insert(full.end(), key.begin() + static_cast<std::ptrdiff_t>(all), key.end());
    return values.find(span, full);
  }
  if (const plan::Parts* found = values.find_total(span, axes)) return found;
  return planned.split ? nullptr : values.find(span, axes);
}

Result<Decimal> Evaluation::whole(const std::string& measure, const Span& span) const {
  const Planned& planned = planned_.at(measure);
  const plan::MeasureValues& values = run_->values(planned.handle);
  Decimal sum;
  for (const Span& over : coverage_.spans_over(planned.measure->over, span)) {
    const auto* found = values.totals_of(over);
    if (!found && !planned.split) found = values.of(over);
    if (!found) continue;
    for (const auto& [key, parts] : *found)
      if (!parts.null) {
        VIGIE_TRY(sum, sum.plus(parts.number));
      }
  }
  return sum;
}

Result<double> Evaluation::counted(const catalog::Warned& warned, const Span& span) const {
  if (warned.count) return count_of(warned.count, span, {}, Level::total);
  VIGIE_TRY(const Decimal found, whole(warned.measure, span));
  return found.to_double();
}

const plan::MeasureValues::ByKey* Evaluation::values(const std::string& measure, const Span& span) const {
  return run_->values(planned_.at(measure).handle).of(span);
}

Result<Value> Evaluation::summed(const std::string& name, const Span& span, const Key& key, Level level) const {
  const Measure& measure = *planned_.at(name).measure;
  const bool counts = measure.fn == store::AggregateFn::count || measure.fn == store::AggregateFn::count_distinct ||
                      measure.fn == store::AggregateFn::sum || measure.fn == store::AggregateFn::sum_squares;
  Decimal sum;
  bool any = false;
  for (const Span& over : coverage_.spans_over(measure.over, span)) {
    const plan::Parts* found = parts(name, over, key, level);
    if (!found || found->null) continue;
    any = true;
    VIGIE_TRY(sum, sum.plus(found->number));
  }
  return any || counts ? Value::of(sum) : Value::null("no_data");
}

Result<Value> Evaluation::measure_value(const Measure& measure, const Span& span, const Key& key, Level level) const {
  VIGIE_TRY(const Value sum, summed(measure.name, span, key, level));
  if (sum.is_null()) return sum;
  if (measure.squares_of_duration) return Value::of(sum.number() / (kMinutesPerDay * kMinutesPerDay));
  if (measure.over != Over::month_ends_12) return sum;
  return Value::of(sum.number() / static_cast<double>(coverage_.spans_over(measure.over, span).size()));
}

Value Evaluation::given(const catalog::QuestionParameter& known, const Span& span, Level level) const {
  using Kind = catalog::QuestionParameter::Kind;
  switch (known.kind) {
    case Kind::margin_rate:
      if (session_.settings.margin_rate) return Value::of(*session_.settings.margin_rate);
      break;
    case Kind::nothing: break;
    case Kind::revenue_target: return targets_.revenue(span, level);
    case Kind::period_months: return Value::of(months_of(span));
  }
  assert(known.null_for.size() == 1);
  return Value::null(std::string(known.null_for.front()));
}

Result<Value> Evaluation::lookup(const std::string& name, const Span& span, const Key& key, Level level) const {
  if (name.starts_with("$")) {
    const std::string parameter = name.substr(1);
    if (const catalog::QuestionParameter* known = catalog::question_parameter(parameter))
      return given(*known, span, level);
    const auto bound = bound_.params.find(parameter);
    assert(bound != bound_.params.end());
    if (const auto* micros = std::get_if<expr::Micros>(&bound->second))
      return Value::of(static_cast<double>(micros->value) / kMicrosPerDayReal);
    if (const auto* integer = std::get_if<std::int64_t>(&bound->second)) return Value::of(Decimal::integer(*integer));
    if (const auto* decimal = std::get_if<Decimal>(&bound->second)) return Value::of(*decimal);
    return Value::null("not_applicable");
  }
  if (const auto other = references_.find(name); other != references_.end()) {
    if (is_unlike(*other->second)) return Value::null("unlike_populations");
    VIGIE_TRY(const Figure figure, other->second->figure(span, key_of(*other->second, key), level));
    return figure.value;
  }
  const Planned& planned = planned_.at(name);
  if (planned.measure->form == Measure::Form::histogram) {
    VIGIE_TRY(const Figure median, median_of(*planned.measure, span, key, level));
    return median.value;
  }
  return measure_value(*planned.measure, span, key, level);
}

bool Evaluation::is_unlike(const Evaluation& reference) const {
  if (!reference.headline_ || headline_) return false;
  std::vector<std::string> names;
  if (bound_.variant->value) expr::columns_of(bound_.variant->value, names);
  return std::ranges::any_of(names, [&](const std::string& name) {
    const auto other = references_.find(name);
    return other == references_.end() ? planned_.contains(name) : !other->second->headline_;
  });
}

Result<Figure> Evaluation::figure(const Span& span, const Key& key, Level level) const {
  Figure out;
  const catalog::Variant& variant = *bound_.variant;
  if (const std::string reason = coverage_.uncovered(span); !reason.empty()) {
    out.value = Value::null(reason);
    // A ratio of which one side is known still tells that side.
    const auto sides = fraction_of(variant.value);
    const bool begun = !span.empty() && plan::start_of(session_.calendar, span.from).at < bound_.as_of.at;
    if (begun && sides && coverage_.side_uncovered(sides->numerator, span).empty())
      VIGIE_CHECK(add_measures(variant.beside, out, span, key, level));
    return out;
  }
  if (!variant.axes.empty() && variant.form != catalog::Form::cohort && key.size() < variant.axes.size() &&
      !headline_) {
    out.value = Value::null("not_applicable");  // along an axis the rows have values, the whole has none
    return out;
  }
  switch (variant.form) {
    case catalog::Form::formula: {
      VIGIE_TRY(out, formula_figure(variant.value, span, key, level));
      break;
    }
    case catalog::Form::quantile:
    case catalog::Form::survival:
    case catalog::Form::mean_within: {
      VIGIE_TRY(out, distribution_figure(span, key, level));
      break;
    }
    case catalog::Form::curve:
    case catalog::Form::cohort:
    case catalog::Form::table: out.value = Value::null("not_applicable");  // their rows have values, the whole has none
  }
  if (!out.value.is_null() && coverage_.partial_year(span)) out.value = Value::null("partial_year");
  VIGIE_CHECK(add_measures(variant.beside, out, span, key, level));
  add_above(out, span, key, level);
  VIGIE_CHECK(add_quality(out, span, key, level));
  // What holds of all rows goes before what holds of some: no margin at all before the amounts that a few rows lack.
  VIGIE_CHECK(say_why_null(out, span, key, level));
  if (variant.unpriced) VIGIE_CHECK(add_unpriced(out, out.n, span, key, level));
  add_per_working_day(out, span);
  VIGIE_CHECK(add_interval(out, span, key, level));
  return out;
}

Result<> Evaluation::say_why_null(Figure& figure, const Span& span, const Key& key, Level level) const {
  const catalog::Variant& variant = *bound_.variant;
  const bool says_why =
      figure.value.is_null() && (figure.value.reason == "no_denominator" || figure.value.reason == "not_applicable");
  if (!says_why) return {};
  for (const catalog::NullReason& reason : variant.null_reasons) {
    VIGIE_TRY(const bool holds, is_true(reason.when, span, key, level));
    if (!(reason.when ? holds : !variant.n || figure.n > 0)) continue;
    figure.value.reason = reason.code;
    break;
  }
  return {};
}

Result<bool> Evaluation::is_true(const Expr& condition, const Span& span, const Key& key, Level level) const {
  if (!condition) return false;
  const Lookup at = [&](const std::string& name) { return lookup(name, span, key, level); };
  VIGIE_TRY(const Value value, evaluate(condition, at));
  return !value.is_null() && value.number() != 0;
}

Result<Figure> Evaluation::table_figure(const catalog::TableRow& row, const Span& span, const Key& key,
                                        Level level) const {
  VIGIE_TRY(Figure out, formula_figure(row.value, span, key, level));
  VIGIE_CHECK(add_measures(row.beside, out, span, key, level));
  VIGIE_CHECK(say_why_null(out, span, key, level));
  if (bound_.variant->unpriced) {
    VIGIE_TRY(const double all, count_of(bound_.variant->n, span, key, level));
    VIGIE_CHECK(add_unpriced(out, static_cast<std::int64_t>(all), span, key, level));
  }
  return out;
}

Result<Figure> Evaluation::formula_figure(const Expr& formula, const Span& span, const Key& key, Level level) const {
  Figure out;
  const Lookup at = [&](const std::string& name) { return lookup(name, span, key, level); };
  VIGIE_TRY(out.value, evaluate(formula, at));
  if (const auto sides = fraction_of(formula)) {
    VIGIE_TRY(out.numerator, evaluate(sides->numerator, at));
    VIGIE_TRY(out.denominator, evaluate(sides->denominator, at));
  }
  if (formula->type == expr::Type::duration && !out.value.is_null())
    out.value = Value::of(out.value.number() / kMicrosPerDayReal);
  return out;
}

Result<> Evaluation::add_measures(const std::map<std::string, Expr>& measures, Figure& figure, const Span& span,
                                  const Key& key, Level level) const {
  const Lookup at = [&](const std::string& name) { return lookup(name, span, key, level); };
  for (const auto& [name, measure] : measures) {
    VIGIE_TRY(const Value value, evaluate(measure, at));
    if (!value.is_null()) figure.measures[name] = value.number();
  }
  return {};
}

void Evaluation::add_per_working_day(Figure& figure, const Span& span) const {
  const catalog::Definition& definition = *bound_.definition;
  const catalog::Unit unit = bound_.variant->unit.value_or(definition.unit);
  const bool amount = unit == catalog::Unit::money || unit == catalog::Unit::count;
  if (definition.additivity != "additive" || !amount || figure.value.is_null() ||
      question_.grain == calendar::Grain::hour)
    return;
  // The day that as_of cuts has begun: it counts whole.
  const int days = session_.calendar.working_days({span.from, span.to_tod > 0 ? span.to + 1 : span.to});
  if (days > 0) figure.measures["per_working_day"] = figure.value.number() / days;
}

Result<double> Evaluation::count_of(const std::string& measure, const Span& span, const Key& key, Level level) const {
  if (measure.empty()) return 0.0;
  VIGIE_TRY(const Value value, lookup(measure, span, key, level));
  return value.is_null() ? 0.0 : value.number();
}

Result<double> Evaluation::count_of(const Expr& formula, const Span& span, const Key& key, Level level) const {
  if (!formula) return 0.0;
  const Lookup at = [&](const std::string& name) { return lookup(name, span, key, level); };
  VIGIE_TRY(const Value value, evaluate(formula, at));
  return value.is_null() ? 0.0 : value.number();
}

Result<> Evaluation::add_unpriced(Figure& figure, std::int64_t n, const Span& span, const Key& key, Level level) const {
  VIGIE_TRY(const double unpriced, count_of(bound_.variant->unpriced, span, key, level));
  figure.unpriced = static_cast<std::int64_t>(unpriced);
  // Of sales without a single known amount the sum is not zero: it is not known. Averages and quantiles count those
  // that have one alone.
  const bool of_all = figure.denominator.is_null() && bound_.variant->histogram.empty();
  const bool of_none = of_all ? n == figure.unpriced : n == 0;
  const bool nothing_known =
      figure.unpriced > 0 && (figure.value.is_null() ? n == 0 && figure.value.reason == "no_denominator"
                                                     : of_none && figure.value.number() == 0);
  if (nothing_known) figure.value = Value::null("currency_missing");
  return {};
}

Result<> Evaluation::add_quality(Figure& figure, const Span& span, const Key& key, Level level) const {
  const catalog::Variant& variant = *bound_.variant;
  if (variant.n) {
    VIGIE_TRY(const double n, count_of(variant.n, span, key, level));
    figure.n = static_cast<std::int64_t>(std::ceil(n));  // shares of a customer are one customer more
  } else if (const Expr units = units_of(variant.value); units && figure.n == 0) {
    VIGIE_TRY(const double n, count_of(units, span, key, level));
    figure.n = static_cast<std::int64_t>(n);
  }
  if (!variant.open.empty()) {
    VIGIE_TRY(const double open, count_of(variant.open, span, key, level));
    VIGIE_TRY(const double all, count_of(variant.all, span, key, level));
    figure.maturing = all > 0 ? open / all : 0;
    if (figure.value.is_null() && open > 0 && !variant.open_count) figure.value.reason = "not_matured";
  }
  return {};
}

Result<> Evaluation::add_interval(Figure& figure, const Span& span, const Key& key, Level level) const {
  const catalog::Interval& interval = bound_.variant->interval;
  if (interval.kind == catalog::IntervalKind::none || figure.value.is_null()) return {};
  const auto number = [&](const std::string& name) -> Result<double> {
    VIGIE_TRY(const Value value, lookup(name, span, key, level));
    return value.is_null() ? 0.0 : value.number();
  };
  std::optional<stats::Interval> found;
  double scale = 1;
  if (interval.kind == catalog::IntervalKind::wilson) {
    figure.ci_kind = "wilson";
    found = stats::wilson(static_cast<std::int64_t>(figure.numerator.number()),
                          static_cast<std::int64_t>(figure.denominator.number()));
  } else if (interval.kind == catalog::IntervalKind::mean) {
    VIGIE_TRY(figure.sum_squares, number(interval.squares));
    std::optional<TakenOff> less;
    if (!interval.less.empty()) {
      VIGIE_TRY(const double sum, number(interval.less));
      VIGIE_TRY(const double squares, number(interval.less_squares));
      less = TakenOff{sum, squares};
    }
    found = interval_of_mean(figure, bound_.variant->unit.value_or(bound_.definition->unit), less);
  } else if (interval.kind == catalog::IntervalKind::ratio) {
    figure.ci_kind = "ratio";
    stats::PairMoments sample{figure.n, figure.numerator.number(), figure.denominator.number()};
    VIGIE_TRY(sample.above_squares, number(interval.squares));
    VIGIE_TRY(sample.below_squares, number(interval.of_squares));
    VIGIE_TRY(sample.products, number(interval.products));
    found = stats::ratio_interval(sample);
  } else if (interval.kind == catalog::IntervalKind::poisson) {
    figure.ci_kind = "poisson";
    found = over_a_count(figure.numerator.number(), figure.denominator.number());
  } else if (interval.kind == catalog::IntervalKind::weighted) {
    figure.ci_kind = "mantel_haenszel";
    VIGIE_TRY(const double variance, number(interval.variance));
    const double half = stats::kZ * std::sqrt(variance) / figure.denominator.number();
    found = stats::Interval{figure.value.number() - half, figure.value.number() + half};
  } else if (interval.kind == catalog::IntervalKind::delay) {
    figure.ci_kind = "brookmeyer_crowley";
    VIGIE_TRY(found, delay_interval(span, key, level));
  } else {
    figure.ci_kind = "nps";
    scale = 100;
    VIGIE_TRY(const double promoters, number(interval.promoters));
    VIGIE_TRY(const double detractors, number(interval.detractors));
    found =
        stats::share_difference(static_cast<std::int64_t>(promoters), static_cast<std::int64_t>(detractors), figure.n);
  }
  if (found) figure.ci_low = scale * found->low, figure.ci_high = scale * found->high;
  return {};
}

std::set<Key> Evaluation::keys(const std::vector<Span>& spans, Level level) const {
  std::set<Key> out;
  catalog::Variant quiet = *bound_.variant;
  quiet.warns.clear();
  const std::vector<std::string> shown = names_of(quiet);
  for (const auto& [name, planned] : planned_) {
    if (level == Level::split && !planned.split) continue;
    // What is only counted for a warning names no row.
    if (std::ranges::find(shown, name) == shown.end()) continue;
    // What lacks an axis names no row of it.
    if (planned.axes.size() < bound_.variant->axes.size()) continue;
    const plan::MeasureValues& values = run_->values(planned.handle);
    for (const Span& span : spans)
      for (const Span& over : coverage_.spans_over(planned.measure->over, span)) {
        const auto* found = level == Level::split ? values.of(over) : values.totals_of(over);
        if (!found) continue;
        for (const auto& [key, parts] : *found) out.insert(key);
      }
  }
  for (const auto& [name, child] : references_)
    for (const Key& key : child->keys(spans, level)) {
      if (child->headline_ && !headline_) out.insert(Key(key.begin() + 1, key.end()));
      else if (!headline_ || child->headline_) out.insert(key);
    }
  return out;
}

}  // namespace vigie::kpi

// Figures of whole distributions: quantiles, survival with censoring, incidence of competing outcomes.
#include "kpi/evaluation.h"
#include "stats/competing_risks.h"
#include "stats/log_rank.h"
#include "stats/quantiles.h"
#include "stats/survival.h"

namespace vigie::kpi {
namespace {

using plan::Bin;
using plan::Key;
using plan::Span;

constexpr double kMicrosPerDayReal = static_cast<double>(kMicrosPerDay);

Result<Figure> quantile_of(const std::vector<Bin>& bins, const Decimal& q, bool durations) {
  std::vector<stats::Weighted<Decimal>> items;
  for (const Bin& bin : bins) items.push_back({bin.value, bin.count});
  const stats::WeightedSample<Decimal> sample(std::move(items));
  Figure out;
  out.n = sample.n();
  VIGIE_TRY(const std::optional<Decimal> value, stats::quantile(sample, q));
  if (!value) {
    out.value = Value::null("no_denominator");
    return out;
  }
  const double unit = durations ? kMicrosPerDayReal : 1;
  out.value = durations ? Value::of(value->to_double() / unit) : Value::of(*value);
  if (const auto interval = stats::order_statistic_interval(sample, q)) {
    out.ci_low = interval->first.to_double() / unit;
    out.ci_high = interval->second.to_double() / unit;
    out.ci_kind = "order_statistics";
  }
  return out;
}

std::vector<stats::Duration> durations_of(const std::vector<Bin>& bins) {
  std::vector<stats::Duration> out;
  for (const Bin& bin : bins) {
    const bool event = bin.outcome == 1;
    out.push_back({bin.value.to_double(), event ? bin.count : 0, event ? 0 : bin.count});
  }
  return out;
}

stats::SurvivalCurve survival_of(const std::vector<Bin>& bins) {
  return stats::SurvivalCurve::estimate(durations_of(bins));
}

Figure survival_quantile(const std::vector<Bin>& bins, const Decimal& q) {
  Figure out;
  std::int64_t events = 0;
  for (const Bin& bin : bins) {
    out.n += bin.count;
    events += bin.outcome == 1 ? bin.count : 0;
  }
  const auto quantile = survival_of(bins).quantile(q.to_double(), stats::Band::log_log);
  out.numerator = Value::of(Decimal::integer(events));
  out.value = quantile.time ? Value::of(*quantile.time / kMicrosPerDayReal)
                            : Value::null(out.n == 0 ? "no_denominator" : "never_reached");
  if (quantile.low) out.ci_low = *quantile.low / kMicrosPerDayReal;
  if (quantile.high) out.ci_high = *quantile.high / kMicrosPerDayReal;
  out.ci_kind = "brookmeyer_crowley";
  return out;
}

/// Mean of the days up to the event or the horizon, whichever comes first.
Figure mean_within(const std::vector<Bin>& bins, std::int64_t horizon) {
  Figure out;
  for (const Bin& bin : bins) out.n += bin.count;
  const auto mean = survival_of(bins).restricted_mean(static_cast<double>(horizon));
  if (!mean) {
    out.value = Value::null("not_estimable");
    return out;
  }
  out.value = Value::of(mean->mean / kMicrosPerDayReal);
  out.ci_low = mean->interval.low / kMicrosPerDayReal;
  out.ci_high = mean->interval.high / kMicrosPerDayReal;
  out.ci_kind = "greenwood";
  return out;
}

/// The share for which nothing has come yet by each age; nothing is said of ages beyond what was observed.
std::vector<std::pair<std::int64_t, Figure>> staying(const std::vector<Bin>& bins,
                                                     const std::vector<std::int64_t>& ages) {
  const stats::SurvivalCurve curve = survival_of(bins);
  std::int64_t n = 0;
  for (const Bin& bin : bins) n += bin.count;
  std::vector<std::pair<std::int64_t, Figure>> out;
  for (const std::int64_t age : ages) {
    Figure figure;
    figure.n = n;
    const double at = static_cast<double>(age) * kMicrosPerDayReal;
    if (n == 0) figure.value = Value::null("no_denominator");
    else if (at > curve.steps().back().time && curve.steps().back().survival > 0)
      figure.value = Value::null("not_estimable");
    else figure.value = Value::of(curve.survival_at(at));
    if (const auto interval = figure.value.is_null() ? std::nullopt : curve.interval_at(at, stats::Band::log_log)) {
      figure.ci_low = interval->low;
      figure.ci_high = interval->high;
      figure.ci_kind = "log_log";
    }
    out.emplace_back(age, std::move(figure));
  }
  return out;
}

}  // namespace

Decimal Evaluation::quantile_level() const {
  const std::string& text = bound_.variant->quantile;
  if (text.starts_with("$")) return std::get<Decimal>(bound_.params.at(text.substr(1)));
  return Decimal::parse(text).value_or(stats::kMedian);
}

Result<Figure> Evaluation::distribution_figure(const Span& span, const Key& key, Level level) const {
  const catalog::Measure& measure = bound_.definition->measures.at(bound_.variant->histogram);
  const plan::Parts* found = parts(measure.name, span, key, level);
  if (!found || found->bins.empty()) {
    Figure out;
    out.value = Value::null("no_denominator");
    return out;
  }
  if (bound_.variant->form == catalog::Form::mean_within)
    return mean_within(found->bins, std::get<expr::Micros>(bound_.params.at(bound_.variant->within)).value);
  if (bound_.variant->form == catalog::Form::survival) return survival_quantile(found->bins, quantile_level());
  return quantile_of(found->bins, quantile_level(), measure.value->type == expr::Type::duration);
}

Result<Figure> Evaluation::median_of(const catalog::Measure& measure, const Span& span, const Key& key,
                                     Level level) const {
  std::vector<Bin> bins;
  for (const Span& over : coverage_.spans_over(measure.over, span))
    if (const plan::Parts* found = parts(measure.name, over, key, level))
      bins.insert(bins.end(), found->bins.begin(), found->bins.end());
  if (bins.empty()) {
    Figure out;
    out.value = Value::null("no_data");
    return out;
  }
  if (measure.outcome) return survival_quantile(bins, stats::kMedian);
  return quantile_of(bins, stats::kMedian, measure.value->type == expr::Type::duration);
}

bool Evaluation::tells_how_long() const {
  using catalog::Form;
  const catalog::Variant& variant = *bound_.variant;
  return variant.form == Form::survival || variant.form == Form::mean_within ||
         (variant.form == Form::curve && variant.outcome == catalog::Variant::kNoOutcome);
}

std::vector<std::pair<Key, LogRank>> Evaluation::log_rank(const Span& span) const {
  const catalog::Variant& variant = *bound_.variant;
  if (!tells_how_long() || splits_.size() != 1) return {};
  struct Group {
    std::string value;
    bool others = false;
    std::vector<stats::Duration> durations;
  };
  std::map<Key, std::vector<Group>> places;
  for (const Key& key : keys({span}, Level::split)) {
    const std::optional<std::string>& value = key.back();
    const plan::Parts* found = parts(variant.histogram, span, key, Level::split);
    if (!found || found->bins.empty() || !value) continue;  // what is not given is no segment
    const bool others = value == kOthers;
    auto& groups = places[Key(key.begin(), key.end() - 1)];
    groups.push_back({others ? "others" : *value, others, durations_of(found->bins)});
  }
  std::vector<std::pair<Key, LogRank>> out;
  for (auto& [place, groups] : places) {
    std::ranges::stable_sort(groups, {}, &Group::others);  // the last, as their row is
    std::vector<std::vector<stats::Duration>> durations;
    for (const Group& group : groups) durations.push_back(group.durations);
    const auto test = stats::log_rank(durations);
    if (!test) continue;
    LogRank& shown = out.emplace_back(place, LogRank{}).second;
    for (std::size_t i = 0; i < groups.size(); ++i)
      if (test->groups[i].expected > 0)  // else nobody of it was there when anything happened
        shown.groups.push_back({groups[i].value, test->groups[i].observed, test->groups[i].expected, groups[i].others});
    shown.chi_squared = test->chi_squared;
    shown.degrees_of_freedom = test->degrees_of_freedom;
    shown.p_value = test->p_value;
  }
  return out;
}

Result<std::optional<stats::Interval>> Evaluation::delay_interval(const Span& span, const Key& key, Level level) const {
  const catalog::Interval& interval = bound_.variant->interval;
  VIGIE_TRY(const Figure median, median_of(bound_.definition->measures.at(interval.median), span, key, level));
  VIGIE_TRY(const Value baseline, lookup(interval.baseline, span, key, level));
  VIGIE_TRY(const Value weight, lookup(interval.weight, span, key, level));
  if (!median.ci_low || !median.ci_high || baseline.is_null() || weight.is_null()) return std::nullopt;
  const auto delayed = [&](double days) { return std::max(0.0, days - baseline.number()) * weight.number(); };
  return stats::Interval{delayed(*median.ci_low), delayed(*median.ci_high)};
}

void Evaluation::add_above(Figure& figure, const Span& span, const Key& key, Level level) const {
  const catalog::Variant& variant = *bound_.variant;
  if (variant.above_of.empty() || figure.value.is_null()) return;
  const bool durations = bound_.definition->measures.at(variant.above_of).value->type == expr::Type::duration;
  const double bound = figure.value.number() * (durations ? kMicrosPerDayReal : 1);
  std::int64_t above = 0;
  if (const plan::Parts* found = parts(variant.above_of, span, key, level))
    for (const Bin& bin : found->bins)
      if (bin.value.to_double() > bound) above += bin.count;
  figure.measures[variant.above_name] = static_cast<double>(above);
}

Result<std::vector<std::pair<std::int64_t, Figure>>> Evaluation::curve(int outcome, const Span& span, const Key& key,
                                                                       Level level) const {
  if (outcome == catalog::Variant::kNoOutcome) {
    const plan::Parts* found = parts(bound_.variant->histogram, span, key, level);
    return staying(found ? found->bins : std::vector<Bin>(), bound_.variant->ages);
  }
  std::vector<stats::OutcomeRow> rows;
  std::int64_t n = 0;
  if (const plan::Parts* found = parts(bound_.variant->histogram, span, key, level))
    for (const Bin& bin : found->bins) {
      rows.push_back({bin.value.to_double(), bin.outcome == 0 ? stats::kCensored : bin.outcome - 1, bin.count});
      n += bin.count;
    }
  constexpr int kOutcomes = 2;
  const auto incidence = stats::CumulativeIncidence::estimate(rows, kOutcomes);
  std::vector<std::pair<std::int64_t, Figure>> out;
  for (const std::int64_t age : bound_.variant->ages) {
    Figure figure;
    figure.n = n;
    const double at = static_cast<double>(age) * kMicrosPerDayReal;
    if (n == 0) figure.value = Value::null("no_denominator");
    else figure.value = Value::of(incidence.incidence_at(outcome - 1, at));
    if (const auto interval = n > 0 ? incidence.interval_at(outcome - 1, at) : std::nullopt) {
      figure.ci_low = interval->low;
      figure.ci_high = interval->high;
      figure.ci_kind = "log_log";
    }
    out.emplace_back(age, std::move(figure));
  }
  return out;
}

}  // namespace vigie::kpi

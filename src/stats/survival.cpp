#include "stats/survival.h"

#include <algorithm>
#include <cmath>

namespace vigie::stats {

double SurvivalStep::variance() const { return survival > 0 ? survival * survival * log_variance : 0; }

std::optional<Interval> SurvivalStep::interval(Band band, double z) const {
  if (survival <= 0) return std::nullopt;
  if (survival >= 1) return Interval{1, 1};
  const double error = std::sqrt(log_variance);
  if (band == Band::log)
    return Interval{survival * std::exp(-z * error), std::min(1.0, survival * std::exp(z * error))};
  const double log_survival = std::log(survival);
  const double stretch = std::exp(z * error / -log_survival);
  return Interval{std::exp(log_survival * stretch), std::exp(log_survival / stretch)};
}

SurvivalCurve SurvivalCurve::estimate(std::span<const Duration> durations) {
  SurvivalCurve curve;
  SurvivalStep now{0, 0, 0, 0, 1, 0, 0, 0};
  for (const RiskRow& row : risk_table(durations)) {
    now.time = row.time;
    now.at_risk = row.at_risk, now.events = row.events, now.censored = row.censored;
    const double n = static_cast<double>(row.at_risk), d = static_cast<double>(row.events);
    now.survival *= (n - d) / n;
    if (row.events > 0) now.log_variance += d / (n * (n - d));  // 1/0 where all leave: infinite, as it should be
    now.hazard += d / n;
    now.hazard_variance += d / (n * n);
    curve.steps_.push_back(now);
  }
  return curve;
}

const SurvivalStep* SurvivalCurve::step_at(double time) const {
  const auto after = std::upper_bound(steps_.begin(), steps_.end(), time,
                                      [](double value, const SurvivalStep& step) { return value < step.time; });
  return after == steps_.begin() ? nullptr : &*(after - 1);
}

double SurvivalCurve::survival_at(double time) const {
  const SurvivalStep* step = step_at(time);
  return step == nullptr ? 1 : step->survival;
}

std::optional<Interval> SurvivalCurve::interval_at(double time, Band band, double z) const {
  const SurvivalStep* step = step_at(time);
  return step == nullptr ? Interval{1, 1} : step->interval(band, z);
}

SurvivalQuantile SurvivalCurve::quantile(double q, Band band, double z) const {
  SurvivalQuantile found;
  const double level = 1 - q + kTie;
  for (const SurvivalStep& step : steps_) {
    if (step.survival >= 1) continue;
    if (!found.time && step.survival <= level) found.time = step.time;
    const std::optional<Interval> interval = step.interval(band, z);
    const double low = interval ? interval->low : 0;  // S = 0: surely no higher, and no upper limit is known
    if (!found.low && low <= level) found.low = step.time;
    if (!found.high && interval && interval->high <= level) found.high = step.time;
  }
  return found;
}

std::optional<RestrictedMean> SurvivalCurve::restricted_mean(double horizon, double z) const {
  if (!(horizon > 0) || steps_.empty()) return std::nullopt;
  if (horizon > steps_.back().time && steps_.back().survival > 0) return std::nullopt;

  // From the right, so that each step knows the area that lies after it.
  double area = 0, variance = 0, right = horizon;
  const auto end = std::upper_bound(steps_.begin(), steps_.end(), horizon,
                                    [](double value, const SurvivalStep& step) { return value < step.time; });
  for (auto step = end; step != steps_.begin();) {
    --step;
    if (step->time < 0) break;
    area += step->survival * (right - step->time);
    right = step->time;
    const double n = static_cast<double>(step->at_risk), d = static_cast<double>(step->events);
    if (step->events > 0 && n > d) variance += area * area * d / (n * (n - d));  // where all leave, no area is left
  }
  area += right * survival_at(std::nextafter(0.0, -1.0));
  const double half = z * std::sqrt(variance);
  return RestrictedMean{area, variance, {area - half, area + half}};
}

std::optional<double> SurvivalCurve::exhausted_early() const {
  for (const SurvivalStep& step : steps_)
    if (step.survival <= 0) return step.time < steps_.back().time ? std::optional(step.time) : std::nullopt;
  return std::nullopt;
}

}  // namespace vigie::stats

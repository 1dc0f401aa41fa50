#include "stats/competing_risks.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace vigie::stats {
namespace {

/// Running sums from which the variance of F(t) follows at every t without a second pass over the earlier times.
struct VarianceSums {
  double g = 0, g_f = 0, g_f2 = 0;  ///< Σ g, Σ g·Fⱼ, Σ g·Fⱼ² with g = d/(n(n−d)) over all outcomes
  double own = 0;                   ///< Σ S² (n − dₖ) dₖ / n³
  double cross = 0, cross_f = 0;    ///< Σ S dₖ/n², Σ Fⱼ S dₖ/n²

  double at(double f) const {
    const double spread = f * f * g - 2 * f * g_f + g_f2;
    return std::max(0.0, spread + own - 2 * (f * cross - cross_f));
  }
};

}  // namespace

CumulativeIncidence CumulativeIncidence::estimate(std::span<const OutcomeRow> rows, int outcomes) {
  std::vector<Duration> all;
  std::vector<OutcomeRow> events;
  for (const OutcomeRow& row : rows) {
    assert(row.outcome >= kCensored && row.outcome < outcomes);
    if (row.count <= 0 || !(row.entry < row.time)) continue;
    const bool open = row.outcome == kCensored;
    all.push_back({row.time, open ? 0 : row.count, open ? row.count : 0, row.entry});
    if (!open) events.push_back(row);
  }
  std::sort(events.begin(), events.end(), [](const OutcomeRow& a, const OutcomeRow& b) { return a.time < b.time; });

  const auto kinds = static_cast<std::size_t>(outcomes);
  CumulativeIncidence out;
  IncidenceStep now{0, 0, 1, std::vector<double>(kinds, 0.0), std::vector<double>(kinds, 0.0)};
  std::vector<VarianceSums> sums(kinds);
  std::size_t next = 0;
  for (const RiskRow& row : risk_table(all)) {
    const double n = static_cast<double>(row.at_risk), d = static_cast<double>(row.events), before = now.survival;
    std::vector<double> by_outcome(kinds, 0.0);
    for (; next < events.size() && events[next].time == row.time; ++next)
      by_outcome[static_cast<std::size_t>(events[next].outcome)] += static_cast<double>(events[next].count);

    now.time = row.time, now.at_risk = row.at_risk;
    now.survival *= (n - d) / n;
    for (std::size_t k = 0; k < kinds; ++k) {
      const double dk = by_outcome[k];
      const double f = now.incidence[k] += before * dk / n;
      VarianceSums& sum = sums[k];
      if (row.events > 0 && n > d) {  // where all leave, F stays as it is and the term is 0
        const double g = d / (n * (n - d));
        sum.g += g, sum.g_f += g * f, sum.g_f2 += g * f * f;
      }
      sum.own += before * before * (n - dk) * dk / (n * n * n);
      sum.cross += before * dk / (n * n), sum.cross_f += f * before * dk / (n * n);
      now.variance[k] = sum.at(f);
    }
    out.steps_.push_back(now);
  }
  return out;
}

const IncidenceStep* CumulativeIncidence::step_at(double time) const {
  const auto after = std::upper_bound(steps_.begin(), steps_.end(), time,
                                      [](double value, const IncidenceStep& step) { return value < step.time; });
  return after == steps_.begin() ? nullptr : &*(after - 1);
}

double CumulativeIncidence::incidence_at(int outcome, double time) const {
  const IncidenceStep* step = step_at(time);
  return step == nullptr ? 0 : step->incidence[static_cast<std::size_t>(outcome)];
}

std::optional<Interval> CumulativeIncidence::interval_at(int outcome, double time, double z) const {
  const IncidenceStep* step = step_at(time);
  if (step == nullptr) return std::nullopt;
  const double f = step->incidence[static_cast<std::size_t>(outcome)];
  if (f <= 0 || f >= 1) return std::nullopt;
  const double log_f = std::log(f);
  const double stretch = std::exp(z * std::sqrt(step->variance[static_cast<std::size_t>(outcome)]) / (f * -log_f));
  return Interval{std::exp(log_f * stretch), std::exp(log_f / stretch)};
}

std::optional<double> CumulativeIncidence::quantile(int outcome, double q) const {
  for (const IncidenceStep& step : steps_)
    if (step.incidence[static_cast<std::size_t>(outcome)] >= q - kTie) return step.time;
  return std::nullopt;
}

}  // namespace vigie::stats

#pragma once
#include <optional>
#include <span>
#include <vector>

#include "stats/intervals.h"
#include "stats/risk_table.h"

namespace vigie::stats {

/// The scale on which a pointwise interval of S(t) is symmetric. `log_log` stays within [0, 1] and is our default, as
/// it is in lifelines and SAS; `log` is the default of R's survfit.
enum class Band { log_log, log };

/// State from `time` on, until the next step.
struct SurvivalStep {
  double time;
  std::int64_t at_risk, events, censored;
  double survival;         ///< Kaplan–Meier
  double log_variance;     ///< of ln S: Greenwood's Σ d/(n(n−d)); infinite where S is 0
  double hazard;           ///< Nelson–Aalen: Σ d/n
  double hazard_variance;  ///< Σ d/n² (Aalen)

  double variance() const;  ///< of S: Greenwood; 0 where S is 0
  /// Nothing where S is 0, where no such interval exists; [1, 1] before the first event.
  std::optional<Interval> interval(Band band, double z = kZ) const;
};

struct SurvivalQuantile {
  std::optional<double> time;  ///< first t with S(t) ≤ 1 − q; nothing when never reached
  std::optional<double> low;   ///< Brookmeyer–Crowley: first t where the band's lower limit is ≤ 1 − q
  std::optional<double> high;  ///< first t where its upper limit is; nothing: open upwards
};

struct RestrictedMean {
  double mean, variance;
  Interval interval;
};

/// Survival of one group: Kaplan–Meier (1958) with Greenwood's variance, and Nelson–Aalen, in one pass over the sorted
/// times. Immutable.
///
///   const auto curve = SurvivalCurve::estimate(durations);
///   curve.quantile(0.5, Band::log_log).time;   // median days, open deals censored
class SurvivalCurve {
 public:
  static SurvivalCurve estimate(std::span<const Duration> durations);

  const std::vector<SurvivalStep>& steps() const { return steps_; }  ///< one a time at which somebody left
  double survival_at(double time) const;                             ///< continuous from the right
  std::optional<Interval> interval_at(double time, Band band, double z = kZ) const;

  /// R. Brookmeyer & J. Crowley (Biometrics 38, 1982), on the scale of the band. S counts as ≤ 1 − q within 10⁻¹²: it
  /// is a product of rounded fractions, and a median that lies exactly on a step must be found.
  SurvivalQuantile quantile(double q, Band band, double z = kZ) const;

  /// Mean of min(T, horizon) from time 0: the area under S, with Σ (area from tᵢ on)² · d/(n(n−d)) as variance. Nothing
  /// when the horizon is not positive or lies beyond the last observed time while S is above 0 there.
  std::optional<RestrictedMean> restricted_mean(double horizon, double z = kZ) const;

  /// The time at which S fell to 0 although others were seen later: with left truncation a few early subjects can
  /// exhaust the risk set, and the curve stays at 0. Its figures are then worthless; say so.
  std::optional<double> exhausted_early() const;

 private:
  const SurvivalStep* step_at(double time) const;

  std::vector<SurvivalStep> steps_;
};

}  // namespace vigie::stats

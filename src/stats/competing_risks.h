#pragma once
#include <optional>
#include <span>
#include <vector>

#include "stats/intervals.h"
#include "stats/risk_table.h"

namespace vigie::stats {

inline constexpr int kCensored = -1;

/// `count` subjects that left at `time` with that outcome (0, 1, …; kCensored: still open), under observation since
/// `entry`. Who is at risk when: as in `Duration`.
struct OutcomeRow {
  double time;
  int outcome;
  std::int64_t count;
  double entry = kFromTheStart;
};

struct IncidenceStep {
  double time;
  std::int64_t at_risk;
  double survival;                ///< of no outcome at all: 1 − Σ incidence
  std::vector<double> incidence;  ///< by outcome
  std::vector<double> variance;   ///< of each incidence
};

/// Cumulative incidence of outcomes that exclude each other (won, lost): O. O. Aalen & S. Johansen (Scand. J. Statist.
/// 5, 1978). One minus the Kaplan–Meier curve of one outcome overstates it, since it treats the others as if they could
/// still turn into it.
///
/// Variance: the delta-method form of E. Marubini & M. G. Valsecchi (Analysing Survival Data from Clinical Trials,
/// 1995, ch. 10), which without censoring is F(1 − F)/n.
class CumulativeIncidence {
 public:
  /// Rows whose outcome is neither kCensored nor in 0 … outcomes − 1 are a mistake of the caller.
  static CumulativeIncidence estimate(std::span<const OutcomeRow> rows, int outcomes);

  const std::vector<IncidenceStep>& steps() const { return steps_; }  ///< one a time at which somebody left
  double incidence_at(int outcome, double time) const;                ///< continuous from the right
  /// On the log-log scale, F^exp(±z·σ/(F·ln F)) (J. B. Choudhury, Statistics in Medicine 21, 2002): within [0, 1].
  /// Nothing where F is 0 or 1.
  std::optional<Interval> interval_at(int outcome, double time, double z = kZ) const;
  /// First t with F(t) ≥ q, within 10⁻¹²; nothing when never reached.
  std::optional<double> quantile(int outcome, double q) const;

 private:
  const IncidenceStep* step_at(double time) const;

  std::vector<IncidenceStep> steps_;
};

}  // namespace vigie::stats

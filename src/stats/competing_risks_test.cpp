#include "stats/competing_risks.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "stats/survival.h"

namespace vigie::stats {
namespace {

constexpr int kWon = 0, kLost = 1;

TEST(CompetingRisks, WonAndLostByHand) {
  // Six deals: won at 2, lost at 3, won at 3, open at 4, won at 5, lost at 7.
  //   t=2: n=6, S 5/6;  won 1/6
  //   t=3: n=5, S 5/6·3/5 = 1/2;  won 1/6 + 5/6·1/5 = 1/3; lost 1/6
  //   t=5: n=2, S 1/4;  won 1/3 + 1/2·1/2 = 7/12
  //   t=7: n=1, S 0;    lost 1/6 + 1/4 = 5/12
  const std::vector<OutcomeRow> rows{{2, kWon, 1},      {3, kLost, 1}, {3, kWon, 1},
                                     {4, kCensored, 1}, {5, kWon, 1},  {7, kLost, 1}};
  const auto incidence = CumulativeIncidence::estimate(rows, 2);
  EXPECT_NEAR(incidence.incidence_at(kWon, 2), 1.0 / 6, 1e-15);
  EXPECT_NEAR(incidence.incidence_at(kWon, 3), 1.0 / 3, 1e-15);
  EXPECT_NEAR(incidence.incidence_at(kLost, 4), 1.0 / 6, 1e-15);
  EXPECT_NEAR(incidence.incidence_at(kWon, 100), 7.0 / 12, 1e-15);
  EXPECT_NEAR(incidence.incidence_at(kLost, 7), 5.0 / 12, 1e-15);
  EXPECT_EQ(incidence.incidence_at(kWon, 1), 0);
  EXPECT_EQ(incidence.quantile(kWon, 0.5), 5);
  EXPECT_EQ(incidence.quantile(kWon, 1.0 / 3), 3);
  EXPECT_FALSE(incidence.quantile(kLost, 0.5));
  // One minus Kaplan–Meier of the wins, losses as censored: 1 − 5/6·4/5·1/2 = 2/3, more than 7/12.
  const auto wins = SurvivalCurve::estimate(std::vector<Duration>{{2, 1}, {3, 1, 1}, {4, 0, 1}, {5, 1}, {7, 0, 1}});
  EXPECT_NEAR(1 - wins.survival_at(7), 2.0 / 3, 1e-15);
}

TEST(CompetingRisks, AgreesWithStatsmodels) {
  // The 23 leukaemia times with invented outcomes; figures of statsmodels' CumIncidenceRight.
  const double time[] = {9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45};
  const int outcome[] = {1, 2, 0, 1, 1, 0, 2, 1, 0, 2, 0, 1, 1, 2, 1, 2, 0, 1, 2, 1, 1, 2, 1};
  std::vector<OutcomeRow> rows;
  for (int i = 0; i < 23; ++i) rows.push_back({time[i], outcome[i] - 1, 1});
  const auto incidence = CumulativeIncidence::estimate(rows, 2);
  EXPECT_NEAR(incidence.incidence_at(0, 5), .08695652, 5e-9);
  EXPECT_NEAR(incidence.incidence_at(0, 23), .32298137, 5e-9);
  EXPECT_NEAR(incidence.incidence_at(0, 161), .54382333, 5e-9);
  EXPECT_NEAR(incidence.incidence_at(1, 31), .23533471, 5e-9);
  EXPECT_NEAR(incidence.incidence_at(1, 161), .37336094, 5e-9);
  const auto error = [&](std::size_t kind, double at) {
    for (const IncidenceStep& step : incidence.steps())
      if (step.time == at) return std::sqrt(step.variance[kind]);
    return -1.0;
  };
  EXPECT_NEAR(error(0, 5), .05875338, 5e-9);
  EXPECT_NEAR(error(0, 34), .11199989, 5e-9);
  EXPECT_NEAR(error(0, 161), .11197899, 5e-9);
  EXPECT_NEAR(error(1, 48), .11379495, 5e-9);
}

TEST(CompetingRisks, ALateEntryIsNotAtRiskBefore) {
  // The second deal is seen from 3 on: at 2 only one is at risk of two, at 4 both others.
  const auto incidence =
      CumulativeIncidence::estimate(std::vector<OutcomeRow>{{2, kWon, 1}, {4, kLost, 1, 3}, {5, kWon, 1}}, 2);
  EXPECT_EQ(incidence.steps()[0].at_risk, 2);
  EXPECT_EQ(incidence.steps()[1].at_risk, 2);
  EXPECT_NEAR(incidence.incidence_at(kLost, 4), 0.25, 1e-15);
}

RC_GTEST_PROP(CompetingRisks, WithoutCensoringItIsTheShareAndItsBinomialVariance, ()) {
  const auto deals = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 20), rc::gen::inRange(0, 3))));
  std::vector<OutcomeRow> rows;
  for (const auto& [time, outcome] : deals) rows.push_back({static_cast<double>(time), outcome, 1});
  const double n = static_cast<double>(deals.size());
  for (const IncidenceStep& step : CumulativeIncidence::estimate(rows, 3).steps())
    for (int k = 0; k < 3; ++k) {
      double count = 0;
      for (const auto& [time, outcome] : deals) count += outcome == k && time <= step.time;
      const auto kind = static_cast<std::size_t>(k);
      RC_ASSERT(std::abs(step.incidence[kind] - count / n) < 1e-12);
      RC_ASSERT(std::abs(step.variance[kind] - count / n * (1 - count / n) / n) < 1e-12);
    }
}

RC_GTEST_PROP(CompetingRisks, OutcomesAndTheOpenOnesAddUpToAll, ()) {
  const auto deals = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(
      rc::gen::tuple(rc::gen::inRange(0, 20), rc::gen::inRange(-1, 3), rc::gen::inRange(1, 5)));
  std::vector<OutcomeRow> rows;
  std::vector<Duration> closed;
  for (const auto& [time, outcome, count] : deals) {
    rows.push_back({static_cast<double>(time), outcome, count});
    closed.push_back({static_cast<double>(time), outcome == kCensored ? 0 : count, outcome == kCensored ? count : 0});
  }
  const auto incidence = CumulativeIncidence::estimate(rows, 3);
  const auto curve = SurvivalCurve::estimate(closed);
  for (std::size_t i = 0; i < incidence.steps().size(); ++i) {
    const IncidenceStep& step = incidence.steps()[i];
    RC_ASSERT(step.survival == curve.steps()[i].survival);
    RC_ASSERT(std::abs(step.survival + step.incidence[0] + step.incidence[1] + step.incidence[2] - 1) < 1e-12);
    for (int k = 0; k < 3; ++k)
      if (const auto interval = incidence.interval_at(k, step.time)) {
        const double f = step.incidence[static_cast<std::size_t>(k)];
        RC_ASSERT(0 <= interval->low && interval->low <= f + 1e-12);
        RC_ASSERT(f <= interval->high + 1e-12 && interval->high <= 1);
      }
  }
  // With one outcome only, the variance is Greenwood's.
  const auto one = CumulativeIncidence::estimate(
      [&] {
        std::vector<OutcomeRow> merged = rows;
        for (OutcomeRow& row : merged) row.outcome = row.outcome == kCensored ? kCensored : 0;
        return merged;
      }(),
      1);
  for (std::size_t i = 0; i < one.steps().size(); ++i)
    if (curve.steps()[i].survival > 0)
      RC_ASSERT(std::abs(one.steps()[i].variance[0] - curve.steps()[i].variance()) < 1e-12);
}

}  // namespace
}  // namespace vigie::stats

#include "stats/survival.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace vigie::stats {
namespace {

/// Weeks of remission of acute myelogenous leukaemia, with maintenance chemotherapy and without (Miller 1997; `aml` of
/// R's survival package, whose summary the figures below are).
std::vector<Duration> maintained() {
  return {{9, 1}, {13, 1, 1}, {18, 1}, {23, 1}, {28, 0, 1}, {31, 1}, {34, 1}, {45, 0, 1}, {48, 1}, {161, 0, 1}};
}
std::vector<Duration> not_maintained() {
  return {{5, 2}, {8, 2}, {12, 1}, {16, 0, 1}, {23, 1}, {27, 1}, {30, 1}, {33, 1}, {43, 1}, {45, 1}};
}

TEST(Survival, MaintainedLeukaemia) {
  const auto curve = SurvivalCurve::estimate(maintained());
  struct Line {
    double time;
    int at_risk;
    double survival, error, low, high;  // R: conf.type = "log"
  };
  for (const Line& line : {Line{9, 11, .9091, .0867, .7541, 1.000}, Line{13, 10, .8182, .1163, .6192, 1.000},
                           Line{18, 8, .7159, .1397, .4884, 1.000}, Line{23, 7, .6136, .1526, .3769, 0.999},
                           Line{31, 5, .4909, .1642, .2549, .946}, Line{34, 4, .3682, .1627, .1549, .875},
                           Line{48, 2, .1841, .1535, .0359, .944}}) {
    const auto step = std::find_if(curve.steps().begin(), curve.steps().end(),
                                   [&](const SurvivalStep& s) { return s.time == line.time; });
    ASSERT_NE(step, curve.steps().end());
    EXPECT_EQ(step->at_risk, line.at_risk);
    EXPECT_NEAR(step->survival, line.survival, 5e-5);
    EXPECT_NEAR(std::sqrt(step->variance()), line.error, 5e-5);
    EXPECT_NEAR(step->interval(Band::log)->low, line.low, 5e-5);
    EXPECT_NEAR(step->interval(Band::log)->high, line.high, 5e-4);
  }
  EXPECT_EQ(curve.survival_at(8.99), 1);
  EXPECT_NEAR(curve.survival_at(13), 9.0 / 11, 1e-12);
  EXPECT_EQ(curve.survival_at(1000), curve.steps().back().survival);
}

TEST(Survival, TheLogLogBandIsThatOfLifelines) {
  const auto curve = SurvivalCurve::estimate(maintained());
  EXPECT_NEAR(curve.interval_at(9, Band::log_log)->low, 0.508080, 5e-7);
  EXPECT_NEAR(curve.interval_at(9, Band::log_log)->high, 0.986674, 5e-7);
  EXPECT_NEAR(curve.interval_at(30, Band::log_log)->low, 0.265752, 5e-7);
  EXPECT_NEAR(curve.interval_at(48, Band::log_log)->high, 0.525015, 5e-7);
  EXPECT_EQ(curve.interval_at(1, Band::log_log)->low, 1);
}

TEST(Survival, MediansWithTheirIntervals) {
  const auto with = SurvivalCurve::estimate(maintained());
  EXPECT_EQ(with.quantile(0.5, Band::log).time, 31);
  EXPECT_EQ(with.quantile(0.5, Band::log).low, 18);
  EXPECT_FALSE(with.quantile(0.5, Band::log).high);  // R: NA
  EXPECT_EQ(with.quantile(0.5, Band::log_log).low, 13);
  EXPECT_FALSE(with.quantile(0.9, Band::log).time);  // S stays at 0.18
  const auto without = SurvivalCurve::estimate(not_maintained());
  EXPECT_EQ(without.quantile(0.5, Band::log).time, 23);
  EXPECT_EQ(without.quantile(0.5, Band::log).low, 8);
  EXPECT_FALSE(without.quantile(0.5, Band::log).high);
  EXPECT_EQ(without.quantile(0.5, Band::log_log).low, 5);
  EXPECT_EQ(without.quantile(0.5, Band::log_log).high, 33);
}

TEST(Survival, RestrictedMeans) {
  // R: print(survfit(…), rmean = 161) gives 52.6 (19.8); rmean = 45 for the others, all of whom fell ill: 22.7 (4.18).
  const auto with = SurvivalCurve::estimate(maintained()).restricted_mean(161);
  ASSERT_TRUE(with);
  EXPECT_NEAR(with->mean, 52.6454545, 1e-6);
  EXPECT_NEAR(std::sqrt(with->variance), 19.83, 5e-3);
  const auto without = SurvivalCurve::estimate(not_maintained()).restricted_mean(161);
  EXPECT_NEAR(without->mean, 22.7083333, 1e-6);
  EXPECT_NEAR(std::sqrt(without->variance), 4.18, 5e-3);
  EXPECT_NEAR(SurvivalCurve::estimate(maintained()).restricted_mean(40)->mean, 28.8977273, 1e-6);
  EXPECT_NEAR(SurvivalCurve::estimate(maintained()).restricted_mean(5)->mean, 5, 1e-12);
  EXPECT_FALSE(SurvivalCurve::estimate(maintained()).restricted_mean(162));  // nobody was seen so long
  EXPECT_FALSE(SurvivalCurve::estimate(maintained()).restricted_mean(0));
}

TEST(Survival, NelsonAalen) {
  const auto curve = SurvivalCurve::estimate(maintained());
  // 1/11 + 1/10 + 1/8 + 1/7 + 1/5 + 1/4 + 1/2 = 1.408766
  EXPECT_NEAR(curve.steps().back().hazard, 1.408766, 5e-7);
  EXPECT_NEAR(curve.steps().back().hazard_variance,
              1.0 / 121 + 1.0 / 100 + 1.0 / 64 + 1.0 / 49 + 1.0 / 25 + 1.0 / 16 + 1.0 / 4, 1e-12);
}

TEST(Survival, Gehan6MercaptopurineIsTheTextbookCurve) {
  // Freireich et al. 1963: weeks of remission; S from Kalbfleisch & Prentice.
  const auto curve = SurvivalCurve::estimate(std::vector<Duration>{{6, 3, 1},
                                                                   {7, 1},
                                                                   {9, 0, 1},
                                                                   {10, 1, 1},
                                                                   {11, 0, 1},
                                                                   {13, 1},
                                                                   {16, 1},
                                                                   {17, 0, 1},
                                                                   {19, 0, 1},
                                                                   {20, 0, 1},
                                                                   {22, 1},
                                                                   {23, 1},
                                                                   {25, 0, 1},
                                                                   {32, 0, 2},
                                                                   {34, 0, 1},
                                                                   {35, 0, 1}});
  EXPECT_NEAR(curve.survival_at(6), .857, 5e-4);
  EXPECT_NEAR(curve.survival_at(7), .807, 5e-4);
  EXPECT_NEAR(curve.survival_at(10), .753, 5e-4);
  EXPECT_NEAR(curve.survival_at(13), .690, 5e-4);
  EXPECT_NEAR(curve.survival_at(16), .627, 5e-4);
  EXPECT_NEAR(curve.survival_at(22), .538, 5e-4);
  EXPECT_NEAR(curve.survival_at(23), .448, 5e-4);
  EXPECT_EQ(curve.quantile(0.5, Band::log_log).time, 23);
}

TEST(Survival, AMedianThatLiesExactlyOnAStepIsFound) {
  // Ten subjects, the fifth event makes S = 5/10; as a product of rounded fractions it need not be 0.5 to the last bit.
  std::vector<Duration> durations;
  for (int i = 1; i <= 10; ++i) durations.push_back({static_cast<double>(i), 1});
  EXPECT_EQ(SurvivalCurve::estimate(durations).quantile(0.5, Band::log_log).time, 5);
  EXPECT_EQ(SurvivalCurve::estimate(durations).quantile(0.9, Band::log_log).time, 9);
  EXPECT_EQ(SurvivalCurve::estimate(durations).quantile(1.0, Band::log_log).time, 10);
}

TEST(Survival, SameDayClosesAndTies) {
  // Four deals: one won on day 0, one won and one still open at day 5 (the event first), one open at day 9.
  const auto curve = SurvivalCurve::estimate(std::vector<Duration>{{0, 1}, {5, 1, 1}, {9, 0, 1}});
  EXPECT_NEAR(curve.survival_at(0), 3.0 / 4, 1e-12);
  EXPECT_NEAR(curve.survival_at(5), 3.0 / 4 * 2 / 3, 1e-12);
  EXPECT_EQ(curve.quantile(0.5, Band::log_log).time, 5);
  // Mean up to day 9: 0.75 on [0, 5), 0.5 on [5, 9): 3.75 + 2 = 5.75.
  EXPECT_NEAR(curve.restricted_mean(9)->mean, 5.75, 1e-12);
}

TEST(Survival, LateEntriesAreNotAtRiskBefore) {
  // Times and entries of the 23 patients above with invented entries; S as statsmodels (SurvfuncRight, entry=…) has it.
  const double time[] = {9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45};
  const int event[] = {1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1};
  const double entry[] = {0, 3, 5, 2, 10, 1, 20, 0, 5, 30, 2, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  std::vector<Duration> durations;
  for (int i = 0; i < 23; ++i) durations.push_back({time[i], event[i], 1 - event[i], entry[i]});
  const auto curve = SurvivalCurve::estimate(durations);
  EXPECT_NEAR(curve.survival_at(5), .83333333, 5e-9);
  EXPECT_NEAR(curve.survival_at(9), .67063492, 5e-9);
  EXPECT_NEAR(curve.survival_at(23), .44825424, 5e-9);
  EXPECT_NEAR(curve.survival_at(48), .06618754, 5e-9);
  EXPECT_FALSE(curve.exhausted_early());
}

TEST(Survival, ARiskSetThatRunsDryEarlyIsReported) {
  // One subject seen from the start leaves at 2; the other two are seen from 3 on only.
  const auto curve = SurvivalCurve::estimate(std::vector<Duration>{{2, 1}, {6, 1, 0, 3}, {8, 0, 1, 3}});
  EXPECT_EQ(curve.survival_at(10), 0);
  EXPECT_EQ(curve.exhausted_early(), 2);
  EXPECT_FALSE(curve.interval_at(2, Band::log_log));
  EXPECT_FALSE(SurvivalCurve::estimate(not_maintained()).exhausted_early());  // 0 at the very end is no such case
}

TEST(Survival, NobodyAndNoEvent) {
  const auto none = SurvivalCurve::estimate({});
  EXPECT_TRUE(none.steps().empty());
  EXPECT_FALSE(none.quantile(0.5, Band::log_log).time);
  EXPECT_FALSE(none.restricted_mean(10));
  const auto open = SurvivalCurve::estimate(std::vector<Duration>{{4, 0, 3}, {9, 0, 2}, {5, 0, 0}, {5, 1, 0, 5}});
  EXPECT_EQ(open.survival_at(9), 1);
  EXPECT_FALSE(open.quantile(0.5, Band::log_log).time);
  EXPECT_FALSE(open.quantile(0.5, Band::log_log).low);
  EXPECT_EQ(open.restricted_mean(9)->mean, 9);
}

RC_GTEST_PROP(Survival, WithoutCensoringItIsTheEmpiricalShare, ()) {
  const auto times = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 30)));
  std::vector<Duration> durations;
  for (const int time : times) durations.push_back({static_cast<double>(time), 1});
  const auto curve = SurvivalCurve::estimate(durations);
  const double n = static_cast<double>(times.size());
  for (const SurvivalStep& step : curve.steps()) {
    const double above =
        static_cast<double>(std::count_if(times.begin(), times.end(), [&](int t) { return t > step.time; }));
    RC_ASSERT(std::abs(step.survival - above / n) < 1e-12);
    RC_ASSERT(std::abs(step.variance() - above / n * (1 - above / n) / n) < 1e-12);  // Greenwood is binomial then
  }
  double sum = 0;
  for (const int time : times) sum += time;
  if (const auto mean = curve.restricted_mean(30)) RC_ASSERT(std::abs(mean->mean - sum / n) < 1e-9);
}

RC_GTEST_PROP(Survival, GroupedIsTheSameAsOneByOne, ()) {
  const auto kinds = *rc::gen::container<std::vector<std::tuple<int, bool, int>>>(
      rc::gen::tuple(rc::gen::inRange(0, 12), rc::gen::arbitrary<bool>(), rc::gen::inRange(-3, 6)));
  std::vector<Duration> single;
  std::map<std::pair<int, int>, Duration> groups;
  for (const auto& [time, event, entry] : kinds) {
    const double start = entry < 0 ? kFromTheStart : entry;
    single.push_back({static_cast<double>(time), event ? 1 : 0, event ? 0 : 1, start});
    Duration& group =
        groups.try_emplace({time, std::max(entry, -1)}, Duration{static_cast<double>(time), 0, 0, start}).first->second;
    group.events += event, group.censored += !event;
  }
  std::vector<Duration> grouped;
  for (const auto& [key, group] : groups) grouped.push_back(group);
  const auto a = SurvivalCurve::estimate(single), b = SurvivalCurve::estimate(grouped);
  RC_ASSERT(a.steps().size() == b.steps().size());
  for (std::size_t i = 0; i < a.steps().size(); ++i) {
    RC_ASSERT(a.steps()[i].at_risk == b.steps()[i].at_risk);
    RC_ASSERT(a.steps()[i].survival == b.steps()[i].survival);
    // At risk, counted plainly.
    const double t = a.steps()[i].time;
    RC_ASSERT(a.steps()[i].at_risk == std::count_if(single.begin(), single.end(), [&](const Duration& d) {
                return d.entry < t && t <= d.time && d.entry < d.time;
              }));
  }
}

}  // namespace
}  // namespace vigie::stats

#include "stats/log_rank.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace vigie::stats {
namespace {

using Groups = std::vector<std::vector<Duration>>;

struct Patient {
  double time;
  int event;
  double entry;
};
/// `aml` of R's survival package, the maintained first; the entries are invented.
const std::vector<Patient>& patients() {
  static const std::vector<Patient> kPatients{{9, 1, 0},   {13, 1, 3}, {13, 0, 5}, {18, 1, 2},  {23, 1, 10}, {28, 0, 1},
                                              {31, 1, 20}, {34, 1, 0}, {45, 0, 5}, {48, 1, 30}, {161, 0, 2}, {5, 1, 0},
                                              {5, 1, 0},   {8, 1, 1},  {8, 1, 2},  {12, 1, 3},  {16, 0, 4},  {23, 1, 5},
                                              {27, 1, 6},  {30, 1, 7}, {33, 1, 8}, {43, 1, 9},  {45, 1, 10}};
  return kPatients;
}

Duration duration_of(const Patient& patient) { return {patient.time, patient.event, 1 - patient.event}; }
int arm(std::size_t i) { return i < 11 ? 0 : 1; }

TEST(LogRank, MaintainedOrNot) {
  // R: survdiff(Surv(time, status) ~ x, aml): observed 7 and 11, expected 10.69 and 7.31, chi² 3.4 on 1 df, p = 0.0653.
  Groups groups(2);
  for (std::size_t i = 0; i < patients().size(); ++i)
    groups[static_cast<std::size_t>(arm(i))].push_back(duration_of(patients()[i]));
  const auto test = log_rank(groups);
  ASSERT_TRUE(test);
  EXPECT_EQ(test->groups[0].observed, 7);
  EXPECT_EQ(test->groups[1].observed, 11);
  EXPECT_NEAR(test->groups[0].expected, 10.69, 5e-3);
  EXPECT_NEAR(test->groups[1].expected, 7.31, 5e-3);
  EXPECT_NEAR(test->chi_squared, 3.396388699, 1e-8);
  EXPECT_EQ(test->degrees_of_freedom, 1);
  EXPECT_NEAR(test->p_value, 0.065339322, 1e-8);
}

TEST(LogRank, Gehan) {
  // 6-mercaptopurine against placebo: 9 observed of 19.25 expected, 21 of 10.75, chi² 16.79.
  const Groups groups{
      {{6, 3, 1},
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
       {35, 0, 1}},
      {{1, 2}, {2, 2}, {3, 1}, {4, 2}, {5, 2}, {8, 4}, {11, 2}, {12, 2}, {15, 1}, {17, 1}, {22, 1}, {23, 1}}};
  const auto test = log_rank(groups);
  EXPECT_NEAR(test->groups[0].expected, 19.25, 5e-3);
  EXPECT_NEAR(test->groups[1].expected, 10.75, 5e-3);
  EXPECT_NEAR(test->chi_squared, 16.79, 5e-3);
}

TEST(LogRank, ThreeGroupsStrataAndLateEntries) {
  // Figures of statsmodels' survdiff.
  Groups three(3);
  for (std::size_t i = 0; i < patients().size(); ++i) three[i % 3].push_back(duration_of(patients()[i]));
  EXPECT_NEAR(log_rank(three)->chi_squared, 0.856465545, 1e-8);
  EXPECT_EQ(log_rank(three)->degrees_of_freedom, 2);
  EXPECT_NEAR(log_rank(three)->p_value, 0.651659709, 1e-8);

  std::vector<Groups> strata(2, Groups(2));
  for (std::size_t i = 0; i < patients().size(); ++i)
    strata[i % 2][static_cast<std::size_t>(arm(i))].push_back(duration_of(patients()[i]));
  EXPECT_NEAR(stratified_log_rank(strata)->chi_squared, 2.720759373, 1e-8);
  EXPECT_NEAR(stratified_log_rank(strata)->p_value, 0.099050882, 1e-8);

  Groups entered(2);
  for (std::size_t i = 0; i < patients().size(); ++i) {
    Duration duration = duration_of(patients()[i]);
    duration.entry = patients()[i].entry;
    entered[static_cast<std::size_t>(arm(i))].push_back(duration);
  }
  EXPECT_NEAR(log_rank(entered)->chi_squared, 2.867984101, 1e-8);
}

TEST(LogRank, AGroupThatWasNeverAtRiskBesideOthersDoesNotCount) {
  Groups groups(3);
  for (std::size_t i = 0; i < patients().size(); ++i)
    groups[static_cast<std::size_t>(arm(i))].push_back(duration_of(patients()[i]));
  groups[2] = {{3, 0, 5}};  // all censored before the first event
  const auto test = log_rank(groups);
  EXPECT_EQ(test->degrees_of_freedom, 1);
  EXPECT_NEAR(test->chi_squared, 3.396388699, 1e-8);
  EXPECT_EQ(test->groups[2].expected, 0);
}

TEST(LogRank, NothingToCompare) {
  EXPECT_FALSE(log_rank({}));
  EXPECT_FALSE(log_rank(Groups{{{1, 1}, {2, 1}}}));
  EXPECT_FALSE(log_rank(Groups{{{1, 1}, {2, 1}}, {}}));
  EXPECT_FALSE(log_rank(Groups{{{1, 0, 2}}, {{2, 0, 2}}}));
  EXPECT_FALSE(stratified_log_rank({}));
}

RC_GTEST_PROP(LogRank, DoesNotDependOnTheOrderOfGroupsAndExpectsWhatHappened, ()) {
  const auto deals = *rc::gen::container<std::vector<std::tuple<int, bool, int>>>(
      rc::gen::tuple(rc::gen::inRange(0, 15), rc::gen::arbitrary<bool>(), rc::gen::inRange(0, 3)));
  Groups groups(3);
  for (const auto& [time, event, group] : deals)
    groups[static_cast<std::size_t>(group)].push_back({static_cast<double>(time), event ? 1 : 0, event ? 0 : 1});
  const auto one = log_rank(groups);
  std::swap(groups[0], groups[2]);
  const auto other = log_rank(groups);
  RC_ASSERT(one.has_value() == other.has_value());
  if (!one) return;
  RC_ASSERT(one->degrees_of_freedom == other->degrees_of_freedom);
  RC_ASSERT(std::abs(one->chi_squared - other->chi_squared) < 1e-8 * (1 + one->chi_squared));
  double observed = 0, expected = 0;
  for (const LogRankGroup& group : one->groups)
    observed += static_cast<double>(group.observed), expected += group.expected;
  RC_ASSERT(std::abs(observed - expected) < 1e-9);
  // As two strata of which one is empty: the same.
  const auto stratified = stratified_log_rank(std::vector<Groups>{groups, Groups(3)});
  RC_ASSERT(std::abs(stratified->chi_squared - other->chi_squared) < 1e-12 * (1 + one->chi_squared));
}

}  // namespace
}  // namespace vigie::stats

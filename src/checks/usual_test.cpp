#include "checks/usual.h"

#include <gtest/gtest.h>

namespace vigie::checks {
namespace {

std::vector<EarlierBatch> batches(std::initializer_list<std::int64_t> rows, int weekday = 1) {
  std::vector<EarlierBatch> out;
  for (const std::int64_t one : rows) out.push_back({weekday, one});
  return out;
}

/// "64 to 144 of 5, median 100"
std::string usual(const std::vector<EarlierBatch>& before, int weekday = 1, const Usual& asked = {}) {
  const auto found = usual_rows(before, weekday, asked);
  if (!found) return "nothing";
  return fmt::format("{} to {} of {}{}, median {}", found->low, found->high, found->batches,
                     found->same_weekday ? " alike" : "", found->median);
}

TEST(UsualRows, TooFewBatchesTellNothing) {
  EXPECT_EQ(usual(batches({100, 100, 100, 100})), "nothing");
  EXPECT_EQ(usual(batches({100, 100, 100, 100, 100}), 2), "64 to 144 of 5, median 100");
}

// 2·√100 = 20 with a scatter of 1, which chance alone gives: 20 ± 4 is 16 to 24, and (16/2)² = 64, (24/2)² = 144.
TEST(UsualRows, ChanceAloneGivesCountsSomeScatter) {
  EXPECT_EQ(usual(batches({100, 100, 100, 100, 100})), "64 to 144 of 5 alike, median 100");
  // Of large batches five in a hundred are nothing: 2·√10000 = 200, and 0.05·100 = 5; 180 to 220.
  EXPECT_EQ(usual(batches({10'000, 10'000, 10'000, 10'000, 10'000})), "8100 to 12100 of 5 alike, median 10000");
  // Of few, an empty batch is odd: 2·√10 = 6.32 less 4 is 2.32.
  EXPECT_EQ(usual(batches({10, 10, 10, 10, 10})), "2 to 26 of 5 alike, median 10");
  EXPECT_EQ(usual(batches({0, 0, 0, 0, 0})), "0 to 4 of 5 alike, median 0");
}

TEST(UsualRows, AnAbsurdBatchAmongThemMovesLittle) {
  EXPECT_EQ(usual(batches({100, 100, 1'000'000, 100, 100, 0, 100})), "64 to 144 of 7 alike, median 100");
}

TEST(UsualRows, AMondayIsComparedWithMondays) {
  std::vector<EarlierBatch> before;
  for (int week = 0; week < 6; ++week)
    for (int day = 7; day >= 1; --day) before.push_back({day, day == 1 ? 400 : 100});
  EXPECT_EQ(usual(before, 1), "324 to 484 of 6 alike, median 400");
  EXPECT_EQ(usual(before, 2), "64 to 144 of 6 alike, median 100");
  before.resize(21);  // three Mondays are too few: then all days
  EXPECT_EQ(usual(before, 1), "64 to 144 of 20, median 100");
}

TEST(UsualRows, WhatIsLookedBackAtIsSaid) {
  const auto before = batches({50, 50, 50, 100, 100, 100, 100});
  EXPECT_EQ(usual(before, 1, {.last = 3, .least = 3, .times = 4}), "26 to 82 of 3 alike, median 50");
  EXPECT_EQ(usual(before, 1, {.last = 3, .least = 3, .times = 1}), "44 to 57 of 3 alike, median 50");
}

}  // namespace
}  // namespace vigie::checks

#include "plan/span_sets.h"

#include <gtest/gtest.h>

#include "plan/test_span.h"

namespace vigie::plan {
namespace {

TEST(SpanSets, OverlappingSpansShareTheBitsOfTheDaysTheyShare) {
  // Two quarters of which each shares a month with the other: three segments of a month or two.
  const Span early = span("2025-01-01", "2025-04-01"), late = span("2025-03-01", "2025-06-01");
  const SpanSet set({early, late});
  EXPECT_EQ(set.bits(early), 0b011);
  EXPECT_EQ(set.bits(late), 0b110);
  EXPECT_EQ(set.bit(day("2025-01-01"), false), 0b001);
  EXPECT_EQ(set.bit(day("2025-03-01"), false), 0b010);
  EXPECT_EQ(set.bit(day("2025-05-31"), false), 0b100);
  EXPECT_EQ(set.bit(day("2025-06-01"), false), 0);
}

TEST(SpanSets, WhatLiesBetweenTwoSpansIsInNone) {
  const SpanSet set({span("2025-01-01", "2025-02-01"), span("2025-03-01", "2025-04-01")});
  EXPECT_EQ(set.bit(day("2025-02-10"), false), 0);
  EXPECT_EQ(set.bit(day("2025-03-10"), false), 0b100);
}

TEST(SpanSets, ACutDayIsInTheSpanUpToTheCut) {
  const Span cut = span("2025-01-01", "2025-01-10", kMicrosPerDay / 2);
  const SpanSet set({cut});
  EXPECT_EQ(set.bit(day("2025-01-10"), false), set.bits(cut));
  EXPECT_EQ(set.bit(day("2025-01-10"), true), 0);
  EXPECT_EQ(set.bit(day("2025-01-09"), true), set.bits(cut));
}

TEST(SpanSets, AYearOfDaysIsSixSetsOnOneTrackAndItsWholeLiesInTheFirst) {
  std::vector<Span> spans;
  for (Date at = day("2025-01-01"); at < day("2025-12-27"); at = at + 1) spans.push_back({at, at + 1, 0});
  const auto alone = tracks_of(spans);
  ASSERT_EQ(alone.size(), 1u);
  EXPECT_EQ(alone.front().size(), 6u);  // 360 days, 60 a set

  const Span whole = span("2025-01-01", "2025-12-27");
  spans.push_back(whole);
  const auto both = tracks_of(spans);
  // The set that holds the whole has no room beside it: the rest stand on a track of their own.
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both.front().size(), 1u);
  EXPECT_EQ(both.front().front().bits(whole), (std::int64_t{1} << 60) - 1);
  EXPECT_EQ(both.back().size(), 6u);  // 359 days or fewer beside the first 59
  std::size_t all = 0;
  for (const Track& track : both)
    for (const SpanSet& set : track) all += set.spans().size();
  EXPECT_EQ(all, 361u);
}

TEST(SpanSets, ASetOfOneSegmentEachIsASpanEach) {
  const auto tracks = tracks_of(
      {span("2025-01-01", "2025-02-01"), span("2025-02-01", "2025-03-01"), span("2025-01-15", "2025-02-15")}, 1);
  ASSERT_EQ(tracks.size(), 2u);
  EXPECT_EQ(tracks.front().size(), 2u);
  EXPECT_EQ(tracks.back().size(), 1u);
}

}  // namespace
}  // namespace vigie::plan

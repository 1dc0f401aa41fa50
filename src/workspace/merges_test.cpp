#include "workspace/merges.h"

#include <gtest/gtest.h>

namespace vigie::workspace {
namespace {

TEST(Merges, NobodyReplacedAnybody) {
  const plan::Merges none = merges_of({});
  EXPECT_FALSE(none.any);
  EXPECT_EQ(none.longest, 0);
}

TEST(Merges, TheLongestWayIsCounted) {
  // 4 → 3 → 2 → 1, and 9 → 2 → 1.
  const plan::Merges merges = merges_of({{4, 3}, {3, 2}, {2, 1}, {9, 2}});
  EXPECT_TRUE(merges.any);
  EXPECT_EQ(merges.longest, 3);
  EXPECT_TRUE(merges.circle.empty());
}

TEST(Merges, ACircleStandsForItselfAndWhoLeadsIntoItForItsFirst) {
  // 5 → 6 → 7 → 6: 6 and 7 replace each other; 5 was replaced by 6, one step away. 8 replaced itself.
  plan::Merges merges = merges_of({{5, 6}, {6, 7}, {7, 6}, {8, 8}});
  std::ranges::sort(merges.circle);
  EXPECT_EQ(merges.circle, (std::vector<std::int64_t>{6, 7, 8}));
  EXPECT_TRUE(merges.any);
  EXPECT_EQ(merges.longest, 1);
}

TEST(Merges, NothingButACircle) {
  const plan::Merges merges = merges_of({{1, 2}, {2, 1}});
  EXPECT_FALSE(merges.any);
  EXPECT_EQ(merges.circle.size(), 2u);
}

}  // namespace
}  // namespace vigie::workspace

#include "ingest/places.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <tuple>
#include <vector>

#include "base/no_threads.h"
#include "ingest/in_threads.h"
#include "ingest/key_set.h"

namespace vigie::ingest {
namespace {

struct Row {
  bool noted = false;
  Places::Stop stop;
};

/// Row by row: the rows of the same owner and kind, in order, and where this one stands among them.
void expect_told(const std::vector<Row>& rows, const Places& places) {
  const auto order = [&](std::size_t row) { return std::tuple(rows[row].stop.at, rows[row].stop.key); };
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!rows[row].noted) {
      EXPECT_EQ(places.nth(row), 0);
      EXPECT_EQ(places.before(row), nullptr);
      EXPECT_EQ(places.after(row), nullptr);
      continue;
    }
    int nth = 1;
    std::optional<std::size_t> before, after;
    for (std::size_t other = 0; other < rows.size(); ++other) {
      if (other == row || !rows[other].noted || rows[other].stop.owner != rows[row].stop.owner ||
          rows[other].stop.kind != rows[row].stop.kind)
        continue;
      if (order(other) < order(row)) {
        ++nth;
        if (!before || order(*before) < order(other)) before = other;
      } else if (!after || order(other) < order(*after)) {
        after = other;
      }
    }
    EXPECT_EQ(places.nth(row), nth);
    ASSERT_EQ(places.before(row) != nullptr, before.has_value());
    ASSERT_EQ(places.after(row) != nullptr, after.has_value());
    if (before) {
      EXPECT_EQ(places.before(row)->key, rows[*before].stop.key);
      EXPECT_EQ(places.before(row)->at, rows[*before].stop.at);
      EXPECT_EQ(places.before(row)->day, rows[*before].stop.day);
      EXPECT_EQ(places.before(row)->offset, rows[*before].stop.offset);
      EXPECT_EQ(places.before(row)->bare, rows[*before].stop.bare);
    }
    if (after) EXPECT_EQ(places.after(row)->key, rows[*after].stop.key);
  }
}

TEST(Places, AreThoseThatALoopOverAllPairsFinds) {
  rc::check([] {
    const auto count = *rc::gen::inRange<std::size_t>(0, 60);
    std::vector<Row> rows(count);
    Places places(count);
    for (std::size_t i = 0; i < count; ++i) {
      rows[i].noted = *rc::gen::inRange(0, 5) > 0;
      rows[i].stop = {*rc::gen::inRange<std::int64_t>(-3, 4),
                      *rc::gen::inRange<std::int64_t>(-5, 5),
                      static_cast<std::int64_t>(i * 7 % 61),  // no two alike
                      static_cast<std::int32_t>(i),
                      static_cast<std::int16_t>(i % 3),
                      i % 2 == 0,
                      static_cast<std::uint8_t>(*rc::gen::inRange(0, 2))};
      if (rows[i].noted) places.note(i, rows[i].stop);
    }
    places.settle(*rc::gen::inRange(1, 4));
    expect_told(rows, places);
  });
}

TEST(Places, OneOwnerOfMoreRowsThanAreCopiedAndManyOwners) {
  constexpr std::size_t kRows = 1'200'000;
  for (const std::int64_t owners : {std::int64_t{1}, std::int64_t{400'000}}) {
    Places places(kRows);
    for (std::size_t i = 0; i < kRows; ++i) {
      const auto n = static_cast<std::int64_t>(i);
      places.note(i, {n % owners, -n, n, 0, 0, false, 0});  // the file runs backwards in time
    }
    places.settle(2);
    const auto each = static_cast<std::int32_t>(kRows / static_cast<std::size_t>(owners));
    for (std::size_t i = 0; i < kRows; i += 997) {
      const auto n = static_cast<std::int64_t>(i);
      EXPECT_EQ(places.nth(i), each - static_cast<std::int32_t>(n / owners));
      ASSERT_EQ(places.after(i) == nullptr, n < owners);
      if (n >= owners) EXPECT_EQ(places.after(i)->key, n - owners);
    }
  }
}

TEST(InThreads, WhatOneOfThemThrowsComesOutOnceAllHaveEnded) {
  constexpr int kThreads = 4;
  for (int failing = 0; failing < kThreads; ++failing) {
    std::atomic<int> ended = 0;
    EXPECT_THROW(in_threads(kThreads,
                            [&](int i) {
                              if (i == failing) throw std::bad_alloc();
                              ++ended;
                            }),
                 std::bad_alloc);
    EXPECT_EQ(ended, kThreads - 1) << "the others did their part";
  }
}

TEST(InThreads, AllIsDoneAlsoWhereNoThreadIsToBeHad) {
  std::vector<int> done;
  const NoThreads none;
  in_threads(4, [&](int i) { done.push_back(i); });
  EXPECT_EQ(done, (std::vector<int>{0, 1, 2, 3}));
}

TEST(KeySet, TellsTheFirstOfEqualKeys) {
  rc::check([](const std::vector<std::int8_t>& few) {
    KeySet keys(few.size());
    std::set<std::int64_t> seen;
    for (const std::int64_t key : few) EXPECT_EQ(keys.add(key), seen.insert(key).second);
  });
}

TEST(KeySet, CountsEachKeyOnceHoweverManyThreadsBringIt) {
  constexpr std::int64_t kKeys = 100'000;
  KeySet keys(kKeys);
  std::atomic<std::int64_t> fresh = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        for (std::int64_t i = 0; i < kKeys; ++i)
          if (keys.add(i * 16)) ++fresh;  // their low bits are alike
      });
  }
  EXPECT_EQ(fresh, kKeys);
}

TEST(SeenKeys, TellWhatIsNewAndNeverThatAnotherTextWasSeen) {
  SeenKeys seen(2);
  EXPECT_TRUE(seen.is_news(8, "ann"));
  EXPECT_FALSE(seen.is_news(8, "ann"));
  EXPECT_TRUE(seen.is_news(8, "bob")) << "the same number for another text: a collision, to be found later";
  EXPECT_TRUE(seen.is_news(9, "bob")) << "the same text under another number";
  EXPECT_TRUE(seen.is_news(10, "ann")) << "takes the place of 8";
  EXPECT_TRUE(seen.is_news(8, "ann")) << "forgotten: told again";
}

}  // namespace
}  // namespace vigie::ingest

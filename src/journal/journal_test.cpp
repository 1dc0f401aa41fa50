#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

#include "journal/journal_fixture.h"

namespace vigie::journal {
namespace {

/// What was given to fsync, in its order.
std::vector<std::string>& synced_files() {
  static std::vector<std::string> out;
  return out;
}

}  // namespace
}  // namespace vigie::journal

/// In place of the C library's: a disk that loses its power cannot be had here, so the test looks at what is asked of
/// it.
extern "C" int fsync(int descriptor) {
  std::error_code ignored;
  vigie::journal::synced_files().push_back(
      std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", descriptor), ignored).string());
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace vigie::journal {
namespace {

TEST(Journal, KeepsWhatItIsGivenInItsOrder) {
  const TestFolder folder;
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock);
  EXPECT_EQ(journal->last(), 0U);
  EXPECT_EQ(read(*journal), "");
  EXPECT_EQ(kept(*journal, "first").sequence, 1U);
  const auto two = kept(*journal, {{"shop", "", "second"}, {"crm", "", "third"}});
  EXPECT_EQ(two[0].sequence, 2U);
  EXPECT_EQ(two[1].sequence, 3U);
  EXPECT_EQ(read(*journal), "1:first 2:second 3:third");
  EXPECT_EQ(read(*journal, 3), "3:third");
  EXPECT_EQ(read(*journal, 4), "");
}

TEST(Journal, IsThereAgainAfterARestart) {
  const TestFolder folder;
  const SystemClock clock;
  kept(*opened(folder / "j", clock), "first");
  const auto journal = opened(folder / "j", clock);
  EXPECT_EQ(notes_of(*journal), "");
  EXPECT_EQ(kept(*journal, "second").sequence, 2U);
  EXPECT_EQ(read(*journal), "1:first 2:second");
}

TEST(Journal, AReaderGoesOnWhereItStood) {
  const TestFolder folder;
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock, {.segment_bytes = 200});
  Reader reader = journal->read_from(1);
  for (int i = 1; i <= 20; ++i) {
    EXPECT_TRUE(reader.next(10, 1 << 20)->empty());
    kept(*journal, fmt::format("event {}", i));
    const auto some = reader.next(10, 1 << 20);
    ASSERT_TRUE(some) << some.error().text();
    ASSERT_EQ(some->size(), 1U);
    EXPECT_EQ(some->front().payload, fmt::format("event {}", i));
  }
}

TEST(Journal, AReaderTakesNoMoreThanItAsksFor) {
  const TestFolder folder;
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock);
  for (int i = 0; i < 10; ++i) kept(*journal, std::string(1000, 'x'));
  EXPECT_EQ(journal->read_from(1).next(4, 1 << 20)->size(), 4U);
  EXPECT_EQ(journal->read_from(1).next(100, 2500)->size(), 3U) << "the third passes the bound";
}

TEST(Journal, GoesOnInAnotherFileWhenOneIsFull) {
  const TestFolder folder;
  const SystemClock clock;
  const Options small{.segment_bytes = 300};
  {
    const auto journal = opened(folder / "j", clock, small);
    for (int i = 1; i <= 12; ++i) kept(*journal, fmt::format("{}", i));
    EXPECT_GT(files_in(folder / "j").size(), 2U);
    EXPECT_EQ(read(*journal), "1:1 2:2 3:3 4:4 5:5 6:6 7:7 8:8 9:9 10:10 11:11 12:12");
  }
  const auto journal = opened(folder / "j", clock, small);
  EXPECT_EQ(read(*journal, 11), "11:11 12:12");
  // One record larger than a segment has one of its own.
  kept(*journal, std::string(1000, 'x'));
  kept(*journal, "14");
  EXPECT_EQ(read(*journal, 14), "14:14");
}

TEST(Journal, WhatIsAppliedCanGo) {
  const TestFolder folder;
  const SystemClock clock;
  const Options small{.segment_bytes = 300};
  const auto journal = opened(folder / "j", clock, small);
  for (int i = 1; i <= 12; ++i) kept(*journal, fmt::format("{}", i));
  const auto before = files_in(folder / "j");
  const Sequence second = *sequence_of(before[1]);
  ASSERT_TRUE(journal->remove_up_to(second - 2));
  EXPECT_EQ(files_in(folder / "j").size(), before.size()) << "the first file holds one that is not applied";
  ASSERT_TRUE(journal->remove_up_to(second - 1));
  EXPECT_EQ(files_in(folder / "j").size(), before.size() - 1);
  EXPECT_EQ(journal->first(), second);
  ASSERT_TRUE(journal->remove_up_to(12));
  EXPECT_EQ(files_in(folder / "j").size(), 1U) << "the file that is written stays";
  EXPECT_EQ(kept(*journal, "13").sequence, 13U);
  EXPECT_TRUE(read(*journal).ends_with("13:13"));
}

// Somebody was erased: what is applied goes, of the file that is being written too, and the log goes on after it.
TEST(Journal, ForgetsAllThatIsApplied) {
  const TestFolder folder;
  const MovedClock clock;
  {
    const auto journal = opened(folder / "journal", clock);
    kept(*journal, "Ada", "k1");
    kept(*journal, "Bob", "k2");
    const auto too_early = journal->forget(1);
    ASSERT_TRUE(too_early);
    EXPECT_FALSE(*too_early) << "the second is not applied";
    EXPECT_EQ(read(*journal), "1:Ada 2:Bob");
    const auto forgotten = journal->forget(2);
    ASSERT_TRUE(forgotten);
    EXPECT_TRUE(*forgotten);
    EXPECT_EQ(journal->first(), 3);
    EXPECT_EQ(kept(*journal, "Cleo").sequence, 3);
    EXPECT_TRUE(kept(*journal, "Ada", "k1").duplicate) << "keys outlive what they named";
    const auto again = journal->forget(3);
    EXPECT_TRUE(again && *again);
  }
  const auto journal = opened(folder / "journal", clock, {.applied = 3});
  EXPECT_EQ(notes_of(*journal), "");
  EXPECT_EQ(kept(*journal, "Dan").sequence, 4);
  EXPECT_EQ(read(*journal, 4), "4:Dan");
}

TEST(Journal, KeepsManyThreadsApart) {
  constexpr int kThreads = 8, kEach = 60;
  const TestFolder folder;
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock, {.segment_bytes = 4096});
  std::vector<std::vector<Sequence>> given(kThreads);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          const auto out = journal->append(std::vector<Entry>{{"shop", fmt::format("{}-{}", t, i), "a"},
                                                              {"shop", fmt::format("{}-{}b", t, i), "b"}});
          ASSERT_TRUE(out) << out.error().text();
          EXPECT_EQ((*out)[1].sequence, (*out)[0].sequence + 1) << "nobody else's between them";
          given[static_cast<std::size_t>(t)].push_back((*out)[0].sequence);
          given[static_cast<std::size_t>(t)].push_back((*out)[1].sequence);
        }
      });
  }
  std::vector<Sequence> all;
  for (const auto& of_one : given) {
    EXPECT_TRUE(std::ranges::is_sorted(of_one));
    all.insert(all.end(), of_one.begin(), of_one.end());
  }
  std::ranges::sort(all);
  for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], i + 1);
  EXPECT_EQ(journal->last(), kThreads * kEach * 2U);
}

TEST(Journal, WhoWaitsForMoreIsWoken) {
  const TestFolder folder;
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock);
  EXPECT_FALSE(journal->wait_for_more(0, std::chrono::milliseconds(1)));
  bool more = false;
  {
    const std::jthread waits([&] { more = journal->wait_for_more(0, std::chrono::seconds(30)); });
    kept(*journal, "news");
  }
  EXPECT_TRUE(more);
}

TEST(Journal, HasALimit) {
  const TestFolder folder;
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock, {.segment_bytes = 1'000, .most_bytes = 3'000});
  Sequence last = 0;
  Result<std::vector<Kept>> out;
  while ((out = journal->append(std::vector<Entry>{{"s", "", std::string(200, 'x')}}))) last = out->front().sequence;
  EXPECT_EQ(out.error().code, "journal.limit");
  EXPECT_LE(journal->bytes(), 3'000U);
  EXPECT_GT(last, 8U);
  ASSERT_TRUE(journal->remove_up_to(last));
  EXPECT_EQ(kept(*journal, "there is room again").sequence, last + 1);
}

TEST(Journal, ItsFolderIsOnTheDiskBeforeTheFirstEventIs) {
  const TestFolder folder;
  const SystemClock clock;
  synced_files().clear();
  const auto journal = opened(folder / "j", clock);
  kept(*journal, "first");
  const std::vector<std::string>& synced = synced_files();
  const auto made = std::ranges::find(synced, std::filesystem::canonical(folder.path()).string());
  EXPECT_NE(made, synced.end()) << "the folder that holds it has it";
  EXPECT_NE(std::find(made, synced.end(), std::filesystem::canonical(folder / "j").string()), synced.end());
}

TEST(Journal, TakesNoEventPastItsBounds) {
  const TestFolder folder;
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock);
  for (const Entry& entry : {Entry{"s", "", std::string(kMostPayload + 1, 'x')}, Entry{"s", std::string(1025, 'k'), ""},
                             Entry{std::string(1025, 's'), "", ""}}) {
    const auto out = journal->append(std::vector<Entry>{{"s", "", "good"}, entry});
    ASSERT_FALSE(out);
    EXPECT_EQ(out.error().code, "journal.too_long");
  }
  EXPECT_EQ(read(*journal), "") << "nothing of a refused request is kept";
}

}  // namespace
}  // namespace vigie::journal

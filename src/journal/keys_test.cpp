#include "base/file.h"
#include "journal/journal_fixture.h"

namespace vigie::journal {
namespace {

TEST(Keys, ComeInOnce) {
  const TestFolder folder;
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock);
  EXPECT_FALSE(kept(*journal, "first", "a").duplicate);
  const Kept again = kept(*journal, "first, sent again", "a");
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.sequence, 1U);
  EXPECT_FALSE(kept(*journal, "other", "b").duplicate);
  EXPECT_EQ(read(*journal), "1:first 2:other");
}

TEST(Keys, AreThoseOfTheirSource) {
  const TestFolder folder;
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock);
  const auto out =
      kept(*journal, {{"shop", "1", "a"}, {"crm", "1", "b"}, {"shop", "1", "c"}, {"shop", "", "d"}, {"shop", "", "d"}});
  EXPECT_FALSE(out[1].duplicate);
  EXPECT_TRUE(out[2].duplicate) << "also within one request";
  EXPECT_EQ(out[2].sequence, 1U);
  EXPECT_EQ(read(*journal), "1:a 2:b 3:d 4:d") << "without a key nothing is held to be the same";
}

TEST(Keys, SurviveARestart) {
  const TestFolder folder;
  const SystemClock clock;
  kept(*opened(folder / "j", clock), "first", "a");
  const auto journal = opened(folder / "j", clock);
  EXPECT_TRUE(kept(*journal, "first", "a").duplicate);
}

TEST(Keys, SurviveTheFilesThatBroughtThem) {
  const TestFolder folder;
  const SystemClock clock;
  const Options small{.segment_bytes = 200};
  {
    const auto journal = opened(folder / "j", clock, small);
    for (int i = 1; i <= 9; ++i) kept(*journal, "x", fmt::format("key {}", i));
    ASSERT_TRUE(journal->remove_up_to(9));
    EXPECT_EQ(files_in(folder / "j").size(), 1U);
    EXPECT_TRUE(kept(*journal, "x", "key 1").duplicate);
  }
  const auto journal = opened(folder / "j", clock, {.segment_bytes = 200, .applied = 9});
  EXPECT_EQ(notes_of(*journal), "");
  for (int i = 1; i <= 9; ++i) EXPECT_TRUE(kept(*journal, "x", fmt::format("key {}", i)).duplicate) << i;
  EXPECT_FALSE(kept(*journal, "x", "key 10").duplicate);
}

TEST(Keys, OfADamagedFileAreTold) {
  const TestFolder folder;
  const SystemClock clock;
  {
    const auto journal = opened(folder / "j", clock, {.segment_bytes = 100});
    for (int i = 1; i <= 3; ++i) kept(*journal, "x", fmt::format("key {}", i));
    ASSERT_TRUE(journal->remove_up_to(3));
  }
  std::string bytes = vigie::bytes_of(folder / "j/keys").value();
  bytes[10] = static_cast<char>(bytes[10] ^ 1);
  folder.write("j/keys", bytes);
  const auto journal = opened(folder / "j", clock, {.applied = 3});
  EXPECT_EQ(notes_of(*journal), "journal.keys_damaged");
  EXPECT_TRUE(kept(*journal, "x", "key 3").duplicate) << "its file is still there";
  EXPECT_FALSE(kept(*journal, "x", "key 1").duplicate);
}

TEST(Keys, AreForgottenAfterTheirWindow) {
  const TestFolder folder;
  MovedClock clock;
  const auto journal = opened(folder / "j", clock, {.key_window = std::chrono::hours(24)});
  kept(*journal, "monday", "a");
  clock.at.micros += 23 * 3'600 * kMicrosPerSecond;
  EXPECT_TRUE(kept(*journal, "still", "a").duplicate);
  clock.at.micros += 2 * 3'600 * kMicrosPerSecond;
  EXPECT_FALSE(kept(*journal, "tuesday", "a").duplicate);
  EXPECT_TRUE(kept(*journal, "tuesday", "a").duplicate) << "and known anew";
  EXPECT_EQ(read(*journal), "1:monday 2:tuesday");
}

TEST(Keys, TheOldestGoWhereThereAreTooMany) {
  const TestFolder folder;
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock, {.most_keys = 3});
  for (const char* key : {"a", "b", "c", "d"}) kept(*journal, key, key);
  EXPECT_TRUE(kept(*journal, "b", "b").duplicate);
  EXPECT_FALSE(kept(*journal, "a", "a").duplicate);
}

TEST(Keys, WhereNoneIsOfTheDayNoFileIsWrittenForThem) {
  // On a disk that is full, what is applied must be free to go.
  const TestFolder folder;
  MovedClock clock;
  const auto journal = opened(folder / "j", clock, {.segment_bytes = 100});
  for (int i = 1; i <= 3; ++i) kept(*journal, "x", fmt::format("key {}", i));
  clock.at.micros += 25 * 3'600 * kMicrosPerSecond;
  ASSERT_TRUE(journal->remove_up_to(3));
  EXPECT_EQ(files_in(folder / "j").size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(folder / "j/keys"));
}

TEST(Keys, AClockThatWasAheadOnceDatesNothingElse) {
  const TestFolder folder;
  MovedClock clock;
  const auto journal = opened(folder / "j", clock);
  const Instant today = clock.at;
  clock.at.micros += 365L * 86'400 * kMicrosPerSecond;
  kept(*journal, "next year", "a");
  clock.at = today;
  kept(*journal, "today", "b");
  EXPECT_EQ(journal->read_from(2).next(1, 1'000)->front().received.micros, today.micros);
  EXPECT_TRUE(kept(*journal, "today", "b").duplicate);
}

TEST(Keys, AClockThatGoesBackForgetsNothing) {
  const TestFolder folder;
  MovedClock clock;
  const auto journal = opened(folder / "j", clock);
  kept(*journal, "x", "a");
  clock.at.micros -= 48 * 3'600 * kMicrosPerSecond;
  kept(*journal, "y", "b");
  EXPECT_TRUE(kept(*journal, "x", "a").duplicate);
  EXPECT_TRUE(kept(*journal, "y", "b").duplicate);
}

}  // namespace
}  // namespace vigie::journal

// As events_crash_test.cpp, of a journal of many small files: killed while one is begun, while what is applied is
// removed, while the keys of what is gone are written.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <set>
#include <thread>

#include "base/test_folder.h"
#include "crash/rounds.h"
#include "server/events/event_log.h"
#include "store/database.h"

namespace vigie::events {
namespace {

namespace fs = std::filesystem;

constexpr int kSegmentRounds = 8;
constexpr std::size_t kSegment = 4'000;

/// Without a key of its own each event becomes a row: one that is applied twice is seen.
constexpr const char* kKeyless =
    "map: pushed\nsource: shop\ntable: orders\ninput: {files: none.jsonl, format: jsonl}\n"
    "columns: {ordered_at: at, status: {value: confirmed}, x_ref: ref}\n";

Posted event(int number) {
  return {"pushed", fmt::format("key {}", number), fmt::format(R"({{"ref":"{}","at":"2025-06-01"}})", number), 1};
}

/// A process that takes events from `next` on until it is killed, so long after the first, and says each that it has
/// taken: the last it said.
int push_and_be_killed(const fs::path& folder, int next, std::chrono::milliseconds lives) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const SystemClock clock;
    auto workspace = workspace::Workspace::open(folder, clock);
    if (!workspace) ::_exit(1);
    EventLog log(**workspace, clock, [](const Error&) {}, {.segment_bytes = kSegment});
    for (int number = next;; ++number) {
      const auto taken = log.take({event(number), event(number)});  // the second is the first again
      if (!taken || ::write(ends[1], &number, sizeof number) != sizeof number) ::_exit(2);
    }
  }
  ::close(ends[1]);
  int status = 0, last = next - 1;
  EXPECT_EQ(::read(ends[0], &last, sizeof last), sizeof last) << "it has begun";
  std::this_thread::sleep_for(lives);
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << WEXITSTATUS(status);
  while (::read(ends[0], &last, sizeof last) == sizeof last) {
  }
  ::close(ends[0]);
  return last;
}

std::size_t files_in(const fs::path& journal) {
  std::size_t out = 0;
  for (const auto& one : fs::directory_iterator(journal)) out += one.path().extension() == ".log" ? 1 : 0;
  return out;
}

TEST(SegmentsCrash, WhatWasAcknowledgedIsThereOnceInWhateverFileItStood) {
  const TestFolder folder;
  const fs::path at = folder / "w";
  ASSERT_TRUE(workspace::Workspace::init(at, {}));
  folder.write("w/maps/events/pushed.yaml", kKeyless);
  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<int> moment(50, 600);
  const int rounds = crash_rounds(kSegmentRounds);
  int last = 0;
  std::size_t most_files = 0;
  for (int round = 0; round < rounds; ++round) {
    // What was not acknowledged is sent again, with its key.
    last = push_and_be_killed(at, last + 1, std::chrono::milliseconds(moment(random)));
    most_files = std::max(most_files, files_in(at / "data/journal"));
  }
  EXPECT_GT(last, 50) << "nothing was tried";
  EXPECT_GT(most_files, 1U);
  {
    const SystemClock clock;
    auto workspace = workspace::Workspace::open(at, clock);
    ASSERT_TRUE(workspace) << workspace.error().text();
    std::mutex mutex;
    std::string told;
    EventLog log(**workspace, clock,
                 [&](const Error& error) {
                   const std::lock_guard guard(mutex);
                   told += error.text() + "\n";
                 },
                 {.segment_bytes = kSegment});
    for (int i = 0; i < 1'200 && !log.status(tongue::Language::en).contains(R"("lag":{"events":0)"); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ASSERT_TRUE(log.take({event(last + 1)}));  // what may have been kept unsaid, or not
    for (int i = 0; i < 1'200 && !log.status(tongue::Language::en).contains(R"("lag":{"events":0)"); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_TRUE(log.status(tongue::Language::en).contains(R"("lag":{"events":0)")) << log.status(tongue::Language::en);
    const std::lock_guard guard(mutex);
    EXPECT_FALSE(told.contains("missing") || told.contains("damaged")) << told;
  }
  EXPECT_EQ(files_in(at / "data/journal"), 1U) << "what is applied is gone";
  auto database = store::Database::open({.file = at / "data/warehouse.duckdb", .read_only = true});
  ASSERT_TRUE(database) << database.error().text();
  const auto rows = (*database)->connect()->query(
      "SELECT count(*), count(DISTINCT x_ref), min(x_ref::INTEGER)::BIGINT, max(x_ref::INTEGER)::BIGINT FROM orders");
  ASSERT_TRUE(rows) << rows.error().text();
  EXPECT_EQ(rows->int64(0, 0), last + 1);
  EXPECT_EQ(rows->int64(0, 1), last + 1);
  EXPECT_EQ(rows->int64(0, 2), 1);
  EXPECT_EQ(rows->int64(0, 3), last + 1);
}

}  // namespace
}  // namespace vigie::events

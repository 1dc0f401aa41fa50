// A process that keeps events is killed with SIGKILL, and what it had acknowledged is there.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <thread>

#include "journal/journal_fixture.h"

namespace vigie::journal {
namespace {

constexpr int kKeepers = 3;

/// In the child: keeps events on several threads for ever, and says each on the pipe once it is acknowledged.
[[noreturn]] void keep_for_ever(const std::filesystem::path& folder, int told, int round) {
  const SystemClock clock;
  auto journal = Journal::open(folder, clock, {.segment_bytes = 8 * 1024});
  if (!journal) ::_exit(3);
  std::vector<std::jthread> threads;
  for (int t = 0; t < kKeepers; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0;; ++i) {
        const std::string payload =
            fmt::format("{}-{}-{}-{}", round, t, i, std::string(static_cast<std::size_t>(i * 37 % 300), 'x'));
        const auto out = (*journal)->append(std::vector<Entry>{{"shop", payload, payload}});
        if (!out) ::_exit(4);
        const std::string line = fmt::format("{} {}\n", out->front().sequence, payload);
        if (::write(told, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(5);
      }
    });
  threads.clear();
  ::_exit(6);
}

/// What the child said in `milliseconds`; then it is dead.
std::string said_until_killed(const std::filesystem::path& folder, int round, int milliseconds) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    keep_for_ever(folder, ends[1], round);
  }
  ::close(ends[1]);
  const std::jthread kills([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    ::kill(child, SIGKILL);
  });
  std::string said;
  char piece[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], piece, sizeof piece)) > 0;)
    said.append(piece, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  return said;
}

TEST(Killed, WhatWasAcknowledgedIsThereOnce) {
  constexpr int kRounds = 12, kMostRounds = 200;
  constexpr std::size_t kEnough = 50;  // on a disk, or beside others, that make each of them slow
  const TestFolder folder;
  std::mt19937 random(20'251'130);  // NOLINT(cert-msc51-cpp): the same moments each time
  std::map<Sequence, std::string> acknowledged;
  for (int round = 0; round < kRounds || (acknowledged.size() < kEnough && round < kMostRounds); ++round) {
    std::istringstream lines(said_until_killed(folder / "j", round, std::uniform_int_distribution(20, 120)(random)));
    for (std::string line; std::getline(lines, line) && !lines.eof();) {
      const auto blank = line.find(' ');
      EXPECT_TRUE(acknowledged.emplace(std::stoull(line.substr(0, blank)), line.substr(blank + 1)).second) << line;
    }
  }
  ASSERT_GE(acknowledged.size(), kEnough) << "the disk is so slow that this tries nothing";
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock);
  ASSERT_TRUE(journal);
  std::map<Sequence, std::string> found;
  std::set<std::string> once;
  Reader reader = journal->read_from(1);
  while (true) {
    const auto some = reader.next(1000, 1 << 20);
    ASSERT_TRUE(some) << some.error().text();
    if (some->empty()) break;
    for (const Record& one : *some) {
      found[one.sequence] = one.payload;
      EXPECT_TRUE(once.insert(one.payload).second) << one.payload << " is there twice";
      EXPECT_EQ(one.key, one.payload) << "none by half";
    }
  }
  for (const auto& [sequence, payload] : acknowledged) EXPECT_EQ(found[sequence], payload) << sequence;
  EXPECT_EQ(found.rbegin()->first, found.size()) << "no hole in the numbers";
}

}  // namespace
}  // namespace vigie::journal

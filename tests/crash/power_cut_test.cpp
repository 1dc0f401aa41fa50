// The machine loses its power at every moment at which the journal of events has told the disk something, and the disk
// keeps of it what it will. Afterwards every event that was acknowledged is there once (or was applied, and its key is
// known), and of a request that was not, all or nothing.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/test_folder.h"
#include "crash/recorded_disk.h"
#include "journal/reader.h"

namespace vigie::journal {
namespace {

namespace fs = std::filesystem;

/// What a journal was asked, and when the disk had done how much of it.
struct Story {
  struct Request {
    std::vector<Entry> entries;
    std::size_t begun = 0, acknowledged = 0;  ///< operations of the disk
    Sequence first = 0;
  };
  std::vector<Request> requests;
  std::map<std::size_t, Sequence> applied;  ///< from that operation on, by the warehouse
};

/// Five requests of some events each, files that hold two or three of them, and what is applied removed on the way.
Story play(const fs::path& folder) {
  Story out;
  const SystemClock clock;
  disk::record(folder);
  auto journal = Journal::open(folder, clock, {.segment_bytes = 700});
  if (!journal) throw std::runtime_error(journal.error().text());
  for (int request = 0; request < 9; ++request) {
    Story::Request& one = out.requests.emplace_back();
    for (int i = 0; i <= request % 4; ++i) {
      const std::string name = fmt::format("r{}-{}", request, i);
      one.entries.push_back({"shop", name, name + std::string(static_cast<std::size_t>(40 * (i % 3)), 'x')});
    }
    one.begun = disk::operations();
    const auto kept = (*journal)->append(one.entries);
    if (!kept) throw std::runtime_error(kept.error().text());
    one.first = kept->front().sequence;
    one.acknowledged = disk::operations();
    if (request % 4 != 3) continue;
    out.applied[disk::operations()] = one.first;  // not all of what is there
    if (!(*journal)->remove_up_to(one.first)) throw std::runtime_error("not removed");
  }
  disk::stop();
  return out;
}

/// "" where all that was promised holds in the folder that is left.
std::string broken_promise(const Story& story, std::size_t at, const fs::path& folder) {
  const SystemClock clock;
  Sequence applied = 0;
  for (const auto& [from, sequence] : story.applied)
    if (from <= at) applied = sequence;
  auto journal = Journal::open(folder, clock, {.segment_bytes = 700, .applied = applied});
  if (!journal) return journal.error().text();
  for (const Error& note : (*journal)->notes())
    if (note.code != "journal.torn") return note.text();
  std::map<std::string, int> found;
  Reader reader = (*journal)->read_from(1);
  while (true) {
    const auto some = reader.next(100, 1 << 20);
    if (!some) return some.error().text();
    if (some->empty()) break;
    for (const Record& one : *some) ++found[one.payload];
  }
  for (const Story::Request& request : story.requests) {
    std::size_t there = 0;
    for (std::size_t i = 0; i < request.entries.size(); ++i) {
      const int times = found[request.entries[i].payload];
      if (times > 1) return request.entries[i].key + " is there twice";
      const bool is_applied = request.first + i <= applied && request.acknowledged <= at;
      there += times == 1 || is_applied ? 1 : 0;
    }
    const bool whole = there == request.entries.size();
    if (request.acknowledged <= at && !whole) return request.entries[0].key + " was acknowledged, and is lost";
    if (there != 0 && !whole) return request.entries[0].key + " is there by half";
    if (request.begun > at && there != 0) return request.entries[0].key + " is there, and was never sent";
    if (request.acknowledged > at) continue;
    const auto again = (*journal)->append(request.entries);
    if (!again) return again.error().text();
    for (const Kept& one : *again)
      if (!one.duplicate) return request.entries[0].key + " is taken again: its key is lost";
  }
  return {};
}

TEST(PowerCut, WhatWasAcknowledgedIsThereOnceAndNoRequestByHalf) {
  const TestFolder folder;
  const fs::path at = folder / "j";
  fs::create_directories(at);
  const Story story = play(at);
  ASSERT_GT(disk::operations(), 30U) << "nothing was recorded";
  ASSERT_EQ(story.applied.size(), 2U);
  std::size_t tried = 0;
  for (std::size_t moment = 0; moment <= disk::operations(); ++moment)
    disk::cut_power(moment, folder / "left", [&](const disk::Left& left) {
      ++tried;
      const std::string broken = broken_promise(story, moment, left.folder);
      EXPECT_EQ(broken, "") << "after " << moment << " operations: " << left.how;
    });
  EXPECT_GT(tried, 500U);
  std::printf("%zu power cuts\n", tried);
}

}  // namespace
}  // namespace vigie::journal

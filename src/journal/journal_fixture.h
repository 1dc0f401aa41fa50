#pragma once
// For the tests of journal/.
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "journal/reader.h"

namespace vigie::journal {

/// A clock that a test moves.
class MovedClock final : public Clock {
 public:
  Instant now() const override { return at; }
  Instant at{1'764'500'000'000'000};
};

inline std::unique_ptr<Journal> opened(const std::filesystem::path& folder, const Clock& clock,
                                       const Options& options = {}) {
  auto journal = Journal::open(folder, clock, options);
  EXPECT_TRUE(journal.has_value()) << journal.error().text();
  return journal ? std::move(*journal) : nullptr;
}

inline std::vector<Kept> kept(Journal& journal, const std::vector<Entry>& entries) {
  auto out = journal.append(entries);
  EXPECT_TRUE(out.has_value()) << out.error().text();
  return out ? std::move(*out) : std::vector<Kept>();
}

inline Kept kept(Journal& journal, const std::string& payload, const std::string& key = {}) {
  const auto out = kept(journal, std::vector<Entry>{{"shop", key, payload}});
  return out.empty() ? Kept{} : out.front();
}

/// "1:first 2:second": what can be read from there on.
inline std::string read(const Journal& journal, Sequence from = 1) {
  Reader reader = journal.read_from(from);
  std::string out;
  while (true) {
    const auto some = reader.next(3, 1 << 20);
    if (!some) return out + " " + some.error().text();
    if (some->empty()) return out;
    for (const Record& one : *some) out += fmt::format("{}{}:{}", out.empty() ? "" : " ", one.sequence, one.payload);
  }
}

inline std::string notes_of(const Journal& journal) {
  std::string out;
  for (const Error& one : journal.notes()) out += (out.empty() ? "" : " ") + one.code;
  return out;
}

inline std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> out;
  for (const auto& one : std::filesystem::directory_iterator(folder))
    if (sequence_of(one.path())) out.push_back(one.path());
  std::ranges::sort(out);
  return out;
}

}  // namespace vigie::journal

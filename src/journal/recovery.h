#pragma once
// Private to journal/: what a folder holds when it is opened.
#include <filesystem>
#include <vector>

#include "base/result.h"
#include "journal/known_keys.h"
#include "journal/segment.h"

namespace vigie::journal {

struct FoundSegment {
  std::filesystem::path file;
  SegmentHead head;
  std::uint64_t size = 0;  ///< of what is whole; a torn end stands behind
  Sequence last = 0;       ///< first - 1 where it holds no record
};

struct Found {
  std::vector<FoundSegment> segments;  ///< in order
  std::vector<Error> notes;
};

/// Reads all segments, checks every record, and gives `keys` what they and the key file hold. A last segment that has
/// no whole head yet is removed; nothing else is changed. What is missing is told as far as it is not applied.
Result<Found> recover(const std::filesystem::path& folder, Sequence applied, KnownKeys& keys);

}  // namespace vigie::journal

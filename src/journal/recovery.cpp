#include "journal/recovery.h"

#include <ranges>

#include "base/file.h"
#include "journal/key_file.h"

namespace vigie::journal {
namespace {

namespace fs = std::filesystem;

Error note(std::string code, std::string message, std::string hint = {}) {
  return {std::move(code), std::move(message), ErrorKind::data, {}, std::move(hint)};
}

std::unexpected<Error> damaged(const fs::path& file, std::uint64_t byte) {
  return fail(
      ErrorKind::data, "journal.damaged",
      fmt::format("{}: the record at byte {} is damaged, and was whole when it was acknowledged", file.string(), byte),
      {},
      "the disk has lost what it had kept: bring the folder back from a copy, or put it aside and have what it "
      "holds from there on sent again");
}

Result<std::vector<fs::path>> segments_in(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem))
    if (sequence_of(at->path())) out.push_back(at->path());
  if (problem)
    return fail(ErrorKind::unavailable, "file.unreadable",
                fmt::format("cannot read {}: {}", folder.string(), problem.message()), {},
                "check the path and the rights on it");
  std::ranges::sort(out);
  return out;
}

/// Whether a frame behind `at` says that `lost` had been durable when it was written.
bool was_durable(std::string_view bytes, std::size_t at, const SegmentHead& head, Sequence lost) {
  while ((at = bytes.find(kFrameMark, at)) != std::string_view::npos) {
    const auto frame = frame_at(bytes.substr(at), head.salt);
    if (frame && frame->record.sequence > lost && frame->record.durable >= lost) return true;
    at += frame ? frame->size : 1;
  }
  return false;
}

/// Takes what is whole of one segment.
struct Walk {
  Found& found;
  KnownKeys& keys;
  Sequence keys_up_to = 0;  ///< those of the key file go so far

  Result<> take(FoundSegment& segment, std::string_view bytes, bool is_last) {
    std::size_t at = kSegmentHead, whole = kSegmentHead;  // up to there requests are complete
    Sequence expected = segment.head.first, next = expected;
    std::vector<KnownKeys::Entry> of_request;
    for (; at < bytes.size(); ++expected) {
      const auto frame = frame_at(bytes.substr(at), segment.head.salt);
      if (!frame || frame->record.sequence != expected) break;
      at += frame->size;
      if (!frame->record.key.empty() && expected > keys_up_to)
        of_request.push_back({key_print(frame->record.source, frame->record.key), expected, frame->record.received});
      if (frame->record.more) continue;
      for (const KnownKeys::Entry& one : of_request) keys.add(one.print, one.sequence, one.at);
      of_request.clear();
      whole = at, next = expected + 1;
    }
    segment.size = whole;
    segment.last = next - 1;
    if (whole == bytes.size()) return {};
    if (!is_last || was_durable(bytes, at, segment.head, expected)) return damaged(segment.file, at);
    found.notes.push_back(
        note("journal.torn",
             fmt::format(
                 "{}: the last {} bytes are no whole request, and were cut off at byte {}: they "
                 "were being written when Vigie ended, and as far as can be known nobody was told that they are kept",
                 segment.file.string(), bytes.size() - whole, whole)));
    return {};
  }
};

/// A segment that is not there: what it held is told.
Result<> check_follows(Found& found, const FoundSegment& segment, Sequence applied) {
  if (found.segments.empty()) return {};
  const Sequence expected = found.segments.back().last + 1;
  if (segment.head.first < expected) return damaged(segment.file, kSegmentMark.size());
  if (segment.head.first > std::max(expected, applied + 1))
    found.notes.push_back(
        note("journal.gap",
             fmt::format("events {} to {} are missing from {}: a file of it is gone", std::max(expected, applied + 1),
                         segment.head.first - 1, segment.file.parent_path().string()),
             "bring the file back from a copy, or have these events sent again"));
  return {};
}

}  // namespace

Result<Found> recover(const fs::path& folder, Sequence applied, KnownKeys& keys) {
  Found found;
  Walk walk{found, keys};
  if (const auto kept = read_key_file(folder); !kept) {
    found.notes.push_back(kept.error());
  } else {
    for (const KnownKeys::Entry& one : *kept) {
      keys.add(one.print, one.sequence, one.at);
      walk.keys_up_to = std::max(walk.keys_up_to, one.sequence);
    }
  }
  VIGIE_TRY(const std::vector<fs::path> files, segments_in(folder));
  for (const fs::path& file : files) {
    const bool is_last = &file == &files.back();
    const auto bytes = vigie::bytes_of(file);
    if (!bytes)
      return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", file.string()), {},
                  "check the path and the rights on it");
    const auto head = segment_head(*bytes);
    if (!head && is_last && bytes->size() <= kSegmentHead) {
      // Its head comes before any record, and is durable before one is written.
      std::error_code problem;
      fs::remove(file, problem);
      if (problem) return cannot_write(file, problem.value());
      continue;
    }
    if (!head || head->first != sequence_of(file)) return damaged(file, 0);
    FoundSegment segment{file, *head, 0, 0};
    VIGIE_CHECK(check_follows(found, segment, applied));
    VIGIE_CHECK(walk.take(segment, *bytes, is_last));
    found.segments.push_back(std::move(segment));
  }
  return found;
}

}  // namespace vigie::journal

#pragma once
// journal/ — what was pushed at us, on the disk before anybody is told that we have it.
//
// A journal is a folder of segments, each a file that only grows and is named after its first sequence number:
//
//   00000000000000000001.log   head: "VIGIEJ2\n", first sequence, salt, CRC-32C of the three
//                              then frames (frame.h): mark, length, CRC-32C, sequence, the last sequence that was
//                              durable before, time of receipt, source, idempotency key, payload
//   keys                       the idempotency keys of segments that are gone (key_file.h)
//
// GROUP COMMIT. Threads that append wait together: one of them writes the records of all who wait, makes them durable
// with one fdatasync, and wakes the others. A new segment is made durable with its folder before it holds a record.
//
// AFTER A CRASH. What was acknowledged is there whole; a request that was not may be there, whole too: its frames say
// that they belong together, and where one of them is missing all are cut off. Each frame says up to where the log was
// durable when it was written. So where a frame does not check, the log ends there, and is cut there, unless a later
// frame proves that the broken one had been durable: then the disk has lost what it had promised to keep, and opening
// fails with the place.
//
//   journal.h     open, append, remove; reader.h: read from a sequence on
//   frame.h       one record as bytes; crc32c.h; segment.h: one file of them
//   recovery.h    what a folder holds when it is opened
//   known_keys.h  the keys of late, in memory; key_file.h: those of removed segments
//
// Nothing here knows what a payload means.
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "journal/known_keys.h"
#include "journal/segment.h"

namespace vigie::journal {

/// In the folder of a journal, for records on their way: whoever applies them makes it, and clears it.
constexpr std::string_view kApplying = "applying";

class Reader;

struct Options {
  std::size_t segment_bytes = 64UL << 20;  ///< a segment that has grown past this is followed by another
  std::uint64_t most_bytes = 8UL << 30;    ///< of all segments: who applies nothing must not fill the disk
  std::chrono::hours key_window = std::chrono::hours(24);  ///< how long a key is known; longer when few come
  std::size_t most_keys = 1'000'000;                       ///< beyond it the oldest are forgotten before their time
  Sequence applied = 0;  ///< what the reader has taken for good: the log goes on after it, whatever became of its files
};

/// What somebody wants kept. At most kMostText bytes of source and of key, kMostPayload of payload.
struct Entry {
  std::string source, key;  ///< key: "" none
  std::string payload;
};

/// What became of an entry.
struct Kept {
  Sequence sequence = 0;   ///< of a duplicate, that of the first
  bool duplicate = false;  ///< the same source brought this key before: nothing was written
};

/// One open journal; any thread may call it. The folder belongs to one process at a time (the workspace's lock).
class Journal {
 public:
  /// Makes the folder where it is not there (mode 700). Errors: journal.damaged (file and byte), file.unwritable,
  /// file.unreadable.
  static Result<std::unique_ptr<Journal>> open(const std::filesystem::path& folder, const Clock& clock,
                                               const Options& options);
  ~Journal();

  /// Returns once all of them are durable, in their order and without others between them; or keeps none of them (but
  /// after a crash meanwhile, all of them may be there). Errors: journal.too_long, journal.full (the disk is),
  /// journal.limit (too many wait to be applied), journal.memory,
  /// journal.broken (the disk did not say whether it kept what it was given: nothing is taken until the next start).
  Result<std::vector<Kept>> append(std::span<const Entry> entries);

  Sequence last() const;   ///< the highest durable one; 0 none
  Sequence first() const;  ///< the lowest that can be read; last() + 1 where none can
  std::uint64_t bytes() const;

  /// From this sequence on. The journal must outlive it.
  Reader read_from(Sequence first) const;
  /// Waits until there is more than `seen`, at most so long; whether there is.
  bool wait_for_more(Sequence seen, std::chrono::milliseconds longest) const;
  /// Removes segments that hold nothing above `applied`; the one that is written stays. Keys outlive them.
  Result<> remove_up_to(Sequence applied);
  /// The same, of the one that is written too, where all of it is applied: a new one is begun. Whether it was so.
  Result<bool> forget(Sequence applied);

  /// What opening met that a person should know: a torn end that was cut off, segments that are gone, keys lost.
  const std::vector<Error>& notes() const { return notes_; }

 private:
  friend class Reader;
  struct Waiting;
  Journal(std::filesystem::path folder, const Clock& clock, const Options& options);

  std::vector<Waiting*> next_group();
  Result<> write(std::span<Waiting* const> group);
  Result<> check_room(std::uint64_t more) const;
  Result<> begin_segment(Sequence first);

  const std::filesystem::path folder_;
  const Clock& clock_;
  const Options options_;
  std::vector<Error> notes_;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<Waiting*> waiting_;
  bool writing_ = false;  ///< one thread writes; what follows up to `keys_` is its alone meanwhile, or under the mutex
  std::optional<SegmentWriter> segment_;
  Sequence next_ = 1;
  KnownKeys keys_;
  std::optional<Error> broken_;

  std::map<Sequence, std::uint64_t> segments_;  ///< first sequence → bytes; under the mutex, as all below
  Sequence durable_ = 0;
};

}  // namespace vigie::journal

#pragma once
// Private to journal/: one file of records.
#include <filesystem>
#include <optional>

#include "base/result.h"
#include "journal/frame.h"

namespace vigie::journal {

constexpr std::string_view kSegmentMark = "VIGIEJ2\n";
constexpr std::string_view kFirstMark = "VIGIEJ1\n";  ///< of versions that did not say which records came together
constexpr std::size_t kSegmentHead = 28;              ///< mark 8, first sequence 8, salt 8, CRC-32C 4

struct SegmentHead {
  Sequence first = 0;
  std::uint64_t salt = 0;
  bool is_old = false;  ///< under the first mark: read, and not written any more
};
std::string bytes_of(const SegmentHead& head);
std::optional<SegmentHead> segment_head(std::string_view bytes);

std::filesystem::path segment_file(const std::filesystem::path& folder, Sequence first);
/// The first sequence that a name says; nothing of a file that is no segment.
std::optional<Sequence> sequence_of(const std::filesystem::path& file);

/// Makes what was written in a folder last: files made, renamed, removed.
Result<> sync_folder(const std::filesystem::path& folder);
/// An error of the system about a file: file.unwritable, or journal.full where there is no room.
std::unexpected<Error> cannot_write(const std::filesystem::path& file, int reason);

/// The file that grows. One thread at a time.
class SegmentWriter {
 public:
  /// A new file with its head, durable with its folder.
  static Result<SegmentWriter> make(const std::filesystem::path& folder, Sequence first);
  /// One that is there, whole up to `size`; what stands behind is cut off.
  static Result<SegmentWriter> reopen(const std::filesystem::path& file, const SegmentHead& head, std::uint64_t size);
  SegmentWriter(SegmentWriter&& other) noexcept;
  SegmentWriter& operator=(SegmentWriter&& other) noexcept;
  ~SegmentWriter();

  /// Appends and makes durable. On an error the file is as before, unless `whole` says otherwise.
  Result<> append(std::string_view frames);
  /// Whether the file is known to hold what was acknowledged and nothing else: not after a failed sync.
  bool whole() const { return whole_; }

  std::uint64_t salt() const { return head_.salt; }
  Sequence first() const { return head_.first; }
  std::uint64_t size() const { return size_; }

 private:
  SegmentWriter(std::filesystem::path file, int descriptor, SegmentHead head, std::uint64_t size)
      : file_(std::move(file)), descriptor_(descriptor), head_(head), size_(size) {}

  std::filesystem::path file_;
  int descriptor_ = -1;
  SegmentHead head_;
  std::uint64_t size_ = 0;
  bool whole_ = true;
};

}  // namespace vigie::journal

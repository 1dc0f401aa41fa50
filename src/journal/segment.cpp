#include "journal/segment.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <random>

#include "journal/crc32c.h"

namespace vigie::journal {
namespace {

constexpr std::size_t kDigits = 20;

/// All of the bytes from `at` on; the reason where the system does not take them.
int written_at(int descriptor, std::string_view bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    const auto wrote = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return errno;
    if (wrote == 0) return ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
    at += static_cast<std::uint64_t>(wrote);
  }
  return 0;
}

int synced(int descriptor) { return ::fdatasync(descriptor) == 0 ? 0 : errno; }

}  // namespace

std::string bytes_of(const SegmentHead& head) {
  std::string out(kSegmentMark);
  append_number(out, head.first);
  append_number(out, head.salt);
  append_number(out, crc32c(out));
  return out;
}

std::optional<SegmentHead> segment_head(std::string_view bytes) {
  const bool is_old = bytes.starts_with(kFirstMark);
  if (bytes.size() < kSegmentHead || (!is_old && !bytes.starts_with(kSegmentMark))) return std::nullopt;
  if (number_at<std::uint32_t>(bytes, 24) != crc32c(bytes.substr(0, 24))) return std::nullopt;
  return SegmentHead{number_at<Sequence>(bytes, 8), number_at<std::uint64_t>(bytes, 16), is_old};
}

std::filesystem::path segment_file(const std::filesystem::path& folder, Sequence first) {
  return folder / fmt::format("{:020}.log", first);
}

std::optional<Sequence> sequence_of(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  if (name.size() != kDigits + 4 || !name.ends_with(".log")) return std::nullopt;
  Sequence out = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + kDigits, out);
  if (error != std::errc() || end != name.data() + kDigits) return std::nullopt;
  return out;
}

std::unexpected<Error> cannot_write(const std::filesystem::path& file, int reason) {
  if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG)
    return fail(ErrorKind::unavailable, "journal.full",
                fmt::format("there is no room left to keep events in {}: {}", file.parent_path().string(),
                            std::strerror(reason)),
                {}, "nothing of this request was kept: make room on the disk, and send it again");
  return fail(ErrorKind::unavailable, "file.unwritable",
              fmt::format("cannot write {}: {}", file.string(), std::strerror(reason)), {},
              "check the rights on the folder");
}

Result<> sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return cannot_write(folder / ".", errno);
  const int reason = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (reason != 0) return cannot_write(folder / ".", reason);
  return {};
}

Result<SegmentWriter> SegmentWriter::make(const std::filesystem::path& folder, Sequence first) {
  std::random_device random;
  const SegmentHead head{.first = first, .salt = static_cast<std::uint64_t>(random()) << 32 | random()};
  const std::filesystem::path file = segment_file(folder, first);
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return cannot_write(file, errno);
  SegmentWriter out(file, descriptor, head, kSegmentHead);
  int reason = written_at(descriptor, bytes_of(head), 0);
  if (reason == 0) reason = synced(descriptor);
  Result<> made = reason == 0 ? sync_folder(folder) : cannot_write(file, reason);
  if (!made) {
    ::unlink(file.c_str());  // it holds nothing yet
    return std::unexpected(made.error());
  }
  return out;
}

Result<SegmentWriter> SegmentWriter::reopen(const std::filesystem::path& file, const SegmentHead& head,
                                            std::uint64_t size) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return cannot_write(file, errno);
  SegmentWriter out(file, descriptor, head, size);
  struct stat about{};
  if (::fstat(descriptor, &about) != 0) return cannot_write(file, errno);
  if (static_cast<std::uint64_t>(about.st_size) > size && ::ftruncate(descriptor, static_cast<off_t>(size)) != 0)
    return cannot_write(file, errno);
  // What the process before wrote may have reached its system and not the disk: from here on it counts as durable.
  if (::fsync(descriptor) != 0) return cannot_write(file, errno);
  return out;
}

SegmentWriter::SegmentWriter(SegmentWriter&& other) noexcept
    : file_(std::move(other.file_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      head_(other.head_),
      size_(other.size_),
      whole_(other.whole_) {}

SegmentWriter& SegmentWriter::operator=(SegmentWriter&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(descriptor_, other.descriptor_);
  head_ = other.head_, size_ = other.size_, whole_ = other.whole_;
  return *this;
}

SegmentWriter::~SegmentWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<> SegmentWriter::append(std::string_view frames) {
  if (const int reason = written_at(descriptor_, frames, size_); reason != 0) {
    // Nobody was told of these bytes: they go, and the next group begins where they did.
    if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) whole_ = false;
    return cannot_write(file_, reason);
  }
  if (const int reason = synced(descriptor_); reason != 0) {
    // After a failed sync nobody knows what the disk holds, and a second one would say that all is well.
    whole_ = false;
    return cannot_write(file_, reason);
  }
  size_ += frames.size();
  return {};
}

}  // namespace vigie::journal

#include "journal/key_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"
#include "journal/crc32c.h"
#include "journal/segment.h"

namespace vigie::journal {
namespace {

constexpr std::string_view kKeysMark = "VIGIEK1\n";
constexpr std::size_t kKeyBytes = 32;  // print 16, sequence 8, time 8

int written_and_synced(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto wrote = ::write(descriptor, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return wrote < 0 ? errno : ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return ::fdatasync(descriptor) == 0 ? 0 : errno;
}

}  // namespace

Result<> write_key_file(const std::filesystem::path& folder, const std::deque<KnownKeys::Entry>& keys) {
  std::string bytes(kKeysMark);
  bytes.reserve(kKeysMark.size() + keys.size() * kKeyBytes + 4);
  for (const KnownKeys::Entry& one : keys) {
    append_number(bytes, one.print[0]);
    append_number(bytes, one.print[1]);
    append_number(bytes, one.sequence);
    append_number(bytes, one.at.micros);
  }
  append_number(bytes, crc32c(bytes));
  const std::filesystem::path fresh = folder / "keys.new";
  const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return cannot_write(fresh, errno);
  const int reason = written_and_synced(descriptor, bytes);
  ::close(descriptor);
  if (reason != 0) {
    ::unlink(fresh.c_str());
    return cannot_write(fresh, reason);
  }
  if (::rename(fresh.c_str(), (folder / "keys").c_str()) != 0) return cannot_write(folder / "keys", errno);
  return sync_folder(folder);
}

Result<std::vector<KnownKeys::Entry>> read_key_file(const std::filesystem::path& folder) {
  std::vector<KnownKeys::Entry> out;
  std::error_code ignored;
  if (!std::filesystem::exists(folder / "keys", ignored)) return out;
  const std::string bytes = vigie::bytes_of(folder / "keys").value_or("");
  const std::size_t body = bytes.size() - std::min(bytes.size(), kKeysMark.size() + 4);
  if (!bytes.starts_with(kKeysMark) || bytes.size() < kKeysMark.size() + 4 || body % kKeyBytes != 0 ||
      number_at<std::uint32_t>(bytes, bytes.size() - 4) != crc32c(std::string_view(bytes).substr(0, bytes.size() - 4)))
    return fail(ErrorKind::data, "journal.keys_damaged",
                fmt::format("{} is damaged: of events that are applied, the keys are not known any more",
                            (folder / "keys").string()),
                {}, "an event of the last day that is sent again now counts twice where its map has no key");
  for (std::size_t at = kKeysMark.size(); at + kKeyBytes <= bytes.size(); at += kKeyBytes)
    out.push_back({{number_at<std::uint64_t>(bytes, at), number_at<std::uint64_t>(bytes, at + 8)},
                   number_at<Sequence>(bytes, at + 16),
                   Instant{number_at<std::int64_t>(bytes, at + 24)}});
  return out;
}

}  // namespace vigie::journal

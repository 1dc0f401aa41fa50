#include "workspace/lock.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <utility>

namespace vigie::workspace {

namespace {

constexpr std::string_view kServer = "server";

/// As the file says it: the number of a process and whether it is a server.
struct Owner {
  std::string process, kind;
};

Owner owner_in(const std::filesystem::path& file) {
  Owner out;
  std::ifstream(file) >> out.process >> out.kind;
  return out;
}

std::unexpected<Error> locked(const std::filesystem::path& file) {
  const Owner owner = owner_in(file);
  std::string number;
  if (!owner.process.empty())
    number = owner.kind == kServer ? fmt::format(" (number {}, a server)", owner.process)
                                   : fmt::format(" (number {})", owner.process);
  return fail(
      ErrorKind::unavailable, "workspace.locked",
      fmt::format("the workspace {} is open in another process{}", file.parent_path().parent_path().string(), number),
      {}, "wait for it to end, or stop it; commands reach a running server by themselves");
}

}  // namespace

Result<Lock> Lock::share(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) return Lock(-1);
  if (descriptor < 0)
    return fail(ErrorKind::unavailable, "file.unreadable",
                fmt::format("cannot open {}: {}", file.string(), std::strerror(errno)), {},
                "check the rights on the workspace's data folder");
  Lock lock(descriptor);
  if (::flock(descriptor, LOCK_SH | LOCK_NB) != 0) return locked(file);
  return lock;
}

bool Lock::is_held_by_server(const std::filesystem::path& file) {
  const Owner owner = owner_in(file);
  int process = 0;
  const auto end = owner.process.data() + owner.process.size();
  if (owner.kind != kServer || std::from_chars(owner.process.data(), end, process).ec != std::errc()) return false;
  // The file keeps the words of a server that has ended.
  return ::kill(process, 0) == 0 || errno == EPERM;
}

Result<Lock> Lock::take(const std::filesystem::path& file, Holder as) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("cannot open {}: {}", file.string(), std::strerror(errno)), {},
                "check the rights on the workspace's data folder");
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    return locked(file);
  }
  Lock lock(descriptor);
  const std::string number =
      fmt::format("{}{}{}\n", ::getpid(), as == Holder::server ? " " : "", as == Holder::server ? kServer : "");
  // The lock is held; its number only tells others by whom. On a full disk they are told less.
  if (::ftruncate(descriptor, 0) == 0) [[maybe_unused]]
    const auto written = ::pwrite(descriptor, number.data(), number.size(), 0);
  return lock;
}

Lock::Lock(Lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
Lock& Lock::operator=(Lock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}
Lock::~Lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace vigie::workspace

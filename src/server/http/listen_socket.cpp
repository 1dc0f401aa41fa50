#include "server/http/listen_socket.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace vigie::http {
namespace {

namespace fs = std::filesystem;

std::string reason() { return std::strerror(errno); }

/// A Unix address holds 107 bytes of path. A longer one is reached through its folder's descriptor, which must stay
/// open until the address has been used.
struct UnixAddress {
  sockaddr_un address{};
  Descriptor folder;
};

Result<UnixAddress> unix_address(const fs::path& path) {
  UnixAddress out;
  out.address.sun_family = AF_UNIX;
  std::string text = path.string();
  if (text.size() >= sizeof out.address.sun_path) {
    const fs::path parent = path.parent_path().empty() ? fs::path(".") : path.parent_path();
    out.folder = Descriptor(::open(parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!out.folder)
      return fail(ErrorKind::unavailable, "server.socket",
                  fmt::format("cannot open {}: {}", parent.string(), reason()));
    text = fmt::format("/proc/self/fd/{}/{}", out.folder.get(), path.filename().string());
  }
  if (text.size() >= sizeof out.address.sun_path)
    return fail(ErrorKind::unavailable, "server.socket",
                fmt::format("the name of the socket {} is too long", path.string()));
  std::memcpy(out.address.sun_path, text.c_str(), text.size() + 1);
  return out;
}

std::unexpected<Error> cannot_listen(const std::string& host, std::uint16_t port, int why) {
  if (why == EADDRINUSE)
    return fail(ErrorKind::unavailable, "server.port_taken",
                fmt::format("port {} of {} is taken by another program", port, host), {},
                "choose another one with --port, or stop that program");
  if (why == EACCES)
    return fail(ErrorKind::unavailable, "server.port_refused",
                fmt::format("port {} needs rights that this user has not", port), {},
                "choose a port from 1024 on with --port");
  return fail(ErrorKind::unavailable, "server.address",
              fmt::format("cannot listen on {}:{}: {}", host, port, std::strerror(why)), {},
              "give --host an address of this machine");
}

std::uint16_t port_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<TcpListener> listen_tcp(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found))
    return fail(ErrorKind::usage, "server.address", fmt::format("no such host \"{}\": {}", host, ::gai_strerror(error)),
                {}, "give --host an address of this machine, such as 127.0.0.1");
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);

  int why = EADDRNOTAVAIL;
  // "localhost" may come as ::1 first, on a machine without IPv6: the first address that works is taken.
  for (const addrinfo* address = addresses.get(); address; address = address->ai_next) {
    Descriptor descriptor(::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    if (descriptor && ::setsockopt(descriptor.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        ::bind(descriptor.get(), address->ai_addr, address->ai_addrlen) == 0 &&
        ::listen(descriptor.get(), SOMAXCONN) == 0) {
      const std::uint16_t bound = port_of(descriptor.get());
      return TcpListener{std::move(descriptor), address->ai_family, bound};
    }
    why = errno;
  }
  return cannot_listen(host, port, why);
}

Result<Descriptor> listen_unix(const fs::path& path) {
  VIGIE_TRY(const UnixAddress to, unix_address(path));
  Descriptor descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ::unlink(to.address.sun_path);
  // The file takes the mode of the unbound socket, so that there is no moment at which others may connect.
  if (!descriptor || ::fchmod(descriptor.get(), S_IRUSR | S_IWUSR) != 0 ||
      ::bind(descriptor.get(), reinterpret_cast<const sockaddr*>(&to.address), sizeof to.address) != 0 ||
      ::listen(descriptor.get(), SOMAXCONN) != 0)
    return fail(ErrorKind::unavailable, "server.socket",
                fmt::format("cannot listen on {}: {}", path.string(), reason()), {},
                "the workspace's data folder must be writable and on a file system that knows sockets");
  return descriptor;
}

Result<Descriptor> connect_unix(const fs::path& path) {
  VIGIE_TRY(const UnixAddress to, unix_address(path));
  Descriptor descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!descriptor ||
      ::connect(descriptor.get(), reinterpret_cast<const sockaddr*>(&to.address), sizeof to.address) != 0)
    return fail(ErrorKind::unavailable, "server.absent",
                fmt::format("nobody answers on {}: {}", path.string(), reason()));
  return descriptor;
}

bool same_user(int connected_unix_socket) {
  ucred peer{};
  socklen_t length = sizeof peer;
  if (::getsockopt(connected_unix_socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

}  // namespace vigie::http

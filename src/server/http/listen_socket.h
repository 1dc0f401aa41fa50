#pragma once
// Private to server/http: sockets before anybody speaks on them.
#include <filesystem>
#include <utility>

#include "base/result.h"

namespace vigie::http {

/// Owns one file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

struct TcpListener {
  Descriptor descriptor;
  int family = 0;  ///< AF_INET or AF_INET6
  std::uint16_t port = 0;
};

/// Listens on a host name or address. Errors as Server::listen.
Result<TcpListener> listen_tcp(const std::string& host, std::uint16_t port);

/// Listens on a Unix socket of mode 600, replacing the file. Errors: `server.socket`.
Result<Descriptor> listen_unix(const std::filesystem::path& path);

/// Connects to one. Errors: `server.absent` when there is no socket or nobody behind it.
Result<Descriptor> connect_unix(const std::filesystem::path& path);

/// Whether the process at the other end belongs to this user or to root.
bool same_user(int connected_unix_socket);

}  // namespace vigie::http

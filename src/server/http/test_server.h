#pragma once
// For the tests of server/http: a server in a thread, and a client that is free to misbehave.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "server/http/server.h"

namespace vigie::http {

using std::chrono::milliseconds;

/// A server on a free port of 127.0.0.1, with limits as short as a test wants them.
class TestServer {
 public:
  explicit TestServer(ServerOptions options) {
    auto made = Server::make(std::move(options));
    server_ = std::move(*made);
    port_ = server_->listen("127.0.0.1", 0).value();
  }
  ~TestServer() { stop(); }

  void start() {
    thread_ = std::jthread([this] { server_->run(); });
  }
  /// Returns when run() has returned.
  void stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
  }
  Server& server() { return *server_; }
  std::uint16_t port() const { return port_; }

 private:
  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

/// A bare TCP connection. Every wait ends after kPatience, so that a failing test fails and does not hang.
class RawClient {
 public:
  static constexpr milliseconds kPatience{5'000};

  explicit RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  RawClient(RawClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_), left_(other.left_) {}
  ~RawClient() { leave(); }

  bool connected() const { return connected_; }
  void leave() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  void shut_sending() { ::shutdown(fd_, SHUT_WR); }

  /// False once the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Head and body of the next response (by Content-Length); empty when the connection ended first.
  std::string response(bool has_body = true) {
    while (left_.find("\r\n\r\n") == std::string::npos)
      if (!more()) return {};
    const std::size_t head = left_.find("\r\n\r\n") + 4;
    const std::size_t at = left_.find("Content-Length: ");
    const std::size_t length = has_body && at < head ? std::stoul(left_.substr(at + 16)) : 0;
    while (left_.size() < head + length)
      if (!more()) return {};
    std::string out = left_.substr(0, head + length);
    left_.erase(0, head + length);
    return out;
  }

  /// Everything up to the end of the connection.
  std::string all() {
    while (more()) continue;
    return std::exchange(left_, {});
  }

 private:
  bool more() {
    pollfd wanted{fd_, POLLIN, 0};
    if (::poll(&wanted, 1, static_cast<int>(kPatience.count())) <= 0) return false;
    char piece[16 * 1024];
    const auto got = ::recv(fd_, piece, sizeof piece, 0);
    if (got <= 0) return false;
    left_.append(piece, static_cast<std::size_t>(got));
    return true;
  }

  int fd_;
  bool connected_ = false;
  std::string left_;
};

inline std::string get(std::string_view path) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
}

/// "200" of "HTTP/1.1 200 OK…".
inline std::string status(std::string_view response) {
  return std::string(response.substr(0, 12).substr(response.empty() ? 0 : 9));
}
inline std::string body(std::string_view response) {
  return std::string(response.substr(response.find("\r\n\r\n") + 4));
}

/// Answers with the path, at once.
inline Response echo(const Request& request, const CancelToken&) {
  return Response::json(
      200, fmt::format("{} {}", request.method, request.path) + (request.body.empty() ? "" : " " + request.body));
}

inline ServerOptions quick_options() {
  ServerOptions options;
  options.handle = echo;
  options.limits.workers = 2;
  options.limits.header = milliseconds(150);
  options.limits.body = milliseconds(150);
  options.limits.write = milliseconds(200);
  options.limits.slowest_bytes_a_second = 1'000'000'000;
  options.limits.linger = milliseconds(100);
  options.limits.half_closed = milliseconds(60);
  options.limits.drain = milliseconds(100);
  return options;
}

}  // namespace vigie::http

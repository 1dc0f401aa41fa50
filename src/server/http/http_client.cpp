#include "server/http/http_client.h"

#include <poll.h>
#include <sys/socket.h>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cerrno>
#include <cstring>

#include "server/http/listen_socket.h"

namespace vigie::http {

namespace beast = boost::beast;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kLook{100};

std::unexpected<Error> silent(std::string message) {
  return fail(ErrorKind::unavailable, "server.silent", std::move(message), {}, "see what the server's own output says");
}

/// Waits until the socket can be read or written, in steps short enough to see a cancel.
Result<> wait_for(int descriptor, short events, const LocalClient::Patience& patience, steady_clock::time_point until) {
  while (true) {
    if (patience.cancelled && patience.cancelled->load(std::memory_order_relaxed))
      return fail(ErrorKind::unavailable, "engine.cancelled", "interrupted");
    if (steady_clock::now() >= until) return silent("the server did not answer in time");
    pollfd wanted{descriptor, events, 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(kLook.count()));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR)
      return silent(fmt::format("waiting for the server failed: {}", std::strerror(errno)));
  }
}

/// From here on an answer is a problem, which is read whole whoever takes the body of others.
constexpr int kLeastProblem = 400;
constexpr std::size_t kPiece = 64 * 1024;

Response response_of(const beast::http::response<beast::http::buffer_body>& message, std::string body) {
  Response response;
  response.status = static_cast<int>(message.result_int());
  for (const auto& field : message)
    response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

}  // namespace

struct LocalClient::Impl {
  Descriptor descriptor;

  Result<> write(std::string_view bytes, const Patience& patience, steady_clock::time_point until);
  Result<Response> read(const Patience& patience, steady_clock::time_point until, const Take& take);
};

LocalClient::LocalClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LocalClient::LocalClient(LocalClient&&) noexcept = default;
LocalClient& LocalClient::operator=(LocalClient&&) noexcept = default;
LocalClient::~LocalClient() = default;

Result<LocalClient> LocalClient::connect(const std::filesystem::path& socket) {
  auto impl = std::make_unique<Impl>();
  VIGIE_TRY(impl->descriptor, connect_unix(socket));
  return LocalClient(std::move(impl));
}

Result<Response> LocalClient::send(const Ask& ask, const Patience& patience) { return send(ask, patience, nullptr); }

Result<Response> LocalClient::send(const Ask& ask, const Patience& patience, const Take& take) {
  const auto until = patience.longest ? steady_clock::now() + *patience.longest : steady_clock::time_point::max();
  const std::string head = fmt::format(
      "{} {} HTTP/1.1\r\nHost: localhost\r\nVigie-Protocol: {}\r\nContent-Length: {}\r\nContent-Type: {}\r\n\r\n",
      ask.method, ask.target, kLocalProtocol, ask.body.size(), ask.content_type);
  VIGIE_CHECK(impl_->write(head, patience, until));
  VIGIE_CHECK(impl_->write(ask.body, patience, until));
  return impl_->read(patience, until, take);
}

Result<> LocalClient::Impl::write(std::string_view bytes, const Patience& patience, steady_clock::time_point until) {
  while (!bytes.empty()) {
    VIGIE_CHECK(wait_for(descriptor.get(), POLLOUT, patience, until));
    const auto sent = ::send(descriptor.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    // A server that refuses early (413) closes its side; its answer is there to be read all the same.
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return {};
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
      return silent(fmt::format("the connection to the server broke: {}", std::strerror(errno)));
  }
  return {};
}

Result<Response> LocalClient::Impl::read(const Patience& patience, steady_clock::time_point until, const Take& take) {
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::buffer_body> parser;
  parser.body_limit(boost::none);
  parser.eager(true);
  std::vector<char> piece(kPiece);
  std::string kept;
  bool wants_more = true;
  while (!parser.is_done()) {
    if (wants_more) {
      VIGIE_CHECK(wait_for(descriptor.get(), POLLIN, patience, until));
      const auto room = buffer.prepare(kPiece);
      const auto got = ::recv(descriptor.get(), room.data(), room.size(), MSG_DONTWAIT);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (got <= 0) return silent("the server closed the connection before its answer was whole");
      buffer.commit(static_cast<std::size_t>(got));
    }
    auto& body = parser.get().body();
    body.data = piece.data();
    body.size = piece.size();
    beast::error_code error;
    buffer.consume(parser.put(buffer.data(), error));
    wants_more = error == beast::http::error::need_more || buffer.size() == 0;
    if (error && error != beast::http::error::need_more && error != beast::http::error::need_buffer)
      return silent(fmt::format("the server's answer cannot be read: {}", error.message()));
    const std::string_view came(piece.data(), piece.size() - body.size);
    if (came.empty()) continue;
    if (take && parser.get().result_int() < kLeastProblem) VIGIE_CHECK(take(came));
    else kept += came;
  }
  return response_of(parser.get(), std::move(kept));
}

}  // namespace vigie::http

#include "server/http/session.h"

#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/http/awaited.h"
#include "server/http/problem.h"
#include "server/http/response_head.h"
#include "server/http/target.h"

namespace vigie::http {

namespace net = boost::asio;
using std::chrono::steady_clock;

namespace {

Error refusal(std::string code, std::string message, std::string hint = {}) {
  return {std::move(code), std::move(message), ErrorKind::usage, {}, std::move(hint)};
}

/// So much of a file is read and sent at once.
constexpr std::size_t kPieceOfFile = 1UL << 18;

/// The part of head and body that has not been sent.
std::array<net::const_buffer, 2> rest_of(std::string_view head, std::string_view body, std::size_t sent) {
  const std::size_t of_head = std::min(sent, head.size());
  const std::size_t of_body = sent - of_head;
  return {net::const_buffer(head.data() + of_head, head.size() - of_head),
          net::const_buffer(body.data() + of_body, body.size() - of_body)};
}

std::chrono::milliseconds time_for(std::size_t bytes, const Limits& limits) {
  return std::chrono::milliseconds(bytes * 1000 / std::max<std::size_t>(limits.slowest_bytes_a_second, 1));
}

}  // namespace

/// A request that a worker has, or will have, in hand. The worker writes `response` and `fault`, then hands the whole
/// back to the network thread, which alone touches the rest.
struct Session::Pending {
  Pending(Request asked, const net::any_io_executor& executor)
      : request(std::move(asked)), answered(executor, steady_clock::time_point::max()), half_closed(executor) {}
  Request request;
  CancelToken token;
  Response response;
  std::string fault;
  bool done = false;
  net::steady_timer answered;     ///< never expires: cancelled when the answer is there
  net::steady_timer half_closed;  ///< from the client's end of sending to the interruption of its query
};

Session::Session(Socket socket, Arrival arrival, Shared& shared)
    : socket_(std::move(socket)),
      arrival_(arrival),
      shared_(shared),
      timer_(socket_.get_executor()),
      begun_(steady_clock::now()) {
  shared_.sessions.push_back(this);
}

Session::~Session() {
  shared_.sessions.remove(this);
  if (shared_.sessions.empty() && shared_.on_empty) shared_.on_empty();
}

void Session::start() { net::co_spawn(socket_.get_executor(), run(), net::detached); }

void Session::close() {
  closing_ = true;
  if (!idle_since_) return;
  idle_since_.reset();
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Session::cancel_query() {
  if (pending_) pending_->token.cancel();
}

void Session::abandon() {
  closing_ = true;
  cancel_query();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void Session::arm(std::chrono::milliseconds after) {
  expired_ = false;
  const std::uint64_t armed = ++armed_;
  timer_.expires_after(after);
  timer_.async_wait([weak = weak_from_this(), armed](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->armed_ != armed) return;
    // Whoever reads or writes looks at `expired_` before each step, so a cancel between two steps is not lost.
    self->expired_ = true;
    boost::system::error_code ignored;
    self->socket_.cancel(ignored);
  });
}

void Session::disarm() {
  ++armed_;
  expired_ = false;
  timer_.cancel();
}

net::awaitable<void> Session::run() {
  const auto self = shared_from_this();
  RequestReader reader(shared_.options.limits);
  while (keep_alive_ && !closing_) {
    const Got got = co_await read_request(reader);
    if (got == Got::nothing) break;
    Request request = reader.take();
    request.id = shared_.next_id();
    request.arrival = arrival_;
    keep_alive_ = got == Got::request && reader.keeps_alive();

    Response response;
    if (got == Got::refusal) {
      response = problem(reader.refusal_status(), reader.refusal(), request);
    } else if (arrival_ == Arrival::network && !host_is_ours(request.header("Host"), shared_.options.host_names)) {
      response = problem(421, foreign_host(request), request);
    } else {
      response = co_await answer(request);
    }
    const bool sent = co_await write(request, response);
    if (!sent) break;
    if (got == Got::refusal) co_await linger();
    reader.next();
  }
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  socket_.close(ignored);
}

/// Reads up to the end of one request, each part in its time.
net::awaitable<Session::Got> Session::read_request(RequestReader& reader) {
  const Limits& limits = shared_.options.limits;
  if (reader.blank()) idle_since_ = steady_clock::now();
  arm(idle_since_ ? limits.idle : limits.header);
  begun_ = steady_clock::now();
  bool in_body = false;
  while (true) {
    const RequestReader::State state = reader.advance();
    if (state == RequestReader::State::done || state == RequestReader::State::refused) {
      disarm();
      co_return state == RequestReader::State::done ? Got::request : Got::refusal;
    }
    if (state == RequestReader::State::body && !in_body) {
      in_body = true;
      arm(limits.body + time_for(reader.body_announced(), limits));
      if (reader.wants_continue()) {
        const net::const_buffer go_on("HTTP/1.1 100 Continue\r\n\r\n", 25);
        co_await socket_.async_write_some(go_on, kAwaited);
      }
    }
    if (!expired_ && !(closing_ && reader.blank())) {
      const std::span<char> space = reader.space();
      const net::mutable_buffer into(space.data(), space.size());
      const auto [error, bytes] = co_await socket_.async_read_some(into, kAwaited);
      if (!error) {
        reader.added(bytes);
        if (idle_since_) {
          idle_since_.reset();
          begun_ = steady_clock::now();
          arm(limits.header);
        }
        continue;
      }
    }
    const bool too_slow = expired_ && !reader.blank();
    idle_since_.reset();
    disarm();
    if (!too_slow) co_return Got::nothing;  // closed by the client, idle for too long, or the server stops
    reader.refuse(
        408, refusal("request.timeout", in_body ? "the body did not come in time" : "the header did not come in time"));
    co_return Got::refusal;
  }
}

/// Has the request answered: at once where that is possible, else by a worker, while the socket is watched.
net::awaitable<Response> Session::answer(Request& request) {
  if (shared_.options.immediate)
    if (std::optional<Response> quick = shared_.options.immediate(request)) co_return std::move(*quick);

  const net::any_io_executor executor = socket_.get_executor();
  pending_ = std::make_shared<Pending>(std::move(request), executor);
  const bool taken = shared_.pool.submit([pending = pending_, executor, &handle = shared_.options.handle]() mutable {
    answer_safely(handle, pending->request, pending->token, pending->response, pending->fault);
    net::post(executor, [pending = std::move(pending)] {
      pending->done = true;
      pending->answered.cancel();
      pending->half_closed.cancel();
    });
  });
  if (!taken) {
    request = std::move(pending_->request);
    pending_.reset();
    co_return problem(429,
                      {"request.busy",
                       "more requests are waiting than this server takes",
                       ErrorKind::unavailable,
                       {},
                       "try again in a moment"},
                      request);
  }
  watch(pending_);
  while (!pending_->done) co_await pending_->answered.async_wait(kAwaited);
  boost::system::error_code ignored;
  socket_.cancel(ignored);  // ends the watch
  const std::shared_ptr<Pending> pending = std::move(pending_);
  request = std::move(pending->request);
  fault_ = std::move(pending->fault);
  co_return std::move(pending->response);
}

void Session::watch(const std::shared_ptr<Pending>& pending) {
  socket_.async_wait(Socket::wait_read, [weak = weak_from_this(), pending](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && !pending->done) self->look(pending);
  });
}

/// Something happened on the socket while its request is under way: more bytes, the end of sending, or a broken line.
void Session::look(const std::shared_ptr<Pending>& pending) {
  char byte = 0;
  const auto got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got > 0) return;  // the next request, sent ahead: from here on this client cannot be seen leaving
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return watch(pending);
  if (got < 0) return pending->token.cancel();
  pending->half_closed.expires_after(shared_.options.limits.half_closed);
  pending->half_closed.async_wait([pending](const boost::system::error_code& error) {
    if (!error) pending->token.cancel();
  });
}

net::awaitable<bool> Session::write(const Request& request, const Response& response) {
  const Limits& limits = shared_.options.limits;
  keep_alive_ = keep_alive_ && !closing_;
  const std::string head = response_head(request, response, keep_alive_ ? Connection::keep : Connection::close);
  const bool with_body = sends_body(request, response);
  const std::string_view body = with_body ? response.text() : std::string_view();
  const std::uint64_t size = with_body ? response.size() : 0;
  arm(limits.write + time_for(head.size() + size, limits));
  bool sent = co_await send(head, body);
  if (response.file) {
    std::uint64_t from = 0;
    while (sent && from < size) {
      const std::string piece = response.file->piece(from, kPieceOfFile);
      sent = !piece.empty() && co_await send(piece, {});
      from += piece.size();
    }
  }
  disarm();
  observe(request, response, static_cast<std::size_t>(size));
  co_return sent;
}

net::awaitable<bool> Session::send(std::string_view head, std::string_view body) {
  std::size_t sent = 0;
  while (sent < head.size() + body.size() && !expired_) {
    const std::array<net::const_buffer, 2> rest = rest_of(head, body, sent);
    const auto [error, bytes] = co_await socket_.async_write_some(rest, kAwaited);
    if (error) break;
    sent += bytes;
  }
  co_return sent == head.size() + body.size();
}

/// Hears a refused client out for a moment: closing while it still sends would make the kernel throw our answer away.
net::awaitable<void> Session::linger() {
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  arm(shared_.options.limits.linger);
  std::vector<char> scrap(16 * 1024);
  const net::mutable_buffer into(scrap.data(), scrap.size());
  std::size_t heard = 0;
  while (!expired_ && heard < shared_.options.limits.linger_bytes) {
    const auto [error, bytes] = co_await socket_.async_read_some(into, kAwaited);
    if (error) break;
    heard += bytes;
  }
  disarm();
}

void Session::observe(const Request& request, const Response& response, std::size_t bytes) {
  if (!shared_.options.observe) return;
  Exchange exchange;
  exchange.id = request.id;
  exchange.method = request.method;
  exchange.target = request.target;
  exchange.arrival = arrival_;
  exchange.status = response.status;
  exchange.bytes = bytes;
  exchange.took = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begun_);
  exchange.fault = std::exchange(fault_, {});
  shared_.options.observe(exchange);
}

}  // namespace vigie::http

#include "server/http/server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sodium.h>
#include <unistd.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "server/http/awaited.h"
#include "server/http/listen_socket.h"
#include "server/http/session.h"

namespace vigie::http {

namespace net = boost::asio;
using Protocol = net::generic::stream_protocol;

namespace {

constexpr std::chrono::milliseconds kAcceptPause{50};
constexpr std::chrono::seconds kAfterCancel{2};

struct Listener {
  Listener(net::io_context& context, Arrival from) : acceptor(context), pause(context), arrival(from) {}
  net::basic_socket_acceptor<Protocol> acceptor;
  net::steady_timer pause;
  Arrival arrival;
  std::filesystem::path socket_file;
};

}  // namespace

Shared::Shared(ServerOptions given) : options(std::move(given)), pool(options.limits.workers, options.limits.queue) {
  id_prefix = fmt::format("{:08x}", randombytes_random());
}

std::string Shared::next_id() { return fmt::format("{}-{}", id_prefix, ++ids); }

struct Server::Impl {
  explicit Impl(ServerOptions options) : shared(std::move(options)), context(1), signals(context), ending(context) {
    shared.on_empty = [this] {
      if (shared.stopping) finish();
    };
  }
  ~Impl() {
    // Workers hand their answers to `context`, connections live in it and touch `shared`: in this order nothing
    // dangles.
    shared.pool.stop();
    shared.on_empty = nullptr;
  }

  net::awaitable<void> accept(std::shared_ptr<Listener> listener);
  void admit(Socket socket, Arrival arrival);
  bool make_room();
  void add(int descriptor, int family, Arrival arrival, std::filesystem::path socket_file);
  void on_signal();
  void begin_stop();
  void interrupt();
  void end_now();
  void finish();

  Shared shared;
  net::io_context context;
  net::signal_set signals;
  net::steady_timer ending;
  std::vector<std::shared_ptr<Listener>> listeners;
};

void Server::Impl::add(int descriptor, int family, Arrival arrival, std::filesystem::path socket_file) {
  auto listener = std::make_shared<Listener>(context, arrival);
  listener->acceptor.assign(Protocol(family, 0), descriptor);
  listener->socket_file = std::move(socket_file);
  listeners.push_back(listener);
  net::co_spawn(context, accept(listener), net::detached);
}

net::awaitable<void> Server::Impl::accept(std::shared_ptr<Listener> listener) {
  while (!shared.stopping) {
    auto [error, socket] = co_await listener->acceptor.async_accept(kAwaited);
    if (!error) {
      admit(std::move(socket), listener->arrival);
    } else if (!shared.stopping) {
      // Out of descriptors or of memory: it passes, and spinning would not help.
      listener->pause.expires_after(kAcceptPause);
      co_await listener->pause.async_wait(kAwaited);
    }
  }
}

void Server::Impl::admit(Socket socket, Arrival arrival) {
  if (arrival == Arrival::local && !same_user(socket.native_handle())) return;
  if (arrival == Arrival::network) {
    const int on = 1;
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  if (shared.sessions.size() >= shared.options.limits.connections && !make_room()) {
    static constexpr std::string_view kFull =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";
    // If even this does not fit into an empty send buffer, the client learns it from the closed connection.
    [[maybe_unused]] const auto sent =
        ::send(socket.native_handle(), kFull.data(), kFull.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return;
  }
  std::make_shared<Session>(std::move(socket), arrival, shared)->start();
}

/// Closes the connection that has been idle for longest.
bool Server::Impl::make_room() {
  Session* oldest = nullptr;
  for (Session* session : shared.sessions)
    if (session->idle_since() && (!oldest || *session->idle_since() < *oldest->idle_since())) oldest = session;
  if (!oldest) return false;
  oldest->close();
  return true;
}

void Server::Impl::on_signal() {
  signals.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    if (shared.stopping) return end_now();
    begin_stop();
    if (shared.stopping && !shared.sessions.empty()) on_signal();
  });
}

void Server::Impl::begin_stop() {
  if (shared.stopping) return;
  shared.stopping = true;
  boost::system::error_code ignored;
  for (const auto& listener : listeners) {
    listener->acceptor.close(ignored);
    listener->pause.cancel();
    if (!listener->socket_file.empty()) ::unlink(listener->socket_file.c_str());
  }
  const std::list<Session*> sessions = shared.sessions;
  for (Session* session : sessions) session->close();
  if (shared.sessions.empty()) return finish();
  ending.expires_after(shared.options.limits.drain);
  ending.async_wait([this](const boost::system::error_code& error) {
    if (!error) interrupt();
  });
}

/// The time to finish is over: queries are interrupted, and what then still stands is cut.
void Server::Impl::interrupt() {
  for (Session* session : shared.sessions) session->cancel_query();
  ending.expires_after(kAfterCancel);
  ending.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    for (Session* session : shared.sessions) session->abandon();
  });
}

/// Whoever stops it a second time will not wait. A handler that does not look at its token is past our reach: from here
/// on a signal does what it does to a program that does not listen to it.
void Server::Impl::end_now() {
  // First the signals: who sees a connection cut may send the next one at once.
  boost::system::error_code ignored;
  signals.clear(ignored);
  const std::list<Session*> sessions = shared.sessions;
  for (Session* session : sessions) session->abandon();
}

/// Nothing is left: no timer and no signal keeps run() waiting.
void Server::Impl::finish() {
  ending.cancel();
  boost::system::error_code ignored;
  signals.cancel(ignored);
}

std::function<void(const Exchange&)> fault_log(std::FILE* to) {
  return [to](const Exchange& exchange) {
    if (exchange.fault.empty()) return;
    std::string line =
        fmt::format("vigie: {} {} {}: {}", exchange.id, exchange.method, exchange.target, exchange.fault);
    // One line for one request, whatever the client put into it.
    for (char& c : line)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    std::fprintf(to, "%s\n", line.c_str());
    std::fflush(to);
  };
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::make(ServerOptions options) {
  if (sodium_init() < 0) return fail(ErrorKind::internal, "server.random", "the random number generator cannot begin");
  return std::unique_ptr<Server>(new Server(std::make_unique<Impl>(std::move(options))));
}

Result<std::uint16_t> Server::listen(const std::string& host, std::uint16_t port) {
  VIGIE_TRY(TcpListener listener, listen_tcp(host, port));
  impl_->add(listener.descriptor.release(), listener.family, Arrival::network, {});
  return listener.port;
}

Result<> Server::listen_local(const std::filesystem::path& socket) {
  VIGIE_TRY(Descriptor descriptor, listen_unix(socket));
  impl_->add(descriptor.release(), AF_UNIX, Arrival::local, socket);
  return {};
}

void Server::take_signals() {
  impl_->signals.add(SIGINT);
  impl_->signals.add(SIGTERM);
  impl_->on_signal();
}

void Server::run() { impl_->context.run(); }

void Server::stop() {
  net::post(impl_->context, [impl = impl_.get()] { impl->begin_stop(); });
}

}  // namespace vigie::http

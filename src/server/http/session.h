#pragma once
// Private to server/http: one connection, and what all connections share. Everything here runs on the network thread.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>

#include "server/http/request_reader.h"
#include "server/http/server.h"
#include "server/http/worker_pool.h"

namespace vigie::http {

using Socket = boost::asio::generic::stream_protocol::socket;

class Session;

/// What the connections of one server share.
struct Shared {
  explicit Shared(ServerOptions given);
  std::string next_id();

  ServerOptions options;
  WorkerPool pool;
  std::list<Session*> sessions;
  bool stopping = false;
  std::function<void()> on_empty;  ///< called when the last connection has gone
  std::string id_prefix;           ///< random, so that ids of two runs differ
  std::uint64_t ids = 0;
};

/// One connection: reads a request, has it answered, writes the answer, and so on until either side has enough.
/// Kept alive by its own coroutine; `Shared` must outlive it.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Socket socket, Arrival arrival, Shared& shared);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Starts the coroutine.
  void start();

  std::optional<std::chrono::steady_clock::time_point> idle_since() const { return idle_since_; }
  void close();         ///< between two requests; under way: after the answer
  void cancel_query();  ///< interrupts the handler, if one runs
  void abandon();       ///< closes at once

 private:
  struct Pending;
  enum class Got { request, nothing, refusal };

  boost::asio::awaitable<void> run();
  boost::asio::awaitable<Got> read_request(RequestReader& reader);
  boost::asio::awaitable<Response> answer(Request& request);
  boost::asio::awaitable<bool> write(const Request& request, const Response& response);
  boost::asio::awaitable<bool> send(std::string_view head, std::string_view body);
  boost::asio::awaitable<void> linger();

  void arm(std::chrono::milliseconds after);
  void disarm();
  void watch(const std::shared_ptr<Pending>& pending);
  void look(const std::shared_ptr<Pending>& pending);
  void observe(const Request& request, const Response& response, std::size_t bytes);

  Socket socket_;
  const Arrival arrival_;
  Shared& shared_;
  boost::asio::steady_timer timer_;
  std::uint64_t armed_ = 0;  ///< which arming of the timer counts
  bool expired_ = false;
  bool closing_ = false;
  bool keep_alive_ = true;
  std::optional<std::chrono::steady_clock::time_point> idle_since_;
  std::chrono::steady_clock::time_point begun_;
  std::shared_ptr<Pending> pending_;
  std::string fault_;
};

}  // namespace vigie::http

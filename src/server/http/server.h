#pragma once
// server/ — how the world talks to a workspace: the HTTP API and the files of the web app. No business rules.
//
//   http/message.h       Request, Response, CancelToken: what handlers see
//   http/server.h        listeners, connections, limits; the only coroutines are in http/server.cpp and session.cpp
//   http/limits.h        every bound, by name
//   http/static_files.h  the web app, from memory
//   http/encoding.h      gzip and brotli      http/problem.h   errors as RFC 9457
//   http/http_client.h   the command line's way to a running server
//   api/                 the routes of docs/api.md
//   events/              what other systems push: journal and applier, webhooks
//   upkeep/              the sources of the workspace, read when they are due
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>

#include "base/result.h"
#include "server/http/limits.h"
#include "server/http/message.h"

namespace vigie::http {

/// One request as it went, for a log.
struct Exchange {
  std::string id, method, target;
  Arrival arrival = Arrival::network;
  int status = 0;
  std::size_t bytes = 0;  ///< of the body, as sent
  std::chrono::microseconds took{0};
  std::string fault;  ///< what a handler threw; a mistake of ours
};

struct ServerOptions {
  Limits limits;
  /// Host names that may be asked for, beside localhost and IP addresses (DNS rebinding).
  std::vector<std::string> host_names;
  /// Answers at once, on the network thread: files, health. Must not block. Nothing: the request goes to `handle`.
  std::function<std::optional<Response>(const Request&)> immediate;
  /// Answers on a worker thread; may take its time, should look at the token. What it throws becomes a 500.
  std::function<Response(const Request&, const CancelToken&)> handle;
  /// Called on the network thread after each answer.
  std::function<void(const Exchange&)> observe;
};

/// Writes a line for each answer behind which a handler threw: the id that the client was given, what it asked, what
/// went wrong. For ServerOptions::observe.
std::function<void(const Exchange&)> fault_log(std::FILE* to);

/// An HTTP/1.1 server on any number of TCP addresses and Unix sockets.
///
///   VIGIE_TRY(auto server, Server::make({.handle = answer}));
///   VIGIE_TRY(std::uint16_t port, server->listen("127.0.0.1", 8080));
///   VIGIE_CHECK(server->listen_local(folder / "data/vigie.sock"));
///   server->take_signals();
///   server->run();   // until SIGINT, SIGTERM or stop()
///
/// run() is the network thread; handlers run on `limits.workers` threads. stop() may be called from any thread: no new
/// connections, requests under way get `limits.drain`, then their tokens are set. A second signal does not wait for
/// that: their tokens are set and their connections cut. A third ends the process as it would any other.
class Server {
 public:
  static Result<std::unique_ptr<Server>> make(ServerOptions options);
  ~Server();

  /// Port 0 takes a free one; returns the port. Fails with `server.address` (unknown host or not of this machine),
  /// `server.port_taken`, `server.port_refused` (below 1024 without the right).
  Result<std::uint16_t> listen(const std::string& host, std::uint16_t port);
  /// Mode 600; only processes of the same user (or root) are answered. A socket file left by a dead server is replaced.
  /// Any length of path. Fails with `server.socket`.
  Result<> listen_local(const std::filesystem::path& socket);

  /// From now on SIGINT and SIGTERM stop it, also one that comes before it runs.
  void take_signals();
  void run();
  void stop();

  struct Impl;

 private:
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vigie::http

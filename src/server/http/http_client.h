#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>

#include "base/result.h"
#include "server/http/message.h"

namespace vigie::http {

/// What client and server of one workspace agree on, in the header Vigie-Protocol: a server refuses another number, so
/// that a new `vigie` never misreads an old one that is still running.
constexpr int kLocalProtocol = 1;

/// The command line's way to the server that has a workspace open: one request, one answer, over its Unix socket.
/// Blocks.
///
///   VIGIE_TRY(LocalClient client, LocalClient::connect(folder / "data/vigie.sock"));
///   VIGIE_TRY(Response answer, client.send({.method = "GET", .target = "/api/v1/board"}, {}));
///
/// Fails with `server.absent` (no socket, or nobody behind it), `server.silent` (the connection broke, the answer is no
/// HTTP, or it did not come in time) and `engine.cancelled`.
class LocalClient {
 public:
  struct Ask {
    std::string method = "GET", target = "/", body = {};
    std::string content_type = "application/json";
  };
  struct Patience {
    std::optional<std::chrono::milliseconds> longest = {};  ///< none: as long as the server works (a long import)
    const std::atomic<bool>* cancelled = nullptr;  ///< looked at ten times a second; the server then stops its query
  };

  static Result<LocalClient> connect(const std::filesystem::path& socket);
  LocalClient(LocalClient&&) noexcept;
  LocalClient& operator=(LocalClient&&) noexcept;
  ~LocalClient();

  /// Any status is an answer; only a broken exchange is an error.
  Result<Response> send(const Ask& ask, const Patience& patience);
  /// The body of an answer that is no problem goes to `take` as it comes, a piece at a time, and is not in the
  /// Response. What `take` fails with ends it.
  using Take = std::function<Result<>(std::string_view piece)>;
  Result<Response> send(const Ask& ask, const Patience& patience, const Take& take);

  struct Impl;

 private:
  explicit LocalClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vigie::http

#pragma once
// Private to server/http: bytes of a connection → requests.
#include <memory>
#include <span>

#include "base/result.h"
#include "server/http/limits.h"
#include "server/http/message.h"

namespace vigie::http {

/// Parses the requests of one connection, one after another, from whatever pieces the network brings. Knows no socket
/// and no time: the session asks for `space`, fills it, and calls `advance`.
///
/// A request that breaks a rule or a limit ends in `refused`: 400 (not HTTP, both lengths given, broken target), 413,
/// 431, 501 (transfer coding), 505. Nothing after it can be read on that connection.
class RequestReader {
 public:
  explicit RequestReader(const Limits& limits);
  ~RequestReader();

  enum class State { header, body, done, refused };

  std::span<char> space();             ///< room for the next bytes; never empty
  void added(std::size_t bytes);       ///< so many were written into it
  State advance();                     ///< parses what is there
  bool blank() const;                  ///< not a byte of the next request has come
  bool keeps_alive() const;            ///< the client wants to go on after this one
  bool wants_continue() const;         ///< it waits for "100 Continue" before it sends its body
  std::size_t body_announced() const;  ///< Content-Length, 0 when there is none
  Request take();                      ///< the request; what was read of it when refused
  const Error& refusal() const;
  int refusal_status() const;
  void refuse(int status, Error error);  ///< for what the session sees: a timeout, a foreign host
  void next();                           ///< begins the next request with the bytes that are left

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vigie::http

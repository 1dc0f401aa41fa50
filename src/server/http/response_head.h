#pragma once
// Private to server/http: what stands before the body, and what stands around a handler.
#include "server/http/server.h"

namespace vigie::http {

enum class Connection { keep, close };

/// Status line and headers, with the server's own: Date, Content-Length, Connection, X-Request-Id and the security
/// headers.
std::string response_head(const Request& request, const Response& response, Connection connection);

/// HEAD, 204 and 304 have none.
bool sends_body(const Request& request, const Response& response);

/// Runs a handler, compresses its answer, and turns what it throws into a 500 whose detail stays in `fault`. A request
/// whose client has left before its turn is not handled at all.
void answer_safely(const std::function<Response(const Request&, const CancelToken&)>& handle, const Request& request,
                   const CancelToken& token, Response& response, std::string& fault);

/// Why a Host header was not taken, and what to do.
Error foreign_host(const Request& request);

}  // namespace vigie::http

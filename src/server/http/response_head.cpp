#include "server/http/response_head.h"

#include <ctime>

#include "server/http/content_security.h"
#include "server/http/encoding.h"
#include "server/http/problem.h"

namespace vigie::http {
namespace {

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(std::time_t at) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm t{};
  ::gmtime_r(&at, &t);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[static_cast<std::size_t>(t.tm_wday)], t.tm_mday,
                     kMonths[static_cast<std::size_t>(t.tm_mon)], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

/// Adds a header line; a line break inside a value would begin a header of somebody else's choice.
void add(std::string& head, std::string_view name, std::string_view value) {
  head += name;
  head += ": ";
  for (const char c : value) head += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  head += "\r\n";
}

}  // namespace

bool sends_body(const Request& request, const Response& response) {
  return request.method != "HEAD" && response.status != 204 && response.status != 304;
}

std::string response_head(const Request& request, const Response& response, Connection connection) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  add(head, "Date", http_date(std::time(nullptr)));
  if (response.status != 204 && response.status != 304) add(head, "Content-Length", std::to_string(response.size()));
  add(head, "Connection", connection == Connection::keep ? "keep-alive" : "close");
  add(head, "X-Request-Id", request.id);
  for (const Header& header : security_headers()) add(head, header.name, header.value);
  if (response.header("Content-Security-Policy").empty())
    add(head, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  for (const Header& header : response.headers) add(head, header.name, header.value);
  return head + "\r\n";
}

void answer_safely(const std::function<Response(const Request&, const CancelToken&)>& handle, const Request& request,
                   const CancelToken& token, Response& response, std::string& fault) {
  const auto failed = [&](const char* what) {
    fault = what;
    response = problem(
        500, {"server.fault", "this is a mistake of the program; its log has the details", ErrorKind::internal, {}, {}},
        request);
  };
  try {
    response = token.cancelled()
                   ? problem(499, {"engine.cancelled", "the client left", ErrorKind::unavailable, {}, {}}, request)
                   : compressed(handle(request, token), request);
  } catch (const std::exception& thrown) {
    failed(thrown.what());
  } catch (...) {
    failed("something that is no std::exception was thrown");
  }
}

Error foreign_host(const Request& request) {
  return {"request.host",
          fmt::format("\"{}\" is no name of this server", request.header("Host")),
          ErrorKind::usage,
          {},
          "ask for 127.0.0.1 or localhost, or add the name with --allow-host"};
}

}  // namespace vigie::http

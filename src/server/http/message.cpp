#include "server/http/message.h"

#include <unistd.h>

#include <cerrno>

#include "base/text.h"

namespace vigie::http {
namespace {

std::string_view find_header(const std::vector<Header>& headers, std::string_view name) {
  const std::string wanted = lower_ascii(name);
  for (const Header& header : headers)
    if (header.name.size() == wanted.size() && lower_ascii(header.name) == wanted) return header.value;
  return {};
}

}  // namespace

SentFile::~SentFile() { ::close(descriptor_); }

std::string SentFile::piece(std::uint64_t from, std::size_t most) const {
  std::string out(static_cast<std::size_t>(std::min<std::uint64_t>(most, size_ - from)), '\0');
  std::size_t filled = 0;
  while (filled < out.size()) {
    const auto got = ::pread(descriptor_, out.data() + filled, out.size() - filled, static_cast<off_t>(from + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return {};
    filled += static_cast<std::size_t>(got);
  }
  return out;
}

std::string_view Request::header(std::string_view name) const { return find_header(headers, name); }
std::string_view Response::header(std::string_view name) const { return find_header(headers, name); }

Response Response::of(int status, std::string content_type, std::string body) {
  Response response;
  response.status = status;
  response.headers.push_back({"Content-Type", std::move(content_type)});
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 499: return "Client Closed Request";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

}  // namespace vigie::http

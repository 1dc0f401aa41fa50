#include "server/http/request_reader.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "server/http/target.h"

namespace vigie::http {

namespace beast = boost::beast;
using Parser = beast::http::request_parser<beast::http::string_body>;
using BeastError = beast::http::error;

namespace {

constexpr std::size_t kPiece = 16 * 1024;

std::string text_of(beast::string_view text) { return {text.data(), text.size()}; }

/// What to tell a client whose bytes could not be parsed.
std::pair<int, Error> refusal_of(const beast::error_code& code, const Limits& limits, std::size_t body_bytes) {
  const auto usage = [](std::string name, std::string message) {
    return Error{std::move(name), std::move(message), ErrorKind::usage, {}, {}};
  };
  if (code == BeastError::header_limit || code == BeastError::buffer_overflow)
    return {431, usage("request.header_too_large", fmt::format("the header is over {} bytes", limits.header_bytes))};
  if (code == BeastError::body_limit)
    return {413, usage("request.body_too_large", fmt::format("the body is over {} bytes", body_bytes))};
  if (code == BeastError::bad_version)
    return {505, usage("request.version", "this server speaks HTTP/1.1 and HTTP/1.0")};
  return {400, usage("request.malformed", fmt::format("this is not a well-formed HTTP request: {}", code.message()))};
}

std::size_t largest_body(const Limits& limits) {
  std::size_t out = limits.body_bytes;
  for (const Limits::BodyLimit& one : limits.body_bytes_under) out = std::max(out, one.bytes);
  return out;
}

}  // namespace

struct RequestReader::Impl {
  explicit Impl(const Limits& given) : limits(given), buffer(given.header_bytes + 4 * kPiece) {}

  const Limits& limits;
  beast::flat_buffer buffer;
  std::optional<Parser> parser;
  State state = State::header;
  bool begun = false;
  std::size_t body_bytes = limits.body_bytes;  ///< that this request may bring
  int status = 0;
  Error error;

  void parse();
  void check_header();
};

RequestReader::RequestReader(const Limits& limits) : impl_(std::make_unique<Impl>(limits)) { next(); }
RequestReader::~RequestReader() = default;

void RequestReader::next() {
  impl_->parser.emplace();
  impl_->parser->header_limit(static_cast<std::uint32_t>(impl_->limits.header_bytes));
  // Which limit holds is known when the header is read.
  impl_->parser->body_limit(largest_body(impl_->limits));
  impl_->body_bytes = impl_->limits.body_bytes;
  impl_->state = State::header;
  impl_->begun = false;
}

std::span<char> RequestReader::space() {
  const std::size_t room = impl_->buffer.max_size() - impl_->buffer.size();
  const auto prepared = impl_->buffer.prepare(std::min(room, kPiece));
  return {static_cast<char*>(prepared.data()), prepared.size()};
}

void RequestReader::added(std::size_t bytes) { impl_->buffer.commit(bytes); }
bool RequestReader::blank() const { return !impl_->begun && impl_->buffer.size() == 0; }
bool RequestReader::keeps_alive() const { return impl_->state == State::done && impl_->parser->get().keep_alive(); }
const Error& RequestReader::refusal() const { return impl_->error; }
int RequestReader::refusal_status() const { return impl_->status; }

std::size_t RequestReader::body_announced() const {
  const auto length = impl_->parser->content_length();
  return length ? static_cast<std::size_t>(*length) : 0;
}

bool RequestReader::wants_continue() const {
  const auto& message = impl_->parser->get();
  return message.version() >= 11 && beast::iequals(message[beast::http::field::expect], "100-continue");
}

void RequestReader::refuse(int status, Error error) {
  impl_->state = State::refused;
  impl_->status = status;
  impl_->error = std::move(error);
}

RequestReader::State RequestReader::advance() {
  impl_->parse();
  // A full buffer that still yields nothing is a chunk header or a trailer without end.
  if ((impl_->state == State::header || impl_->state == State::body) &&
      impl_->buffer.size() == impl_->buffer.max_size())
    refuse(431, {"request.header_too_large", "a line of the request has no end", ErrorKind::usage, {}, {}});
  return impl_->state;
}

void RequestReader::Impl::parse() {
  // Empty lines before a request are let pass (RFC 9112, 2.2), but they do not begin one.
  while (!begun && buffer.size() > 0) {
    const char first = *static_cast<const char*>(buffer.data().data());
    if (first != '\r' && first != '\n') break;
    buffer.consume(1);
  }
  while ((state == State::header || state == State::body) && buffer.size() > 0) {
    begun = true;
    beast::error_code code;
    const std::size_t used = parser->put(buffer.data(), code);
    buffer.consume(used);
    if (code == BeastError::need_more) return;
    if (code) {
      std::tie(status, error) = refusal_of(code, limits, body_bytes);
      state = State::refused;
      return;
    }
    if (state == State::header && parser->is_header_done()) {
      check_header();
      if (state == State::refused) return;
      state = State::body;
    }
    if (parser->is_done()) state = State::done;
  }
}

/// Rules that the parser leaves to us.
void RequestReader::Impl::check_header() {
  const auto& message = parser->get();
  const auto refused = [this](int with, std::string code, std::string text) {
    state = State::refused;
    status = with;
    error = {std::move(code), std::move(text), ErrorKind::usage, {}, {}};
  };
  const bool has_coding = message.count(beast::http::field::transfer_encoding) > 0;
  if (has_coding && (message.version() < 11 || message.count(beast::http::field::content_length) > 0))
    return refused(400, "request.malformed", "a request gives its length by Content-Length or by chunks, never both");
  // Also "gzip, chunked" would be taken by the parser, and the handler would be given bytes it does not expect.
  if (has_coding && !beast::iequals(message[beast::http::field::transfer_encoding], "chunked"))
    return refused(501, "request.transfer_coding", "the only transfer coding taken here is chunked");
  if (message.version() >= 11 && message.count(beast::http::field::host) != 1)
    return refused(400, "request.host", "a request needs exactly one Host header");
  const auto target = parse_target({message.target().data(), message.target().size()});
  if (!target) return refused(400, target.error().code, target.error().message);
  for (const Limits::BodyLimit& one : limits.body_bytes_under)
    if (target->path.starts_with(one.path)) body_bytes = one.bytes;
  parser->body_limit(body_bytes);
  if (const auto length = parser->content_length(); length && *length > body_bytes)
    refused(413, "request.body_too_large", fmt::format("the body is over {} bytes", body_bytes));
}

Request RequestReader::take() {
  auto& message = impl_->parser->get();
  Request request;
  if (!impl_->parser->is_header_done()) return request;
  request.method = text_of(message.method_string());
  request.target = text_of(message.target());
  if (auto target = parse_target(request.target)) {
    request.path = std::move(target->path);
    request.query = std::move(target->query);
  }
  for (const auto& field : message) request.headers.push_back({text_of(field.name_string()), text_of(field.value())});
  request.body = std::move(message.body());
  return request;
}

}  // namespace vigie::http

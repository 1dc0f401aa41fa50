#include "server/http/target.h"

#include <arpa/inet.h>

#include "base/text.h"
#include "base/utf8.h"

namespace vigie::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::unexpected<Error> bad_target(std::string message) {
  return fail(ErrorKind::usage, "request.target", std::move(message));
}

enum class Part { path, query };

Result<std::string> decode(std::string_view text, Part part) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return bad_target(
            fmt::format("\"{}\" in the address: after a % stand two hexadecimal digits", text.substr(i, 3)));
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && part == Part::query) {
      c = ' ';
    }
    // A filter may be written over several lines; a path may not.
    const bool blank = part == Part::query && (c == '\n' || c == '\r' || c == '\t');
    if ((static_cast<unsigned char>(c) < 0x20 && !blank) || c == 0x7F)
      return bad_target("the address holds a control character");
    out += c;
  }
  if (!is_utf8(out)) return bad_target("the address is not UTF-8");
  return out;
}

bool is_ip_address(const std::string& text) {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), address) == 1 || inet_pton(AF_INET6, text.c_str(), address) == 1;
}

/// "[::1]:8080" → "::1", "localhost:8080" → "localhost".
std::string without_port(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    return std::string(end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1));
  }
  return std::string(host.substr(0, host.rfind(':')));
}

}  // namespace

Result<Target> parse_target(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (lower_ascii(target.substr(0, scheme.size())) == scheme) {
      const auto slash = target.find_first_of("/?", scheme.size());
      target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
  target = target.substr(0, target.find('#'));
  if (!target.starts_with('/'))
    return bad_target(fmt::format("\"{}\" is no path; expected one that begins with /", target.substr(0, 80)));

  Target out;
  const auto question_mark = target.find('?');
  VIGIE_TRY(out.path, decode(target.substr(0, question_mark), Part::path));
  if (question_mark == std::string_view::npos) return out;
  for (const std::string& pair : split(target.substr(question_mark + 1), '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    Parameter parameter;
    VIGIE_TRY(parameter.name, decode(std::string_view(pair).substr(0, equals), Part::query));
    if (equals != std::string::npos) {
      VIGIE_TRY(parameter.value, decode(std::string_view(pair).substr(equals + 1), Part::query));
    }
    out.query.push_back(std::move(parameter));
  }
  return out;
}

bool host_is_ours(std::string_view host, const std::vector<std::string>& names) {
  const std::string name = lower_ascii(without_port(host));
  if (name.empty()) return false;
  if (name == "localhost" || name.ends_with(".localhost") || is_ip_address(name)) return true;
  return std::ranges::any_of(names, [&](const std::string& known) { return lower_ascii(known) == name; });
}

}  // namespace vigie::http

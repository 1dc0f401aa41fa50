#include "server/http/content_security.h"

#include <sodium.h>

#include "base/text.h"

namespace vigie::http {
namespace {

std::string sha256_source(std::string_view text) {
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  std::string encoded(sodium_base64_ENCODED_LEN(sizeof digest, sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(encoded.data(), encoded.size(), digest, sizeof digest, sodium_base64_VARIANT_ORIGINAL);
  encoded.resize(encoded.find('\0'));
  return "'sha256-" + encoded + "'";
}

/// " 'sha256-…' …" of every element of that name with text of its own. The page is our own build, so that reading it by
/// its tags is enough.
std::string inline_sources(std::string_view html, std::string_view element) {
  const std::string folded = lower_ascii(html);
  const std::string opening = fmt::format("<{}", element), closing = fmt::format("</{}", element);
  std::string out;
  for (std::size_t at = folded.find(opening); at != std::string::npos; at = folded.find(opening, at + 1)) {
    const auto tag_end = folded.find('>', at);
    if (tag_end == std::string::npos) break;
    const auto end = folded.find(closing, tag_end);
    if (end == std::string::npos) break;
    const std::string_view text = html.substr(tag_end + 1, end - tag_end - 1);
    if (!text.empty()) out += " " + sha256_source(text);
  }
  return out;
}

}  // namespace

std::string content_security_policy(std::string_view html) {
  return fmt::format(
      "default-src 'none'; script-src 'self'{}; style-src 'self'{}; img-src 'self'; font-src 'self'; "
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
      "require-trusted-types-for 'script'; trusted-types svelte-trusted-html",
      inline_sources(html, "script"), inline_sources(html, "style"));
}

const std::vector<Header>& security_headers() {
  static const std::vector<Header> kHeaders = {
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
  };
  return kHeaders;
}

}  // namespace vigie::http

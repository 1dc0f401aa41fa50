#include "server/events/signature.h"

#include <sodium.h>

#include "base/text.h"

namespace vigie::events {
namespace {

using Mac = std::array<unsigned char, crypto_auth_hmacsha256_BYTES>;

Mac mac_of(std::string_view secret, std::initializer_list<std::string_view> pieces) {
  const auto bytes = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes(secret), secret.size());
  for (const std::string_view piece : pieces) crypto_auth_hmacsha256_update(&state, bytes(piece), piece.size());
  Mac out{};
  crypto_auth_hmacsha256_final(&state, out.data());
  return out;
}

bool is_equal(const Mac& mac, std::string_view given, bool is_base64) {
  Mac found{};
  std::size_t size = 0;
  const char* end = nullptr;
  const int read = is_base64
                       ? sodium_base642bin(found.data(), found.size(), given.data(), given.size(), nullptr, &size, &end,
                                           sodium_base64_VARIANT_ORIGINAL)
                       : sodium_hex2bin(found.data(), found.size(), given.data(), given.size(), nullptr, &size, &end);
  return read == 0 && size == found.size() && end == given.data() + given.size() &&
         sodium_memcmp(mac.data(), found.data(), mac.size()) == 0;
}

/// Whether the time that was signed is near enough to now, on either side.
bool is_timely(std::string_view written, std::int64_t micros_each, const Webhook& webhook, Instant now) {
  const auto count = whole_number(written);
  const std::int64_t tolerance = webhook.tolerance.count() * kMicrosPerSecond;
  if (!count || *count < 0 || *count > std::numeric_limits<std::int64_t>::max() / micros_each) return false;
  const std::int64_t at = *count * micros_each;
  return at >= now.micros - tolerance && at <= now.micros + tolerance;
}

bool is_of_stripe(const Webhook& webhook, std::string_view secret, const http::Request& request, Instant now) {
  std::string time;
  std::vector<std::string> signatures;
  for (const std::string& part : split(request.header("Stripe-Signature"), ',')) {
    const std::string_view item = trim(part);
    if (item.starts_with("t=")) time = item.substr(2);
    else if (item.starts_with("v1=")) signatures.emplace_back(item.substr(3));
  }
  if (!is_timely(time, kMicrosPerSecond, webhook, now)) return false;
  // While a secret is replaced there is one for the old and one for the new.
  const Mac mac = mac_of(secret, {time, ".", request.body});
  bool found = false;
  for (const std::string& signature : signatures) found |= is_equal(mac, signature, false);
  return found;
}

bool is_of_hubspot(const Webhook& webhook, std::string_view secret, const http::Request& request, Instant now) {
  const std::string_view time = request.header("X-HubSpot-Request-Timestamp");
  return is_timely(time, 1'000, webhook, now) &&
         is_equal(mac_of(secret, {request.method, webhook.url, request.body, time}),
                  trim(request.header("X-HubSpot-Signature-v3")), true);
}

bool is_of_header(const Webhook& webhook, std::string_view secret, const http::Request& request, Instant now) {
  std::string_view given = trim(request.header(webhook.header));
  if (!given.starts_with(webhook.prefix)) return false;
  given.remove_prefix(webhook.prefix.size());
  if (webhook.timestamp_header.empty()) return is_equal(mac_of(secret, {request.body}), given, webhook.is_base64);
  const std::string_view time = request.header(webhook.timestamp_header);
  return is_timely(time, kMicrosPerSecond, webhook, now) &&
         is_equal(mac_of(secret, {time, ".", request.body}), given, webhook.is_base64);
}

}  // namespace

bool is_signed(const Webhook& webhook, std::string_view secret, const http::Request& request, Instant now) {
  switch (webhook.scheme) {
    case Scheme::stripe: return is_of_stripe(webhook, secret, request, now);
    case Scheme::hubspot: return is_of_hubspot(webhook, secret, request, now);
    case Scheme::shopify:
    case Scheme::hmac: return is_of_header(webhook, secret, request, now);
  }
  return false;
}

}  // namespace vigie::events

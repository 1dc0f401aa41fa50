#include "base/keyed_digest.h"

#include <sodium.h>

#include <array>
#include <vector>

namespace vigie {
namespace {

std::string hex_of(const unsigned char* bytes, std::size_t count) {
  std::string out(2 * count + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes, count);
  out.pop_back();
  return out;
}

}  // namespace

std::string keyed_digest(std::string_view secret, std::initializer_list<std::string_view> pieces) {
  const auto bytes = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes(secret), secret.size());
  for (const std::string_view piece : pieces) crypto_auth_hmacsha256_update(&state, bytes(piece), piece.size());
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> out{};
  crypto_auth_hmacsha256_final(&state, out.data());
  return hex_of(out.data(), out.size());
}

std::string random_hex(std::size_t bytes) {
  std::vector<unsigned char> out(bytes);
  randombytes_buf(out.data(), out.size());
  return hex_of(out.data(), out.size());
}

}  // namespace vigie

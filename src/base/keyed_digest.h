#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

namespace vigie {

/// HMAC-SHA256 of the pieces, one after another, in hex: what nobody can make, or try guesses against, without the
/// secret.
std::string keyed_digest(std::string_view secret, std::initializer_list<std::string_view> pieces);

/// So many bytes that nobody can guess, in hex.
std::string random_hex(std::size_t bytes);

}  // namespace vigie

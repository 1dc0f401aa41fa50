#pragma once
#include "server/http/message.h"

namespace vigie::http {

enum class Encoding { identity, gzip, brotli };
std::string_view name_of(Encoding encoding);  ///< "br", "gzip", ""

/// The encodings an Accept-Encoding header allows, the one to take first; respects q-values, `*` and `identity`. Never
/// empty: identity closes it.
std::vector<Encoding> accepted_encodings(std::string_view accept_encoding);

std::string encode(std::string_view bytes, Encoding encoding);

/// Compresses a JSON or text answer over kSmallestCompressed bytes when the client takes it, and names what it varies
/// by.
Response compressed(Response response, const Request& request);
constexpr std::size_t kSmallestCompressed = 1024;

}  // namespace vigie::http

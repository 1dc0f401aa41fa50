#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.h"

namespace vigie::http {

/// The Content-Security-Policy of a page: nothing but what this server serves, and the page's own inline scripts and
/// styles, each by the SHA-256 of its text, so that no injected one runs.
std::string content_security_policy(std::string_view html);

/// What every answer carries, whoever made it: no sniffing, no framing, no reading from other origins.
const std::vector<Header>& security_headers();

}  // namespace vigie::http

#pragma once
#include "base/result.h"
#include "server/http/message.h"

namespace vigie::http {

struct Target {
  std::string path;
  std::vector<Parameter> query;
};

/// Splits and decodes the target of a request line: "/api/v1/kpis/revenue?by=channel%2Ccountry". Also takes the
/// absolute form ("http://host/path"). A "+" in the query is a blank.
///
/// Fails with `request.target` on anything but a path, a broken "%" escape, a control character, or bytes that are not
/// UTF-8.
Result<Target> parse_target(std::string_view target);

/// Whether a Host header names this machine or an address, and not a name that somebody else's DNS may point here:
/// an IP address, localhost, *.localhost, or one of `names`; with any port. This is what stops DNS rebinding.
bool host_is_ours(std::string_view host, const std::vector<std::string>& names);

}  // namespace vigie::http

#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace vigie::api {

/// A name that an object of a JSON text has twice, of which the last would count, and how far the text was read then.
struct RepeatedName {
  std::string name;
  std::size_t offset = 0;
};

/// Of a text that is JSON; nothing: no object has a name twice.
std::optional<RepeatedName> repeated_name(std::string_view body, std::size_t deepest);

}  // namespace vigie::api

#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie::ingest {

/// The member of that name of a JSON object, as text: strings without their quotes and escapes, numbers digit by digit
/// as they are written (a reader that goes through doubles would change the 17th), true and false, objects and lists as
/// their JSON. Empty for null and for members that are not there. `object` must be valid JSON (the engine has checked
/// it).
std::optional<std::string> json_member(std::string_view object, std::string_view name);

/// All of its members in their order, as texts by the same rules; empty for null.
std::vector<std::pair<std::string, std::string>> json_members(std::string_view object);

}  // namespace vigie::ingest

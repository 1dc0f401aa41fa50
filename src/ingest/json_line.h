#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace vigie::ingest {

/// The member of that name of a JSON object, as text: strings without their quotes and escapes, numbers digit by digit
/// as they are written (a reader that goes through doubles would change the 17th), true and false, objects and lists as
/// their JSON. Empty for null and for members that are not there. `object` must be valid JSON (the engine has checked
/// it).
std::optional<std::string> json_member(std::string_view object, std::string_view name);

}  // namespace vigie::ingest

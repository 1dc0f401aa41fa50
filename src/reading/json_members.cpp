#include <algorithm>
#include <set>

#include "base/json_text.h"
#include "reading/cell_value.h"
#include "reading/json_records.h"

namespace vigie::reading {
namespace {

bool holds_objects(std::string_view list) {
  bool quoted = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (quoted && list[i] == '\\') ++i;
    else if (list[i] == '"') quoted = !quoted;
    else if (!quoted && list[i] == '{') return true;
  }
  return false;
}

Cell cell_of_json(std::string_view value) {
  switch (json_type(value)) {
    case JsonType::null: return {};
    case JsonType::boolean: return {std::string(value), CellKind::boolean};
    case JsonType::number: {
      // Its digits as they are written; only an exponent is worked out.
      const bool plain = value.find_first_of("eE") == std::string_view::npos;
      return {plain ? std::string(value) : plain_number(value).value_or(std::string(value)), CellKind::number};
    }
    case JsonType::list: return {json_compact(value), CellKind::text};
    case JsonType::text:
    case JsonType::object: break;
  }
  std::string text = json_as_text(value);
  return text.empty() ? Cell{} : Cell{std::move(text), CellKind::text};
}

/// Members of objects within come under "a.b".
void flatten(std::string_view object, const std::string& path, std::vector<JsonMember>& out) {
  for (JsonMembers members(object); members.next();) {
    std::string name = path.empty() ? members.name() : path + "." + members.name();
    const JsonType type = json_type(members.value());
    if (type == JsonType::object) {
      flatten(members.value(), name, out);
      continue;
    }
    const bool is_list = type == JsonType::list;
    out.push_back({std::move(name), cell_of_json(members.value()), is_list, is_list && holds_objects(members.value())});
  }
}

}  // namespace

Result<> check_record(const JsonElement& element, const std::string& shown, const std::string& file) {
  if (const auto fault = json_fault(element.text)) {
    const auto end = element.text.begin() + static_cast<std::ptrdiff_t>(std::min(fault->at, element.text.size()));
    return fail(ErrorKind::data, "json.damaged",
                fmt::format("line {} of {} is no JSON: {}", element.line + std::count(element.text.begin(), end, '\n'),
                            shown, fault->what),
                {file}, "fetch it, or export it, again");
  }
  if (json_type(element.text) != JsonType::object)
    return fail(ErrorKind::data, "json.not_object",
                fmt::format("line {} of {} holds a value that is no object", element.line, shown), {file},
                "records are objects: [{…}, {…}], or one a line");
  return {};
}

Result<std::vector<JsonMember>> flat_members(const JsonElement& element, const std::string& shown,
                                             const std::string& file) {
  VIGIE_CHECK(check_record(element, shown, file));
  std::vector<JsonMember> out;
  flatten(element.text, "", out);
  std::set<std::string_view> names;
  for (const JsonMember& member : out)
    if (!names.insert(member.name).second)
      return fail(ErrorKind::data, "json.twice",
                  fmt::format("the object in line {} of {} holds \"{}\" twice", element.line, shown, member.name),
                  {file}, "give each member a name of its own");
  return out;
}

}  // namespace vigie::reading

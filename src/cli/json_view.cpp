#include "cli/json_view.h"

#include "cli/render.h"

namespace vigie::cli {

namespace json = boost::json;

const json::value& at(const json::value& from, std::string_view key) {
  static const json::value kNone;
  const json::object* object = from.if_object();
  const json::value* found = object ? object->if_contains(key) : nullptr;
  return found ? *found : kNone;
}

std::string text_of(const json::value& value) { return value.is_string() ? std::string(value.as_string()) : std::string(); }

std::string text_at(const json::value& from, std::string_view key) { return text_of(at(from, key)); }

std::string words_at(const json::value& from, std::string_view key) {
  return text_at(at(from, key), language() == Language::fr ? "fr" : "en");
}

std::optional<double> number_at(const json::value& from, std::string_view key) {
  const json::value& value = at(from, key);
  return value.is_number() ? std::optional(value.to_number<double>()) : std::nullopt;
}

bool flag_at(const json::value& from, std::string_view key) {
  const json::value& value = at(from, key);
  return value.is_bool() && value.as_bool();
}

const json::array& list_at(const json::value& from, std::string_view key) {
  static const json::array kNone;
  const json::value& value = at(from, key);
  return value.is_array() ? value.as_array() : kNone;
}

Result<json::value> parsed(std::string_view body) {
  boost::system::error_code problem;
  json::value out = json::parse(json::string_view(body.data(), body.size()), problem);
  if (problem)
    return fail(ErrorKind::unavailable, "server.answer", fmt::format("the running server's answer was not understood: {}", problem.message()), {},
                "stop it and start this version");
  return out;
}

}  // namespace vigie::cli

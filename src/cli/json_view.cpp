#include "cli/json_view.h"

#include <boost/json/basic_parser_impl.hpp>
#include <charconv>

#include "cli/render.h"

namespace vigie::cli {

namespace json = boost::json;

const json::value& at(const json::value& from, std::string_view key) {
  static const json::value kNone;
  const json::object* object = from.if_object();
  const json::value* found = object ? object->if_contains(key) : nullptr;
  return found ? *found : kNone;
}

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : std::string();
}

std::string text_at(const json::value& from, std::string_view key) { return text_of(at(from, key)); }

std::string to_the_second(std::string instant) {
  const std::size_t fraction = instant.find('.');
  return fraction == std::string::npos ? instant : instant.substr(0, fraction) + "Z";
}

std::string instant_at(const json::value& from, std::string_view key) { return to_the_second(text_at(from, key)); }

std::string words_at(const json::value& from, std::string_view key) {
  return text_at(at(from, key), french() ? "fr" : "en");
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

namespace {

/// Builds the value as the library does, but for numbers: those of Boost 1.81 may be off in their last digit, and a
/// figure that came over a socket is the one that was sent.
class ExactHandler {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1), max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1), max_string_size = std::size_t(-1);
  using Code = boost::system::error_code;
  using View = json::string_view;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return true; }
  bool on_array_begin(Code&) { return true; }
  bool on_object_end(std::size_t count, Code&) { return stack_.push_object(count), true; }
  bool on_array_end(std::size_t count, Code&) { return stack_.push_array(count), true; }
  bool on_key_part(View text, std::size_t, Code&) { return stack_.push_chars(text), true; }
  bool on_key(View text, std::size_t, Code&) { return stack_.push_key(text), true; }
  bool on_string_part(View text, std::size_t, Code&) { return stack_.push_chars(text), true; }
  bool on_string(View text, std::size_t, Code&) { return stack_.push_string(text), true; }
  bool on_number_part(View text, Code&) { return number_.append(text.data(), text.size()), true; }
  bool on_int64(std::int64_t value, View, Code&) { return number_.clear(), stack_.push_int64(value), true; }
  bool on_uint64(std::uint64_t value, View, Code&) { return number_.clear(), stack_.push_uint64(value), true; }
  bool on_double(double value, View text, Code&) {
    number_.append(text.data(), text.size());
    std::from_chars(number_.data(), number_.data() + number_.size(), value);
    return number_.clear(), stack_.push_double(value), true;
  }
  bool on_bool(bool value, Code&) { return stack_.push_bool(value), true; }
  bool on_null(Code&) { return stack_.push_null(), true; }
  bool on_comment_part(View, Code&) { return true; }
  bool on_comment(View, Code&) { return true; }

  void begin() { stack_.reset(); }
  json::value release() { return stack_.release(); }

 private:
  json::value_stack stack_;
  std::string number_;
};

}  // namespace

Result<json::value> parsed(std::string_view body) {
  boost::system::error_code problem;
  json::basic_parser<ExactHandler> parser{json::parse_options()};
  parser.handler().begin();
  const std::size_t read = parser.write_some(false, body.data(), body.size(), problem);
  if (!problem && read < body.size() && body.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
    problem = json::error::extra_data;
  if (problem)
    return fail(ErrorKind::unavailable, "server.answer",
                fmt::format("the running server's answer was not understood: {}", problem.message()), {},
                "stop it and start this version");
  return parser.handler().release();
}

}  // namespace vigie::cli

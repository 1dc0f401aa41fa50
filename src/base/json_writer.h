#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vigie {

/// Writes JSON straight into a string: numbers by std::to_chars (shortest form that reads back the same), text escaped,
/// commas kept by the writer. Not checked for balance except by assertions: the callers are our own code.
///
///   JsonWriter w(out);
///   w.begin_object().key("value").number(0.05).key("reason").null().end_object();
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& number(double value);  ///< not finite: null
  JsonWriter& number(std::int64_t value);
  JsonWriter& number(int value) { return number(static_cast<std::int64_t>(value)); }
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  template <class Number>
  JsonWriter& number_or_null(const std::optional<Number>& value) {
    return value ? number(*value) : null();
  }
  JsonWriter& text_or_null(const std::optional<std::string>& value) { return value ? text(*value) : null(); }
  JsonWriter& raw(std::string_view json);  ///< a value already written

 private:
  void before_value();
  std::string& out_;
  bool comma_ = false;
};

}  // namespace vigie

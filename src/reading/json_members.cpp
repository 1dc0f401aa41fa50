#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <set>

#include "base/json_writer.h"
#include "reading/cell_value.h"
#include "reading/json_records.h"

namespace vigie::reading {
namespace {

namespace json = boost::json;
using JsonError = json::error_code;
using JsonText = json::string_view;

/// Told of each thing in a JSON text by Boost's parser; makes members of them. Within a list all is written as JSON
/// again.
class MemberHandler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  std::vector<JsonMember> members;
  std::string twice;  ///< a name that stands twice
  bool is_object = false;

  bool on_document_begin(JsonError&) { return true; }
  bool on_document_end(JsonError&) { return true; }
  bool on_object_begin(JsonError&) {
    if (lists_ > 0) {
      writer_.begin_object();
      has_objects_ = true;
    } else {
      is_object = is_object || path_.empty();
      path_.push_back(key_.empty() && path_.empty() ? "" : path_.size() == 1 ? key_ : path_.back() + "." + key_);
    }
    return true;
  }
  bool on_object_end(std::size_t, JsonError&) {
    if (lists_ > 0) {
      writer_.end_object();
    } else {
      path_.pop_back();
    }
    return true;
  }
  bool on_array_begin(JsonError&) {
    if (lists_++ == 0) {
      list_.clear();
      has_objects_ = false;
    }
    writer_.begin_array();
    return true;
  }
  bool on_array_end(std::size_t, JsonError&) {
    writer_.end_array();
    if (--lists_ == 0) add({list_, CellKind::text}, true);
    return true;
  }
  bool on_key_part(JsonText part, std::size_t, JsonError&) {
    part_ += part;
    return true;
  }
  bool on_key(JsonText part, std::size_t, JsonError&) {
    part_ += part;
    if (lists_ > 0) writer_.key(part_);
    else key_ = part_;
    part_.clear();
    return true;
  }
  bool on_string_part(JsonText part, std::size_t, JsonError&) {
    part_ += part;
    return true;
  }
  bool on_string(JsonText part, std::size_t, JsonError&) {
    part_ += part;
    if (lists_ > 0) writer_.text(part_);
    else add({part_, part_.empty() ? CellKind::empty : CellKind::text}, false);
    part_.clear();
    return true;
  }
  bool on_number_part(JsonText part, JsonError&) {
    part_ += part;
    return true;
  }
  bool on_int64(std::int64_t, JsonText part, JsonError&) { return number(part); }
  bool on_uint64(std::uint64_t, JsonText part, JsonError&) { return number(part); }
  bool on_double(double, JsonText part, JsonError&) { return number(part); }
  bool on_bool(bool value, JsonError&) {
    if (lists_ > 0) writer_.boolean(value);
    else add({value ? "true" : "false", CellKind::boolean}, false);
    return true;
  }
  bool on_null(JsonError&) {
    if (lists_ > 0) writer_.null();
    else add({}, false);
    return true;
  }
  bool on_comment_part(JsonText, JsonError&) { return true; }
  bool on_comment(JsonText, JsonError&) { return true; }

 private:
  bool number(JsonText part) {
    part_ += part;
    if (lists_ > 0) {
      writer_.raw(part_);
    } else {
      // Its digits as they are written; only an exponent is worked out.
      const bool plain = part_.find_first_of("eE") == std::string::npos;
      add({plain ? part_ : plain_number(part_).value_or(part_), CellKind::number}, false);
    }
    part_.clear();
    return true;
  }
  void add(Cell cell, bool is_list) {
    if (path_.empty()) return;  // the text is no object
    std::string name = path_.size() == 1 ? key_ : path_.back() + "." + key_;
    if (!names_.insert(name).second) twice = name;
    members.push_back({std::move(name), std::move(cell), is_list, is_list && has_objects_});
  }

  std::vector<std::string> path_;  ///< of the objects that are open, the first ""
  std::set<std::string> names_;
  std::string key_, part_, list_;
  JsonWriter writer_{list_};
  int lists_ = 0;
  bool has_objects_ = false;
};

}  // namespace

Result<std::vector<JsonMember>> json_members(const JsonElement& element, const std::string& shown,
                                             const std::string& file) {
  json::basic_parser<MemberHandler> parser{json::parse_options{}};
  JsonError wrong;
  const std::size_t read = parser.write_some(false, element.text.data(), element.text.size(), wrong);
  if (wrong || read < element.text.size()) {
    const auto end = element.text.begin() + static_cast<std::ptrdiff_t>(std::min(read, element.text.size()));
    const std::int64_t line = element.line + std::count(element.text.begin(), end, '\n');
    return fail(
        ErrorKind::data, "json.damaged",
        fmt::format("line {} of {} is no JSON: {}", line, shown, wrong ? wrong.message() : "more than one value"),
        {file}, "fetch it, or export it, again");
  }
  MemberHandler& handler = parser.handler();
  if (!handler.is_object)
    return fail(ErrorKind::data, "json.not_object",
                fmt::format("line {} of {} holds a value that is no object", element.line, shown), {file},
                "records are objects: [{…}, {…}], or one a line");
  if (!handler.twice.empty())
    return fail(ErrorKind::data, "json.twice",
                fmt::format("the object in line {} of {} holds \"{}\" twice", element.line, shown, handler.twice),
                {file}, "give each member a name of its own");
  return std::move(handler.members);
}

}  // namespace vigie::reading

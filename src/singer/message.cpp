#include "singer/message.h"

#include <boost/json.hpp>

#include "base/json_text.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace vigie::singer {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepest = 256, kShown = 80;

/// What stands there, so that a person finds it, cut where it is long; not in the middle of a letter.
std::string shown(std::string_view line) {
  if (line.size() <= kShown) return std::string(line);
  std::size_t end = kShown;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  return std::string(line.substr(0, end)) + "…";
}

std::unexpected<Error> wrong(std::string code, std::string message, std::string hint) {
  return fail(ErrorKind::data, std::move(code), std::move(message), {}, std::move(hint));
}

std::string text_in(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains(name);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::unexpected<Error> lacks(std::int64_t number, std::string_view type, std::string_view member) {
  return wrong("singer.member", fmt::format("line {}: {} without \"{}\"", number, type, member),
               "the tap does not keep to Singer's specification: update it, or mend what stands before it in the pipe");
}

/// Names and times hold no control characters; where one does, it stands between fields no more.
std::string plain(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return text;
}

/// As it stands in the line, but for blanks that a line cannot hold.
std::string raw_member(std::string_view line, std::string_view name) {
  std::string out = json_member(line, name).value_or("");
  std::ranges::replace(out, '\r', ' ');
  return out;
}

Result<Message> read_schema(const json::object& root, Message out, std::int64_t number) {
  const json::value* schema = root.if_contains("schema");
  if (schema == nullptr || !schema->is_object()) return lacks(number, "SCHEMA", "schema");
  if (const json::value* keys = root.if_contains("key_properties"); keys != nullptr && keys->is_array())
    for (const json::value& key : keys->get_array()) {
      // A key within an object is written as the path to it by some taps; no loader reads those.
      if (!key.is_string())
        return wrong("singer.member",
                     fmt::format("line {}: key_properties of {} is no list of names", number, out.stream),
                     "the tap does not keep to Singer's specification: update it");
      out.keys.emplace_back(key.get_string());
    }
  return out;
}

bool is_number(const json::value& column) {
  const json::object* object = column.if_object();
  const json::value* type = object == nullptr ? nullptr : object->if_contains("type");
  if (type == nullptr) return false;
  const auto counts = [](const json::value& one) {
    return one.is_string() && (one.get_string() == "integer" || one.get_string() == "number");
  };
  if (!type->is_array()) return counts(*type);
  const auto may_be_null = [](const json::value& one) { return one.is_string() && one.get_string() == "null"; };
  return std::ranges::any_of(type->get_array(), counts) &&
         std::ranges::all_of(type->get_array(),
                             [&](const json::value& one) { return counts(one) || may_be_null(one); });
}

const json::object* properties_of(const json::value& schema) {
  const json::object* object = schema.if_object();
  const json::value* properties = object == nullptr ? nullptr : object->if_contains("properties");
  return properties == nullptr ? nullptr : properties->if_object();
}

json::value sample(const json::value& schema, std::size_t depth) {
  const json::object* properties = properties_of(schema);
  if (properties == nullptr || depth > kDeepest) return "x";
  json::object out;
  for (const auto& member : *properties) out[member.key()] = sample(member.value(), depth + 1);
  return out;
}

json::value parsed_schema(std::string_view schema) {
  json::parse_options options;
  options.max_depth = kDeepest;
  boost::system::error_code ignored;  // parse_message has read it
  return json::parse(schema, ignored, {}, options);
}

}  // namespace

Result<Message> parse_message(std::string_view line, std::int64_t number) {
  json::parse_options options;
  options.max_depth = kDeepest;
  boost::system::error_code problem;
  const json::value value = json::parse(line, problem, {}, options);
  const json::object* root = problem ? nullptr : value.if_object();
  if (root == nullptr)
    return wrong(
        "singer.line", fmt::format("line {} is no message of Singer: {}", number, shown(trim(line))),
        "only messages may come on a tap's standard output, one JSON object a line: let it log to standard error");
  Message out;
  const std::string type = text_in(*root, "type");
  out.stream = plain(text_in(*root, "stream"));
  if (type == "BATCH")
    return wrong("singer.batch",
                 fmt::format("line {}: the tap sends the records of {} as files (BATCH), and they are not read", number,
                             out.stream),
                 "take batch_config out of the settings of the tap: then it sends RECORD messages");
  if (type == "STATE") {
    out.type = Message::Type::state;
    if (!root->contains("value")) return lacks(number, type, "value");
    out.json = raw_member(line, "value");
    if (out.json.empty()) out.json = "{}";  // null: nothing is remembered
    return out;
  }
  if (type != "SCHEMA" && type != "RECORD" && type != "ACTIVATE_VERSION")
    return wrong("singer.type", fmt::format("line {}: unknown message \"{}\"", number, type),
                 "known: SCHEMA, RECORD, STATE, ACTIVATE_VERSION");
  if (out.stream.empty()) return lacks(number, type, "stream");
  if (const json::value* version = root->if_contains("version"); version != nullptr && version->is_int64())
    out.version = version->get_int64();
  if (type == "ACTIVATE_VERSION") {
    out.type = Message::Type::activate_version;
    return out.version ? Result<Message>(std::move(out)) : lacks(number, type, "version");
  }
  out.json = raw_member(line, type == "SCHEMA" ? "schema" : "record");
  if (type == "SCHEMA") {
    out.type = Message::Type::schema;
    return read_schema(*root, std::move(out), number);
  }
  const json::value* record = root->if_contains("record");
  if (record == nullptr || !record->is_object()) return lacks(number, type, "record");
  out.time_extracted = plain(text_in(*root, "time_extracted"));
  return out;
}

std::vector<SchemaColumn> columns_of(std::string_view schema) {
  std::vector<SchemaColumn> out;
  const json::value root = parsed_schema(schema);
  if (const json::object* properties = properties_of(root))
    for (const auto& member : *properties) out.push_back({std::string(member.key()), is_number(member.value())});
  return out;
}

std::string sample_of(std::string_view schema) {
  const json::value root = parsed_schema(schema);
  return properties_of(root) == nullptr ? std::string("{}") : json::serialize(sample(root, 0));
}

std::string key_of(std::string_view record, const std::vector<std::string>& keys) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_array();
  for (const std::string& key : keys) {
    const auto value = json_member(record, key);
    if (!value) return {};
    writer.text(*value);
  }
  writer.end_array();
  return out;
}

}  // namespace vigie::singer

#include "server/api/question_json.h"

#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "base/json_writer.h"
#include "base/text.h"
#include "server/api/names_once.h"

namespace vigie::api {
namespace {

namespace json = boost::json;

std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

std::unexpected<Error> wrong_type(const std::string& place, std::string_view expected, const json::value& found) {
  return fail(ErrorKind::usage, "question.type",
              fmt::format("{}: found {}, expected {}", place, view(json::to_string(found.kind())), expected));
}

SourcePosition position(std::string_view body, std::size_t offset) {
  const std::string_view before = body.substr(0, offset);
  const auto line_start = before.rfind('\n');
  return {"body", static_cast<int>(std::ranges::count(before, '\n')) + 1,
          static_cast<int>(before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1)) + 1};
}

Result<json::value> parse(std::string_view body) {
  json::parse_options options;
  options.max_depth = kDeepestJson;
  json::parser parser({}, options);
  json::error_code error;
  const std::size_t read = parser.write_some(body.data(), body.size(), error);
  if (!error && read < body.size()) error = json::error::extra_data;
  if (error)
    return fail(ErrorKind::usage, "json.invalid", fmt::format("the body is no JSON: {}", error.message()),
                position(body, read));
  if (const auto twice = repeated_name(body, kDeepestJson))
    return fail(ErrorKind::usage, "question.repeated", fmt::format("the field \"{}\" is given twice", twice->name),
                position(body, twice->offset));
  return parser.release();
}

/// The fewest digits that are this number, without an exponent: no reader of ours takes "1e-07".
std::string plain(double number) {
  std::array<char, 512> digits{};  // the longest has some 330
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed).ptr;
  return {digits.data(), end};
}

/// A text, or a number or truth value in its shortest form; nothing else.
Result<std::string> scalar(const std::string& place, const json::value& value) {
  if (const json::string* text = value.if_string()) {
    if (text->size() <= kLongestText) return std::string(view(*text));
    return fail(ErrorKind::usage, "question.type", fmt::format("{}: the text is over {} bytes", place, kLongestText));
  }
  if (const double* number = value.if_double()) return plain(*number);
  if (value.is_number() || value.is_bool()) return json::serialize(value);
  return wrong_type(place, "a text or a number", value);
}

/// A list of texts, joined as a query string would have it; one text stands for itself.
Result<std::string> list(const std::string& place, const json::value& value) {
  const json::array* items = value.if_array();
  if (!items) return scalar(place, value);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string item_place = fmt::format("{}[{}]", place, i);
    VIGIE_TRY(std::string text, scalar(item_place, (*items)[i]));
    if (text.empty() || text.find(',') != std::string::npos)
      return fail(ErrorKind::usage, "question.type",
                  fmt::format("{}: \"{}\" is no name: it is empty or holds a comma", item_place, text));
    texts.push_back(std::move(text));
  }
  return join(texts, ",");
}

Result<Fields> question(const std::string& place, const json::value& value) {
  const json::object* object = value.if_object();
  if (!object) return wrong_type(place, "an object", value);
  Fields fields;
  for (const auto& member : *object) {
    const std::string name(view(member.key()));
    const std::string field_place = fmt::format("{}.{}", place, name);
    if (member.value().is_null()) continue;
    if (name == "params") {
      const json::object* params = member.value().if_object();
      if (!params) return wrong_type(field_place, "an object of names and values", member.value());
      for (const auto& param : *params) {
        const std::string param_name(view(param.key()));
        VIGIE_TRY(std::string text, scalar(fmt::format("{}.{}", field_place, param_name), param.value()));
        fields.emplace_back("param." + param_name, std::move(text));
      }
      continue;
    }
    VIGIE_TRY(std::string text, name == "by" || name == "compare" ? list(field_place, member.value())
                                                                  : scalar(field_place, member.value()));
    // A field that is there but empty says the same as one that is not.
    if (!text.empty()) fields.emplace_back(name, std::move(text));
  }
  return fields;
}

Result<std::string> text_of(const json::value& value, const std::string& place) {
  if (!value.is_string()) return wrong_type(place, "a text", value);
  return scalar(place, value);
}

}  // namespace

Result<std::vector<Result<Fields>>> questions_from_json(std::string_view body) {
  VIGIE_TRY(const json::value root, parse(body));
  const json::object* object = root.if_object();
  if (!object) return wrong_type("body", "an object with \"questions\"", root);
  for (const auto& member : *object)
    if (member.key() != "questions")
      return fail(ErrorKind::usage, "question.unknown_field",
                  fmt::format("unknown field \"{}\" beside \"questions\"", view(member.key())));
  const json::value* questions = object->if_contains("questions");
  if (!questions)
    return fail(ErrorKind::usage, "question.none", "the body holds no \"questions\"", {},
                "send {\"questions\":[{\"kpi\":…}]}");
  const json::array* items = questions->if_array();
  if (!items) return wrong_type("questions", "a list", *questions);
  if (items->empty()) return fail(ErrorKind::usage, "question.none", "\"questions\" is empty");
  if (items->size() > kMostQuestions)
    return fail(ErrorKind::usage, "question.too_many",
                fmt::format("{} questions in one request, at most {}", items->size(), kMostQuestions), {},
                "ask in several requests");
  std::vector<Result<Fields>> out;
  for (std::size_t i = 0; i < items->size(); ++i) out.push_back(question(fmt::format("questions[{}]", i), (*items)[i]));
  return out;
}

std::string questions_to_json(const std::vector<Fields>& questions) {
  std::string out;
  JsonWriter w(out);
  w.begin_object().key("questions").begin_array();
  for (const Fields& fields : questions) {
    w.begin_object();
    for (const auto& [name, text] : fields)
      if (!name.starts_with("param.")) w.key(name).text(text);
    w.key("params").begin_object();
    for (const auto& [name, text] : fields)
      if (name.starts_with("param.")) w.key(name.substr(6)).text(text);
    w.end_object().end_object();
  }
  w.end_array().end_object();
  return out;
}

Result<ImportOrder> import_order_from_json(std::string_view body) {
  VIGIE_TRY(const json::value root, parse(body));
  const json::object* object = root.if_object();
  if (!object) return wrong_type("body", "an object with \"map_file\"", root);
  ImportOrder order;
  for (const auto& member : *object) {
    const json::value& value = member.value();
    if (member.key() == "map_file") {
      VIGIE_TRY(order.map_file, text_of(value, "map_file"));
    } else if (member.key() == "folder") {
      VIGIE_TRY(order.folder, text_of(value, "folder"));
    } else if (member.key() == "files" && value.is_array()) {
      for (const json::value& file : value.get_array()) {
        VIGIE_TRY(std::string path, text_of(file, "files"));
        order.files.push_back(std::move(path));
      }
    } else if (member.key() == "named_files" && value.is_object()) {
      for (const auto& file : value.get_object()) {
        VIGIE_TRY(order.named_files[std::string(view(file.key()))], text_of(file.value(), "named_files"));
      }
    } else {
      return fail(ErrorKind::usage, "question.unknown_field",
                  fmt::format("\"{}\" is not taken here", view(member.key())));
    }
  }
  if (order.map_file.empty()) return fail(ErrorKind::usage, "question.none", "the body names no \"map_file\"");
  return order;
}

std::string import_order_to_json(const ImportOrder& order) {
  std::string out;
  JsonWriter w(out);
  w.begin_object().key("map_file").text(order.map_file);
  if (order.folder) w.key("folder").text(*order.folder);
  w.key("files").begin_array();
  for (const std::string& file : order.files) w.text(file);
  w.end_array().key("named_files").begin_object();
  for (const auto& [name, file] : order.named_files) w.key(name).text(file);
  w.end_object().end_object();
  return out;
}

namespace {

/// An object of names and texts.
Result<Fields> texts_of(const json::value& value, const std::string& place) {
  const json::object* object = value.if_object();
  if (!object) return wrong_type(place, "an object of names and texts", value);
  Fields out;
  for (const auto& member : *object) {
    const std::string name(view(member.key()));
    VIGIE_TRY(std::string text, member.value().is_null() ? Result<std::string>("")
                                                         : scalar(fmt::format("{}.{}", place, name), member.value()));
    out.emplace_back(name, std::move(text));
  }
  return out;
}

}  // namespace

Result<QuarantineOrder> quarantine_order_from_json(std::string_view body) {
  VIGIE_TRY(const json::value root, parse(body.empty() ? "{}" : body));
  const json::object* object = root.if_object();
  if (!object) return wrong_type("body", "an object", root);
  QuarantineOrder order;
  for (const auto& member : *object) {
    const json::value& value = member.value();
    const std::string name(view(member.key()));
    if (name == "ids") {
      VIGIE_TRY(std::string ids, list(name, value));
      order.where.emplace_back(name, std::move(ids));
    } else if (name == "where") {
      VIGIE_TRY(Fields where, texts_of(value, name));
      std::ranges::move(where, std::back_inserter(order.where));
    } else if (name == "set") {
      VIGIE_TRY(order.set, texts_of(value, name));
    } else if (name == "file") {
      VIGIE_TRY(order.file, text_of(value, name));
    } else if (name == "map_file") {
      VIGIE_TRY(order.map_file, text_of(value, name));
    } else if (name == "by") {
      VIGIE_TRY(order.by, text_of(value, name));
    } else if (name == "why") {
      VIGIE_TRY(order.why, text_of(value, name));
    } else {
      return fail(ErrorKind::usage, "question.unknown_field", fmt::format("\"{}\" is not taken here", name));
    }
  }
  return order;
}

std::string quarantine_order_to_json(const QuarantineOrder& order) {
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  for (const auto& [key, fields] : {std::pair("where", &order.where), std::pair("set", &order.set)}) {
    w.key(key).begin_object();
    for (const auto& [name, text] : *fields) w.key(name).text(text);
    w.end_object();
  }
  if (order.file) w.key("file").text(*order.file);
  if (order.map_file) w.key("map_file").text(*order.map_file);
  w.key("by").text(order.by).key("why").text(order.why).end_object();
  return out;
}

Result<EraseOrder> erase_order_from_json(std::string_view body) {
  VIGIE_TRY(const json::value root, parse(body.empty() ? "{}" : body));
  const json::object* object = root.if_object();
  if (!object) return wrong_type("body", "an object", root);
  EraseOrder order;
  for (const auto& member : *object) {
    const json::value& value = member.value();
    const std::string name(view(member.key()));
    if (name == "dry_run") {
      if (!value.is_bool()) return wrong_type(name, "true or false", value);
      order.dry_run = value.get_bool();
      continue;
    }
    std::string* const field = name == "id"       ? &order.id
                               : name == "source" ? &order.source
                               : name == "by"     ? &order.by
                                                  : nullptr;
    if (field == nullptr)
      return fail(ErrorKind::usage, "question.unknown_field", fmt::format("\"{}\" is not taken here", name));
    VIGIE_TRY(*field, text_of(value, name));
  }
  if (order.id.empty())
    return fail(ErrorKind::usage, "erase.unknown", "it is not said which customer is to be erased", {},
                "give its id, as its source calls it");
  return order;
}

std::string erase_order_to_json(const EraseOrder& order) {
  std::string out;
  JsonWriter w(out);
  w.begin_object().key("id").text(order.id).key("source").text(order.source);
  w.key("dry_run").boolean(order.dry_run).key("by").text(order.by).end_object();
  return out;
}

}  // namespace vigie::api

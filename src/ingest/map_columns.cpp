#include <algorithm>

#include "base/text.h"
#include "expr/quantity.h"
#include "ingest/map_reader.h"
#include "model/currency.h"

namespace vigie::ingest {
namespace {

using model::ColumnType;

bool is_attribute_name(std::string_view name) {
  return model::is_attribute(name) && name.size() > 2 && name.size() <= 60 && is_plain_name(name);
}

int scale_of(ColumnType type) { return type == ColumnType::rate ? 8 : type == ColumnType::integer ? 0 : 4; }

}  // namespace

ColumnType type_of(const ColumnMap& column) {
  if (column.column != nullptr) return column.column->type;
  switch (column.attribute) {
    case store::AttributeType::text: return ColumnType::text;
    case store::AttributeType::number: return ColumnType::quantity;
    case store::AttributeType::date: return ColumnType::date;
  }
  return ColumnType::text;
}

Result<std::vector<Named>> ColumnReader::read_names(const YamlNode& node) {
  std::vector<Named> out;
  const auto add = [&](const YamlNode& item) -> Result<> {
    VIGIE_TRY(std::string text, item.as_text());
    if (text.empty()) return item.error("map.value", "the name of an input column is empty");
    out.push_back({std::move(text), item.where()});
    return {};
  };
  if (node.kind() != YamlNode::Kind::sequence) {
    VIGIE_CHECK(add(node));
    return out;
  }
  for (const YamlNode& item : node.items()) VIGIE_CHECK(add(item));
  if (out.empty()) return node.error("map.value", "the list of input columns is empty");
  return out;
}

Result<> ColumnReader::identify(const YamlNode& name, ColumnMap& out) const {
  VIGIE_TRY(out.name, name.as_text());
  out.where = name.where();
  out.column = table_.find(out.name);
  for (const model::Column& common : model_.common_columns())
    if (common.name == out.name) out.column = &common;
  if (out.column != nullptr) return {};
  if (model::is_attribute(out.name)) {
    if (!table_.attributes)
      return name.error("map.unknown_column",
                        fmt::format("{} takes no free attributes such as \"{}\"", table_.name, out.name));
    if (!is_attribute_name(out.name))
      return name.error("map.unknown_column", fmt::format("\"{}\" is not a name for a free attribute", out.name),
                        "x_ and then at most 58 of a-z, 0-9 and _");
    return {};
  }
  std::vector<std::string> known = table_.column_names();
  for (const model::Column& common : model_.common_columns()) known.push_back(common.name);
  known.emplace_back("key");
  std::string hint = suggestion(out.name, known);
  if (table_.attributes && hint.empty())
    hint = fmt::format("a column of your own is called \"x_{}\"", fold_name(out.name));
  if (hint.empty()) hint = "known: " + join(known, ", ");
  return name.error("map.unknown_column", fmt::format("unknown column \"{}\" in {}", out.name, table_.name), hint);
}

Result<ColumnMap> ColumnReader::read(const YamlNode& name, const YamlNode& spec) const {
  ColumnMap out;
  VIGIE_CHECK(identify(name, out));
  out.number = defaults_.number;
  out.date = defaults_.date;
  if (spec.kind() == YamlNode::Kind::mapping) {
    VIGIE_CHECK(read_spec(spec, out));
  } else if (spec.kind() == YamlNode::Kind::sequence) {
    return spec.error(
        "map.option", fmt::format("a list does not say how {} is made of it", out.name),
        fmt::format("{0}: {{from: [a, b]}} takes the first one that is not empty; {0}: {{join: [a, b]}} is a "
                    "key of two columns",
                    out.name));
  } else {
    VIGIE_TRY(out.from, read_names(spec));
  }
  if (out.column != nullptr && out.column->type == ColumnType::date) out.date.date_only = true;
  if (out.column == nullptr && out.attribute == store::AttributeType::date) out.date.date_only = true;
  if (out.constant) VIGIE_CHECK(check_canonical(*spec.find("value"), out, *out.constant));
  if (out.fallback) VIGIE_CHECK(check_canonical(*spec.find("default"), out, *out.fallback));
  return out;
}

Result<> ColumnReader::read_spec(const YamlNode& spec, ColumnMap& out) const {
  VIGIE_CHECK(spec.known_keys({"from",      "join",        "value",       "default", "when",       "as",
                               "values",    "else",        "null_values", "source",  "decimal",    "thousands",
                               "symbols",   "parentheses", "round",       "factor",  "magnitudes", "date_format",
                               "time_zone", "year_pivot",  "plus_days",   "privacy"}));
  VIGIE_CHECK(read_origin(spec, out));
  VIGIE_CHECK(read_attribute_type(spec, out));
  VIGIE_CHECK(check_options(spec, out));
  VIGIE_CHECK(read_number_options(spec, out.number));
  VIGIE_CHECK(read_date_options(spec, out.date));
  if (const YamlNode* nulls = spec.find("null_values")) {
    VIGIE_TRY(out.null_values, nulls->as_texts());
  }
  if (const YamlNode* when = spec.find("when")) {
    VIGIE_TRY(out.when, when->as_text());
    out.when_where = when->where();
  }
  VIGIE_TRY(out.source, spec.text_or("source", ""));
  VIGIE_TRY(out.privacy, read_privacy(spec));
  if (out.privacy != Protection::none) {
    out.privacy_where = spec.find("privacy")->where();
    VIGIE_CHECK(check_protection(spec, out));
  }
  return read_values(spec, out);
}

Result<Protection> ColumnReader::read_privacy(const YamlNode& spec) {
  const YamlNode* node = spec.find("privacy");
  if (node == nullptr) return Protection::none;
  VIGIE_TRY(const std::string text, node->as_text());
  if (text == "hash") return Protection::hash;
  if (text == "personal") return Protection::personal;
  return node->error("map.value", fmt::format("\"{}\" is no way to protect a column", text),
                     "privacy: hash keeps a keyed digest in place of the value; privacy: personal keeps it until the "
                     "person is erased");
}

/// A digest is a text: it can stand where texts and keys do, and nothing is listed of what nobody sees.
Result<> ColumnReader::check_protection(const YamlNode& spec, const ColumnMap& column) {
  const YamlNode& at = *spec.find("privacy");
  const ColumnType type = type_of(column);
  if (column.privacy == Protection::personal) {
    if (column.column == nullptr) return {};
    return at.error("map.option",
                    fmt::format("`privacy: personal` is for free attributes; the model says of {} whether "
                                "it is personal",
                                column.name));
  }
  if ((type != ColumnType::text && type != ColumnType::key) || column.name == "currency")
    return at.error(
        "map.option",
        fmt::format("`privacy: hash` is for texts and keys; {} is {}", column.name,
                    column.name == "currency" ? "a currency" : model::name_of(type)),
        "a digest is no value of that kind: leave the column out, or map it to an x_ attribute that is text");
  for (const char* option : {"values", "else", "value", "default"})
    if (spec.find(option) != nullptr)
      return spec.find(option)->error("map.option", fmt::format("`{}` means nothing beside privacy: hash", option),
                                      "a digest stands for each value, and tells none of them");
  return {};
}

Result<> ColumnReader::read_origin(const YamlNode& spec, ColumnMap& out) const {
  const YamlNode* from = spec.find("from");
  const YamlNode* parts = spec.find("join");
  const YamlNode* value = spec.find("value");
  if ((from != nullptr) + (parts != nullptr) + (value != nullptr) != 1)
    return spec.error("map.option", fmt::format("{} needs exactly one of from, join, value", out.name));
  if (from != nullptr) {
    VIGIE_TRY(out.from, read_names(*from));
  }
  if (parts != nullptr) {
    VIGIE_TRY(out.join, read_names(*parts));
  }
  if (value != nullptr) {
    VIGIE_TRY(out.constant, value->as_text());
  }
  if (const YamlNode* fallback = spec.find("default")) {
    if (value != nullptr) return fallback->error("map.option", "a constant needs no default");
    VIGIE_TRY(out.fallback, fallback->as_text());
  }
  return {};
}

Result<> ColumnReader::read_attribute_type(const YamlNode& spec, ColumnMap& out) const {
  const YamlNode* as = spec.find("as");
  if (as == nullptr) return {};
  VIGIE_TRY(const std::string text, as->as_text());
  if (out.column == nullptr) {
    if (text == "text") out.attribute = store::AttributeType::text;
    else if (text == "number") out.attribute = store::AttributeType::number;
    else if (text == "date") out.attribute = store::AttributeType::date;
    else return as->error("map.value", fmt::format("a free attribute is text, number or date, not \"{}\"", text));
    return {};
  }
  if (!is_time(out.column->type))
    return as->error("map.option", fmt::format("`as` is for instants, dates and free attributes; {} is {}", out.name,
                                               model::name_of(out.column->type)));
  if (text == "date") out.date.date_only = true;
  else if (text != "instant" || out.column->type == ColumnType::date)
    return as->error(
        "map.value",
        fmt::format("\"{}\" does not fit {}, which is {}", text, out.name, model::name_of(out.column->type)),
        "as: date drops the time of day; as: instant keeps it");
  return {};
}

Result<> ColumnReader::check_options(const YamlNode& spec, const ColumnMap& column) const {
  const ColumnType type = type_of(column);
  const auto refuse = [&](std::string_view option, std::string_view what) -> Result<> {
    const YamlNode* node = spec.find(option);
    if (node == nullptr) return {};
    return node->error("map.option",
                       fmt::format("`{}` is for {}; {} is {}", option, what, column.name, model::name_of(type)));
  };
  if (!is_number(type))
    for (const std::string_view option :
         {"decimal", "thousands", "symbols", "parentheses", "round", "factor", "magnitudes"})
      VIGIE_CHECK(refuse(option, "numbers"));
  if (!is_time(type))
    for (const std::string_view option : {"date_format", "time_zone", "year_pivot", "plus_days"})
      VIGIE_CHECK(refuse(option, "instants and dates"));
  if (type != ColumnType::key)
    for (const std::string_view option : {"source", "join"}) VIGIE_CHECK(refuse(option, "references to other rows"));
  if (is_number(type) || is_time(type)) VIGIE_CHECK(refuse("values", "texts, enumerations, yes/no and references"));
  if (spec.find("else") != nullptr && spec.find("values") == nullptr)
    return spec.find("else")->error(
        "map.option", "`else` says what happens to texts that `values` does not list: there is no `values`");
  return {};
}

Result<> ColumnReader::read_values(const YamlNode& spec, ColumnMap& out) const {
  if (const YamlNode* values = spec.find("values")) {
    if (values->kind() != YamlNode::Kind::mapping || values->entries().empty())
      return values->error("map.value", "values is a mapping: text of the source → value of the model");
    for (const auto& [from, to] : values->entries()) {
      VIGIE_TRY(std::string text, from.as_text());
      VIGIE_TRY(std::string value, to.kind() == YamlNode::Kind::null ? Result<std::string>("") : to.as_text());
      if (!value.empty()) VIGIE_CHECK(check_canonical(to, out, value));
      out.values.emplace_back(std::move(text), std::move(value));
    }
  }
  const YamlNode* otherwise = spec.find("else");
  if (otherwise == nullptr) return {};
  if (otherwise->kind() == YamlNode::Kind::null) {
    out.otherwise = Otherwise::null;
    return {};
  }
  VIGIE_TRY(const std::string text, otherwise->as_text());
  if (text == "error") out.otherwise = Otherwise::refuse;
  else if (text == "null" && !otherwise->quoted()) out.otherwise = Otherwise::null;
  else if (text == "keep") out.otherwise = Otherwise::keep;
  else {
    VIGIE_CHECK(check_canonical(*otherwise, out, text));
    out.otherwise = Otherwise::constant;
    out.otherwise_value = text;
  }
  return {};
}

/// A value written in the map itself, before any file is read.
Result<> ColumnReader::check_canonical(const YamlNode& at, const ColumnMap& column, std::string_view value) const {
  const ColumnType type = type_of(column);
  const auto refuse = [&](std::string_view expected, std::string hint) {
    return at.error("map.value", fmt::format("\"{}\" is not {} for {}", value, expected, column.name), std::move(hint));
  };
  if (type == ColumnType::enumeration &&
      std::ranges::find(column.column->values, value) == column.column->values.end()) {
    std::string hint = suggestion(value, column.column->values);
    return refuse("a value", hint.empty() ? "known: " + join(column.column->values, ", ") : hint);
  }
  if (column.column != nullptr && column.name == "currency") {
    const std::string code = model::in_capitals(value);  // as in rows
    if (!expr::looks_like_currency(code))
      return at.error("map.currency", fmt::format("\"{}\" is not a currency", value), model::currency_hint(code));
  }
  if (is_number(type)) {
    if (const Units units = read_number(value, column.number, scale_of(type)); units.fault != Fault::none)
      return refuse("a number", std::string(sentence_of(units.fault)));
  }
  if (is_time(type)) {
    if (const Moment moment = read_moment(value, column.date); moment.fault != Fault::none)
      return refuse("a date", std::string(sentence_of(moment.fault)));
  }
  if (type == ColumnType::boolean && value != "true" && value != "false") return refuse("true or false", "");
  return {};
}

}  // namespace vigie::ingest

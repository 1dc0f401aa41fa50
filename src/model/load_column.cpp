#include <charconv>
#include <set>

#include "base/text.h"
#include "model/load.h"

namespace vigie::model {
namespace {

Result<Decimal> decimal_of(const YamlNode& node) {
  VIGIE_TRY(const std::string text, node.as_text());
  const auto value = Decimal::parse(text);
  if (!value) return node.error("model.range", fmt::format("\"{}\" is not a decimal number", text));
  return *value;
}

Result<> read_range(const YamlNode& node, Column& column) {
  VIGIE_CHECK(node.known_keys({"min", "max"}));
  if (!is_number(column.type)) {
    return node.error("model.range", fmt::format("a column of type {} has no range", name_of(column.type)));
  }
  if (const YamlNode* min = node.find("min")) {
    VIGIE_TRY(column.range.min, decimal_of(*min));
  }
  if (const YamlNode* max = node.find("max")) {
    VIGIE_TRY(column.range.max, decimal_of(*max));
  }
  if (column.range.min && column.range.max && *column.range.min > *column.range.max) {
    return node.error("model.range", "min is above max");
  }
  return {};
}

Result<> read_values(const YamlNode& node, const YamlNode* values, Column& column) {
  if ((values != nullptr) != (column.type == ColumnType::enumeration)) {
    return node.error("model.values",
                      values != nullptr ? "only an enumeration has values" : "an enumeration needs values",
                      "values: [first, second]");
  }
  if (values == nullptr) return {};
  VIGIE_TRY(column.values, values->as_texts());
  std::set<std::string> seen;
  for (const std::string& value : column.values) {
    if (!seen.insert(value).second) return values->error("model.values", fmt::format("\"{}\" stands twice", value));
  }
  return {};
}

bool is_integer(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  return parsed.ec == std::errc{} && parsed.ptr == end;
}

/// A fallback must be a value that the column can hold.
Result<> check_fallback(const YamlNode& node, const Column& column) {
  bool fits = false;
  std::string expected;
  switch (column.type) {
    case ColumnType::text: fits = true; break;
    case ColumnType::enumeration:
      fits = std::ranges::find(column.values, column.fallback) != column.values.end();
      expected = suggestion(column.fallback, column.values);
      break;
    case ColumnType::boolean:
      fits = column.fallback == "true" || column.fallback == "false";
      expected = "true or false";
      break;
    case ColumnType::integer:
      fits = is_integer(column.fallback);
      expected = "a whole number";
      break;
    case ColumnType::quantity:
    case ColumnType::rate:
      fits = Decimal::parse(column.fallback).has_value();
      expected = "a decimal number";
      break;
    case ColumnType::key:
    case ColumnType::instant:
    case ColumnType::date:
    case ColumnType::money: expected = fmt::format("none: a {} is given or unknown", name_of(column.type)); break;
  }
  if (fits) return {};
  return node.error("model.fallback", fmt::format("\"{}\" cannot be the fallback of {}", column.fallback, column.name),
                    expected);
}

Result<ColumnType> read_type(const YamlNode& node) {
  VIGIE_TRY(const YamlNode* type, node.require("type"));
  VIGIE_TRY(const std::string name, type->as_text());
  if (const auto known = column_type(name)) return *known;
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(ColumnType::integer); ++i) {
    names.emplace_back(name_of(static_cast<ColumnType>(i)));
  }
  return type->error("model.type", fmt::format("no column type \"{}\"", name), suggestion(name, names));
}

}  // namespace

Result<> check_name(const YamlNode& node, const std::string& name) {
  if (is_plain_name(name) && name.front() >= 'a' && name.front() <= 'z') return {};
  return node.error("model.name", fmt::format("\"{}\" is not a name", name),
                    "lower-case letters, digits and underscores, a letter first");
}

Result<Column> read_column(const YamlNode& name, const YamlNode& node) {
  Column column;
  VIGIE_TRY(column.name, name.as_text());
  VIGIE_CHECK(check_name(name, column.name));
  VIGIE_CHECK(node.known_keys({"type", "required", "event", "tracked", "references", "values", "fallback", "unit",
                               "range", "personal", "subject", "label", "meaning"}));
  VIGIE_TRY(column.type, read_type(node));
  VIGIE_TRY(column.required, node.bool_or("required", false));
  VIGIE_TRY(column.event, node.bool_or("event", false));
  if (column.event && column.type != ColumnType::instant && column.type != ColumnType::date)
    return node.find("event")->error(
        "model.event", fmt::format("a column of type {} has no day on which something happened", name_of(column.type)));
  VIGIE_TRY(column.tracked, node.bool_or("tracked", false));
  VIGIE_TRY(column.references, node.text_or("references", ""));
  VIGIE_TRY(column.personal, node.bool_or("personal", false));
  VIGIE_TRY(column.subject, node.bool_or("subject", true));
  VIGIE_TRY(column.unit, node.text_or("unit", ""));
  VIGIE_TRY(column.fallback, node.text_or("fallback", ""));
  VIGIE_CHECK(read_values(node, node.find("values"), column));
  if (!column.references.empty() && column.type != ColumnType::key) {
    return node.find("references")->error("model.references", "only a key references a table");
  }
  if (column.personal && column.type != ColumnType::text &&
      (column.type != ColumnType::key || !column.references.empty()))
    return node.find("personal")
        ->error("model.personal", "only texts, and keys that reference no table, are marked as personal",
                "of a table whose rows are persons, say person: true at its head");
  if (const YamlNode* fallback = node.find("fallback")) VIGIE_CHECK(check_fallback(*fallback, column));
  if (const YamlNode* range = node.find("range")) VIGIE_CHECK(read_range(*range, column));
  VIGIE_TRY(const YamlNode* label, node.require("label"));
  VIGIE_TRY(column.label, read_text(*label));
  VIGIE_TRY(const YamlNode* meaning, node.require("meaning"));
  VIGIE_TRY(column.meaning, read_text(*meaning));
  return column;
}

}  // namespace vigie::model

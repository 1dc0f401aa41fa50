#include "base/json_writer.h"
#include "base/text.h"
#include "checks/condition.h"
#include "expr/quantity.h"

namespace vigie::checks {
namespace {

using model::ColumnType;

constexpr std::pair<Kind, std::string_view> kKinds[] = {
    {Kind::not_null, "not_null"},   {Kind::unique, "unique"},           {Kind::in_set, "in_set"},
    {Kind::range, "range"},         {Kind::referential, "referential"}, {Kind::expect, "expect"},
    {Kind::freshness, "freshness"}, {Kind::volume, "volume"},           {Kind::sum, "sum"}};

/// What is said of some kinds of checks alone.
constexpr std::pair<std::string_view, Kind> kOptions[] = {
    {"values", Kind::in_set}, {"min", Kind::range},    {"max", Kind::range},    {"within", Kind::freshness},
    {"last", Kind::volume},   {"least", Kind::volume}, {"times", Kind::volume}, {"equals", Kind::sum},
    {"tolerance", Kind::sum}, {"currency", Kind::sum}, {"over", Kind::sum}};

void write_json(const YamlNode& node, JsonWriter& out) {
  switch (node.kind()) {
    case YamlNode::Kind::mapping:
      out.begin_object();
      for (const auto& [name, value] : node.entries()) out.key(*name.as_text()), write_json(value, out);
      out.end_object();
      return;
    case YamlNode::Kind::sequence:
      out.begin_array();
      for (const YamlNode& item : node.items()) write_json(item, out);
      out.end_array();
      return;
    case YamlNode::Kind::scalar: out.text(*node.as_text()); return;
    case YamlNode::Kind::null: out.null(); return;
  }
}

std::vector<std::string> kind_names() {
  std::vector<std::string> out;
  for (const auto& [kind, name] : kKinds) out.emplace_back(name);
  return out;
}

/// The word that says which check it is, and its node.
Result<std::pair<Kind, const YamlNode*>> read_kind(const YamlNode& entry, const std::vector<std::string>& other_keys) {
  if (entry.kind() != YamlNode::Kind::mapping)
    return entry.error("check.kind", "a check is a mapping: what it looks at, and of which columns",
                       "write \"- not_null: customer_key\"");
  std::vector<std::string> known = kind_names();
  for (const auto& [name, kind] : kOptions) known.emplace_back(name);
  for (const char* name : {"name", "severity", "where"}) known.emplace_back(name);
  known.insert(known.end(), other_keys.begin(), other_keys.end());
  std::optional<std::pair<Kind, const YamlNode*>> out;
  for (const auto& [name, value] : entry.entries()) {
    VIGIE_TRY(const std::string key, name.as_text());
    if (std::ranges::find(known, key) == known.end())
      return name.error("yaml.unknown_key", fmt::format("unknown key \"{}\"", key), suggestion(key, known));
    const auto kind = kind_of(key);
    if (!kind) continue;
    if (out)
      return name.error("check.kind", fmt::format("one check is {} and {}: write two", name_of(out->first), key));
    out = {*kind, &value};
  }
  if (!out)
    return entry.error("check.kind", "nothing says what this check looks at", "one of: " + join(kind_names(), ", "));
  for (const auto& [name, kind] : kOptions)
    if (const YamlNode* of_other = entry.find(name); of_other != nullptr && kind != out->first)
      return of_other->error("check.option", fmt::format("{} means nothing to {}", name, name_of(out->first)));
  return *out;
}

/// A column that a check may look at.
Result<> known_column(const YamlNode& at, const std::string& name, const CheckScope& scope) {
  if (scope.column(name)) return {};
  return at.error("check.column", fmt::format("unknown column \"{}\" in {}", name, scope.subject()),
                  suggestion(name, scope.column_names()));
}

Result<> read_columns(const YamlNode& node, const Subject& subject, Check& out) {
  const CheckScope scope(subject);
  VIGIE_TRY(out.columns, node.as_texts());
  if (out.columns.empty()) return node.error("check.column", "no column is named");
  for (std::size_t i = 0; i < out.columns.size(); ++i)
    VIGIE_CHECK(known_column(node.kind() == YamlNode::Kind::sequence ? node.items()[i] : node, out.columns[i], scope));
  const bool one = out.kind != Kind::not_null && out.kind != Kind::unique;
  if (one && out.columns.size() > 1)
    return node.error("check.column", fmt::format("{} is of one column", name_of(out.kind)), "write a check for each");
  return {};
}

ColumnType type_of(const Subject& subject, const std::string& name) {
  if (const model::Column* column = subject.table.find(name)) return column->type;
  for (const store::Attribute& one : subject.attributes)
    if (one.name == name)
      return one.type == store::AttributeType::number ? ColumnType::quantity
             : one.type == store::AttributeType::date ? ColumnType::date
                                                      : ColumnType::text;
  return ColumnType::text;
}

Result<> read_values(const YamlNode& node, const YamlNode& entry, const Subject& subject, Check& out) {
  const ColumnType type = type_of(subject, out.columns.front());
  if (type != ColumnType::text && type != ColumnType::enumeration && type != ColumnType::integer)
    return node.error("check.column", fmt::format("{} is no text: a set is of texts or whole numbers", out.columns[0]),
                      "say a range, or expect");
  VIGIE_TRY(const YamlNode* values, entry.require("values"));
  VIGIE_TRY(out.values, values->as_texts());
  if (out.values.empty()) return values->error("check.value", "the set is empty: no row could be right");
  const model::Column* column = subject.table.find(out.columns.front());
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    const YamlNode& at = values->kind() == YamlNode::Kind::sequence ? values->items()[i] : *values;
    if (type == ColumnType::integer && !whole_number(out.values[i]))
      return at.error("check.value", fmt::format("\"{}\" is no whole number", out.values[i]));
    if (column != nullptr && type == ColumnType::enumeration &&
        std::ranges::find(column->values, out.values[i]) == column->values.end())
      return at.error("check.value", fmt::format("{} never is \"{}\"", column->name, out.values[i]),
                      suggestion(out.values[i], column->values));
  }
  return {};
}

/// "10000", "10000 EUR".
Result<std::string> read_amount(const YamlNode& node, Check& out) {
  VIGIE_TRY(const std::string text, node.as_text());
  const auto blank = text.find(' ');
  const std::string number = text.substr(0, blank);
  const std::string currency = blank == std::string::npos ? "" : std::string(trim(text.substr(blank)));
  if (!Decimal::parse(number) || (!currency.empty() && !expr::looks_like_currency(currency)))
    return node.error("check.value", fmt::format("\"{}\" is no amount", text), "write 10000, or 10000 EUR");
  if (!currency.empty() && !out.currency.empty() && out.currency != currency)
    return node.error("check.value", fmt::format("one bound is in {}, the other in {}", out.currency, currency),
                      "say both in one currency");
  if (!currency.empty()) out.currency = currency;
  return number;
}

Result<std::string> read_bound(const YamlNode& node, ColumnType type, Check& out) {
  if (type == ColumnType::money) return read_amount(node, out);
  VIGIE_TRY(std::string text, node.as_text());
  const bool time = type == ColumnType::instant || type == ColumnType::date;
  if (time ? !parse_date(text) : !Decimal::parse(text))
    return node.error("check.value",
                      time ? fmt::format("\"{}\" is no date", text) : fmt::format("\"{}\" is no number", text),
                      time ? "write 2025-01-31" : "write 12.5");
  return text;
}

Result<> read_range(const YamlNode& node, const YamlNode& entry, const Subject& subject, Check& out) {
  const ColumnType type = type_of(subject, out.columns.front());
  if (!model::is_number(type) && !model::is_time(type))
    return node.error("check.column", fmt::format("{} is no number and no day: it has no range", out.columns.front()),
                      "say in_set, or expect");
  const YamlNode *min = entry.find("min"), *max = entry.find("max");
  if (min == nullptr && max == nullptr) return entry.error("check.value", "a range has a min, a max, or both");
  if (min != nullptr) {
    VIGIE_TRY(out.min, read_bound(*min, type, out));
  }
  if (max != nullptr) {
    VIGIE_TRY(out.max, read_bound(*max, type, out));
  }
  if (!out.currency.empty() && subject.table.find("currency") == nullptr)
    return (min != nullptr ? min : max)
        ->error("check.value", fmt::format("rows of {} have no currency of their own", subject.table.name),
                "leave the currency out: amounts are in the workspace's");
  if (!out.min || !out.max) return {};
  const bool reversed =
      model::is_time(type) ? *out.max < *out.min : *Decimal::parse(*out.max) < *Decimal::parse(*out.min);
  if (reversed) return max->error("check.value", "the range ends before it begins");
  return {};
}

Result<> read_referential(const YamlNode& node, const Subject& subject, Check& out) {
  const model::Column* column = subject.table.find(out.columns.front());
  if (column != nullptr && column->type == ColumnType::key && !column->references.empty()) {
    out.refers = column->references;
    return {};
  }
  std::vector<std::string> known;
  for (const model::Column& one : subject.table.columns)
    if (!one.references.empty()) known.push_back(one.name);
  return node.error("check.column", fmt::format("{} refers to no table", out.columns.front()),
                    known.empty() ? "" : "known: " + join(known, ", "));
}

/// "2 days", "36 hours", "1 working day".
std::optional<Age> age_of(const std::string& text) {
  const auto blank = text.find(' ');
  const auto number = whole_number(text.substr(0, blank));
  constexpr std::int64_t kMost = 10'000;
  if (!number || *number < 1 || *number > kMost || blank == std::string::npos) return std::nullopt;
  std::string unit(trim(std::string_view(text).substr(blank)));
  if (unit.ends_with('s')) unit.pop_back();
  for (const auto& [name, known] : {std::pair{"hour", Age::Unit::hours}, std::pair{"day", Age::Unit::days},
                                    std::pair{"working day", Age::Unit::working_days}})
    if (unit == name) return Age{*number, known};
  return std::nullopt;
}

Result<> read_freshness(const YamlNode& node, const YamlNode& entry, const Subject& subject, Check& out) {
  if (!model::is_time(type_of(subject, out.columns.front())))
    return node.error("check.column",
                      fmt::format("{} tells no moment: freshness is of a date or an instant", out.columns.front()));
  VIGIE_TRY(const YamlNode* within, entry.require("within"));
  VIGIE_TRY(const std::string text, within->as_text());
  const auto age = age_of(text);
  if (!age)
    return within->error("check.value", fmt::format("\"{}\" is no age", text),
                         "write 36 hours, 2 days or 2 working days");
  out.age = *age;
  return {};
}

Result<> read_volume(const YamlNode& node, const YamlNode& entry, Check& out) {
  VIGIE_TRY(const std::string word, node.as_text());
  if (word != "usual")
    return node.error("check.value", fmt::format("unknown volume \"{}\"", word),
                      "write volume: usual; a batch is compared with those before it");
  VIGIE_TRY(out.usual.last, entry.int_or("last", out.usual.last));
  VIGIE_TRY(out.usual.least, entry.int_or("least", out.usual.least));
  if (const YamlNode* times = entry.find("times")) {
    VIGIE_TRY(out.usual.times, times->as_double());
    if (!(out.usual.times >= 1) || out.usual.times > 100) return times->error("check.value", "times is from 1 to 100");
  }
  if (out.usual.least < 3 || out.usual.last < out.usual.least || out.usual.last > 1000)
    return (entry.find("least") != nullptr ? entry.find("least") : entry.find("last"))
        ->error("check.value", "least is 3 or more, and last is least or more, at most 1000");
  return {};
}

Result<> read_control(const YamlNode& node, const Subject& subject, Check& out) {
  if (node.kind() == YamlNode::Kind::scalar) {
    VIGIE_TRY(out.control.number, node.as_decimal());
    return {};
  }
  if (node.find("input") != nullptr) {
    VIGIE_CHECK(node.known_keys({"input", "column"}));
    VIGIE_CHECK(node.require("column"));
    out.control.file = node;
    out.of_batch = true;
    return {};
  }
  VIGIE_CHECK(node.known_keys({"table", "sum", "where"}));
  VIGIE_TRY(const YamlNode* table, node.require("table"));
  VIGIE_TRY(out.control.table, table->as_text());
  const model::Table* other = subject.model.table(out.control.table);
  if (other == nullptr)
    return table->error("check.value", fmt::format("unknown table \"{}\"", out.control.table),
                        suggestion(out.control.table, subject.model.table_names()));
  out.refers = out.control.table;
  VIGIE_TRY(const YamlNode* column, node.require("sum"));
  VIGIE_TRY(out.control.column, column->as_text());
  const Subject of_other{subject.model, *other};
  VIGIE_CHECK(known_column(*column, out.control.column, CheckScope(of_other)));
  if (!model::is_number(type_of(of_other, out.control.column)))
    return column->error("check.column", fmt::format("{} is no number: it has no sum", out.control.column));
  if (const YamlNode* where = node.find("where")) {
    VIGIE_TRY(out.control.where, where->as_text());
    VIGIE_CHECK(expr::parse_and_check(out.control.where, CheckScope(of_other), where->where(), expr::Type::boolean));
  }
  return {};
}

Result<> read_sum(const YamlNode& node, const YamlNode& entry, const Subject& subject, Check& out) {
  if (!model::is_number(type_of(subject, out.columns.front())))
    return node.error("check.column", fmt::format("{} is no number: it has no sum", out.columns.front()));
  VIGIE_TRY(const YamlNode* equals, entry.require("equals"));
  VIGIE_CHECK(read_control(*equals, subject, out));
  if (const YamlNode* tolerance = entry.find("tolerance")) {
    VIGIE_TRY(out.tolerance, tolerance->as_decimal());
    if (out.tolerance < Decimal::integer(0)) return tolerance->error("check.value", "a tolerance is 0 or more");
  }
  if (const YamlNode* currency = entry.find("currency")) {
    VIGIE_TRY(out.currency, currency->as_text());
    if (!expr::looks_like_currency(out.currency) || !is_money(subject, out.columns.front()) ||
        subject.table.find("currency") == nullptr)
      return currency->error("check.value", fmt::format("\"{}\" says nothing of {}", out.currency, out.columns.front()),
                             "a currency is three capital letters, and said of amounts");
  }
  const YamlNode* over = entry.find("over");
  if (over == nullptr) return {};
  VIGIE_TRY(const std::string word, over->as_text());
  if (word != "batch" && word != "table")
    return over->error("check.value", fmt::format("unknown scope \"{}\"", word),
                       suggestion(word, std::vector<std::string>{"batch", "table"}));
  if (word == "table" && out.control.file)
    return over->error("check.value", "a file of control tells of one batch, not of all rows");
  out.of_batch = word == "batch";
  return {};
}

Result<> read_expected(const YamlNode& node, const Subject& subject, Check& out) {
  VIGIE_TRY(out.expected, node.as_text());
  VIGIE_CHECK(expr::parse_and_check(out.expected, CheckScope(subject), node.where(), expr::Type::boolean));
  return {};
}

Result<> read_of_kind(const YamlNode& node, const YamlNode& entry, const Subject& subject, Check& out) {
  if (out.kind == Kind::expect) return read_expected(node, subject, out);
  if (out.kind == Kind::volume) return read_volume(node, entry, out);
  VIGIE_CHECK(read_columns(node, subject, out));
  switch (out.kind) {
    case Kind::in_set: return read_values(node, entry, subject, out);
    case Kind::range: return read_range(node, entry, subject, out);
    case Kind::referential: return read_referential(node, subject, out);
    case Kind::freshness: return read_freshness(node, entry, subject, out);
    case Kind::sum: return read_sum(node, entry, subject, out);
    default: return {};
  }
}

constexpr std::size_t kLongestName = 80;

Result<> read_name(const YamlNode& entry, Check& out) {
  if (const YamlNode* name = entry.find("name")) {
    VIGIE_TRY(out.name, name->as_text());
    const bool fits = !trim(out.name).empty() && out.name.size() <= kLongestName &&
                      std::ranges::none_of(out.name, [](unsigned char c) { return c < ' '; });
    if (fits) return {};
    return name->error("check.name", fmt::format("\"{}\" cannot be the name of a check", out.name),
                       "at most 80 letters, in one line");
  }
  out.name = std::string(name_of(out.kind));
  if (out.kind == Kind::expect) out.name += " " + out.expected;
  for (const std::string& column : out.columns) out.name += (&column == out.columns.data() ? " " : ", ") + column;
  if (out.name.size() > kLongestName)
    return entry.error("check.name", "this check is too long to be called by what it says", "give it a name: …");
  return {};
}

}  // namespace

std::string_view name_of(Kind kind) {
  for (const auto& [one, name] : kKinds)
    if (one == kind) return name;
  return "";
}

std::optional<Kind> kind_of(std::string_view name) {
  for (const auto& [kind, one] : kKinds)
    if (one == name) return kind;
  return std::nullopt;
}

std::string_view name_of(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

Result<Check> read_check(const YamlNode& entry, const Subject& subject, const std::vector<std::string>& other_keys) {
  Check out;
  out.at = entry.where();
  out.table = subject.table.name;
  VIGIE_TRY(const auto kind, read_kind(entry, other_keys));
  out.kind = kind.first;
  if (const YamlNode* severity = entry.find("severity")) {
    VIGIE_TRY(const std::string text, severity->as_text());
    if (text != "warning" && text != "error")
      return severity->error("check.value", fmt::format("unknown severity \"{}\"", text),
                             suggestion(text, std::vector<std::string>{"warning", "error"}));
    out.severity = text == "error" ? Severity::error : Severity::warning;
  }
  if (const YamlNode* where = entry.find("where")) {
    if (out.kind == Kind::volume) return where->error("check.option", "where means nothing to volume");
    VIGIE_TRY(out.where, where->as_text());
    VIGIE_CHECK(expr::parse_and_check(out.where, CheckScope(subject), where->where(), expr::Type::boolean));
  }
  VIGIE_CHECK(read_of_kind(*kind.second, entry, subject, out));
  VIGIE_CHECK(read_name(entry, out));
  JsonWriter writer(out.text);
  write_json(entry, writer);
  return out;
}

Result<> check_names(const std::vector<Check>& checks) {
  for (std::size_t i = 0; i < checks.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (checks[i].name == checks[j].name)
        return fail(ErrorKind::usage, "check.name", fmt::format("two checks are called \"{}\"", checks[i].name),
                    checks[i].at, "give one of them a name: …");
  return {};
}

Result<std::vector<Check>> read_checks(const YamlNode& list, const Subject& subject) {
  if (list.kind() != YamlNode::Kind::sequence)
    return list.error("check.kind", "checks is a list", "write \"- not_null: customer_key\" under it");
  std::vector<Check> out;
  for (const YamlNode& entry : list.items()) {
    VIGIE_TRY(Check check, read_check(entry, subject));
    out.push_back(std::move(check));
  }
  VIGIE_CHECK(check_names(out));
  return out;
}

}  // namespace vigie::checks

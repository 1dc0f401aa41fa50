#include <cmath>
#include <tuple>

#include "base/text.h"
#include "catalog/load.h"
#include "catalog/parameter_value.h"
#include "catalog/question_parameters.h"

namespace vigie::catalog {
namespace {

template <class Enum, std::size_t N>
Result<Enum> pick(const YamlNode& node, std::string_view key, const std::array<Enum, N>& choices) {
  VIGIE_TRY(const YamlNode* value, node.require(key));
  VIGIE_TRY(const std::string text, value->as_text());
  std::vector<std::string> names;
  for (const Enum choice : choices) {
    if (name_of(choice) == text) return choice;
    names.emplace_back(name_of(choice));
  }
  return value->error("definition.choice", fmt::format("\"{}\" is not a {}", text, key), suggestion(text, names));
}

/// A whole number of a definition; beyond what an int holds it would be cut to another one.
Result<int> number_between(const YamlNode& root, std::string_view key, int least, int most, int fallback) {
  const YamlNode* node = root.find(key);
  if (!node) return fallback;
  VIGIE_TRY(const std::int64_t number, node->as_int());
  if (number < least || number > most)
    return node->error("definition.number",
                       fmt::format("{} is a whole number between {} and {}, not {}", key, least, most, number));
  return static_cast<int>(number);
}

/// The bounds of a parameter stand in order, and its default holds to them.
Result<> check_parameter(const YamlNode& node, const Parameter& parameter) {
  for (const auto& [key, bound] : {std::pair{"min", parameter.min}, std::pair{"max", parameter.max}})
    if (bound && !std::isfinite(*bound))
      return node.find(key)->error("definition.parameter", fmt::format("{} is no bound", *bound), "write a number");
  if (parameter.min && parameter.max && *parameter.min > *parameter.max)
    return node.find("min")->error(
        "definition.parameter",
        fmt::format("the least value {} is above the greatest, {}", *parameter.min, *parameter.max),
        "exchange min and max");
  if (const auto fallback = value_of(parameter, parameter.fallback); !fallback)
    return node.find("default")->error(fallback.error().code, fallback.error().message, fallback.error().hint);
  return {};
}

Result<Parameter> read_parameter(const std::string& name, const YamlNode& node) {
  VIGIE_CHECK(node.known_keys({"type", "default", "min", "max", "values", "label"}));
  Parameter out;
  out.name = name;
  VIGIE_TRY(const std::string type, node.text("type"));
  static const std::vector<std::string> kTypes{"days", "integer", "number", "choice"};
  const auto found = std::ranges::find(kTypes, type);
  if (found == kTypes.end())
    return node.error("definition.parameter", fmt::format("unknown type \"{}\" of a parameter", type),
                      suggestion(type, kTypes));
  out.kind = static_cast<Parameter::Kind>(found - kTypes.begin());
  VIGIE_TRY(out.fallback, node.text("default"));
  if (const YamlNode* min = node.find("min")) {
    VIGIE_TRY(out.min, min->as_double());
  }
  if (const YamlNode* max = node.find("max")) {
    VIGIE_TRY(out.max, max->as_double());
  }
  if (const YamlNode* values = node.find("values")) {
    VIGIE_TRY(out.values, values->as_texts());
  }
  VIGIE_TRY(const YamlNode* label, node.require("label"));
  VIGIE_TRY(out.label, read_text(*label));
  VIGIE_CHECK(check_parameter(node, out));
  return out;
}

/// What a figure makes of parts: they add up, they stand at an instant, or neither.
Result<std::string> read_additivity(const YamlNode& root) {
  static const std::vector<std::string> kKinds{"ratio", "additive", "stock"};
  VIGIE_TRY(std::string kind, root.text_or("additivity", kKinds.front()));
  if (std::ranges::find(kKinds, kind) == kKinds.end())
    return root.find("additivity")
        ->error("definition.choice", fmt::format("\"{}\" is not one of the choices", kind), suggestion(kind, kKinds));
  return kind;
}

Result<> read_words(const YamlNode& root, Definition& out) {
  VIGIE_TRY(const YamlNode* label, root.require("label"));
  VIGIE_TRY(out.label, read_text(*label));
  VIGIE_TRY(const YamlNode* description, root.require("description"));
  VIGIE_TRY(out.description, read_text(*description));
  if (const YamlNode* levers = root.find("levers")) {
    VIGIE_CHECK(levers->known_keys({"en", "fr"}));
    VIGIE_TRY(const YamlNode* en, levers->require("en"));
    VIGIE_TRY(out.levers_en, en->as_texts());
    VIGIE_TRY(const YamlNode* fr, levers->require("fr"));
    VIGIE_TRY(out.levers_fr, fr->as_texts());
  }
  if (const YamlNode* aliases = root.find("aliases")) {
    VIGIE_TRY(out.aliases, aliases->as_texts());
    out.aliases_written = aliases->where();
  }
  return {};
}

Result<> read_identity(const YamlNode& root, Definition& out) {
  VIGIE_TRY(out.id, root.text("id"));
  VIGIE_CHECK(check_spelling(*root.find("id"), out.id, "\"{}\" is no id of a KPI"));
  VIGIE_TRY(out.version, number_between(root, "version", 1, 1'000'000, 1));
  VIGIE_TRY(const YamlNode* from, root.require("effective_from"));
  VIGIE_TRY(const std::string from_text, from->as_text());
  const auto effective = parse_date(from_text);
  if (!effective) return from->error("date.invalid", effective.error().message, effective.error().hint);
  out.effective_from = *effective;
  VIGIE_TRY(out.owner, root.text_or("owner", ""));
  VIGIE_TRY(out.group, root.text_or("group", ""));
  VIGIE_TRY(out.additivity, read_additivity(root));
  constexpr std::array kUnits{Unit::rate,  Unit::money, Unit::count,  Unit::days,
                              Unit::score, Unit::ratio, Unit::months, Unit::mark};
  VIGIE_TRY(out.unit, pick(root, "unit", kUnits));
  constexpr std::array kDirections{Direction::up, Direction::down, Direction::neutral};
  VIGIE_TRY(out.direction, pick(root, "direction", kDirections));
  VIGIE_TRY(out.min_sample, number_between(root, "min_sample", 0, 1'000'000, out.min_sample));
  return {};
}

/// `headline: true`: one of the ten, by its default; `headline: VARIANT`: by that variant.
Result<> read_headline(const YamlNode& root, Definition& out) {
  const YamlNode* node = root.find("headline");
  if (!node) return {};
  VIGIE_TRY(const std::string text, node->as_text());
  if (text == "true" || text == "false") {
    out.headline = text == "true";
    return {};
  }
  std::vector<std::string> known;
  for (const Variant& variant : out.variants) known.push_back(variant.name);
  if (!out.variant(text))
    return node->error("definition.headline", fmt::format("{} has no variant \"{}\"", out.id, text),
                       suggestion(text, known));
  out.headline = true;
  out.headline_variant = text;
  return {};
}

bool same_tree(const expr::Expr& a, const expr::Expr& b) { return a == b || (a && b && expr::same(a, b)); }

bool same(const Measure& a, const Measure& b) {
  const auto plain = [](const Measure& one) {
    return std::tie(one.relation, one.at, one.form, one.fn, one.squares_of_duration, one.per, one.over,
                    one.ignores_splits, one.ignores_axes);
  };
  return plain(a) == plain(b) && same_tree(a.value, b.value) && same_tree(a.outcome, b.outcome) &&
         same_tree(a.where, b.where);
}

/// What has the name of a shared measure says what that one says, as the copy of a definition does that had it before
/// it was shared: else one name would stand for two things.
Result<> check_name(const YamlNode& name, const Measure& own, const Definition& definition,
                    const SharedMeasures& measures, const model::Model& model) {
  const auto shared = measures.nodes.find(own.name);
  if (shared == measures.nodes.end()) return {};
  const auto read = read_measure(own.name, shared->second, model, definition.parameters);
  if (read && same(own, *read)) return {};
  return name.error("definition.shared",
                    fmt::format("\"{}\" is a shared measure, in {}, and counts something else there", own.name,
                                shared->second.where().file),
                    "give the one here another name, or remove it: formulas then mean the shared one");
}

}  // namespace

Result<Definition> read_definition(const YamlNode& root, const SharedMeasures& shared, const model::Model& model) {
  VIGIE_CHECK(root.known_keys({"id", "version", "effective_from", "owner", "group", "unit", "direction", "additivity",
                               "min_sample", "headline", "stand_in", "aliases", "label", "description", "levers",
                               "parameters", "measures", "variants", "tests"}));
  Definition out;
  out.file = root.where().file;
  VIGIE_CHECK(read_identity(root, out));
  VIGIE_CHECK(read_words(root, out));
  if (const YamlNode* parameters = root.find("parameters")) {
    VIGIE_CHECK(check_mapping(*parameters));
    for (const auto& [name, node] : parameters->entries()) {
      VIGIE_TRY(const std::string id, name.as_text());
      VIGIE_CHECK(check_spelling(name, id, "\"{}\" is no name of a parameter"));
      if (question_parameter(id))
        return name.error("definition.parameter", fmt::format("\"{}\" is what formulas are given already", id),
                          "give the parameter another name");
      VIGIE_TRY(Parameter parameter, read_parameter(id, node));
      out.parameters.push_back(std::move(parameter));
    }
  }
  if (const YamlNode* measures = root.find("measures")) {
    VIGIE_CHECK(check_mapping(*measures));
    for (const auto& [name, node] : measures->entries()) {
      VIGIE_TRY(const std::string id, name.as_text());
      VIGIE_CHECK(check_spelling(name, id, "\"{}\" is no name of a measure"));
      VIGIE_TRY(Measure measure, read_measure(id, node, model, out.parameters));
      VIGIE_CHECK(check_name(name, measure, out, shared, model));
      out.measures.emplace(id, std::move(measure));
    }
  }
  VIGIE_TRY(const YamlNode* variants, root.require("variants"));
  VIGIE_TRY(out.variants, read_variants(*variants, out, shared, model));
  VIGIE_CHECK(read_headline(root, out));
  VIGIE_CHECK(read_stand_in(root, out));
  if (const YamlNode* tests = root.find("tests")) {
    VIGIE_TRY(out.tests, read_known_figures(*tests, out.id, out.version));
  }
  return out;
}

}  // namespace vigie::catalog

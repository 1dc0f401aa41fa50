#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/load.h"

namespace vigie::catalog {
namespace {

using store::AggregateFn;

struct Verb {
  std::string_view key;
  AggregateFn fn;
};
constexpr Verb kVerbs[] = {{"count", AggregateFn::count}, {"distinct", AggregateFn::count_distinct},
                           {"sum", AggregateFn::sum},     {"squares", AggregateFn::sum_squares},
                           {"min", AggregateFn::min},     {"max", AggregateFn::max}};

Result<Over> read_over(const YamlNode& node) {
  static const std::vector<std::pair<std::string, Over>> kOvers{{"period", Over::period},
                                                                {"trailing_12_months", Over::trailing_12_months},
                                                                {"month_ends_12", Over::month_ends_12},
                                                                {"until_end", Over::until_end},
                                                                {"trailing_days", Over::trailing_days},
                                                                {"lagged", Over::lagged},
                                                                {"each_period", Over::each_period},
                                                                {"year_before", Over::year_before}};
  VIGIE_TRY(const std::string text, node.as_text());
  std::vector<std::string> names;
  for (const auto& [name, over] : kOvers) {
    if (name == text) return over;
    names.push_back(name);
  }
  return node.error("definition.over", fmt::format("unknown span \"{}\"", text), suggestion(text, names));
}

/// A duration as a number of minutes with two decimals, half to even.
expr::Expr hundredths_of_minutes(expr::Expr duration) {
  constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
  constexpr int kDecimals = 2;
  const expr::Expr minutes =
      expr::call(expr::Op::div, expr::Type::real, {std::move(duration), expr::literal(expr::Micros{kMicrosPerMinute})});
  return expr::call(expr::Op::as_number, expr::Type::number, {minutes}, kDecimals);
}

Result<> read_verb(const YamlNode& node, const expr::Scope& scope, Measure& measure) {
  int found = 0;
  for (const Verb& verb : kVerbs) {
    const YamlNode* value = node.find(verb.key);
    if (!value) continue;
    ++found;
    measure.fn = verb.fn;
    VIGIE_TRY(const std::string text, value->as_text());
    if (verb.fn == AggregateFn::count && text == "rows") continue;
    VIGIE_TRY(measure.value, expr::parse_and_check(text, scope, inside(*value)));
    const bool adds = verb.fn == AggregateFn::sum || verb.fn == AggregateFn::sum_squares;
    if (adds && measure.value->type == expr::Type::real)
      return value->error("definition.inexact_sum",
                          "a division cannot be summed: its digits depend on the order of the rows",
                          "sum the two sides and divide the sums");
    if (adds && measure.value->type != expr::Type::money && measure.value->type != expr::Type::integer &&
        measure.value->type != expr::Type::number && measure.value->type != expr::Type::duration)
      return value->error("definition.type", fmt::format("a {} cannot be summed", expr::name_of(measure.value->type)));
    if (verb.fn == AggregateFn::sum_squares && measure.value->type == expr::Type::duration) {
      measure.squares_of_duration = true;
      measure.value = hundredths_of_minutes(std::move(measure.value));
    }
  }
  if (const YamlNode* value = node.find("histogram")) {
    ++found;
    measure.form = Measure::Form::histogram;
    VIGIE_TRY(const std::string text, value->as_text());
    VIGIE_TRY(measure.value, expr::parse_and_check(text, scope, inside(*value)));
    if (const YamlNode* outcome = node.find("outcome")) {
      VIGIE_TRY(const std::string outcome_text, outcome->as_text());
      VIGIE_TRY(measure.outcome, expr::parse_and_check(outcome_text, scope, inside(*outcome), expr::Type::integer));
    }
  }
  if (found != 1)
    return node.error("definition.measure",
                      "a measure has exactly one of count, distinct, sum, squares, min, max, histogram");
  return {};
}

}  // namespace

SourcePosition inside(const YamlNode& node) {
  SourcePosition at = node.where();
  if (node.quoted()) ++at.column;
  return at;
}

namespace {

Result<> read_forms(const YamlNode& node, std::string_view language, std::string Text::* text, CountedText& out) {
  VIGIE_TRY(const YamlNode* said, node.require(language));
  if (said->kind() == YamlNode::Kind::mapping) {
    VIGIE_CHECK(said->known_keys({"one", "other"}));
    VIGIE_TRY(out.one.*text, said->text("one"));
    VIGIE_TRY(out.other.*text, said->text("other"));
    return {};
  }
  VIGIE_TRY(out.one.*text, said->as_text());
  out.other.*text = out.one.*text;
  if ((out.one.*text).find("{count}") == std::string::npos) return {};
  return said->error("definition.plural", "a sentence with {count} has a singular and a plural",
                     "write {one: \"…\", other: \"…\"}");
}

}  // namespace

Result<CountedText> read_counted_text(const YamlNode& node) {
  VIGIE_CHECK(node.known_keys({"en", "fr"}));
  CountedText out;
  VIGIE_CHECK(read_forms(node, "en", &Text::en, out));
  VIGIE_CHECK(read_forms(node, "fr", &Text::fr, out));
  return out;
}

/// What a measure cannot be taken without: a day for each row, unless there is one for each period already; and the
/// parameter that says how far its span reaches.
Result<> check_span(const Measure& measure, const YamlNode& node, const RelationScope& scope,
                    const std::vector<Parameter>& parameters) {
  if (measure.at.empty() && !scope.column("period_id"))
    return node.error("definition.measure",
                      fmt::format("when? {} has no row per period, so the measure needs at", measure.relation),
                      "say at: COLUMN, one of its dates or instants");
  const std::string_view length = measure.over == Over::trailing_days ? "trailing"
                                  : measure.over == Over::lagged      ? "lag"
                                                                      : "";
  if (length.empty() || std::ranges::find(parameters, length, &Parameter::name) != parameters.end()) return {};
  return node.error("definition.span", fmt::format("over needs a parameter \"{}\", in days", length),
                    "declare it under parameters, with type: days and a default");
}

Result<Measure> read_measure(const std::string& name, const YamlNode& node, const model::Model& model,
                             const std::vector<Parameter>& parameters) {
  VIGIE_CHECK(node.known_keys({"from", "at", "count", "distinct", "sum", "squares", "min", "max", "histogram",
                               "outcome", "where", "over", "per", "ignores_splits", "ignores_axes"}));
  Measure measure;
  measure.name = name;
  measure.written = node.where();
  VIGIE_TRY(const YamlNode* from, node.require("from"));
  VIGIE_TRY(measure.relation, from->as_text());
  const model::Relation* relation = model.relation(measure.relation);
  if (!relation)
    return from->error("definition.unknown_relation", fmt::format("unknown relation \"{}\"", measure.relation),
                       suggestion(measure.relation, model.relation_names()));
  const RelationScope scope(model, *relation, parameters);
  if (const YamlNode* at = node.find("at")) {
    VIGIE_TRY(measure.at, at->as_text());
    const auto column = scope.column(measure.at);
    if (!column)
      return at->error("expr.unknown_column", fmt::format("unknown column \"{}\" in {}", measure.at, measure.relation),
                       suggestion(measure.at, scope.column_names()));
    if (column->type != expr::Type::instant && column->type != expr::Type::date)
      return at->error("definition.type", fmt::format("\"{}\" is {}; an instant or a date was expected", measure.at,
                                                      expr::name_of(column->type)));
  }
  VIGIE_CHECK(read_verb(node, scope, measure));
  if (const YamlNode* where = node.find("where")) {
    VIGIE_TRY(const std::string text, where->as_text());
    VIGIE_TRY(measure.where, expr::parse_and_check(text, scope, inside(*where), expr::Type::boolean));
  }
  if (const YamlNode* per = node.find("per")) {
    VIGIE_TRY(measure.per, per->as_text());
    if (!scope.column(measure.per))
      return per->error("expr.unknown_column",
                        fmt::format("unknown column \"{}\" in {}", measure.per, measure.relation),
                        suggestion(measure.per, scope.column_names()));
    if (measure.fn != AggregateFn::sum_squares || measure.at.empty())
      return per->error("definition.measure", "per goes with squares that have a time column",
                        "a relation without one has a row per thing already");
  }
  if (const YamlNode* over = node.find("over")) {
    VIGIE_TRY(measure.over, read_over(*over));
  }
  for (const expr::Expr* e : {&measure.value, &measure.outcome, &measure.where})
    VIGIE_CHECK(check_values(*e, *relation, model));
  VIGIE_CHECK(check_span(measure, node, scope, parameters));
  VIGIE_TRY(measure.ignores_splits, node.bool_or("ignores_splits", false));
  VIGIE_TRY(measure.ignores_axes, node.bool_or("ignores_axes", false));
  return measure;
}

}  // namespace vigie::catalog

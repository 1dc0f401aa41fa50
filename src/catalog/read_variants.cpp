#include <charconv>

#include "base/text.h"
#include "catalog/kpi_name.h"
#include "catalog/load.h"
#include "catalog/parameter_value.h"
#include "catalog/question_parameters.h"
#include "expr/check.h"

namespace vigie::catalog {
namespace {

bool is_of_a_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.'; }

/// Does the text name it, as a word of its own?
bool names(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_of_a_name(text[at - 1])) && (end == text.size() || !is_of_a_name(text[end]))) return true;
  }
  return false;
}

/// What a formula may name: the measures, and other KPIs as kpi.<id> or kpi.<id>.<variant>.
class FormulaScope final : public expr::Scope {
 public:
  explicit FormulaScope(const Definition& definition, const SharedMeasures& shared)
      : definition_(definition), shared_(shared) {}
  std::string subject() const override { return definition_.id; }
  std::string unknown(std::string_view name) const override {
    return fmt::format("unknown measure \"{}\" in {}", name, subject());
  }
  std::optional<expr::ColumnInfo> column(std::string_view name) const override {
    if (kpi_named(name)) return expr::ColumnInfo{expr::Type::real, 0};
    const auto found = definition_.measures.find(std::string(name));
    if (found == definition_.measures.end()) return std::nullopt;
    return type_of(found->second);
  }
  std::vector<std::string> column_names() const override {
    std::vector<std::string> names;
    for (const auto& [name, measure] : definition_.measures) names.push_back(name);
    for (const auto& [name, node] : shared_.nodes) names.push_back(name);
    return names;
  }
  std::optional<expr::Type> parameter(std::string_view name) const override {
    const Parameter* parameter = definition_.parameter(name);
    if (parameter) return expr::Type::number;
    const QuestionParameter* known = question_parameter(name);
    return known ? std::optional(known->type) : std::nullopt;
  }
  std::vector<std::string> parameter_names() const override {
    std::vector<std::string> names;
    for (const QuestionParameter& known : kQuestionParameters) names.emplace_back(known.name);
    for (const Parameter& parameter : definition_.parameters) names.push_back(parameter.name);
    return names;
  }

 private:
  static expr::ColumnInfo type_of(const Measure& measure) {
    using store::AggregateFn;
    // In a formula a distribution stands for its median: days of a duration.
    if (measure.form == Measure::Form::histogram) return {expr::Type::real, 0};
    if (measure.fn == AggregateFn::count || measure.fn == AggregateFn::count_distinct) return {expr::Type::integer, 0};
    if (measure.fn == AggregateFn::sum_squares) return {expr::Type::number, 4};
    return {measure.value->type, measure.value->scale};
  }
  const Definition& definition_;
  const SharedMeasures& shared_;
};

/// What the figure of drivers may name: their parts.
class PartScope final : public expr::Scope {
 public:
  explicit PartScope(const Drivers& drivers) : drivers_(drivers) {}
  std::string subject() const override { return "drivers"; }
  std::string unknown(std::string_view name) const override {
    return fmt::format("unknown part \"{}\" in {}", name, subject());
  }
  std::optional<expr::ColumnInfo> column(std::string_view name) const override {
    const bool known =
        std::ranges::any_of(drivers_.of, [&](const Driver& one) { return one.parts.contains(std::string(name)); });
    return known ? std::optional(expr::ColumnInfo{expr::Type::real, 0}) : std::nullopt;
  }
  std::vector<std::string> column_names() const override {
    std::vector<std::string> names;
    for (const Driver& driver : drivers_.of)
      for (const auto& [name, part] : driver.parts) names.push_back(name);
    return names;
  }
  std::optional<expr::Type> parameter(std::string_view) const override { return std::nullopt; }
  std::vector<std::string> parameter_names() const override { return {}; }

 private:
  const Drivers& drivers_;
};

class VariantReader {
 public:
  VariantReader(Definition& definition, const SharedMeasures& shared, const model::Model& model)
      : definition_(definition), shared_(shared), model_(model) {}

  Result<Variant> read(const std::string& name, const YamlNode& node) {
    VIGIE_CHECK(node.known_keys({"label",       "words",    "unit",   "value",    "quantile", "survival",
                                 "mean_within", "curve",    "cohort", "table",    "axes",     "apart",
                                 "split",       "interval", "n",      "maturing", "unpriced", "null_reason",
                                 "params",      "beside",   "above",  "warns",    "drivers",  "compare"}));
    Variant variant;
    variant.name = name;
    variant.written = node.where();
    VIGIE_TRY(const YamlNode* label, node.require("label"));
    VIGIE_TRY(variant.label, read_text(*label));
    VIGIE_TRY(const YamlNode* words, node.require("words"));
    VIGIE_TRY(variant.words, read_text(*words));
    VIGIE_CHECK(read_form(node, variant));
    VIGIE_CHECK(read_quality(node, variant));
    VIGIE_CHECK(read_rest(node, variant));
    VIGIE_CHECK(read_apart(node, variant));
    VIGIE_CHECK(read_drivers(node, variant));
    return variant;
  }

 private:
  /// Takes a shared measure into the definition the first time a name of it is used.
  Result<> take(const std::string& name, const YamlNode& node) {
    if (definition_.measures.contains(name)) return {};
    const auto shared = shared_.nodes.find(name);
    if (shared == shared_.nodes.end()) {
      const FormulaScope scope(definition_, shared_);
      return node.error("definition.unknown_measure", fmt::format("unknown measure \"{}\"", name),
                        suggestion(name, scope.column_names()));
    }
    VIGIE_TRY(Measure measure, read_measure(name, shared->second, model_, definition_.parameters));
    definition_.measures.emplace(name, std::move(measure));
    return {};
  }

  Result<expr::Expr> formula(const YamlNode& node) {
    VIGIE_TRY(const std::string text, node.as_text());
    for (const auto& [name, shared] : shared_.nodes)
      if (names(text, name)) VIGIE_CHECK(take(name, node));
    return expr::parse_and_check(text, FormulaScope(definition_, shared_), inside(node));
  }

  Result<> measure_name(const YamlNode& parent, std::string_view key, std::string& out) {
    const YamlNode* node = parent.find(key);
    if (!node) return {};
    VIGIE_TRY(out, node->as_text());
    return take(out, *node);
  }

  /// How many: the name of a measure, or a formula over measures.
  Result<> count(const YamlNode& parent, std::string_view key, expr::Expr& out) {
    const YamlNode* node = parent.find(key);
    if (!node) return {};
    VIGIE_TRY(const std::string text, node->as_text());
    if (std::ranges::all_of(text, is_of_a_name)) VIGIE_CHECK(take(text, *node));
    VIGIE_TRY(out, formula(*node));
    return {};
  }

  /// A share of the whole, or a parameter that is one: whoever asks can give it nothing else either.
  Result<> check_quantile(const YamlNode& node, const std::string& text) {
    const auto refused = [&](const std::string& message) {
      return node.error("definition.quantile", message,
                        "write a number between 0 and 1, or $ and a parameter that is one");
    };
    if (!text.starts_with('$')) {
      const auto level = Decimal::parse(text);
      if (!level || level->to_double() < 0 || level->to_double() > 1)
        return refused(fmt::format("{} is no quantile", text));
      return {};
    }
    const auto known = std::ranges::find(definition_.parameters, text.substr(1), &Parameter::name);
    if (known == definition_.parameters.end() || known->kind != Parameter::Kind::number)
      return refused(fmt::format("{} is no parameter that is a number", text));
    known->min = std::max(known->min.value_or(0), 0.0);
    known->max = std::min(known->max.value_or(1), 1.0);
    if (!value_of(*known, known->fallback))
      return refused(fmt::format("{} is no quantile: it is {} where nobody says otherwise", text, known->fallback));
    return {};
  }

  Result<> read_distribution(const YamlNode& node, Variant& variant) {
    VIGIE_CHECK(node.known_keys({"of", "q", "ages", "outcome", "within"}));
    VIGIE_CHECK(node.require("of"));
    VIGIE_CHECK(measure_name(node, "of", variant.histogram));
    VIGIE_TRY(variant.quantile, node.text_or("q", "0.5"));
    if (const YamlNode* q = node.find("q")) VIGIE_CHECK(check_quantile(*q, variant.quantile));
    VIGIE_TRY(const std::string outcome, node.text_or("outcome", "1"));
    static const std::map<std::string, int, std::less<>> kOutcomes{
        {"0", 0}, {"1", 1}, {"2", 2}, {"none", Variant::kNoOutcome}};
    const auto known = kOutcomes.find(outcome);
    if (known == kOutcomes.end())
      return node.find("outcome")->error("definition.outcome", fmt::format("unknown outcome \"{}\"", outcome),
                                         "write 0 (each), 1, 2 or none");
    variant.outcome = known->second;
    VIGIE_TRY(variant.within, node.text_or("within", ""));
    if (variant.form == Form::mean_within) {
      const Parameter* horizon = definition_.parameter(variant.within);
      if (!horizon || horizon->kind != Parameter::Kind::days)
        return node.error("definition.within", "mean_within wants `within`: a parameter of the definition, in days");
    }
    if (const YamlNode* ages = node.find("ages")) {
      VIGIE_CHECK(check_list(*ages));
      for (const YamlNode& age : ages->items()) {
        VIGIE_TRY(const std::int64_t days, age.as_int());
        variant.ages.push_back(days);
      }
    }
    return {};
  }

  Result<> read_beside(const YamlNode& node, std::map<std::string, expr::Expr>& out) {
    const YamlNode* beside = node.find("beside");
    if (!beside) return {};
    VIGIE_CHECK(check_mapping(*beside));
    for (const auto& [name, value] : beside->entries()) {
      VIGIE_TRY(const std::string key, name.as_text());
      VIGIE_TRY(out[key], formula(value));
    }
    return {};
  }

  Result<> read_table(const YamlNode& node, Variant& variant) {
    VIGIE_CHECK(node.known_keys({"axis", "rows"}));
    VIGIE_TRY(variant.table_axis, node.text("axis"));
    VIGIE_TRY(const YamlNode* rows, node.require("rows"));
    VIGIE_CHECK(check_mapping(*rows));
    for (const auto& [key, row] : rows->entries()) {
      VIGIE_CHECK(row.known_keys({"label", "value", "beside"}));
      TableRow out;
      VIGIE_TRY(out.key, key.as_text());
      VIGIE_TRY(const YamlNode* label, row.require("label"));
      VIGIE_TRY(out.label, read_text(*label));
      VIGIE_TRY(const YamlNode* value, row.require("value"));
      VIGIE_TRY(out.value, formula(*value));
      VIGIE_CHECK(read_beside(row, out.beside));
      variant.table.push_back(std::move(out));
    }
    return {};
  }

  Result<> read_cohort(const YamlNode& node, Variant& variant) {
    VIGIE_CHECK(node.known_keys({"on", "last", "size"}));
    for (const auto& [key, name] : {std::pair{"on", &variant.cohort_on}, std::pair{"last", &variant.cohort_last},
                                    std::pair{"size", &variant.cohort_size}}) {
      VIGIE_CHECK(node.require(key));
      VIGIE_CHECK(measure_name(node, key, *name));
    }
    variant.axes.push_back({"age", "age"});
    return {};
  }

  Result<> read_form(const YamlNode& node, Variant& variant) {
    static constexpr std::pair<std::string_view, Form> kForms[] = {
        {"value", Form::formula},     {"quantile", Form::quantile},
        {"survival", Form::survival}, {"mean_within", Form::mean_within},
        {"curve", Form::curve},       {"cohort", Form::cohort},
        {"table", Form::table}};
    int found = 0;
    for (const auto& [key, form] : kForms) {
      const YamlNode* value = node.find(key);
      if (!value) continue;
      ++found;
      variant.form = form;
      if (form == Form::formula) {
        VIGIE_TRY(variant.value, formula(*value));
      } else if (form == Form::cohort) {
        VIGIE_CHECK(read_cohort(*value, variant));
      } else if (form == Form::table) {
        VIGIE_CHECK(read_table(*value, variant));
      } else {
        VIGIE_CHECK(read_distribution(*value, variant));
      }
    }
    if (found != 1)
      return node.error("definition.variant",
                        "a variant has exactly one of value, quantile, survival, mean_within, curve, cohort, table");
    return {};
  }

  /// The measures that an interval of its kind cannot do without.
  static Result<> check_interval(const YamlNode& node, const Interval& interval) {
    std::vector<std::string> needed;
    if (interval.kind == IntervalKind::mean) needed = {"squares"};
    if (interval.kind == IntervalKind::ratio) needed = {"squares", "of_squares", "products"};
    if (!interval.less.empty()) needed.emplace_back("less_squares");
    for (const std::string& key : needed) VIGIE_CHECK(node.require(key));
    return {};
  }

  Result<> read_quality(const YamlNode& node, Variant& variant) {
    if (const YamlNode* interval = node.find("interval")) {
      VIGIE_CHECK(interval->known_keys({"kind", "squares", "less", "less_squares", "of_squares", "products",
                                        "promoters", "detractors", "median", "baseline", "weight", "variance"}));
      VIGIE_TRY(const std::string kind, interval->text("kind"));
      static const std::vector<std::string> kKinds{"none",  "wilson",   "mean",  "nps",
                                                   "delay", "weighted", "ratio", "poisson"};
      const auto at = std::ranges::find(kKinds, kind);
      if (at == kKinds.end())
        return interval->error("definition.interval", fmt::format("unknown interval \"{}\"", kind),
                               suggestion(kind, kKinds));
      variant.interval.kind = static_cast<IntervalKind>(at - kKinds.begin());
      VIGIE_CHECK(measure_name(*interval, "squares", variant.interval.squares));
      VIGIE_CHECK(measure_name(*interval, "less", variant.interval.less));
      VIGIE_CHECK(measure_name(*interval, "less_squares", variant.interval.less_squares));
      VIGIE_CHECK(measure_name(*interval, "of_squares", variant.interval.of_squares));
      VIGIE_CHECK(measure_name(*interval, "products", variant.interval.products));
      VIGIE_CHECK(measure_name(*interval, "promoters", variant.interval.promoters));
      VIGIE_CHECK(measure_name(*interval, "detractors", variant.interval.detractors));
      VIGIE_CHECK(measure_name(*interval, "median", variant.interval.median));
      VIGIE_CHECK(measure_name(*interval, "baseline", variant.interval.baseline));
      VIGIE_CHECK(measure_name(*interval, "weight", variant.interval.weight));
      VIGIE_CHECK(measure_name(*interval, "variance", variant.interval.variance));
      VIGIE_CHECK(check_interval(*interval, variant.interval));
    }
    VIGIE_CHECK(count(node, "n", variant.n));
    VIGIE_CHECK(count(node, "unpriced", variant.unpriced));
    if (const YamlNode* maturing = node.find("maturing")) {
      VIGIE_CHECK(maturing->known_keys({"open", "all", "counted"}));
      VIGIE_CHECK(measure_name(*maturing, "open", variant.open));
      VIGIE_CHECK(measure_name(*maturing, "all", variant.all));
      VIGIE_TRY(variant.open_count, maturing->bool_or("counted", false));
    }
    return {};
  }

  /// `stage: stage`, or `stage: {column: stage, order: position, within: pipeline}`: in the order of a number, and
  /// within another column that rows name when there are several of it.
  Result<> read_axis(const YamlNode& name, const YamlNode& node, Variant& variant) {
    Axis axis;
    VIGIE_TRY(axis.name, name.as_text());
    if (node.kind() != YamlNode::Kind::mapping) {
      VIGIE_TRY(axis.column, node.as_text());
      variant.axes.push_back(std::move(axis));
      return {};
    }
    VIGIE_CHECK(node.known_keys({"column", "order", "within"}));
    VIGIE_TRY(axis.column, node.text("column"));
    VIGIE_TRY(const std::string within, node.text_or("within", ""));
    if (!within.empty()) variant.axes.push_back({within, within, Axis::Shown::several});
    VIGIE_TRY(const std::string order, node.text_or("order", ""));
    if (!order.empty()) variant.axes.push_back({order, order, Axis::Shown::order});
    variant.axes.push_back(std::move(axis));
    return {};
  }

  /// Every axis is a column of something that the definition measures; one that orders rows is a whole number.
  Result<> check_axes(const YamlNode& node, const Variant& variant) {
    for (const Axis& axis : variant.axes) {
      bool known = false;
      for (const auto& [name, measure] : definition_.measures) {
        const RelationScope scope(model_, *model_.relation(measure.relation), definition_.parameters);
        const auto column = scope.column(axis.column);
        known = known || column;
        if (column && axis.shown == Axis::Shown::order && column->type != expr::Type::integer)
          return node.error("definition.axis",
                            fmt::format("rows cannot be put in the order of {}: it is a {}, not a whole number",
                                        axis.column, name_of(column->type)));
      }
      if (!known)
        return node.error("definition.axis",
                          fmt::format("no measure of {} has a column {}", definition_.id, axis.column));
    }
    return {};
  }

  Result<Unit> unit_of(const YamlNode& node) {
    VIGIE_TRY(const std::string text, node.as_text());
    for (const Unit candidate :
         {Unit::rate, Unit::money, Unit::count, Unit::days, Unit::score, Unit::ratio, Unit::months, Unit::mark})
      if (name_of(candidate) == text) return candidate;
    return node.error("definition.unit", fmt::format("unknown unit \"{}\"", text));
  }

  Result<Driver> read_driver(const YamlNode& name, const YamlNode& node) {
    VIGIE_CHECK(node.known_keys({"label", "unit", "shown", "parts"}));
    Driver out;
    VIGIE_TRY(out.name, name.as_text());
    VIGIE_TRY(const YamlNode* label, node.require("label"));
    VIGIE_TRY(out.label, read_text(*label));
    VIGIE_TRY(const YamlNode* unit, node.require("unit"));
    VIGIE_TRY(out.unit, unit_of(*unit));
    VIGIE_TRY(const YamlNode* shown, node.require("shown"));
    VIGIE_TRY(out.shown, formula(*shown));
    VIGIE_TRY(const YamlNode* parts, node.require("parts"));
    VIGIE_CHECK(check_mapping(*parts));
    for (const auto& [key, part] : parts->entries()) {
      VIGIE_TRY(const std::string id, key.as_text());
      VIGIE_TRY(out.parts[id], formula(part));
    }
    return out;
  }

  /// What moves the value: its parts over measures, grouped by driver, and the value over these parts.
  Result<> read_drivers(const YamlNode& node, Variant& variant) {
    const YamlNode* drivers = node.find("drivers");
    if (!drivers) return {};
    VIGIE_CHECK(drivers->known_keys({"figure", "needs", "missing", "of"}));
    if (variant.form != Form::formula)
      return drivers->error("definition.drivers", "only a variant with a value has drivers");
    VIGIE_TRY(const YamlNode* of, drivers->require("of"));
    VIGIE_CHECK(check_mapping(*of));
    for (const auto& [name, one] : of->entries()) {
      VIGIE_TRY(Driver driver, read_driver(name, one));
      variant.drivers.of.push_back(std::move(driver));
    }
    VIGIE_TRY(const YamlNode* needs, drivers->require("needs"));
    VIGIE_TRY(variant.drivers.needs, formula(*needs));
    VIGIE_TRY(const YamlNode* missing, drivers->require("missing"));
    VIGIE_TRY(variant.drivers.missing, read_text(*missing));
    VIGIE_TRY(const YamlNode* figure, drivers->require("figure"));
    VIGIE_TRY(const std::string text, figure->as_text());
    VIGIE_TRY(variant.drivers.figure, expr::parse_and_check(text, PartScope(variant.drivers), inside(*figure)));
    return {};
  }

  /// Contract and other customers are the only two that stand apart; every measure must know which of them it counts.
  Result<> read_apart(const YamlNode& node, Variant& variant) {
    const YamlNode* apart = node.find("apart");
    if (!apart) return {};
    VIGIE_TRY(variant.apart, apart->as_text());
    if (variant.apart != "relation")
      return apart->error("definition.apart", fmt::format("\"{}\" does not stand apart", variant.apart),
                          "write apart: relation");
    std::vector<std::string> names{variant.histogram, variant.cohort_on, variant.cohort_last, variant.cohort_size};
    if (variant.n) expr::columns_of(variant.n, names);
    if (variant.value) expr::columns_of(variant.value, names);
    for (const auto& [name, value] : variant.beside) expr::columns_of(value, names);
    for (const TableRow& row : variant.table) expr::columns_of(row.value, names);
    for (const std::string& name : names) {
      const auto measure = definition_.measures.find(name);
      if (measure == definition_.measures.end() ||
          model_.relation(measure->second.relation)->dimensions.contains(variant.apart))
        continue;
      return apart->error("definition.apart", fmt::format("{} is counted from {}, which does not tell {} apart", name,
                                                          measure->second.relation, variant.apart));
    }
    return {};
  }

  /// `q: "0.9"`, or `lag: {measured: [sales_cycle, sales_cycle:lead_to_sale]}`.
  Result<> read_default(const YamlNode& name, const YamlNode& value, Variant& variant) {
    VIGIE_TRY(const std::string key, name.as_text());
    const Parameter* parameter = definition_.parameter(key);
    if (!parameter) return name.error("definition.unknown_parameter", fmt::format("unknown parameter \"{}\"", key));
    if (value.kind() != YamlNode::Kind::mapping) {
      VIGIE_TRY(const std::string text, value.as_text());
      if (const auto fixed = value_of(*parameter, text); !fixed)
        return value.error(fixed.error().code, fixed.error().message, fixed.error().hint);
      variant.params[key] = text;
      return {};
    }
    VIGIE_CHECK(value.known_keys({"measured"}));
    if (parameter->kind != Parameter::Kind::days)
      return value.error("definition.measured", fmt::format("{} is no number of days: nothing measures it", key));
    VIGIE_TRY(const YamlNode* measured, value.require("measured"));
    VIGIE_TRY(const std::vector<std::string> figures, measured->as_texts());
    for (const std::string& figure : figures) {
      const auto parts = split(figure, ':');
      variant.measured[key].push_back({parts[0], parts.size() > 1 ? parts[1] : "default"});
    }
    return {};
  }

  Result<> read_rest(const YamlNode& node, Variant& variant) {
    VIGIE_CHECK(read_null_reason(node, variant));
    if (const YamlNode* unit = node.find("unit")) {
      VIGIE_TRY(variant.unit, unit_of(*unit));
    }
    if (const YamlNode* axes = node.find("axes")) {
      VIGIE_CHECK(check_mapping(*axes));
      for (const auto& [name, column] : axes->entries()) {
        VIGIE_CHECK(read_axis(name, column, variant));
        VIGIE_CHECK(check_axes(column, variant));
      }
    }
    if (const YamlNode* above = node.find("above")) {
      VIGIE_CHECK(above->known_keys({"name", "of"}));
      VIGIE_TRY(variant.above_name, above->text("name"));
      VIGIE_CHECK(above->require("of"));
      VIGIE_CHECK(measure_name(*above, "of", variant.above_of));
    }
    if (const YamlNode* params = node.find("params")) {
      VIGIE_CHECK(check_mapping(*params));
      for (const auto& [name, value] : params->entries()) VIGIE_CHECK(read_default(name, value, variant));
    }
    VIGIE_CHECK(read_beside(node, variant.beside));
    if (const YamlNode* split = node.find("split")) {
      VIGIE_TRY(variant.splits, split->as_texts());
    }
    if (const YamlNode* compare = node.find("compare")) {
      VIGIE_TRY(const std::string how, compare->as_text());
      if (how != "equal_age")
        return compare->error("definition.compare", fmt::format("unknown way to compare \"{}\"", how),
                              "write compare: equal_age");
      variant.at_equal_age = true;
    }
    if (const YamlNode* warns = node.find("warns")) {
      VIGIE_CHECK(check_list(*warns));
      for (const YamlNode& item : warns->items()) VIGIE_CHECK(read_warning(item, variant));
    }
    return {};
  }

  /// The name of a measure, `{measure: {of: measure of the whole}}`, `{code: {count: formula, of: …}}`, or `{code:
  /// condition}`.
  Result<> read_warning(const YamlNode& item, Variant& variant) {
    if (item.kind() != YamlNode::Kind::mapping) {
      VIGIE_TRY(const std::string name, item.as_text());
      VIGIE_CHECK(take(name, item));
      variant.warns.push_back({name, {}, {}});
      return {};
    }
    for (const auto& [code, told] : item.entries()) {
      VIGIE_TRY(const std::string name, code.as_text());
      if (told.kind() != YamlNode::Kind::mapping) {
        VIGIE_TRY(variant.warns_when[name], formula(told));
        continue;
      }
      VIGIE_CHECK(told.known_keys({"of", "count"}));
      Warned warned{name, {}, {}};
      if (told.find("count")) VIGIE_CHECK(count(told, "count", warned.count));
      else VIGIE_CHECK(take(name, code));
      if (!warned.count || told.find("of")) {
        VIGIE_CHECK(told.require("of"));
        VIGIE_CHECK(measure_name(told, "of", warned.of));
      }
      variant.warns.push_back(std::move(warned));
    }
    return {};
  }

  /// `null_reason: no_margin`, or `null_reason: {no_margin: condition, …}`.
  Result<> read_null_reason(const YamlNode& node, Variant& variant) {
    const YamlNode* reason = node.find("null_reason");
    if (!reason) return {};
    if (reason->kind() != YamlNode::Kind::mapping) {
      VIGIE_TRY(std::string code, reason->as_text());
      variant.null_reasons.push_back({std::move(code), {}});
      return {};
    }
    for (const auto& [code, condition] : reason->entries()) {
      NullReason& one = variant.null_reasons.emplace_back();
      VIGIE_TRY(one.code, code.as_text());
      VIGIE_TRY(one.when, formula(condition));
    }
    return {};
  }

  Definition& definition_;
  const SharedMeasures& shared_;
  const model::Model& model_;
};

/// x / amount, or x / another KPI: what stands below the line is no number of units.
bool is_over_an_amount(const expr::Expr& value) {
  return value && value->op == expr::Op::div &&
         (value->args[1]->type == expr::Type::money || value->args[1]->type == expr::Type::real);
}

}  // namespace

Result<std::vector<Variant>> read_variants(const YamlNode& node, Definition& definition, const SharedMeasures& shared,
                                           const model::Model& model) {
  std::vector<Variant> variants;
  VariantReader reader(definition, shared, model);
  VIGIE_CHECK(check_mapping(node));
  for (const auto& [name, body] : node.entries()) {
    VIGIE_TRY(const std::string id, name.as_text());
    VIGIE_CHECK(check_spelling(name, id, "\"{}\" is no name of a variant"));
    VIGIE_TRY(Variant variant, reader.read(id, body));
    VIGIE_CHECK(check_populations(body, definition, variant));
    if (!variant.n && is_over_an_amount(variant.value))
      return body.error("definition.n", "what is divided by an amount does not say what it rests on",
                        "add n: the measure that counts its units");
    variants.push_back(std::move(variant));
  }
  if (variants.empty() || variants.front().name != "default")
    return node.error("definition.variant", "the first variant must be \"default\"");
  return variants;
}

}  // namespace vigie::catalog

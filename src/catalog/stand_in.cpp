// What stands in for a headline that has no value: is it another single figure, and for a reason that the headline
// gives?
#include "base/text.h"
#include "catalog/kpi_name.h"
#include "catalog/load.h"
#include "catalog/question_parameters.h"

namespace vigie::catalog {
namespace {

void add_reasons_of_parameters(const expr::Expr& formula, std::set<std::string>& reasons) {
  if (formula->op == expr::Op::parameter)
    if (const QuestionParameter* known = question_parameter(formula->name))
      reasons.insert(known->null_for.begin(), known->null_for.end());
  for (const expr::Expr& arg : formula->args) add_reasons_of_parameters(arg, reasons);
}

bool rests_on_other_kpis(const Variant& variant) {
  std::vector<std::string> names;
  if (variant.value) expr::columns_of(variant.value, names);
  return std::ranges::any_of(names, [](const std::string& name) { return kpi_named(name).has_value(); });
}

/// Why the figure may be null: what any may be for, what its form brings, and what it names itself.
std::set<std::string> reasons_of(const Variant& variant) {
  std::set<std::string> out{"no_data", "no_headcount", "no_denominator", "not_applicable", "partial_year"};
  if (variant.form != Form::formula) out.insert({"not_estimable", "never_reached"});
  if (!variant.open.empty()) out.insert("not_matured");
  if (variant.unpriced) out.insert("currency_missing");
  if (variant.value) add_reasons_of_parameters(variant.value, out);
  for (const NullReason& reason : variant.null_reasons) out.insert(reason.code);
  return out;
}

}  // namespace

Result<> read_stand_in(const YamlNode& root, Definition& out) {
  const YamlNode* node = root.find("stand_in");
  if (!node) return {};
  VIGIE_CHECK(node->known_keys({"reason", "variant"}));
  VIGIE_TRY(out.stand_in.reason, node->text("reason"));
  VIGIE_TRY(out.stand_in.variant, node->text("variant"));
  out.stand_in.written = node->find("reason")->where();
  const YamlNode& named = *node->find("variant");
  const std::string& name = out.stand_in.variant;
  const Variant* variant = out.variant(name);
  if (!variant) {
    std::vector<std::string> known;
    for (const Variant& one : out.variants) known.push_back(one.name);
    return named.error("definition.stand_in", fmt::format("{} has no variant \"{}\"", out.id, name),
                       suggestion(name, known));
  }
  if (name == out.headline_variant)
    return named.error(
        "definition.stand_in",
        fmt::format("\"{}\" is what the card of {} shows already: it stands in for nothing", name, out.id),
        "name another variant");
  if (!variant->is_one_figure())
    return named.error("definition.stand_in", fmt::format("\"{}\" is no single figure, as a card shows one", name),
                       "name a variant that is no curve, grid or table, and along no axis");
  return {};
}

Result<> check_stand_in(const Definition& definition) {
  const StandIn& named = definition.stand_in;
  if (named.reason.empty()) return {};
  const Variant& headline = *definition.variant(definition.headline_variant);
  // The reasons of other KPIs are its own, and which they have is not to be told from here.
  if (rests_on_other_kpis(headline)) return {};
  const std::set<std::string> given = reasons_of(headline);
  if (given.contains(named.reason)) return {};
  const std::vector<std::string> known(given.begin(), given.end());
  return fail(ErrorKind::usage, "definition.stand_in",
              fmt::format("the card of {} is never null for the reason \"{}\"", definition.id, named.reason),
              named.written, "known: " + join(known, ", "));
}

}  // namespace vigie::catalog

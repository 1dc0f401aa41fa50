// A share has an interval only where something that is counted above the line is counted below it, too.
#include "catalog/load.h"
#include "expr/print.h"

namespace vigie::catalog {
namespace {

/// The two sides of a quotient; nothing of any other formula.
std::optional<std::pair<expr::Expr, expr::Expr>> sides_of(expr::Expr value) {
  while (value && value->op == expr::Op::as_real) value = value->args[0];
  if (!value || value->op != expr::Op::div) return std::nullopt;
  return std::pair{value->args[0], value->args[1]};
}

bool is_count(const Measure& measure) {
  using store::AggregateFn;
  return measure.form == Measure::Form::aggregate &&
         (measure.fn == AggregateFn::count || measure.fn == AggregateFn::count_distinct);
}

bool is_distinct(const Measure& measure) { return measure.fn == store::AggregateFn::count_distinct; }

/// The same rows, or the same distinct things in them, of the same span.
bool same_population(const Measure& a, const Measure& b) {
  const bool same_rows =
      a.relation == b.relation && a.at == b.at && a.over == b.over && is_distinct(a) == is_distinct(b);
  return same_rows && (!is_distinct(a) || expr::same(a.value, b.value));
}

std::string population_of(const Measure& measure) {
  std::string out = is_distinct(measure)
                        ? fmt::format("distinct {} of {}", expr::to_text(measure.value), measure.relation)
                        : measure.relation;
  if (!measure.at.empty()) out += " by " + measure.at;
  return measure.over == Over::period ? out : out + " over a span of its own";
}

/// The measures on one side of a share, at least one; each is a count.
Result<std::vector<const Measure*>> counted(const YamlNode& place, const Definition& definition,
                                            const expr::Expr& side) {
  std::vector<std::string> names;
  expr::columns_of(side, names);
  std::vector<const Measure*> out;
  for (const std::string& name : names) {
    const auto found = definition.measures.find(name);
    if (found == definition.measures.end() || !is_count(found->second))
      return place.error("definition.share", fmt::format("the interval wilson is of a share, and {} is no count", name),
                         "leave the interval out");
    out.push_back(&found->second);
  }
  if (out.empty())
    return place.error("definition.share", "the interval wilson is of a share: a count divided by a count",
                       "value: won / closed");
  return out;
}

}  // namespace

Result<> check_populations(const YamlNode& node, const Definition& definition, const Variant& variant) {
  if (variant.interval.kind != IntervalKind::wilson) return {};
  const YamlNode& place = *node.find("interval");
  const auto sides = sides_of(variant.value);
  if (!sides)
    return place.error("definition.share", "the interval wilson is of a share: a count divided by a count",
                       "value: won / closed");
  VIGIE_TRY(const auto above, counted(place, definition, sides->first));
  VIGIE_TRY(const auto below, counted(place, definition, sides->second));
  const auto is_below = [&](const Measure* measure) {
    return std::ranges::any_of(below, [&](const Measure* other) { return same_population(*measure, *other); });
  };
  if (std::ranges::none_of(above, is_below))
    return place.error(
        "definition.populations",
        fmt::format("a ratio of unlike populations: {} counts {}, {} counts {}", above.front()->name,
                    population_of(*above.front()), below.front()->name, population_of(*below.front())),
        "count both in the same rows and period, or leave the interval out: this is no share of anything");
  return {};
}

}  // namespace vigie::catalog

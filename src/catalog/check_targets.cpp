// Are the targets of vigie.yaml those of figures that there are, and can these reach them?
#include "base/text.h"
#include "catalog/catalog.h"

namespace vigie::catalog {
namespace {

using expr::Expr;
using expr::Op;

struct Bounds {
  std::optional<int> least, most;
};

bool is_below_zero(const expr::Literal& literal) {
  if (const auto* integer = std::get_if<std::int64_t>(&literal)) return *integer < 0;
  if (const auto* decimal = std::get_if<Decimal>(&literal)) return *decimal < Decimal();
  if (const auto* real = std::get_if<double>(&literal)) return *real < 0;
  return false;
}

/// Does a measure count what is there, or add up how much of it there is at an instant, such as people in equivalents
/// of full time? Over a time an amount may be a refund, a quantity one sent back.
bool counts(const Measure& measure) {
  using store::AggregateFn;
  if (measure.form != Measure::Form::aggregate) return false;
  if (measure.fn == AggregateFn::count || measure.fn == AggregateFn::count_distinct) return true;
  return measure.fn == AggregateFn::sum && measure.at.empty() && measure.value->op == Op::column &&
         (measure.value->type == expr::Type::integer || measure.value->type == expr::Type::number);
}

/// Does a formula count things, and count them up alone?
bool counts_up(const Expr& e, const Definition& definition) {
  const auto counts_too = [&](const Expr& arg) { return counts_up(arg, definition); };
  switch (e->op) {
    case Op::literal: return !is_below_zero(e->literal);
    case Op::column: {
      const auto found = definition.measures.find(e->name);
      return found != definition.measures.end() && counts(found->second);
    }
    case Op::as_real:
    case Op::as_number:
    case Op::add:
    case Op::mul:
    case Op::div:
    case Op::coalesce:
    case Op::least: return std::ranges::all_of(e->args, counts_too);
    default: return false;
  }
}

/// Does a formula put together sums of this column alone, each as it is?
bool sums_alone(const Expr& e, std::string_view column, const Definition& definition) {
  if (e->op == Op::column) {
    const auto found = definition.measures.find(e->name);
    if (found == definition.measures.end() || found->second.fn != store::AggregateFn::sum) return false;
    const Expr& value = found->second.value;
    return value && value->op == Op::column && value->name == column;
  }
  const bool adds = e->op == Op::add || e->op == Op::sub || e->op == Op::as_real;
  return adds && std::ranges::all_of(e->args, [&](const Expr& arg) { return sums_alone(arg, column, definition); });
}

/// What is kept of what was sold: of any sale at most all of it, though one at a loss keeps less than nothing. A refund
/// of an earlier sale at a low margin may leave more: (90 - 10) / (100 - 50) is 160 %; and nobody aims there.
bool is_kept_share(const Definition& definition, const Variant& variant) {
  const Expr& e = variant.value;
  return variant.form == Form::formula && e->op == Op::div && sums_alone(e->args[0], "margin", definition) &&
         sums_alone(e->args[1], "amount_net", definition);
}

/// Between which values a figure lies whatever happens.
Bounds bounds_of(const Definition& definition, const Variant& variant) {
  const Unit unit = variant.unit.value_or(definition.unit);
  if (variant.interval.kind == IntervalKind::wilson || (variant.form == Form::curve && unit == Unit::rate))
    return {0, 1};
  if (variant.interval.kind == IntervalKind::nps) return {-100, 100};
  if (unit == Unit::days || unit == Unit::mark) return {0, std::nullopt};
  if (variant.form == Form::formula && counts_up(variant.value, definition)) return {0, std::nullopt};
  return {};
}

/// A credit note may take a cost below nothing, and nobody aims there. Of a rate one may: customers who pay more than
/// the leavers paid make a loss below 0.
bool is_at_best_nothing(const Definition& definition, const Variant& variant) {
  const Unit unit = variant.unit.value_or(definition.unit);
  return definition.direction == Direction::down && variant.form != Form::table &&
         (unit == Unit::money || unit == Unit::months);
}

/// 15 for 15 % is what nothing will ever reach.
Result<> check_reachable(const Target& target, const Definition& definition, const Variant& variant) {
  const Bounds bounds = bounds_of(definition, variant);
  const std::string name = fmt::format("{}:{}", definition.id, variant.name);
  constexpr const char* kWriteAShare = "write a share: 0.15 for 15 %";
  if (bounds.least && target.value < Decimal::integer(*bounds.least))
    return fail(
        ErrorKind::usage, "settings.target",
        fmt::format("{} is never below {}: the target {} says nothing", name, *bounds.least, target.value.to_plain()),
        target.where, "mend its value");
  if (is_at_best_nothing(definition, variant) && target.value < Decimal())
    return fail(ErrorKind::usage, "settings.target",
                fmt::format("{} is at best 0: the target {} says nothing", name, target.value.to_plain()), target.where,
                "mend its value");
  if (is_kept_share(definition, variant) && target.value > Decimal::integer(1))
    return fail(
        ErrorKind::usage, "settings.target",
        fmt::format("{} is above 1 by refunds alone: the target {} says nothing", name, target.value.to_plain()),
        target.where, kWriteAShare);
  if (bounds.most && target.value > Decimal::integer(*bounds.most))
    return fail(
        ErrorKind::usage, "settings.target",
        fmt::format("{} is never above {}: the target {} is out of reach", name, *bounds.most, target.value.to_plain()),
        target.where, *bounds.most == 1 ? kWriteAShare : "mend its value");
  return {};
}

}  // namespace

Result<> check_targets(const Settings& settings, const Catalog& catalog) {
  constexpr Date kLatest{std::numeric_limits<std::int32_t>::max()};
  for (const Target& target : settings.targets) {
    const auto found = catalog.find(target.kpi, std::nullopt, kLatest);
    if (catalog.may_be_refused(target.kpi)) continue;  // the settings are not to blame
    if (!found)
      return fail(ErrorKind::usage, found.error().code, found.error().message, target.where, found.error().hint);
    const Definition& definition = **found;
    if (definition.id != target.kpi)
      return fail(ErrorKind::usage, "settings.target",
                  fmt::format("\"{}\" is a name of {}: a target is set by its id", target.kpi, definition.id),
                  target.where, "write kpi: " + definition.id);
    const Variant* const wanted = definition.variant(target.variant);
    if (wanted && !target.relation.empty() && wanted->apart.empty())
      return fail(ErrorKind::usage, "settings.target",
                  fmt::format("{}:{} does not tell customers under contract from others: its target has no relation",
                              definition.id, wanted->name),
                  target.where, "leave relation out");
    if (wanted) {
      VIGIE_CHECK(check_reachable(target, definition, *wanted));
      continue;
    }
    std::vector<std::string> known;
    for (const Variant& variant : definition.variants) known.push_back(variant.name);
    return fail(ErrorKind::usage, "variant.unknown",
                fmt::format("{} has no variant \"{}\"", definition.id, target.variant), target.where,
                suggestion(target.variant, known));
  }
  return {};
}

}  // namespace vigie::catalog

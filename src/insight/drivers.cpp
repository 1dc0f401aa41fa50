#include "insight/drivers.h"

#include <cmath>

#include "insight/linear_form.h"
#include "stats/decomposition.h"

namespace vigie::insight {
namespace {

using expr::Op;
using stats::Fraction;
using Level = kpi::Evaluation::Level;
using Exact = std::optional<Fraction>;  ///< empty: no value

/// Empty where there is none: a null measure, nothing to divide by.
using ExactLookup = std::function<Result<Exact>(const expr::Node& name)>;

Exact arithmetic(Op op, const Fraction& a, const Fraction& b) {
  if (op == Op::add) return a + b;
  if (op == Op::sub) return a - b;
  if (op == Op::mul) return a * b;
  if (stats::is_zero(b)) return std::nullopt;
  return a * Fraction{b.denominator, b.numerator};
}

/// A formula of sums, products and quotients as the exact fraction that it is.
Result<Exact> exact_value(const expr::Expr& e, const ExactLookup& lookup) {
  switch (e->op) {
    case Op::literal:
      if (const auto* integer = std::get_if<std::int64_t>(&e->literal)) return Fraction{stats::BigInt(*integer), 1};
      if (const auto* decimal = std::get_if<Decimal>(&e->literal))
        return stats::fraction_of(*decimal, Decimal::integer(1));
      break;
    case Op::column:
    case Op::parameter: return lookup(*e);
    case Op::as_real:
    case Op::as_number: return exact_value(e->args[0], lookup);
    case Op::neg: {
      VIGIE_TRY(const Exact value, exact_value(e->args[0], lookup));
      return value ? Exact(Fraction{} - *value) : value;
    }
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::div: {
      VIGIE_TRY(Exact out, exact_value(e->args[0], lookup));
      for (std::size_t i = 1; i < e->args.size() && out; ++i) {
        VIGIE_TRY(const Exact next, exact_value(e->args[i], lookup));
        out = next ? arithmetic(e->op, *out, *next) : next;
      }
      return out;
    }
    default: break;
  }
  return fail(ErrorKind::usage, "definition.drivers", "drivers are made of sums, products and quotients of measures",
              e->where);
}

/// The parts of all drivers on both sides of the change, and whose they are.
struct DriverParts {
  struct Part {
    std::size_t driver = 0;
    Exact before, after;
  };
  std::map<std::string, Part, std::less<>> by_name;

  /// With the drivers in `changed` as after, the others as before.
  const Fraction& at(std::string_view name, std::uint32_t changed) const {
    static const Fraction kNothing;  // neither side has any: whatever it is multiplied with is 0
    const Part& part = by_name.find(name)->second;
    const bool moved = changed >> part.driver & 1U;
    const Exact& own = moved ? part.after : part.before;
    const Exact& other = moved ? part.before : part.after;
    return own ? *own : other ? *other : kNothing;
  }
};

ExactLookup measures_of(const kpi::Evaluation& evaluation, const plan::Span& span) {
  return [&evaluation, span](const expr::Node& name) -> Result<Exact> {
    VIGIE_TRY(const kpi::Value value,
              evaluation.lookup((name.op == Op::parameter ? "$" : "") + name.name, span, {}, Level::total));
    return exact(value);
  };
}

Result<DriverParts> read_parts(const catalog::Drivers& drivers, const kpi::Evaluation& evaluation,
                               const plan::Span& before, const plan::Span& after) {
  DriverParts out;
  for (std::size_t i = 0; i < drivers.of.size(); ++i)
    for (const auto& [name, formula] : drivers.of[i].parts) {
      DriverParts::Part& part = out.by_name[name];
      part.driver = i;
      VIGIE_TRY(part.before, exact_value(formula, measures_of(evaluation, before)));
      VIGIE_TRY(part.after, exact_value(formula, measures_of(evaluation, after)));
    }
  return out;
}

Result<std::optional<double>> shown(const catalog::Driver& driver, const kpi::Evaluation& evaluation,
                                    const plan::Span& span) {
  const kpi::Lookup at = [&](const std::string& name) { return evaluation.lookup(name, span, {}, Level::total); };
  VIGIE_TRY(const kpi::Value value, kpi::evaluate(driver.shown, at));
  return value.optional();
}

bool equal(const Fraction& a, const Fraction& b) { return stats::is_zero(a - b); }

}  // namespace

DriverEffects refused_drivers(std::string code) {
  static const std::map<std::string, Text, std::less<>> kReasons{
      {"out_of_reach",
       {"not known, since the filter does not reach what they are counted from",
        "inconnus, car le filtre n'atteint pas ce sur quoi ils se comptent"}},
      {"inexact", {"as defined they do not make up the figure", "tels que définis, ils ne refont pas le chiffre"}},
      {"too_large",
       {"its figures have more digits than an exact split can hold",
        "ses chiffres ont plus de décimales qu'un partage exact n'en tient"}},
  };
  DriverEffects out;
  out.why_not = kReasons.find(code)->second;
  out.refusal = std::move(code);
  return out;
}

catalog::Variant with_driver_measures(const catalog::Variant& variant) {
  catalog::Variant out = variant;
  // As further measures of the row they are planned with the rest.
  for (const catalog::Driver& driver : variant.drivers.of) {
    out.beside["driver." + driver.name] = driver.shown;
    for (const auto& [name, part] : driver.parts) out.beside["part." + name] = part;
  }
  out.beside["drivers.needs"] = variant.drivers.needs;
  return out;
}

Result<DriverEffects> driver_effects(const catalog::Drivers& drivers, const kpi::Evaluation& evaluation,
                                     const ChangeSide& before, const ChangeSide& after, const Decimal& change) {
  for (const ChangeSide* side : {&before, &after}) {
    VIGIE_TRY(const bool there, evaluation.is_true(drivers.needs, side->span, {}, Level::total));
    if (!there) return DriverEffects{"no_parts", drivers.missing, {}};
  }
  VIGIE_TRY(const DriverParts parts, read_parts(drivers, evaluation, before.span, after.span));
  std::optional<Error> failed;
  const auto figure = [&](std::uint32_t changed) -> Fraction {
    const ExactLookup part = [&](const expr::Node& name) -> Result<Exact> { return parts.at(name.name, changed); };
    auto value = exact_value(drivers.figure, part);
    if (!value) failed = value.error();
    return value && *value ? **value : Fraction{};
  };
  const std::uint32_t all = (1U << drivers.of.size()) - 1;
  const bool meets = equal(figure(0), before.figure) && equal(figure(all), after.figure);
  if (failed) return std::unexpected(*failed);
  if (!meets) return refused_drivers("inexact");
  const auto effects = stats::decompose_function(drivers.of.size(), figure, change);
  if (failed) return std::unexpected(*failed);
  if (!effects && effects.error().code == "decimal.overflow") return refused_drivers("too_large");
  if (!effects) return std::unexpected(effects.error());
  DriverEffects out;
  for (std::size_t i = 0; i < drivers.of.size(); ++i) {
    const catalog::Driver& driver = drivers.of[i];
    DriverEffect one{driver.name, driver.label, std::string(catalog::name_of(driver.unit)), {}, {}, (*effects)[i]};
    VIGIE_TRY(one.before, shown(driver, evaluation, before.span));
    VIGIE_TRY(one.after, shown(driver, evaluation, after.span));
    out.effects.push_back(std::move(one));
  }
  std::ranges::stable_sort(out.effects, std::greater<>{},
                           [](const DriverEffect& one) { return std::abs(one.effect.to_double()); });
  return out;
}

}  // namespace vigie::insight

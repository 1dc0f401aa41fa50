#include "insight/summed_formula.h"

namespace vigie::insight {
namespace {

using expr::Expr;
using expr::Op;
using kpi::Evaluation;
using kpi::Level;
using kpi::Value;

/// The arm of a choice that holds of the whole in every span; null where they differ.
Result<Expr> decided(Expr e, const Evaluation& evaluation, std::span<const plan::Span> spans) {
  while (e && e->op == Op::case_) {
    std::optional<std::size_t> arm;
    for (const plan::Span& span : spans) {
      std::size_t here = 0;
      for (; here + 1 < e->args.size(); here += 2) {
        VIGIE_TRY(const bool holds, evaluation.is_true(e->args[here], span, {}, Level::total));
        if (holds) break;
      }
      const std::size_t chosen = here + 1 < e->args.size() ? here + 1 : e->args.size() - 1;
      if (arm && *arm != chosen) return Expr{};
      arm = chosen;
    }
    e = arm ? e->args[*arm] : e->args.back();
  }
  return e;
}

bool adds_up(const Expr& e) {
  const bool linear = e->op == Op::column || e->op == Op::add || e->op == Op::sub || e->op == Op::neg;
  return linear && std::ranges::all_of(e->args, adds_up);
}

/// Is every measure of the side a mean of month-ends, and the side made of them by adding up?
bool is_of_means(const Expr& side, const Evaluation& evaluation) {
  const auto& measures = evaluation.bound().definition->measures;
  std::vector<std::string> names;
  expr::columns_of(side, names);
  const auto is_mean = [&](const std::string& name) {
    const auto found = measures.find(name);
    return found != measures.end() && found->second.over == catalog::Over::month_ends_12;
  };
  return !names.empty() && std::ranges::all_of(names, is_mean) && adds_up(side);
}

/// days / 1 day / count as days / (count · 1 day): a sum over a number of units, and exact, while a quotient is
/// neither.
SummedFormula with_whole_sides(Expr numerator, Expr denominator) {
  while (numerator->op == Op::div && numerator->args[1]->op == Op::literal &&
         numerator->args[1]->type == expr::Type::duration) {
    denominator = expr::call(Op::mul, expr::Type::duration, {std::move(denominator), numerator->args[1]});
    numerator = Expr(numerator->args[0]);
  }
  return {std::move(numerator), std::move(denominator)};
}

}  // namespace

Result<std::optional<SummedFormula>> formula_of_whole(const Expr& formula, const Evaluation& evaluation,
                                                      std::span<const plan::Span> spans) {
  VIGIE_TRY(const Expr whole, decided(formula, evaluation, spans));
  if (!whole) return std::nullopt;
  const auto sides = kpi::fraction_of(whole);
  if (!sides) return SummedFormula{whole, nullptr};
  VIGIE_TRY(const Expr numerator, decided(sides->numerator, evaluation, spans));
  VIGIE_TRY(const Expr denominator, decided(sides->denominator, evaluation, spans));
  if (!numerator || !denominator) return std::nullopt;
  return with_whole_sides(numerator, denominator);
}

Result<SideRead> read_side(const Expr& side, const Evaluation& evaluation, const calendar::Calendar& calendar,
                           const plan::Span& span, const plan::Key& key, Level level) {
  const bool means = is_of_means(side, evaluation);
  const kpi::Lookup at = [&](const std::string& name) {
    return means ? evaluation.summed(name, span, key, level) : evaluation.lookup(name, span, key, level);
  };
  VIGIE_TRY(const Value value, kpi::evaluate(side, at));
  if (value.is_null()) return SideRead{{}, "unknown"};
  if (value.kind != Value::Kind::exact) return SideRead{{}, "inexact"};
  const auto ends = means ? static_cast<std::int64_t>(plan::month_ends_12(calendar, span).size()) : 1;
  return SideRead{ExactSum{value.exact, Decimal::integer(ends)}, {}};
}

}  // namespace vigie::insight

#pragma once
#include <functional>
#include <optional>

#include "base/decimal.h"
#include "expr/expr.h"

namespace vigie::kpi {

/// A figure of a formula: exact while only sums and products made it, a double after a division, or null with the
/// reason.
struct Value {
  enum class Kind { null, exact, real } kind = Kind::null;
  Decimal exact;
  double real = 0;
  std::string reason;  ///< of a null

  static Value null(std::string why) { return {Kind::null, {}, 0, std::move(why)}; }
  static Value of(Decimal value) { return {Kind::exact, value, 0, {}}; }
  static Value of(double value) { return {Kind::real, {}, value, {}}; }
  bool is_null() const { return kind == Kind::null; }
  double number() const { return kind == Kind::exact ? exact.to_double() : real; }
  std::optional<double> optional() const { return is_null() ? std::nullopt : std::optional(number()); }
};

using Lookup = std::function<Result<Value>(const std::string& name)>;

/// Evaluates a formula over measures. `lookup` gives measures and other KPIs by column name, and parameters by "$name".
Result<Value> evaluate(const expr::Expr& formula, const Lookup& lookup);

/// The two sides of a formula whose outermost operation is a division; empty otherwise.
struct Fraction {
  expr::Expr numerator, denominator;
};
std::optional<Fraction> fraction_of(const expr::Expr& formula);

}  // namespace vigie::kpi

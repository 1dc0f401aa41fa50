#include "insight/linear_form.h"

#include <cmath>

namespace vigie::insight {
namespace {

using expr::Op;
using stats::Fraction;
using Form = std::optional<LinearRatio>;

Fraction whole(std::int64_t value) { return {stats::BigInt(value), 1}; }

Linear constant(const Fraction& value) { return {{}, value}; }

void add_term(Linear& to, const std::string& name, const Fraction& coefficient) {
  const auto known = std::ranges::find(to.terms, name, &std::pair<std::string, Fraction>::first);
  if (known == to.terms.end()) {
    to.terms.emplace_back(name, coefficient);
    return;
  }
  known->second = known->second + coefficient;
  if (stats::is_zero(known->second)) to.terms.erase(known);
}

Linear scaled(Linear from, const Fraction& by) {
  for (auto& [name, coefficient] : from.terms) coefficient = coefficient * by;
  from.constant = from.constant * by;
  if (stats::is_zero(by)) from.terms.clear();
  return from;
}

Linear sum(Linear a, const Linear& b) {
  for (const auto& [name, coefficient] : b.terms) add_term(a, name, coefficient);
  a.constant = a.constant + b.constant;
  return a;
}

bool equal(const Linear& a, const Linear& b) {
  const Linear difference = sum(a, scaled(b, whole(-1)));
  return difference.terms.empty() && stats::is_zero(difference.constant);
}

Form sum(const LinearRatio& a, const LinearRatio& b) {
  if (equal(a.denominator, b.denominator)) return LinearRatio{sum(a.numerator, b.numerator), a.denominator};
  return std::nullopt;
}

Form product(const LinearRatio& a, const LinearRatio& b) {
  for (const auto& [factor, other] : {std::pair{&a, &b}, std::pair{&b, &a}}) {
    if (!factor->numerator.is_constant() || !factor->denominator.is_constant()) continue;
    return LinearRatio{scaled(other->numerator, factor->numerator.constant),
                       scaled(other->denominator, factor->denominator.constant)};
  }
  return std::nullopt;
}

Form quotient(const LinearRatio& a, const LinearRatio& b) {
  if (!a.denominator.is_constant() || !b.denominator.is_constant()) return std::nullopt;
  return LinearRatio{scaled(a.numerator, b.denominator.constant), scaled(b.numerator, a.denominator.constant)};
}

class Reader {
 public:
  explicit Reader(const kpi::Lookup& parameters) : parameters_(parameters) {}

  Result<Form> read(const expr::Expr& e) {
    switch (e->op) {
      case Op::literal: return literal(e->literal);
      case Op::parameter: {
        VIGIE_TRY(const kpi::Value value, parameters_("$" + e->name));
        const auto known = exact(value);
        return known ? Form(of(constant(*known))) : Form();
      }
      case Op::column: return Form(of(Linear{{{e->name, whole(1)}}, whole(0)}));
      case Op::as_real:
      case Op::as_number: return read(e->args[0]);
      case Op::neg:
      case Op::add:
      case Op::sub:
      case Op::mul:
      case Op::div: return arithmetic(e);
      default: return Form();
    }
  }

 private:
  static LinearRatio of(Linear numerator) { return {std::move(numerator), constant(whole(1))}; }

  static Form literal(const expr::Literal& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return of(constant(whole(*integer)));
    if (const auto* decimal = std::get_if<Decimal>(&value))
      return of(constant(stats::fraction_of(*decimal, Decimal::integer(1))));
    return std::nullopt;
  }

  Result<Form> arithmetic(const expr::Expr& e) {
    VIGIE_TRY(Form out, read(e->args[0]));
    if (out && e->op == Op::neg) out->numerator = scaled(out->numerator, whole(-1));
    for (std::size_t i = 1; i < e->args.size() && out; ++i) {
      VIGIE_TRY(Form next, read(e->args[i]));
      if (!next) return Form();
      if (e->op == Op::sub) next->numerator = scaled(next->numerator, whole(-1));
      if (e->op == Op::add || e->op == Op::sub) out = sum(*out, *next);
      else out = e->op == Op::mul ? product(*out, *next) : quotient(*out, *next);
    }
    return out;
  }

  const kpi::Lookup& parameters_;
};

}  // namespace

Result<std::optional<LinearRatio>> linear_ratio_of(const expr::Expr& formula, const kpi::Lookup& parameters) {
  if (!formula) return std::optional<LinearRatio>();
  return Reader(parameters).read(formula);
}

std::optional<Fraction> exact(const kpi::Value& value) {
  if (value.is_null()) return std::nullopt;
  if (value.kind == kpi::Value::Kind::exact) return stats::fraction_of(value.exact, Decimal::integer(1));
  // A finite double is a whole number of 53 bits times a power of two.
  int exponent = 0;
  const double mantissa = std::frexp(value.real, &exponent);
  Fraction out{stats::BigInt(static_cast<std::int64_t>(std::ldexp(mantissa, 53))), 1};
  exponent -= 53;
  const auto power = static_cast<unsigned>(std::abs(exponent));
  if (exponent > 0) out.numerator <<= power;
  else out.denominator <<= power;
  return out;
}

}  // namespace vigie::insight

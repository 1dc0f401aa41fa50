#include "kpi/formula.h"

namespace vigie::kpi {
namespace {

using expr::Op;

Value literal_value(const expr::Literal& literal) {
  if (const auto* integer = std::get_if<std::int64_t>(&literal)) return Value::of(Decimal::integer(*integer));
  if (const auto* decimal = std::get_if<Decimal>(&literal)) return Value::of(*decimal);
  if (const auto* real = std::get_if<double>(&literal)) return Value::of(*real);
  if (const auto* flag = std::get_if<bool>(&literal)) return Value::of(Decimal::integer(*flag));
  if (const auto* micros = std::get_if<expr::Micros>(&literal)) return Value::of(Decimal::integer(micros->value));
  return Value::null("not_applicable");
}

Result<Value> exact_or_real(const Value& a, const Value& b, Op op) {
  if (a.kind == Value::Kind::exact && b.kind == Value::Kind::exact) {
    VIGIE_TRY(const Decimal out, op == Op::add   ? a.exact.plus(b.exact)
                                 : op == Op::sub ? a.exact.minus(b.exact)
                                                 : a.exact.times(b.exact));
    return Value::of(out);
  }
  const double x = a.number(), y = b.number();
  return Value::of(op == Op::add ? x + y : op == Op::sub ? x - y : x * y);
}

Value divide(const Value& a, const Value& b) {
  if (a.kind == Value::Kind::exact && b.kind == Value::Kind::exact) {
    if (b.exact.is_zero()) return Value::null("no_denominator");
    return Value::of(ratio(a.exact, b.exact));
  }
  if (b.number() == 0) return Value::null("no_denominator");
  return Value::of(a.number() / b.number());
}

Value compare(const Value& a, const Value& b, Op op) {
  const bool exact = a.kind == Value::Kind::exact && b.kind == Value::Kind::exact;
  const auto order = exact ? std::partial_ordering(a.exact <=> b.exact) : a.number() <=> b.number();
  bool out = false;
  switch (op) {
    case Op::eq: out = order == 0; break;
    case Op::ne: out = order != 0; break;
    case Op::lt: out = order < 0; break;
    case Op::le: out = order <= 0; break;
    case Op::gt: out = order > 0; break;
    default: out = order >= 0;
  }
  return Value::of(Decimal::integer(out));
}

bool truth(const Value& value) { return !value.is_null() && value.number() != 0; }

class FormulaEvaluator {
 public:
  explicit FormulaEvaluator(const Lookup& lookup) : lookup_(lookup) {}

  Result<Value> at(const expr::Expr& e) {
    switch (e->op) {
      case Op::literal: return literal_value(e->literal);
      case Op::column: return lookup_(e->name);
      case Op::parameter: return lookup_("$" + e->name);
      case Op::coalesce: return first_not_null(e);
      case Op::case_: return cases(e);
      case Op::is_null:
      case Op::is_not_null: {
        VIGIE_TRY(const Value value, at(e->args[0]));
        return Value::of(Decimal::integer(value.is_null() == (e->op == Op::is_null)));
      }
      case Op::and_:
      case Op::or_: return connective(e);
      default: return strict(e);
    }
  }

 private:
  Result<Value> first_not_null(const expr::Expr& e) {
    Value out = Value::null("no_data");
    for (const expr::Expr& arg : e->args) {
      VIGIE_TRY(out, at(arg));
      if (!out.is_null()) break;
    }
    return out;
  }

  Result<Value> cases(const expr::Expr& e) {
    for (std::size_t i = 0; i + 1 < e->args.size(); i += 2) {
      VIGIE_TRY(const Value condition, at(e->args[i]));
      if (truth(condition)) return at(e->args[i + 1]);
    }
    return at(e->args.back());
  }

  Result<Value> connective(const expr::Expr& e) {
    const bool all = e->op == Op::and_;
    for (const expr::Expr& arg : e->args) {
      VIGIE_TRY(const Value value, at(arg));
      if (truth(value) != all) return Value::of(Decimal::integer(!all));
    }
    return Value::of(Decimal::integer(all));
  }

  /// Operations that are null when an argument is.
  Result<Value> strict(const expr::Expr& e) {
    std::vector<Value> args;
    for (const expr::Expr& arg : e->args) {
      VIGIE_TRY(Value value, at(arg));
      if (value.is_null()) return value;
      args.push_back(std::move(value));
    }
    switch (e->op) {
      case Op::add:
      case Op::sub:
      case Op::mul: {
        Value out = args[0];
        for (std::size_t i = 1; i < args.size(); ++i) {
          VIGIE_TRY(out, exact_or_real(out, args[i], e->op));
        }
        return out;
      }
      case Op::div: return divide(args[0], args[1]);
      case Op::neg: return exact_or_real(Value::of(Decimal::integer(0)), args[0], Op::sub);
      case Op::as_real: return Value::of(args[0].number());
      case Op::as_number: return args[0];
      case Op::abs:
        return args[0].number() < 0 ? exact_or_real(Value::of(Decimal::integer(0)), args[0], Op::sub) : args[0];
      case Op::not_: return Value::of(Decimal::integer(!truth(args[0])));
      case Op::least: return *std::ranges::min_element(args, {}, &Value::number);
      case Op::greatest: return *std::ranges::max_element(args, {}, &Value::number);
      case Op::eq:
      case Op::ne:
      case Op::lt:
      case Op::le:
      case Op::gt:
      case Op::ge: return compare(args[0], args[1], e->op);
      default:
        return fail(ErrorKind::usage, "definition.formula", "this operation has no place in a formula over measures",
                    e->where);
    }
  }

  const Lookup& lookup_;
};

}  // namespace

Result<Value> evaluate(const expr::Expr& formula, const Lookup& lookup) { return FormulaEvaluator(lookup).at(formula); }

std::optional<Fraction> fraction_of(const expr::Expr& formula) {
  if (!formula || formula->op != Op::div) return std::nullopt;
  return Fraction{formula->args[0], formula->args[1]};
}

}  // namespace vigie::kpi

#include "expr/print.h"

#include "expr/printer.h"

namespace vigie::expr {
namespace {

bool is_value(const Expr& e) { return e->op == Op::literal && !is_null_literal(e); }
bool is_decimal(Type type) { return type == Type::number || type == Type::money; }

std::string_view symbol(Op op) {
  switch (op) {
    case Op::lt: return "<";
    case Op::le: return "<=";
    case Op::gt: return ">";
    case Op::ge: return ">=";
    case Op::add: return "+";
    case Op::sub: return "-";
    case Op::mul: return "*";
    default: std::unreachable();
  }
}

}  // namespace

std::string Dialect::boolean(bool value) const { return value ? "TRUE" : "FALSE"; }

std::string Dialect::like(const std::string& a, const std::string& pattern) const {
  // Without an escape in it, the plain form: engines turn '2025-%' into a prefix search only there.
  const bool escapes = pattern.find('\\') != std::string::npos;
  return fmt::format("({} LIKE {}{})", a, pattern, escapes ? " ESCAPE '\\'" : "");
}

std::string Dialect::lower(const std::string& a) const { return fmt::format("lower({})", a); }

std::string Dialect::product(const std::string& a, int scale_of_a, const std::string& b, int scale_of_b) const {
  return fmt::format("(CAST({} AS {}) * CAST({} AS {}))", a, type_name(Type::number, scale_of_a), b,
                     type_name(Type::number, scale_of_b));
}

std::string Dialect::extreme(Op op, const std::vector<std::string>& args) const {
  return fmt::format("{}({})", op == Op::least ? "LEAST" : "GREATEST", fmt::join(args, ", "));
}

std::string Dialect::converted(const std::string& amount, const std::string& per_document,
                               const std::string& per_target) const {
  return fmt::format("vigie_price({}, {}, {})", amount, per_document, per_target);
}

std::string Dialect::portion(const std::string& amount, const std::string& part, const std::string& whole) const {
  return fmt::format("vigie_portion({}, {}, {})", amount, part, whole);
}

std::string Dialect::any_bit(const std::string& a, const std::string& b) const {
  return fmt::format("(({} & {}) <> 0)", a, b);
}

std::string facet_name(std::string_view column, Facet facet) {
  switch (facet) {
    case Facet::value: return std::string(column);
    case Facet::day: return fmt::format("{}_day", column);
    case Facet::offset: return fmt::format("{}_off", column);
    case Facet::bare: return fmt::format("{}_bare", column);
  }
  std::unreachable();
}

std::string print(const Expr& e, const Dialect& dialect, Facet facet) {
  const Printer printer(dialect);
  return facet == Facet::value ? printer.value(e) : printer.facet(e, facet);
}

std::string print_condition(const Expr& e, const Dialect& dialect) { return Printer(dialect).condition(e); }

std::string Printer::cast(const std::string& sql, Type type, int scale) const {
  return fmt::format("CAST({} AS {})", sql, dialect_.type_name(type, scale));
}

std::string Printer::integer64(std::int64_t value) const {
  // Engines give a literal the narrowest type that holds it, so a small one would make 32-bit arithmetic; the smallest
  // of all is read as minus a number that has no 64-bit type.
  const bool wide =
      value > std::numeric_limits<std::int32_t>::max() || value < std::numeric_limits<std::int32_t>::min();
  const std::string digits = fmt::format("{}", value);
  return wide && value != std::numeric_limits<std::int64_t>::min() ? digits : cast(digits, Type::integer);
}

std::string Printer::real(double value) const {
  const std::string digits = fmt::format("{}", value);
  return digits.find('e') == std::string::npos ? digits + "e0" : digits;
}

std::string Printer::literal(const Node& node) const {
  struct Writer {
    const Printer& printer;
    const Node& node;
    std::string operator()(std::monostate) const {
      return node.type == Type::null ? "NULL" : printer.cast("NULL", node.type, node.scale);
    }
    std::string operator()(bool value) const { return printer.dialect_.boolean(value); }
    std::string operator()(std::int64_t value) const { return printer.integer64(value); }
    std::string operator()(const Decimal& value) const { return printer.dialect_.decimal(value); }
    std::string operator()(double value) const { return printer.real(value); }
    std::string operator()(const std::string& value) const { return printer.dialect_.text(value); }
    std::string operator()(Date value) const { return fmt::format("{}", value.days); }
    std::string operator()(const InstantLiteral& value) const { return printer.instant_facet(value, Facet::value); }
    std::string operator()(Micros value) const { return printer.integer64(value.value); }
    std::string operator()(const MoneyLiteral& value) const {
      // At the scale of the type, so that the engine's type is the tree's type.
      const Result<Decimal> amount = value.amount.rescaled(node.scale);
      return printer.dialect_.decimal(amount ? *amount : value.amount);
    }
  };
  return std::visit(Writer{*this, node}, node.literal);
}

std::string Printer::operand(const Expr& e) const {
  if (const auto* whole = std::get_if<std::int64_t>(&e->literal); e->op == Op::literal && whole)
    return fmt::format("{}", *whole);
  return value(e);
}

std::string Printer::as(const Expr& e, Type type, int scale) const {
  if (is_null_literal(e)) return cast("NULL", type, scale);
  const bool same_type = e->type == type && (!is_decimal(type) || e->scale == scale);
  return same_type ? value(e) : cast(value(e), type, scale);
}

std::vector<std::string> Printer::typed(const Node& node) const {
  std::vector<std::string> parts;
  parts.reserve(node.args.size());
  for (const Expr& arg : node.args) parts.push_back(as(arg, node.type, node.scale));
  return parts;
}

std::string Printer::logical(const Node& node, std::string_view separator) const {
  std::vector<std::string> parts;
  parts.reserve(node.args.size());
  for (const Expr& arg : node.args) parts.push_back(node.op == Op::or_ ? alternative(arg) : value(arg));
  return fmt::format("({})", fmt::join(parts, separator));
}

/// One side of an `or`. DuckDB 1.5.5 makes one filter of the comparisons of a column with values that an `or` holds,
/// and drops by it whole blocks in which the column has no value, although IS DISTINCT FROM is true of them. Behind a
/// COALESCE it sees no comparison to take.
std::string Printer::alternative(const Expr& e) const {
  const auto& args = e->args;
  if (e->op == Op::not_) return fmt::format("(NOT {})", alternative(args[0]));
  if (e->op == Op::and_ || e->op == Op::or_) {
    std::vector<std::string> parts;
    for (const Expr& arg : args) parts.push_back(alternative(arg));
    return fmt::format("({})", fmt::join(parts, e->op == Op::and_ ? " AND " : " OR "));
  }
  const bool same = e->op == Op::eq || e->op == Op::ne;
  if (!same || !(is_value(args[0]) || is_value(args[1])) || std::ranges::any_of(args, is_null_literal)) return value(e);
  const std::string equal = fmt::format("COALESCE({}, {})", compared(*e), dialect_.boolean(false));
  return e->op == Op::eq ? equal : fmt::format("(NOT {})", equal);
}

std::string Printer::condition(const Expr& e) const {
  if (e->op == Op::and_ || e->op == Op::or_) {
    std::vector<std::string> parts;
    for (const Expr& arg : e->args) {
      const bool plain = e->op == Op::and_ || arg->op == Op::eq || arg->op == Op::in;
      parts.push_back(plain ? condition(arg) : alternative(arg));
    }
    return fmt::format("({})", fmt::join(parts, e->op == Op::and_ ? " AND " : " OR "));
  }
  const auto& args = e->args;
  if (e->op == Op::eq && (is_value(args[0]) || is_value(args[1])) && std::ranges::none_of(args, is_null_literal))
    return compared(*e);
  if (e->op == Op::in && is_list_of_values(*e) && std::ranges::none_of(args, is_null_literal)) return in_values(*e);
  return value(e);
}

/// a < b and its like, and the plain = of a condition.
std::string Printer::compared(const Node& node) const {
  const Expr &a = node.args[0], &b = node.args[1];
  const bool inexact = (a->type == Type::real) != (b->type == Type::real);
  const auto side = [&](const Expr& e) { return inexact ? as(e, Type::real, 0) : operand(e); };
  const bool equals = node.op == Op::eq || node.op == Op::ne;
  return fmt::format("({} {} {})", side(a), equals ? "=" : symbol(node.op), side(b));
}

std::string Printer::same_value(const Expr& a, const Expr& b) const {
  if (is_null_literal(b)) return fmt::format("({} IS NULL)", value(a));
  if (is_null_literal(a)) return fmt::format("({} IS NULL)", value(b));
  const bool inexact = (a->type == Type::real) != (b->type == Type::real);
  const auto side = [&](const Expr& e) { return inexact ? as(e, Type::real, 0) : operand(e); };
  return dialect_.is_same(side(a), side(b));
}

bool Printer::is_list_of_values(const Node& node) {
  return std::ranges::all_of(std::span(node.args).subspan(1), [](const Expr& e) { return e->op == Op::literal; });
}

/// x in (…) of values and nulls, at least one value: null where x is null.
std::string Printer::in_values(const Node& node) const {
  const bool inexact = std::ranges::any_of(node.args, [](const Expr& e) { return e->type == Type::real; });
  const auto side = [&](const Expr& e) { return inexact ? as(e, Type::real, 0) : operand(e); };
  std::vector<std::string> values;
  for (const Expr& e : std::span(node.args).subspan(1))
    if (!is_null_literal(e)) values.push_back(side(e));
  return fmt::format("({} IN ({}))", side(node.args[0]), fmt::join(values, ", "));
}

/// x in (…) where null is a value: never null itself.
std::string Printer::member(const Node& node) const {
  const auto list = std::span(node.args).subspan(1);
  const bool has_null = std::ranges::any_of(list, is_null_literal);
  if (std::ranges::all_of(list, is_null_literal)) return fmt::format("({} IS NULL)", value(node.args[0]));
  if (is_list_of_values(node)) return fmt::format("COALESCE({}, {})", in_values(node), dialect_.boolean(has_null));
  std::vector<std::string> parts;
  for (const Expr& e : list) parts.push_back(same_value(node.args[0], e));
  return fmt::format("({})", fmt::join(parts, " OR "));
}

/// Sums and differences: engines add decimals of two scales exactly and refuse what does not fit.
std::string Printer::sum(const Node& node) const {
  const auto side = [&](const Expr& e) { return node.type == Type::real ? as(e, Type::real, 0) : value(e); };
  return fmt::format("({} {} {})", side(node.args[0]), symbol(node.op), side(node.args[1]));
}

std::string Printer::product(const Node& node) const {
  const Expr &a = node.args[0], &b = node.args[1];
  if (is_decimal(node.type)) return dialect_.product(value(a), a->scale, value(b), b->scale);
  const auto side = [&](const Expr& e) { return node.type == Type::real ? as(e, Type::real, 0) : value(e); };
  return fmt::format("({} * {})", side(a), side(b));
}

std::string Printer::case_of(const Node& node, Facet facet_wanted) const {
  const auto branch = [&](const Expr& e) {
    return node.type == Type::instant ? facet(e, facet_wanted) : as(e, node.type, node.scale);
  };
  std::string out = "(CASE";
  for (std::size_t i = 0; i + 1 < node.args.size(); i += 2)
    out += fmt::format(" WHEN {} THEN {}", condition(node.args[i]), branch(node.args[i + 1]));
  return out + fmt::format(" ELSE {} END)", branch(node.args.back()));
}

std::string Printer::value(const Expr& e) const {
  const auto& args = e->args;
  switch (e->op) {
    case Op::literal: return literal(*e);
    case Op::column: return dialect_.identifier(e->name);
    case Op::parameter: throw std::logic_error(fmt::format("parameter ${} is printed before it is bound", e->name));
    case Op::and_: return logical(*e, " AND ");
    case Op::or_: return logical(*e, " OR ");
    case Op::not_: return fmt::format("(NOT {})", value(args[0]));
    case Op::eq: return same_value(args[0], args[1]);
    case Op::ne: return fmt::format("(NOT {})", same_value(args[0], args[1]));
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge: return compared(*e);
    case Op::in: return member(*e);
    case Op::like: return dialect_.like(value(args[0]), value(args[1]));
    case Op::is_null: return fmt::format("({} IS NULL)", value(args[0]));
    case Op::is_not_null: return fmt::format("({} IS NOT NULL)", value(args[0]));
    case Op::add:
    case Op::sub: return e->type == Type::date ? moved_day(*e) : sum(*e);
    case Op::mul: return product(*e);
    case Op::div: return dialect_.divide(as(args[0], Type::real, 0), as(args[1], Type::real, 0));
    case Op::neg: return fmt::format("(- {})", value(args[0]));  // the blank keeps "- -5" from being a comment
    case Op::coalesce: return fmt::format("COALESCE({})", fmt::join(typed(*e), ", "));
    case Op::case_: return case_of(*e, Facet::value);
    case Op::least:
    case Op::greatest: return dialect_.extreme(e->op, typed(*e));
    case Op::abs: return fmt::format("abs({})", value(args[0]));
    case Op::lower: return dialect_.lower(value(args[0]));
    case Op::any_bit: return dialect_.any_bit(value(args[0]), value(args[1]));
    case Op::as_real: return as(args[0], Type::real, 0);
    case Op::as_number: return as(args[0], Type::number, e->scale);
    case Op::on_clock: return value(args[0]);
    case Op::converted: return dialect_.converted(value(args[0]), value(args[1]), value(args[2]));
    case Op::portion:
      return dialect_.portion(cast(value(args[0]), Type::number, kMoneyScale), cast(value(args[1]), Type::integer),
                              cast(value(args[2]), Type::integer));
    case Op::exp2: return fmt::format("pow(2, {})", as(args[0], Type::real, 0));
    case Op::concat: return fmt::format("({})", fmt::join(typed(*e), " || "));
    case Op::date_of:
    case Op::year:
    case Op::month:
    case Op::quarter:
    case Op::weekday:
    case Op::hour:
    case Op::utc_offset:
    case Op::duration:
    case Op::within:
    case Op::matured: return time_call(*e);
  }
  std::unreachable();
}

}  // namespace vigie::expr

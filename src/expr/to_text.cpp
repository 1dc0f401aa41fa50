#include "expr/functions.h"
#include "expr/lexer.h"
#include "expr/print.h"
#include "expr/quantity.h"
#include "expr/typing.h"

namespace vigie::expr {
namespace {

/// How strongly a piece of text holds together; weaker ones stand in parentheses inside stronger places.
enum class Strength { alternative, conjunction, negation, comparison, sum, product, minus, whole };

bool is_test(Op op) { return op == Op::in || op == Op::like; }

bool is_negative(const Literal& value) {
  if (const auto* v = std::get_if<std::int64_t>(&value)) return *v < 0;
  if (const auto* v = std::get_if<Decimal>(&value)) return v->units() < 0;
  if (const auto* v = std::get_if<double>(&value)) return std::signbit(*v);
  if (const auto* v = std::get_if<Micros>(&value)) return v->value < 0;
  if (const auto* v = std::get_if<MoneyLiteral>(&value)) return v->amount.units() < 0;
  return false;
}

bool is_quantity(const Expr& e) {
  return e->op == Op::literal && (is_plain_number(e->type) || e->type == Type::money || e->type == Type::duration);
}

Strength strength_of(const Expr& e) {
  switch (e->op) {
    case Op::or_: return Strength::alternative;
    case Op::and_: return Strength::conjunction;
    case Op::not_: return is_test(e->args[0]->op) ? Strength::comparison : Strength::negation;
    case Op::eq:
    case Op::ne:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
    case Op::in:
    case Op::like:
    case Op::is_null:
    case Op::is_not_null: return Strength::comparison;
    case Op::add:
    case Op::sub: return Strength::sum;
    case Op::mul:
    case Op::div: return Strength::product;
    case Op::neg: return Strength::minus;
    case Op::literal: return is_negative(e->literal) ? Strength::minus : Strength::whole;
    default: return Strength::whole;
  }
}

Strength above(Strength strength) { return static_cast<Strength>(static_cast<int>(strength) + 1); }

std::string text_of(const Expr& e);

/// The text, in parentheses where it is weaker than its place.
std::string inside(const Expr& e, Strength least) {
  return strength_of(e) < least ? fmt::format("({})", text_of(e)) : text_of(e);
}

std::string list_of(std::span<const Expr> args) {
  std::vector<std::string> parts;
  for (const Expr& arg : args) parts.push_back(text_of(arg));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string chain(const Expr& e, std::string_view word) {
  std::vector<std::string> parts;
  for (const Expr& arg : e->args) parts.push_back(inside(arg, above(strength_of(e))));
  return fmt::format("{}", fmt::join(parts, word));
}

std::string test(const Expr& e, std::string_view negation) {
  const std::string left = inside(e->args[0], Strength::sum);
  if (e->op == Op::like) return fmt::format("{}{} like {}", left, negation, inside(e->args[1], Strength::sum));
  return fmt::format("{}{} in ({})", left, negation, list_of(std::span(e->args).subspan(1)));
}

std::string case_text(const Expr& e) {
  std::string out = "case";
  for (std::size_t i = 0; i + 1 < e->args.size(); i += 2)
    out += fmt::format(" when {} then {}", text_of(e->args[i]), text_of(e->args[i + 1]));
  return is_null_literal(e->args.back()) ? out + " end" : fmt::format("{} else {} end", out, text_of(e->args.back()));
}

std::string column_text(const std::string& name) {
  if (name.starts_with(kCurrent)) return fmt::format("current({})", column_text(name.substr(kCurrent.size())));
  if (is_plain_name(name)) return name;
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += c;
    out += c;
  }
  return out + "\"";
}

std::string binary(const Expr& e) {
  // A comparison takes sums; + - * / take on their right what is stronger than themselves: a - (b - c).
  const Strength own = strength_of(e);
  const bool chains = own == Strength::sum || own == Strength::product;
  const std::string left = inside(e->args[0], chains ? own : Strength::sum);
  return fmt::format("{} {} {}", left, sign_of(e->op), inside(e->args[1], chains ? above(own) : Strength::sum));
}

std::string text_of(const Expr& e) {
  switch (e->op) {
    case Op::literal: return written(e->literal);
    case Op::column: return column_text(e->name);
    case Op::parameter: return "$" + e->name;
    case Op::or_: return chain(e, " or ");
    case Op::and_: return chain(e, " and ");
    case Op::not_:
      return is_test(e->args[0]->op) ? test(e->args[0], " not")
                                     : fmt::format("not {}", inside(e->args[0], Strength::negation));
    case Op::in:
    case Op::like: return test(e, "");
    case Op::is_null: return fmt::format("{} is null", inside(e->args[0], Strength::sum));
    case Op::is_not_null: return fmt::format("{} is not null", inside(e->args[0], Strength::sum));
    case Op::neg:
      // A minus before a number would be read as part of the number.
      return is_quantity(e->args[0]) ? fmt::format("-({})", text_of(e->args[0]))
                                     : fmt::format("-{}", inside(e->args[0], Strength::whole));
    case Op::case_: return case_text(e);
    case Op::eq:
    case Op::ne:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::div: return binary(e);
    default: return fmt::format("{}({})", function_name(e->op), list_of(e->args));
  }
}

}  // namespace

std::string to_text(const Expr& e) { return text_of(e); }

}  // namespace vigie::expr

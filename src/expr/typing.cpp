#include "expr/typing.h"

#include "expr/limits.h"
#include "expr/quantity.h"

namespace vigie::expr {
namespace {

std::unexpected<Error> type_error(const SourcePosition& where, std::string message, std::string hint = "") {
  return fail(ErrorKind::usage, "expr.type", std::move(message), where, std::move(hint));
}

std::unexpected<Error> money_error(const SourcePosition& where, std::string message, std::string hint = "") {
  return fail(ErrorKind::usage, "expr.money", std::move(message), where, std::move(hint));
}

const std::string* text_literal(const Expr& e) {
  return e->op == Op::literal ? std::get_if<std::string>(&e->literal) : nullptr;
}

Expr as_type(const Expr& null, Type type) {
  Node node = *null;
  node.type = type;
  return std::make_shared<const Node>(std::move(node));
}

/// A text that stands beside a date or an instant. Beside an instant, a day is a day.
Result<Expr> read_time(const Expr& e, const std::string& text, Type beside) {
  const bool day = beside == Type::date || text.size() <= std::string_view("2025-01-31").size();
  const Result<Literal> value = day ? read_date(text, e->where) : read_instant(text, e->where);
  if (!value) return type_error(e->where, value.error().message, value.error().hint);
  Node node{.type = day ? Type::date : Type::instant, .literal = *value, .where = e->where};
  return std::make_shared<const Node>(std::move(node));
}

Expr local_day(const Expr& e) { return placed(Op::date_of, Type::date, {e}, e->where); }

std::string literal_text(const Expr& e, std::string_view otherwise) {
  const bool number = e->op == Op::literal && is_plain_number(e->type);
  return number ? written(e->literal) : std::string(otherwise);
}

/// Money beside a plain number. `how` is what was tried: "compared with", "plus".
std::unexpected<Error> money_and_number(const Expr& a, const Expr& b, std::string_view how) {
  const Expr& number = a->type == Type::money ? b : a;
  const std::string hint = number->op == Op::literal
                               ? fmt::format("write {} EUR", literal_text(number, "1000"))
                               : std::string("write real(amount) for an amount without its currency");
  return money_error(number->where, fmt::format("{} {} {}", a_type(a->type), how, a_type(b->type)), hint);
}

std::string mismatch_hint(const Expr& a, const Expr& b) {
  const auto beside = [&](Type x, Type y) { return (a->type == x && b->type == y) || (a->type == y && b->type == x); };
  const bool number = is_plain_number(a->type) || is_plain_number(b->type);
  if (number && (a->type == Type::text || b->type == Type::text)) {
    const Expr& text = a->type == Type::text ? a : b;
    const Expr& other = a->type == Type::text ? b : a;
    if (text_literal(text)) return "write the number without quotes";
    return other->op == Op::literal ? fmt::format("write '{}'", literal_text(other, "")) : "";
  }
  if (number && (a->type == Type::duration || b->type == Type::duration)) return "write 30 days for a duration";
  if (beside(Type::boolean, Type::text)) return "a boolean is true or false, without quotes";
  if (beside(Type::money, Type::text)) return "write 1000 EUR, without quotes";
  if (number && (is_time(a->type) || is_time(b->type))) return "write date '2025-01-31', or year(…) for a part of it";
  return "";
}

/// Makes the two sides of a comparison (or two values of a list) alike.
Result<> alike(Expr& a, Expr& b, std::string_view how) {
  if (is_null_literal(a) && is_null_literal(b)) return {};
  if (is_null_literal(a)) a = as_type(a, b->type);
  if (is_null_literal(b)) b = as_type(b, a->type);
  const auto read = [](Expr& e, const Expr& other) -> Result<> {
    if (const std::string* text = text_literal(e); text && is_time(other->type)) {
      VIGIE_TRY(e, read_time(e, *text, other->type));
    }
    return {};
  };
  VIGIE_CHECK(read(a, b));
  VIGIE_CHECK(read(b, a));
  if (a->type == b->type || (is_plain_number(a->type) && is_plain_number(b->type))) return {};
  if (is_time(a->type) && is_time(b->type)) {
    Expr& instant = a->type == Type::instant ? a : b;
    instant = local_day(instant);
    return {};
  }
  if ((a->type == Type::money && is_plain_number(b->type)) || (b->type == Type::money && is_plain_number(a->type)))
    return money_and_number(a, b, how);
  return type_error(b->where, fmt::format("{} {} {}", a_type(a->type), how, a_type(b->type)), mismatch_hint(a, b));
}

}  // namespace

bool is_time(Type type) { return type == Type::date || type == Type::instant; }

bool is_plain_number(Type type) { return type == Type::integer || type == Type::number || type == Type::real; }

std::string a_type(Type type) {
  const bool vowel = type == Type::integer || type == Type::instant;
  const bool mass = type == Type::money || type == Type::null;
  return fmt::format("{}{}", mass ? "" : vowel ? "an " : "a ", name_of(type));
}

std::string_view sign_of(Op op) {
  switch (op) {
    case Op::eq: return "=";
    case Op::ne: return "!=";
    case Op::lt: return "<";
    case Op::le: return "<=";
    case Op::gt: return ">";
    case Op::ge: return ">=";
    case Op::add: return "+";
    case Op::sub: return "-";
    case Op::mul: return "*";
    case Op::div: return "/";
    default: std::unreachable();
  }
}

Expr placed(Op op, Type type, std::vector<Expr> args, SourcePosition where, int scale) {
  return std::make_shared<const Node>(
      Node{.op = op, .type = type, .scale = scale, .args = std::move(args), .where = std::move(where)});
}

Result<Expr> compare(Op op, Expr a, Expr b, SourcePosition where) {
  VIGIE_CHECK(alike(a, b, "compared with"));
  const bool orders = op != Op::eq && op != Op::ne;
  if (orders && (is_null_literal(a) || is_null_literal(b)))
    return type_error(is_null_literal(a) ? a->where : b->where, fmt::format("{} null is never true", sign_of(op)),
                      "write is null or is not null");
  if (orders && (a->type == Type::boolean || a->type == Type::null))
    return type_error(a->where, fmt::format("{} has no order for {}", a_type(a->type), sign_of(op)), "write = or !=");
  return placed(op, Type::boolean, {std::move(a), std::move(b)}, std::move(where));
}

Result<Expr> member(std::vector<Expr> args, SourcePosition where) {
  // An instant is one among days or among instants: asking for its local day must hold for the whole list.
  const bool was_instant = args[0]->type == Type::instant;
  std::optional<bool> days;
  for (std::size_t i = 1; i < args.size(); ++i) {
    const Expr written = args[i];
    VIGIE_CHECK(alike(args[0], args[i], "in a list with"));
    if (!was_instant || is_null_literal(written)) continue;
    const bool day = args[0]->type == Type::date && (args[i]->op != Op::date_of || written->op == Op::date_of);
    if (days && *days != day)
      return type_error(args[i]->where, "days and instants in one list", "write all of them as 2025-01-31");
    days = day;
  }
  for (std::size_t i = 1; i < args.size(); ++i)
    if (is_null_literal(args[i])) args[i] = as_type(args[i], args[0]->type);
  return placed(Op::in, Type::boolean, std::move(args), std::move(where));
}

Result<Expr> like(Expr a, Expr pattern, SourcePosition where) {
  VIGIE_TRY(a, wants(std::move(a), Type::text, "like"));
  VIGIE_TRY(pattern, wants(std::move(pattern), Type::text, "the pattern of like"));
  if (pattern->op != Op::literal && pattern->op != Op::parameter)
    return type_error(pattern->where, "the pattern of like must be a text", "write like 'paid%'");
  if (const std::string* text = text_literal(pattern); text && !is_whole_pattern(*text))
    return type_error(pattern->where, "the pattern ends with a lone \\", "write \\\\ for the character itself");
  return placed(Op::like, Type::boolean, {std::move(a), std::move(pattern)}, std::move(where));
}

Result<Expr> wants(Expr e, Type wanted, std::string_view what) {
  if (is_null_literal(e)) return as_type(e, wanted);
  if (e->type == wanted) return e;
  const std::string hint = wanted == Type::duration && is_plain_number(e->type)
                               ? fmt::format("write {} days", literal_text(e, "30"))
                           : wanted == Type::boolean ? "write a condition, such as amount > 0 EUR"
                                                     : "";
  return type_error(e->where, fmt::format("{} wants {}, found {}", what, a_type(wanted), a_type(e->type)), hint);
}

Result<Expr> point_in_time(Expr e, std::string_view what) {
  if (const std::string* text = text_literal(e)) return read_time(e, *text, Type::instant);
  if (is_time(e->type)) return e;
  return type_error(e->where, fmt::format("{} wants a date or an instant, found {}", what, a_type(e->type)));
}

Result<std::pair<Type, int>> unify(const std::vector<Expr*>& values, std::string_view what) {
  Expr* first = nullptr;  // the first that has a type of its own: not null, not a text that may be a date
  for (Expr* value : values)
    if (!is_null_literal(*value) && (!first || (text_literal(*first) && is_time((*value)->type)))) first = value;
  if (!first) return type_error((*values[0])->where, fmt::format("{} of nothing but null has no type", what));
  Type type = (*first)->type;
  int scale = (*first)->scale;
  for (Expr* value : values) {
    if (is_null_literal(*value)) continue;
    if (const std::string* text = text_literal(*value); text && is_time(type)) {
      VIGIE_TRY(*value, read_time(*value, *text, type));
    }
    const Type found = (*value)->type;
    if (found != type && is_plain_number(found) && is_plain_number(type))
      type = found == Type::real || type == Type::real ? Type::real : Type::number;
    else if (found != type && (found == Type::money || type == Type::money) &&
             (is_plain_number(found) || is_plain_number(type)))
      return money_and_number(*first, *value, fmt::format("and, in one {},", what));
    else if (found != type)
      return type_error(
          (*value)->where, fmt::format("{} and {} in one {}", a_type(type), a_type(found), what),
          is_time(found) && is_time(type) ? "write date(…) around the instant" : mismatch_hint(*first, *value));
    scale = std::max(scale, (*value)->scale);
  }
  for (Expr* value : values)
    if (is_null_literal(*value)) *value = as_type(*value, type);
  return std::pair{type, type == Type::number || type == Type::money ? scale : 0};
}

}  // namespace vigie::expr

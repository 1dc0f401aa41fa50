#include "expr/functions.h"

#include "base/text.h"
#include "expr/limits.h"
#include "expr/typing.h"

namespace vigie::expr {
namespace {

struct Function {
  std::string_view name;
  Op op;
  std::size_t least, most;     ///< number of arguments
  std::string_view arguments;  ///< for errors
};

constexpr Function kFunctions[] = {
    {"coalesce", Op::coalesce, 2, kMaxListLength, "value, value, …"},
    {"least", Op::least, 2, kMaxListLength, "value, value, …"},
    {"greatest", Op::greatest, 2, kMaxListLength, "value, value, …"},
    {"abs", Op::abs, 1, 1, "value"},
    {"lower", Op::lower, 1, 1, "text"},
    {"date", Op::date_of, 1, 1, "instant"},
    {"year", Op::year, 1, 1, "date"},
    {"quarter", Op::quarter, 1, 1, "date"},
    {"month", Op::month, 1, 1, "date"},
    {"weekday", Op::weekday, 1, 1, "date"},
    {"hour", Op::hour, 1, 1, "instant"},
    {"duration", Op::duration, 2, 2, "from, to"},
    {"within", Op::within, 3, 3, "from, to, window"},
    {"matured", Op::matured, 3, 3, "from, at, window"},
    {"number", Op::as_number, 1, 1, "integer"},
    {"real", Op::as_real, 1, 1, "number"},
};

Result<Expr> alternatives(const Function& function, std::vector<Expr> args, const SourcePosition& where) {
  std::vector<Expr*> values;
  values.reserve(args.size());
  for (Expr& arg : args) values.push_back(&arg);
  VIGIE_TRY(const auto type, unify(values, function.name));
  if (function.op != Op::coalesce && type.first == Type::boolean)
    return fail(ErrorKind::usage, "expr.type", fmt::format("{} of booleans, which have no order", function.name), where,
                "write and, or");
  return placed(function.op, type.first, std::move(args), where, type.second);
}

Result<Expr> absolute(const Expr& arg, const SourcePosition& where) {
  if (!is_plain_number(arg->type) && arg->type != Type::money && arg->type != Type::duration)
    return fail(ErrorKind::usage, "expr.type", fmt::format("abs wants a number, found {}", a_type(arg->type)),
                arg->where);
  return placed(Op::abs, arg->type, {arg}, where, arg->scale);
}

Result<Expr> date_part(const Function& function, const Expr& arg, const SourcePosition& where) {
  VIGIE_TRY(Expr point, point_in_time(arg, function.name));
  if (function.op == Op::date_of)
    return point->type == Type::date ? point : placed(Op::date_of, Type::date, {point}, where);
  if (function.op == Op::hour && point->type == Type::date)
    return fail(ErrorKind::usage, "expr.type", "hour wants an instant, found a date, which has no hour", arg->where);
  return placed(function.op, Type::integer, {std::move(point)}, where);
}

Result<Expr> span(const Function& function, std::vector<Expr> args, const SourcePosition& where) {
  for (Expr& end : std::span(args).first(2)) {
    VIGIE_TRY(end, point_in_time(end, function.name));
  }
  if (function.op == Op::duration) return placed(Op::duration, Type::duration, std::move(args), where);
  VIGIE_TRY(args[2], wants(args[2], Type::duration, fmt::format("the window of {}", function.name)));
  return placed(function.op, Type::boolean, std::move(args), where);
}

Result<Expr> conversion(const Function& function, const Expr& arg, const SourcePosition& where) {
  const Type wanted = function.op == Op::as_number ? Type::number : Type::real;
  if (arg->type == wanted) return arg;
  if (is_null_literal(arg)) return wants(arg, wanted, function.name);
  const bool exact = arg->type == Type::integer || arg->type == Type::number || arg->type == Type::money;
  if (wanted == Type::real ? exact : arg->type == Type::integer) return placed(function.op, wanted, {arg}, where);
  const bool money = arg->type == Type::money;
  return fail(ErrorKind::usage, money ? "expr.money" : "expr.type",
              fmt::format("{} wants {}, found {}", function.name,
                          wanted == Type::number ? "an integer" : "a number or an amount", a_type(arg->type)),
              arg->where, money ? "write real(amount) for an amount without its currency" : "");
}

std::string count_of(const Function& function) {
  const std::string_view s = function.least == 1 ? "" : "s";
  return fmt::format("{}{} argument{}", function.most > function.least ? "at least " : "", function.least, s);
}

}  // namespace

std::string_view function_name(Op op) {
  for (const Function& function : kFunctions)
    if (function.op == op) return function.name;
  return {};
}

Result<Expr> call_function(std::string_view name, std::vector<Expr> args, const SourcePosition& where) {
  const std::string lower = lower_ascii(name);
  const auto* function = std::ranges::find(kFunctions, std::string_view(lower), &Function::name);
  if (function == std::end(kFunctions)) {
    std::vector<std::string> names;
    for (const Function& known : kFunctions) names.emplace_back(known.name);
    names.emplace_back("current");
    return fail(ErrorKind::usage, "expr.unknown_function", fmt::format("unknown function \"{}\"", name), where,
                suggestion(name, names));
  }
  if (args.size() < function->least || args.size() > function->most)
    return fail(ErrorKind::usage, "expr.type",
                fmt::format("{} wants {}, found {}", function->name, count_of(*function), args.size()), where,
                fmt::format("write {}({})", function->name, function->arguments));
  switch (function->op) {
    case Op::coalesce:
    case Op::least:
    case Op::greatest: return alternatives(*function, std::move(args), where);
    case Op::abs: return absolute(args[0], where);
    case Op::lower: {
      VIGIE_TRY(Expr text, wants(args[0], Type::text, "lower"));
      return placed(Op::lower, Type::text, {std::move(text)}, where);
    }
    case Op::duration:
    case Op::within:
    case Op::matured: return span(*function, std::move(args), where);
    case Op::as_number:
    case Op::as_real: return conversion(*function, args[0], where);
    default: return date_part(*function, args[0], where);
  }
}

}  // namespace vigie::expr

#include "expr/expr.h"

namespace vigie::expr {
namespace {

struct TypeOf {
  Type operator()(std::monostate) const { return Type::null; }
  Type operator()(bool) const { return Type::boolean; }
  Type operator()(std::int64_t) const { return Type::integer; }
  Type operator()(const Decimal&) const { return Type::number; }
  Type operator()(double) const { return Type::real; }
  Type operator()(const std::string&) const { return Type::text; }
  Type operator()(Date) const { return Type::date; }
  Type operator()(const InstantLiteral&) const { return Type::instant; }
  Type operator()(Micros) const { return Type::duration; }
  Type operator()(const MoneyLiteral&) const { return Type::money; }
};

int scale_of(const Literal& value) {
  if (const auto* decimal = std::get_if<Decimal>(&value)) return decimal->scale();
  return std::holds_alternative<MoneyLiteral>(value) ? kMoneyScale : 0;
}

Expr make(Node node) { return std::make_shared<const Node>(std::move(node)); }

Expr boolean_call(Op op, std::vector<Expr> args) { return call(op, Type::boolean, std::move(args)); }

/// Rebuilds the tree with some of its leaves replaced; parts without a replaced leaf are shared with the old tree.
Expr with_leaves(const Expr& e, const std::function<Expr(const Expr&)>& replace) {
  if (e->args.empty()) return replace(e);
  std::vector<Expr> args;
  args.reserve(e->args.size());
  bool changed = false;
  for (const Expr& arg : e->args) {
    args.push_back(with_leaves(arg, replace));
    changed |= args.back() != arg;
  }
  if (!changed) return e;
  Node node = *e;
  node.args = std::move(args);
  return make(std::move(node));
}

/// The value as a literal of the parameter's type.
Result<Expr> value_of(const Node& parameter, const Literal& value) {
  Node node{.type = parameter.type, .scale = parameter.scale, .literal = value, .where = parameter.where};
  const auto wrong = [&](std::string message, std::string hint) {
    return fail(ErrorKind::usage, "parameter.type", std::move(message), parameter.where, std::move(hint));
  };
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    if (parameter.type == Type::number) node.literal = Decimal::integer(*whole);
    if (parameter.type == Type::real) node.literal = static_cast<double>(*whole);
  }
  if (const auto* exact = std::get_if<Decimal>(&value); exact && parameter.type == Type::real)
    node.literal = exact->to_double();
  const Type found = std::visit(TypeOf{}, node.literal);
  if (found != parameter.type && found != Type::null)
    return wrong(
        fmt::format("parameter ${} wants a {}, found a {}", parameter.name, name_of(parameter.type), name_of(found)),
        "");
  if (auto* decimal = std::get_if<Decimal>(&node.literal)) {
    const Result<Decimal> rescaled = decimal->rescaled(kParameterScale);
    if (!rescaled || *rescaled != *decimal)
      return wrong(
          fmt::format("parameter ${} cannot be {}", parameter.name, decimal->to_plain()),
          fmt::format("give at most {} decimals and {} digits before them", kParameterScale, 38 - kParameterScale));
    *decimal = *rescaled;
  }
  if (found == Type::null) node.scale = 0;
  return make(std::move(node));
}

/// A pattern bound from outside must not end in the middle of an escape: engines refuse it while they run.
Result<> check_patterns(const Expr& e) {
  if (e->op == Op::like)
    if (const auto* pattern = std::get_if<std::string>(&e->args[1]->literal); pattern && !is_whole_pattern(*pattern))
      return fail(ErrorKind::usage, "parameter.type", fmt::format("the pattern '{}' ends with a lone \\", *pattern),
                  e->args[1]->where, "write \\\\ for the character itself");
  for (const Expr& arg : e->args) VIGIE_CHECK(check_patterns(arg));
  return {};
}

}  // namespace

std::string_view name_of(Type type) {
  switch (type) {
    case Type::boolean: return "boolean";
    case Type::integer: return "integer";
    case Type::number: return "number";
    case Type::real: return "real";
    case Type::money: return "money";
    case Type::text: return "text";
    case Type::date: return "date";
    case Type::instant: return "instant";
    case Type::duration: return "duration";
    case Type::null: return "null";
  }
  std::unreachable();
}

Expr column(std::string name, Type type, int scale) {
  return make({.op = Op::column, .type = type, .scale = scale, .name = std::move(name)});
}

Expr parameter(std::string name, Type type) {
  const int scale = type == Type::number ? kParameterScale : type == Type::money ? kMoneyScale : 0;
  return make({.op = Op::parameter, .type = type, .scale = scale, .name = std::move(name)});
}

Expr literal(Literal value) {
  const Type type = std::visit(TypeOf{}, value);
  const int scale = scale_of(value);
  return make({.type = type, .scale = scale, .literal = std::move(value)});
}

Expr null_of(Type type) { return make({.type = type}); }

Expr call(Op op, Type type, std::vector<Expr> args, int scale) {
  return make({.op = op, .type = type, .scale = scale, .args = std::move(args)});
}

Expr all_of(std::vector<Expr> conditions) {
  if (conditions.empty()) return literal(true);
  if (conditions.size() == 1) return std::move(conditions.front());
  return boolean_call(Op::and_, std::move(conditions));
}

Expr eq(Expr a, Expr b) { return boolean_call(Op::eq, {std::move(a), std::move(b)}); }
Expr lt(Expr a, Expr b) { return boolean_call(Op::lt, {std::move(a), std::move(b)}); }
Expr le(Expr a, Expr b) { return boolean_call(Op::le, {std::move(a), std::move(b)}); }
Expr gt(Expr a, Expr b) { return boolean_call(Op::gt, {std::move(a), std::move(b)}); }
Expr ge(Expr a, Expr b) { return boolean_call(Op::ge, {std::move(a), std::move(b)}); }
Expr not_(Expr a) { return boolean_call(Op::not_, {std::move(a)}); }
Expr is_null(Expr a) { return boolean_call(Op::is_null, {std::move(a)}); }
Expr is_not_null(Expr a) { return boolean_call(Op::is_not_null, {std::move(a)}); }
Expr integer(std::int64_t value) { return literal(value); }
Expr text(std::string value) { return literal(std::move(value)); }

bool is_null_literal(const Expr& e) {
  return e->op == Op::literal && std::holds_alternative<std::monostate>(e->literal);
}

bool same(const Expr& a, const Expr& b) {
  if (a == b) return true;
  return a->op == b->op && a->type == b->type && a->scale == b->scale && a->name == b->name &&
         a->literal == b->literal && std::ranges::equal(a->args, b->args, same);
}

void columns_of(const Expr& e, std::vector<std::string>& names) {
  if (e->op == Op::column && std::ranges::find(names, e->name) == names.end()) names.push_back(e->name);
  for (const Expr& arg : e->args) columns_of(arg, names);
}

Expr map_columns(const Expr& e, const std::function<Expr(const Node&)>& replace) {
  return with_leaves(e, [&](const Expr& leaf) {
    if (leaf->op != Op::column) return leaf;
    Expr replaced = replace(*leaf);
    return replaced ? replaced : leaf;
  });
}

Result<Expr> bind(const Expr& e, const std::map<std::string, Literal>& parameters) {
  std::optional<Error> error;
  Expr bound = with_leaves(e, [&](const Expr& leaf) {
    if (leaf->op != Op::parameter || error) return leaf;
    const auto found = parameters.find(leaf->name);
    Result<Expr> value = found != parameters.end()
                             ? value_of(*leaf, found->second)
                             : fail(ErrorKind::usage, "parameter.missing",
                                    fmt::format("parameter ${} has no value", leaf->name), leaf->where);
    if (value) return *value;
    error = std::move(value).error();
    return leaf;
  });
  if (error) return std::unexpected(*std::move(error));
  if (bound != e) VIGIE_CHECK(check_patterns(bound));
  return bound;
}

bool is_whole_pattern(std::string_view pattern) {
  const auto last = pattern.find_last_not_of('\\');
  return (pattern.size() - (last == std::string_view::npos ? 0 : last + 1)) % 2 == 0;
}

Result<> check_currency(const Expr& e, std::string_view reporting) {
  if (const auto* money = std::get_if<MoneyLiteral>(&e->literal); money && money->currency != reporting)
    return fail(ErrorKind::usage, "expr.currency",
                fmt::format("{} {} is not in the reporting currency", money->amount.to_plain(), money->currency),
                e->where, fmt::format("write the amount in {}", reporting));
  for (const Expr& arg : e->args) VIGIE_CHECK(check_currency(arg, reporting));
  return {};
}

}  // namespace vigie::expr

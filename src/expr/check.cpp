#include "expr/check.h"

#include "base/text.h"
#include "expr/functions.h"
#include "expr/limits.h"
#include "expr/parse.h"
#include "expr/typing.h"
#include "expr/weight.h"

namespace vigie::expr {
namespace {

/// Gives every name its meaning and every operation its type, from the leaves up.
class Checker {
 public:
  Checker(const Source& source, const Scope& scope) : source_(source), scope_(scope) {}

  Result<Expr> check(const Syntax& syntax) const {
    switch (syntax.kind) {
      case Syntax::Kind::value: return value(syntax);
      case Syntax::Kind::parameter: return parameter(syntax);
      case Syntax::Kind::name:
      case Syntax::Kind::quoted: return column(syntax);
      default: break;
    }
    if (syntax.kind == Syntax::Kind::function && lower_ascii(syntax.text) == "current") return current(syntax);
    std::vector<Expr> args;
    for (const Syntax& arg : syntax.args) {
      VIGIE_TRY(Expr checked, check(arg));
      args.push_back(std::move(checked));
    }
    const SourcePosition where = source_.at(syntax.offset);
    VIGIE_CHECK(call_keys_as_their_sources(syntax, args));
    if (syntax.kind == Syntax::Kind::function) return call_function(syntax.text, std::move(args), where);
    if (syntax.kind == Syntax::Kind::between) return between(args, where);
    return operation(syntax.op, std::move(args), where);
  }

 private:
  Result<Expr> value(const Syntax& syntax) const {
    Node node = *literal(syntax.value);
    node.where = source_.at(syntax.offset);
    return std::make_shared<const Node>(std::move(node));
  }

  Result<Expr> parameter(const Syntax& syntax) const {
    const std::optional<Type> type = scope_.parameter(syntax.text);
    if (!type)
      return source_.error("expr.unknown_parameter", syntax.offset, fmt::format("unknown parameter ${}", syntax.text),
                           suggestion(syntax.text, scope_.parameter_names()));
    Node node = *expr::parameter(syntax.text, *type);
    node.where = source_.at(syntax.offset);
    return std::make_shared<const Node>(std::move(node));
  }

  Result<Expr> column(const Syntax& syntax) const {
    if (const std::optional<ColumnInfo> info = scope_.column(syntax.text)) {
      Node node = *expr::column(syntax.text, info->type, info->scale);
      node.where = source_.at(syntax.offset);
      return std::make_shared<const Node>(std::move(node));
    }
    const bool quoted = syntax.kind == Syntax::Kind::quoted;
    if (!quoted && lower_ascii(syntax.text) == "as_of" && scope_.parameter("as_of"))
      return parameter({.kind = Syntax::Kind::parameter, .text = "as_of", .offset = syntax.offset});
    const std::vector<std::string> names = scope_.column_names();
    std::string hint = suggestion(syntax.text, names);
    if (nearest_name(syntax.text, names).empty()) {
      if (!hint.empty()) hint += "; ";
      hint += fmt::format("a text stands between single quotes: '{}'", syntax.text);
    }
    return source_.error("expr.unknown_column", syntax.offset, scope_.unknown(syntax.text), std::move(hint));
  }

  /// current(segment): the column as it is now.
  Result<Expr> current(const Syntax& syntax) const {
    const bool names_one = syntax.args.size() == 1 &&
                           (syntax.args[0].kind == Syntax::Kind::name || syntax.args[0].kind == Syntax::Kind::quoted);
    if (!names_one)
      return source_.error("expr.type", syntax.offset, "current wants the name of a column", "write current(segment)");
    VIGIE_TRY(const Expr then, column(syntax.args[0]));
    if (then->op != Op::column)
      return source_.error("expr.type", syntax.args[0].offset, fmt::format("\"{}\" is no column", syntax.args[0].text));
    Node node = *then;
    node.name = fmt::format("{}{}", kCurrent, node.name);
    return std::make_shared<const Node>(std::move(node));
  }

  /// What the scope knows of a column, now or then; nothing where the tree is none, or that of no key.
  std::optional<ColumnInfo> key_behind(const Expr& e) const {
    if (e->op != Op::column) return std::nullopt;
    std::string_view name = e->name;
    if (name.starts_with(kCurrent)) name.remove_prefix(kCurrent.size());
    const std::optional<ColumnInfo> info = scope_.column(name);
    return info && info->is_key ? info : std::nullopt;
  }

  /// A key beside a text is the one that its source gave; beside a number it is nothing that anybody could mean.
  Result<> call_keys_as_their_sources(const Syntax& syntax, std::vector<Expr>& args) const {
    const bool compares = syntax.kind == Syntax::Kind::between ||
                          (syntax.kind == Syntax::Kind::operation &&
                           (is_comparison(syntax.op) || syntax.op == Op::in || syntax.op == Op::like));
    if (!compares) return {};
    for (Expr& arg : args) {
      const std::optional<ColumnInfo> key = key_behind(arg);
      if (!key) continue;
      const auto has_type = [&](Type type) {
        return std::ranges::find_if(args,
                                    [&](const Expr& other) { return other->type == type && other->op != Op::column; });
      };
      if (const auto number = has_type(Type::integer); number != args.end())
        return fail(ErrorKind::usage, "expr.key",
                    fmt::format("{} is a number that no source knows, and is compared with none", arg->name),
                    (*number)->where,
                    key->as_text.empty() ? "compare it with another key"
                                         : "compare it with the key of the source, a text between single quotes");
      if (has_type(Type::text) == args.end()) continue;
      if (key->as_text.empty())
        return fail(ErrorKind::usage, "expr.key", fmt::format("nothing tells what sources call {}", arg->name),
                    arg->where, "compare it with another key");
      Node node = *expr::column(
          arg->name.starts_with(kCurrent) ? fmt::format("{}{}", kCurrent, key->as_text) : key->as_text, Type::text);
      node.where = arg->where;
      arg = std::make_shared<const Node>(std::move(node));
    }
    return {};
  }

  static bool is_comparison(Op op) {
    return op == Op::eq || op == Op::ne || op == Op::lt || op == Op::le || op == Op::gt || op == Op::ge;
  }

  static Result<Expr> operation(Op op, std::vector<Expr> args, const SourcePosition& where) {
    switch (op) {
      case Op::and_:
      case Op::or_:
      case Op::not_: return logical(op, std::move(args), where);
      case Op::in: return member(std::move(args), where);
      case Op::like: return like(args[0], args[1], where);
      case Op::is_null:
      case Op::is_not_null: return placed(op, Type::boolean, std::move(args), where);
      case Op::neg: return negate(args[0], where);
      case Op::case_: return case_of(std::move(args), where);
      case Op::add:
      case Op::sub:
      case Op::mul:
      case Op::div: return arithmetic(op, args[0], args[1], where);
      default: return compare(op, args[0], args[1], where);
    }
  }

  static Result<Expr> logical(Op op, std::vector<Expr> args, const SourcePosition& where) {
    const std::string_view word = op == Op::and_ ? "and" : op == Op::or_ ? "or" : "not";
    for (Expr& arg : args) {
      VIGIE_TRY(arg, wants(arg, Type::boolean, word));
    }
    return placed(op, Type::boolean, std::move(args), where);
  }

  static Result<Expr> between(const std::vector<Expr>& args, const SourcePosition& where) {
    VIGIE_TRY(Expr above, compare(Op::ge, args[0], args[1], where));
    VIGIE_TRY(Expr below, compare(Op::le, args[0], args[2], where));
    return placed(Op::and_, Type::boolean, {std::move(above), std::move(below)}, where);
  }

  static Result<Expr> case_of(std::vector<Expr> args, const SourcePosition& where) {
    std::vector<Expr*> values;
    for (std::size_t i = 0; i + 1 < args.size(); i += 2) {
      VIGIE_TRY(args[i], wants(args[i], Type::boolean, "when"));
      values.push_back(&args[i + 1]);
    }
    values.push_back(&args.back());
    VIGIE_TRY(const auto type, unify(values, "case"));
    return placed(Op::case_, type.first, std::move(args), where, type.second);
  }

  const Source& source_;
  const Scope& scope_;
};

/// What is said of a whole tree: how deep it is, and how large its query can become.
Result<> within_limits(const Expr& e, const Source& source) {
  if (printed_size(e) > kMaxPrinted)
    return source.error("expr.too_long", 0,
                        fmt::format("its query would hold more than {} names and values", kMaxPrinted),
                        "take it apart: durations of durations and long comparisons repeat their parts");
  if (depth(e) > kMaxDepth)
    return source.error("expr.too_deep", 0, fmt::format("more than {} operations inside one another", kMaxDepth),
                        "take it apart");
  return {};
}

Result<Expr> checked(const Syntax& syntax, const Source& source, const Scope& scope) {
  VIGIE_TRY(Expr e, Checker(source, scope).check(syntax));
  VIGIE_CHECK(within_limits(e, source));
  return e;
}

}  // namespace

std::string Scope::unknown(std::string_view name) const {
  return fmt::format("unknown column \"{}\" in {}", name, subject());
}

Result<Expr> parse_and_check(std::string_view text, const Scope& scope, SourcePosition where) {
  const Source source(text, std::move(where));
  VIGIE_TRY(const Syntax syntax, parse(source));
  return checked(syntax, source, scope);
}

Result<Expr> parse_and_check(std::string_view text, const Scope& scope, SourcePosition where, Type wanted) {
  VIGIE_TRY(Expr e, parse_and_check(text, scope, std::move(where)));
  const bool widens = (wanted == Type::number && e->type == Type::integer) ||
                      (wanted == Type::real && (e->type == Type::integer || e->type == Type::number));
  if (widens) {
    const Op op = wanted == Type::number ? Op::as_number : Op::as_real;
    const SourcePosition place = e->where;
    return placed(op, wanted, {std::move(e)}, place);
  }
  return wants(std::move(e), wanted, "this place");
}

}  // namespace vigie::expr

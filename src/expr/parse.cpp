#include "expr/parse.h"

#include "expr/lexer.h"
#include "expr/limits.h"
#include "expr/quantity.h"

namespace vigie::expr {
namespace {

using Kind = Syntax::Kind;

/// Parentheses, nots and minuses open inside one another: two for each operation, so that what is written by to_text is
/// read back, and never as many as a thread's stack allows.
constexpr int kMaxOpen = 2 * kMaxDepth + 2;

std::string found(const Token& token) {
  switch (token.kind) {
    case TokenKind::end: return "the end of the text";
    case TokenKind::text: return fmt::format("the text '{}'", token.text);
    case TokenKind::parameter: return fmt::format("${}", token.text);
    default: return fmt::format("\"{}\"", token.text);
  }
}

std::optional<Op> comparison_of(const Token& token) {
  constexpr std::pair<std::string_view, Op> kComparisons[] = {{"=", Op::eq},  {"!=", Op::ne}, {"<", Op::lt},
                                                              {"<=", Op::le}, {">", Op::gt},  {">=", Op::ge}};
  for (const auto& [symbol, op] : kComparisons)
    if (token.is(symbol)) return op;
  return std::nullopt;
}

/// Recursive descent, one token of foresight. Each method reads the longest piece of its kind that begins here.
class Parser {
 public:
  explicit Parser(const Source& source) : source_(source), lexer_(source) {}

  Result<Syntax> whole() {
    VIGIE_CHECK(advance());
    if (token_.kind == TokenKind::end)
      return source_.error("expr.syntax", 0, "an empty text; an expression was expected");
    VIGIE_TRY(Syntax syntax, expression());
    if (token_.kind != TokenKind::end) return unexpected("the end or an operator");
    return syntax;
  }

 private:
  /// Counts how many pieces are open inside one another, so that the stack of this program is never the limit.
  class Level {
   public:
    explicit Level(int& level) : level_(level) { ++level_; }
    ~Level() { --level_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    int& level_;
  };

  Result<> advance() {
    VIGIE_TRY(token_, lexer_.next());
    return {};
  }

  std::unexpected<Error> unexpected(std::string_view expected) const {
    return source_.error("expr.syntax", token_.begin, fmt::format("expected {}, found {}", expected, found(token_)));
  }

  std::unexpected<Error> too_deep(std::size_t offset) const {
    return source_.error("expr.too_deep", offset, fmt::format("more than {} operations inside one another", kMaxDepth),
                         "take it apart");
  }

  Result<> expect(std::string_view symbol) {
    if (!token_.is(symbol)) return unexpected(fmt::format("\"{}\"", symbol));
    return advance();
  }

  Result<> expect_keyword(std::string_view word) {
    if (!token_.is_keyword(word)) return unexpected(fmt::format("\"{}\"", word));
    return advance();
  }

  Result<Syntax> operation(Op op, std::vector<Syntax> args, std::size_t offset) const {
    return compound({.kind = Kind::operation, .op = op, .args = std::move(args), .offset = offset});
  }

  Result<Syntax> compound(Syntax syntax) const {
    for (const Syntax& arg : syntax.args) syntax.depth = std::max(syntax.depth, arg.depth + 1);
    if (syntax.depth > kMaxDepth) return too_deep(syntax.offset);
    return syntax;
  }

  Result<> add(std::vector<Syntax>& list, Syntax syntax) const {
    if (list.size() == kMaxListLength)
      return source_.error("expr.too_long", syntax.offset, fmt::format("a list of more than {} parts", kMaxListLength),
                           "load the list as a table, or take it apart");
    list.push_back(std::move(syntax));
    return {};
  }

  Result<Syntax> expression() {
    const Level level(level_);
    if (level_ > kMaxOpen) return too_deep(token_.begin);
    return chain(Op::or_, "or", &Parser::conjunction);
  }

  Result<Syntax> conjunction() { return chain(Op::and_, "and", &Parser::negation); }

  Result<Syntax> chain(Op op, std::string_view word, Result<Syntax> (Parser::*part)()) {
    VIGIE_TRY(Syntax first, (this->*part)());
    if (!token_.is_keyword(word)) return first;
    const std::size_t offset = first.offset;
    std::vector<Syntax> parts;
    parts.push_back(std::move(first));
    while (token_.is_keyword(word)) {
      VIGIE_CHECK(advance());
      VIGIE_TRY(Syntax next, (this->*part)());
      VIGIE_CHECK(add(parts, std::move(next)));
    }
    return operation(op, std::move(parts), offset);
  }

  Result<Syntax> negation() {
    if (!token_.is_keyword("not")) return comparison();
    const Level level(level_);
    if (level_ > kMaxOpen) return too_deep(token_.begin);
    const std::size_t offset = token_.begin;
    VIGIE_CHECK(advance());
    VIGIE_TRY(Syntax inner, negation());
    return unary(Op::not_, std::move(inner), offset);
  }

  Result<Syntax> unary(Op op, Syntax inner, std::size_t offset) const {
    std::vector<Syntax> args;
    args.push_back(std::move(inner));
    return operation(op, std::move(args), offset);
  }

  Result<Syntax> binary(Op op, Syntax left, Syntax right) const {
    const std::size_t offset = left.offset;
    std::vector<Syntax> args;
    args.push_back(std::move(left));
    args.push_back(std::move(right));
    return operation(op, std::move(args), offset);
  }

  Result<Syntax> comparison() {
    VIGIE_TRY(Syntax left, sum());
    VIGIE_TRY(Syntax compared, predicate(std::move(left)));
    const bool again = comparison_of(token_) || token_.is_keyword("in") || token_.is_keyword("between") ||
                       token_.is_keyword("like") || token_.is_keyword("is");
    if (again)
      return source_.error("expr.syntax", token_.begin, fmt::format("a second comparison, {}", found(token_)),
                           "join two comparisons with and, or put one in parentheses");
    return compared;
  }

  /// What may follow a sum: = b, not in (…), is null, …, or nothing.
  Result<Syntax> predicate(Syntax left) {
    if (const std::optional<Op> op = comparison_of(token_)) {
      VIGIE_CHECK(advance());
      VIGIE_TRY(Syntax right, sum());
      return binary(*op, std::move(left), std::move(right));
    }
    if (token_.is_keyword("is")) return null_test(std::move(left));
    const std::size_t offset = left.offset;
    const bool negated = token_.is_keyword("not");
    if (negated) VIGIE_CHECK(advance());
    if (token_.is_keyword("in") || token_.is_keyword("like") || token_.is_keyword("between")) {
      VIGIE_TRY(Syntax test, membership(std::move(left)));
      return negated ? unary(Op::not_, std::move(test), offset) : Result<Syntax>(std::move(test));
    }
    if (negated) return unexpected("\"in\", \"like\" or \"between\" after \"not\"");
    return left;
  }

  Result<Syntax> null_test(Syntax left) {
    VIGIE_CHECK(advance());
    const bool negated = token_.is_keyword("not");
    if (negated) VIGIE_CHECK(advance());
    VIGIE_CHECK(expect_keyword("null"));
    const std::size_t offset = left.offset;
    return unary(negated ? Op::is_not_null : Op::is_null, std::move(left), offset);
  }

  Result<Syntax> membership(Syntax left) {
    const std::size_t offset = left.offset;
    if (token_.is_keyword("like")) {
      VIGIE_CHECK(advance());
      VIGIE_TRY(Syntax pattern, sum());
      return binary(Op::like, std::move(left), std::move(pattern));
    }
    if (token_.is_keyword("between")) {
      VIGIE_CHECK(advance());
      VIGIE_TRY(Syntax low, sum());
      VIGIE_CHECK(expect_keyword("and"));
      VIGIE_TRY(Syntax high, sum());
      Syntax between{.kind = Kind::between, .offset = offset};
      for (Syntax* part : {&left, &low, &high}) between.args.push_back(std::move(*part));
      return compound(std::move(between));
    }
    VIGIE_CHECK(advance());
    VIGIE_CHECK(expect("("));
    std::vector<Syntax> args;
    VIGIE_CHECK(list_into(args));
    args.insert(args.begin(), std::move(left));
    return operation(Op::in, std::move(args), offset);
  }

  /// a, b, …) — at least one.
  Result<> list_into(std::vector<Syntax>& list) {
    for (;;) {
      VIGIE_TRY(Syntax next, expression());
      VIGIE_CHECK(add(list, std::move(next)));
      if (!token_.is(",")) return token_.is(")") ? advance() : unexpected("\",\" or \")\"");
      VIGIE_CHECK(advance());
    }
  }

  Result<Syntax> sum() {
    VIGIE_TRY(Syntax left, product());
    while (token_.is("+") || token_.is("-")) {
      const Op op = token_.is("+") ? Op::add : Op::sub;
      VIGIE_CHECK(advance());
      VIGIE_TRY(Syntax right, product());
      VIGIE_TRY(left, binary(op, std::move(left), std::move(right)));
    }
    return left;
  }

  Result<Syntax> product() {
    VIGIE_TRY(Syntax left, signed_value());
    while (token_.is("*") || token_.is("/")) {
      const Op op = token_.is("*") ? Op::mul : Op::div;
      VIGIE_CHECK(advance());
      VIGIE_TRY(Syntax right, signed_value());
      VIGIE_TRY(left, binary(op, std::move(left), std::move(right)));
    }
    return left;
  }

  /// A minus right before a number belongs to the number.
  Result<Syntax> signed_value() {
    if (!token_.is("-")) return primary();
    const Level level(level_);
    if (level_ > kMaxOpen) return too_deep(token_.begin);
    const std::size_t offset = token_.begin;
    VIGIE_CHECK(advance());
    if (token_.kind == TokenKind::number) return quantity("-", offset);
    VIGIE_TRY(Syntax inner, signed_value());
    return unary(Op::neg, std::move(inner), offset);
  }

  Result<Syntax> primary() {
    switch (token_.kind) {
      case TokenKind::number: return quantity("", token_.begin);
      case TokenKind::text: return leaf(Kind::value, token_.text);
      case TokenKind::quoted_name: return leaf(Kind::quoted, {});
      case TokenKind::parameter: return leaf(Kind::parameter, {});
      case TokenKind::name: return named();
      default: break;
    }
    if (!token_.is("(")) return unexpected("a value, a column or \"(\"");
    VIGIE_CHECK(advance());
    VIGIE_TRY(Syntax inner, expression());
    VIGIE_CHECK(expect(")"));
    return inner;
  }

  /// The current token as a leaf; a value, or a name that the token's text holds.
  Result<Syntax> leaf(Kind kind, Literal value) {
    Syntax made{.kind = kind, .value = std::move(value), .offset = token_.begin};
    if (kind != Kind::value) made.text = std::move(token_.text);
    VIGIE_CHECK(advance());
    return made;
  }

  /// A number, or with the word behind it an amount or a duration.
  Result<Syntax> quantity(std::string_view sign, std::size_t offset) {
    const Token number = token_;
    VIGIE_CHECK(advance());
    std::optional<Token> unit;
    if (token_.kind == TokenKind::name && !is_reserved(token_.text)) unit = token_;
    VIGIE_TRY(Literal value, read_quantity(source_, std::string(sign) + number.text, offset, unit));
    if (unit) VIGIE_CHECK(advance());
    return Syntax{.value = std::move(value), .offset = offset};
  }

  Result<Syntax> named() {
    const Token name = token_;
    if (name.is_keyword("case")) return case_of();
    if (name.is_keyword("null")) return leaf(Kind::value, std::monostate{});
    if (name.is_keyword("true")) return leaf(Kind::value, true);
    if (name.is_keyword("false")) return leaf(Kind::value, false);
    if (is_reserved(name.text)) return unexpected("a value, a column or \"(\"");
    VIGIE_CHECK(advance());
    if (token_.is("(")) return function(name);
    if (token_.kind == TokenKind::text && (name.is_keyword("date") || name.is_keyword("instant"))) {
      const SourcePosition where = source_.at(token_.begin);
      VIGIE_TRY(Literal value,
                name.is_keyword("date") ? read_date(token_.text, where) : read_instant(token_.text, where));
      VIGIE_CHECK(advance());
      return Syntax{.value = std::move(value), .offset = name.begin};
    }
    return Syntax{.kind = Kind::name, .text = name.text, .offset = name.begin};
  }

  Result<Syntax> function(const Token& name) {
    VIGIE_CHECK(advance());
    Syntax made{.kind = Kind::function, .text = name.text, .offset = name.begin};
    if (token_.is(")")) VIGIE_CHECK(advance());
    else VIGIE_CHECK(list_into(made.args));
    return compound(std::move(made));
  }

  Result<Syntax> case_of() {
    const std::size_t offset = token_.begin;
    VIGIE_CHECK(advance());
    std::vector<Syntax> args;
    if (!token_.is_keyword("when"))
      return source_.error("expr.syntax", token_.begin, fmt::format("expected \"when\", found {}", found(token_)),
                           "write: case when condition then value else value end");
    while (token_.is_keyword("when")) {
      VIGIE_CHECK(advance());
      VIGIE_TRY(Syntax condition, expression());
      VIGIE_CHECK(add(args, std::move(condition)));
      VIGIE_CHECK(expect_keyword("then"));
      VIGIE_TRY(Syntax value, expression());
      VIGIE_CHECK(add(args, std::move(value)));
    }
    Syntax otherwise{.offset = token_.begin};  // null
    if (token_.is_keyword("else")) {
      VIGIE_CHECK(advance());
      VIGIE_TRY(otherwise, expression());
    }
    VIGIE_CHECK(add(args, std::move(otherwise)));
    if (!token_.is_keyword("end")) return unexpected("\"when\", \"else\" or \"end\"");
    VIGIE_CHECK(advance());
    return operation(Op::case_, std::move(args), offset);
  }

  const Source& source_;
  Lexer lexer_;
  Token token_{};
  int level_ = 0;
};

}  // namespace

Result<Syntax> parse(const Source& source) {
  if (source.text().size() > kMaxTextLength)
    return source.error("expr.too_long", 0,
                        fmt::format("a text of {} bytes; at most {} are read", source.text().size(), kMaxTextLength));
  VIGIE_CHECK(check_characters(source));
  return Parser(source).whole();
}

}  // namespace vigie::expr

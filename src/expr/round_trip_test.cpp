#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "expr/print.h"
#include "expr/test_dialect.h"
#include "expr/test_scope.h"
#include "expr/typing.h"

namespace vigie::expr {
namespace {

/// Random trees as the checker gives them: every operation of the language, over the columns of TestScope.
class Trees {
 public:
  Expr any(int depth) {
    switch (below(9)) {
      case 0: return boolean(depth);
      case 1: return integer(depth);
      case 2: return number(depth);
      case 3: return real(depth);
      case 4: return money(depth);
      case 5: return text(depth);
      case 6: return date(depth);
      case 7: return instant(depth);
      default: return duration(depth);
    }
  }

  Expr boolean(int depth) {
    if (depth == 0)
      return pick(
          {column("is_first", Type::boolean), literal(true), literal(false), parameter("strict", Type::boolean)});
    switch (below(9)) {
      case 0: return logical(Op::and_, depth);
      case 1: return logical(Op::or_, depth);
      case 2: return not_(boolean(depth - 1));
      case 3: return compared(depth);
      case 4: return listed(depth);
      case 5: return call(Op::like, Type::boolean, {text(depth - 1), pattern()});
      case 6: return below(2) ? is_null(any(depth - 1)) : is_not_null(any(depth - 1));
      case 7:
        return call(below(2) ? Op::within : Op::matured, Type::boolean,
                    {point(depth - 1), point(depth - 1), duration(depth - 1)});
      default: return branches(Type::boolean, depth, [&] { return boolean(depth - 1); });
    }
  }

  Expr integer(int depth) {
    if (depth == 0)
      return pick({column("quantity", Type::integer), column("end", Type::integer),
                   literal(*rc::gen::arbitrary<std::int64_t>())});
    switch (below(4)) {
      case 0:
        return call(pick_op({Op::add, Op::sub, Op::mul}), Type::integer, {integer(depth - 1), integer(depth - 1)});
      case 1: return call(pick_op({Op::neg, Op::abs}), Type::integer, {integer(depth - 1)});
      case 2: return call(pick_op({Op::year, Op::month, Op::quarter, Op::weekday}), Type::integer, {point(depth - 1)});
      default: return branches(Type::integer, depth, [&] { return integer(depth - 1); });
    }
  }

  Expr number(int depth) {
    if (depth == 0)
      return pick({column("weight", Type::number, 3), column("Montant HT", Type::number, 2),
                   parameter("share", Type::number), literal(Decimal(*rc::gen::arbitrary<std::int32_t>(), below(7)))});
    switch (below(5)) {
      case 0: return sum(Type::number, number(depth - 1), below(2) ? number(depth - 1) : integer(depth - 1));
      case 1: return product(Type::number, number(depth - 1), below(2) ? number(depth - 1) : integer(depth - 1));
      case 2: return same_scale(pick_op({Op::neg, Op::abs}), number(depth - 1));
      case 3: return call(Op::as_number, Type::number, {integer(depth - 1)});
      default: return branches(Type::number, depth, [&] { return number(depth - 1); });
    }
  }

  Expr real(int depth) {
    if (depth == 0) return pick({column("score", Type::real), literal(*rc::gen::arbitrary<double>())});
    switch (below(4)) {
      case 0: return call(pick_op({Op::add, Op::sub, Op::mul}), Type::real, {real(depth - 1), plain(depth - 1)});
      case 1: return call(Op::div, Type::real, {plain(depth - 1), below(2) ? plain(depth - 1) : money(depth - 1)});
      case 2: return call(Op::as_real, Type::real, {below(2) ? integer(depth - 1) : money(depth - 1)});
      default: return branches(Type::real, depth, [&] { return real(depth - 1); });
    }
  }

  Expr money(int depth) {
    if (depth == 0)
      return pick(
          {column("amount", Type::money, 6), parameter("floor", Type::money),
           literal(MoneyLiteral{Decimal(*rc::gen::arbitrary<std::int64_t>(), below(7)), below(2) ? "EUR" : "USD"})});
    switch (below(4)) {
      case 0: return sum(Type::money, money(depth - 1), money(depth - 1));
      case 1: return product(Type::money, money(depth - 1), below(2) ? number(depth - 1) : integer(depth - 1));
      case 2: return same_scale(pick_op({Op::neg, Op::abs}), money(depth - 1));
      default: return branches(Type::money, depth, [&] { return money(depth - 1); });
    }
  }

  Expr text(int depth) {
    if (depth == 0)
      return pick({column("channel", Type::text), column("customer.segment", Type::text), literal(characters())});
    if (below(2)) return call(Op::lower, Type::text, {text(depth - 1)});
    return branches(Type::text, depth, [&] { return text(depth - 1); });
  }

  Expr date(int depth) {
    if (depth == 0) return pick({column("signed_on", Type::date), literal(Date{below(40'000) - 10'000})});
    switch (below(3)) {
      case 0: {
        const Expr move =
            below(2) ? literal(Micros{(below(2'000) - 1'000) * kMicrosPerDay}) : column("term", Type::duration);
        return call(pick_op({Op::add, Op::sub}), Type::date, {date(depth - 1), move});
      }
      case 1: return call(Op::date_of, Type::date, {instant(depth - 1)});
      default: return branches(Type::date, depth, [&] { return date(depth - 1); });
    }
  }

  Expr instant(int depth) {
    if (depth == 0) {
      const InstantLiteral at{{*rc::gen::inRange<std::int64_t>(-1'000'000'000'000'000, 4'000'000'000'000'000)},
                              {below(30'000)},
                              below(2'000) - 1'000,
                              below(2) == 0};
      return pick({column("created_at", Type::instant), parameter("as_of", Type::instant), literal(at)});
    }
    return branches(Type::instant, depth, [&] { return instant(depth - 1); });
  }

  Expr duration(int depth) {
    if (depth == 0)
      return pick({column("term", Type::duration), parameter("window", Type::duration),
                   literal(Micros{*rc::gen::arbitrary<std::int64_t>()}),
                   literal(Micros{(below(200) - 100) * kMicrosPerDay})});
    switch (below(5)) {
      case 0: return call(Op::duration, Type::duration, {point(depth - 1), point(depth - 1)});
      case 1: return call(pick_op({Op::add, Op::sub}), Type::duration, {duration(depth - 1), duration(depth - 1)});
      case 2: return call(pick_op({Op::neg, Op::abs}), Type::duration, {duration(depth - 1)});
      case 3: return call(Op::mul, Type::duration, {duration(depth - 1), integer(depth - 1)});
      default: return branches(Type::duration, depth, [&] { return duration(depth - 1); });
    }
  }

 private:
  static int below(int end) { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, end)); }
  static Expr pick(std::vector<Expr> from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }
  static Op pick_op(std::vector<Op> from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }

  static std::string characters() {
    constexpr std::string_view kParts[] = {"'",    "\"", "\\", ";",          "--", "%", "é",
                                           "paid", " ",  "\n", "2025-01-31", "$",  "€"};
    std::string out;
    for (int i = below(6); i > 0; --i) out += kParts[below(std::size(kParts))];
    return out;
  }
  static Expr pattern() {
    return pick({literal(std::string("a_%")), literal(std::string("100\\%")), parameter("pattern", Type::text)});
  }

  Expr point(int depth) { return below(2) ? date(depth) : instant(depth); }
  Expr plain(int depth) { return below(3) == 0 ? integer(depth) : below(2) ? number(depth) : real(depth); }

  Expr logical(Op op, int depth) {
    std::vector<Expr> args;
    for (int i = 2 + below(2); i > 0; --i) args.push_back(boolean(depth - 1));
    return call(op, Type::boolean, std::move(args));
  }

  Expr like(const Expr& a, int depth) {
    switch (a->type) {
      case Type::boolean: return boolean(depth);
      case Type::integer:
      case Type::number:
      case Type::real: return plain(depth);
      case Type::money: return money(depth);
      case Type::text: return text(depth);
      case Type::date: return date(depth);
      case Type::instant: return instant(depth);
      default: return duration(depth);
    }
  }

  Expr compared(int depth) {
    const Expr a = any(depth - 1);
    const Expr b = below(8) == 0 ? null_of(a->type) : like(a, depth - 1);
    const bool ordered = a->type != Type::boolean && !is_null_literal(b);
    const Op op = ordered ? pick_op({Op::eq, Op::ne, Op::lt, Op::le, Op::gt, Op::ge}) : pick_op({Op::eq, Op::ne});
    return call(op, Type::boolean, {a, b});
  }

  Expr listed(int depth) {
    std::vector<Expr> args{any(depth - 1)};
    for (int i = 1 + below(3); i > 0; --i)
      args.push_back(below(6) == 0 ? null_of(args[0]->type) : like(args[0], depth - 1));
    return call(Op::in, Type::boolean, std::move(args));
  }

  static Expr sum(Type type, const Expr& a, const Expr& b) {
    return call(pick_op({Op::add, Op::sub}), type, {a, b}, std::max(a->scale, b->scale));
  }
  static Expr product(Type type, const Expr& a, const Expr& b) {
    return a->scale + b->scale <= 18 ? call(Op::mul, type, {a, b}, a->scale + b->scale) : a;
  }
  static Expr same_scale(Op op, const Expr& a) { return call(op, a->type, {a}, a->scale); }

  /// coalesce, case, least or greatest.
  Expr branches(Type type, int depth, const std::function<Expr()>& value) {
    std::vector<Expr> values{value(), value()};
    if (below(4) == 0) values.push_back(null_of(type));
    int scale = 0;
    for (const Expr& e : values) scale = std::max(scale, e->scale);
    if (below(3) == 0) {
      std::vector<Expr> args;
      for (std::size_t i = 0; i + 1 < values.size(); ++i) {
        args.push_back(boolean(depth - 1));
        args.push_back(values[i]);
      }
      args.push_back(values.back());
      return call(Op::case_, type, std::move(args), scale);
    }
    const Op op = type == Type::boolean ? Op::coalesce : pick_op({Op::coalesce, Op::least, Op::greatest});
    return call(op, type, std::move(values), scale);
  }
};

constexpr int kTreesPerCase = 10;

RC_GTEST_PROP(RoundTrip, WhatIsWrittenReadsBackAsTheSame, ()) {
  for (int i = 0; i < kTreesPerCase; ++i) {
    const Expr e = Trees().any(*rc::gen::element(0, 1, 2, 3, 4, 5));
    const std::string text = to_text(e);
    const auto back = parse_and_check(text, kScope, {"", 1, 1});
    if (!back) RC_FAIL(text + ": " + back.error().text());
    if (!same(e, *back)) RC_FAIL(text + " came back as " + to_text(*back));
  }
}

/// Whether every quote and parenthesis is closed, and nothing outside quotes could end or comment out a statement.
bool is_one_closed_value(std::string_view sql) {
  int open = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] == '\'' || sql[i] == '"') {  // to its end: doubled marks open and close again
      i = sql.find(sql[i], i + 1);
      if (i == std::string_view::npos) return false;
      continue;
    }
    open += sql[i] == '(' ? 1 : sql[i] == ')' ? -1 : 0;
    if (open < 0 || sql[i] == ';' || sql[i] == '$' || sql.substr(i, 2) == "--" || sql.substr(i, 2) == "/*")
      return false;
  }
  return open == 0;
}

RC_GTEST_PROP(RoundTrip, EveryTreePrintsAsOneClosedValue, ()) {
  const std::map<std::string, Literal> parameters{{"window", Micros{1}},
                                                  {"as_of", InstantLiteral{}},
                                                  {"strict", true},
                                                  {"share", Decimal(5, 1)},
                                                  {"floor", MoneyLiteral{Decimal(1, 0), "EUR"}},
                                                  {"pattern", std::string("a%")}};
  for (int i = 0; i < kTreesPerCase; ++i) {
    const Expr e = *expr::bind(Trees().any(*rc::gen::element(0, 1, 2, 3, 4, 5)), parameters);
    const std::string sql = print(e, TestDialect());
    if (!is_one_closed_value(sql)) RC_FAIL(sql);
  }
}

}  // namespace
}  // namespace vigie::expr

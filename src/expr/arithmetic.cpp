#include "expr/limits.h"
#include "expr/typing.h"

namespace vigie::expr {
namespace {

bool is_exact(Type type) { return type == Type::integer || type == Type::number; }

/// One + - * / with its sides, and the rules for it. Each rule gives a tree, an error, or nothing when it does not
/// apply.
class Operation {
 public:
  Operation(Op op, Expr a, Expr b, SourcePosition where)
      : op_(op), a_(std::move(a)), b_(std::move(b)), where_(std::move(where)) {}

  Result<Expr> typed() {
    for (const Expr& side : {a_, b_})
      if (is_null_literal(side))
        return fail(ErrorKind::usage, "expr.type", fmt::format("null has no value for {}", sign_of(op_)), side->where,
                    "write coalesce(column, 0) where a column may be null");
    VIGIE_CHECK(read_times());
    switch (op_) {
      case Op::add:
      case Op::sub: return sum();
      case Op::mul: return product();
      default: return quotient();
    }
  }

 private:
  Type a() const { return a_->type; }
  Type b() const { return b_->type; }
  bool both(Type type) const { return a() == type && b() == type; }
  bool either(Type type) const { return a() == type || b() == type; }
  bool plain_numbers() const { return is_plain_number(a()) && is_plain_number(b()); }
  bool money_beside_number() const { return either(Type::money) && (is_plain_number(a()) || is_plain_number(b())); }

  Expr make(Type type, int scale = 0) const { return placed(op_, type, {a_, b_}, where_, scale); }

  std::unexpected<Error> wrong(std::string hint = "") const {
    return fail(ErrorKind::usage, "expr.type", fmt::format("{} {} {}", a_type(a()), sign_of(op_), a_type(b())), where_,
                std::move(hint));
  }

  std::unexpected<Error> wrong_money(std::string hint) const {
    return fail(ErrorKind::usage, "expr.money", fmt::format("{} {} {}", a_type(a()), sign_of(op_), a_type(b())), where_,
                std::move(hint));
  }

  /// A text beside a date or an instant is one.
  Result<> read_times() {
    const auto read = [](Expr& e, const Expr& beside) -> Result<> {
      if (e->op == Op::literal && e->type == Type::text && is_time(beside->type)) {
        VIGIE_TRY(e, point_in_time(e, "arithmetic with dates"));
      }
      return {};
    };
    VIGIE_CHECK(read(a_, b_));
    return read(b_, a_);
  }

  Result<Expr> sum() const {
    const int scale = std::max(a_->scale, b_->scale);
    if (plain_numbers()) {
      if (either(Type::real)) return make(Type::real);
      return either(Type::number) ? make(Type::number, scale) : make(Type::integer);
    }
    if (both(Type::money)) return make(Type::money, scale);
    if (both(Type::duration)) return make(Type::duration);
    if (op_ == Op::sub && is_time(a()) && is_time(b())) return placed(Op::duration, Type::duration, {b_, a_}, where_);
    if (a() == Type::date && b() == Type::duration) return moved_day(a_, b_);
    if (op_ == Op::add && a() == Type::duration && b() == Type::date) return moved_day(b_, a_);
    if (either(Type::instant) && either(Type::duration))
      return wrong("windows count calendar days: write within(from, to, 30 days), or date(instant) + 30 days");
    if (money_beside_number()) {
      const Expr& number = a() == Type::money ? b_ : a_;
      return wrong_money(number->op == Op::literal ? "write the number with its currency: 10 EUR"
                                                   : "write real(amount) for an amount without its currency");
    }
    if ((is_time(a()) || is_time(b())) && (is_exact(a()) || is_exact(b())))
      return wrong("write 30 days for a duration");
    if (either(Type::duration) && (is_plain_number(a()) || is_plain_number(b())))
      return wrong("write 30 days for a duration");
    return wrong();
  }

  Result<Expr> moved_day(const Expr& day, const Expr& move) const {
    if (const auto* micros = std::get_if<Micros>(&move->literal); micros && micros->value % kMicrosPerDay != 0)
      return fail(ErrorKind::usage, "expr.type", "a date moves by whole days", move->where, "write a number of days");
    return placed(op_, Type::date, {day, move}, where_);
  }

  Result<Expr> product() const {
    const int scale = a_->scale + b_->scale;
    if (both(Type::money)) return wrong_money("an amount is multiplied by a number");
    if ((a() == Type::duration && b() == Type::integer) || (a() == Type::integer && b() == Type::duration))
      return make(Type::duration);
    if (!plain_numbers() && !money_beside_number())
      return wrong(either(Type::duration) ? "a duration is multiplied by a whole number" : "");
    if (either(Type::real)) return make(Type::real);
    if (scale > kMaxScale)
      return fail(ErrorKind::usage, "expr.type",
                  fmt::format("an exact product with {} decimals; at most {} are kept", scale, kMaxScale), where_,
                  "write real(…) around one side for a product that need not be exact");
    if (either(Type::money)) return make(Type::money, scale);
    return either(Type::number) ? make(Type::number, scale) : make(Type::integer);
  }

  Result<Expr> quotient() const {
    const auto divides = [](Type type) { return is_plain_number(type) || type == Type::money; };
    if ((divides(a()) && divides(b())) || both(Type::duration)) return make(Type::real);
    return wrong(a() == Type::duration ? "a duration is divided by a duration: duration(from, to) / 1 day" : "");
  }

  Op op_;
  Expr a_, b_;
  SourcePosition where_;
};

}  // namespace

Result<Expr> arithmetic(Op op, Expr a, Expr b, SourcePosition where) {
  return Operation(op, std::move(a), std::move(b), std::move(where)).typed();
}

Result<Expr> negate(Expr a, SourcePosition where) {
  if (!is_plain_number(a->type) && a->type != Type::money && a->type != Type::duration)
    return fail(ErrorKind::usage, "expr.type", fmt::format("minus {}", a_type(a->type)), where,
                "a number, an amount or a duration was expected");
  const Type type = a->type;
  const int scale = a->scale;
  return placed(Op::neg, type, {std::move(a)}, std::move(where), scale);
}

}  // namespace vigie::expr

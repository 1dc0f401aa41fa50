#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/decimal.h"
#include "base/result.h"
#include "base/time.h"

namespace vigie::expr {

enum class Type {
  boolean,
  integer,  ///< Int64
  number,   ///< exact decimal
  real,     ///< double: the result of a division; cannot be summed
  money,    ///< exact decimal in the reporting currency
  text,
  date,      ///< day number
  instant,   ///< µs UTC, with facets
  duration,  ///< µs; "30 days" is 30 · 86,400 s
  null,      ///< the literal null, before it takes a type
};
std::string_view name_of(Type type);

enum class Facet { value, day, offset, bare };

/// An instant written into a query: as_of, a period's bound. `day` is what ages against bare dates use: for "the end of
/// D" it is D while `at` is the first instant of D + 1.
struct InstantLiteral {
  Instant at;
  Date day;
  int offset_minutes = 0;
  bool bare = false;
  bool operator==(const InstantLiteral&) const = default;
};

/// Duration literal, its own type so that it cannot be taken for a number.
struct Micros {
  std::int64_t value = 0;
  bool operator==(const Micros&) const = default;
};

/// Money written with its currency: "100 EUR", at most kMoneyScale decimals. check_currency refuses another currency
/// than the reporting one.
struct MoneyLiteral {
  Decimal amount;
  std::string currency;
  bool operator==(const MoneyLiteral&) const = default;
};

constexpr int kMoneyScale = 6;      ///< of money literals, as of the warehouse's base amounts
constexpr int kParameterScale = 6;  ///< of parameters of type number: bind() writes their value so

using Literal = std::variant<std::monostate, bool, std::int64_t, Decimal, double, std::string, Date, InstantLiteral,
                             Micros, MoneyLiteral>;

enum class Op {
  literal,
  column,
  parameter,
  // boolean (Kleene)
  and_,
  or_,
  not_,
  // comparison: = and != treat null as a value; the others are null when a side is
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  in,    ///< args[0] in args[1…]; null is a value
  like,  ///< args[0] like args[1]; case-sensitive, \ escapes
  is_null,
  is_not_null,
  // arithmetic; division by zero is null
  add,
  sub,
  mul,
  div,
  neg,
  coalesce,  ///< args, first not null
  case_,     ///< when1, then1, when2, then2, …, else (odd count; else may be a null literal)
  least,
  greatest,  ///< of those not null; null when all are
  abs,
  lower,  ///< text
  // time
  date_of,  ///< instant → date in the reporting zone
  year,
  month,
  quarter,
  weekday,
  hour,       ///< of a date or an instant (hour: instant only)
  duration,   ///< (from, to): whole calendar days if either is bare, else elapsed µs
  within,     ///< (from, to, window): to < from + window, in calendar days on the wall clock
  matured,    ///< (from, at, window): from + window <= at, in calendar days on the wall clock
  as_real,    ///< any exact number → double
  as_number,  ///< integer → decimal; in trees that code writes, also a real, rounded to the scale
  // what only trees have, no text
  utc_offset,  ///< of an instant: minutes east of UTC of the reporting zone then
  on_clock,    ///< (µs UTC, minutes east of UTC): the instant, as a clock there shows it
  converted,   ///< (amount, per_document, per_target): money, see Dialect::converted
  portion,     ///< (amount, part, whole): money, see Dialect::portion
  any_bit,     ///< (a, b): the two integers have a bit in common
  exp2,        ///< 2 to the power of a real
  concat,      ///< texts, one behind the other; null where one is
};

struct Node;
/// A tree is immutable and shared freely, also between parts of one tree.
using Expr = std::shared_ptr<const Node>;

struct Node {
  Op op = Op::literal;
  Type type = Type::null;
  int scale = 0;       ///< of number and money
  std::string name{};  ///< of a column ("amount_net", "customer.segment") or a parameter
  Literal literal{};   ///< of a literal
  std::vector<Expr> args{};
  SourcePosition where{};  ///< in the text it was written in; not part of equality
};

}  // namespace vigie::expr

#pragma once
#include "expr/expr.h"

namespace vigie::expr {

/// How one engine writes scalars. `store/` has one for each engine. Stateless. Arguments are SQL already printed, each
/// a name, a literal, a call or in parentheses, so that they can be put beside any operator; what is returned must be,
/// too.
///
/// Physical types: integer, instant and duration are 64-bit integers, date and an instant's day 32-bit ones; number and
/// money are decimals of 38 digits where they are computed.
class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual std::string identifier(std::string_view name) const = 0;  ///< quoted
  virtual std::string text(std::string_view value) const = 0;       ///< quoted literal
  virtual std::string decimal(const Decimal& value) const = 0;      ///< literal of a decimal type, also at scale 0
  /// = with null as a value; never null.
  virtual std::string is_same(const std::string& a, const std::string& b) const = 0;
  virtual std::string type_name(Type type, int scale) const = 0;  ///< a type that holds null
  /// Of doubles; null when b is 0.
  virtual std::string divide(const std::string& a, const std::string& b) const = 0;
  /// year, month, quarter or weekday (ISO: Monday is 1) of a day number, as a 64-bit integer.
  virtual std::string date_part(Op part, const std::string& day_number) const = 0;
  /// Of 64-bit integers, toward zero; b is never 0.
  virtual std::string integer_divide(const std::string& a, const std::string& b) const = 0;

  // What most engines write alike; an engine that does not overrides it.
  virtual std::string any_bit(const std::string& a, const std::string& b) const;  ///< of integers, never negative
  virtual std::string boolean(bool value) const;
  virtual std::string like(const std::string& a, const std::string& pattern) const;  ///< case-sensitive, \ escapes
  virtual std::string lower(const std::string& a) const;                             ///< all of Unicode
  /// Of decimals of these scales, exact: an engine may type 18 digits times 18 digits as 18 digits.
  virtual std::string product(const std::string& a, int scale_of_a, const std::string& b, int scale_of_b) const;
  virtual std::string extreme(Op op, const std::vector<std::string>& args) const;  ///< least, greatest: nulls left out
  /// amount / per_document · per_target, half to even at six decimals: an amount in a document's currency (four
  /// decimals) in another one, by what a unit of the quotes' base is worth in each (eight decimals). Null where any is
  /// null.
  virtual std::string converted(const std::string& amount, const std::string& per_document,
                                const std::string& per_target) const;
  /// amount · part / whole, half to even at six decimals, exact for any amount: of money (six decimals, 38 digits) and
  /// two 64-bit integers. Null where any is null, the whole is not above 0 or the part lies outside it.
  virtual std::string portion(const std::string& amount, const std::string& part, const std::string& whole) const;
};

/// The physical column behind a facet: "ordered_at", "ordered_at_day", "ordered_at_off", "ordered_at_bare".
std::string facet_name(std::string_view column, Facet facet);

/// SQL of a bound tree. For type instant, the facet wanted.
std::string print(const Expr& e, const Dialect& dialect, Facet facet = Facet::value);

/// SQL of a boolean of which only "true" counts (WHERE, FILTER, a join's condition): null may come out as false and
/// false as null, which lets an engine compare a column with a value directly and skip blocks by their bounds.
std::string print_condition(const Expr& e, const Dialect& dialect);

/// The text form of the language itself, for explanations: parse_and_check(to_text(e)) gives e back.
std::string to_text(const Expr& e);

}  // namespace vigie::expr

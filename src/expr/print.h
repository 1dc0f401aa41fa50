#pragma once
#include "expr/expr.h"

namespace vigie::expr {

/// How one engine writes scalars. `store/` has one for each engine.
class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual std::string identifier(std::string_view name) const = 0;  ///< quoted
  virtual std::string text(std::string_view value) const = 0;       ///< quoted literal
  virtual std::string decimal(const Decimal& value) const = 0;
  virtual std::string is_same(const std::string& a, const std::string& b) const = 0;  ///< = with null as a value
  virtual std::string type_name(Type type, int scale) const = 0;
  virtual std::string divide(const std::string& a, const std::string& b) const = 0;  ///< doubles; null when b is 0
  virtual std::string date_part(Op part, const std::string& day_number) const = 0;   ///< year, month, quarter, weekday of a day number
};

/// The physical column behind a facet: "ordered_at", "ordered_at_day", "ordered_at_off", "ordered_at_bare".
std::string facet_name(std::string_view column, Facet facet);

/// SQL of a bound tree. For type instant, the facet wanted.
std::string print(const Expr& e, const Dialect& dialect, Facet facet = Facet::value);

/// The text form of the language itself, for explanations: parse_and_check(to_text(e)) gives e back.
std::string to_text(const Expr& e);

}  // namespace vigie::expr

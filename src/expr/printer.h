#pragma once
#include "expr/print.h"

namespace vigie::expr {

/// Writes one checked tree as SQL; what print.h offers is a thin door to it. Scalars are in print.cpp, everything about
/// days, instants and durations in print_time.cpp. Every compound comes out in parentheses.
class Printer {
 public:
  explicit Printer(const Dialect& dialect) : dialect_(dialect) {}

  std::string value(const Expr& e) const;      ///< of an instant: µs UTC
  std::string condition(const Expr& e) const;  ///< see print_condition
  /// Of an instant, or of a date, which is bare, is its own day and begins at its local midnight.
  std::string facet(const Expr& e, Facet facet) const;

 private:
  std::string literal(const Node& node) const;
  std::string operand(const Expr& e) const;  ///< of a comparison: a whole number as plain digits
  std::string as(const Expr& e, Type type, int scale) const;
  std::string same_value(const Expr& a, const Expr& b) const;
  std::string compared(const Node& node) const;
  std::string alternative(const Expr& e) const;
  static bool is_list_of_values(const Node& node);
  std::string in_values(const Node& node) const;
  std::string member(const Node& node) const;
  std::string logical(const Node& node, std::string_view separator) const;
  std::vector<std::string> typed(const Node& node) const;  ///< the arguments, each with the node's own type
  std::string sum(const Node& node) const;
  std::string product(const Node& node) const;
  std::string case_of(const Node& node, Facet facet_wanted) const;

  // print_time.cpp
  std::string time_call(const Node& node) const;
  std::string instant_facet(const InstantLiteral& at, Facet facet) const;
  std::string coalesce_facet(const Node& node, Facet facet) const;
  std::string extreme_facet(const Node& node, Facet facet) const;
  std::string null_facet(Facet facet) const;
  std::string clock_facet(const Node& node, Facet facet) const;
  std::string wall(const Expr& e) const;  ///< µs on the wall clock of the reporting zone
  std::string moved_day(const Node& node) const;
  std::string day_at(const std::string& wall) const;  ///< the day that holds µs on the wall clock
  std::string either_is_bare(const Expr& from, const Expr& to) const;
  std::string days_between(const Expr& from, const Expr& to) const;
  std::string duration(const Node& node) const;
  std::string window(const Node& node) const;
  std::string hour(const Expr& e) const;

  std::string cast(const std::string& sql, Type type, int scale = 0) const;
  std::string integer64(std::int64_t value) const;  ///< a literal that every engine reads as 64 bits
  std::string real(double value) const;

  const Dialect& dialect_;
};

}  // namespace vigie::expr

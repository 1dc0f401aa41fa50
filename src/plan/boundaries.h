#pragma once
#include "plan/relations.h"

namespace vigie::plan {

/// Instants in their order, each once.
std::vector<expr::InstantLiteral> in_order(std::vector<expr::InstantLiteral> instants);

/// The openings and closings of periods, numbered in their order. A state that holds at some of them is a set of bits,
/// so that what a customer was at all of them is one integer, and a state that runs from one instant to another is a
/// difference of two powers of two.
///
///   const Boundaries at(periods);                      // 1 January, 1 February, 1 March: bits 1, 2, 4; end() is 8
///   at.reached(date_of(2025, 1, 20))                   // 2: the first instant of all that follow 20 January is bit 1
class Boundaries {
 public:
  static constexpr std::size_t kMost = 60;  ///< of one set: its bits and their sum fit a 64-bit integer

  explicit Boundaries(std::span<const PeriodInstants> periods);
  /// Periods in sets of at most kMost instants each.
  static std::vector<std::vector<PeriodInstants>> sets(std::span<const PeriodInstants> periods);

  Date first_day() const { return at_.front().day; }
  Date last_day() const { return at_.back().day; }
  std::int64_t bit(const expr::InstantLiteral& at) const;
  std::int64_t between(const expr::InstantLiteral& open, const expr::InstantLiteral& close) const;  ///< (open, close]
  std::int64_t end() const { return std::int64_t{1} << at_.size(); }
  /// 2^n, n the number of instants up to the start of a day.
  std::int64_t reached(Date day) const;
  /// 2^n, n the number of instants up to `at`, or up to so many calendar days after it: from `by_day`, which is
  /// reached() of its day (so many days later), and the instants that lie inside a day.
  expr::Expr reached(expr::Expr by_day, const expr::Expr& at, int days_later) const;

 private:
  std::vector<expr::InstantLiteral> at_;
};

}  // namespace vigie::plan

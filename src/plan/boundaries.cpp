#include "plan/boundaries.h"

#include <cassert>

#include "plan/relation_builder.h"

namespace vigie::plan {
namespace {

using expr::Expr;
using expr::InstantLiteral;
using expr::Op;
using expr::Type;

std::vector<InstantLiteral> openings_and_closings(std::span<const PeriodInstants> periods) {
  std::vector<InstantLiteral> out;
  for (const PeriodInstants& period : periods) out.push_back(period.open), out.push_back(period.close);
  return out;
}

}  // namespace

std::vector<InstantLiteral> in_order(std::vector<InstantLiteral> instants) {
  const auto at = [](const InstantLiteral& one) { return one.at; };
  std::ranges::sort(instants, {}, at);
  const auto rest = std::ranges::unique(instants, {}, at);
  instants.erase(rest.begin(), rest.end());
  return instants;
}

Boundaries::Boundaries(std::span<const PeriodInstants> periods) : at_(in_order(openings_and_closings(periods))) {
  assert(!at_.empty() && at_.size() <= kMost);
}

std::vector<std::vector<PeriodInstants>> Boundaries::sets(std::span<const PeriodInstants> periods) {
  std::vector<PeriodInstants> sorted(periods.begin(), periods.end());
  std::ranges::sort(sorted, {}, [](const PeriodInstants& one) { return std::pair(one.open.at, one.close.at); });
  std::vector<std::vector<PeriodInstants>> out;
  std::set<Instant> instants;
  for (const PeriodInstants& period : sorted) {
    instants.insert({period.open.at, period.close.at});
    if (out.empty() || instants.size() > kMost) {
      out.emplace_back();
      instants = {period.open.at, period.close.at};
    }
    out.back().push_back(period);
  }
  return out;
}

std::int64_t Boundaries::bit(const InstantLiteral& at) const {
  const auto found = std::ranges::lower_bound(at_, at.at, {}, [](const InstantLiteral& one) { return one.at; });
  assert(found != at_.end() && found->at == at.at);
  return std::int64_t{1} << (found - at_.begin());
}

std::int64_t Boundaries::between(const InstantLiteral& open, const InstantLiteral& close) const {
  return 2 * bit(close) - 2 * bit(open);
}

std::int64_t Boundaries::reached(Date day) const {
  const auto passed =
      std::ranges::count_if(at_, [&](const InstantLiteral& one) { return one.bare ? one.day <= day : one.day < day; });
  return std::int64_t{1} << passed;
}

Expr Boundaries::reached(Expr by_day, const Expr& at, int days_later) const {
  std::vector<Expr> inside;
  const Expr day = day_of(at);
  for (const InstantLiteral& one : at_) {
    if (one.bare) continue;
    const Expr limit = expr::literal(one);
    const Expr late = days_later == 0
                          ? expr::ge(at, limit)
                          : expr::call(Op::matured, Type::boolean,
                                       {limit, at, expr::literal(expr::Micros{-days_later * kMicrosPerDay})});
    inside.push_back(expr::all_of({expr::eq(day, expr::literal(one.day - days_later)), late}));
  }
  if (inside.empty()) return by_day;
  const Expr twice = expr::call(Op::add, Type::integer, {by_day, by_day});
  return when(any_of(std::move(inside)), twice, by_day);
}

}  // namespace vigie::plan

#include "plan/measure_columns.h"

#include "plan/terms.h"

namespace vigie::plan {
namespace {

using expr::Expr;
using store::col;

std::string text_of(const store::Cell& cell) {
  return std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) return {};
        else if constexpr (std::is_same_v<T, bool>) return value ? "true" : "false";
        else if constexpr (std::is_same_v<T, std::int64_t>) return fmt::format("{}", value);
        else if constexpr (std::is_same_v<T, Decimal>) return value.to_plain();
        else if constexpr (std::is_same_v<T, double>) return fmt::format("{}", value);
        else return value;
      },
      cell);
}

}  // namespace

Key key_of(const store::ResultSet& rows, std::size_t row, std::size_t first, std::size_t count) {
  Key key;
  for (std::size_t i = first; i < first + count; ++i) {
    if (rows.is_null(row, i)) key.emplace_back(std::nullopt);
    else if (rows.columns()[i].type == expr::Type::date)
      key.emplace_back(to_string(Date{static_cast<std::int32_t>(rows.int64(row, i))}));
    else key.emplace_back(text_of(rows.at(row, i)));
  }
  return key;
}

std::vector<store::NamedExpr> group_columns(const MeasureSpec& spec, const std::vector<std::string>& names) {
  std::vector<store::NamedExpr> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    Expr value = col(spec.rel, names[i]);
    if (value->type == expr::Type::instant) value = day_of(value);
    out.push_back({fmt::format("g{}", i), std::move(value)});
  }
  return out;
}

std::vector<std::string> all_groups(const MeasureSpec& spec) {
  std::vector<std::string> out = spec.axes;
  out.insert(out.end(), spec.splits.begin(), spec.splits.end());
  return out;
}

Expr day_of(const MeasureSpec& spec) { return day_of(col(spec.rel, spec.at)); }

Expr late_half(const MeasureSpec& spec, const std::vector<Span>& spans, const calendar::Calendar& calendar) {
  const Expr at = col(spec.rel, spec.at);
  std::vector<Expr> halves;
  for (const Span& span : spans)
    if (span.to_tod != 0 && at->type == expr::Type::instant)
      halves.push_back(expr::all_of(
          {expr::eq(day_of(spec), expr::literal(span.to)), expr::ge(at, expr::literal(end_of(calendar, span)))}));
  if (halves.empty()) return expr::literal(false);
  return any_of(std::move(halves));
}

store::RelPtr between_days(const MeasureSpec& spec, Date first, Date last) {
  const Expr day = day_of(spec);
  return store::filter(spec.rel,
                       expr::all_of({expr::ge(day, expr::literal(first)), expr::le(day, expr::literal(last))}));
}

void collect(const std::vector<Span>& spans, std::vector<Span>& into) {
  for (const Span& span : spans)
    if (!span.empty() && std::ranges::find(into, span) == into.end()) into.push_back(span);
}

store::RelPtr on_days(store::RelPtr left, store::RelPtr days) {
  return store::join(store::JoinKind::inner, std::move(left), std::move(days),
                     {{std::string(kDay), "day"}, {std::string(kLate), "half"}});
}

}  // namespace vigie::plan

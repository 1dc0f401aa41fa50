#include "kpi/coverage.h"

#include "catalog/kpi_name.h"
#include "kpi/figure.h"
#include "kpi/rests_on.h"
#include "plan/coverage.h"

namespace vigie::kpi {
namespace {

using catalog::Measure;
using catalog::Over;
using expr::Expr;
using plan::Span;

Span shifted(Span span, int days) { return {span.from - days, span.to - days, span.to_tod}; }

/// The periods of a span, the first and the last as far as it holds them.
std::vector<Span> each_period(const calendar::Calendar& calendar, const Span& span, calendar::Grain grain) {
  if (grain == calendar::Grain::total || grain == calendar::Grain::hour || span.empty()) return {span};
  std::vector<Span> out;
  for (const calendar::Range& period : calendar.periods({span.from, span.to_tod > 0 ? span.to + 1 : span.to}, grain)) {
    Span one{std::max(period.from, span.from), period.to, 0};
    if (std::pair(one.to, std::int64_t{0}) > std::pair(span.to, span.to_tod))
      one.to = span.to, one.to_tod = span.to_tod;
    out.push_back(one);
  }
  return out;
}

}  // namespace

std::vector<Span> Coverage::spans_over(Over over, const Span& span) const {
  const auto& params = bound_.params;
  switch (over) {
    case Over::period: return {span};
    case Over::trailing_12_months: return {plan::trailing_12_months(session_.calendar, span)};
    case Over::month_ends_12: return plan::month_ends_12(session_.calendar, span);
    case Over::until_end: return {Span{std::min(beginning(), span.from), span.to, span.to_tod}};
    case Over::each_period: return each_period(session_.calendar, span, grain_);
    case Over::trailing_days: {
      const auto days = static_cast<int>(std::get<expr::Micros>(params.at("trailing")).value / kMicrosPerDay);
      return {Span{span.to - days, span.to, span.to_tod}};
    }
    case Over::year_before: return {plan::year_before(session_.calendar, span)};
    case Over::lagged: {
      const auto days = static_cast<int>(std::get<expr::Micros>(params.at("lag")).value / kMicrosPerDay);
      return {shifted(span, days)};
    }
  }
  return {span};
}

Date Coverage::beginning() const {
  std::optional<Date> first;
  for (const auto& one : session_.facts.coverage)
    if (one.first) first = std::min(first.value_or(*one.first), *one.first);
  return first.value_or(Date{});
}

std::string Coverage::side_uncovered(const Expr& side, const Span& span) const {
  std::vector<std::string> names;
  expr::columns_of(side, names);
  return names_uncovered(names, span);
}

std::string Coverage::names_uncovered(const std::vector<std::string>& names, const Span& span) const {
  bool any = false;
  const auto event = plan::sale_event(session_.settings, session_.facts);
  for (const std::string& name : names) {
    if (catalog::kpi_named(name)) return {};
    const Measure& measure = bound_.definition->measures.at(name);
    const auto tables = plan::tables_dating(measure.relation, event, session_.facts, bound_.params);
    const auto told = plan::told_from(measure.relation, event, session_.facts);
    for (const Span& over : spans_over(measure.over, span)) {
      const auto reaches = [&](Date first) { return first < over.to || (first == over.to && over.to_tod > 0); };
      if (told && reaches(*told)) return {};
      for (const auto& one : session_.facts.coverage)
        if (one.rows > 0 && one.first && std::ranges::find(tables, one.table) != tables.end() && reaches(*one.first))
          return {};
    }
    any = true;
  }
  if (!any) return {};
  // Who sells or leads (employees) is not all who work here: without their employments nobody can be counted.
  const auto of_staff = [&](const std::string& name) {
    const auto tables = plan::tables_behind(bound_.definition->measures.at(name).relation, event, session_.facts);
    return std::ranges::find(tables, "headcount") != tables.end();
  };
  return std::ranges::any_of(names, of_staff) && !session_.facts.has("headcount") ? "no_headcount" : "no_data";
}

bool Coverage::partial_year(const Span& span) const {
  const std::vector<std::string> names = names_of(*bound_.variant);
  const auto is_yearly = [&](const std::string& name) {
    const auto found = bound_.definition->measures.find(name);
    return found != bound_.definition->measures.end() && found->second.over == Over::month_ends_12;
  };
  if (std::ranges::none_of(names, is_yearly)) return false;
  // A month whose data begin inside it is in: its first sale need not fall on the first day.
  const Date end_of_first_month = plan::month_ends_12(session_.calendar, span).front().to;
  for (const std::string& name : names) {
    if (catalog::kpi_named(name)) continue;
    const Measure& measure = bound_.definition->measures.at(name);
    if (measure.over != Over::month_ends_12 && measure.over != Over::trailing_12_months) continue;
    const auto tables =
        plan::tables_behind(measure.relation, plan::sale_event(session_.settings, session_.facts), session_.facts);
    const bool begun = std::ranges::any_of(session_.facts.coverage, [&](const auto& one) {
      return one.rows > 0 && one.first && *one.first < end_of_first_month &&
             std::ranges::find(tables, one.table) != tables.end();
    });
    if (!begun) return true;
  }
  return false;
}

std::optional<Date> Coverage::first_day_of(const Measure& measure) const {
  const auto event = plan::sale_event(session_.settings, session_.facts);
  const auto tables = plan::tables_dating(measure.relation, event, session_.facts, bound_.params);
  std::optional<Date> first = plan::told_from(measure.relation, event, session_.facts);
  for (const auto& one : session_.facts.coverage)
    if (one.rows > 0 && one.first && std::ranges::find(tables, one.table) != tables.end())
      first = std::min(first.value_or(*one.first), *one.first);
  return first;
}

std::int64_t Coverage::measure_days_before_data(const Measure& measure, const Span& span) const {
  const std::optional<Date> first = first_day_of(measure);
  if (!first) return 0;
  std::int64_t days = 0;
  for (const Span& over : spans_over(measure.over, span)) {
    // Everything so far begins with its own first event, however far back other tables go.
    const Date from = measure.over == Over::until_end ? span.from : over.from;
    if (!over.empty()) days = std::max<std::int64_t>(days, *first - from);
  }
  return days;
}

/// What is first told of any of them is told of the side: a month without a refund is one of sales all the same. What
/// another KPI lacks, its side lacks.
std::int64_t Coverage::side_days_before_data(const std::vector<std::string>& names, const Span& span,
                                             const DaysOfKpi& of_kpi) const {
  std::optional<std::int64_t> least;
  std::int64_t of_others = 0;
  for (const std::string& name : names) {
    if (catalog::kpi_named(name)) {
      of_others = std::max(of_others, of_kpi(name));
      continue;
    }
    const std::int64_t days = measure_days_before_data(bound_.definition->measures.at(name), span);
    least = std::min(least.value_or(days), days);
  }
  return std::max(least.value_or(0), of_others);
}

std::int64_t Coverage::days_before_data(const Span& span, const Expr& formula, const DaysOfKpi& of_kpi) const {
  const std::string& histogram = bound_.variant->histogram;
  if (!formula) return histogram.empty() ? 0 : side_days_before_data({histogram}, span, of_kpi);
  return formula_days_before_data(span, formula, of_kpi, [](const std::string&) { return true; });
}

std::int64_t Coverage::formula_days_before_data(const Span& span, const Expr& formula, const DaysOfKpi& of_kpi,
                                                const std::function<bool(const std::string&)>& counts) const {
  const auto of = [&](const Expr& side) {
    std::vector<std::string> names;
    expr::columns_of(side, names);
    std::erase_if(names, [&](const std::string& name) { return !counts(name); });
    return side_days_before_data(names, span, of_kpi);
  };
  const auto sides = fraction_of(formula);
  return sides ? std::max(of(sides->numerator), of(sides->denominator)) : of(formula);
}

std::int64_t Coverage::year_days_before_data(const Span& span, const Expr& formula, const DaysOfKpi& of_kpi) const {
  if (!formula) return 0;
  std::vector<std::string> names;
  expr::columns_of(formula, names);
  const bool of_a_year = std::ranges::any_of(names, [&](const std::string& name) {
    const auto found = bound_.definition->measures.find(name);
    return found != bound_.definition->measures.end() && found->second.over == Over::trailing_12_months;
  });
  if (!of_a_year) return 0;
  const Date first = plan::trailing_12_months(session_.calendar, span).from;
  // What nothing is known of at all (costs, where the spend says everything) does not make the months before known; of
  // what is complete from its beginning there was nothing before.
  const auto event = plan::sale_event(session_.settings, session_.facts);
  const auto begins_late = [&](const std::string& name) {
    if (catalog::kpi_named(name)) return true;
    const Measure& measure = bound_.definition->measures.at(name);
    const auto tables = plan::tables_dating(measure.relation, event, session_.facts, bound_.params);
    return std::ranges::any_of(session_.facts.coverage, [&](const auto& one) {
      return one.rows > 0 && one.first && !one.history_complete && std::ranges::find(tables, one.table) != tables.end();
    });
  };
  const std::int64_t days = formula_days_before_data(span, formula, of_kpi, begins_late);
  return days < session_.calendar.period_of(first, calendar::Grain::month).to - first ? 0 : days;
}

std::string Coverage::uncovered(const Span& span) const {
  if (span.empty()) return "no_data";
  if (plan::start_of(session_.calendar, span.from).at >= bound_.as_of.at) return "no_data";
  const Expr& formula = bound_.variant->value;
  const std::string& histogram = bound_.variant->histogram;
  if (!formula) return histogram.empty() ? std::string() : names_uncovered({histogram}, span);
  if (const auto sides = fraction_of(formula)) {
    if (const std::string reason = side_uncovered(sides->numerator, span); !reason.empty()) return reason;
    return side_uncovered(sides->denominator, span);
  }
  return side_uncovered(formula, span);
}

}  // namespace vigie::kpi

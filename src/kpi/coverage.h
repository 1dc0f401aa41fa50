#pragma once
#include <functional>

#include "kpi/ask.h"

namespace vigie::kpi {

/// A variant of a definition, with its parameters and the instant at which it is asked.
struct BoundVariant {
  const catalog::Definition* definition;
  const catalog::Variant* variant;
  std::map<std::string, expr::Literal> params;
  expr::InstantLiteral as_of;
  std::vector<expr::InstantLiteral> looks = {};  ///< RelationContext::looks
};

/// Over which spans the measures of a variant are taken, and whether the sources have anything to say of these. Reads
/// what it is made of, which must outlive it, anew for each question.
class Coverage {
 public:
  Coverage(const Session& session, calendar::Grain grain, const BoundVariant& bound)
      : session_(session), grain_(grain), bound_(bound) {}

  /// The spans that a measure is taken over, for one of the question.
  std::vector<plan::Span> spans_over(catalog::Over over, const plan::Span& span) const;
  /// Why a span has no figure at all ("no_data", "no_headcount"), or empty.
  std::string uncovered(const plan::Span& span) const;
  /// The same of one side of a formula.
  std::string side_uncovered(const expr::Expr& side, const plan::Span& span) const;
  /// What another KPI answers to the same, by its name in a formula.
  using DaysOfKpi = std::function<std::int64_t(const std::string& name)>;
  /// How many days of a span lie before the first event of what the figure is counted from, as its measures take it.
  /// `formula`: the variant's, or that of a row of its table; null where it is read off a distribution.
  std::int64_t days_before_data(const plan::Span& span, const expr::Expr& formula, const DaysOfKpi& of_kpi) const;
  /// The same where one of its measures is over the 12 complete months and the first of these lies before the data
  /// whole; else 0.
  std::int64_t year_days_before_data(const plan::Span& span, const expr::Expr& formula, const DaysOfKpi& of_kpi) const;
  /// Of a variant over month-ends: is one of its twelve months before the data of a measure begin?
  bool partial_year(const plan::Span& span) const;

 private:
  std::string names_uncovered(const std::vector<std::string>& names, const plan::Span& span) const;
  /// By those of its measures that count.
  std::int64_t formula_days_before_data(const plan::Span& span, const expr::Expr& formula, const DaysOfKpi& of_kpi,
                                        const std::function<bool(const std::string&)>& counts) const;
  std::optional<Date> first_day_of(const catalog::Measure& measure) const;
  std::int64_t measure_days_before_data(const catalog::Measure& measure, const plan::Span& span) const;
  std::int64_t side_days_before_data(const std::vector<std::string>& names, const plan::Span& span,
                                     const DaysOfKpi& of_kpi) const;
  Date beginning() const;  ///< first day of the data

  const Session& session_;
  calendar::Grain grain_;
  const BoundVariant& bound_;
};

}  // namespace vigie::kpi

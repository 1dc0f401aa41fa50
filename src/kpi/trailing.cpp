#include "kpi/trailing.h"

#include "catalog/kpi_name.h"
#include "kpi/answering.h"
#include "kpi/bound_question.h"

namespace vigie::kpi {
namespace {

bool any_small(const Answer& answer) {
  return answer.total.small_sample || std::ranges::any_of(answer.totals, &Row::small_sample);
}

Trailing trailing_of(const Row& year) {
  return {year.period,      year.period_to, year.value,  year.value_exact, year.numerator,
          year.denominator, year.n,         year.ci_low, year.ci_high,     year.reason};
}

/// Is the figure of those months whatever its period (CAC over 12 months)? Asked over them it would be itself again.
bool is_of_12_months(const Session& session, const catalog::Definition& definition, const catalog::Variant& variant) {
  catalog::Variant figure = variant;  // without what only stands beside it
  figure.beside.clear();
  figure.warns.clear();
  figure.warns_when.clear();
  const std::vector<std::string> names = names_of(figure);
  const Date today = session.calendar.zone().day_of(session.now);
  const auto is_long = [&](const std::string& name) {
    using catalog::Over;
    if (const auto named = catalog::kpi_named(name)) {
      const auto other = catalog::figure_named(session.catalog, *named, today);
      return other && is_of_12_months(session, *other->definition, *other->variant);
    }
    const Over over = definition.measures.at(name).over;
    return over == Over::trailing_12_months || over == Over::month_ends_12;
  };
  return !names.empty() && std::ranges::all_of(names, is_long);
}

/// Whether the part of a range that there is has a year of months, also where its last one is still open.
bool is_a_year(const calendar::Calendar& calendar, const plan::Span& asked) {
  const Date last = asked.to_tod > 0 ? asked.to : asked.to - 1;
  const Date to = std::min(asked.whole_to(), calendar.period_of(last, calendar::Grain::month).to);
  return asked.from <= plan::trailing_12_months(calendar, {asked.from, to, 0}).from;
}

/// The question over those months, at the same as-of; nothing where its range or its figure holds them.
Result<std::optional<plan::Question>> over_12_months(const Session& session, const plan::Question& question,
                                                     const std::vector<std::string>& kept) {
  VIGIE_TRY(const BoundQuestion bound, bind_question(session, question));
  const plan::Span asked = plan::period_at(session.calendar, bound.range, bound.bound.as_of).span;
  if (asked.empty() || is_a_year(session.calendar, asked)) return std::nullopt;
  const plan::Span year = plan::trailing_12_months(session.calendar, asked);
  // A grid has as many months as were asked for.
  if (bound.bound.variant->form == catalog::Form::cohort) return std::nullopt;
  if (is_of_12_months(session, *bound.bound.definition, *bound.bound.variant)) return std::nullopt;
  plan::Question out = question;
  out.from = year.from;
  out.to = year.to;
  out.as_of = bound.bound.as_of;
  out.grain = calendar::Grain::total;
  out.compare.clear();
  if (kept.empty()) out.top.reset();
  return out;
}

Result<> add(const Session& session, const plan::Question& question, const std::vector<std::string>& kept,
             const store::QueryLimits& limits, std::vector<plan::QueryNote>* queries, Answer& answer) {
  VIGIE_TRY(const auto longer, over_12_months(session, question, kept));
  if (!longer) return {};
  VIGIE_TRY(const auto answering, Answering::prepare(session, *longer));
  plan::MeasureRun run(session.engine, session.calendar, limits);
  VIGIE_CHECK(answering->plan(run, kept, answering->looks()));
  VIGIE_CHECK(run.run());
  if (queries) queries->insert(queries->end(), run.queries().begin(), run.queries().end());
  VIGIE_TRY(const Answer year, answering->answer());
  if (answer.total.small_sample) answer.total.trailing = trailing_of(year.total);
  for (Row& row : answer.totals) {
    if (!row.small_sample || row.others) continue;  // the others of a year are not those of a month
    const auto same = std::ranges::find(year.totals, row.by, &Row::by);
    if (same != year.totals.end()) row.trailing = trailing_of(*same);
  }
  return {};
}

}  // namespace

Result<> add_trailing(const Session& session, const plan::Question& question, const std::vector<std::string>& kept,
                      const store::QueryLimits& limits, std::vector<plan::QueryNote>* queries, Beside& beside,
                      Answer& answer) {
  if (!any_small(answer)) return {};
  VIGIE_CHECK(beside.attempt([&] { return add(session, question, kept, limits, queries, answer); }));
  return {};
}

}  // namespace vigie::kpi

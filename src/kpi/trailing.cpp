#include "kpi/trailing.h"

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

/// The question over those months, at the same as-of; nothing where its range holds them.
Result<std::optional<plan::Question>> over_12_months(const Session& session, const plan::Question& question) {
  VIGIE_TRY(const BoundQuestion bound, bind_question(session, question));
  const plan::Span asked = plan::period_at(session.calendar, bound.range, bound.bound.as_of).span;
  const plan::Span year = plan::trailing_12_months(session.calendar, asked);
  if (asked.empty() || asked.from <= year.from) return std::nullopt;
  plan::Question out = question;
  out.from = year.from;
  out.to = year.to;
  out.as_of = bound.bound.as_of;
  out.grain = calendar::Grain::total;
  out.compare.clear();
  out.top.reset();  // what is folded into "others" has no name of its own to be found by
  return out;
}

}  // namespace

Result<> add_trailing(const Session& session, const plan::Question& question, const store::QueryLimits& limits,
                      std::vector<plan::QueryNote>* queries, Answer& answer) {
  if (!any_small(answer)) return {};
  VIGIE_TRY(const auto longer, over_12_months(session, question));
  if (!longer) return {};
  VIGIE_TRY(const auto answering, Answering::prepare(session, *longer));
  plan::MeasureRun run(session.engine, session.calendar, limits);
  VIGIE_CHECK(answering->plan(run, {}, answering->looks()));
  VIGIE_CHECK(run.run());
  if (queries) queries->insert(queries->end(), run.queries().begin(), run.queries().end());
  VIGIE_TRY(const Answer year, answering->answer());
  if (answer.total.small_sample) answer.total.trailing = trailing_of(year.total);
  for (Row& row : answer.totals) {
    if (!row.small_sample || row.others) continue;
    const auto same = std::ranges::find(year.totals, row.by, &Row::by);
    if (same != year.totals.end()) row.trailing = trailing_of(*same);
  }
  return {};
}

}  // namespace vigie::kpi

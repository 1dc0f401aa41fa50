#include "kpi/ask.h"

#include "base/text.h"
#include "kpi/answering.h"

namespace vigie::kpi {
namespace {

Date month_of(Date day) {
  const auto [y, m, d] = civil(day);
  return date_of(y, m, 1);
}

}  // namespace

expr::InstantLiteral horizon(const Session& session, const std::vector<std::string>& tables) {
  std::set<std::string> sources;
  for (const auto& one : session.facts.coverage)
    if (one.rows > 0 && std::ranges::find(tables, one.table) != tables.end()) sources.insert(one.source);
  std::optional<Instant> earliest;
  for (const std::string& source : sources) {
    std::optional<Instant> until;
    std::optional<Date> last;
    for (const auto& one : session.facts.coverage) {
      if (one.source != source) continue;
      if (one.complete_until) until = std::max(until.value_or(*one.complete_until), *one.complete_until);
      if (one.last) last = std::max(last.value_or(*one.last), *one.last);
    }
    if (!until && last) until = session.calendar.zone().start_of(*last + 1);
    if (until && (!earliest || *until < *earliest)) earliest = until;
  }
  if (!earliest || *earliest > session.now) return plan::as_of_instant(session.calendar, session.now);
  // A source known to the end of a day stands at that day: ages against bare dates are counted from it.
  const Date day = session.calendar.zone().day_of(*earliest);
  if (session.calendar.zone().start_of(day) == *earliest) return plan::as_of_day(session.calendar, day - 1);
  return plan::as_of_instant(session.calendar, *earliest);
}

namespace {

/// A question whose evaluation is registered with the shared run.
struct Pending {
  std::size_t index;
  std::unique_ptr<Answering> answering;
};

/// `top` needs the values before it can fold the rest: such a question is asked twice, by itself.
Result<Answer> ask_top(const Session& session, const plan::Question& question, const store::QueryLimits& limits, std::vector<plan::QueryNote>* queries) {
  plan::Question all = question;
  all.top.reset();
  std::vector<std::string> kept;
  for (const bool folded : {false, true}) {
    VIGIE_TRY(const auto answering, Answering::prepare(session, folded ? question : all));
    plan::MeasureRun run(session.engine, session.calendar, limits);
    VIGIE_CHECK(answering->plan(run, kept));
    VIGIE_CHECK(run.run());
    if (queries) queries->insert(queries->end(), run.queries().begin(), run.queries().end());
    VIGIE_TRY(Answer answer, answering->answer());
    if (folded) return answer;
    kept = largest(answer, *question.top);
    if (kept.empty()) return answer;
  }
  return fail(ErrorKind::internal, "kpi.top", "no answer was reached");
}

}  // namespace

std::vector<Result<Answer>> ask(const Session& session, const std::vector<plan::Question>& questions, const store::QueryLimits& limits,
                                std::vector<plan::QueryNote>* queries) {
  std::vector<Result<Answer>> out(questions.size(), Result<Answer>(Answer{}));
  plan::MeasureRun run(session.engine, session.calendar, limits);
  std::vector<Pending> pending;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (questions[i].top && !questions[i].by.empty()) {
      out[i] = ask_top(session, questions[i], limits, queries);
      continue;
    }
    auto answering = Answering::prepare(session, questions[i]);
    if (answering)
      if (auto planned = (*answering)->plan(run, {}); !planned) answering = std::unexpected(planned.error());
    if (!answering) {
      out[i] = std::unexpected(answering.error());
      continue;
    }
    pending.push_back({i, std::move(*answering)});
  }
  const Result<> ran = run.run();
  if (queries) queries->insert(queries->end(), run.queries().begin(), run.queries().end());
  for (const Pending& one : pending) out[one.index] = ran ? one.answering->answer() : Result<Answer>(std::unexpected(ran.error()));
  return out;
}

calendar::Range default_range(const Session& session, const expr::InstantLiteral& as_of) {
  // The twelve complete months before the horizon's month, and that month.
  const Date last = session.calendar.zone().day_of(Instant{as_of.at.micros - 1});
  const Date month = month_of(last);
  const auto [y, m, d] = civil(month);
  return {date_of(y - 1, m, 1), month_of(month + 31)};
}

}  // namespace vigie::kpi

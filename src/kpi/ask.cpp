#include "kpi/ask.h"

#include "base/text.h"
#include "kpi/answering.h"
#include "kpi/bound_question.h"
#include "kpi/filled.h"
#include "kpi/filter_reach.h"
#include "kpi/measured_defaults.h"
#include "kpi/named_values.h"
#include "kpi/question_scope.h"
#include "kpi/refusal.h"
#include "kpi/shown_keys.h"
#include "kpi/trailing.h"
#include "kpi/wrong_definitions.h"

namespace vigie::kpi {
namespace {

/// What was taken from a question because its KPI does not know it.
struct LeftOut {
  bool hours = false;
  std::vector<std::string> dimensions;
};

/// A question whose evaluation is registered with the shared run.
struct Pending {
  std::size_t index;
  plan::Question question;
  std::unique_ptr<Answering> answering;
  LeftOut left_out;
};

/// Takes from the question the dimensions that its KPI does not know, and the hours of what is dated by the day, where
/// it allows that; gives them back.
LeftOut leave_out(const Session& session, const store::QueryLimits& limits, plan::Question& question) {
  LeftOut out;
  if (!question.split_optional) return out;
  plan::Question alone = question;
  alone.by.clear();
  out.hours = question.grain == calendar::Grain::hour && refusal_of(session, limits, alone) == "question.grain";
  if (out.hours) alone.grain = question.grain = calendar::Grain::day;
  for (const std::string& dimension : question.by) {
    alone.by = {dimension};
    if (refusal_of(session, limits, alone) == "split.unknown" && is_known_somewhere(session, dimension))
      out.dimensions.push_back(dimension);
  }
  std::erase_if(question.by, [&](const std::string& dimension) {
    return std::ranges::find(out.dimensions, dimension) != out.dimensions.end();
  });
  return out;
}

/// A warning that names a dimension as people call it.
Warning warning_about(const Session& session, const char* code, const std::string& dimension) {
  return {code, filled(session.catalog.warning(code, 1), {{"dimension", session.catalog.dimension_label(dimension)}}),
          1};
}

/// Does the answer, split by the dimension, have figures and no value of it?
bool is_never_given(const Answer& answer, const std::string& dimension) {
  const auto gives_none = [&](const Row& row) {
    const auto found = std::ranges::find(row.by, dimension, &decltype(row.by)::value_type::first);
    return found != row.by.end() && !found->second;
  };
  const auto has_value = [](const Row& row) { return row.value.has_value(); };
  return std::ranges::any_of(answer.rows, has_value) && std::ranges::all_of(answer.rows, gives_none);
}

void warn_of(const Session& session, const LeftOut& left_out, Answer& answer) {
  for (const std::string& dimension : answer.by)
    if (is_never_given(answer, dimension))
      answer.warnings.push_back(warning_about(session, "split_not_given", dimension));
  if (left_out.hours) {
    const Text words = session.catalog.warning("hours_left_out", 1);
    answer.warnings.push_back({"hours_left_out", words, 1});
  }
  for (const std::string& dimension : left_out.dimensions)
    answer.warnings.push_back(warning_about(session, "split_left_out", dimension));
}

/// A question that was answered, and the values of its first split that `top` does not fold.
struct Answered {
  std::size_t index;
  plan::Question question;
  std::vector<std::string> kept;
};

/// `top` needs the values before it can fold the rest: such a question is asked twice, by itself.
Result<Answer> ask_top(const Session& session, const plan::Question& question, const store::QueryLimits& limits,
                       std::vector<plan::QueryNote>* queries, std::vector<std::string>& kept) {
  plan::Question all = question;
  all.top.reset();
  all.by.resize(std::min<std::size_t>(all.by.size(), 1));  // its own figures decide, not those of parts of it
  for (const bool folded : {false, true}) {
    VIGIE_TRY(const auto answering, Answering::prepare(session, folded ? question : all));
    plan::MeasureRun run(session.engine, session.calendar, limits);
    VIGIE_CHECK(answering->plan(run, kept, answering->looks()));
    VIGIE_CHECK(run.run());
    if (queries) queries->insert(queries->end(), run.queries().begin(), run.queries().end());
    VIGIE_TRY(Answer answer, answering->answer());
    if (!folded) kept = largest(answer, *question.top);
    if (folded || kept.empty()) return answer;
  }
  return fail(ErrorKind::internal, "kpi.top", "no answer was reached");
}

/// What stands beside the answers, once all of them are there.
void add_beside(const Session& session, const std::vector<Answered>& answered, const store::QueryLimits& limits,
                std::vector<plan::QueryNote>* queries, std::vector<Result<Answer>>& out) {
  NamedValues named(session, limits);
  Beside beside;
  for (const Answered& one : answered) {
    Result<> added = add_trailing(session, one.question, one.kept, limits, queries, beside, *out[one.index]);
    if (added) added = named.add_warnings(one.question, beside, *out[one.index]);
    if (added) added = warn_of_shown_keys(session, limits, beside, *out[one.index]);
    if (!added) out[one.index] = std::unexpected(added.error());
  }
}

Error refused(const Session& session, const store::QueryLimits& limits, const plan::Question& question, Error error) {
  return told_of_one(session, question, with_hint_that_works(session, limits, question, std::move(error)));
}

std::vector<Result<Answer>> answer_all(const Session& session, const std::vector<plan::Question>& questions,
                                       const store::QueryLimits& limits, std::vector<plan::QueryNote>* queries) {
  std::vector<Result<Answer>> out(questions.size(), Result<Answer>(Answer{}));
  plan::MeasureRun run(session.engine, session.calendar, limits);
  std::vector<Pending> pending;
  std::vector<Answered> answered;
  Answering::Looks looks;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    auto settled = with_own_splits(session, questions[i]);
    if (settled) settled = with_measured_defaults(session, *std::move(settled), limits, queries);
    if (!settled) {
      out[i] = std::unexpected(settled.error());
      continue;
    }
    plan::Question question = std::move(*settled);
    LeftOut left_out = leave_out(session, limits, question);
    if (question.top && !question.by.empty()) {
      std::vector<std::string> kept;
      out[i] = ask_top(session, question, limits, queries, kept);
      if (!out[i]) {
        out[i] = std::unexpected(refused(session, limits, question, out[i].error()));
        continue;
      }
      warn_of(session, left_out, *out[i]);
      answered.push_back({i, std::move(question), std::move(kept)});
      continue;
    }
    auto answering = Answering::prepare(session, question);
    if (!answering) {
      out[i] = std::unexpected(answering.error());
      continue;
    }
    looks.merge((*answering)->looks());
    pending.push_back({i, std::move(question), std::move(*answering), std::move(left_out)});
  }
  std::erase_if(pending, [&](const Pending& one) {
    const Result<> planned = one.answering->plan(run, {}, looks);
    if (!planned) out[one.index] = std::unexpected(refused(session, limits, one.question, planned.error()));
    return !planned;
  });
  const Result<> ran = run.run();
  if (queries) queries->insert(queries->end(), run.queries().begin(), run.queries().end());
  for (const Pending& one : pending) {
    out[one.index] = ran ? one.answering->answer() : Result<Answer>(std::unexpected(ran.error()));
    if (!out[one.index]) continue;
    warn_of(session, one.left_out, *out[one.index]);
    answered.push_back({one.index, one.question, {}});
  }
  add_beside(session, answered, limits, queries, out);
  for (const Warning& warning : told_of_wrong_definitions(session.catalog))
    for (Result<Answer>& one : out)
      if (one) one->warnings.push_back(warning);
  return out;
}

/// The question of what stands in for an answer that has no value; none where it may not, or nothing is named for that.
std::optional<plan::Question> stand_in_for(const Session& session, const plan::Question& question,
                                           const Answer& answer) {
  if (!question.stand_in_allowed || answer.total.value || answer.total.reason.empty()) return std::nullopt;
  const Date today = session.calendar.zone().day_of(session.now);
  const auto definition = session.catalog.find(answer.kpi, answer.version, today);
  if (!definition) return std::nullopt;
  const catalog::StandIn& named = (*definition)->stand_in;
  if (named.reason != answer.total.reason || answer.variant != (*definition)->headline_variant) return std::nullopt;
  plan::Question out = question;
  out.variant = named.variant;
  out.stand_in_allowed = false;
  return out;
}

/// "in the place of LTV: the margin is not known …"
Warning said_of_stand_in(const Session& session, const Answer& absent) {
  constexpr const char* kCode = "stands_in";
  const Text why = session.catalog.reason(absent.total.reason);
  return {kCode, filled(session.catalog.warning(kCode, 1), {{"figure", absent.label}, {"reason", why}}), 1};
}

}  // namespace

std::vector<Result<Answer>> ask(const Session& session, const std::vector<plan::Question>& questions,
                                const store::QueryLimits& limits, std::vector<plan::QueryNote>* queries) {
  std::vector<Result<Answer>> out = answer_all(session, questions, limits, queries);
  std::vector<std::size_t> absent;
  std::vector<plan::Question> instead;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!out[i]) continue;
    if (auto question = stand_in_for(session, questions[i], *out[i])) {
      absent.push_back(i);
      instead.push_back(*std::move(question));
    }
  }
  if (instead.empty()) return out;
  std::vector<Result<Answer>> standing = answer_all(session, instead, limits, queries);
  for (std::size_t i = 0; i < absent.size(); ++i) {
    // What has no value either, or cannot be answered, stands in for nothing: that the figure is null, and why, is
    // known.
    if (!standing[i] || !standing[i]->total.value) continue;
    Result<Answer>& answer = out[absent[i]];
    standing[i]->warnings.push_back(said_of_stand_in(session, *answer));
    answer = std::move(standing[i]);
  }
  return out;
}

calendar::Range default_range(const Session& session, const expr::InstantLiteral& as_of) {
  // The horizon's month and the eleven before it: a year, so that nothing of it is in the year before.
  constexpr int kMonthsBefore = 11;
  using calendar::Grain;
  const Date last = session.calendar.zone().day_of(Instant{as_of.at.micros - 1});
  const std::int64_t month = session.calendar.ordinal(last, Grain::month);
  return {session.calendar.period_at(month - kMonthsBefore, Grain::month).from,
          session.calendar.period_at(month, Grain::month).to};
}

}  // namespace vigie::kpi

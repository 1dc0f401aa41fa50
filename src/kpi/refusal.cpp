#include "kpi/refusal.h"

#include "base/text.h"
#include "kpi/answering.h"
#include "kpi/filter_reach.h"
#include "kpi/rests_on.h"

namespace vigie::kpi {
namespace {

/// A name that was refused, and how the question is asked with another one in its place.
struct Refused {
  std::string name;
  std::function<plan::Question(const std::string& other)> with;
};

std::optional<Refused> refused_split(const Session& session, const store::QueryLimits& limits,
                                     const plan::Question& question) {
  plan::Question alone = question;
  alone.top.reset();
  for (const std::string& dimension : question.by) {
    alone.by = {dimension};
    if (refusal_of(session, limits, alone) != "split.unknown") continue;
    return Refused{dimension, [alone](const std::string& other) {
                     plan::Question out = alone;
                     out.by = {other};
                     return out;
                   }};
  }
  return std::nullopt;
}

std::optional<Refused> refused_in_filter(const plan::Question& question, const SourcePosition& where) {
  const std::string name = name_at(question.where, where);
  if (name.empty()) return std::nullopt;
  return Refused{name, [question, name](const std::string& other) {
                   // Only whether the name is known counts: a filter of one condition on it.
                   plan::Question out = question;
                   out.by.clear(), out.top.reset();
                   out.where = fmt::format("{} is null", other);
                   return out;
                 }};
}

/// The name that a hint proposes, and what it says besides.
std::pair<std::string, std::string> read_hint(const std::string& hint) {
  const std::size_t from = hint.find('"') + 1, to = hint.find('"', from);
  return {hint.substr(from, to - from), hint.substr(std::min(hint.size(), to + 2))};
}

}  // namespace

std::string refusal_of(const Session& session, const store::QueryLimits& limits, const plan::Question& question) {
  const auto answering = Answering::prepare(session, question);
  if (!answering) return answering.error().code;
  plan::MeasureRun never_run(session.engine, session.calendar, limits);
  const auto planned = (*answering)->plan(never_run, {}, {});
  return planned ? std::string() : planned.error().code;
}

Error with_hint_that_works(const Session& session, const store::QueryLimits& limits, const plan::Question& question,
                           Error error) {
  if (!is_of_one_near(error.hint)) return error;
  std::optional<Refused> refused;
  if (error.code == "split.unknown") refused = refused_split(session, limits, question);
  else if (error.code == "expr.unknown_column" && error.where.file.empty() && !question.where.empty())
    refused = refused_in_filter(question, error.where);
  if (!refused) return error;
  const auto [proposed, besides] = read_hint(error.hint);
  if (refusal_of(session, limits, refused->with(proposed)) != error.code) return error;
  const Date today = session.calendar.zone().day_of(session.now);
  const auto definition = session.catalog.find(question.kpi, question.version, today);
  const catalog::Variant* variant = definition ? (*definition)->variant(question.variant) : nullptr;
  if (!variant) return error;
  const std::set<std::string> shared = dimensions_of(session, **definition, *variant, today);
  const std::vector<std::string> names(shared.begin(), shared.end());
  const std::string near = nearest_name(refused->name, names);
  error.hint = near.empty() ? names.empty() ? "" : "known: " + join(names, ", ") : did_you_mean(near);
  if (error.hint.empty()) error.hint = besides.starts_with("; ") ? besides.substr(2) : besides;
  else error.hint += besides;
  return error;
}

}  // namespace vigie::kpi

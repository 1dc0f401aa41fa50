#include "kpi/measured_defaults.h"

#include <cmath>

#include "catalog/kpi_name.h"
#include "kpi/bound_question.h"

namespace vigie::kpi {
namespace {

void collect(const Session& session, const catalog::Definition& definition, const catalog::Variant& variant,
             std::vector<MeasuredDefault>& out) {
  for (const auto& [parameter, figures] : variant.measured) {
    // A figure may be reached by two ways.
    const bool known = std::ranges::any_of(
        out, [&](const MeasuredDefault& one) { return one.variant == &variant && one.parameter == parameter; });
    if (!known) out.push_back({&definition, &variant, parameter});
  }
  const Date today = session.calendar.zone().day_of(session.now);
  for (const std::string& name : names_of(variant)) {
    const auto named = catalog::kpi_named(name);
    if (!named) continue;
    if (const auto other = catalog::figure_named(session.catalog, *named, today))
      collect(session, *other->definition, *other->variant, out);
  }
}

/// Whole days of a figure over a span, as text; nothing where it is not known there.
Result<std::string> measured_days(const Session& session, const catalog::KpiName& figure, const plan::Span& over,
                                  const expr::InstantLiteral& as_of, const store::QueryLimits& limits,
                                  std::vector<plan::QueryNote>* queries) {
  plan::Question question;
  question.kpi = figure.kpi;
  question.variant = figure.variant;
  question.from = over.from;
  question.to = over.to;
  question.grain = calendar::Grain::total;
  question.as_of = as_of;
  VIGIE_TRY(const Answer answer, std::move(ask(session, {question}, limits, queries).front()));
  return answer.total.value ? fmt::format("{}", std::llround(*answer.total.value)) : std::string();
}

}  // namespace

std::string MeasuredDefault::name() const { return fmt::format("{}:{}.{}", definition->id, variant->name, parameter); }

std::vector<MeasuredDefault> measured_defaults(const Session& session, const catalog::Definition& definition,
                                               const catalog::Variant& variant) {
  std::vector<MeasuredDefault> out;
  collect(session, definition, variant, out);
  return out;
}

Result<plan::Question> with_measured_defaults(const Session& session, plan::Question question,
                                              const store::QueryLimits& limits, std::vector<plan::QueryNote>* queries) {
  const Date today = session.calendar.zone().day_of(session.now);
  const auto definition = session.catalog.find(question.kpi, question.version, today);
  const catalog::Variant* variant = definition ? (*definition)->variant(question.variant) : nullptr;
  if (!variant) return question;
  const std::vector<MeasuredDefault> wanted = measured_defaults(session, **definition, *variant);
  if (wanted.empty()) return question;
  const auto bound = bind_question(session, question);
  if (!bound) return question;
  const expr::InstantLiteral& as_of = bound->bound.as_of;
  const plan::Span whole = plan::period_at(session.calendar, bound->range, as_of).span;
  const plan::Span year = plan::trailing_12_months(session.calendar, whole);
  for (const MeasuredDefault& one : wanted) {
    const bool set = one.variant == variant && question.params.contains(one.parameter);
    const std::string name = one.name();
    if (set || question.measured.contains(name)) continue;
    std::string days;
    for (const catalog::KpiName& figure : one.variant->measured.at(one.parameter)) {
      VIGIE_TRY(days, measured_days(session, figure, year, as_of, limits, queries));
      if (!days.empty()) break;
    }
    question.measured[name] = std::move(days);
  }
  return question;
}

}  // namespace vigie::kpi

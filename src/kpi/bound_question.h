#pragma once
#include "kpi/evaluation.h"
#include "kpi/horizon.h"

namespace vigie::kpi {

/// A question with everything it leaves open decided: definition and variant in force, parameters, as-of, range.
struct BoundQuestion {
  Evaluation::Bound bound;
  calendar::Range range;
  std::int64_t days_beyond_horizon = 0;  ///< of an as-of after what the sources are known to
  std::optional<SourceBehind> behind{};  ///< what holds back an as-of that nobody chose
  std::vector<FailingCheck> failing{};   ///< what it rests on is not as the company expects
  std::vector<LateSource> late{};        ///< what such an answer rests on, and is older than it should be
};

/// Errors: kpi.unknown, kpi.version, variant.unknown, currency.unknown, parameter.*, period.empty, period.reversed.
Result<BoundQuestion> bind_question(const Session& session, const plan::Question& asked);

/// The question with the splits that its variant always has, before those asked for, and without those that its rows
/// stand by anyway: stages split by stage are stages. Fails with question.top where `top` is to fold one of these.
Result<plan::Question> with_own_splits(const Session& session, plan::Question asked);

/// A parameter as a person writes it: days without their unit, numbers without trailing zeros.
std::string parameter_text(const expr::Literal& literal);

}  // namespace vigie::kpi

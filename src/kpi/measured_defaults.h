#pragma once
#include "kpi/ask.h"

namespace vigie::kpi {

/// A parameter whose default a figure measures (the lag of `cac:lagged`: the median sales cycle), of a variant that an
/// answer rests on.
struct MeasuredDefault {
  const catalog::Definition* definition;
  const catalog::Variant* variant;
  std::string parameter;
  std::string name() const;  ///< "cac:lagged.lag", as plan::Question::measured has it
};

/// Those of a variant and of the KPIs that it names.
std::vector<MeasuredDefault> measured_defaults(const Session& session, const catalog::Definition& definition,
                                               const catalog::Variant& variant);

/// The question with its measured defaults filled in: each is the first of its figures that is known over the 12
/// complete months up to the end of the range, as of the question's instant, in whole days; of the whole company,
/// whatever the question filters. What the question sets itself, and what was measured already, is not measured. A
/// question that cannot be bound is given back as it is: who binds it says why. Errors: those of a query.
Result<plan::Question> with_measured_defaults(const Session& session, plan::Question question,
                                              const store::QueryLimits& limits,
                                              std::vector<plan::QueryNote>* queries = nullptr);

}  // namespace vigie::kpi

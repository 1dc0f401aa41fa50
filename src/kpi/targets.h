#pragma once
#include "kpi/ask.h"
#include "kpi/formula.h"
#include "plan/measures.h"

namespace vigie::kpi {

/// Where a figure stands: of a split value, or of all of them together.
enum class Level { split, total };

/// What the settings want of the periods of a question. Keeps references to both.
class Targets {
 public:
  Targets(const Session& session, const plan::Question& question, Instant as_of)
      : session_(session), question_(question), as_of_(as_of) {}

  /// Amounts are asked in another currency than the one that the workspace's own (targets, filters of definitions) are
  /// in.
  bool in_another_currency() const;
  /// The target of a variant for exactly this range, of these customers (contract or purchase; empty: nothing stands
  /// apart); null where there is none. One that names no customers is for those of the headline.
  const catalog::Target* find(std::string_view kpi, std::string_view variant, const calendar::Range& of,
                              std::string_view relation = "") const;
  /// Registers what is needed to give amounts in the currency of the question.
  Result<> plan(plan::MeasureRun& run, const expr::InstantLiteral& as_of);
  /// The amount of a target in the currency of the question, at the rate of its own first day, as a quota is priced;
  /// null where that day has none.
  Value amount(const catalog::Target& target) const;
  /// The one for the revenue of exactly this span, or of the whole that it is cut from.
  Value revenue(const plan::Span& span, Level level) const;

 private:
  const Session& session_;
  const plan::Question& question_;
  Instant as_of_;  ///< at which it is told what kind of company it is
  const plan::MeasureRun* run_ = nullptr;
  std::size_t rows_ = 0;
};

}  // namespace vigie::kpi

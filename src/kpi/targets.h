#pragma once
#include "kpi/ask.h"
#include "kpi/formula.h"

namespace vigie::kpi {

/// Where a figure stands: of a split value, or of all of them together.
enum class Level { split, total };

/// What the settings want of the periods of a question. Keeps references to both.
class Targets {
 public:
  Targets(const Session& session, const plan::Question& question) : session_(session), question_(question) {}

  /// Amounts are asked in another currency than the one that the workspace's own (targets, filters of definitions) are
  /// in.
  bool in_another_currency() const;
  /// The target of a variant for exactly this range; null where there is none.
  const catalog::Target* find(std::string_view kpi, std::string_view variant, const calendar::Range& of) const;
  /// The one for the revenue of exactly this span, or of the whole that it is cut from.
  Value revenue(const plan::Span& span, Level level) const;

 private:
  const Session& session_;
  const plan::Question& question_;
};

}  // namespace vigie::kpi

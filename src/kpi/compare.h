#pragma once
#include "kpi/evaluation.h"

namespace vigie::kpi {

/// Which earlier range a comparison means, before any cut at as_of.
calendar::Range compared_range(const calendar::Calendar& calendar, const plan::Comparison& comparison,
                               calendar::Range range, calendar::Grain grain);

/// Is what a figure is compared with as long as it? The same number of days, the same whole months (February beside
/// March), or one period of the grain each (a year of 53 weeks beside one of 52).
bool are_as_long(const calendar::Calendar& calendar, const calendar::Range& a, const calendar::Range& b,
                 calendar::Grain grain);

/// Change of a figure against another, with a verdict from the KPI's direction: "neutral" within ordinary variation,
/// "none" where nothing can be said (no value, too few units, too little of the period elapsed).
struct Judged {
  const catalog::Definition& definition;
  const catalog::Variant& variant;
  double elapsed = 1;
  bool small_sample = false;
  enum class Against { figure, target } against = Against::figure;
};
/// Totals and counts are facts, not samples: only shares, means and distributions can rest on too few units to be
/// judged.
bool is_small_sample(const Figure& figure, const catalog::Definition& definition, const catalog::Variant& variant);
/// By how many whole units a share misses a target, with its denominator as it is; nothing of what is no share of
/// counted units.
std::optional<std::int64_t> units_short(const Figure& figure, const Decimal& target,
                                        const catalog::Definition& definition, const catalog::Variant& variant);
Compared compare(const Figure& now, const Figure& then, calendar::Range range, const Judged& judged);

}  // namespace vigie::kpi

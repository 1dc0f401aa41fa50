#pragma once
#include "base/json_writer.h"
#include "insight/insight.h"

namespace vigie::insight {

/// One end of a bridge.
struct BridgeEnd {
  std::string kpi, variant;
  int version = 1;
  Text label, words;
  Decimal value;  ///< at 18 decimals
  std::optional<Decimal> numerator, denominator;
};

enum class Side { numerator, denominator, definition };
std::string_view name_of(Side side);

/// One item that the second definition takes otherwise than the first.
struct BridgeStep {
  Side side = Side::numerator;
  std::string name;  ///< the measure; several joined by " + " where one alone would leave nothing to divide by
  Text label;
  Decimal amount;  ///< what is added to that side
  Decimal value;   ///< of the figure after the step
  Decimal effect;  ///< the step's change of the figure; all of them add up to last − first, to the last digit
};

struct Bridge {
  BridgeEnd first, last;
  std::string unit, currency;
  Date from, to;
  Instant as_of;
  bool itemised = true;  ///< false: one of the two is no ratio of sums, the whole difference is one step
  std::vector<BridgeStep> steps;
  std::vector<kpi::Warning> warnings;  ///< of definitions that are wrong
};

/// Walks from one variant's figure to another's over the same range: first the items of the numerator, then those of
/// the denominator, one at a time.
///
/// Errors: those of ask(); reconcile.units (a rate and an amount), reconcile.no_value (one has no figure, and why).
Result<Bridge> reconcile(const kpi::Session& session, const plan::Question& first, const plan::Question& last,
                         const store::QueryLimits& limits);

void to_json(const Bridge& bridge, JsonWriter& out);

}  // namespace vigie::insight

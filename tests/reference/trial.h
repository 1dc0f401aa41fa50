#pragma once
#include "kpi/answer.h"
#include "plan/question.h"
#include "reference/dice.h"
#include "reference/figure.h"

namespace vigie::reference {

/// A random question to a world: as the door takes it, and as the reference understands it.
struct Trial {
  Kpi kpi;
  plan::Fields fields;
  calendar::Range range;
  calendar::Grain grain = calendar::Grain::month;
  std::vector<std::string> by;
  std::optional<Filter> filter;
  std::vector<std::string> compare;
  std::optional<calendar::Range> other;  ///< of a comparison with a range
  std::map<std::string, std::string> params;
  AsOf as_of;
  std::string currency = "EUR";

  std::string text() const;  ///< as one would type it
};

Trial random_trial(Dice& dice, const Kpi& kpi, const World& world, const Moments& moments);

/// A random question by the hour, over some days of which one is often one on which clocks change.
Trial random_hours(Dice& dice, const Kpi& kpi, const World& world, const Moments& moments);

/// What differs between the answer and the reference; empty when nothing does.
std::vector<std::string> differences(const Trial& trial, const World& world, const Moments& moments,
                                     const kpi::Answer& answer);

}  // namespace vigie::reference

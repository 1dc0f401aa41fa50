#include "reference/waiting.h"

namespace vigie::reference {
namespace {

/// First contact, close, and only then typed in.
bool closed_before_creation(const World& world) {
  return std::ranges::any_of(world.deals, [](const Deal& deal) {
    return deal.first_contact && deal.closed && deal.first_contact->at <= deal.closed->at &&
           deal.closed->at < deal.created.at;
  });
}

}  // namespace

std::string_view waits_for(const Trial& trial, const World& world) {
  const std::string& kpi = trial.kpi.name;
  if (kpi.starts_with("sales_cycle") && closed_before_creation(world)) return "closed_before_it_was_typed_in";
  return {};
}

}  // namespace vigie::reference

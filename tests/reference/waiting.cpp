#include "reference/waiting.h"

namespace vigie::reference {
namespace {

bool touches(const Trial& trial, std::string_view dimension) {
  return std::ranges::find(trial.by, dimension) != trial.by.end() ||
         (trial.filter && trial.filter->text().find(dimension) != std::string::npos);
}

/// First contact, close, and only then typed in.
bool closed_before_creation(const World& world) {
  return std::ranges::any_of(world.deals, [](const Deal& deal) {
    return deal.first_contact && deal.closed && deal.first_contact->at <= deal.closed->at &&
           deal.closed->at < deal.created.at;
  });
}

bool foreign_deals(const World& world) {
  return std::ranges::any_of(world.deals,
                             [](const Deal& deal) { return deal.amount.base && deal.amount.currency != "EUR"; });
}

}  // namespace

std::string_view waits_for(const Trial& trial, const World& world) {
  const std::string& kpi = trial.kpi.name;
  if (kpi.starts_with("sales_cycle") && closed_before_creation(world)) return "closed_before_it_was_typed_in";
  if (kpi.starts_with("pipeline_value") && foreign_deals(world)) return "pipeline_in_two_currencies";
  if (kpi.starts_with("retention_rate:repeat") && touches(trial, "segment")) return "repeat_buyers_by_segment";
  // Whole row groups without a value are dropped by the engine.
  if (trial.filter && trial.filter->text().find(") or (") != std::string::npos) return "or_over_rows_without_a_value";
  return {};
}

}  // namespace vigie::reference

#include "reference/waiting.h"

namespace vigie::reference {
namespace {

bool touches(const Trial& trial, std::string_view dimension) {
  return std::ranges::find(trial.by, dimension) != trial.by.end() ||
         (trial.filter && trial.filter->text().find(dimension) != std::string::npos);
}

}  // namespace

std::string_view waits_for(const Trial& trial, [[maybe_unused]] const World& world) {
  const std::string& kpi = trial.kpi.name;
  if (kpi.starts_with("retention_rate:repeat") && (touches(trial, "segment") || touches(trial, "nps_group")))
    return "repeat_buyers_by_segment";
  return {};
}

}  // namespace vigie::reference

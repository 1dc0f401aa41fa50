#include "base/text.h"
#include "catalog/parameter_value.h"
#include "kpi/evaluation.h"
#include "kpi/measured_defaults.h"

namespace vigie::kpi {

Result<std::map<std::string, expr::Literal>> bind_parameters(const catalog::Definition& definition,
                                                             const catalog::Variant& variant,
                                                             const std::map<std::string, std::string>& asked,
                                                             const std::map<std::string, std::string>& measured,
                                                             const catalog::Settings& settings) {
  for (const auto& [name, value] : asked)
    if (!definition.parameter(name)) {
      std::vector<std::string> known;
      for (const catalog::Parameter& parameter : definition.parameters) known.push_back(parameter.name);
      return fail(ErrorKind::usage, "parameter.unknown", fmt::format("{} has no parameter \"{}\"", definition.id, name),
                  {}, suggestion(name, known));
    }
  std::map<std::string, expr::Literal> out;
  for (const catalog::Parameter& parameter : definition.parameters) {
    std::string text = parameter.fallback;
    if (parameter.name == "annual_discount_rate") text = settings.annual_discount_rate.to_plain();
    if (parameter.name == "horizon") text = std::to_string(settings.inactivity_days);
    if (const auto fixed = variant.params.find(parameter.name); fixed != variant.params.end()) text = fixed->second;
    const auto wanted = asked.find(parameter.name);
    if (wanted == asked.end() && variant.measured.contains(parameter.name)) {
      // What was measured is what it is: the bounds are for who types a value.
      const auto found = measured.find(MeasuredDefault{&definition, &variant, parameter.name}.name());
      catalog::Parameter unbounded = parameter;
      unbounded.min.reset(), unbounded.max.reset();
      if (found != measured.end() && !found->second.empty()) {
        VIGIE_TRY(out[parameter.name], catalog::value_of(unbounded, found->second));
        continue;
      }
    }
    if (wanted != asked.end()) text = wanted->second;
    VIGIE_TRY(out[parameter.name], catalog::value_of(parameter, text));
  }
  return out;
}

}  // namespace vigie::kpi

#include <charconv>

#include "base/text.h"
#include "kpi/evaluation.h"
#include "kpi/measured_defaults.h"

namespace vigie::kpi {
namespace {

std::unexpected<Error> bad(const catalog::Parameter& parameter, const std::string& text, std::string hint) {
  return fail(ErrorKind::usage, "parameter.invalid",
              fmt::format("\"{}\" is no value for the parameter \"{}\"", text, parameter.name), {}, std::move(hint));
}

Result<expr::Literal> literal_of(const catalog::Parameter& parameter, const std::string& text) {
  using Kind = catalog::Parameter::Kind;
  if (parameter.kind == Kind::choice) {
    if (std::ranges::find(parameter.values, text) == parameter.values.end())
      return bad(parameter, text, suggestion(text, parameter.values));
    return expr::Literal{text};
  }
  const auto decimal = Decimal::parse(text);
  if (!decimal) return bad(parameter, text, "write a number");
  const double number = decimal->to_double();
  if ((parameter.min && number < *parameter.min) || (parameter.max && number > *parameter.max))
    return fail(ErrorKind::usage, "parameter.range", fmt::format("{} = {} is out of bounds", parameter.name, text), {},
                fmt::format("it lies between {} and {}", parameter.min.value_or(0),
                            parameter.max ? fmt::format("{}", *parameter.max) : "any number"));
  if (parameter.kind == Kind::number) return expr::Literal{*decimal};
  const auto whole = decimal->rescaled(0);
  if (!whole || *whole != *decimal) return bad(parameter, text, "write a whole number");
  const auto integer = static_cast<std::int64_t>(whole->units());
  if (parameter.kind == Kind::days) return expr::Literal{expr::Micros{integer * kMicrosPerDay}};
  return expr::Literal{integer};
}

}  // namespace

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
        VIGIE_TRY(out[parameter.name], literal_of(unbounded, found->second));
        continue;
      }
    }
    if (wanted != asked.end()) text = wanted->second;
    VIGIE_TRY(out[parameter.name], literal_of(parameter, text));
  }
  return out;
}

}  // namespace vigie::kpi

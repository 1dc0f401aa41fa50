#include "catalog/parameter_value.h"

#include "base/text.h"

namespace vigie::catalog {
namespace {

using Kind = Parameter::Kind;

std::unexpected<Error> bad(const Parameter& parameter, const std::string& text, std::string hint) {
  return fail(ErrorKind::usage, "parameter.invalid",
              fmt::format("\"{}\" is no value for the parameter \"{}\"", text, parameter.name), {}, std::move(hint));
}

std::unexpected<Error> out_of_bounds(const Parameter& parameter, const std::string& text) {
  std::string hint;
  if (parameter.min && parameter.max) hint = fmt::format("it lies between {} and {}", *parameter.min, *parameter.max);
  else if (parameter.min) hint = fmt::format("it is {} at least", *parameter.min);
  else hint = fmt::format("it is {} at most", *parameter.max);
  return fail(ErrorKind::usage, "parameter.range", fmt::format("{} = {} is out of bounds", parameter.name, text), {},
              std::move(hint));
}

/// Whole numbers are reckoned with in 64 bits, days as microseconds: far beyond any use, and short of the end of these.
Parameter bounded(Parameter parameter) {
  constexpr double kMostDays = 1'000'000, kMostUnits = 1'000'000'000;
  if (parameter.kind != Kind::days && parameter.kind != Kind::integer) return parameter;
  const double most = parameter.kind == Kind::days ? kMostDays : kMostUnits;
  if (parameter.max.value_or(most) >= most) parameter.max = most;
  if (parameter.min.value_or(-most) <= -most) parameter.min = -most;
  return parameter;
}

}  // namespace

Result<expr::Literal> value_of(const Parameter& parameter, const std::string& text) {
  if (parameter.kind == Kind::choice) {
    if (std::ranges::find(parameter.values, text) == parameter.values.end())
      return bad(parameter, text, suggestion(text, parameter.values));
    return expr::Literal{text};
  }
  const auto decimal = Decimal::parse(text);
  if (!decimal) return bad(parameter, text, "write a number");
  const double number = decimal->to_double();
  if ((parameter.min && number < *parameter.min) || (parameter.max && number > *parameter.max))
    return out_of_bounds(parameter, text);
  if (parameter.kind == Kind::number) return expr::Literal{*decimal};
  const auto whole = decimal->rescaled(0);
  if (!whole || *whole != *decimal) return bad(parameter, text, "write a whole number");
  if (const Parameter ends = bounded(parameter); number < *ends.min || number > *ends.max)
    return out_of_bounds(ends, text);
  const auto integer = static_cast<std::int64_t>(whole->units());
  if (parameter.kind == Kind::days) return expr::Literal{expr::Micros{integer * kMicrosPerDay}};
  return expr::Literal{integer};
}

}  // namespace vigie::catalog

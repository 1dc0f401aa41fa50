#pragma once
#include <string>

#include "catalog/measure.h"

namespace vigie::catalog {

/// What a text says as a value of a parameter: a number of days as a duration, a choice as its text.
/// Errors: parameter.invalid, parameter.range, with what would do.
Result<expr::Literal> value_of(const Parameter& parameter, const std::string& text);

}  // namespace vigie::catalog

#pragma once
#include <map>
#include <string>

#include "catalog/catalog.h"
#include "catalog/settings.h"
#include "expr/expr.h"

namespace vigie::kpi {

/// Binds the parameters of a definition: what the question sets (`asked`), else the variant's own or what was measured
/// for it (plan::Question::measured), else the workspace's, else their defaults.
/// Errors: parameter.unknown, parameter.invalid, parameter.range.
Result<std::map<std::string, expr::Literal>> bind_parameters(const catalog::Definition& definition,
                                                             const catalog::Variant& variant,
                                                             const std::map<std::string, std::string>& asked,
                                                             const std::map<std::string, std::string>& measured,
                                                             const catalog::Settings& settings);

}  // namespace vigie::kpi

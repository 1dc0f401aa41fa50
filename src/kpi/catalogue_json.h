#pragma once
#include "base/json_writer.h"
#include "catalog/catalog.h"

namespace vigie::kpi {

/// One definition as docs/api.md describes it: words in both languages, variants, parameters.
void to_json(const catalog::Definition& definition, JsonWriter& out);

/// {"kpis":[…]}: all that are in force on a day.
std::string catalogue_json(const catalog::Catalog& catalog, Date on);

}  // namespace vigie::kpi

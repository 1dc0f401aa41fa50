#pragma once
#include <set>

#include "kpi/ask.h"

namespace vigie::kpi {

/// The tables that decide the horizon of a variant.
std::vector<std::string> tables_of(const catalog::Definition& definition, const catalog::Variant& variant,
                                   const catalog::Catalog& catalog, const plan::DataFacts& facts,
                                   catalog::SaleEvent event, Date today);

/// The dimensions that a variant can be split by: those that everything it rests on knows.
std::set<std::string> dimensions_of(const Session& session, const catalog::Definition& definition,
                                    const catalog::Variant& variant, Date today);
/// The same in any workspace, so without the attributes that its maps add.
std::set<std::string> dimensions_of(const catalog::Catalog& catalog, const model::Model& model,
                                    const catalog::Definition& definition, const catalog::Variant& variant, Date today);

/// Measures and KPIs that a variant names anywhere.
std::vector<std::string> names_of(const catalog::Variant& variant);

}  // namespace vigie::kpi

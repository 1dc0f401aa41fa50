#pragma once
#include <span>

#include "catalog/catalog.h"

namespace vigie::catalog {

/// What a person calls a KPI, as the catalogue keeps names: "Chiffre d'affaires" is chiffre_d_affaires.
std::string name_meant(std::string_view typed);

/// What to do about a name that no KPI has: the nearest one of those that are known, and the file that may define it
/// and does not say so; empty: there is none.
std::string hint_for_unknown(std::string_view name, std::span<const std::string> known, const std::string& nameless);

/// The KPI that a name in a formula stands for, written kpi.ID or kpi.ID.VARIANT; nothing where it is a measure's.
std::optional<KpiName> kpi_named(std::string_view name);

/// What a KpiName is on some day. The catalogue it is of must outlive it.
struct NamedFigure {
  const Definition* definition;
  const Variant* variant;
};

/// In the version in force on that day. A catalogue that was loaded knows what its formulas name. Errors: kpi.unknown,
/// variant.unknown.
Result<NamedFigure> figure_named(const Catalog& catalog, const KpiName& name, Date today);

}  // namespace vigie::catalog

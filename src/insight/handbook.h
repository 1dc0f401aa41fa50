#pragma once
#include "catalog/catalog.h"
#include "tongue/language.h"

namespace vigie::insight {

/// Every KPI in force on a day as one Markdown document: what it means, its variants in words, its parameters, its
/// levers, what it can be split by. docs/handbook.en.md and docs/handbook.fr.md are this text of the shipped catalogue.
std::string handbook(const catalog::Catalog& catalog, const model::Model& model, tongue::Language language, Date today);

}  // namespace vigie::insight

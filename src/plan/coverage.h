#pragma once
#include "plan/relations.h"

namespace vigie::plan {

/// Tables whose rows tell from when on a relation holds something: those behind it (tables_behind), and the customers
/// where their own dates (customer_since) date its rows. How far it is known is not theirs to say.
std::vector<std::string> tables_dating(std::string_view relation, catalog::SaleEvent event, const DataFacts& facts);

}  // namespace vigie::plan

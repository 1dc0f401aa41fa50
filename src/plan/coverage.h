#pragma once
#include "plan/relations.h"

namespace vigie::plan {

/// Tables whose rows tell from when on a relation holds something: those behind it (tables_behind), and the customers
/// where their own dates (customer_since) date its rows; of prospects only what is counted as one (the parameter `of`):
/// a deal before the first lead tells of no lead. How far it is known is not theirs to say.
std::vector<std::string> tables_dating(std::string_view relation, catalog::SaleEvent event, const DataFacts& facts,
                                       const std::map<std::string, expr::Literal>& params);

/// The first day that something is earned on by the days of its service (empty: nothing that is sold names any).
std::optional<Date> first_service(const DataFacts& facts, catalog::SaleEvent event);

/// A day from which on a relation holds something by what its rows say, which may be before all that its tables are
/// dated by: a document of today bills what was served before. Empty: their dates are all there is.
std::optional<Date> told_from(std::string_view relation, catalog::SaleEvent event, const DataFacts& facts);

}  // namespace vigie::plan

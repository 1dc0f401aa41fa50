#pragma once
#include "plan/relations.h"

namespace vigie::plan {

/// The rows of a canonical table with every amount in the currency of the answer (`context.currency`, else the
/// workspace's): from the document's own amount and currency, at
/// the rate of the row's own date (kpis.md, "rate of a day"), crossed through the quotes' base unrounded and rounded
/// once, half to even at six decimals. It is what the ingest does for the workspace's currency, by the same function.
/// Null where no rate is known. `rows` is the table's scan.
store::RelPtr in_currency(const RelationContext& context, const model::Table& table, store::RelPtr rows);

/// The same for one amount of rows that say themselves which day prices them: the column `amount`, from its
/// document_amount, their `currency` and their `priced_day`.
store::RelPtr converted_on(const RelationContext& context, store::RelPtr rows, const std::string& amount);

/// The same for a table's versions: each at the date that priced the row when it was so.
store::RelPtr history_in_currency(const RelationContext& context, const model::Table& table, store::RelPtr versions);

}  // namespace vigie::plan

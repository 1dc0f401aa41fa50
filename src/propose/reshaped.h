#pragma once
#include "propose/draft.h"

namespace vigie::propose {

/// One column a channel ("tv_spend", "Dépense Google"): the drafts of a map that turns columns into rows. Nothing where
/// the file is not so.
std::optional<Draft> draft_of_wide_spend(const Material& material);

/// One column a currency ("USD", "JPY"), as central banks publish their rates: the same.
std::optional<Draft> draft_of_wide_rates(const Material& material);

/// Thousands and millions ("$1,117.10K") are worked out in a query, before the map reads what comes out.
void work_out_magnitudes(const Material& material, Draft& draft);

/// The amount of a line that gives quantity and price alone is worked out in a query.
void work_out_line_amounts(const Material& material, const TableMatch& lines, Draft& draft);

/// What is before tax and after discounts is told by adding up: where sub total, discount, tax and total of the first
/// rows agree in one way, the amounts are worked out in that way.
void work_out_net(const Material& material, const TableMatch& orders, Draft& draft);

/// A list of lines that repeats on each what its order says (date, customer): the order is a second map, summed over
/// its lines. Nothing where the file has no dates.
std::optional<Draft> draft_of_orders_in_lines(const Material& material, const TableMatch& lines,
                                              const TableMatch& orders);

}  // namespace vigie::propose

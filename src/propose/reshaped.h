#pragma once
#include "propose/draft.h"

namespace vigie::propose {

// Files whose rows are not yet rows of a table: reshaped.cpp turns columns into rows, worked_out.cpp adds columns,
// orders_of_rows.cpp makes one row of several. Numbers are read by the reader of the import (map_text.h), and what is
// no number refuses its own row: a query leaves nothing out in silence.

/// One column a channel ("tv_spend", "Dépense Google"; "Google Ads" where the user says that it is spend): the drafts
/// of a map that turns columns into rows. Nothing where the file is not so.
std::optional<Draft> draft_of_wide_spend(const Material& material);
/// Columns that are called like channels, and nothing says what they count.
std::vector<std::string> columns_of_channels(const Material& material);

/// One column a currency ("USD", "JPY"), as central banks publish their rates: the same.
std::optional<Draft> draft_of_wide_rates(const Material& material);

/// The amount of a line that gives quantity and price alone is worked out in a query.
void work_out_line_amounts(const Material& material, const TableMatch& lines, Draft& draft);

/// What is before tax and after discounts is told by adding up: where sub total, discount, tax and total of the first
/// rows agree in one way, the amounts are worked out in that way. Of an amount with tax and its tax, the difference.
void work_out_net(const Material& material, const TableMatch& orders, Draft& draft);

/// The monthly amount of what is paid by the year, the quarter, the month. `by_piece`: times the quantity.
void work_out_mrr(const Material& material, bool by_piece, Draft& draft);

/// Rows that have the number of one order: what their amount is.
enum class RowsOfOrders { none, line, order, not_told };
RowsOfOrders rows_of_orders(const Material& material, const TableMatch& orders, std::size_t key);

/// The last step of a map of orders whose number stands on several rows: one row of each.
void make_one_of_each_order(const Material& material, const TableMatch& orders, Draft& draft);

/// A list of lines that repeats on each what its order says (date, customer): the order is a second map, summed over
/// its lines. Nothing where the file has no dates.
std::optional<Draft> draft_of_orders_in_lines(const Material& material, const TableMatch& lines,
                                              const TableMatch& orders);

/// An empty draft of that table, with a verdict for each input column; and what is said of those that nothing was made
/// of.
Draft empty_draft(const Material& material, std::string table);
void leave_rest_out(const Material& material, Draft& draft, const std::string& reason);
void mark(Draft& draft, std::size_t input, const std::string& becomes, const std::string& reason);
/// A column that a query works out: its texts have a decimal point.
DraftColumn computed(std::string target, std::string from);
/// How the numbers of an input column are written, as a query reads them.
ingest::NumberFormat format_of(const Material& material, std::size_t input);

}  // namespace vigie::propose

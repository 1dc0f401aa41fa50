// Orders that stand on several rows of a file: one row of each.
#include <algorithm>

#include "base/text.h"
#include "propose/map_text.h"
#include "propose/reshaped.h"

namespace vigie::propose {
namespace {

/// One row for each text of a column. What the rows of one order must all say is checked: where they do not, the date
/// of the order is a sentence that says so, and the import refuses it.
struct Grouping {
  std::string key, date;
  bool dates_sort = false;  ///< their texts sort as they do, the day in the first ten letters
  std::vector<std::string> same;
  std::vector<std::string> sums;  ///< "… AS alias"
  std::string rows{DraftMap::kRows};

  std::string query() const {
    std::string guards, carried;
    const auto guard = [&](const std::string& name, const std::string& text) {
      guards += fmt::format("\n            WHEN count(DISTINCT {}) > 1 THEN {}", text,
                            sql_text("several texts of one order in " + name));
    };
    for (const std::string& name : same) {
      guard(name, sql_name(name));
      carried += fmt::format(", min({0}) AS {0}", sql_name(name));
    }
    guard(date, dates_sort ? fmt::format("left({}, 10)", sql_name(date)) : sql_name(date));
    std::string out = fmt::format("SELECT {0},\n       CASE{1}\n            ELSE min({2}) END AS {2}{3}", sql_name(key),
                                  guards, sql_name(date), carried);
    for (const std::string& sum : sums) out += ",\n       " + sum;
    return out + fmt::format("\nFROM {}\nGROUP BY {}", rows, sql_name(key));
  }
};

/// The sum of an amount over the rows of an order; a text that says so where one of them holds no number.
std::string sum_in_sql(const Material& m, const std::vector<std::size_t>& factors, const std::string& alias) {
  std::string worth, unread;
  for (const std::size_t input : factors) {
    const ingest::NumberFormat format = format_of(m, input);
    worth += (worth.empty() ? "" : " * ") + number_in_sql(m.column(input).name(), format);
    unread += (unread.empty() ? "" : ", ") + unread_in_sql(m.column(input).name(), format);
  }
  return fmt::format("coalesce(min(coalesce({})), CAST(sum({}) AS VARCHAR)) AS {}", unread, worth, sql_name(alias));
}

bool dates_sort(const Written& how) {
  return std::ranges::all_of(how.date_formats,
                             [](const std::string& f) { return f == "iso" || f.starts_with("%Y-%m-%d"); });
}

/// The column that says that of a line of an order.
std::optional<std::size_t> line_column(const Material& m, const std::string& target) {
  const TableNames* lines = m.vocabulary.find("order_lines");
  if (lines == nullptr || !lines->columns.contains(target)) return std::nullopt;
  for (std::size_t i = 0; i < m.sketch.columns().size(); ++i)
    if (says_of(m.column(i).name(), lines->columns.at(target)).strength >= Strength::by_name) return i;
  return std::nullopt;
}

std::optional<std::int64_t> units_at(const Material& m, const std::vector<std::string>& row, std::size_t input,
                                     int scale) {
  ingest::NumberFormat format = m.written[input].number;
  format.round = true;
  const ingest::Units units = ingest::read_number(trim(row[input]), format, scale);
  return units.fault == ingest::Fault::none ? std::optional(units.value) : std::nullopt;
}

/// Quantity times price of the rows of an order: is the amount their sum (on each of them), or each row's own?
RowsOfOrders told_by_prices(const Material& m, std::size_t key, std::size_t amount) {
  const auto quantity = line_column(m, "quantity"), price = line_column(m, "unit_price");
  if (!quantity || !price || *price == amount || *quantity == amount) return RowsOfOrders::not_told;
  struct Order {
    int rows = 0;
    std::int64_t worth = 0, amount = 0;  // in cents; the amount of its last row
    bool own = true, known = true;
  };
  std::map<std::string, Order> orders;
  for (const std::vector<std::string>& row : m.sketch.first_rows()) {
    if (trim(row[key]).empty()) continue;
    Order& order = orders[std::string(trim(row[key]))];
    const auto q = units_at(m, row, *quantity, 2), p = units_at(m, row, *price, 2), a = units_at(m, row, amount, 2);
    ++order.rows;
    if (!q || !p || !a) {
      order.known = false;
      continue;
    }
    const std::int64_t worth = *q * *p / 100;
    order.own = order.own && worth - *a <= 2 && *a - worth <= 2;
    order.worth += worth, order.amount = *a;
  }
  int tested = 0, whole = 0, own = 0;
  for (const auto& [name, order] : orders) {
    if (order.rows < 2 || !order.known) continue;
    ++tested;
    const std::int64_t off = order.worth - order.amount;
    whole += off <= 2 * order.rows && off >= -2 * order.rows ? 1 : 0;
    own += order.own ? 1 : 0;
  }
  if (tested == 0 || (whole == tested) == (own == tested)) return RowsOfOrders::not_told;
  return whole == tested ? RowsOfOrders::order : RowsOfOrders::line;
}

bool has_lines(const Material& m) {
  return std::ranges::any_of(std::initializer_list<const char*>{"product_key", "quantity", "unit_price", "position"},
                             [&](const char* target) { return line_column(m, target).has_value(); });
}

/// "Order total": the noun of the table stands in the name of the amount.
bool names_the_order(const TableMatch& orders, const std::string& header) {
  return std::ranges::any_of(orders.names->nouns, [&](const std::string& noun) {
    return noun.size() >= 4 && bare(header).find(noun) != std::string::npos;
  });
}

}  // namespace

RowsOfOrders rows_of_orders(const Material& m, const TableMatch& orders, std::size_t key) {
  const Assigned* date = orders.find("ordered_at");
  const Assigned* amount = orders.find("amount_net");
  if (amount == nullptr) amount = orders.find("amount_gross");
  if (date == nullptr || m.column(key).unique_where_filled() || m.sketch.rows() == 1) return RowsOfOrders::none;
  if (amount == nullptr) return RowsOfOrders::order;
  if (m.wishes.amounts == "order") return RowsOfOrders::order;
  if (m.wishes.amounts == "line") return RowsOfOrders::line;
  const std::array<std::size_t, 1> by{key};
  const Groups groups = m.sketch.groups(by);
  if (const RowsOfOrders told = told_by_prices(m, key, amount->input); told != RowsOfOrders::not_told) return told;
  if (groups.several == 0 || !has_lines(m)) return RowsOfOrders::not_told;
  if (groups.same[amount->input])
    return names_the_order(orders, m.column(amount->input).name()) ? RowsOfOrders::order : RowsOfOrders::not_told;
  const bool one_order = std::ranges::all_of(orders.columns, [&](const Assigned& one) {
    const bool said = one.column == "ordered_at" || one.column == "customer_key" || one.column == "status";
    return !said || groups.same[one.input];
  });
  return one_order ? RowsOfOrders::line : RowsOfOrders::not_told;
}

void make_one_of_each_order(const Material& m, const TableMatch& orders, Draft& draft) {
  const Assigned* key = orders.find("key");
  const Assigned* date = orders.find("ordered_at");
  if (key == nullptr || date == nullptr || !m.wishes.key.empty() || key->strength < Strength::reference) return;
  const RowsOfOrders rows = rows_of_orders(m, orders, key->input);
  if (rows == RowsOfOrders::none) return;
  const std::array<std::size_t, 1> by{key->input};
  const Groups groups = m.sketch.groups(by);
  Grouping out;
  out.key = m.column(key->input).name();
  out.date = m.column(date->input).name();
  out.dates_sort = dates_sort(m.written[date->input]);
  if (!draft.map.query.empty()) out.rows = "(" + draft.map.query + ")";
  std::vector<std::string> summed;
  for (DraftColumn& column : draft.map.columns) {
    if (column.target == "key" || column.off) continue;
    const model::Column* canonical = orders.names->table->find(column.target);
    const bool money = canonical != nullptr && canonical->type == model::ColumnType::money;
    for (const std::string& from : column.from) {
      const auto input = m.named(from);
      const bool worked_out = !input;
      const bool same = !input || groups.same[*input];
      if (from == out.date || std::ranges::find(out.same, from) != out.same.end()) continue;
      // An amount of one line is summed; what a query worked out of such amounts too.
      if (rows == RowsOfOrders::line && money && (worked_out || !same || column.target == "amount_net")) {
        if (worked_out)
          out.sums.push_back(
              fmt::format("coalesce(min(CASE WHEN TRY_CAST({0} AS DECIMAL(18,4)) IS NULL THEN {0} END), "
                          "CAST(sum(TRY_CAST({0} AS DECIMAL(18,4))) AS VARCHAR)) AS {0}",
                          sql_name(from)));
        else out.sums.push_back(sum_in_sql(m, {*input}, from));
        column.number = ingest::NumberFormat{};
        summed.push_back(from);
        continue;
      }
      if (!same && canonical == nullptr) {
        column.off = true;  // a split that differs among the rows of an order is none of the order
        continue;
      }
      out.same.push_back(from);
    }
  }
  for (const DraftColumn& column : draft.map.columns)
    if (column.off && column.target.starts_with("x_"))
      if (const auto input = m.named(column.from.front())) {
        draft.columns[*input].becomes.clear();
        draft.columns[*input].reason = "left out: it differs among the rows of one order";
        draft.map.left_out.push_back(column.from.front());
      }
  std::erase_if(draft.map.columns, [](const DraftColumn& one) { return one.off && one.target.starts_with("x_"); });
  draft.map.input_name = DraftMap::kRows;
  draft.map.query = out.query();
  draft.map.head.push_back(
      summed.empty()
          ? fmt::format("an order (\"{}\") stands on several rows, and its amounts on each of them: they "
                        "count once",
                        out.key)
          : fmt::format("an order (\"{}\") stands on several rows: of these the query makes one, and sums {}", out.key,
                        listed(summed)));
}

std::optional<Draft> draft_of_orders_in_lines(const Material& m, const TableMatch& lines, const TableMatch& orders) {
  const Assigned* order = lines.find("order_key");
  const Assigned* date = orders.find("ordered_at");
  if (order == nullptr || date == nullptr || m.written[date->input].date_undecided) return std::nullopt;
  const Assigned* quantity = lines.find("quantity");
  const Assigned* price = lines.find("unit_price");
  const Assigned* amount = lines.find("amount_net");
  std::vector<std::size_t> factors;
  if (amount != nullptr) factors = {amount->input};
  else if (quantity != nullptr && price != nullptr) factors = {quantity->input, price->input};
  else return std::nullopt;
  for (const std::size_t input : factors)
    if (m.written[input].number_undecided) return std::nullopt;  // it is asked for with the lines
  const std::array<std::size_t, 1> by{order->input};
  const Groups groups = m.sketch.groups(by);
  Draft out = empty_draft(m, "orders");
  Grouping query;
  query.key = m.column(order->input).name();
  query.date = m.column(date->input).name();
  query.dates_sort = dates_sort(m.written[date->input]);
  const auto carry = [&](const Assigned& one) {
    Confidence confidence = Confidence::likely;
    out.map.columns.push_back(draft_column(m, *orders.names->table, one.column, one.input, out.questions, confidence));
    mark(out, one.input, one.column, "every line of an order repeats it");
    if (one.input != date->input) query.same.push_back(m.column(one.input).name());
  };
  DraftColumn key;
  key.target = "key";
  key.from = {query.key};
  key.why = "one row a line in the file: the query makes one of each order";
  mark(out, order->input, "key", key.why);
  out.map.columns.push_back(std::move(key));
  carry(*date);
  for (const std::string_view name : {"customer_key", "currency", "status", "channel", "owner_key"}) {
    const Assigned* one = orders.find(name);
    if (one == nullptr || one->input == order->input) continue;
    // The channel or the seller of a line may be that line's own; customer, currency and status must be the order's.
    const bool own = !groups.same[one->input] && (name == "channel" || name == "owner_key");
    if (!own) carry(*one);
  }
  DraftColumn net = computed("amount_net", "order_amount");
  net.why = "the sum of the order's lines";
  out.map.columns.push_back(std::move(net));
  query.sums.push_back(sum_in_sql(m, factors, "order_amount"));
  out.map.input_name = DraftMap::kRows;
  out.map.query = query.query();
  if (orders.find("currency") == nullptr) settle_currency(m, {factors.back()}, {}, out);
  if (quantity != nullptr && m.column(quantity->input).numbers().negative() > 0)
    out.map.head.emplace_back(
        "lines with a negative quantity lower the order they stand on: where they are returns, make them refunds, by a "
        "second map with a filter");
  return out;
}

}  // namespace vigie::propose

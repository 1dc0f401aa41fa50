// Files whose rows are not yet rows of a table: a query makes them so.
#include "propose/reshaped.h"

#include <algorithm>

#include "base/text.h"
#include "model/currency.h"
#include "propose/map_text.h"

namespace vigie::propose {
namespace {

constexpr std::string_view kRows = "rows";  ///< the name of the input in our queries

/// "tv_spend" → "tv"; "Spend - Google" → "Google"; "tv_S" → "tv". Empty: no such column.
std::string channel_of(const std::string& header, const std::vector<std::string>& words, bool short_suffix) {
  if (short_suffix && header.size() > 2 && header.ends_with("_S")) return header.substr(0, header.size() - 2);
  const auto parted = [](char c) { return std::string_view(" _-.:").find(c) != std::string_view::npos; };
  const auto trimmed = [&](std::string text) {
    while (!text.empty() && parted(text.back())) text.pop_back();
    while (!text.empty() && parted(text.front())) text.erase(0, 1);
    return text;
  };
  // The word stands first or last, set apart; letters with accents are longer than their folded ones.
  for (std::size_t cut = 1; cut + 1 < header.size(); ++cut) {
    if (!parted(header[cut])) continue;
    for (const std::string& word : words) {
      if (fold_name(header.substr(0, cut)) == word) return trimmed(header.substr(cut));
      if (fold_name(header.substr(cut + 1)) == word) return trimmed(header.substr(0, cut));
    }
  }
  return "";
}

/// Columns of one channel each, with the channel's name.
std::vector<std::pair<std::size_t, std::string>> channels(const Material& m) {
  int short_suffixes = 0, others = 0;  // media models write spend _S, impressions _I, clicks _P
  for (const ColumnSketch& column : m.sketch.columns()) {
    short_suffixes += column.name().ends_with("_S") ? 1 : 0;
    others += column.name().ends_with("_I") || column.name().ends_with("_P") ? 1 : 0;
  }
  const bool by_short = short_suffixes >= 2 && others >= 1;
  std::vector<std::pair<std::size_t, std::string>> out;
  for (std::size_t i = 0; i < m.written.size(); ++i) {
    if (!is_number(m.written[i].kind) && m.written[i].kind != Kind::yes_no) continue;
    std::string channel = channel_of(m.column(i).name(), m.vocabulary.spend_suffixes, by_short);
    if (!channel.empty()) out.emplace_back(i, std::move(channel));
  }
  return out;
}

void mark(Draft& draft, std::size_t input, const std::string& becomes, const std::string& reason) {
  draft.columns[input].becomes.push_back(becomes);
  draft.columns[input].confidence = Confidence::likely;
  draft.columns[input].reason = reason;
}

/// A column that the query works out.
DraftColumn computed(std::string target, std::string from) {
  DraftColumn out;
  out.target = std::move(target);
  out.from.push_back(std::move(from));
  out.options.emplace_back("round", "true");
  return out;
}

/// An amount of the query. What of it is no number is told.
std::string amount_in_sql(const Material& m, std::size_t input, DraftMap& map) {
  const Written& how = m.written[input];
  if (how.unread > 0)
    map.head.push_back(fmt::format("values of \"{}\" that are no numbers are empty in the query: {}",
                                   m.column(input).name(), how.unread));
  return number_in_sql(m.column(input).name(), how.number, "DECIMAL(16,4)",
                       how.unread > 0 ? Unreadable::empty : Unreadable::refused);
}

Draft empty_draft(const Material& m, std::string table) {
  Draft out;
  out.map.table = std::move(table);
  out.map.input_name = kRows;
  for (const ColumnSketch& column : m.sketch.columns())
    out.columns.push_back({column.name(), {}, Confidence::look, ""});
  return out;
}

void leave_rest_out(const Material& m, Draft& draft, const std::string& reason) {
  for (std::size_t i = 0; i < draft.columns.size(); ++i) {
    if (!draft.columns[i].becomes.empty()) continue;
    draft.columns[i].reason = m.written[i].kind == Kind::empty ? "left out: it is empty" : reason;
    draft.map.left_out.push_back(m.column(i).name());
  }
}

}  // namespace

std::optional<Draft> draft_of_wide_spend(const Material& m) {
  const auto spends = channels(m);
  std::optional<std::size_t> day;
  for (std::size_t i = 0; i < m.written.size() && !day; ++i)
    if (is_date(m.written[i].kind) && m.column(i).filled() == m.sketch.rows()) day = i;
  if (spends.size() < 2 || !day) return std::nullopt;
  Draft out = empty_draft(m, "channel_spend");
  std::string renamed, names;
  for (const auto& [input, channel] : spends) {
    renamed += fmt::format(", {} AS {}", sql_name(m.column(input).name()), sql_name(channel));
    names += (names.empty() ? "" : ", ") + sql_name(channel);
    mark(out, input, "spend", "the name says that it is what one channel cost");
  }
  out.map.query = fmt::format(
      "SELECT day, channel, spend\nFROM (UNPIVOT (SELECT {} AS day{} FROM {})\n      ON {} INTO NAME channel VALUE "
      "spend)",
      sql_name(m.column(*day).name()), renamed, kRows, names);
  out.map.head.emplace_back("the file has one column a channel: the query makes one row a channel of each");
  DraftColumn key;
  key.target = "key";
  key.from = {"day", "channel"};
  Confidence confidence = Confidence::sure;
  const model::Table& table = *m.model.table("channel_spend");
  DraftColumn date = draft_column(m, table, "date", *day, out.questions, confidence);
  date.from = {"day"};
  mark(out, *day, "date", "the only date there is");
  DraftColumn channel;
  channel.target = "channel";
  channel.from = {"channel"};
  DraftColumn spend = draft_column(m, table, "spend", spends.front().first, out.questions, confidence);
  spend.from = {"spend"};
  for (const auto& [input, name] : spends)
    if (m.column(input).numbers().most_decimals() > 4 && spend.options.empty())
      spend.options.emplace_back("round", "true");
  for (DraftColumn* one : {&key, &date, &channel, &spend}) out.map.columns.push_back(std::move(*one));
  leave_rest_out(m, out, "left out: it is no spend of a channel");
  return out;
}

std::optional<Draft> draft_of_wide_rates(const Material& m) {
  std::optional<std::size_t> day;
  std::vector<std::size_t> currencies;
  std::set<std::string> nothing;
  for (std::size_t i = 0; i < m.written.size(); ++i) {
    if (is_date(m.written[i].kind) && !day) day = i;
    if (!is_number(m.written[i].kind) || !model::is_currency(m.column(i).name())) continue;
    currencies.push_back(i);
    for (const auto& [text, n] : m.column(i).nothing()) nothing.insert(text);
  }
  if (!day || currencies.size() < 3) return std::nullopt;
  Draft out = empty_draft(m, "fx_rates");
  std::string names, without;
  for (const std::size_t input : currencies) {
    names += fmt::format(", {}", sql_name(m.column(input).name()));
    mark(out, input, "per_euro", "the name is the code of a currency");
  }
  for (const std::string& text : nothing) without += (without.empty() ? "" : ", ") + sql_text(text);
  out.map.query = fmt::format(
      "SELECT day, currency, per_euro\nFROM (UNPIVOT (SELECT {} AS day{} FROM {})\n      ON {} INTO NAME currency "
      "VALUE "
      "per_euro){}",
      sql_name(m.column(*day).name()), names, kRows, names.substr(2),
      without.empty() ? "" : fmt::format("\nWHERE per_euro NOT IN ({})", without));
  out.map.head.emplace_back(
      "rates are taken as units for one euro: where the file gives euros for one unit, divide 1 by them in the query");
  const model::Table& table = *m.model.table("fx_rates");
  Confidence confidence = Confidence::likely;
  DraftColumn date = draft_column(m, table, "date", *day, out.questions, confidence);
  date.from = {"day"};
  mark(out, *day, "date", "the only date there is");
  DraftColumn currency;
  currency.target = "currency";
  currency.from = {"currency"};
  DraftColumn rate = draft_column(m, table, "per_euro", currencies.front(), out.questions, confidence);
  rate.from = {"per_euro"};
  rate.nothing.clear();
  for (DraftColumn* one : {&date, &currency, &rate}) out.map.columns.push_back(std::move(*one));
  leave_rest_out(m, out, "left out: its name is no currency");
  return out;
}

void work_out_magnitudes(const Material& m, Draft& draft) {
  std::string replaced;
  for (const DraftColumn& column : draft.map.columns) {
    if (!column.number || column.from.size() != 1) continue;
    const auto input = m.named(column.from.front());
    if (!input || !m.written[*input].magnitudes) continue;
    const std::string name = sql_name(m.column(*input).name());
    ingest::NumberFormat format = *column.number;
    format.thousands = " ";  // so that everything but digits goes
    std::string number = number_in_sql(m.column(*input).name(), format, "DECIMAL(18,4)", Unreadable::empty);
    const auto times = [&](std::string_view factor) {
      std::string text = fmt::format("CAST({} * {} AS VARCHAR)", number, factor);
      if (format.decimal == ',') text = fmt::format("replace({}, '.', ',')", text);
      return fmt::format("coalesce({}, {})", text, name);
    };
    replaced += fmt::format(
        "{}\n  CASE WHEN regexp_matches({}, '[0-9] ?[Kk]') THEN {}\n       WHEN regexp_matches({}, '[0-9] "
        "?[Mm]([^d]|$)') THEN {}\n"
        "       WHEN regexp_matches({}, '[0-9] ?(B|Md)') THEN {}\n       ELSE {} END AS {}",
        replaced.empty() ? "" : ",", name, times("1000"), name, times("1000000"), name, times("1000000000"), name,
        name);
  }
  if (replaced.empty()) return;
  draft.map.input_name = kRows;
  draft.map.query = fmt::format("SELECT * REPLACE ({})\nFROM {}", replaced, kRows);
}

void work_out_line_amounts(const Material& m, const TableMatch& lines, Draft& draft) {
  const Assigned* quantity = lines.find("quantity");
  const Assigned* price = lines.find("unit_price");
  if (quantity == nullptr && price != nullptr && lines.find("amount_net") == nullptr) {
    Confidence confidence = Confidence::likely;
    DraftColumn amount = draft_column(m, *lines.names->table, "amount_net", price->input, draft.questions, confidence);
    amount.why = "no column has a quantity: a row is one piece";
    draft.columns[price->input].becomes.emplace_back("amount_net");
    draft.map.columns.push_back(std::move(amount));
    return;
  }
  if (quantity == nullptr || price == nullptr || lines.find("amount_net") != nullptr || !draft.map.query.empty())
    return;
  if (m.written[quantity->input].number_undecided || m.written[price->input].number_undecided) return;
  draft.map.input_name = kRows;
  draft.map.query =
      fmt::format("SELECT *, {} * {} AS line_amount\nFROM {}", amount_in_sql(m, quantity->input, draft.map),
                  amount_in_sql(m, price->input, draft.map), kRows);
  DraftColumn amount = computed("amount_net", "line_amount");
  amount.why = "no column has the amount of a line: quantity times price";
  draft.map.columns.push_back(std::move(amount));
}

namespace {

/// The amounts of a document that must add up.
struct Sums {
  std::size_t sub_total = 0, total = 0;
  std::optional<std::size_t> discount, tax, adjustment;
  int tested = 0, added = 0, taken_off = 0, discounted = 0;
  bool most(int n) const { return tested >= 10 && n * 10 >= tested * 9; }
};

std::optional<std::int64_t> cents_at(const Material& m, const std::vector<std::string>& row,
                                     std::optional<std::size_t> input) {
  if (!input || trim(row[*input]).empty()) return 0;
  ingest::NumberFormat format = m.written[*input].number;
  format.round = true;
  const ingest::Units units = ingest::read_number(row[*input], format, 2);
  return units.fault == ingest::Fault::none ? std::optional(units.value) : std::nullopt;
}

void add_up(const Material& m, Sums& sums) {
  constexpr std::int64_t kRounding = 100;  // totals are rounded, to a whole unit at times
  const auto near = [](std::int64_t a, std::int64_t b) { return a - b <= kRounding && b - a <= kRounding; };
  for (const std::vector<std::string>& row : m.sketch.first_rows()) {
    if (trim(row[sums.sub_total]).empty() || trim(row[sums.total]).empty()) continue;
    const auto s = cents_at(m, row, sums.sub_total), t = cents_at(m, row, sums.total),
               d = cents_at(m, row, sums.discount), x = cents_at(m, row, sums.tax),
               a = cents_at(m, row, sums.adjustment);
    // Rows of little discount or tax tell nothing, within the rounding.
    if (!s || !t || !d || !x || !a || *d <= 2 * kRounding || *x <= 2 * kRounding) continue;
    ++sums.tested;
    sums.added += near(*s - *d + *x + *a, *t) ? 1 : 0;
    sums.taken_off += near(*s - *d - *x + *a, *t) ? 1 : 0;
    sums.discounted += near(*s + *x + *a, *t) ? 1 : 0;
  }
}

}  // namespace

void work_out_net(const Material& m, const TableMatch& orders, Draft& draft) {
  const Assigned* net = orders.find("amount_net");
  const Assigned* discount = orders.find("discount");
  const Assigned* tax = orders.find("amount_tax");
  const Assigned* gross = orders.find("amount_gross");
  std::optional<std::size_t> total = gross != nullptr ? std::optional(gross->input) : std::nullopt;
  for (const std::string_view name : {"Grand Total", "Total", "Net Total", "Total TTC", "Montant TTC"})
    if (!total) total = m.named(name);
  if (net == nullptr || discount == nullptr || tax == nullptr || !total || *total == net->input ||
      !draft.map.query.empty())
    return;
  Sums sums{.sub_total = net->input, .total = *total, .discount = discount->input, .tax = tax->input, .adjustment = {}};
  for (const std::string_view name : {"Adjustments", "Adjustment", "Ajustement"})
    if (!sums.adjustment) sums.adjustment = m.named(name);
  add_up(m, sums);
  DraftColumn* amount = nullptr;
  for (DraftColumn& column : draft.map.columns)
    if (column.target == "amount_net") amount = &column;
  const std::string s = m.column(net->input).name(), d = m.column(discount->input).name(), t = m.column(*total).name();
  const auto number = [&](std::size_t input) { return amount_in_sql(m, input, draft.map); };
  if (sums.most(sums.discounted) || amount == nullptr) return;
  if (!sums.most(sums.added) && !sums.most(sums.taken_off)) {
    if (sums.tested >= 10)
      draft.map.head.emplace_back(
          "sub total, discount, tax and total do not add up in any usual way: recompute one document to see which "
          "amount is before tax and after discounts");
    return;
  }
  const std::string discounted = fmt::format("SELECT *, {} - coalesce({}, 0) AS discounted\nFROM {}",
                                             number(net->input), number(discount->input), kRows);
  if (sums.most(sums.added)) {
    draft.map.query = discounted;
    draft.map.input_name = kRows;
    *amount = computed("amount_net", "discounted");
    amount->why = fmt::format(
        "\"{}\" less \"{}\" plus tax gives \"{}\" in the first rows: before tax and after discounts is the one less "
        "the other",
        s, d, t);
    return;
  }
  draft.map.query = discounted;
  draft.map.input_name = kRows;
  Confidence confidence = Confidence::likely;
  *amount = draft_column(m, *orders.names->table, "amount_net", *total, draft.questions, confidence);
  amount->why = fmt::format(
      "\"{}\" less \"{}\" less tax gives \"{}\" in the first rows: the prices hold the tax, and the total is what is "
      "left without it",
      s, d, t);
  mark(draft, *total, "amount_net", amount->why);
  std::erase(draft.map.left_out, t);
  if (draft.map.find("amount_gross") == nullptr) draft.map.columns.push_back(computed("amount_gross", "discounted"));
}

std::optional<Draft> draft_of_orders_in_lines(const Material& m, const TableMatch& lines, const TableMatch& orders) {
  const Assigned* order = lines.find("order_key");
  const Assigned* date = orders.find("ordered_at");
  if (order == nullptr || date == nullptr || m.written[date->input].date_undecided) return std::nullopt;
  const Assigned* quantity = lines.find("quantity");
  const Assigned* price = lines.find("unit_price");
  const Assigned* amount = lines.find("amount_net");
  if (amount == nullptr && (quantity == nullptr || price == nullptr)) return std::nullopt;
  Draft out = empty_draft(m, "orders");
  const auto number = [&](const Assigned& one) { return amount_in_sql(m, one.input, out.map); };
  const std::string worth = amount != nullptr ? number(*amount) : number(*quantity) + " * " + number(*price);
  std::string carried;
  const model::Table& table = *orders.names->table;
  const auto carry = [&](const Assigned& one) {
    const std::string& header = m.column(one.input).name();
    carried += fmt::format(", min({0}) AS {0}", sql_name(header));
    Confidence confidence = Confidence::likely;
    out.map.columns.push_back(draft_column(m, table, one.column, one.input, out.questions, confidence));
    mark(out, one.input, one.column, "every line of an order repeats it");
  };
  DraftColumn key;
  key.target = "key";
  key.from = {m.column(order->input).name()};
  key.why = "one row a line in the file: the query makes one of each order";
  mark(out, order->input, "key", key.why);
  out.map.columns.push_back(std::move(key));
  carry(*date);
  for (const std::string_view name : {"customer_key", "currency", "channel", "owner_key"})
    if (const Assigned* one = orders.find(name); one != nullptr && one->input != order->input) carry(*one);
  DraftColumn net = computed("amount_net", "order_amount");
  net.why = "the sum of the order's lines";
  out.map.columns.push_back(std::move(net));
  out.map.query =
      fmt::format("SELECT {0}{1},\n       sum({2}) AS order_amount\nFROM {3}\nWHERE {0} IS NOT NULL\nGROUP BY {0}",
                  sql_name(m.column(order->input).name()), carried, worth, kRows);
  if (quantity != nullptr && m.column(quantity->input).numbers().negative() > 0)
    out.map.head.emplace_back(
        "lines with a negative quantity lower the order they stand on: where they are returns, make them refunds, by a "
        "second map with a filter");
  return out;
}

}  // namespace vigie::propose

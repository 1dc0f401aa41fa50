// Columns that a query adds to the rows of a file: the amount of a line, what is before tax and after discounts, what
// is paid by the month.
#include <algorithm>

#include "base/text.h"
#include "propose/map_text.h"
#include "propose/reshaped.h"

namespace vigie::propose {
namespace {

/// An amount worked out of some columns, as a text: where one of them holds no number, the text that says so.
std::string amount_in_sql(const Material& m, const std::vector<std::size_t>& inputs, const std::string& worth) {
  std::string out = "coalesce(";
  for (const std::size_t input : inputs)
    out += unread_in_sql(m.column(input).name(), format_of(m, input)) + ",\n       ";
  return out + fmt::format("CAST({} AS VARCHAR))", worth);
}

std::string number(const Material& m, std::size_t input) {
  return number_in_sql(m.column(input).name(), format_of(m, input));
}

}  // namespace

void work_out_line_amounts(const Material& m, const TableMatch& lines, Draft& draft) {
  const Assigned* quantity = lines.find("quantity");
  const Assigned* price = lines.find("unit_price");
  if (lines.find("amount_net") != nullptr || price == nullptr) return;
  if (std::ranges::any_of(lines.misread, [](const Misread& one) { return one.column == "amount_net"; })) return;
  if (quantity == nullptr) {
    Confidence confidence = Confidence::likely;
    DraftColumn amount = draft_column(m, *lines.names->table, "amount_net", price->input, draft.questions, confidence);
    amount.why = "no column has a quantity: a row is one piece";
    draft.columns[price->input].becomes.emplace_back("amount_net");
    draft.map.head.push_back(amount.why);
    draft.map.columns.push_back(std::move(amount));
    return;
  }
  if (m.written[quantity->input].number_undecided || m.written[price->input].number_undecided) return;
  draft.map.work_out(
      amount_in_sql(m, {quantity->input, price->input}, number(m, quantity->input) + " * " + number(m, price->input)) +
      " AS line_amount");
  DraftColumn amount = computed("amount_net", "line_amount");
  amount.why = "no column has the amount of a line: quantity times price";
  draft.map.columns.push_back(std::move(amount));
}

namespace {

/// The amounts of a document that must add up, in cents.
struct Sums {
  std::size_t sub_total = 0, total = 0;
  std::optional<std::size_t> discount, adjustment, shipping;
  std::vector<std::size_t> taxes;
  std::int64_t rounding = 0;
  int tested = 0, added = 0, taken_off = 0, discounted = 0;

  bool most(int n) const { return tested > 0 && n * 10 >= tested * 9; }
  bool tells() const { return most(added) || most(taken_off) || most(discounted); }
};

std::optional<std::int64_t> cents_at(const Material& m, const std::vector<std::string>& row,
                                     std::optional<std::size_t> input) {
  if (!input || trim(row[*input]).empty()) return 0;
  ingest::NumberFormat format = m.written[*input].number;
  format.round = true;
  const ingest::Units units = ingest::read_number(row[*input], format, 2);
  return units.fault == ingest::Fault::none ? std::optional(units.value) : std::nullopt;
}

std::optional<std::int64_t> tax_at(const Material& m, const std::vector<std::string>& row,
                                   const std::vector<std::size_t>& taxes) {
  std::int64_t out = 0;
  for (const std::size_t one : taxes) {
    const auto cents = cents_at(m, row, one);
    if (!cents) return std::nullopt;
    out += *cents;
  }
  return out;
}

/// The column of the tax, or one for each of its rates.
std::vector<std::size_t> taxes_of(const Material& m, const TableMatch& orders) {
  const Assigned* tax = orders.find("amount_tax");
  if (tax == nullptr) return {};
  std::vector<std::size_t> out{tax->input};
  if (!names_a_rate(m.column(tax->input).name())) return out;
  for (std::size_t i = 0; i < m.written.size(); ++i)
    if (i != tax->input && !m.is_unwanted(i) && m.written[i].kind != Kind::empty && names_a_rate(m.column(i).name()) &&
        reads_as_numbers(m.written[i], m.column(i)) && m.column(i).numbers().percents() == 0)
      out.push_back(i);
  return out;
}

std::string names_of(const Material& m, const std::vector<std::size_t>& inputs) {
  std::vector<std::string> names;
  for (const std::size_t input : inputs) names.push_back(m.column(input).name());
  return listed(names);
}

/// Of several rates, the tax of a document is their sum.
void add_up_taxes(const Material& m, const std::vector<std::size_t>& taxes, Draft& draft) {
  DraftColumn* tax = draft.map.find("amount_tax");
  if (tax == nullptr || taxes.size() < 2) return;
  std::string worth;
  for (const std::size_t one : taxes)
    worth += fmt::format("{}coalesce({}, 0)", worth.empty() ? "" : " + ", number(m, one));
  draft.map.work_out(amount_in_sql(m, taxes, worth) + " AS tax_of_all_rates");
  *tax = computed("amount_tax", "tax_of_all_rates");
  tax->why = fmt::format("the sum of {}", names_of(m, taxes));
  for (const std::size_t one : taxes) {
    if (draft.columns[one].becomes.empty()) mark(draft, one, "amount_tax", tax->why);
    std::erase(draft.map.left_out, m.column(one).name());
  }
}

/// Taken as amounts, the taxes are what usual rates give of the rest of each amount: 20 of 120.
bool are_at_usual_rates(const Material& m, std::size_t gross, std::size_t tax) {
  for (const std::vector<std::string>& row : m.sketch.first_rows()) {
    const auto whole = cents_at(m, row, gross), part = cents_at(m, row, tax);
    if (!whole || !part || *part == 0) continue;
    if (*part >= *whole) return false;
    const double net = static_cast<double>(*whole - *part);
    const bool usual = std::ranges::any_of(m.vocabulary.tax_rates, [&](std::int64_t thousandths) {
      const double cents_off = static_cast<double>(*part) - net * static_cast<double>(thousandths) / 100'000;
      return cents_off > -1 && cents_off < 1;
    });
    if (!usual) return false;
  }
  return true;
}

constexpr double kHighestRate = 30;  ///< no country takes more percents

/// Left out: rates of tax are no amounts.
void leave_rates_out(const Material& m, std::size_t tax, Draft& draft) {
  std::erase_if(draft.map.columns, [](const DraftColumn& one) { return one.target == "amount_tax"; });
  draft.columns[tax].becomes.clear();
  draft.columns[tax].reason = "left out: rates of tax, which are no amounts";
  draft.map.left_out.push_back(m.column(tax).name());
}

/// Percents that are usual; 0.2 of a cell that shows "20 %" is one too.
bool are_usual_rates(const Material& m, const ColumnSketch& values, std::size_t tax) {
  const std::int64_t unit = values.numbers().most() < 1 ? 100 : 1;
  return std::ranges::all_of(values.values(), [&](const auto& one) {
    const ingest::Units units = ingest::read_number(one.first, m.written[tax].number, 3 + (unit == 100 ? 2 : 0));
    return units.fault == ingest::Fault::none && m.vocabulary.tax_rates.contains(units.value);
  });
}

/// Read as rates of the amount before tax, they give the amount with it.
bool give_total(const Material& m, std::size_t net, std::size_t gross, std::size_t tax) {
  const double unit = m.column(tax).numbers().most() < 1 ? 1 : 100;
  int told = 0;
  for (const std::vector<std::string>& row : m.sketch.first_rows()) {
    const auto n = cents_at(m, row, net), g = cents_at(m, row, gross);
    const ingest::Units rate = ingest::read_number(row[tax], m.written[tax].number, 6);
    if (!n || !g || *n == 0 || rate.fault != ingest::Fault::none) continue;
    const double off =
        static_cast<double>(*n) * (1 + static_cast<double>(rate.value) / 1e6 / unit) - static_cast<double>(*g);
    if (off < -2 || off > 2) return false;
    ++told;
  }
  return told > 0;
}

/// "20", "5,5", "0,2" on every row are rates, and no amounts of tax: the sums tell where they can, else it is asked.
bool are_rates(const Material& m, const TableMatch& orders, std::size_t tax, Draft& draft) {
  const ColumnSketch& values = m.column(tax);
  const bool said = std::ranges::any_of(m.wishes.columns, [&](const auto& one) { return m.named(one.first) == tax; });
  const NumberTally& numbers = values.numbers();
  if (said || names_a_rate(values.name()) || !values.few() || values.filled() == 0) return false;
  if (numbers.least() < 0 || numbers.most() <= 0 || numbers.most() > kHighestRate) return false;
  const bool usual = are_usual_rates(m, values, tax);
  const Assigned* net = orders.find("amount_net");
  const Assigned* gross = orders.find("amount_gross");
  if (net != nullptr && gross != nullptr) {
    const bool added = std::ranges::all_of(m.sketch.first_rows(), [&](const std::vector<std::string>& row) {
      const auto n = cents_at(m, row, net->input), g = cents_at(m, row, gross->input), t = cents_at(m, row, tax);
      return !n || !g || !t || *n + *t == *g;
    });
    const bool nothing_else = orders.find("discount") == nullptr && orders.find("shipping") == nullptr;
    if (added || !((usual && nothing_else) || give_total(m, net->input, gross->input, tax))) return false;
    leave_rates_out(m, tax, draft);
    return true;
  }
  if (gross == nullptr && (!usual || values.filled() < 2)) return false;
  if (gross != nullptr && are_at_usual_rates(m, gross->input, tax)) return false;
  constexpr std::size_t kMostShown = 6;
  std::vector<std::string> texts;
  for (const auto& [text, n] : values.values())
    if (texts.size() < kMostShown) texts.push_back(text);
  Question ask{"values",
               values.name(),
               fmt::format("are the values of \"{}\" ({}) amounts of tax, or its rates, which are left out?",
                           values.name(), listed(texts)),
               {option("--column", values.name() + "=amount_tax"), option("--without", values.name())},
               true};
  draft.questions.push_back(std::move(ask));
  return false;
}

/// "TVA autre" beside "TVA 20 %": a tax of the document too, or none? The sum of the taxes is short without it.
void ask_other_taxes(const Material& m, const std::vector<std::size_t>& taxes, Draft& draft) {
  if (taxes.empty() || !names_a_rate(m.column(taxes.front()).name())) return;
  for (std::size_t i = 0; i < m.written.size(); ++i) {
    const ColumnSketch& column = m.column(i);
    const std::string name = bare(column.name());
    const bool tax = name.starts_with("tva") || name.starts_with("vat") || name.starts_with("tax");
    const bool settled =
        m.is_unwanted(i) || !draft.columns[i].becomes.empty() || std::ranges::find(taxes, i) != taxes.end();
    const bool amounts = m.written[i].kind != Kind::empty && reads_as_numbers(m.written[i], column) &&
                         column.numbers().percents() == 0 && column.numbers().most() != 0;
    if (!tax || settled || !amounts) continue;
    draft.questions.push_back({"values",
                               column.name(),
                               fmt::format("is \"{}\" all the tax of a row, or is it left out, beside the sum of {}?",
                                           column.name(), names_of(m, taxes)),
                               {option("--column", column.name() + "=amount_tax"), option("--without", column.name())},
                               true});
  }
}

void add_up(const Material& m, Sums& sums) {
  const auto near = [&](std::int64_t a, std::int64_t b) { return a - b <= sums.rounding && b - a <= sums.rounding; };
  for (const std::vector<std::string>& row : m.sketch.first_rows()) {
    if (trim(row[sums.sub_total]).empty() || trim(row[sums.total]).empty()) continue;
    const auto s = cents_at(m, row, sums.sub_total), t = cents_at(m, row, sums.total),
               d = cents_at(m, row, sums.discount), x = tax_at(m, row, sums.taxes),
               a = cents_at(m, row, sums.adjustment), h = cents_at(m, row, sums.shipping);
    // Rows of little discount or tax tell nothing, within the rounding.
    if (!s || !t || !d || !x || !a || !h || *d <= 2 * sums.rounding || (!sums.taxes.empty() && *x <= 2 * sums.rounding))
      continue;
    ++sums.tested;
    const std::int64_t more = *a + *h;
    sums.added += near(*s - *d + *x + more, *t) ? 1 : 0;
    sums.taken_off += !sums.taxes.empty() && near(*s - *d - *x + more, *t) ? 1 : 0;
    sums.discounted += near(*s + *x + more, *t) ? 1 : 0;
  }
}

/// Few rows tell as well as many, to the cent; rounded totals want many.
Sums added_up(const Material& m, const Sums& what) {
  constexpr std::int64_t kCents = 5, kWhole = 100;
  constexpr int kMany = 10;
  Sums exact = what;
  exact.rounding = kCents;
  add_up(m, exact);
  if (exact.tells() || exact.tested < kMany) return exact;
  Sums rounded = what;
  rounded.rounding = kWhole;
  add_up(m, rounded);
  return rounded.tested >= kMany ? rounded : exact;
}

/// An amount with tax, and its tax.
void take_tax_off(const Material& m, const Assigned& gross, const std::vector<std::size_t>& taxes,
                  const Assigned* shipping, Draft& draft) {
  std::vector<std::size_t> inputs{gross.input};
  inputs.insert(inputs.end(), taxes.begin(), taxes.end());
  for (const std::size_t input : inputs)
    if (m.written[input].number_undecided) return;
  std::string worth = number(m, gross.input);
  bool some_without = taxes.size() == 1;
  for (const std::size_t tax : taxes) {
    worth += fmt::format(" - coalesce({}, 0)", number(m, tax));
    some_without = some_without && m.column(tax).filled() < m.column(gross.input).filled();
  }
  if (some_without)
    draft.map.head.push_back(
        fmt::format("\"{}\" is empty on some rows: they are taken to be free of tax", m.column(taxes.front()).name()));
  if (shipping != nullptr && !m.written[shipping->input].number_undecided) {
    inputs.push_back(shipping->input);
    worth += fmt::format(" - coalesce({}, 0)", number(m, shipping->input));
  }
  draft.map.work_out(amount_in_sql(m, inputs, worth) + " AS without_tax");
  DraftColumn amount = computed("amount_net", "without_tax");
  amount.why = fmt::format("no column has it: \"{}\" less {}", m.column(gross.input).name(),
                           names_of(m, {inputs.begin() + 1, inputs.end()}));
  draft.map.columns.push_back(std::move(amount));
  std::erase_if(draft.map.head,
                [](const std::string& one) { return one.starts_with("the file has amounts with tax"); });
}

}  // namespace

void work_out_net(const Material& m, const TableMatch& orders, Draft& draft) {
  const Assigned* net = orders.find("amount_net");
  const Assigned* discount = orders.find("discount");
  const Assigned* gross = orders.find("amount_gross");
  const Assigned* shipping = orders.find("shipping");
  std::vector<std::size_t> taxes = taxes_of(m, orders);
  if (taxes.size() == 1 && are_rates(m, orders, taxes.front(), draft)) taxes.clear();
  add_up_taxes(m, taxes, draft);
  if (net == nullptr && gross != nullptr) ask_other_taxes(m, taxes, draft);
  if (net == nullptr && gross != nullptr && !taxes.empty() &&
      std::ranges::none_of(orders.misread, [](const Misread& one) { return one.column == "amount_net"; }))
    return take_tax_off(m, *gross, taxes, shipping, draft);
  std::optional<std::size_t> total = gross != nullptr ? std::optional(gross->input) : std::nullopt;
  for (const std::string_view name : {"Grand Total", "Total", "Net Total", "Total TTC", "Montant TTC", "Total général"})
    if (!total) total = m.named(name);
  DraftColumn* amount = draft.map.find("amount_net");
  if (net == nullptr || amount == nullptr || discount == nullptr || !total || *total == net->input) return;
  Sums what{.sub_total = net->input,
            .total = *total,
            .discount = discount->input,
            .adjustment = {},
            .shipping = {},
            .taxes = taxes};
  if (shipping != nullptr) what.shipping = shipping->input;
  for (const std::string_view name : {"Adjustments", "Adjustment", "Ajustement"})
    if (!what.adjustment) what.adjustment = m.named(name);
  for (const auto& input : {std::optional(what.sub_total), std::optional(what.total), what.discount})
    if (input && m.written[*input].number_undecided) return;  // it is asked for first
  for (const std::size_t input : taxes)
    if (m.written[input].number_undecided) return;
  const Sums sums = added_up(m, what);
  if (sums.most(sums.discounted) || sums.tested == 0) return;
  const std::string s = m.column(net->input).name(), d = m.column(discount->input).name(), t = m.column(*total).name();
  if (!sums.tells()) {
    draft.map.head.emplace_back(
        "sub total, discount, tax and total do not add up in any usual way: recompute one document to see which "
        "amount is before tax and after discounts");
    return;
  }
  draft.map.work_out(
      amount_in_sql(m, {net->input, discount->input},
                    fmt::format("{} - coalesce({}, 0)", number(m, net->input), number(m, discount->input))) +
      " AS discounted");
  const auto with_total = [&](const std::string& target) {
    Confidence confidence = Confidence::likely;
    DraftColumn out = draft_column(m, *orders.names->table, target, *total, draft.questions, confidence);
    std::erase(draft.map.left_out, t);
    return out;
  };
  if (sums.most(sums.added)) {
    *amount = computed("amount_net", "discounted");
    amount->why = fmt::format(
        "\"{}\" less \"{}\" plus tax gives \"{}\" in the first rows: before tax and after discounts is the one less "
        "the other",
        s, d, t);
    draft.columns[net->input].reason = amount->why;
    if (draft.map.find("amount_gross") != nullptr || taxes.empty()) return;
    mark(draft, *total, "amount_gross", "the amount with tax, as adding up tells");
    DraftColumn whole = with_total("amount_gross");
    draft.map.columns.push_back(std::move(whole));
    return;
  }
  const std::string why = fmt::format(
      "\"{}\" less \"{}\" less tax gives \"{}\" in the first rows: the prices hold the tax, and the total is what is "
      "left without it",
      s, d, t);
  *amount = with_total("amount_net");
  amount->why = why;
  mark(draft, *total, "amount_net", why);
  if (draft.map.find("amount_gross") == nullptr) draft.map.columns.push_back(computed("amount_gross", "discounted"));
}

namespace {

std::optional<std::size_t> first_of(const Material& m, const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (const auto input = m.named(name)) return input;
  return std::nullopt;
}

/// What is paid at once, by the month. Texts that are no period refuse their row.
std::string by_the_month(const Material& m, std::size_t period, const std::string& amount) {
  const std::string name = sql_name(m.column(period).name());
  std::string out = "CASE " + name;
  for (const auto& [text, n] : m.column(period).values()) {
    const auto months = m.vocabulary.periods.find(bare(text));
    if (months == m.vocabulary.periods.end()) continue;
    const std::string worth =
        months->second == 1   ? amount
        : months->second == 0 ? fmt::format("CAST(CAST({} AS DOUBLE) * 52 / 12 AS DECIMAL(18,4))", amount)
                              : fmt::format("CAST(CAST({} AS DOUBLE) / {} AS DECIMAL(18,4))", amount, months->second);
    out += fmt::format("\n       WHEN {} THEN CAST({} AS VARCHAR)", sql_text(text), worth);
  }
  return out +
         fmt::format("\n       ELSE {} || coalesce({}, '?') END", sql_text(m.column(period).name() + " = "), name);
}

}  // namespace

void work_out_mrr(const Material& m, bool by_piece, Draft& draft) {
  if (draft.map.find("mrr") != nullptr) return;
  const auto amount = first_of(m, m.vocabulary.period_amounts), period = first_of(m, m.vocabulary.period_names);
  if (!amount || m.is_unwanted(*amount) || !draft.columns[*amount].becomes.empty() ||
      !reads_as_numbers(m.written[*amount], m.column(*amount)))
    return;
  const auto known = [&] {
    return period && m.column(*period).few() && std::ranges::any_of(m.column(*period).values(), [&](const auto& one) {
             return m.vocabulary.periods.contains(bare(one.first));
           });
  };
  const std::string& header = m.column(*amount).name();
  if (!known()) {
    Question ask{"values", header, "", {option("--without", header)}, true};
    ask.text = fmt::format(
        "no column says whether \"{}\" is paid by the month or by the year: mrr is what it is by the "
        "month, and would stay empty",
        header);
    draft.questions.push_back(std::move(ask));
    return;
  }
  Confidence confidence = Confidence::likely;
  const model::Table& table = *m.model.table("subscriptions");
  const DraftColumn read = draft_column(m, table, "mrr", *amount, draft.questions, confidence);
  if (read.off) return;  // its decimals are asked for first
  const auto quantity = by_piece ? m.named("Quantity") : std::nullopt;
  std::string worth = number(m, *amount);
  std::vector<std::size_t> inputs{*amount};
  if (quantity) {
    inputs.push_back(*quantity);
    worth = fmt::format("CAST({} * coalesce({}, 1) AS DECIMAL(18,4))", worth, number(m, *quantity));
  }
  std::string unread;
  for (const std::size_t input : inputs)
    unread += unread_in_sql(m.column(input).name(), format_of(m, input)) + ",\n       ";
  draft.map.work_out(fmt::format("coalesce({}{}) AS by_the_month", unread, by_the_month(m, *period, worth)));
  DraftColumn mrr = computed("mrr", "by_the_month");
  mrr.why = quantity ? fmt::format("\"{}\" times the quantity, by the month, as \"{}\" says how long it is for", header,
                                   m.column(*period).name())
                     : fmt::format("\"{}\" by the month, as \"{}\" says how long it is for", header,
                                   m.column(*period).name());
  draft.map.head.push_back(mrr.why);
  if (!quantity && draft.map.find("quantity") != nullptr)
    draft.map.head.push_back(fmt::format("\"{}\" is taken as what all pieces cost together", header));
  mark(draft, *amount, "mrr", mrr.why);
  mark(draft, *period, "mrr", mrr.why);
  std::erase(draft.map.left_out, header);
  std::erase(draft.map.left_out, m.column(*period).name());
  draft.map.columns.push_back(std::move(mrr));
}

}  // namespace vigie::propose

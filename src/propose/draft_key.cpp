// What names one row of a table.
#include <algorithm>

#include "base/text.h"
#include "propose/drafting.h"
#include "propose/identifier.h"
#include "propose/map_text.h"
#include "propose/reshaped.h"

namespace vigie::propose {
namespace {

constexpr std::int64_t kTellsByItself = 100;  ///< rows, so that what is unique is not so by accident

}  // namespace

/// The columns that name one row: the key by its name where it is one, else the first few that do so together.
void Drafting::key() {
  const Assigned* named = match_.find("key");
  // "Client", "Affaire": the noun alone is as often the name. Two rows may share one.
  const bool is_name = named != nullptr && named->strength == Strength::weak &&
                       !m_.vocabulary.keyed_by_name.contains(table_.name) && !has_numbers_of_things(m_, named->input);
  if (is_name) named = nullptr;
  if (!m_.wishes.key.empty()) {
    std::vector<std::size_t> inputs;
    for (const std::string& name : m_.wishes.key)
      if (const auto input = m_.named(name)) inputs.push_back(*input);
    return add_key(inputs, m_.sketch.unique_together(inputs)
                               ? "as you say, and no two rows have the same"
                               : "as you say: of rows that have the same, the last one counts");
  }
  if (named != nullptr && (m_.column(named->input).unique_where_filled() || m_.sketch.rows() == 1)) {
    add_key({named->input}, reason_of(*named, m_.column(named->input)));
    part_people_from_companies(named->input);
    return;
  }
  if (!table_.key.empty() && table_.key.front() != "key") return;  // a key of its own
  if (named != nullptr && table_.name == "orders" && repeated_orders(*named)) return;
  if (const auto number = identifier(m_, match_)) {
    add_key({*number}, "no two rows have the same, and none is without");
    out_.map.head.push_back(
        fmt::format("\"{}\" is taken for what numbers the rows: no two have the same, and none is without",
                    m_.column(*number).name()));
    return;
  }
  if (const auto other = unique_reference()) {
    add_key({*other}, "no two rows have the same, and none is without");
    return;
  }
  if (const std::vector<std::size_t> together = unique_together(); !together.empty()) {
    add_key(together, m_.sketch.compared() == m_.sketch.rows()
                          ? "together they name one row"
                          : "together they name one row, as far as the first rows tell");
    std::vector<std::string> names;
    for (const std::size_t input : together) names.push_back(m_.column(input).name());
    out_.map.head.push_back(fmt::format(
        "no column alone names a row, and {} do together: two rows that share them become one", listed(names)));
    if (m_.sketch.compared() < m_.sketch.rows())
      out_.map.head.push_back(fmt::format(
          "keys are compared over the first {} rows: whether later ones share a key, the receipt says as superseded",
          m_.sketch.compared()));
    return;
  }
  if (!table_.key.empty()) {
    if (const auto by_name = name_as_key()) {
      add_key({*by_name}, "a name that no two rows share stands for a key");
      return;
    }
    Question ask{"key", named != nullptr ? m_.column(named->input).name() : "key", "", key_answers(m_, match_), true};
    ask.text = named != nullptr
                   ? fmt::format("the column \"{}\" stands twice with one text: which columns name one row of {}?",
                                 m_.column(named->input).name(), table_.name)
                   : fmt::format(
                         "no column numbers the rows of {} (a name may be shared by two): which one, or which "
                         "ones together, name a row?",
                         table_.name);
    DraftColumn off;
    off.target = "key";
    off.off = true;
    off.from.push_back(named != nullptr ? m_.column(named->input).name() : "COLUMN");
    off.why = ask.text;
    add(std::move(off));
    out_.questions.push_back(std::move(ask));
    return;
  }
  Question ask{"key", "key",
               "no column names one row: the same file again adds nothing, but a file that grows would count twice",
               key_answers(m_, match_), false};
  out_.map.head.push_back(ask.text);
  out_.questions.push_back(std::move(ask));
}

/// A number of orders that stands on several rows: the amount is the whole order's, repeated, or a line's. What the
/// rows tell is taken; else it is asked. True: the key is settled, or what settles it is asked.
bool Drafting::repeated_orders(const Assigned& named) {
  if (named.strength < Strength::reference) return false;
  const RowsOfOrders rows = rows_of_orders(m_, match_, named.input);
  if (rows == RowsOfOrders::none) return false;
  add_key({named.input}, "one order stands on several rows: the query makes one of each");
  if (rows != RowsOfOrders::not_told) return true;
  const Assigned* amount = match_.find("amount_net");
  if (amount == nullptr) amount = match_.find("amount_gross");
  Question ask{"amounts", m_.column(named.input).name(), "", {"--amounts order", "--amounts line"}, true};
  ask.text = fmt::format(
      "\"{}\" has one text on several rows: is \"{}\" the amount of the whole order, repeated on each of its rows, or "
      "that of one line?",
      m_.column(named.input).name(), m_.column(amount->input).name());
  out_.questions.push_back(std::move(ask));
  return true;
}

void Drafting::add_key(const std::vector<std::size_t>& inputs, std::string reason) {
  DraftColumn column;
  column.target = "key";
  for (const std::size_t input : inputs) {
    column.from.push_back(m_.column(input).name());
    tell(input, "key", Confidence::sure, reason);
    if (m_.column(input).long_digits() > 0) reason += "; long numbers, kept as texts to the last digit";
  }
  column.why = std::move(reason);
  add(std::move(column));
}

/// "LEADID" of a list of deals that has no number of its own: it names one row all the same. In a short list that may
/// be so by accident.
std::optional<std::size_t> Drafting::unique_reference() const {
  if (m_.sketch.rows() < kTellsByItself) return std::nullopt;
  for (const Assigned& one : match_.columns) {
    const model::Column* column = table_.find(one.column);
    const bool reference =
        column != nullptr && column->type == model::ColumnType::key && one.strength >= Strength::reference;
    if (reference && m_.column(one.input).unique()) return one.input;
  }
  return std::nullopt;
}

/// The article number of a product; the name of what other files call by its name. Two customers, two products may
/// share a name, and would become one: that is asked.
std::optional<std::size_t> Drafting::name_as_key() const {
  if (const auto sku = input_of("sku"); sku && m_.column(*sku).unique()) return sku;
  if (!m_.vocabulary.keyed_by_name.contains(table_.name)) return std::nullopt;
  for (const std::string_view target : {"name", "label"})
    if (const auto input = input_of(target); input && m_.column(*input).unique()) return input;
  return std::nullopt;
}

/// The numbers of persons and those of their companies are two rows of numbers: contact 386 is not account 386.
void Drafting::part_people_from_companies(std::size_t key) {
  const auto company = table_.name == "customers" ? company_beside(m_, key) : std::nullopt;
  if (!company) return;
  const std::string name = m_.column(key).name();
  out_.map.work_out(fmt::format("'contact ' || {} AS number_of_contact", sql_name(name)));
  out_.map.find("key")->from = {"number_of_contact"};
  out_.map.find("key")->why = "the numbers of persons are others than those of their companies";
  out_.map.head.push_back(
      fmt::format("the rows are persons of companies that \"{}\" numbers: \"contact \" stands before the numbers of "
                  "\"{}\", so that no person takes the place of the company of the same number",
                  m_.column(*company).name(), name));
  if (match_.find("parent_key") == nullptr) again(*company, "parent_key", "the company that the person belongs to");
}

/// A code, or a number whose header says that it numbers something.
bool Drafting::may_be_part(std::size_t input) const {
  const std::vector<std::string> words = words_in(m_.column(input).name());
  const auto one_of = [&](const std::set<std::string>& list) {
    return std::ranges::any_of(words, [&](const std::string& word) { return list.contains(word); });
  };
  if (one_of(m_.vocabulary.no_key)) return false;
  const bool number = m_.written[input].kind == Kind::whole && one_of(m_.vocabulary.key_words);
  return number || m_.written[input].kind == Kind::code;
}

/// Columns that are parts of a key by their nature: numbers of things, dates, channels. Never amounts.
std::vector<std::size_t> Drafting::unique_together() const {
  std::vector<std::size_t> parts;
  const auto add = [&](std::size_t input) {
    if (m_.column(input).filled() == m_.sketch.rows() && std::ranges::find(parts, input) == parts.end() &&
        parts.size() < 10)
      parts.push_back(input);
  };
  const bool by_day = table_.name == "channel_spend" || table_.name == "quotas" || table_.name == "holidays";
  if (!by_day && m_.sketch.rows() < kTellsByItself / 2) return {};
  for (const Assigned& one : match_.columns) {
    const model::Column* column = table_.find(one.column);
    const bool time = column != nullptr && model::is_time(column->type) && one.column == table_.time;
    const bool channel = one.column == "channel" || one.column == "platform";
    if (one.column == "key" || one.column == "position" || time || channel ||
        (column != nullptr && column->type == model::ColumnType::key))
      add(one.input);
  }
  // Spend is known by all of them: fewer might be one by accident, and rows of one key become one.
  if (by_day) return parts.size() > 1 && m_.sketch.unique_together(parts) ? parts : std::vector<std::size_t>{};
  for (std::size_t i = 0; i < m_.written.size(); ++i)
    if (may_be_part(i)) add(i);
  for (std::size_t a = 0; a < parts.size(); ++a)
    for (std::size_t b = a + 1; b < parts.size(); ++b)
      if (const std::vector<std::size_t> two{parts[a], parts[b]}; m_.sketch.unique_together(two)) return two;
  return {};
}

}  // namespace vigie::propose

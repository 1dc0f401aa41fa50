#include "propose/draft.h"

#include <algorithm>

#include "base/text.h"
#include "propose/drafting.h"

namespace vigie::propose {
namespace {

constexpr std::size_t kMostSplits = 30;  ///< distinct texts of a column that is worth a split
constexpr std::size_t kMostAttributes = 12;
constexpr std::string_view kGrossAlone =
    "the file has amounts with tax alone: revenue is counted before tax, and stays empty until the map has amount_net";

Confidence confidence_of(Strength strength) {
  return strength == Strength::own ? Confidence::sure : Confidence::likely;
}

}  // namespace

std::string Drafting::reason_of(const Assigned& one, const ColumnSketch& column) {
  if (one.column == "key")
    return !column.unique()         ? "the name says that it numbers the rows"
           : column.looked_at_all() ? "no two rows have the same, and none is without"
                                    : "no two of the first rows have the same, and none is without";
  switch (one.strength) {
    case Strength::own: return "the name says it";
    case Strength::reference: return "the name says which row of another table is meant";
    default: return "a usual name for it, and its values fit";
  }
}

Draft Drafting::run() {
  Draft& out = out_;
  out.map.table = table_.name;
  for (const ColumnSketch& column : m_.sketch.columns())
    out.columns.push_back({column.name(), {}, Confidence::look, ""});
  key();
  for (const Assigned& one : match_.columns)
    if (one.column != "key") assigned(one);
  derived();
  constants();
  misread();
  missing();
  rest();
  ask_which_of_one_name();
  ask_for_whole_keys();
  tell_gross_alone();
  tell_no_amount();
  tell_negative_amounts();
  tell_who_works_here();
  return std::move(out_);
}

void Drafting::tell(std::size_t input, const std::string& becomes, Confidence confidence, std::string reason) {
  ColumnVerdict& verdict = out_.columns[input];
  verdict.becomes.push_back(becomes);
  if (verdict.becomes.size() > 1) return;
  verdict.confidence = confidence;
  verdict.reason = std::move(reason);
}

void Drafting::assigned(const Assigned& one) {
  Confidence confidence = confidence_of(one.strength);
  DraftColumn column = draft_column(m_, table_, one.column, one.input, out_.questions, confidence);
  if (one.column == "name") other_names(one, column);
  if (one.strength == Strength::by_name && column.why.empty())
    column.why = "a name stands for the key: two who share it are one";
  std::string reason = column.why.empty() ? reason_of(one, m_.column(one.input)) : column.why;
  tell(one.input, one.column, confidence, std::move(reason));
  add(std::move(column));
}

/// A company where there is one, else the person: names that some rows lack are taken from the next column of names.
void Drafting::other_names(const Assigned& one, DraftColumn& out) {
  if (m_.column(one.input).filled() == m_.sketch.rows()) return;
  for (std::size_t i = 0; i < m_.written.size(); ++i) {
    const bool assigned = std::ranges::find(match_.columns, i, &Assigned::input) != match_.columns.end();
    if (assigned || m_.written[i].kind == Kind::empty || m_.column(i).filled() <= m_.column(one.input).filled())
      continue;
    if (says_of(m_.column(i).name(), match_.names->columns.at("name")).strength == Strength::none) continue;
    out.from.push_back(m_.column(i).name());
    out.why = "the first name that is there";
    tell(i, "name", Confidence::likely, out.why);
    return;
  }
}

std::optional<std::size_t> Drafting::input_of(std::string_view target) const {
  const Assigned* one = match_.find(target);
  return one == nullptr ? std::nullopt : std::optional(one->input);
}

/// What rows cannot do without, and the file does not have.
void Drafting::missing() {
  for (const std::string& name : match_.missing) {
    if (name == "key") continue;  // told above
    const model::Column& column = *table_.find(name);
    DraftColumn off;
    off.target = name;
    off.off = true;
    Question ask{"column", name, "", {}, true};
    if (model::is_time(column.type) && !m_.wishes.day.empty()) {
      off.off = false;
      off.value = m_.wishes.day;
      off.why = "no column has a date: the day that you say holds for every row";
      add(std::move(off));
      continue;
    }
    const auto misread = std::ranges::find(match_.misread, name, &Misread::column);
    if (misread != match_.misread.end()) {
      off.from.push_back(m_.column(misread->input).name());
      if (model::is_time(column.type)) off.from.clear(), off.value = "2025-01-31";
      off.why = fmt::format("the column \"{}\" is known as {}, and its values are not understood: {}",
                            m_.column(misread->input).name(), name, listed(m_.column(misread->input).examples()));
      add(std::move(off));
      continue;  // it is asked for already
    }
    if (model::is_time(column.type)) {
      ask.code = "day";
      ask.answers.emplace_back("--day 2025-01-31");
      ask.text = fmt::format("{} needs {}, and no column of the file has such a date: which day holds for every row?",
                             table_.name, name);
      off.value = "2025-01-31";
    } else {
      const std::vector<std::string> near = near_to(column);
      ask.text = near.empty() ? fmt::format("{} needs {}: no column is called {}, and none could be it", table_.name,
                                            name, names_looked_for(column))
                              : fmt::format("{} needs {}, and no column is called {}: is it one of {}?", table_.name,
                                            name, names_looked_for(column), listed(near));
      for (const std::string& one : near) ask.answers.push_back(option("--column", one + "=" + name));
      if (near.empty()) ask.answers.push_back(fmt::format("--column COLUMN={}", name));
      off.from.push_back(near.empty() ? "COLUMN" : near.front());
    }
    off.why = ask.text;
    out_.questions.push_back(std::move(ask));
    add(std::move(off));
  }
}

/// What the column was looked for by.
std::string Drafting::names_looked_for(const model::Column& column) const {
  constexpr std::size_t kNamed = 3;
  const TableNames* other = column.references.empty() ? nullptr : m_.vocabulary.find(column.references);
  std::vector<std::string> names;
  if (other != nullptr) names = other->nouns_as_written;
  else if (const auto known = match_.names->as_written.find(column.name); known != match_.names->as_written.end())
    names = known->second;
  if (names.size() > kNamed) names.resize(kNamed);
  return names.empty() ? column.name : listed(names) + ", …";
}

/// Columns that nothing was made of and whose values could be those: the likeliest first.
std::vector<std::string> Drafting::near_to(const model::Column& column) const {
  constexpr std::size_t kMostNear = 3;
  std::vector<std::pair<int, std::size_t>> found;
  const bool reference = column.type == model::ColumnType::key;
  for (std::size_t i = 0; i < m_.written.size(); ++i) {
    const Kind kind = m_.written[i].kind;
    const bool used = std::ranges::find(match_.columns, i, &Assigned::input) != match_.columns.end();
    if (used || m_.is_unwanted(i) || kind == Kind::link || kind == Kind::yes_no) continue;
    if (!can_be(&column, m_.written[i], m_.column(i), m_.vocabulary, table_.name)) continue;
    if (reference && (is_date(kind) || kind == Kind::decimal || kind == Kind::currency)) continue;
    // Whom a row belongs to is a name or a code; a bare number may be anything.
    const int unlikely = reference && kind == Kind::whole ? 1 : 0;
    found.emplace_back(unlikely, i);
  }
  std::ranges::sort(found);
  std::vector<std::string> out;
  for (const auto& [unlikely, i] : found)
    if (out.size() < kMostNear) out.push_back(m_.column(i).name());
  return out;
}

/// Columns that map to nothing: a split where they have few texts, else left out, and said so.
void Drafting::rest() {
  std::size_t attributes = 0;
  for (std::size_t i = 0; i < out_.columns.size(); ++i) {
    ColumnVerdict& verdict = out_.columns[i];
    if (!verdict.becomes.empty()) continue;
    const ColumnSketch& column = m_.column(i);
    const Written& how = m_.written[i];
    std::string name = attribute_name(column.name());
    if (m_.is_unwanted(i)) {
      verdict.reason = "left out, as you say";
      out_.map.left_out.push_back(column.name());
      continue;
    }
    if (std::ranges::find(match_.misread, i, &Misread::input) != match_.misread.end()) {
      verdict.confidence = Confidence::look;
      out_.map.left_out.push_back(column.name());
      continue;
    }
    const bool few = column.few() && column.values().size() >= 2 && column.values().size() <= kMostSplits &&
                     (how.kind == Kind::few || how.kind == Kind::yes_no) &&
                     static_cast<std::int64_t>(column.values().size()) * 3 <= column.filled() &&
                     column.filled() * 10 >= column.rows();
    if (few && table_.attributes && !name.empty() && attributes < kMostAttributes && out_.map.find(name) == nullptr) {
      ++attributes;
      DraftColumn split;
      split.target = name;
      split.from.push_back(column.name());
      for (const auto& [text, n] : column.nothing()) split.nothing.push_back(text);
      split.why = fmt::format("{} different texts: a split", column.values().size());
      tell(i, name, Confidence::likely, split.why);
      add(std::move(split));
      continue;
    }
    verdict.confidence = Confidence::likely;
    verdict.reason = left_out_because(column, how);
    if (const std::string other = money_of_another_table(i); !other.empty()) verdict.reason = other;
    if (const std::string other = taken_by_another(column); !other.empty())
      verdict.reason = fmt::format("left out: \"{}\" is taken for what this one is called, too", other);
    out_.map.left_out.push_back(column.name());
  }
}

/// The column of the file that became what this one is called too.
std::string Drafting::taken_by_another(const ColumnSketch& column) const {
  for (const Assigned& one : match_.columns) {
    const auto names = match_.names->columns.find(one.column);
    if (names == match_.names->columns.end()) continue;
    if (says_of(column.name(), names->second).strength != Strength::none) return m_.column(one.input).name();
  }
  return "";
}

/// "Tarif mensuel" of a list of members: they have none, and their subscriptions do. Of amounts it is told.
std::string Drafting::money_of_another_table(std::size_t input) const {
  for (const TableNames& other : m_.vocabulary.tables) {
    if (other.table == &table_) continue;
    for (const auto& [target, names] : other.columns) {
      const model::Column* column = other.table->find(target);
      const bool sold = target == "mrr" || target == "amount_net" || target == "amount";
      if (column == nullptr || !sold || says_of(m_.column(input).name(), names).strength != Strength::own) continue;
      if (!can_be(column, m_.written[input], m_.column(input), m_.vocabulary, other.table->name)) continue;
      return fmt::format("left out: {} has no such amount; it is known as {} of {}, which --table {} reads",
                         table_.name, target, other.table->name, other.table->name);
    }
  }
  return "";
}

std::string Drafting::left_out_because(const ColumnSketch& column, const Written& how) {
  if (how.kind == Kind::empty) return "left out: it is empty";
  if (column.few() && column.values().size() == 1) return "left out: the same text on every row";
  if (how.kind == Kind::email) return "left out: e-mail addresses, which no figure needs";
  if (how.kind == Kind::link) return "left out: addresses of pages";
  const std::string name = bare(column.name());
  if (is_number(how.kind) && (name.find("salary") != std::string::npos || name.find("salaire") != std::string::npos))
    return "left out: what a person is paid a year is divided by 12 in a query, and then it is the cost";
  if (how.kind == Kind::text && column.mean_length() > 30) return "left out: free text";
  return "left out: no column of the model is known by that name";
}

/// Columns that are known by their names and whose values are not understood are asked for, never dropped.
void Drafting::misread() {
  for (const Misread& one : match_.misread) {
    ColumnVerdict& verdict = out_.columns[one.input];
    if (!verdict.becomes.empty() || m_.is_unwanted(one.input)) continue;
    const ColumnSketch& values = m_.column(one.input);
    const model::Column& column = *table_.find(one.column);
    verdict.reason = fmt::format("left out: it is known as {}, and its values are not understood", one.column);
    if (one.column == "amount_tax" && values.numbers().percents() > 0) {
      verdict.reason = "left out: rates of tax, which are no amounts";
      continue;
    }
    // A discount in percents is no amount, and no figure is wrong without it.
    if (one.column == "discount" && values.numbers().percents() > 0) {
      verdict.reason = "left out: a discount in percents is no amount";
      out_.map.head.push_back(
          fmt::format("the column \"{}\" is left out: a discount in percents is no amount", values.name()));
      continue;
    }
    const bool is_list = column.type == model::ColumnType::enumeration || column.name == "currency";
    if (is_list && values.few()) ask_words(values, column);
    else ask_values(one, column);
  }
}

void Drafting::ask_words(const ColumnSketch& values, const model::Column& column) {
  std::vector<std::string> unknown;
  for (const auto& [text, n] : values.values()) unknown.push_back(text);
  Question ask = words_question(values.name(), column, unknown, true);
  ask.answers.push_back(option("--without", values.name()));
  out_.questions.push_back(std::move(ask));
}

void Drafting::ask_values(const Misread& one, const model::Column& column) {
  const ColumnSketch& values = m_.column(one.input);
  Question ask{"values", values.name(), "", {}, true};
  ask.text = fmt::format("the column \"{}\" is known as {}, and its values are not understood: {}", values.name(),
                         one.column, listed(values.examples()));
  const bool needed = std::ranges::find(match_.missing, one.column) != match_.missing.end();
  if (!needed) ask.answers.push_back(option("--without", values.name()));
  else if (model::is_time(column.type)) ask.answers.emplace_back("--day 2025-01-31");
  if (needed && model::is_time(column.type) && !m_.wishes.day.empty()) return;
  out_.questions.push_back(std::move(ask));
}

/// Revenue is counted before tax: a file that has amounts with tax alone gives none, and says so.
void Drafting::tell_gross_alone() {
  if (table_.name != "orders" || out_.map.find("amount_gross") == nullptr || out_.map.find("amount_net") != nullptr)
    return;
  const bool asked = std::ranges::any_of(match_.misread, [](const Misread& one) { return one.column == "amount_net"; });
  if (!asked) out_.map.head.emplace_back(kGrossAlone);
}

void Drafting::ask_which_of_one_name() {
  for (std::size_t again = 0; again < m_.written.size(); ++again) {
    const std::string& name = m_.column(again).name();
    const auto end = name.rfind(" (2)");
    if (end == std::string::npos || end + 4 != name.size() || m_.written[again].kind == Kind::empty) continue;
    const auto first = m_.named(name.substr(0, end));
    if (!first || out_.columns[*first].becomes.empty() == out_.columns[again].becomes.empty()) continue;
    if (m_.is_unwanted(*first) || m_.is_unwanted(again) || m_.sketch.same_texts(*first, again)) continue;
    const std::string& header = m_.column(*first).name();
    Question ask{"values", header, "", {option("--without", name), option("--without", header)}, true};
    ask.text =
        fmt::format("two columns are called \"{}\", and they differ: which one is meant (the second is \"{}\" here)?",
                    header, name);
    out_.questions.push_back(std::move(ask));
  }
}

void Drafting::ask_for_whole_keys() {
  for (std::size_t i = 0; i < m_.written.size(); ++i) {
    const ColumnSketch& values = m_.column(i);
    if (values.shortened() == 0) continue;
    const bool is_key = std::ranges::any_of(out_.columns[i].becomes, [&](const std::string& name) {
      const model::Column* column = table_.find(name);
      return name == "key" || (column != nullptr && column->type == model::ColumnType::key);
    });
    // A number with an exponent is no key, and is left out: that it was to be one, its name says.
    const auto names = match_.names->columns.find("key");
    const bool is_named_so =
        names != match_.names->columns.end() && says_of(values.name(), names->second).strength != Strength::none;
    if ((!is_key && !is_named_so) || m_.is_unwanted(i)) continue;
    const auto short_one = std::ranges::find_if(
        values.examples(), [](const std::string& text) { return text.find("E+") != std::string::npos; });
    Question ask{"values", values.name(), "", {option("--without", values.name())}, true};
    ask.text = fmt::format(
        "a spreadsheet has dropped the last digits of {} numbers of \"{}\", as in \"{}\": two of them may have become "
        "one; export the file again, and open it in no spreadsheet",
        values.shortened(), values.name(), short_one == values.examples().end() ? "1.23457E+15" : *short_one);
    out_.questions.push_back(std::move(ask));
  }
}

/// Orders without any amount are orders all the same, and no revenue.
void Drafting::tell_no_amount() {
  if (table_.name != "orders") return;
  for (const std::string_view target : {"amount_net", "amount_gross"})
    if (out_.map.find(target) != nullptr) return;
  const bool asked = std::ranges::any_of(match_.misread, [](const Misread& one) { return one.column == "amount_net"; });
  if (!asked) out_.map.head.emplace_back("no column is known as an amount: the orders count, and bring no revenue");
}

void Drafting::tell_negative_amounts() {
  const auto net = input_of("amount_net");
  if (table_.name != "orders" || !net || m_.column(*net).numbers().negative() == 0) return;
  out_.map.head.push_back(fmt::format(
      "amounts of \"{}\" are below nought: {}; where they are credit notes or returns, make them refunds, by a "
      "second map with a filter",
      m_.column(*net).name(), m_.column(*net).numbers().negative()));
}

/// Who sells is not who is paid: that is told apart, and the file may tell both.
void Drafting::tell_who_works_here() {
  if (table_.name == "employees" && out_.map.find("from_date") != nullptr)
    out_.map.head.emplace_back(
        "these are people whom deals and customers name; where they are all who work here, look at the file again with "
        "--table headcount, for revenue per employee");
}

const DraftColumn* DraftMap::find(std::string_view target) const {
  const auto found = std::ranges::find(columns, target, &DraftColumn::target);
  return found == columns.end() ? nullptr : &*found;
}

DraftColumn* DraftMap::find(std::string_view target) {
  const auto found = std::ranges::find(columns, target, &DraftColumn::target);
  return found == columns.end() ? nullptr : &*found;
}

void DraftMap::work_out(const std::string& further) {
  std::string rows(kRows);
  if (!query.empty()) {
    rows = "(";
    for (const char c : query) rows += c == '\n' ? std::string("\n      ") : std::string(1, c);
    rows += ")";
  }
  input_name = kRows;
  query = fmt::format("SELECT *, {}\nFROM {}", further, rows);
}

std::optional<std::size_t> Material::named(std::string_view header) const {
  const std::string wanted = bare(header);
  for (std::size_t i = 0; i < sketch.columns().size(); ++i)
    if (bare(column(i).name()) == wanted) return i;
  return std::nullopt;
}

bool Material::is_unwanted(std::size_t i) const {
  return std::ranges::any_of(wishes.without,
                             [&](const std::string& name) { return bare(name) == bare(column(i).name()); });
}

std::string option(std::string_view name, std::string_view text) {
  std::string out = fmt::format("{} \"", name);
  for (const char c : text)
    out += c == '"' || c == '\\' || c == '$' || c == '`' ? std::string{'\\', c} : std::string(1, c);
  return out + "\"";
}

Draft draft_of(const Material& material, const TableMatch& match) { return Drafting(material, match).run(); }

}  // namespace vigie::propose

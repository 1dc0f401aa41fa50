#include "propose/draft.h"

#include <algorithm>

#include "base/text.h"
#include "model/currency.h"
#include "propose/drafting.h"

namespace vigie::propose {
namespace {

constexpr std::size_t kMostSplits = 30;  ///< distinct texts of a column that is worth a split
constexpr std::size_t kMostAttributes = 12;

Confidence confidence_of(Strength strength) {
  if (strength == Strength::own) return Confidence::sure;
  return strength == Strength::weak || strength == Strength::usual ? Confidence::likely : Confidence::likely;
}

}  // namespace

std::string Drafting::reason_of(const Assigned& one, const ColumnSketch& column) {
  if (one.column == "key")
    return column.unique() ? "no two rows have the same, and none is without"
                           : "the name says that it numbers the rows";
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
  missing();
  rest();
  currency();
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
    if (model::is_time(column.type)) {
      ask.code = "day";
      ask.answers.emplace_back("--day 2025-01-31");
      ask.text = fmt::format("{} needs {}, and no column of the file has such a date: which day holds for every row?",
                             table_.name, name);
      off.value = "2025-01-31";
    } else {
      ask.text = fmt::format("{} needs {}, and no column of the file has it", table_.name, name);
      off.from.emplace_back("COLUMN");
    }
    off.why = ask.text;
    out_.questions.push_back(std::move(ask));
    add(std::move(off));
  }
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
    out_.map.left_out.push_back(column.name());
  }
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

/// The currency of a symbol or of a header, where it can be no other; else that of the workspace.
void Drafting::currency() {
  const bool money = std::ranges::any_of(out_.map.columns, [&](const DraftColumn& one) {
    const model::Column* column = table_.find(one.target);
    return column != nullptr && column->type == model::ColumnType::money && !one.from.empty();
  });
  if (!money || match_.find("currency") != nullptr) return;
  std::set<std::string> found;
  bool dollars = false;
  for (std::size_t i = 0; i < m_.written.size(); ++i) {
    const bool paid = std::ranges::any_of(out_.columns[i].becomes, [&](const std::string& name) {
      const model::Column* column = table_.find(name);
      return column != nullptr && column->type == model::ColumnType::money;
    });
    if (!paid) continue;
    for (const auto& [symbol, n] : m_.column(i).numbers().symbols()) {
      if (symbol == "€") found.insert("EUR");
      else if (symbol == "£") found.insert("GBP");
      else if (symbol == "$") dollars = true;
      else if (model::is_currency(symbol)) found.insert(symbol);
    }
    for (const std::string_view code : {"EUR", "USD", "GBP", "CHF", "CAD"})
      if (m_.column(i).name().find(fmt::format("({})", code)) != std::string::npos ||
          lower_ascii(m_.column(i).name()).ends_with("_" + lower_ascii(code)))
        found.emplace(code);
    if (m_.column(i).name().find("(€)") != std::string::npos) found.insert("EUR");
  }
  if (found.size() == 1 && !dollars) out_.map.currency = *found.begin();
  else if (dollars && found.empty())
    out_.map.head.emplace_back(
        "the amounts are in dollars, without saying whose: where they are not the workspace's currency, add "
        "\"currency: USD\" or another code");
  else if (found.size() > 1 || dollars)
    out_.map.head.emplace_back(
        "the amounts are in several currencies, and no column says in which: they cannot be told apart by a map alone");
}

const DraftColumn* DraftMap::find(std::string_view target) const {
  const auto found = std::ranges::find(columns, target, &DraftColumn::target);
  return found == columns.end() ? nullptr : &*found;
}

std::optional<std::size_t> Material::named(std::string_view header) const {
  const std::string wanted = bare(header);
  for (std::size_t i = 0; i < sketch.columns().size(); ++i)
    if (bare(column(i).name()) == wanted) return i;
  return std::nullopt;
}

Draft draft_of(const Material& material, const TableMatch& match) { return Drafting(material, match).run(); }

}  // namespace vigie::propose

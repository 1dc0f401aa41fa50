#include "propose/draft.h"

#include <algorithm>

#include "base/text.h"
#include "model/currency.h"

namespace vigie::propose {
namespace {

using model::ColumnType;

constexpr std::size_t kMostSplits = 30;  ///< distinct texts of a column that is worth a split
constexpr std::size_t kMostAttributes = 12;
constexpr std::int64_t kTellsByItself = 100;  ///< rows, so that what is unique is not so by accident

Confidence confidence_of(Strength strength) {
  if (strength == Strength::own) return Confidence::sure;
  return strength == Strength::weak || strength == Strength::usual ? Confidence::likely : Confidence::likely;
}

std::string reason_of(const Assigned& one, const ColumnSketch& column) {
  if (one.column == "key")
    return column.unique() ? "no two rows have the same, and none is without" : "the name says that it numbers the rows";
  switch (one.strength) {
    case Strength::own: return "the name says it";
    case Strength::reference: return "the name says which row of another table is meant";
    default: return "a usual name for it, and its values fit";
  }
}

/// Two texts of a condition: 'Won', 'it''s'. A quote of its own cannot be written.
std::string text_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) {
    if (text.find('\'') != std::string::npos) return "";
    out += (out.empty() ? "'" : ", '") + text + "'";
  }
  return out;
}

/// An input column in a condition.
std::string name_in_condition(const std::string& name) {
  if (is_plain_name(lower_ascii(name)) && !is_digit(name.front())) return name;
  return "\"" + name + "\"";
}

class Drafting {
 public:
  Drafting(const Material& material, const TableMatch& match) : m_(material), match_(match), table_(*match.names->table) {}

  Draft run() {
    Draft& out = out_;
    out.map.table = table_.name;
    for (const ColumnSketch& column : m_.sketch.columns()) out.columns.push_back({column.name(), {}, Confidence::look, ""});
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

 private:
  DraftColumn& add(DraftColumn column) { return out_.map.columns.emplace_back(std::move(column)); }

  void tell(std::size_t input, const std::string& becomes, Confidence confidence, std::string reason) {
    ColumnVerdict& verdict = out_.columns[input];
    verdict.becomes.push_back(becomes);
    if (verdict.becomes.size() > 1) return;
    verdict.confidence = confidence;
    verdict.reason = std::move(reason);
  }

  void assigned(const Assigned& one) {
    Confidence confidence = confidence_of(one.strength);
    DraftColumn column = draft_column(m_, table_, one.column, one.input, out_.questions, confidence);
    if (one.strength == Strength::by_name && column.why.empty())
      column.why = "a name stands for the key: two who share it are one";
    std::string reason = column.why.empty() ? reason_of(one, m_.column(one.input)) : column.why;
    tell(one.input, one.column, confidence, std::move(reason));
    add(std::move(column));
  }

  std::optional<std::size_t> input_of(std::string_view target) const {
    const Assigned* one = match_.find(target);
    return one == nullptr ? std::nullopt : std::optional(one->input);
  }

  /// The columns that name one row: the key by its name where it is one, else the first few that do so together.
  void key() {
    const Assigned* named = match_.find("key");
    if (named != nullptr && (m_.column(named->input).unique_where_filled() || m_.sketch.rows() == 1)) {
      add_key({named->input}, reason_of(*named, m_.column(named->input)));
      return;
    }
    if (!table_.key.empty() && table_.key.front() != "key") return;  // a key of its own
    if (const auto other = unique_reference()) {
      add_key({*other}, "no two rows have the same, and none is without");
      return;
    }
    if (const std::vector<std::size_t> together = unique_together(); !together.empty()) {
      add_key(together, "together they name one row, as far as the first rows tell");
      return;
    }
    if (!table_.key.empty()) {
      if (const auto by_name = unique_name()) {
        add_key({*by_name}, "a name that no two rows share stands for a key");
        return;
      }
      Question ask{"key", named != nullptr ? m_.column(named->input).name() : "key", "", {}, true};
      ask.text = named != nullptr
                     ? fmt::format("the column \"{}\" stands twice with one text: which columns name one row of {}?",
                                   m_.column(named->input).name(), table_.name)
                     : fmt::format("no column names one row of {}: which ones do together?", table_.name);
      DraftColumn off;
      off.target = "key";
      off.off = true;
      off.from.push_back(named != nullptr ? m_.column(named->input).name() : "COLUMN");
      off.why = ask.text;
      add(std::move(off));
      out_.questions.push_back(std::move(ask));
      return;
    }
    Question ask{"key", "key", "no column names one row: the same file again adds nothing, but a file that grows would count twice", {}, false};
    out_.map.head.push_back(ask.text);
    out_.questions.push_back(std::move(ask));
  }

  void add_key(const std::vector<std::size_t>& inputs, std::string reason) {
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
  std::optional<std::size_t> unique_reference() const {
    if (m_.sketch.rows() < kTellsByItself) return std::nullopt;
    for (const Assigned& one : match_.columns) {
      const model::Column* column = table_.find(one.column);
      const bool reference = column != nullptr && column->type == ColumnType::key && one.strength >= Strength::reference;
      if (reference && m_.column(one.input).unique()) return one.input;
    }
    return std::nullopt;
  }

  std::optional<std::size_t> unique_name() const {
    for (const std::string_view target : {"name", "sku", "label", "email"})
      if (const auto input = input_of(target); input && m_.column(*input).unique()) return input;
    return std::nullopt;
  }

  /// Columns that are parts of a key by their nature: numbers of things, dates, channels. Never amounts.
  std::vector<std::size_t> unique_together() const {
    std::vector<std::size_t> parts;
    const auto add = [&](std::size_t input) {
      if (m_.column(input).filled() == m_.sketch.rows() && std::ranges::find(parts, input) == parts.end() && parts.size() < 10)
        parts.push_back(input);
    };
    const bool by_day = table_.name == "channel_spend" || table_.name == "quotas" || table_.name == "holidays";
    if (!by_day && m_.sketch.rows() < kTellsByItself / 2) return {};
    for (const Assigned& one : match_.columns) {
      const model::Column* column = table_.find(one.column);
      const bool time = column != nullptr && model::is_time(column->type) && one.column == table_.time;
      const bool channel = one.column == "channel" || one.column == "platform";
      if (one.column == "key" || one.column == "position" || time || channel ||
          (column != nullptr && column->type == ColumnType::key))
        add(one.input);
    }
    // Spend is known by all of them: fewer might be one by accident, and rows of one key become one.
    if (by_day) return parts.size() > 1 && m_.sketch.unique_together(parts) ? parts : std::vector<std::size_t>{};
    for (std::size_t i = 0; i < m_.written.size(); ++i)
      if (m_.written[i].kind == Kind::code || m_.written[i].kind == Kind::whole) add(i);
    for (std::size_t a = 0; a < parts.size(); ++a)
      for (std::size_t b = a + 1; b < parts.size(); ++b)
        if (const std::vector<std::size_t> two{parts[a], parts[b]}; m_.sketch.unique_together(two)) return two;
    return {};
  }

  /// What one column of the source tells of a second canonical column.
  void derived() {
    if (table_.name == "opportunities") deal();
    if (table_.name == "leads") lead();
    if (table_.name == "activities") activity();
    if (table_.name == "survey_responses") survey();
    if (table_.name == "customers" && match_.find("name") == nullptr && match_.find("key") != nullptr)
      again(match_.find("key")->input, "name", "no column has a name: the key stands for it");
    if (table_.name == "products" && match_.find("name") == nullptr && out_.map.find("key") != nullptr &&
        !out_.map.find("key")->off && match_.find("key") != nullptr)
      again(match_.find("key")->input, "name", "no column has a name: the key stands for it");
    if (table_.name == "headcount" && match_.find("employee_key") == nullptr && match_.find("key") != nullptr)
      again(match_.find("key")->input, "employee_key", "the number of the row is the person's");
  }

  void again(std::size_t input, const std::string& target, std::string why) {
    DraftColumn column;
    column.target = target;
    column.from.push_back(m_.column(input).name());
    column.why = std::move(why);
    tell(input, target, Confidence::likely, column.why);
    add(std::move(column));
  }

  void words_of(std::string_view from, const std::string& target) {
    const auto input = input_of(from);
    if (!input || match_.find(target) != nullptr) return;
    const model::Column* column = table_.find(target);
    if (!can_be(column, m_.written[*input], m_.column(*input), m_.vocabulary, table_.name)) return;
    Confidence confidence = Confidence::likely;
    DraftColumn draft = draft_column(m_, table_, target, *input, out_.questions, confidence);
    tell(*input, target, confidence, draft.why);
    add(std::move(draft));
  }

  /// Where no status tells it, a column "Converted" with yes and no does.
  void lead() {
    words_of("status", "status_group");
    if (out_.map.find("status_group") != nullptr) return;
    for (std::size_t i = 0; i < m_.written.size(); ++i) {
      const std::string name = bare(m_.column(i).name());
      if (m_.written[i].kind != Kind::yes_no || (name != "converted" && name != "isconverted" && name != "converti")) continue;
      DraftColumn group;
      group.target = "status_group";
      group.from = {m_.column(i).name()};
      for (const auto& [text, n] : m_.column(i).values())
        group.values.emplace_back(text, m_.vocabulary.yes_no.at(bare(text)) ? "converted" : "open");
      group.otherwise = "error";
      tell(i, "status_group", Confidence::likely, "yes is converted, no is open");
      group.why = "yes is converted, no is open";
      add(std::move(group));
      return;
    }
  }

  /// "Tasks.csv", "EVENTID": what all rows are.
  void activity() {
    if (match_.find("kind") != nullptr) return;
    const Assigned* key = match_.find("key");
    const std::string said = bare(m_.file.files) + (key != nullptr ? bare(m_.column(key->input).name()) : "");
    for (const auto& [word, kind] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"call", "call"}, {"appel", "call"}, {"event", "meeting"}, {"meeting", "meeting"}, {"rendezvous", "meeting"},
             {"email", "email"}, {"task", "task"}, {"tache", "task"}}) {
      if (said.find(word) == std::string::npos) continue;
      DraftColumn column;
      column.target = "kind";
      column.value = std::string(kind);
      column.why = "the name of the file or of its key says it";
      add(std::move(column));
      return;
    }
  }

  /// The outcome of a deal stands in its stage where no column has it; and the close date of an open deal is a forecast.
  void deal() {
    words_of("stage_key", "outcome");
    won_by_date();
    const DraftColumn* outcome = out_.map.find("outcome");
    DraftColumn* closed = nullptr;
    for (DraftColumn& one : out_.map.columns)
      if (one.target == "closed_at") closed = &one;
    if (outcome == nullptr || closed == nullptr || outcome->values.empty()) return;
    std::vector<std::string> ended;
    for (const auto& [text, value] : outcome->values)
      if (value == "won" || value == "lost") ended.push_back(text);
    const std::string list = text_list(ended);
    if (list.empty()) return;
    const std::string name = name_in_condition(outcome->from.front());
    closed->when = fmt::format("{} in ({})", name, list);
    const std::string forecast = "while a deal is open its close date is a forecast";
    closed->why = closed->why.empty() ? forecast : closed->why + "; " + forecast;
    if (match_.find("expected_close_on") != nullptr) return;
    DraftColumn expected = *closed;
    expected.target = "expected_close_on";
    expected.when = fmt::format("{} not in ({})", name, list);
    expected.why.clear();
    std::erase_if(expected.options, [](const auto& option) { return option.first == "as"; });
    const auto input = input_of("closed_at");
    tell(*input, "expected_close_on", Confidence::likely, "");
    add(std::move(expected));
  }

  /// A date of winning tells the outcome where no column does.
  void won_by_date() {
    const auto closed = input_of("closed_at");
    if (!closed || out_.map.find("outcome") != nullptr) return;
    const std::string name = bare(m_.column(*closed).name());
    if (name.find("won") == std::string::npos && name.find("signature") == std::string::npos && name.find("gain") == std::string::npos) return;
    DraftColumn outcome;
    outcome.target = "outcome";
    outcome.value = "won";
    outcome.when = name_in_condition(m_.column(*closed).name()) + " is not null";
    outcome.why = "a deal with a date of winning is won";
    add(std::move(outcome));
  }

  /// A mark of a scale to 10 with a nought in it is that of a recommendation; one to 5 is not.
  void survey() {
    const auto input = input_of("score");
    if (!input) return;
    const NumberTally& marks = m_.column(*input).numbers();
    const bool says_nps = bare(m_.column(*input).name()).find("nps") != std::string::npos ||
                          bare(m_.column(*input).name()).find("recomm") != std::string::npos;
    const bool nps = says_nps && marks.least() >= 0 && marks.most() <= 10;
    if (match_.find("kind") == nullptr) {
      DraftColumn kind;
      kind.target = "kind";
      kind.value = nps ? "nps" : "csat";
      kind.why = nps ? "marks from 0 to 10, and the name says recommendation"
                     : "no name says recommendation: the marks are taken as satisfaction, which is no NPS";
      add(std::move(kind));
    }
    if (match_.find("max_score") == nullptr) {
      DraftColumn most;
      most.target = "max_score";
      most.value = nps ? "10" : marks.most() <= 5 ? "5" : marks.most() <= 10 ? "10" : fmt::format("{:.0f}", marks.most());
      most.why = nps ? "" : fmt::format("the highest mark of the file is {:.0f}", marks.most());
      add(std::move(most));
    }
    if (const auto id = match_.find("key"); id != nullptr && match_.find("respondent_key") == nullptr &&
                                            match_.find("customer_key") == nullptr)
      again(id->input, "respondent_key", "nobody is named who answered: each answer is somebody's own");
  }

  void constants() {
    if (table_.name != "orders" || match_.find("document") != nullptr) return;
    // The file's name, and the headers of key and date.
    std::string said = bare(m_.file.files.substr(m_.file.files.find_last_of('/') + 1));
    for (const std::string_view target : {"key", "ordered_at"})
      if (const auto input = input_of(target)) said += " " + bare(m_.column(*input).name());
    const auto says = [&](std::initializer_list<std::string_view> words) {
      return std::ranges::any_of(words, [&](std::string_view word) { return said.find(word) != std::string::npos; });
    };
    DraftColumn document;
    document.target = "document";
    if (says({"quote", "devis"})) document.value = "quote", document.why = "names of the file say quotes: they are no sales";
    else if (says({"invoice", "facture", "facturation"})) document.value = "invoice", document.why = "names of the file say invoices";
    else return;
    add(std::move(document));
  }

  /// What rows cannot do without, and the file does not have.
  void missing() {
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
        ask.text = fmt::format("{} needs {}, and no column of the file has such a date: which day holds for every row?", table_.name, name);
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
  void rest() {
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

  static std::string left_out_because(const ColumnSketch& column, const Written& how) {
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
  void currency() {
    const bool money = std::ranges::any_of(out_.map.columns, [&](const DraftColumn& one) {
      const model::Column* column = table_.find(one.target);
      return column != nullptr && column->type == ColumnType::money && !one.from.empty();
    });
    if (!money || match_.find("currency") != nullptr) return;
    std::set<std::string> found;
    bool dollars = false;
    for (std::size_t i = 0; i < m_.written.size(); ++i) {
      const bool paid = std::ranges::any_of(out_.columns[i].becomes, [&](const std::string& name) {
        const model::Column* column = table_.find(name);
        return column != nullptr && column->type == ColumnType::money;
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
      out_.map.head.emplace_back("the amounts are in dollars, without saying whose: where they are not the workspace's currency, add \"currency: USD\" or another code");
    else if (found.size() > 1 || dollars)
      out_.map.head.emplace_back("the amounts are in several currencies, and no column says in which: they cannot be told apart by a map alone");
  }

  const Material& m_;
  const TableMatch& match_;
  const model::Table& table_;
  Draft out_;
};

}  // namespace

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

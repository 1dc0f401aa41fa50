// What one column of the source tells of a second canonical column, and what a whole file tells of all its rows.
#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "propose/drafting.h"
#include "propose/identifier.h"

namespace vigie::propose {
namespace {

/// Texts of a condition: 'Won', 'Lost'. Nothing where one of them has a quote in it.
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

/// "devis", "quotes", "invoiceno"; a "devise" is no "devis".
bool is_word(const std::string& word, std::string_view wanted) {
  if (!word.starts_with(wanted)) return false;
  const std::string rest = word.substr(wanted.size());
  static const std::set<std::string_view> kEnds{"", "s", "no", "n", "id", "number", "num", "nr", "date", "ref", "code"};
  return kEnds.contains(rest);
}

}  // namespace

std::string part_close_date(DraftMap& map) {
  const DraftColumn* outcome = map.find("outcome");
  DraftColumn* closed = map.find("closed_at");
  if (outcome == nullptr || closed == nullptr || outcome->values.empty() || !closed->when.empty()) return "";
  std::vector<std::string> ended;
  for (const auto& [text, value] : outcome->values)
    if (value == "won" || value == "lost") ended.push_back(text);
  const std::string list = text_list(ended);
  if (list.empty() || outcome->from.front().find('"') != std::string::npos) return "";  // no condition can name it
  const std::string name = name_in_condition(outcome->from.front());
  closed->when = fmt::format("{} in ({})", name, list);
  const std::string forecast = "while a deal is open its close date is a forecast";
  closed->why = closed->why.empty() ? forecast : closed->why + "; " + forecast;
  if (map.find("expected_close_on") != nullptr) return "";
  DraftColumn expected = *closed;
  expected.target = "expected_close_on";
  expected.when = fmt::format("{} not in ({})", name, list);
  expected.why.clear();
  std::erase_if(expected.options, [](const auto& option) { return option.first == "as"; });
  std::string input = expected.from.front();
  map.columns.push_back(std::move(expected));
  return input;
}

/// What one column of the source tells of a second canonical column.
void Drafting::derived() {
  if (table_.name == "opportunities") deal();
  if (table_.name == "leads") lead();
  if (table_.name == "activities") activity();
  if (table_.name == "channel_spend") spend();
  if (table_.name == "survey_responses") survey();
  if (const Assigned* noun = match_.find("key");
      noun != nullptr && table_.find("name") != nullptr && match_.find("name") == nullptr &&
      out_.columns[noun->input].becomes.empty() && !has_numbers_of_things(m_, noun->input)) {
    again(noun->input, "name", "what the rows are called, and no number of theirs");
    return;
  }
  if (table_.name == "customers" && match_.find("name") == nullptr && match_.find("key") != nullptr)
    again(match_.find("key")->input, "name", "no column has a name: the key stands for it");
  if (table_.name == "products" && match_.find("name") == nullptr && out_.map.find("key") != nullptr &&
      !out_.map.find("key")->off && match_.find("key") != nullptr)
    again(match_.find("key")->input, "name", "no column has a name: the key stands for it");
  if (table_.name == "headcount" && match_.find("employee_key") == nullptr && match_.find("key") != nullptr)
    again(match_.find("key")->input, "employee_key", "the number of the row is the person's");
}

void Drafting::again(std::size_t input, const std::string& target, std::string why) {
  DraftColumn column;
  column.target = target;
  column.from.push_back(m_.column(input).name());
  column.why = std::move(why);
  tell(input, target, Confidence::likely, column.why);
  add(std::move(column));
}

void Drafting::words_of(std::string_view from, const std::string& target) {
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
void Drafting::lead() {
  words_of("status", "status_group");
  lead_by_yes_or_no();
  lead_without_days();
}

/// A list without dates has one day for all: on it those that converted have converted, which "to date" counts. Where
/// leads have days and their conversion none, it is known of deals and sales alone, and that is said.
void Drafting::lead_without_days() {
  const DraftColumn* group = out_.map.find("status_group");
  if (group == nullptr || match_.find("converted_at") != nullptr) return;
  std::vector<std::string> converted;
  for (const auto& [text, value] : group->values)
    if (value == "converted") converted.push_back(text);
  const std::string list = text_list(converted);
  if (list.empty() || group->from.front().find('"') != std::string::npos) return;
  if (match_.find("created_at") != nullptr) {
    out_.map.head.emplace_back(
        "the file says which leads converted, and not when: conversion rates count those that a deal or a sale names");
    return;
  }
  if (m_.wishes.day.empty()) return;
  DraftColumn day;
  day.target = "converted_at";
  day.value = m_.wishes.day;
  day.when = fmt::format("{} in ({})", name_in_condition(group->from.front()), list);
  day.why = "converted by the day that you say: conversion_rate:created_to_date counts them";
  out_.map.head.emplace_back(
      "the list has no dates: those that converted count on the day that you say, so ask "
      "conversion_rate:created_to_date");
  add(std::move(day));
}

void Drafting::lead_by_yes_or_no() {
  if (out_.map.find("status_group") != nullptr) return;
  for (std::size_t i = 0; i < m_.written.size(); ++i) {
    const std::string name = bare(m_.column(i).name());
    if (m_.written[i].kind != Kind::yes_no || (name != "converted" && name != "isconverted" && name != "converti"))
      continue;
    DraftColumn group;
    group.target = "status_group";
    group.from = {m_.column(i).name()};
    for (const auto& [text, n] : m_.column(i).values())
      if (const auto known = m_.vocabulary.yes_no.find(bare(text)); known != m_.vocabulary.yes_no.end())
        group.values.emplace_back(text, known->second ? "converted" : "open");
    group.otherwise = "error";
    tell(i, "status_group", Confidence::likely, "yes is converted, no is open");
    group.why = "yes is converted, no is open";
    add(std::move(group));
    return;
  }
}

/// A campaign with a first and a last day is spent between them.
void Drafting::spend() {
  if (const auto date = input_of("date"); date && m_.written[*date].without_days) {
    out_.map.head.emplace_back("a row that stands for several days counts whole on its first one");
    return;
  }
  for (const std::string_view name : {"End Date", "Date de fin", "Fin", "Fin des rapports", "Reporting ends"})
    if (const auto input = m_.named(name); input && is_date(m_.written[*input].kind)) {
      out_.map.head.emplace_back("a row that stands for several days counts whole on its first one");
      return;
    }
}

/// "Tasks.csv", "EVENTID": what all rows are.
void Drafting::activity() {
  if (match_.find("kind") != nullptr) return;
  const Assigned* key = match_.find("key");
  const std::string said = bare(m_.file.files) + (key != nullptr ? bare(m_.column(key->input).name()) : "");
  for (const auto& [word, kind] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"call", "call"},
                                                                            {"appel", "call"},
                                                                            {"event", "meeting"},
                                                                            {"meeting", "meeting"},
                                                                            {"rendezvous", "meeting"},
                                                                            {"email", "email"},
                                                                            {"task", "task"},
                                                                            {"tache", "task"}}) {
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
void Drafting::deal() {
  words_of("stage_key", "outcome");
  won_by_date();
  if (const auto input = part_close_date(out_.map); !input.empty())
    if (const auto closed = input_of("closed_at")) tell(*closed, "expected_close_on", Confidence::likely, "");
}

/// A date of winning tells the outcome where no column does.
void Drafting::won_by_date() {
  const auto closed = input_of("closed_at");
  if (!closed || out_.map.find("outcome") != nullptr) return;
  const std::string name = bare(m_.column(*closed).name());
  if (name.find("won") == std::string::npos && name.find("signature") == std::string::npos &&
      name.find("gain") == std::string::npos)
    return;
  DraftColumn outcome;
  outcome.target = "outcome";
  outcome.value = "won";
  outcome.when = name_in_condition(m_.column(*closed).name()) + " is not null";
  outcome.why = "a deal with a date of winning is won";
  add(std::move(outcome));
}

/// A mark of a scale to 10 with a nought in it is that of a recommendation; one to 5 is not.
void Drafting::survey() {
  const auto input = input_of("score");
  if (!input) return;
  const NumberTally& marks = m_.column(*input).numbers();
  std::vector<std::string> words = words_in(std::filesystem::path(m_.file.files).stem().string());
  const bool file_says = std::ranges::find(words, "nps") != words.end();
  const bool says_nps = file_says || bare(m_.column(*input).name()).find("nps") != std::string::npos ||
                        bare(m_.column(*input).name()).find("recomm") != std::string::npos;
  const bool nps = says_nps && marks.least() >= 0 && marks.most() <= 10;
  if (match_.find("kind") == nullptr) {
    DraftColumn kind;
    kind.target = "kind";
    kind.value = nps ? "nps" : "csat";
    kind.why = nps && file_says ? "marks from 0 to 10, and the name of the file says NPS"
               : nps            ? "marks from 0 to 10, and the name says recommendation"
                                : "no name says recommendation: the marks are taken as satisfaction, which is no NPS";
    out_.map.head.push_back(kind.why);
    add(std::move(kind));
  }
  if (match_.find("max_score") == nullptr) {
    DraftColumn most;
    most.target = "max_score";
    most.value = nps ? "10" : marks.most() <= 5 ? "5" : marks.most() <= 10 ? "10" : fmt::format("{:.0f}", marks.most());
    most.why = nps ? "" : fmt::format("the highest mark of the file is {:.0f}", marks.most());
    add(std::move(most));
  }
  if (const auto id = match_.find("key");
      id != nullptr && match_.find("respondent_key") == nullptr && match_.find("customer_key") == nullptr)
    again(id->input, "respondent_key", "nobody is named who answered: each answer is somebody's own");
}

void Drafting::constants() {
  if (table_.name != "orders" || match_.find("document") != nullptr) return;
  // The file's name, and the headers of key and date.
  std::vector<std::string> words = words_in(std::filesystem::path(m_.file.files).stem().string());
  for (const std::string_view target : {"key", "ordered_at"})
    if (const auto input = input_of(target))
      for (std::string& word : words_in(m_.column(*input).name())) words.push_back(std::move(word));
  const auto says = [&](std::initializer_list<std::string_view> wanted) {
    return std::ranges::any_of(words, [&](const std::string& word) {
      return std::ranges::any_of(wanted, [&](std::string_view one) { return is_word(word, one); });
    });
  };
  DraftColumn document;
  document.target = "document";
  if (says({"quote", "devis"}))
    document.value = "quote", document.why = "names of the file say quotes: they are no sales";
  else if (says({"invoice", "facture", "facturation"}))
    document.value = "invoice", document.why = "names of the file say invoices";
  else return;
  out_.map.head.push_back(document.why);
  add(std::move(document));
}

}  // namespace vigie::propose

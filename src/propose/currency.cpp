// In which currency the amounts of a file are, where no column says it.
#include "model/currency.h"

#include <algorithm>

#include "base/text.h"
#include "propose/draft.h"
#include "propose/map_text.h"

namespace vigie::propose {
namespace {

/// What stands beside the amounts: codes, and signs that several countries have ("$", "kr").
struct Marks {
  std::map<std::string, std::string> code_of;  ///< sign → code; "" of several countries
  std::set<std::string> codes;                 ///< those of headers too
  bool header = false;                         ///< a header says the code: of all amounts
  bool whole = false;                          ///< one of the columns has a sign on every row
  std::int64_t marked = 0, amounts = 0;
};

constexpr const char* kDollarsOrSales = " CA$";  ///< dollars of Canada, or "chiffre d'affaires" in some dollars

/// "Amount (CA$)", "Prix US$": whose dollars a header means; "$" where it does not tell. The letters before the sign
/// are those of a country only where they stand by themselves: "TVA$" is a tax, and "CA$" as the whole header the sales
/// ("chiffre d'affaires"). After another word ("Amount CA$") it may be either: its currency is asked for.
std::string dollars_in_header(const std::string& name) {
  static const std::set<std::string_view> kCountries{"US$", "AU$", "A$",  "R$",  "C$",  "NZ$",
                                                     "HK$", "S$",  "SG$", "MX$", "NT$", "CA$"};
  const auto at = name.find('$');
  std::size_t from = at;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; };
  while (from > 0 && is_letter(name[from - 1])) --from;
  const std::string sign = name.substr(from, at - from + 1);
  if (sign == "CA$" && from > 0) {
    const bool bracketed = name[from - 1] == '(' || name[from - 1] == '[';
    return bracketed ? sign : std::string(kDollarsOrSales);
  }
  if (from > 0 && kCountries.contains(sign)) return sign;
  return sign.size() > 2 && sign != "CA$" && kCountries.contains(sign) ? sign : "$";
}

/// "Montant (EUR)", "amount_usd", "Total $", "Prix en €": the code or the sign of a currency that a header names; "".
/// Between brackets any code of ISO 4217 is one; elsewhere only those that are no words.
std::string currency_in_header(const std::string& name, const Vocabulary& vocabulary) {
  for (const std::string_view sign : {"€", "£", "¥", "₹"})
    if (name.find(sign) != std::string::npos) return std::string(sign);
  if (name.find('$') != std::string::npos) return dollars_in_header(name);
  static const std::set<std::string_view> kPlain{"eur", "usd", "gbp", "chf", "cad", "aud", "nzd", "sek", "nok",
                                                 "dkk", "pln", "czk", "huf", "ron", "jpy", "cny", "inr", "brl",
                                                 "mxn", "zar", "sgd", "hkd", "ils", "aed", "mad", "tnd", "xof"};
  std::string word;
  bool bracketed = false;
  for (const char c : name + " ") {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0) {
      word += c;
      continue;
    }
    std::string code = lower_ascii(word);
    if (code.size() == 4 && (code.front() == 'k' || code.front() == 'm')) code.erase(0, 1);  // "(kUSD)"
    const bool is_code =
        kPlain.contains(code) || (bracketed && code.size() == 3 && model::is_currency(model::in_capitals(code)));
    if (is_code) return model::in_capitals(code);
    if (code == "euro" || code == "euros") return vocabulary.currency_of("€").empty() ? "" : "€";
    bracketed = c == '(' || c == '[' || (bracketed && c == ' ');
    word.clear();
  }
  return "";
}

Marks marks_of(const Material& m, const std::vector<std::size_t>& amounts) {
  Marks out;
  for (const std::size_t i : amounts) {
    const NumberTally& numbers = m.column(i).numbers();
    out.whole = out.whole || (numbers.numbers() > 0 && numbers.marked() == numbers.numbers());
    out.marked += numbers.marked();
    out.amounts += numbers.numbers();
    for (const auto& [sign, n] : numbers.symbols()) {
      const std::string code = m.vocabulary.currency_of(sign);
      out.code_of[sign] = code;
      if (!code.empty()) out.codes.insert(code);
    }
    const std::string said = currency_in_header(m.column(i).name(), m.vocabulary);
    if (said.empty()) continue;
    out.header = true;
    if (const std::string code = m.vocabulary.currency_of(said); !code.empty()) out.codes.insert(code);
    else out.code_of[said] = "";
  }
  return out;
}

bool is_dollar(const std::string& code) {
  static const std::set<std::string_view> kDollars{"USD", "CAD", "AUD", "NZD", "SGD", "HKD",
                                                   "TWD", "MXN", "ARS", "CLP", "COP"};
  return kDollars.contains(code);
}

/// The currency of each row by the sign that stands in it; of rows with two of them, a text that the import refuses.
std::string parted(const Marks& marks, const std::vector<std::string>& columns, const std::string& unsaid) {
  std::string text;
  for (const std::string& name : columns) text += (text.empty() ? "" : ", ' ', ") + sql_name(name);
  text = fmt::format("concat({})", text);
  // Longer signs first: "US$" holds "$".
  std::vector<std::pair<std::string, std::string>> signs(marks.code_of.begin(), marks.code_of.end());
  std::ranges::sort(signs, [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  std::string cases;
  for (const auto& [sign, code] : signs)
    cases +=
        fmt::format(" WHEN contains({}, {}) THEN {}", text, sql_text(sign), sql_text(code.empty() ? unsaid : code));
  return fmt::format("CASE{} END AS currency_of_amount", cases);
}

}  // namespace

void settle_currency(const Material& m, const std::vector<std::size_t>& amounts,
                     const std::vector<std::string>& told_in, Draft& draft) {
  if (amounts.empty() || draft.map.find("currency") != nullptr) return;
  const Marks marks = marks_of(m, amounts);
  const bool one_code = marks.header && marks.codes.size() == 1;
  if (one_code && std::ranges::none_of(marks.code_of, [](const auto& one) { return one.second.empty(); })) {
    draft.map.currency = *marks.codes.begin();
    return;
  }
  if (marks.header && marks.codes.size() > 1 && marks.code_of.empty()) {
    Question ask{"currency", told_in.empty() ? "" : told_in.front(), "", {}, true};
    ask.text = fmt::format("the headers of the amounts name several currencies ({}), and a row has one: which stays?",
                           join(std::vector<std::string>(marks.codes.begin(), marks.codes.end()), ", "));
    for (const std::string& name : told_in) ask.answers.push_back(option("--without", name));
    draft.map.head.push_back(ask.text);
    draft.questions.push_back(std::move(ask));
    return;
  }
  std::string unsaid = m.wishes.currency;  // what "$" is, and amounts without a sign
  const bool ambiguous = std::ranges::any_of(marks.code_of, [](const auto& one) { return one.second.empty(); });
  const bool dollars_alone = ambiguous && std::ranges::all_of(marks.code_of, [](const auto& one) {
                               return !one.second.empty() || one.first == "$";
                             });
  if (unsaid.empty() && dollars_alone && is_dollar(m.wishes.workspace_currency)) {
    unsaid = m.wishes.workspace_currency;
    draft.map.head.push_back(fmt::format("\"$\" is taken as {}, the currency of the workspace", unsaid));
  }
  const bool some = !marks.header && !marks.whole && marks.marked > 0;
  std::set<std::string> all = marks.codes;
  if (!unsaid.empty() && (ambiguous || some || marks.code_of.empty())) all.insert(unsaid);
  // Amounts without a sign are the workspace's, beside signs of the same currency.
  const bool same_as_workspace = all.size() == 1 && !ambiguous && *all.begin() == m.wishes.workspace_currency;
  Question ask{"currency", m.column(amounts.front()).name(), "", {}, true};
  for (const auto& [sign, code] : marks.code_of) {
    if (!code.empty()) ask.answers.push_back("--currency " + code);
    else if (sign == "$") ask.answers.emplace_back("--currency USD");
  }
  if (ask.answers.empty()) ask.answers.emplace_back("--currency EUR");
  if (unsaid.empty() && ambiguous) {
    std::string signs;
    ask.answers = {marks.code_of.contains("$") ? "--currency USD" : "--currency EUR"};  // of what is asked for alone
    for (const auto& [sign, code] : marks.code_of)
      if (code.empty()) signs += (signs.empty() ? "" : ", ") + std::string(trim(sign));
    if (marks.code_of.contains(kDollarsOrSales)) ask.answers = {"--currency CAD", "--currency USD"};
    ask.text = fmt::format("the amounts of \"{}\" are in {}, which several countries have: in which currency are they?",
                           ask.column, signs);
    draft.map.head.push_back(ask.text);
    draft.questions.push_back(std::move(ask));
    return;
  }
  if (unsaid.empty() && some && !same_as_workspace) {
    ask.text = fmt::format(
        "{} of {} amounts of \"{}\" have a sign of money, and the others none: in which currency are "
        "the others?",
        marks.marked, marks.amounts, ask.column);
    if (!m.wishes.workspace_currency.empty() && !marks.codes.contains(m.wishes.workspace_currency))
      ask.answers.push_back("--currency " + m.wishes.workspace_currency);
    draft.map.head.push_back(ask.text);
    draft.questions.push_back(std::move(ask));
    return;
  }
  if (all.empty()) return;
  if (all.size() == 1) {
    draft.map.currency = *all.begin();
    return;
  }
  if (told_in.empty()) {  // rows of one order are summed: they cannot be parted any more
    ask.answers = {option("--without", ask.column)};
    ask.text = fmt::format("the amounts of \"{}\" are in several currencies: a sum of them means nothing", ask.column);
    draft.questions.push_back(std::move(ask));
    return;
  }
  draft.map.work_out(parted(marks, told_in, unsaid));
  draft.map.currency = unsaid;
  DraftColumn column;
  column.target = "currency";
  column.from = {"currency_of_amount"};
  column.why = "the amounts are in several currencies: the sign beside each tells";
  draft.map.head.push_back(column.why);
  draft.map.columns.push_back(std::move(column));
}

void settle_currency_of(const Material& m, const model::Table& table, Draft& draft) {
  if (table.find("currency") == nullptr) return;
  std::vector<std::size_t> amounts;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < draft.columns.size(); ++i) {
    const bool money = std::ranges::any_of(draft.columns[i].becomes, [&](const std::string& name) {
      const model::Column* column = table.find(name);
      return column != nullptr && column->type == model::ColumnType::money;
    });
    // "Interval" makes the monthly amount too, and is none.
    if (!money || !reads_as_numbers(m.written[i], m.column(i))) continue;
    amounts.push_back(i);
    names.push_back(m.column(i).name());
  }
  settle_currency(m, amounts, names, draft);
}

}  // namespace vigie::propose

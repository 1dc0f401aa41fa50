#include "propose/dollars.h"

#include <algorithm>

#include "base/text.h"
#include "model/currency.h"

namespace vigie::propose {
namespace {

bool is_of_a_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; }

/// A word beside the sign.
struct Beside {
  std::string text, capitals;
  bool touches = false;
  bool in_capitals = false;
  bool fills_brackets = false;       ///< with the sign, and nothing else
  std::size_t from = 0, length = 0;  ///< of it and of the blanks between, without the sign
};

/// Words that stand before or behind a sign and are of no country: taxes, sizes, what the amount is.
bool is_no_country(const std::string& capitals) {
  static const std::set<std::string_view> kNone{
      "TVA", "HT",  "TTC", "VAT", "TAX", "NET", "MRR", "ARR", "CPC", "CPM", "CPA", "CPL", "CAC", "LTV", "AOV",
      "AMT", "TOT", "SUM", "FEE", "DUE", "TIP", "PU",  "PT",  "PV",  "PA",  "K",   "M",   "MM",  "MN",  "BN",
      "MD",  "MDS", "EN",  "IN",  "DE",  "OF",  "ET",  "OU",  "OR",  "PER", "PAR", "EX",  "ROI", "P"};
  return kNone.contains(capitals);
}

Beside word_at(const std::string& header, std::size_t sign, bool left) {
  Beside out;
  std::size_t from = left ? sign : sign + 1, to = from;
  const auto before = [&] { return from > 0 ? header[from - 1] : '\0'; };
  const auto behind = [&] { return to < header.size() ? header[to] : '\0'; };
  if (left) {
    while (before() == ' ') --from;
    const std::size_t end = from;
    while (is_of_a_word(before())) --from;
    out.text = header.substr(from, end - from);
    out.touches = end == sign;
  } else {
    while (behind() == ' ') ++to;
    const std::size_t begin = to;
    while (is_of_a_word(behind())) ++to;
    out.text = header.substr(begin, to - begin);
    out.touches = begin == sign + 1;
  }
  out.from = from, out.length = to - from;
  out.capitals = model::in_capitals(out.text);
  out.in_capitals = out.text == out.capitals;
  const std::size_t open = left ? from : sign, close = left ? sign + 1 : to;
  const bool opens = open > 0 && (header[open - 1] == '(' || header[open - 1] == '[');
  const bool closes = close < header.size() && (header[close] == ')' || header[close] == ']');
  out.fills_brackets = opens && closes;
  return out;
}

/// What that word makes of the sign; "" where it says nothing of it.
std::string said_by(Beside word, const std::string& header, const Vocabulary& vocabulary) {
  const auto known = [&](const std::string& letters) {
    return (letters.size() == 3 && is_dollar(letters)) || !vocabulary.currency_of(letters + "$").empty();
  };
  if (word.capitals.size() > 2 && !known(word.capitals) && (word.capitals[0] == 'K' || word.capitals[0] == 'M') &&
      known(word.capitals.substr(1))) {  // "kUS$"
    word.capitals.erase(0, 1);
    word.in_capitals = true;
  }
  const std::string& letters = word.capitals;
  if (letters.empty() || is_no_country(letters)) return "";
  const std::string not_told = " " + letters + "$";
  if (letters == "CA" && !word.fills_brackets) return trim(header).size() == word.length + 1 ? "" : not_told;
  if (!known(letters)) return word.in_capitals && letters.size() <= 3 ? not_told : "";
  if (letters.size() == 3 && is_dollar(letters)) return letters;
  const std::string sign = letters + "$";
  if (letters.size() == 1 && !word.in_capitals) return "";
  if (word.touches || word.fills_brackets) return sign;
  // "Plan A $", "Montant au $": a letter and a French word too.
  return letters.size() > 1 && word.in_capitals && letters != "AU" ? sign : not_told;
}

}  // namespace

bool is_dollar(const std::string& code) {
  static const std::set<std::string_view> kDollars{"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP",
                                                   "COP", "DOP", "UYU", "BBD", "BMD", "BND", "BSD", "BZD", "FJD", "GYD",
                                                   "JMD", "KYD", "LRD", "NAD", "SBD", "SRD", "TTD", "XCD"};
  return kDollars.contains(code);
}

std::string dollars_in(const std::string& header, const Vocabulary& vocabulary) {
  const auto sign = header.find('$');
  for (const bool left : {true, false})
    if (std::string said = said_by(word_at(header, sign, left), header, vocabulary); !said.empty()) return said;
  return "$";
}

std::string without_dollars(const std::string& header) {
  const auto sign = header.find('$');
  if (sign == std::string::npos) return "";
  std::string out = header;
  out[sign] = ' ';
  for (const bool left : {false, true}) {
    const Beside word = word_at(header, sign, left);
    const bool country = word.in_capitals && !is_no_country(word.capitals) &&
                         (word.capitals.size() <= 2 || (word.capitals.size() == 3 && is_dollar(word.capitals)) ||
                          word.capitals == "CAN" || word.capitals == "CDN" || word.capitals == "BDS");
    if (country) out.replace(word.from, word.length, word.length, ' ');
  }
  return out;
}

}  // namespace vigie::propose

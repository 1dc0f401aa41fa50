#include "propose/number_tally.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "model/currency.h"

namespace vigie::propose {
namespace {

constexpr std::size_t kLongestNumber = 40;
constexpr std::size_t kMostSymbols = 8;

// The ways of writing, by bits: first the decimal point, then the decimal comma, each without marks of thousands, with
// blanks, with apostrophes, with the other of point and comma, with low lines.
enum Mark : unsigned { none, blank, apostrophe, other, low_line, kMarks };
constexpr unsigned way(char decimal, unsigned mark) { return (decimal == ',' ? kMarks : 0U) + mark; }

bool takes_away(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

bool takes_blank(std::string_view& text) {
  for (const std::string_view one : {" ", "\t", "\u00a0", "\u2009", "\u202f"})
    if (takes_away(text, one)) return true;
  return false;
}

/// A text between the sign and the digits, or after them: "$", "EUR", "kr", "%".
std::string takes_symbol(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && !is_digit(text[n]) &&
         std::string_view("+-.,()' \t_").find(text[n]) == std::string_view::npos &&
         !text.substr(n).starts_with("\u00a0") && !text.substr(n).starts_with("\u202f") &&
         !text.substr(n).starts_with("\u2212"))
    ++n;
  std::string out(text.substr(0, n));
  text.remove_prefix(n);
  return out;
}

/// A sign of a currency, its code, or how it is shortened. Other letters make a code of it: "A1" is no number.
bool is_symbol(std::string_view text) {
  static const std::set<std::string_view> kSigns{"$",  "€",  "£",   "¥",   "₹",   "₽",  "₺",    "₩",     "₪",  "₫",
                                                 "฿",  "R$", "US$", "C$",  "CA$", "A$", "AU$",  "kr",    "Kr", "zł",
                                                 "Kč", "Ft", "Rs",  "lei", "Fr",  "fr", "euro", "euros", "%",  "CFA"};
  return text.empty() || kSigns.contains(text) || (text.size() == 3 && model::is_currency(text));
}

/// The power of ten of a letter; 0: it is none.
int magnitude_of(std::string_view letters) {
  if (letters == "K" || letters == "k") return 3;
  if (letters == "M" || letters == "m") return 6;
  return letters == "B" || letters == "Md" ? 9 : 0;
}

/// "k€", "MEUR": the letters of the size, and the sign after them; both empty where it is none of these.
std::pair<std::string, std::string> parted_magnitude(const std::string& text) {
  for (const std::string_view letters : {"Md", "K", "k", "M", "m", "B"}) {
    if (!text.starts_with(letters) || text.size() == letters.size()) continue;
    std::string sign = text.substr(letters.size());
    if (is_symbol(sign) && sign != "%") return {std::string(letters), std::move(sign)};
  }
  return {"", text};
}

/// Small letters are measures too, and a B is a code's: they are magnitudes of money alone.
bool wants_money(std::string_view letters) { return letters == "k" || letters == "m" || letters == "B"; }

/// What the digits look like: where marks stand between them.
struct Body {
  unsigned ways = 0;  ///< bits; none: these are no digits of a number
  int whole_digits = 0, decimals = 0;
  bool zero_decimals = true, leading_zero = false, exponent = false;
  bool either = false;  ///< one mark before three digits, which may be the decimal mark or one of thousands
};

struct Group {
  char mark = 0;  ///< before it: '.', ',', ' ', '\'', '_'
  int digits = 0;
  bool zero = true;
};

std::optional<std::vector<Group>> groups_of(std::string_view text) {
  std::vector<Group> out(1);
  while (!text.empty()) {
    Group& last = out.back();
    if (is_digit(text.front())) {
      ++last.digits;
      last.zero = last.zero && text.front() == '0';
      text.remove_prefix(1);
      continue;
    }
    Group next;
    if (takes_blank(text)) next.mark = ' ';
    else if (takes_away(text, "\u2019") || takes_away(text, "'")) next.mark = '\'';
    else if (takes_away(text, ".")) next.mark = '.';
    else if (takes_away(text, ",")) next.mark = ',';
    else if (takes_away(text, "_")) next.mark = '_';
    else return std::nullopt;
    out.push_back(next);
    if (out.size() > 12) return std::nullopt;
  }
  return out;
}

unsigned mark_of(char c, char decimal) {
  if (c == ' ') return blank;
  if (c == '\'') return apostrophe;
  if (c == '_') return low_line;
  return c == decimal ? static_cast<unsigned>(kMarks) : other;
}

/// 12,34,567: the groups between the first and the last have two digits.
bool is_indian(const std::vector<Group>& groups, std::size_t end) {
  if (end < 3 || groups[0].digits > 2 || groups[end - 1].digits != 3) return false;
  for (std::size_t i = 1; i < end; ++i)
    if (groups[i].mark != ',' || (i + 1 < end && groups[i].digits != 2)) return false;
  return true;
}

/// Can it be read with this decimal mark, and with which mark of thousands? Bits of ways.
unsigned ways_with(const std::vector<Group>& groups, char decimal) {
  std::size_t end = groups.size();  // of the groups before the decimal mark
  if (groups.size() > 1 && groups.back().mark == decimal) --end;
  unsigned thousands = kMarks;
  const bool indian = decimal == '.' && is_indian(groups, end);
  for (std::size_t i = 1; i < end; ++i) {
    const unsigned mark = mark_of(groups[i].mark, decimal);
    if (mark == kMarks || (thousands != kMarks && mark != thousands) || (groups[i].digits != 3 && !indian)) return 0;
    thousands = mark;
  }
  if (end > 1 && (groups[0].digits == 0 || groups[0].digits > 3)) return 0;
  if (groups[0].digits == 0 && end == groups.size()) return 0;
  if (groups[0].digits == 0 && groups.back().digits == 0) return 0;
  if (thousands != kMarks) return 1U << way(decimal, thousands);
  unsigned all = 0;
  for (unsigned mark = none; mark < kMarks; ++mark) all |= 1U << way(decimal, mark);
  return all;
}

Body body_of(std::string_view text) {
  Body out;
  if (const auto e = text.find_first_of("eE"); e != std::string_view::npos && e > 0) {
    std::string_view exponent = text.substr(e + 1);
    if (!takes_away(exponent, "-")) takes_away(exponent, "+");
    if (exponent.empty() || exponent.size() > 2 || exponent.find_first_not_of("0123456789") != std::string_view::npos)
      return out;
    out.exponent = true;
    text = text.substr(0, e);
  }
  const auto groups = groups_of(text);
  if (!groups) return out;
  out.ways = ways_with(*groups, '.') | ways_with(*groups, ',');
  if (out.ways == 0) return out;
  const Group& last = groups->back();
  const bool marked = groups->size() > 1 && (last.mark == '.' || last.mark == ',');
  out.either = groups->size() == 2 && marked && last.digits == 3 && (*groups)[0].digits <= 3 &&
               (*groups)[0].digits > 0 && !((*groups)[0].digits == 1 && (*groups)[0].zero);
  // "0.123" is no thousands: nobody writes a thousand with a nought before it.
  if (groups->size() == 2 && marked && last.digits == 3 && (*groups)[0].zero) {
    const char other_mark = last.mark == '.' ? ',' : '.';
    out.ways &= ~(1U << way(other_mark, other));
  }
  const bool decimals =
      marked && (out.either || (out.ways & (1U << way(last.mark, none))) != 0 || ways_with(*groups, last.mark) != 0);
  for (std::size_t i = 0; i < groups->size() - (decimals ? 1 : 0); ++i) out.whole_digits += (*groups)[i].digits;
  if (decimals) out.decimals = last.digits, out.zero_decimals = last.zero;
  out.leading_zero = (*groups)[0].digits > 1 && text.front() == '0' && groups->size() == 1;
  return out;
}

double size_of(std::string_view text, char decimal) {
  std::string plain;
  for (const char c : text)
    if (is_digit(c) || c == 'e' || c == 'E' || c == '-' || c == '+') plain += c;
    else if (c == decimal) plain += '.';
  return std::strtod(plain.c_str(), nullptr);
}

}  // namespace

void NumberTally::add(std::string_view text) { take(text, false); }
void NumberTally::add_number(std::string_view text) { take(text, true); }

void NumberTally::take(std::string_view text, bool number) {
  if (text.size() > kLongestNumber || text.find_first_of("0123456789") == std::string_view::npos) return;
  bool in_parentheses = false, minus = false;
  if (text.starts_with('(') && text.ends_with(')')) {
    in_parentheses = true;
    text = text.substr(1, text.size() - 2);
  }
  std::string before, after, magnitude;
  const auto sign = [&] {
    while (takes_blank(text)) {
    }
    if (takes_away(text, "-") || takes_away(text, "\u2212")) minus = true;
    else takes_away(text, "+");
    while (takes_blank(text)) {
    }
  };
  sign();
  before = takes_symbol(text);
  sign();
  // From the end: the digits stop where a symbol begins. An "e" between digits is an exponent.
  std::size_t end = text.find_last_of("0123456789");
  if (end == std::string_view::npos) return;
  std::string_view rest = text.substr(end + 1);
  text = text.substr(0, end + 1);
  if (rest == "." || rest == ",") rest = {};
  const auto minus_behind = [&] {  // "103.50-", "103.50- EUR"
    while (takes_blank(rest)) {
    }
    if (minus || in_parentheses || !(takes_away(rest, "-") || takes_away(rest, "\u2212"))) return;
    minus = true;
    while (takes_blank(rest)) {
    }
  };
  minus_behind();
  after = takes_symbol(rest);
  minus_behind();
  if (magnitude_of(after) > 0) {  // "1,5 M €"
    magnitude = std::exchange(after, {});
    after = takes_symbol(rest);
  } else if (!is_symbol(after)) {  // "1,5 M€"
    std::tie(magnitude, after) = parted_magnitude(after);
  }
  if (!rest.empty() || !is_symbol(before) || !is_symbol(after)) return;
  if (!magnitude.empty() && wants_money(magnitude) && (before + after).find_first_not_of('%') == std::string::npos)
    return;
  Body body = body_of(text);
  if (number) {
    body.ways &= (1U << kMarks) - 1;
    body.either = false;
  }
  if (body.ways == 0) return;
  ++numbers_;
  cells_ += number ? 1 : 0;
  if (!magnitude.empty()) ++magnitudes_[magnitude];
  for (unsigned w = 0; w < kWays; ++w)
    if ((body.ways & (1U << w)) != 0) ++read_[w];
  for (const std::string* symbol : {&before, &after}) {
    if (symbol->empty()) continue;
    if (*symbol == "%") ++percents_;
    else if (symbols_.size() < kMostSymbols || symbols_.contains(*symbol)) ++symbols_[*symbol];
  }
  if ((!before.empty() && before != "%") || (!after.empty() && after != "%")) ++marked_;
  const char decimal = text.find_last_of(".,") == std::string_view::npos ? '.' : text[text.find_last_of(".,")];
  if (body.either && two_ways_++ == 0) two_ways_example_ = std::string(text);
  const double size = size_of(text, decimal) * (minus || in_parentheses ? -1 : 1);
  least_ = numbers_ == 1 ? size : std::min(least_, size);
  most_ = numbers_ == 1 ? size : std::max(most_, size);
  most_decimals_ = std::max(most_decimals_, body.decimals);
  most_digits_ = std::max(most_digits_, body.whole_digits);
  only_zero_decimals_ = only_zero_decimals_ && body.zero_decimals;
  negative_ += (minus || in_parentheses) ? 1 : 0;
  parentheses_ += in_parentheses ? 1 : 0;
  leading_zeros_ += body.leading_zero ? 1 : 0;
  exponents_ += body.exponent ? 1 : 0;
}

void NumberTally::add_all(const NumberTally& other) {
  if (other.numbers_ == 0) return;
  least_ = numbers_ == 0 ? other.least_ : std::min(least_, other.least_);
  most_ = numbers_ == 0 ? other.most_ : std::max(most_, other.most_);
  for (std::size_t w = 0; w < kWays; ++w) read_[w] += other.read_[w];
  numbers_ += other.numbers_, negative_ += other.negative_, leading_zeros_ += other.leading_zeros_;
  percents_ += other.percents_, exponents_ += other.exponents_, parentheses_ += other.parentheses_;
  marked_ += other.marked_, cells_ += other.cells_;
  if (two_ways_ == 0) two_ways_example_ = other.two_ways_example_;
  two_ways_ += other.two_ways_;
  most_decimals_ = std::max(most_decimals_, other.most_decimals_);
  most_digits_ = std::max(most_digits_, other.most_digits_);
  only_zero_decimals_ = only_zero_decimals_ && other.only_zero_decimals_;
  for (const auto& [symbol, n] : other.symbols_) symbols_[symbol] += n;
  for (const auto& [letters, n] : other.magnitudes_) magnitudes_[letters] += n;
}

NumberTally::Verdict NumberTally::verdict(std::optional<char> decimal) const {
  Verdict out;
  std::size_t best = kWays;
  std::array<std::int64_t, 2> most{};  // of each decimal mark
  for (std::size_t w = 0; w < kWays; ++w) {
    most[w / kMarks] = std::max(most[w / kMarks], read_[w]);
    const char mark = w < kMarks ? '.' : ',';
    if (decimal && *decimal != mark) continue;
    if (best == kWays || read_[w] > read_[best]) best = w;
  }
  if (best == kWays) return out;
  out.read = read_[best];
  out.format.decimal = best < kMarks ? '.' : ',';
  const std::size_t mark = best % kMarks;
  if (mark == blank) out.format.thousands = " ";
  if (mark == apostrophe) out.format.thousands = "'";
  if (mark == other) out.format.thousands = out.format.decimal == '.' ? "," : ".";
  if (mark == low_line) out.format.thousands = "_";
  if (two_ways_ > 0 && !decimal && most[0] == most[1]) {
    out.undecided = true;
    out.example = two_ways_example_;
  }
  out.format.parentheses = parentheses_ > 0;
  for (const auto& [symbol, n] : symbols_) out.format.symbols.push_back(symbol);
  if (percents_ > 0) out.format.symbols.emplace_back("%");
  for (const auto& [letters, n] : magnitudes_) out.format.magnitudes.emplace_back(letters, magnitude_of(letters));
  return out;
}

}  // namespace vigie::propose

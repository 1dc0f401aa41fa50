#include "reading/kinds.h"

#include <algorithm>
#include <array>

namespace vigie::reading {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; }
char low(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// What is left of a cell while it is taken apart.
class Cut {
 public:
  explicit Cut(std::string_view text) : text_(text) {}
  bool done() const { return text_.empty(); }
  std::string_view rest() const { return text_; }
  bool take(std::string_view what) {
    if (!text_.starts_with(what)) return false;
    text_.remove_prefix(what.size());
    return true;
  }
  bool take_any(std::string_view letters) {
    if (text_.empty() || !letters.contains(text_.front())) return false;
    text_.remove_prefix(1);
    return true;
  }
  /// As many digits as stand there, at most so many; 0: fewer than asked.
  std::size_t digits(std::size_t least, std::size_t most) {
    std::size_t n = 0;
    while (n < most && n < text_.size() && digit(text_[n])) ++n;
    if (n < least) return 0;
    text_.remove_prefix(n);
    return n;
  }
  bool drop_last(std::string_view what) {
    if (!text_.ends_with(what)) return false;
    text_.remove_suffix(what.size());
    return true;
  }
  void blanks() {
    while (take(" ") || take("\u00a0") || take("\u202f")) {
    }
  }
  void blanks_at_end() {
    while (drop_last(" ") || drop_last("\u00a0") || drop_last("\u202f")) {
    }
  }

 private:
  std::string_view text_;
};

/// Taxes are no currencies: "TVA 20 %" is a name.
bool is_tax(std::string_view letters) {
  constexpr std::array<std::string_view, 6> kTaxes{"TVA", "TTC", "VAT", "GST", "TPS", "TVQ"};
  return std::ranges::find(kTaxes, letters) != kTaxes.end();
}

bool take_currency(Cut& cut) {
  for (const std::string_view sign : {"$", "€", "£", "¥", "kr", "Fr."})
    if (cut.take(sign)) return true;
  const std::string_view rest = cut.rest();
  const auto capital = [&](std::size_t i) { return rest[i] >= 'A' && rest[i] <= 'Z'; };
  if (rest.size() > 3 && capital(0) && capital(1) && capital(2) && !letter(rest[3]) && !is_tax(rest.substr(0, 3)))
    return cut.take(rest.substr(0, 3));
  return false;
}

bool drop_currency(Cut& cut) {
  for (const std::string_view sign : {"%", "$", "€", "£", "¥", "kr"})
    if (cut.drop_last(sign)) return true;
  const std::string_view rest = cut.rest();
  const auto capital = [&](std::size_t i) { return rest[i] >= 'A' && rest[i] <= 'Z'; };
  const std::size_t n = rest.size();
  if (n > 3 && capital(n - 1) && capital(n - 2) && capital(n - 3) && !letter(rest[n - 4]))
    return cut.drop_last(rest.substr(n - 3));
  return false;
}

/// 1 234 567 after its first digits: groups of three, all with the same mark.
void take_groups(Cut& cut, std::size_t first) {
  if (first > 3) return;
  for (const std::string_view mark : {",", ".", " ", "'", "\u00a0", "\u202f", "’"}) {
    Cut ahead = cut;
    bool any = false;
    while (true) {
      Cut group = ahead;
      if (!group.take(mark) || group.digits(3, 3) == 0 || (!group.done() && digit(group.rest().front()))) break;
      ahead = group;
      any = true;
    }
    if (!any) continue;
    cut = ahead;
    return;
  }
}

bool is_number(std::string_view text) {
  Cut cut(text);
  if (cut.drop_last(")") && !cut.take("(")) return false;
  const auto sign = [&] { return cut.take_any("+-") || cut.take("\u2212"); };
  sign();
  cut.blanks();
  take_currency(cut);
  cut.blanks();
  sign();
  if (!cut.drop_last("-")) drop_currency(cut);
  cut.blanks_at_end();
  const std::size_t whole = cut.digits(1, 40);
  if (whole > 0) take_groups(cut, whole);
  bool any = whole > 0;
  if (Cut decimals = cut; decimals.take_any(".,") && decimals.digits(1, 40) > 0) {
    cut = decimals;
    any = true;
  }
  if (Cut power = cut; any && power.take_any("eE")) {
    power.take_any("+-");
    if (power.digits(1, 4) > 0) cut = power;
  }
  return any && cut.done();
}

/// 9:05, 09:05:11.250, 9:05 pm, 09:05Z, 09:05+02:00
bool take_time(Cut& cut) {
  Cut at = cut;
  if (at.digits(1, 2) == 0 || !at.take(":") || at.digits(2, 2) == 0) return false;
  if (Cut seconds = at; seconds.take(":") && seconds.digits(2, 2) > 0) {
    at = seconds;
    if (Cut parts = at; parts.take_any(".,") && parts.digits(1, 9) > 0) at = parts;
  }
  Cut half = at;
  half.take(" ");
  if (half.take_any("AaPp") && half.take_any("Mm")) at = half;
  Cut zone = at;
  zone.take(" ");
  if (zone.take("Z")) {
    at = zone;
  } else if (zone.take_any("+-") && zone.digits(2, 2) > 0) {
    zone.take(":");
    if (zone.digits(2, 2) > 0) at = zone;
  }
  cut = at;
  return true;
}

bool take_month(Cut& cut) {
  constexpr std::array kMonths = {"jan", "feb",  "fév", "fev", "mar", "mär", "apr", "avr", "may", "mai", "jun", "juin",
                                  "jul", "juil", "aug", "aoû", "aou", "sep", "oct", "okt", "nov", "dec", "déc", "dez"};
  std::string head;
  for (const char c : cut.rest().substr(0, 4)) head += low(c);
  for (const std::string_view month : kMonths) {
    if (!head.starts_with(month)) continue;
    cut.take(cut.rest().substr(0, month.size()));
    while (!cut.done() && letter(cut.rest().front())) cut.take(cut.rest().substr(0, 1));
    cut.take(".");
    return true;
  }
  return false;
}

bool take_day(Cut& cut) {
  Cut at = cut;
  const std::string_view rest = at.rest();
  if (!rest.empty() && !digit(rest.front())) {  // March 2024, Mar-24, March 3, 2024, Tue May 29
    if (take_month(at)) {
      Cut year = at;
      if (year.take_any("-/ ") && (year.digits(4, 4) > 0 || (at.rest().front() != ' ' && year.digits(2, 2) > 0)))
        return cut = year, true;
      if (!at.take(" ") || at.digits(1, 2) == 0) return false;
      at.take(",");
      if (!at.take(" ") || at.digits(4, 4) == 0) return false;
      return cut = at, true;
    }
    return false;
  }
  const std::size_t first = at.digits(1, 4);
  if (first == 0) return false;
  if (Cut second = at;
      second.take_any("-/. ") && second.digits(1, 2) > 0 && second.take_any("-/. ") && second.digits(1, 4) > 0)
    return cut = second, true;
  if (first > 2) return false;
  for (const std::string_view ordinal : {"st", "nd", "rd", "th", "er"})
    if (at.take(ordinal)) break;
  at.take_any("-/ ");
  if (!take_month(at)) return false;
  at.take(",");
  if (!at.take_any("-/ ") || at.digits(2, 4) == 0) return false;
  return cut = at, true;
}

/// Tue May 29 12:54:08 PDT 2018
bool is_unix_date(std::string_view text) {
  Cut cut(text);
  if (text.size() < 20 || !letter(text[0]) || text[3] != ' ') return false;
  cut.take(text.substr(0, 4));
  if (!take_month(cut) || !cut.take(" ")) return false;
  cut.blanks();
  if (cut.digits(1, 2) == 0 || !cut.take(" ") || !take_time(cut) || !cut.take(" ")) return false;
  while (!cut.done() && letter(cut.rest().front())) cut.take(cut.rest().substr(0, 1));
  return cut.take(" ") && cut.digits(4, 4) > 0 && cut.done();
}

bool is_date(std::string_view text) {
  Cut cut(text);
  if (take_time(cut) && cut.done()) return true;
  cut = Cut(text);
  if (!take_day(cut)) return is_unix_date(text);
  if (cut.done()) return true;
  bool mark = false;
  while (cut.take_any("T ,")) mark = true;
  return mark && take_time(cut) && cut.done();
}

bool is_address(std::string_view text) {
  if (text.find_first_of(" \t\n") != std::string_view::npos) return false;
  if (text.starts_with("http://") || text.starts_with("https://") || text.starts_with("www.")) return text.size() > 7;
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find_first_of(",;@", at + 1) != std::string_view::npos)
    return false;
  const std::size_t dot = text.rfind('.');
  return dot != std::string_view::npos && dot > at + 1 && dot + 2 < text.size();
}

}  // namespace

bool is_word_for_nothing(std::string_view cell) {
  const std::string_view text = trimmed(cell);
  constexpr std::size_t kLongest = 7;
  if (text.size() > kLongest) return false;
  std::string word;
  for (const char c : text) word += low(c);
  for (const std::string_view one :
       {"null", "na", "n/a", "nan",  "none", "-",  "--",   ".",     "..",    "missing", "nil",
        "#n/a", "?",  "nd",  "n.d.", "n.a.", "nc", "n.c.", "néant", "neant", "inconnu", "unknown"})
    if (word == one) return true;
  return false;
}

std::string_view trimmed(std::string_view cell) {
  while (true) {
    if (cell.empty()) return cell;
    if (const char c = cell.front(); c == ' ' || (c >= '\t' && c <= '\r')) cell.remove_prefix(1);
    else if (cell.starts_with("\u00a0")) cell.remove_prefix(2);
    else break;
  }
  while (true) {
    if (const char c = cell.back(); c == ' ' || (c >= '\t' && c <= '\r')) cell.remove_suffix(1);
    else if (cell.ends_with("\u00a0")) cell.remove_suffix(2);
    else return cell;
  }
}

Kind kind_of(std::string_view cell) {
  const std::string_view text = trimmed(cell);
  if (text.empty()) return Kind::empty;
  constexpr std::size_t kLongestNumber = 48;
  const bool any_digit = text.size() <= kLongestNumber && std::ranges::any_of(text, digit);
  if (any_digit && is_number(text)) return Kind::number;
  if (any_digit && is_date(text)) return Kind::date;
  if (is_word_for_nothing(text)) return Kind::empty;
  return is_address(text) ? Kind::address : Kind::text;
}

bool is_year(std::string_view cell) {
  const std::string_view text = trimmed(cell);
  return text.size() == 4 && (text.starts_with("19") || text.starts_with("20")) && digit(text[2]) && digit(text[3]);
}

std::string shape_of(std::string_view cell) {
  std::string out;
  for (const char c : trimmed(cell)) {
    const char sign = digit(c) ? '9' : letter(c) ? 'A' : c;
    if (out.empty() || out.back() != sign || (sign != '9' && sign != 'A')) out += sign;
  }
  return out;
}

}  // namespace vigie::reading

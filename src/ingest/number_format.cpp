#include "ingest/number_format.h"

#include <charconv>

#include "base/text.h"

namespace vigie::ingest {
namespace {

constexpr Int128 kMaxUnits = 999'999'999'999'999'999;  // DECIMAL(18, s)
constexpr int kMaxDigits = 34;                         // beyond it a 128-bit product with a factor could overflow

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (prefix.empty() || !text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Blanks of the typographers too: U+00A0, U+2009, U+202F.
bool drop_blank(std::string_view& text) {
  return drop_prefix(text, " ") || drop_prefix(text, "\t") || drop_prefix(text, "\xC2\xA0") ||
         drop_prefix(text, "\xE2\x80\x89") || drop_prefix(text, "\xE2\x80\xAF");
}

std::string_view trim_blanks(std::string_view text) {
  while (drop_blank(text)) {
  }
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view blank : {" ", "\t", "\r", "\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF"})
      if (text.ends_with(blank)) {
        text.remove_suffix(blank.size());
        again = true;
      }
  }
  return text;
}

bool drop_symbols(std::string_view& text, const std::vector<std::string>& symbols) {
  bool dropped = false;
  for (bool again = true; again;) {
    again = false;
    text = trim_blanks(text);
    for (const std::string& symbol : symbols) {
      if (symbol.empty()) continue;
      if (text.starts_with(symbol)) {
        text.remove_prefix(symbol.size());
        again = dropped = true;
      } else if (text.ends_with(symbol)) {
        text.remove_suffix(symbol.size());
        again = dropped = true;
      }
    }
  }
  return dropped;
}

/// "1,5 M": the letter goes, and is the power of ten that it stands for. It stands after a digit, or a blank.
int drop_magnitude(std::string_view& text, const std::vector<std::pair<std::string, int>>& magnitudes) {
  for (const auto& [letters, power] : magnitudes) {
    if (letters.empty() || !text.ends_with(letters)) continue;
    const std::string_view before = trim_blanks(text.substr(0, text.size() - letters.size()));
    if (before.empty() || !is_digit(before.back())) continue;
    text = before;
    return power;
  }
  return 0;
}

/// "103,50-", as books and older programs write it.
bool drop_minus_behind(std::string_view& text) {
  for (const std::string_view minus : {"-", "\xE2\x88\x92"}) {
    if (!text.ends_with(minus)) continue;
    const std::string_view before = trim_blanks(text.substr(0, text.size() - minus.size()));
    if (before.empty() || !is_digit(before.front())) return false;
    text = before;
    return true;
  }
  return false;
}

bool drop_thousands(std::string_view& text, std::string_view marks) {
  for (const char mark : marks) {
    if (mark == ' ' && drop_blank(text)) return true;
    if (mark == '\'' && drop_prefix(text, "\xE2\x80\x99")) return true;
    if (!text.empty() && text.front() == mark) {
      text.remove_prefix(1);
      return true;
    }
  }
  return false;
}

/// The digits of a number before any scaling: value · 10^exponent.
struct Digits {
  Int128 value = 0;
  int exponent = 0;
  Fault fault = Fault::none;
};

/// What stands between marks of thousands: groups of three; or, with commas, the Indian 12,34,567, whose last group has
/// three digits and the others two.
class Groups {
 public:
  explicit Groups(bool may_be_indian) : may_be_indian_(may_be_indian) {}
  bool begun() const { return since_mark_ >= 0; }
  void digit() { since_mark_ += begun() ? 1 : 0; }
  /// False: no mark may stand here, after so many digits of the first group.
  bool mark(int digits) {
    if (begun()) {
      twos_ += since_mark_ == 2 ? 1 : 0;
      threes_ += since_mark_ == 3 ? 1 : 0;
      if (since_mark_ != 3 && !(may_be_indian_ && since_mark_ == 2)) return false;
    } else {
      first_ = digits;
      if (digits > 3) return false;
    }
    since_mark_ = 0;
    return true;
  }
  /// Where the decimal mark stands, or the number ends.
  bool end() {
    const bool indian = twos_ > 0;
    const bool right = !begun() || (since_mark_ == 3 && (!indian || (threes_ == 0 && first_ <= 2)));
    since_mark_ = -1;
    return right;
  }

 private:
  bool may_be_indian_;
  int since_mark_ = -1, first_ = 0, twos_ = 0, threes_ = 0;
};

Digits read_digits(std::string_view text, const NumberFormat& format) {
  Digits out;
  int digits = 0, significant = 0;
  bool fraction = false;
  Groups groups(format.thousands.contains(','));
  while (!text.empty()) {
    const char c = text.front();
    if (is_digit(c)) {
      text.remove_prefix(1);
      ++digits;
      groups.digit();
      if (significant > 0 || c != '0') ++significant;
      if (significant > kMaxDigits) {
        if (!fraction) return {0, 0, Fault::overflow};
        if (c != '0') return {0, 0, Fault::precision};
        continue;
      }
      out.value = out.value * 10 + (c - '0');
      if (fraction) --out.exponent;
    } else if (c == format.decimal && !fraction) {
      if (!groups.end()) return {0, 0, Fault::number};
      fraction = true;
      text.remove_prefix(1);
    } else if (!fraction && digits > 0 && drop_thousands(text, format.thousands)) {
      if (!groups.mark(digits)) return {0, 0, Fault::number};
    } else {
      break;
    }
  }
  if (digits == 0 || !groups.end()) return {0, 0, Fault::number};
  if (text.empty()) return out;
  if (text.front() != 'e' && text.front() != 'E') return {0, 0, Fault::number};
  text.remove_prefix(1);
  drop_prefix(text, "+");
  int exponent = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (problem != std::errc{} || end != text.data() + text.size() || exponent > 60 || exponent < -60)
    return {0, 0, Fault::number};
  out.exponent += exponent;
  return out;
}

Units scaled(Digits digits, const NumberFormat& format, int scale, bool negative) {
  if (digits.fault != Fault::none) return {0, digits.fault};
  if (digits.value == 0) return {0, Fault::none};
  if (format.factor != Decimal::integer(1)) {
    const auto product = Decimal(digits.value, 0).times(Decimal(format.factor.units(), 0));
    if (!product) return {0, Fault::overflow};
    digits.value = product->units();
    digits.exponent -= format.factor.scale();
  }
  int shift = digits.exponent + scale;
  Int128 units = digits.value;
  for (; shift > 0; --shift) {
    if (units > kMaxUnits || units < -kMaxUnits) return {0, Fault::overflow};
    units *= 10;
  }
  for (; shift < 0 && units % 10 == 0; ++shift) units /= 10;  // zeros beyond the scale lose nothing
  if (shift < 0) {
    if (!format.round) return {0, Fault::precision};
    if (shift < -37) return {0, Fault::none};
    const auto rounded = Decimal(units, -shift).rescaled(0);
    if (!rounded) return {0, Fault::overflow};
    units = rounded->units();
  }
  if (units > kMaxUnits || units < -kMaxUnits) return {0, Fault::overflow};
  const auto value = static_cast<std::int64_t>(units);
  return {negative ? -value : value, Fault::none};
}

/// What nearly every number of a file is: a sign, at most fifteen digits and a mark, in ASCII. Anything else is for the
/// reader below, which also says what is wrong.
std::optional<std::int64_t> read_plain(std::string_view text, char decimal, int scale) {
  constexpr std::size_t kMostPlain = 16;
  constexpr std::int64_t kPowers[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};
  if (text.empty() || text.size() > kMostPlain) return std::nullopt;
  const bool negative = text.front() == '-';
  std::int64_t value = 0;
  int digits = 0, decimals = -1;
  for (const char c : text.substr(negative ? 1 : 0)) {
    if (is_digit(c)) {
      value = value * 10 + (c - '0');
      ++digits;
      if (decimals >= 0) ++decimals;
    } else if (c == decimal && decimals < 0) {
      decimals = 0;
    } else {
      return std::nullopt;
    }
  }
  const int missing = scale - std::max(decimals, 0);
  if (digits == 0 || missing < 0 || digits + missing > 18) return std::nullopt;
  value *= kPowers[missing];
  return negative ? -value : value;
}

}  // namespace

Units read_number(std::string_view text, const NumberFormat& format, int scale) {
  if (format.factor.units() == 1 && format.factor.scale() == 0)
    if (const auto plain = read_plain(text, format.decimal, scale)) return {*plain, Fault::none};
  text = trim_blanks(text);
  bool negative = false;
  if (format.parentheses && text.starts_with('(') && text.ends_with(')')) {
    negative = true;
    text = trim_blanks(text.substr(1, text.size() - 2));
  }
  drop_symbols(text, format.symbols);
  if (!negative && (drop_prefix(text, "-") || drop_prefix(text, "\xE2\x88\x92"))) {
    negative = true;
  } else if (!negative) {
    drop_prefix(text, "+");
  }
  drop_symbols(text, format.symbols);
  if (!negative && drop_minus_behind(text)) {
    negative = true;
    drop_symbols(text, format.symbols);
  }
  const int power = drop_magnitude(text, format.magnitudes);
  Digits digits = read_digits(text, format);
  digits.exponent += power;
  return scaled(digits, format, scale, negative);
}

std::string NumberFormat::to_text() const {
  std::string out(1, decimal);
  out += parentheses ? '(' : '-';
  out += round ? 'r' : '-';
  out += factor.to_string() + '\x1f' + thousands;
  for (const std::string& symbol : symbols) out += '\x1f' + symbol;
  for (const auto& [letters, power] : magnitudes) out += fmt::format("\x1f\x1e{}\x1e{}", letters, power);
  return out;
}

NumberFormat NumberFormat::from_text(std::string_view text) {
  NumberFormat out;
  if (text.size() < 3) return out;
  out.decimal = text[0];
  out.parentheses = text[1] == '(';
  out.round = text[2] == 'r';
  const std::vector<std::string> parts = split(text.substr(3), '\x1f');
  if (const auto factor = Decimal::parse(parts[0])) out.factor = *factor;
  if (parts.size() > 1) out.thousands = parts[1];
  for (std::size_t i = 2; i < parts.size(); ++i) {
    if (!parts[i].starts_with('\x1e')) {
      out.symbols.push_back(parts[i]);
      continue;
    }
    const std::size_t end = parts[i].find('\x1e', 1);
    int power = 0;
    std::from_chars(parts[i].data() + end + 1, parts[i].data() + parts[i].size(), power);
    out.magnitudes.emplace_back(parts[i].substr(1, end - 1), power);
  }
  return out;
}

}  // namespace vigie::ingest

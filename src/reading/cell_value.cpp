#include "reading/cell_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "base/time.h"

namespace vigie::reading {
namespace {

constexpr int kKnownDigits = 15;  // of a double, whatever the number

/// 0.digits · 10^point, the digits without zeros at either end; "" is zero.
struct Digits {
  bool negative = false;
  std::string digits;
  long point = 0;
  bool whole = false;  ///< written without point or exponent

  std::string text() const;
};

std::optional<long> exponent_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  long out = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (wrong != std::errc() || end != text.data() + text.size() || std::abs(out) > 5'000) return std::nullopt;
  return out;
}

std::optional<Digits> take_apart(std::string_view text) {
  Digits out;
  if (text.starts_with('-') || text.starts_with('+')) {
    out.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const std::size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos) {
    const auto exponent = exponent_of(text.substr(e + 1));
    if (!exponent) return std::nullopt;
    out.point = *exponent;
    text = text.substr(0, e);
  }
  const std::size_t dot = text.find('.');
  const std::string_view before = text.substr(0, dot);
  const std::string_view after = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  if (before.empty() && after.empty()) return std::nullopt;
  out.whole = e == std::string_view::npos && dot == std::string_view::npos;
  out.digits = std::string(before) + std::string(after);
  if (!std::ranges::all_of(out.digits, is_digit)) return std::nullopt;
  out.point += static_cast<long>(before.size());
  const std::size_t first = out.digits.find_first_not_of('0');
  if (first == std::string::npos) {
    out.negative = false;
    out.digits.clear();
    return out;
  }
  out.digits.erase(0, first);
  out.point -= static_cast<long>(first);
  out.digits.erase(out.digits.find_last_not_of('0') + 1);
  return out;
}

std::string Digits::text() const {
  constexpr long kLongest = 40;
  if (digits.empty()) return "0";
  const long size = static_cast<long>(digits.size());
  std::string out = negative ? "-" : "";
  if (point > kLongest || point < -kLongest)
    return out + digits.substr(0, 1) + (size > 1 ? "." + digits.substr(1) : "") + fmt::format("E{}", point - 1);
  if (point <= 0) return out + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (size <= point) return out + digits + std::string(static_cast<std::size_t>(point - size), '0');
  return out + digits.substr(0, static_cast<std::size_t>(point)) + "." + digits.substr(static_cast<std::size_t>(point));
}

/// The first `kept` digits, rounded half up by the next one.
Digits rounded(const Digits& number, std::size_t kept) {
  Digits out = number;
  const bool up = number.digits[kept] >= '5';
  out.digits.resize(kept);
  if (up) {
    std::size_t i = kept;
    while (i > 0 && out.digits[i - 1] == '9') --i;
    if (i == 0) {
      out.digits = "1";
      ++out.point;
    } else {
      out.digits.resize(i);
      ++out.digits[i - 1];
    }
  }
  out.digits.erase(out.digits.find_last_not_of('0') + 1);
  return out;
}

std::optional<double> double_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double out = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (wrong != std::errc() || end != text.data() + text.size() || !std::isfinite(out)) return std::nullopt;
  return out;
}

/// Of the double nearest to it.
std::optional<Digits> shortest(std::string_view written) {
  const auto value = double_of(written);
  if (!value) return std::nullopt;
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, *value, std::chars_format::scientific);
  return take_apart({buffer, static_cast<std::size_t>(end.ptr - buffer)});
}

/// "18:42:00", with .123 where there are thousandths.
std::string clock_text(std::int64_t milliseconds) {
  const std::int64_t seconds = milliseconds / 1000;
  std::string out = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (milliseconds % 1000 != 0) out += fmt::format(".{:03}", milliseconds % 1000);
  return out;
}

/// What a code says outside its quotes, colours and escapes, in small letters; only its first section, which is that of
/// numbers above zero.
std::string bare_code(std::string_view code, bool& is_duration) {
  std::string out;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    const char c = code[i];
    if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '"') {
      i = std::min(code.find('"', i + 1), code.size());
    } else if (c == '[') {
      const std::size_t end = std::min(code.find(']', i), code.size());
      const std::string inside = lower_ascii(code.substr(i + 1, end - i - 1));
      if (!inside.empty() && inside.find_first_not_of("hms") == std::string::npos &&
          inside.find_first_not_of(inside[0]) == std::string::npos)
        is_duration = true;
      i = end;
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c;
    }
  }
  return out;
}

/// A sign or a code of money in a text of a format: "€" in " € ", "k€"; "EUR". Other words ("kg", "PCS") are none.
std::string money_in(std::string_view text) {
  for (const std::string_view sign : {"€", "£", "¥", "₹", "R$", "$"})
    if (text.contains(sign)) return std::string(sign);
  text = trim(text);
  constexpr std::array<std::string_view, 16> kCodes{"EUR", "USD", "GBP", "CHF", "CAD", "AUD", "SEK", "NOK",
                                                    "DKK", "PLN", "CZK", "JPY", "CNY", "INR", "BRL", "MAD"};
  return std::ranges::find(kCodes, text) == kCodes.end() ? std::string() : std::string(text);
}

/// What stands between "[$" and "]": a sign, and after a hyphen the place (the number of Windows) whose it is.
std::string money_of_place(std::string_view text) {
  const std::size_t hyphen = text.find('-');
  const std::string sign(trim(text.substr(0, hyphen)));
  std::string place = hyphen == std::string_view::npos ? "" : lower_ascii(text.substr(hyphen + 1));
  if (place.size() > 4) place = place.substr(place.size() - 4);
  while (place.starts_with('0')) place.erase(0, 1);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kPlaces{{{"409", "USD"},
                                                                                   {"1009", "CAD"},
                                                                                   {"c0c", "CAD"},
                                                                                   {"c09", "AUD"},
                                                                                   {"1409", "NZD"},
                                                                                   {"4809", "SGD"},
                                                                                   {"1004", "SGD"},
                                                                                   {"c04", "HKD"},
                                                                                   {"404", "TWD"},
                                                                                   {"80a", "MXN"},
                                                                                   {"2c0a", "ARS"},
                                                                                   {"340a", "CLP"},
                                                                                   {"240a", "COP"},
                                                                                   {"41d", "SEK"},
                                                                                   {"414", "NOK"},
                                                                                   {"406", "DKK"},
                                                                                   {"411", "JPY"}}};
  const bool of_several = sign == "$" || sign == "kr" || sign == "kr." || sign == "¥";
  if (of_several)
    for (const auto& [number, code] : kPlaces)
      if (number == place) return std::string(code);
  return sign;
}

}  // namespace

std::optional<std::string> plain_number(std::string_view written) {
  const auto digits = take_apart(written);
  if (!digits) return std::nullopt;
  if (digits->whole || digits->digits.size() <= kKnownDigits) return digits->text();
  constexpr std::size_t kClean = kKnownDigits - 2;
  const Digits known = rounded(*digits, kKnownDigits);
  if (known.digits.size() <= kClean) return known.text();
  const auto same = shortest(written);
  return (same ? *same : *digits).text();
}

NumberFormat format_built_in(int id) {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
    return NumberFormat::date;
  if (id == 22) return NumberFormat::date_time;
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 45 || id == 47 || id == 55 || id == 56)
    return NumberFormat::time;
  return id == 46 ? NumberFormat::duration : NumberFormat::number;
}

NumberFormat format_of_code(std::string_view code) {
  bool is_duration = false;
  std::string bare = bare_code(code, is_duration);
  if (is_duration) return NumberFormat::duration;
  if (bare.find("general") != std::string::npos) return NumberFormat::number;
  bool clock = false;
  for (const std::string_view mark : {"am/pm", "a/p"})
    if (const std::size_t at = bare.find(mark); at != std::string::npos) {
      bare.erase(at, mark.size());
      clock = true;
    }
  clock = clock || bare.find_first_of("hs") != std::string::npos;
  const bool day = bare.find_first_of("yd") != std::string::npos || (!clock && bare.find('m') != std::string::npos);
  if (day) return clock ? NumberFormat::date_time : NumberFormat::date;
  return clock ? NumberFormat::time : NumberFormat::number;
}

std::string currency_of_code(std::string_view code) {
  code = code.substr(0, code.find(';'));
  std::string letters;  // what stands outside its brackets and quotes
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '_' || code[i] == '*') {
      ++i;  // a blank of that width, or what fills the cell
    } else if (code[i] == '\\' && i + 1 < code.size()) {
      letters += code[++i];
    } else if (code[i] == '[' || code[i] == '"') {
      const std::size_t end = std::min(code.find(code[i] == '[' ? ']' : '"', i + 1), code.size());
      const std::string_view inside = code.substr(i + 1, end - i - 1);
      const std::string said = code[i] == '"'            ? money_in(inside)
                               : inside.starts_with('$') ? money_of_place(inside.substr(1))
                                                         : std::string();
      if (!said.empty()) return said;
      i = end;
    } else {
      letters += code[i];
    }
  }
  return money_in(letters);
}

CellFormat cell_format_of_code(std::string_view code) {
  CellFormat out{format_of_code(code), {}};
  if (out.kind == NumberFormat::number && !code.contains('%')) out.currency = currency_of_code(code);
  return out;
}

std::optional<Cell> cell_of_number(std::string_view written, const CellFormat& format, DateSystem system) {
  auto cell = cell_of_number(written, format.kind, system);
  if (cell && cell->kind == CellKind::number && !format.currency.empty()) cell->text += " " + format.currency;
  return cell;
}

std::optional<Cell> cell_of_number(std::string_view written, NumberFormat format, DateSystem system) {
  auto plain = plain_number(written);
  if (!plain) return std::nullopt;
  Cell number{std::move(*plain), CellKind::number};
  const auto serial = double_of(written);
  constexpr double kLastDay = 2'958'466;  // the one after 9999-12-31
  if (format == NumberFormat::number || !serial || *serial < 0 || *serial >= kLastDay) return number;
  constexpr std::int64_t kDay = 86'400'000;
  const std::int64_t milliseconds = std::llround(*serial * static_cast<double>(kDay));
  const std::int64_t day = milliseconds / kDay, rest = milliseconds % kDay;
  if (format == NumberFormat::duration || (format == NumberFormat::time && day == 0))
    return Cell{clock_text(milliseconds), CellKind::time};
  const bool from_1904 = system == DateSystem::from_1904;
  if (!from_1904 && day == 0) return number;
  const bool with_clock = format != NumberFormat::date || rest != 0;
  const std::string clock = with_clock ? " " + clock_text(rest) : "";
  if (!from_1904 && day == 60) return Cell{"1900-02-29" + clock, CellKind::error};
  const Date first = from_1904 ? date_of(1904, 1, 1) : day < 60 ? date_of(1899, 12, 31) : date_of(1899, 12, 30);
  const Date date = first + static_cast<int>(day);
  if (civil(date).year > 9999) return number;
  return Cell{to_string(date) + clock, with_clock ? CellKind::instant : CellKind::date};
}

std::string column_letters(std::size_t column) {
  std::string out;
  for (std::size_t left = column + 1; left > 0; left = (left - 1) / 26)
    out.insert(out.begin(), static_cast<char>('A' + (left - 1) % 26));
  return out;
}

std::optional<std::size_t> column_of_letters(std::string_view text) {
  if (text.empty() || text.size() > 3) return std::nullopt;
  std::size_t out = 0;
  for (const char c : text) {
    const char letter = static_cast<char>(c & ~0x20);
    if (letter < 'A' || letter > 'Z') return std::nullopt;
    out = out * 26 + static_cast<std::size_t>(letter - 'A' + 1);
  }
  return out > kMostColumns ? std::nullopt : std::optional(out - 1);
}

std::optional<CellReference> parse_reference(std::string_view text) {
  if (text.starts_with('$')) text.remove_prefix(1);
  const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  const std::size_t letters = static_cast<std::size_t>(std::ranges::find_if_not(text, is_letter) - text.begin());
  const auto column = column_of_letters(text.substr(0, letters));
  text.remove_prefix(letters);
  if (text.starts_with('$')) text.remove_prefix(1);
  std::int64_t row = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), row);
  if (!column || wrong != std::errc() || end != text.data() + text.size() || row < 1 || row > kMostRows)
    return std::nullopt;
  return CellReference{row, *column};
}

std::string reference(std::int64_t row, std::size_t column) { return column_letters(column) + std::to_string(row); }

}  // namespace vigie::reading

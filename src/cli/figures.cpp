#include "cli/figures.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/thousands.h"
#include "cli/currency_marks.h"

namespace vigie::cli {
namespace {

constexpr std::string_view kMinus = "\u2212", kHard = "\u00a0", kNarrow = "\u202f";
/// Cards write amounts in full up to the first, the ends of an interval, approximate by nature, up to the second.
constexpr double kCompactFrom = 100'000, kCompactIntervalFrom = 10'000, kCompactCountFrom = 1e6;

struct Scale {
  double size;
  std::string_view en, fr;
};
constexpr std::array kScales{Scale{1e9, "bn", "Md"}, Scale{1e6, "m", "M"}, Scale{1e3, "k", "k"}};

/// The digits with at most `decimals` behind the point and at least `least`, rounded half away from zero.
std::string rounded(std::string_view digits, int decimals, int least) {
  const auto point = std::min(digits.find('.'), digits.size());
  std::string whole(digits.substr(0, point)), part(digits.substr(std::min(point + 1, digits.size())));
  const auto kept = static_cast<std::size_t>(decimals);
  if (part.size() > kept) {
    const bool up = part[kept] >= '5';
    part.resize(kept);
    std::string all = whole + part;
    if (up) {
      auto at = all.size();
      while (at > 0 && all[at - 1] == '9') all[--at] = '0';
      if (at > 0) ++all[at - 1];
      else all.insert(all.begin(), '1');
    }
    whole = all.substr(0, all.size() - kept);
    part = all.substr(all.size() - kept);
  }
  while (part.size() > static_cast<std::size_t>(least) && part.ends_with('0')) part.pop_back();
  part.resize(std::max(part.size(), static_cast<std::size_t>(least)), '0');
  return part.empty() ? whole : whole + "." + part;
}

bool is_nothing(std::string_view text) { return text.find_first_of("123456789") == std::string_view::npos; }

/// What a value is once it is printed with so many decimals.
double as_printed(double value, int decimals) {
  const double scale = std::pow(10, decimals);
  return std::round(std::abs(value) * scale) / scale;
}

/// 999,950 is printed as 1 M, so the scale is that of the value of three digits.
const Scale& scale_of(double value) {
  const double size = std::abs(value);
  const double unit = size > 0 ? std::pow(10, std::floor(std::log10(size)) - 2) : 1;
  const double shown = std::round(size / unit) * unit;
  const auto found = std::ranges::find_if(kScales, [&](const Scale& scale) { return shown >= scale.size; });
  return found == kScales.end() ? kScales.back() : *found;
}

}  // namespace

Figures::Written Figures::written(double value) {
  std::array<char, 400> text{};  // the largest double has 309 digits, the smallest 340 behind its point
  const auto end = std::to_chars(text.data(), text.data() + text.size(), std::abs(value), std::chars_format::fixed);
  return {value < 0, std::string(text.data(), end.ptr)};
}

std::string Figures::plain(const Written& value, int decimals, int least) const {
  const std::string text = rounded(value.digits, decimals, least);
  const auto point = std::min(text.find('.'), text.size());
  std::string out = value.negative && !is_nothing(text) ? std::string(kMinus) : "";
  out += with_thousands(std::string_view(text).substr(0, point), french_ ? kNarrow : ",");
  if (point < text.size()) out += (french_ ? "," : ".") + text.substr(point + 1);
  return out;
}

/// Three digits: 1.28, 12.8, 128.
std::string Figures::significant(double value) const {
  const double size = std::abs(value);
  const int first = size > 0 ? static_cast<int>(std::floor(std::log10(size))) : 0;
  if (first <= 2) return plain(written(value), 2 - first, 0);
  const double unit = std::pow(10, first - 2);
  return plain(written(std::round(value / unit) * unit), 0, 0);
}

std::string Figures::percent_mark() const { return french_ ? std::string(kHard) + "%" : "%"; }

/// French counts one up to 2 (excluded), English only a bare 1.
std::string Figures::point_word(double value, int decimals) const {
  const double shown = as_printed(value, decimals);
  const bool one = french_ ? shown < 2 : shown == 1 && decimals == 0;
  return std::string(french_ ? kHard : " ") + (one ? "pt" : "pts");
}

std::string Figures::join(const Figure& figure) {
  // A minus sign stands before the currency: −€66.
  if (!figure.before.empty() && figure.number.starts_with(kMinus))
    return std::string(kMinus) + figure.before + figure.number.substr(kMinus.size()) + figure.after;
  return figure.before + figure.number + figure.after;
}

Figures::Figure Figures::placed(std::string number, std::string_view letter, std::string_view currency) const {
  const std::string mark(mark_of(currency));
  if (french_) return {"", std::move(number), std::string(kHard) + std::string(letter) + mark};
  // A mark of letters stands off from the number: CHF 1,184.
  const bool letters = !mark.empty() && mark.back() >= 'A' && mark.back() <= 'Z';
  return {letters ? mark + std::string(kHard) : mark, std::move(number), std::string(letter)};
}

Figures::Figure Figures::scaled(double value, std::string_view currency) const {
  const Scale& scale = scale_of(value);
  return placed(significant(value / scale.size), french_ ? scale.fr : scale.en, currency);
}

Figures::Figure Figures::worded(double value, std::string_view unit, int decimals) const {
  const std::string number = plain(written(value), decimals, 0);
  if (french_) return {"", number, std::string(kHard) + (unit == "days" ? "j" : "mois")};
  const bool one = as_printed(value, decimals) == 1;
  const std::string word = unit == "days" ? " day" : " month";
  return {"", number, one ? word : word + "s"};
}

Figures::Figure Figures::figure(double value, const Written& digits, std::string_view unit, std::string_view currency,
                                Style style) const {
  const double size = std::abs(value);
  if (unit == "rate") return {"", plain(value * 100, size >= 1 ? 0 : 1), percent_mark()};
  if (unit == "money") {
    if (style == Style::card && size >= kCompactFrom) return scaled(value, currency);
    const int decimals = size > 0 && size < 99.995 ? cents_of(currency) : 0;
    return placed(plain(digits, decimals, decimals), "", currency);
  }
  if (unit == "days" || unit == "months") return worded(value, unit, size < 9.95 ? 1 : 0);
  if (unit == "score") return {"", plain(digits, 0, 0), point_word(value, 0)};
  if (unit == "mark") return {"", plain(digits, 2, 2), ""};
  if (unit == "ratio") {
    const int decimals = size >= 99.95 ? 0 : 1;
    return {"", plain(digits, decimals, decimals), french_ ? std::string(kHard) + "×" : "×"};
  }
  if (style == Style::card && size >= kCompactCountFrom) {
    const Scale& scale = scale_of(value);
    const std::string letter(french_ ? scale.fr : scale.en);
    return {"", significant(value / scale.size), french_ ? std::string(kHard) + letter : letter};
  }
  // A mean of counts is no whole number: 2.93 items are not 3.
  return {"", plain(digits, size < 100 ? 2 : 0, 0), ""};
}

std::string Figures::full(double value, std::string_view unit, std::string_view currency) const {
  return join(figure(value, unit, currency, Style::full));
}

std::string Figures::full(std::string_view exact, std::string_view unit, std::string_view currency) const {
  const bool negative = exact.starts_with('-');
  const Written digits{negative, std::string(exact.substr(negative ? 1 : 0))};
  return join(figure(std::strtod(std::string(exact).c_str(), nullptr), digits, unit, currency, Style::full));
}

std::string Figures::card(double value, std::string_view unit, std::string_view currency) const {
  return join(figure(value, unit, currency, Style::card));
}

std::string Figures::fine(double value, std::string_view unit, std::string_view currency) const {
  const double size = std::abs(value);
  if (unit == "rate") return plain(written(value * 100), 2, 1) + percent_mark();
  if (unit == "score") return plain(value, 1);
  if (unit == "days" || unit == "months") return join(worded(value, unit, size < 9.95 ? 2 : 1));
  if (unit == "ratio") return plain(value, 2) + (french_ ? std::string(kHard) + "×" : "×");
  if (unit == "count") return bare(value);
  return full(value, unit, currency);
}

std::string Figures::interval(double low, double high, std::string_view unit, std::string_view currency) const {
  const double least = std::min(std::abs(low), std::abs(high)), most = std::max(std::abs(low), std::abs(high));
  const bool compact = unit == "money" && most >= kCompactIntervalFrom && least >= kScales.back().size;
  const auto end = [&](double value) {
    return compact ? scaled(value, currency) : figure(value, unit, currency, Style::card);
  };
  const Figure from = end(low), to = end(high);
  const bool below_zero = from.number.starts_with(kMinus) && !from.before.empty();
  if (from.before != to.before || from.after != to.after || below_zero) return join(from) + " – " + join(to);
  // A sign before one end and a letter behind the other make one figure of neither: €7.07k–15.3k is not €7.07–15.3k.
  const std::string letter = from.before.empty() ? "" : from.after;
  const bool apart = to.number.starts_with(kMinus);
  return from.before + from.number + letter + (apart ? " – " : "–") + to.number + to.after;
}

std::string Figures::signed_points(double points, int decimals, int least) const {
  const std::string number = plain(written(std::abs(points)), decimals, least);
  if (is_nothing(number)) return plain(0, 1);
  return (points < 0 ? std::string(kMinus) : "+") + number + point_word(points, decimals);
}

std::string Figures::with_sign(double value, const Figure& size) const {
  if (is_nothing(size.number)) return plain(0, 1);
  return (value < 0 ? std::string(kMinus) : "+") + join(size);
}

std::string Figures::change(double delta, std::optional<double> relative, std::optional<double> base,
                            std::string_view unit, std::string_view currency) const {
  if (unit == "rate") {
    const int decimals = std::abs(delta * 100) >= 9.95 ? 0 : 1;
    return signed_points(delta * 100, decimals, decimals);
  }
  if (unit == "score") {
    const int decimals = std::abs(delta) < 0.95 ? 1 : 0;
    return signed_points(delta, decimals, decimals);
  }
  if (unit == "money" || unit == "count") {
    if (relative) {
      const double shown = std::abs(*relative * 100);
      return with_sign(*relative, {"", plain(shown, shown >= 99.95 ? 0 : 1), percent_mark()});
    }
    if (base == 0.0 && delta != 0) return french_ ? "nouveau" : "new";
  }
  return with_sign(delta, figure(std::abs(delta), unit, currency, Style::card));
}

std::string Figures::step(double delta, std::string_view unit, std::string_view currency) const {
  if (unit == "rate") {
    const std::string number = plain(written(std::abs(delta * 100)), 2, 1);
    const std::string sign = is_nothing(number) ? "" : delta < 0 ? std::string(kMinus) : "+";
    return sign + number + point_word(delta * 100, 2);
  }
  const std::string text = fine(delta, unit, currency);
  return delta > 0 && !is_nothing(text) ? "+" + text : text;
}

std::string Figures::share(double share) const {
  if (share > 0 && share < 0.005) return "<" + std::string(kHard) + "1" + percent_mark();
  if (share > 0.995 && share < 1) return ">" + std::string(kHard) + "99" + percent_mark();
  return plain(share * 100, 0) + percent_mark();
}

std::string Figures::integer(std::int64_t value) const { return plain(static_cast<double>(value), 0); }

std::string Figures::bare(double value) const { return plain(written(value), 2, 0); }

}  // namespace vigie::cli

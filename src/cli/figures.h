#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/language.h"

namespace vigie::cli {

/// Numbers as people read them in one language. web/src/lib/format/cases.json says what each must look like; the page's
/// formatter (numbers.ts) is held to the same file, so that terminal and screen agree.
///
///   Figures(Language::en).full(1184, "money", "EUR");               // "€1,184"
///   Figures(Language::fr).change(-0.011, -0.107, 0.103, "rate", ""); // "−1,1 pt"
///
/// Units are those of an Answer. A number is rounded half away from zero on its shortest decimal form, or on the exact
/// text where it comes with one. A value: may be copied and shared.
class Figures {
 public:
  explicit Figures(Language language) : french_(language == Language::fr) {}

  /// The value with its unit, in full precision of its kind.
  std::string full(double value, std::string_view unit, std::string_view currency) const;
  std::string full(std::string_view exact, std::string_view unit, std::string_view currency) const;
  /// Like `full`, but amounts from 100,000 on and counts from a million on are compact: "€541k".
  std::string card(double value, std::string_view unit, std::string_view currency) const;
  /// One digit more than `full`: for steps that are often smaller than a last digit of the figure they lead to.
  std::string fine(double value, std::string_view unit, std::string_view currency) const;
  /// Two ends with one unit: "8.0–10.6%"; amounts from ten thousand on compact.
  std::string interval(double low, double high, std::string_view unit, std::string_view currency) const;

  /// A change, always signed. Rates and scores move in points; amounts and counts in percent where there is a ratio,
  /// else in their own unit; durations, ratios and marks in their own unit. From zero: "new". Equal: "0.0".
  std::string change(double delta, std::optional<double> relative, std::optional<double> base, std::string_view unit,
                     std::string_view currency) const;
  /// A step in the unit of the figure, as fine as `fine`, signed unless it is nothing: "+1.33 pts", "−€7.50".
  std::string step(double delta, std::string_view unit, std::string_view currency) const;

  std::string share(double share) const;  ///< of a whole, without decimals: "29%"; a trace is "< 1%", never 0
  std::string integer(std::int64_t value) const;
  std::string bare(double value) const;  ///< no unit, at most two decimals: "1,061.67"

 private:
  enum class Style { full, card };
  /// A unit may stand before a number ("€") or after it ("%", " days").
  struct Figure {
    std::string before, number, after;
  };
  /// A decimal as it is written, without sign or marks: "1184.4999".
  struct Written {
    bool negative = false;
    std::string digits;
  };
  static Written written(double value);
  static std::string join(const Figure& figure);

  std::string plain(const Written& value, int decimals, int least) const;
  std::string plain(double value, int decimals) const { return plain(written(value), decimals, decimals); }
  std::string significant(double value) const;
  std::string percent_mark() const;
  std::string point_word(double value, int decimals) const;
  std::string signed_points(double points, int decimals, int least) const;
  std::string with_sign(double value, const Figure& size) const;
  Figure figure(double value, const Written& digits, std::string_view unit, std::string_view currency,
                Style style) const;
  Figure figure(double value, std::string_view unit, std::string_view currency, Style style) const {
    return figure(value, written(value), unit, currency, style);
  }
  Figure placed(std::string number, std::string_view letter, std::string_view currency) const;
  Figure scaled(double value, std::string_view currency) const;  ///< of three digits, with the letter of its scale
  Figure worded(double value, std::string_view unit, int decimals) const;

  bool french_;
};

}  // namespace vigie::cli

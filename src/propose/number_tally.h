#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/number_format.h"

namespace vigie::propose {

/// How the numbers of a column are written, told from all of its texts. Each text leaves only counts behind: of the
/// ways of writing it can be read in, of the symbols and letters round it, of what it says of size and sign.
///
/// "1.234" can be read with a decimal point and with points between thousands. A column in which no text decides stays
/// undecided: nothing is guessed.
class NumberTally {
 public:
  void add(std::string_view text);
  /// A number of a cell that was one in its file (a workbook, JSON): written with a decimal point, whatever else stands
  /// in the column. It never leaves a doubt, and never borrows a mark.
  void add_number(std::string_view text);
  /// As if all texts of the other stood in this column too.
  void add_all(const NumberTally& other);

  struct Verdict {
    ingest::NumberFormat format;
    std::int64_t read = 0;   ///< texts that are numbers so
    bool undecided = false;  ///< the same texts are other numbers with the other decimal mark
    std::string example;     ///< of what does not decide
  };
  /// The way in which most texts are numbers. `decimal`: the mark that somebody said.
  Verdict verdict(std::optional<char> decimal = {}) const;

  std::int64_t numbers() const { return numbers_; }                           ///< texts that are numbers in some way
  bool of_cells_alone() const { return numbers_ > 0 && cells_ == numbers_; }  ///< none was a text in its file
  bool whole() const { return numbers_ > 0 && most_decimals_ == 0; }
  bool written_as_decimals() const { return numbers_ > 0 && only_zero_decimals_ && most_decimals_ > 0; }  ///< 17850.0
  int most_decimals() const { return most_decimals_; }
  int most_digits() const { return most_digits_; }  ///< before the decimal mark
  std::int64_t negative() const { return negative_; }
  std::int64_t leading_zeros() const { return leading_zeros_; }  ///< 007
  std::int64_t percents() const { return percents_; }
  /// "K" → how often: 141.56K, $2.5m. Small letters, and B, count only beside a sign of money ($2.5m, 1,5 k€): "3m" is
  /// three metres.
  const std::map<std::string, std::int64_t>& magnitudes() const { return magnitudes_; }
  std::int64_t exponents() const { return exponents_; }
  double least() const { return least_; }  ///< sizes alone, for scales and ranges; no amount is worked out of them
  double most() const { return most_; }
  /// "$", "€", "EUR", "kr", … → how often; percents are not among them.
  const std::map<std::string, std::int64_t>& symbols() const { return symbols_; }
  std::int64_t marked() const { return marked_; }  ///< texts with one of the symbols

 private:
  static constexpr std::size_t kWays = 10;  ///< decimal point or comma, with five kinds of marks between thousands
  void take(std::string_view text, bool number);
  std::array<std::int64_t, kWays> read_{};
  std::int64_t numbers_ = 0, negative_ = 0, leading_zeros_ = 0, percents_ = 0, exponents_ = 0;
  std::int64_t parentheses_ = 0, marked_ = 0, cells_ = 0, two_ways_ = 0;
  int most_decimals_ = 0, most_digits_ = 0;
  bool only_zero_decimals_ = true;
  double least_ = 0, most_ = 0;
  std::string two_ways_example_;
  std::map<std::string, std::int64_t> symbols_, magnitudes_;
};

}  // namespace vigie::propose

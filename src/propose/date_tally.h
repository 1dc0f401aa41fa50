#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::propose {

/// Which of two numbers comes first in 03/04/2025.
enum class DateOrder { day_first, month_first };

/// How the dates of a column are written, told from all of its texts: the patterns they follow, which of day and month
/// comes first, and whether their times of day mean anything.
///
/// The order is told by a number above twelve somewhere in the column. Where none is, it is not told, and not guessed.
class DateTally {
 public:
  void add(std::string_view text);

  /// One shape of text. Day and month that may be either stand as %1 and %2.
  struct Shape {
    std::int64_t texts = 0;
    std::int64_t first_above_twelve = 0, second_above_twelve = 0;
    std::string first_example, second_example;  ///< of what decides
    std::string example;
    bool has_time = false;
    bool has_day = true;                ///< false: a month, or a week
    std::int64_t day_above_twelve = 0;  ///< where the order of day and month is plain
  };
  const std::map<std::string, Shape>& shapes() const { return shapes_; }
  std::int64_t dates() const { return dates_; }  ///< texts that are dates in some way

  /// swapped: the texts in either order have all days above twelve, and those of another form none: a spreadsheet took
  /// the latter for month and day, and turned them round.
  enum class Order { told, not_told, contradicted, swapped, no_matter };
  struct Verdict {
    std::vector<std::string> formats;  ///< of a map; empty: none. iso stands for itself
    Order order = Order::no_matter;
    std::optional<DateOrder> told;
    std::string example;        ///< of what decides, or of what does not
    std::string other_example;  ///< swapped: of the other form
    std::int64_t read = 0;
  };
  /// `order`: what somebody said, or what another column of the same file tells. Goes before nothing that is told here.
  Verdict verdict(std::optional<DateOrder> order = {}) const;

  enum class Times {
    none,             ///< bare dates
    midnight,         ///< every time is 00:00
    leaked,           ///< every time is between 00:01 and 00:12: a month's number in the minutes
    hours_of_twelve,  ///< hours run from 1 to 12 and nothing says AM or PM
    real,
  };
  Times times() const;
  bool says_utc() const { return utc_ > 0; }  ///< in words, which a pattern reads as letters alone
  std::int64_t with_time() const { return with_time_; }
  /// Months or weeks, which stand for their first days; none has a day of its own.
  bool without_days() const;

  static constexpr std::size_t kMostShapes = 12;

 private:
  const Shape* swapped_with() const;
  std::map<std::string, Shape> shapes_;
  std::int64_t dates_ = 0, with_time_ = 0, zones_ = 0, halves_ = 0, utc_ = 0;
  int least_hour_ = 99, most_hour_ = 0, most_minute_ = 0, most_second_ = 0;
  std::int64_t minute_zero_ = 0;
};

/// The pattern of a map for a shape: %1 and %2 become day and month.
std::string in_order(std::string_view shape, DateOrder order);

}  // namespace vigie::propose

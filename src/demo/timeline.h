#pragma once
#include <array>
#include <vector>

#include "base/time.h"
#include "demo/parameters.h"

namespace vigie::demo {

/// A moment on the company's wall clock: seconds since local 1970-01-01. What becomes of it in UTC is decided when it
/// is written.
using WallTime = std::int64_t;
constexpr std::int64_t kDaySeconds = 86'400;

inline Date day_of(WallTime at) { return Date{static_cast<std::int32_t>(at / kDaySeconds)}; }
inline WallTime start_of(Date day) { return day.days * kDaySeconds; }

/// How busy each day and hour is, as a clock of its own: operational time, which runs faster on busy days and by one a
/// day on average. Whatever is a Poisson process in it is one with seasons on the wall clock.
class Pace {
 public:
  Pace() = default;
  /// `weights`: how busy each day from `first` on; `hours`: how busy each hour of the day.
  Pace(Date first, std::vector<double> weights, const std::array<double, 24>& hours);

  double on(Date day) const;                   ///< operational days that pass on this day; the mean is 1
  double end() const { return sums_.back(); }  ///< operational days of the whole time
  double operational(WallTime at) const;
  WallTime wall(double operational) const;  ///< its inverse; before `end`
  int second_of_day(double share) const;    ///< the second at which this share of a day's business is done

 private:
  Date first_;
  std::vector<double> weights_, sums_;  ///< sums_[i]: operational time at the start of day i
  std::array<double, 25> hours_{};      ///< share of the day's business done before each hour
};

/// The days of the company and what marks them.
struct Timeline {
  Date first, end;  ///< [first, end)
  Date price_rise;  ///< list prices are higher from here on
  Date promotion_from, promotion_to;
  Date outage_from, outage_to;  ///< the shop could hardly be reached: the anomaly
  Date slow_from;               ///< the quote stage takes longer from here on
  Pace shop, office;            ///< people at home; companies
  std::vector<double> trend;    ///< how well known the company is, by day; 1 on average

  int days() const { return end - first; }
  bool promotion(Date day) const { return day >= promotion_from && day < promotion_to; }
};

Timeline timeline_of(const Parameters& parameters, Date end_date, int months);

/// The same day of a later month; the last day of a shorter one.
Date months_after(Date day, int months);

/// The same moment, in office hours: Monday to Friday, 9 to 18, in the same order as before.
WallTime in_office_hours(WallTime at);

}  // namespace vigie::demo

#pragma once
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace vigie::stats {

/// A subject without a late entry is at risk from the beginning, time 0 included.
inline constexpr double kFromTheStart = -std::numeric_limits<double>::infinity();

/// `events` and `censored` subjects that left at `time` having been under observation since `entry`. Times are in any
/// one unit; whole microseconds are exact up to 285 years. Rows may come in any order and repeat.
///
/// A subject is at risk at t when entry < t ≤ time: who is seen only from `entry` on (left truncation) does not count
/// before, and at a tie events come before censorings. Rows with entry ≥ time are never at risk and are left out, as
/// are rows without subjects and times that are no numbers.
struct Duration {
  double time;
  std::int64_t events = 0;
  std::int64_t censored = 0;
  double entry = kFromTheStart;
};

/// Two values of a curve that differ by less are one: what rounding leaves of a survival of exactly a half is a half.
inline constexpr double kTie = 1e-12;

struct RiskRow {
  double time;
  std::int64_t at_risk, events, censored;
};

/// The subjects of one group, asked at rising times. Sorts once; all questions together cost one pass.
class RiskSet {
 public:
  explicit RiskSet(std::span<const Duration> durations);

  /// Who is at risk at that time, and who leaves at exactly that time. Times must not fall from call to call.
  RiskRow at(double time);

  std::size_t size() const { return exits_.size(); }
  double exit_time(std::size_t i) const { return exits_[i].time; }  ///< the i-th distinct time at which somebody leaves
  bool has_event(std::size_t i) const { return exits_[i].events > 0; }

 private:
  struct Entry {
    double time;
    std::int64_t count;
  };
  std::vector<RiskRow> exits_;
  std::vector<Entry> entries_;
  std::size_t next_exit_ = 0, next_entry_ = 0;
  std::int64_t at_risk_ = 0;
};

/// One row for each time at which somebody left, in order.
std::vector<RiskRow> risk_table(std::span<const Duration> durations);

}  // namespace vigie::stats

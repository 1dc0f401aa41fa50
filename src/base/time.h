#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie {

/// A calendar day, as days since 1970-01-01. Has no zone: which instants it covers is the calendar's business.
struct Date {
  std::int32_t days = 0;
  auto operator<=>(const Date&) const = default;
  friend Date operator+(Date d, int n) { return {d.days + n}; }
  friend Date operator-(Date d, int n) { return {d.days - n}; }
  friend int operator-(Date a, Date b) { return a.days - b.days; }
};

/// A point on the time line, as microseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t micros = 0;
  auto operator<=>(const Instant&) const = default;
};

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

struct YearMonthDay {
  int year, month, day;
};
Date date_of(int year, int month, int day);  ///< proleptic Gregorian; the day is not checked
YearMonthDay civil(Date date);
int days_in_month(int year, int month);
int iso_weekday(Date date);  ///< 1 Monday … 7 Sunday

/// "2025-01-31". Fails with `date.invalid` on anything else, also on 2025-02-30.
Result<Date> parse_date(std::string_view text);
std::string to_string(Date date);

/// "2025-01-31T10:00:00Z", with "+02:00" or "Z" and optional fraction; a zone is required.
Result<Instant> parse_instant(std::string_view text);
std::string to_string(Instant instant);  ///< always with Z; the fraction only when there is one

}  // namespace vigie

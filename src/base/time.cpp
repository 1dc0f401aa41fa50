#include "base/time.h"

#include "base/floor.h"

namespace vigie {
namespace {

// Days from civil and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013).
std::int32_t days_from_civil(int y, int m, int d) {
  y -= m <= 2;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int yoe = y - era * 400;
  const int doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
  const int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}

/// Reads exactly `digits` digits at `pos`, moving it on; -1 when they are not there.
int read_digits(std::string_view text, std::size_t& pos, int digits) {
  int value = 0;
  for (int i = 0; i < digits; ++i, ++pos) {
    if (pos >= text.size() || text[pos] < '0' || text[pos] > '9') return -1;
    value = value * 10 + (text[pos] - '0');
  }
  return value;
}

bool read_char(std::string_view text, std::size_t& pos, char c) {
  if (pos >= text.size() || text[pos] != c) return false;
  ++pos;
  return true;
}

struct DateScan {
  bool ok;
  Date date;
};
DateScan scan_date(std::string_view text, std::size_t& pos) {
  const int y = read_digits(text, pos, 4);
  if (y < 0 || !read_char(text, pos, '-')) return {false, {}};
  const int m = read_digits(text, pos, 2);
  if (m < 1 || m > 12 || !read_char(text, pos, '-')) return {false, {}};
  const int d = read_digits(text, pos, 2);
  if (d < 1 || d > days_in_month(y, m)) return {false, {}};
  return {true, date_of(y, m, d)};
}

/// The offset of "Z", "+02:00", "-0330" in minutes; false when there is none or it is not whole.
bool scan_offset(std::string_view text, std::size_t& pos, int& minutes) {
  minutes = 0;
  if (read_char(text, pos, 'Z')) return true;
  const bool negative = pos < text.size() && text[pos] == '-';
  if (!negative && (pos >= text.size() || text[pos] != '+')) return false;
  ++pos;
  const int hours = read_digits(text, pos, 2);
  read_char(text, pos, ':');
  const int rest = read_digits(text, pos, 2);
  if (hours < 0 || hours > 18 || rest < 0 || rest > 59) return false;
  minutes = (negative ? -1 : 1) * (hours * 60 + rest);
  return true;
}

}  // namespace

Date date_of(int year, int month, int day) { return {days_from_civil(year, month, day)}; }

YearMonthDay civil(Date date) {
  const int z = date.days + 719468;
  const int era = (z >= 0 ? z : z - 146096) / 146097;
  const int doe = z - era * 146097;
  const int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int mp = (5 * doy + 2) / 153;
  const int month = mp < 10 ? mp + 3 : mp - 9;
  return {yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1};
}

int days_in_month(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

int iso_weekday(Date date) { return ((date.days % 7) + 7 + 3) % 7 + 1; }

Result<Date> parse_date(std::string_view text) {
  std::size_t pos = 0;
  const DateScan scan = scan_date(text, pos);
  if (!scan.ok || pos != text.size())
    return fail(ErrorKind::usage, "date.invalid", fmt::format("\"{}\" is not a date", text), {},
                "write it as 2025-01-31");
  return scan.date;
}

std::string to_string(Date date) {
  const auto [y, m, d] = civil(date);
  return fmt::format("{:04}-{:02}-{:02}", y, m, d);
}

Result<Instant> parse_instant(std::string_view text) {
  const auto bad = [&] {
    return fail(ErrorKind::usage, "instant.invalid", fmt::format("\"{}\" is not an instant", text), {},
                "write it as 2025-01-31T10:00:00Z or with an offset such as +01:00");
  };
  std::size_t pos = 0;
  const DateScan scan = scan_date(text, pos);
  if (!scan.ok || (!read_char(text, pos, 'T') && !read_char(text, pos, ' '))) return bad();
  const int h = read_digits(text, pos, 2);
  if (h < 0 || h > 23 || !read_char(text, pos, ':')) return bad();
  const int mi = read_digits(text, pos, 2);
  if (mi < 0 || mi > 59) return bad();
  int s = 0;
  std::int64_t fraction = 0;
  if (read_char(text, pos, ':')) {
    s = read_digits(text, pos, 2);
    if (s < 0 || s > 59) return bad();
    if (read_char(text, pos, '.')) {
      std::int64_t unit = kMicrosPerSecond;
      const std::size_t start = pos;
      for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos)
        if (unit > 1) fraction += (unit /= 10) * (text[pos] - '0');
      if (pos == start) return bad();
    }
  }
  int offset = 0;
  if (!scan_offset(text, pos, offset) || pos != text.size()) return bad();
  const std::int64_t seconds = h * 3600 + mi * 60 + s - offset * 60;
  return Instant{scan.date.days * kMicrosPerDay + seconds * kMicrosPerSecond + fraction};
}

std::string to_string(Instant instant) {
  const std::int64_t day = floor_div(instant.micros, kMicrosPerDay);
  const std::int64_t rest = instant.micros - day * kMicrosPerDay;
  const std::int64_t s = rest / kMicrosPerSecond, micros = rest % kMicrosPerSecond;
  std::string out = fmt::format("{}T{:02}:{:02}:{:02}", to_string(Date{static_cast<std::int32_t>(day)}), s / 3600,
                                s / 60 % 60, s % 60);
  if (micros != 0) {
    std::string fraction = fmt::format(".{:06}", micros);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    out += fraction;
  }
  return out + "Z";
}

}  // namespace vigie

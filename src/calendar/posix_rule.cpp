#include "calendar/posix_rule.h"

namespace vigie::calendar {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;

/// Reads a rule from left to right; every step says whether what it expects was there.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }

  bool eat(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool number(int max, int& out) {
    std::size_t digits = 0;
    out = 0;
    for (; digits < rest_.size() && digits < 4 && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits)
      out = out * 10 + (rest_[digits] - '0');
    rest_.remove_prefix(digits);
    return digits > 0 && out <= max;
  }

  /// "CET", or "<+03>" for names that are not letters.
  bool abbreviation() {
    std::size_t length = 0;
    if (eat('<')) {
      while (length < rest_.size() && rest_[length] != '>') ++length;
      rest_.remove_prefix(length);
      return eat('>') && length > 0;
    }
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    while (length < rest_.size() && letter(rest_[length])) ++length;
    rest_.remove_prefix(length);
    return length >= 3;
  }

  /// "[+-]h[h[h]][:mm[:ss]]", in seconds.
  bool duration(int max_hours, int& seconds) {
    const bool negative = eat('-');
    if (!negative) eat('+');
    int hours = 0, minutes = 0, rest = 0;
    if (!number(max_hours, hours)) return false;
    if (eat(':')) {
      if (!number(59, minutes)) return false;
      if (eat(':') && !number(59, rest)) return false;
    }
    seconds = (negative ? -1 : 1) * (hours * 3600 + minutes * 60 + rest);
    return true;
  }

  bool moment(PosixRule::Moment& out) {
    using Kind = PosixRule::Moment::Kind;
    if (eat('M')) {
      out.kind = Kind::month_week_day;
      if (!number(12, out.month) || out.month < 1 || !eat('.') || !number(5, out.week) || out.week < 1 || !eat('.') ||
          !number(6, out.weekday))
        return false;
    } else if (eat('J')) {
      out.kind = Kind::julian_without_leap;
      if (!number(365, out.day) || out.day < 1) return false;
    } else {
      out.kind = Kind::zero_based;
      if (!number(365, out.day)) return false;
    }
    return !eat('/') || duration(167, out.seconds);
  }

 private:
  std::string_view rest_;
};

Date day_in(const PosixRule::Moment& moment, int year) {
  using Kind = PosixRule::Moment::Kind;
  const Date january_first = date_of(year, 1, 1);
  switch (moment.kind) {
    case Kind::zero_based: return january_first + moment.day;
    case Kind::julian_without_leap: {
      const bool after_leap_day = moment.day > 59 && days_in_month(year, 2) == 29;
      return january_first + (moment.day - 1 + (after_leap_day ? 1 : 0));
    }
    case Kind::month_week_day: break;
  }
  const Date first = date_of(year, moment.month, 1);
  const int weekday_of_first = iso_weekday(first) % 7;
  int offset = (moment.weekday - weekday_of_first + 7) % 7 + 7 * (moment.week - 1);
  while (offset >= days_in_month(year, moment.month)) offset -= 7;  // week 5 is the last, be it the fourth
  return first + offset;
}

std::int64_t instant_of(const PosixRule::Moment& moment, int year, int offset_before) {
  return day_in(moment, year).days * kSecondsPerDay + moment.seconds - offset_before;
}

}  // namespace

std::optional<PosixRule> PosixRule::parse(std::string_view text) {
  Reader in(text);
  PosixRule rule;
  int west = 0;  // POSIX counts offsets west of Greenwich
  if (!in.abbreviation() || !in.duration(24, west)) return std::nullopt;
  rule.standard_offset = rule.summer_offset = -west;
  if (in.done()) return rule;

  if (!in.abbreviation()) return std::nullopt;
  rule.summer_offset = rule.standard_offset + 3600;
  if (!in.eat(',')) {
    if (!in.duration(24, west) || !in.eat(',')) return std::nullopt;
    rule.summer_offset = -west;
  }
  Moment start, end;
  if (!in.moment(start) || !in.eat(',') || !in.moment(end) || !in.done()) return std::nullopt;
  rule.summer = {start, end};
  return rule;
}

std::vector<std::pair<std::int64_t, int>> PosixRule::changes(int year) const {
  if (!summer) return {};
  std::vector<std::pair<std::int64_t, int>> out{{instant_of(summer->first, year, standard_offset), summer_offset},
                                                {instant_of(summer->second, year, summer_offset), standard_offset}};
  if (out[1].first < out[0].first) std::swap(out[0], out[1]);
  return out;
}

}  // namespace vigie::calendar

#include "propose/date_tally.h"

#include <algorithm>

#include "base/text.h"
#include "ingest/date_format.h"

namespace vigie::propose {
namespace {

constexpr std::size_t kLongestDate = 48;

/// A text of a date, taken apart as it is read: what of it is left, and the pattern so far.
struct DateReader {
  std::string_view rest;
  std::string pattern;
  int first = 0, second = 0;  ///< of day and month in either order
  bool either = false;
  int hour = -1, minute = 0, second_of_minute = 0;
  bool zone = false, half = false, utc = false;
  bool has_day = true;

  bool take(std::string_view what) {
    if (!rest.starts_with(what)) return false;
    rest.remove_prefix(what.size());
    return true;
  }
  int digits(std::size_t least, std::size_t most) {
    std::size_t n = 0;
    int value = 0;
    while (n < most && n < rest.size() && is_digit(rest[n])) value = value * 10 + (rest[n++] - '0');
    if (n < least || (n < rest.size() && is_digit(rest[n]))) return -1;
    rest.remove_prefix(n);
    return value;
  }
  std::string word() {
    std::size_t n = 0;
    while (n < rest.size() && (static_cast<unsigned char>(rest[n]) > 127 || (rest[n] >= 'a' && rest[n] <= 'z') ||
                               (rest[n] >= 'A' && rest[n] <= 'Z')))
      ++n;
    std::string out = fold_name(rest.substr(0, n));
    rest.remove_prefix(n);
    return out;
  }
};

bool is_month_name(const std::string& word) {
  static const std::set<std::string> kNames{
      "january",  "janvier",   "janv",      "jan",      "february", "fevrier", "fevr",    "fev",    "feb",
      "march",    "mars",      "mar",       "april",    "avril",    "avr",     "apr",     "may",    "mai",
      "june",     "juin",      "jun",       "july",     "juillet",  "juil",    "jul",     "august", "aout",
      "aug",      "september", "septembre", "sept",     "sep",      "october", "octobre", "oct",    "november",
      "novembre", "nov",       "december",  "decembre", "dec"};
  return kNames.contains(word);
}

bool is_weekday(const std::string& word) {
  static const std::set<std::string> kNames{
      "monday", "mon",   "tuesday",  "tue",      "tues",   "wednesday", "wed",   "thursday", "thu",   "thurs",
      "friday", "fri",   "saturday", "sat",      "sunday", "sun",       "lundi", "lun",      "mardi", "mercredi",
      "mer",    "jeudi", "jeu",      "vendredi", "ven",    "samedi",    "sam",   "dimanche", "dim"};
  return kNames.contains(word);
}

bool reads_month_name(DateReader& in) {
  if (!is_month_name(in.word())) return false;
  in.take(".");
  in.pattern += "%b";
  return true;
}

/// Blanks, commas and the like between the parts of a date, kept as they stand.
std::string separator(DateReader& in) {
  std::size_t n = 0;
  while (n < in.rest.size() && std::string_view(" ,.-/").find(in.rest[n]) != std::string_view::npos) ++n;
  std::string out(in.rest.substr(0, n));
  in.rest.remove_prefix(n);
  in.pattern += out;
  return out;
}

bool reads_year(DateReader& in) {
  const std::string_view before = in.rest;
  if (in.digits(4, 4) >= 0) {
    in.pattern += "%Y";
    return true;
  }
  in.rest = before;
  if (in.digits(2, 2) < 0) return false;
  in.pattern += "%y";
  return true;
}

/// 15 Apr, 2021; Apr 15, 2021; 15-avr.-21.
bool reads_named_month(DateReader& in) {
  if (!in.rest.empty() && is_digit(in.rest.front())) {
    if (in.digits(1, 2) < 0) return false;
    in.pattern += "%d";
    separator(in);
    if (!reads_month_name(in)) return false;
  } else {
    if (!reads_month_name(in)) return false;
    separator(in);
    if (in.digits(1, 2) < 0) return false;
    in.pattern += "%d";
  }
  return !separator(in).empty() && reads_year(in);
}

/// 2025-01, 01/2025, Jan-25, janv. 2025, 2025-W07: a month or a week, and no day.
bool reads_without_day(DateReader& in) {
  in.has_day = false;
  const auto is_month = [](int month) { return month >= 1 && month <= 12; };
  if (in.rest.empty() || !is_digit(in.rest.front())) {
    if (!reads_month_name(in) || separator(in).empty()) return false;
    return reads_year(in) && in.rest.empty();
  }
  const std::string_view before = in.rest;
  if (in.digits(4, 4) >= 0) {
    if (in.take("-W") || in.take("W")) {
      in.pattern += before[4] == '-' ? "%G-W%V" : "%GW%V";
      return in.digits(2, 2) >= 1 && in.rest.empty();
    }
    in.pattern += "%Y";
    const std::string mark = separator(in);
    if ((mark != "-" && mark != "/") || !is_month(in.digits(2, 2))) return false;  // 2025.01 is a number
    in.pattern += "%m";
    return in.rest.empty();
  }
  in.rest = before;
  if (!is_month(in.digits(2, 2))) return false;
  in.pattern += "%m";
  const std::string mark = separator(in);
  if ((mark != "-" && mark != "/") || in.digits(4, 4) < 0) return false;
  in.pattern += "%Y";
  return in.rest.empty();
}

/// 2021/04/15, 15/04/2021, 04-15-21, 20210415.
bool reads_numbers(DateReader& in) {
  const std::string_view whole = in.rest;
  std::size_t n = 0;
  while (n < whole.size() && is_digit(whole[n])) ++n;
  if (n == 8) {
    in.digits(8, 8);
    in.pattern += "%Y%m%d";
    return true;
  }
  if (n == 4) {
    in.digits(4, 4);
    in.pattern += "%Y";
    const std::string mark = separator(in);
    if (mark.size() != 1 || mark == " " || in.digits(1, 2) < 0) return false;
    in.pattern += "%m" + mark;
    if (!in.take(mark) || in.digits(1, 2) < 0) return false;
    in.pattern += "%d";
    return true;
  }
  in.first = in.digits(1, 2);
  if (in.first < 1) return false;
  in.pattern += "%1";
  const std::string mark = separator(in);
  if (mark.size() != 1 || mark == "," || mark == " ") return false;
  in.second = in.digits(1, 2);
  if (in.second < 1) return false;
  in.pattern += "%2" + mark;
  in.either = true;
  return in.take(mark) && reads_year(in);
}

bool reads_zone(DateReader& in) {
  if (in.take("Z")) return in.zone = true;
  if (in.rest.empty() || (in.rest.front() != '+' && in.rest.front() != '-')) return false;
  in.rest.remove_prefix(1);
  const std::string_view digits = in.rest;
  for (const char c : digits)
    if (!is_digit(c) && c != ':') return false;
  in.rest = {};
  return in.zone = digits.size() >= 2;
}

/// " 10:02:00.5 PM +02:00", where there is one.
bool reads_time(DateReader& in) {
  if (in.rest.empty()) return true;
  if (in.take("T")) in.pattern += "T";
  else if (separator(in).empty()) return false;
  if (in.take("à ") || in.take("at ")) return false;
  const std::size_t hour_at = in.pattern.size();
  in.hour = in.digits(1, 2);
  if (in.hour < 0 || in.hour > 24) return false;
  in.pattern += "%H";
  if (!in.take(":")) return false;
  in.minute = in.digits(2, 2);
  if (in.minute < 0 || in.minute > 59) return false;
  in.pattern += ":%M";
  if (in.take(":")) {
    in.second_of_minute = in.digits(2, 2);
    if (in.second_of_minute < 0) return false;
    in.pattern += ":%S";
    if (in.take(".")) {
      if (in.digits(1, 9) < 0) return false;
      in.pattern += ".%f";
    }
  }
  const bool blank = in.take(" ") || in.take("\u202f");
  if (!in.rest.empty() && std::string_view("aApP").find(in.rest.front()) != std::string_view::npos) {
    std::string half;
    for (const char c : in.rest)
      if (c != '.' && c != ' ') half += c;
    half = lower_ascii(half);
    if (half != "am" && half != "pm") return false;
    in.rest = {};
    in.half = true;
    in.pattern[hour_at + 1] = 'I';
    in.pattern += blank ? " %p" : "%p";
  } else if (!in.rest.empty()) {
    if (blank) in.pattern += " ";
    if (in.rest == "UTC" || in.rest == "GMT") {
      in.pattern += in.rest;
      in.rest = {};
      in.utc = true;
    } else {
      if (!reads_zone(in)) return false;
      in.pattern += "%z";
    }
  }
  return in.rest.empty();
}

}  // namespace

std::string in_order(std::string_view shape, DateOrder order) {
  std::string out(shape);
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    if (out[i] != '%' || (out[i + 1] != '1' && out[i + 1] != '2')) continue;
    out[i + 1] = (out[i + 1] == '1') == (order == DateOrder::day_first) ? 'd' : 'm';
  }
  return out;
}

void DateTally::add(std::string_view text) {
  if (text.size() < 6 || text.size() > kLongestDate || text.find_first_of("0123456789") == std::string_view::npos)
    return;
  DateReader in{text, {}};
  ingest::DateFormat iso;
  const ingest::Moment as_iso = ingest::read_moment(text, iso);
  const bool is_iso = as_iso.fault == ingest::Fault::none;
  if (!is_digit(text.front())) {
    const std::string_view before = in.rest;
    if (is_weekday(in.word())) {
      in.take(".");
      in.pattern += "%a";
      separator(in);
    } else {
      in.rest = before;
    }
  }
  const auto reads = [&in](auto... ways) {
    const auto one = [&in](auto way) {
      DateReader ahead = in;
      if (!way(ahead)) return false;
      in = ahead;
      return true;
    };
    return (one(ways) || ...);
  };
  if (!reads(reads_named_month, reads_without_day, reads_numbers) || !reads_time(in)) return;
  if (in.either && in.first > 12 && in.second > 12) return;
  // A date that is none (31 February; a year 0003) in every order does not speak for its shape.
  const auto exists = [&](DateOrder order) {
    auto pattern = ingest::DatePattern::parse(in_order(in.pattern, order));
    if (!pattern) return false;
    ingest::DateFormat format;
    format.patterns.push_back(std::move(*pattern));
    return ingest::read_moment(text, format).fault == ingest::Fault::none;
  };
  const bool numbers_alone = in.pattern == "%Y%m%d";
  if (!is_iso && !exists(DateOrder::day_first) && (!in.either || !exists(DateOrder::month_first))) return;
  if (numbers_alone && (text < "19000101" || text > "21001231")) return;
  const std::string key = is_iso && !numbers_alone ? "iso" : in.pattern;
  if (!shapes_.contains(key) && shapes_.size() == kMostShapes) return;
  Shape& shape = shapes_[key];
  if (shape.texts++ == 0) shape.example = std::string(text);
  shape.has_time = shape.has_time || in.hour >= 0;
  shape.has_day = in.has_day;
  if (is_iso && civil(as_iso.day).day > 12) ++shape.day_above_twelve;
  if (in.either && !is_iso) {
    if (in.first > 12 && shape.first_above_twelve++ == 0) shape.first_example = std::string(text);
    if (in.second > 12 && shape.second_above_twelve++ == 0) shape.second_example = std::string(text);
  }
  ++dates_;
  if (in.hour < 0) return;
  ++with_time_;
  zones_ += in.zone ? 1 : 0;
  halves_ += in.half ? 1 : 0;
  utc_ += in.utc ? 1 : 0;
  least_hour_ = std::min(least_hour_, in.hour);
  most_hour_ = std::max(most_hour_, in.hour);
  most_minute_ = std::max(most_minute_, in.minute);
  most_second_ = std::max(most_second_, in.second_of_minute);
  minute_zero_ += in.minute == 0 ? 1 : 0;
}

bool DateTally::without_days() const {
  return !shapes_.empty() && std::ranges::none_of(shapes_, [](const auto& one) { return one.second.has_day; });
}

/// 13/01/2025 to 31/01/2025 beside 2025-01-02, which was 01/02/2025: a program of the other order has read as dates
/// what it could, and left the rest as it stood. So few days of the ISO form by chance: one column in thousands.
const DateTally::Shape* DateTally::swapped_with() const {
  constexpr std::int64_t kEnough = 3;
  const Shape* either = nullptr;
  for (const auto& [key, shape] : shapes_) {
    if (key.find("%1") == std::string::npos) continue;
    const bool all_above = shape.first_above_twelve == shape.texts || shape.second_above_twelve == shape.texts;
    if (either != nullptr || !all_above || shape.texts < kEnough) return nullptr;
    either = &shape;
  }
  const auto iso = shapes_.find("iso");
  if (either == nullptr || iso == shapes_.end()) return nullptr;
  return iso->second.texts >= kEnough && iso->second.day_above_twelve == 0 ? &iso->second : nullptr;
}

DateTally::Verdict DateTally::verdict(std::optional<DateOrder> order) const {
  Verdict out;
  std::int64_t first = 0, second = 0;
  bool either = false;
  std::string undecided;
  for (const auto& [key, shape] : shapes_) {
    if (key.find("%1") == std::string::npos) continue;
    either = true;
    first += shape.first_above_twelve;
    second += shape.second_above_twelve;
    if (!shape.first_example.empty()) out.example = shape.first_example;
    else if (!shape.second_example.empty()) out.example = shape.second_example;
    undecided = shape.example;
  }
  if (either) {
    if (first > 0 && second > 0) out.order = Order::contradicted;
    else if (first + second > 0) out.order = Order::told;
    else out.order = Order::not_told, out.example = undecided;
  }
  if (const Shape* iso = swapped_with(); iso != nullptr) {
    out.other_example = iso->example;
    out.told = first > 0 ? DateOrder::day_first : DateOrder::month_first;
    out.order = Order::swapped;
  }
  if (out.order == Order::told) out.told = first > 0 ? DateOrder::day_first : DateOrder::month_first;
  const std::optional<DateOrder> used = out.told ? out.told : order;
  // The most frequent shape first; those that are one in a thousand are slips, and stay for the quarantine to tell.
  std::vector<std::pair<std::int64_t, std::string>> by_weight;
  for (const auto& [key, shape] : shapes_)
    if (shape.texts * 1000 >= dates_) by_weight.emplace_back(-shape.texts, key);
  std::ranges::sort(by_weight);
  for (const auto& [weight, key] : by_weight) {
    out.read -= weight;
    if (key.find("%1") == std::string::npos) out.formats.push_back(key);
    else if (used) out.formats.push_back(in_order(key, *used));
    else out.formats.push_back(key);
  }
  return out;
}

DateTally::Times DateTally::times() const {
  constexpr std::int64_t kEnough = 20;
  if (with_time_ == 0) return Times::none;
  if (zones_ + utc_ > 0)
    return most_hour_ == 0 && most_minute_ == 0 && most_second_ == 0 ? Times::midnight : Times::real;
  if (most_hour_ == 0 && most_minute_ == 0 && most_second_ == 0) return Times::midnight;
  if (most_hour_ == 0 && most_minute_ <= 12 && most_second_ == 0 && minute_zero_ == 0 && with_time_ >= kEnough)
    return Times::leaked;
  if (halves_ == 0 && least_hour_ >= 1 && most_hour_ <= 12 && with_time_ >= 5 * kEnough) return Times::hours_of_twelve;
  return Times::real;
}

}  // namespace vigie::propose

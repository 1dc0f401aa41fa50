#include "ingest/date_format.h"

#include <charconv>
#include <cmath>

#include "base/floor.h"
#include "base/text.h"

namespace vigie::ingest {
namespace {

constexpr std::int64_t kSecond = kMicrosPerSecond;
constexpr int kExcelEpoch = -25'569;  // day 0 of serial numbers after February 1900, counted from 1970
constexpr int kFirstYear = 1800, kLastYear = 2199;

Moment fault(Fault f) {
  Moment out;
  out.fault = f;
  return out;
}

/// Reads up to `most` digits; -1 when there are fewer than `least`.
int take_number(std::string_view& text, int least, int most) {
  int value = 0, n = 0;
  while (n < most && static_cast<std::size_t>(n) < text.size() && is_digit(text[n]))
    value = value * 10 + (text[n++] - '0');
  if (n < least) return -1;
  text.remove_prefix(static_cast<std::size_t>(n));
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// ".25" → 250000; -1 when no digit follows. More than six digits are cut: finer than any clock of a sale.
std::int64_t take_fraction(std::string_view& text) {
  std::int64_t micros = 0, unit = 100'000;
  if (text.empty() || !is_digit(text.front())) return -1;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), unit /= 10)
    micros += (text.front() - '0') * unit;
  return micros;
}

/// "Z", "+02", "+0200", "+02:00".
bool take_offset(std::string_view& text, Moment& out) {
  if (take(text, 'Z') || take(text, 'z')) {
    out.offset_minutes = 0;
    return true;
  }
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
  const bool west = text.front() == '-';
  text.remove_prefix(1);
  const int hours = take_number(text, 2, 2);
  if (hours < 0 || hours > 18) return false;
  int minutes = 0;
  if (take(text, ':') || (!text.empty() && is_digit(text.front()))) minutes = take_number(text, 2, 2);
  if (minutes < 0 || minutes > 59) return false;
  out.offset_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
  return true;
}

bool set_day(Moment& out, int year, int month, int day) {
  if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return false;
  out.day = date_of(year, month, day);
  return true;
}

bool set_time(Moment& out, int hour, int minute, int second, std::int64_t micros) {
  if (hour > 23 || minute > 59 || second > 60) return false;  // 60: a leap second, told as the next
  out.micros_of_day = ((hour * 60 + minute) * 60 + second) * kSecond + micros;
  out.has_time = true;
  return true;
}

/// 2025-01-31, 2025-01-31 4:30, 2025-01-31T10:00:00.25+02:00.
Moment read_iso(std::string_view text) {
  Moment out;
  const int year = take_number(text, 4, 4);
  if (year < 0 || !take(text, '-')) return fault(Fault::date);
  const int month = take_number(text, 1, 2);
  if (month < 0 || !take(text, '-')) return fault(Fault::date);
  const int day = take_number(text, 1, 2);
  if (day < 0 || !set_day(out, year, month, day)) return fault(Fault::date);
  if (text.empty()) return out;
  if (!take(text, 'T') && !take(text, ' ')) return fault(Fault::date);
  const int hour = take_number(text, 1, 2);
  if (hour < 0 || !take(text, ':')) return fault(Fault::date);
  const int minute = take_number(text, 2, 2);
  int second = 0;
  std::int64_t micros = 0;
  if (take(text, ':')) second = take_number(text, 2, 2);
  if (take(text, '.') || take(text, ',')) micros = take_fraction(text);
  if (minute < 0 || second < 0 || micros < 0 || !set_time(out, hour, minute, second, micros)) return fault(Fault::date);
  take(text, ' ');
  if (!text.empty() && !take_offset(text, out)) return fault(Fault::date);
  return text.empty() ? out : fault(Fault::date);
}

/// Serial numbers of spreadsheets: 45292 is 2024-01-01, 45292.5 its noon (decimal comma read too).
Moment read_excel(std::string_view text) {
  const int days = take_number(text, 1, 7);
  if (days <= 60) return fault(Fault::date);  // serial 60 is 1900-02-29, which never was
  Moment out;
  out.day = Date{days + kExcelEpoch};
  if (text.empty()) return out;
  if (!take(text, '.') && !take(text, ',')) return fault(Fault::date);
  double share = 0, unit = 0.1;
  if (text.empty()) return fault(Fault::date);
  for (; !text.empty(); text.remove_prefix(1), unit /= 10) {
    if (!is_digit(text.front())) return fault(Fault::date);
    share += (text.front() - '0') * unit;
  }
  // A spreadsheet's clock has seconds; its fractions carry the noise of doubles.
  const std::int64_t seconds = std::llround(share * 86'400);
  if (seconds == 0) return out;
  out.day = out.day + static_cast<int>(seconds / 86'400);
  out.micros_of_day = seconds % 86'400 * kSecond;
  out.has_time = true;
  return out;
}

Moment read_unix(std::string_view text, std::int64_t micros_per_unit) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr std::int64_t kLimit = 10'000'000'000;  // seconds: the year 2286
  if (problem != std::errc{} || end != text.data() + text.size()) return fault(Fault::date);
  if (value > kLimit * kSecond / micros_per_unit || value < -kLimit * kSecond / micros_per_unit)
    return fault(Fault::date_range);
  const std::int64_t micros = value * micros_per_unit;
  Moment out;
  const std::int64_t day = floor_div(micros, kMicrosPerDay);
  out.day = Date{static_cast<std::int32_t>(day)};
  out.micros_of_day = micros - day * kMicrosPerDay;
  out.has_time = true;
  out.offset_minutes = 0;
  return out;
}

struct MonthName {
  std::string_view name;
  int month;
};
// Folded (lower case, no accents); the longest first among those that share a beginning.
constexpr MonthName kMonths[] = {
    {"january", 1},   {"janvier", 1},   {"janv", 1},  {"jan", 1},       {"february", 2},  {"fevrier", 2},  {"fevr", 2},
    {"fev", 2},       {"feb", 2},       {"march", 3}, {"mars", 3},      {"mar", 3},       {"april", 4},    {"avril", 4},
    {"avr", 4},       {"apr", 4},       {"may", 5},   {"mai", 5},       {"june", 6},      {"juin", 6},     {"jun", 6},
    {"july", 7},      {"juillet", 7},   {"juil", 7},  {"jul", 7},       {"august", 8},    {"aout", 8},     {"aug", 8},
    {"september", 9}, {"septembre", 9}, {"sept", 9},  {"sep", 9},       {"october", 10},  {"octobre", 10}, {"oct", 10},
    {"november", 11}, {"novembre", 11}, {"nov", 11},  {"december", 12}, {"decembre", 12}, {"dec", 12}};

/// A run of letters (bytes above 127 are letters too), folded.
std::string take_word(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() &&
         (static_cast<unsigned char>(text[n]) > 127 || std::isalpha(static_cast<unsigned char>(text[n]))))
    ++n;
  std::string word = fold_name(text.substr(0, n));
  text.remove_prefix(n);
  return word;
}

int take_month_name(std::string_view& text) {
  const std::string word = take_word(text);
  for (const MonthName& month : kMonths)
    if (word == month.name) {
      take(text, '.');  // "janv."
      return month.month;
    }
  return -1;
}

/// "AM", "pm", "a.m.", "p. m.": 0 or 1; -1 for anything else. A blank may be one that no line breaks at.
int take_half(std::string_view& text) {
  const std::string word = take_word(text);
  if (word == "am" || word == "pm") return word == "am" ? 0 : 1;
  if ((word != "a" && word != "p") || !take(text, '.')) return -1;
  for (const std::string_view blank : {" ", "\u00a0", "\u202f"})
    if (text.starts_with(blank)) text.remove_prefix(blank.size());
  if (take_word(text) != "m" || !take(text, '.')) return -1;
  return word == "a" ? 0 : 1;
}

struct Fields {
  int year = -1, month = -1, day = -1, hour = -1, hour12 = -1, minute = 0, second = 0;
  int week = -1;  ///< of the ISO year
  std::int64_t micros = 0;
  int half = -1;  ///< 0 AM, 1 PM
};

bool take_directive(char directive, std::string_view& text, Fields& f, Moment& out, int pivot) {
  switch (directive) {
    case 'Y': return (f.year = take_number(text, 4, 4)) >= 0;
    case 'G': return (f.year = take_number(text, 4, 4)) >= 0;
    case 'V': return (f.week = take_number(text, 1, 2)) >= 1;
    case 'y':
      f.year = take_number(text, 2, 2);
      if (f.year < 0) return false;
      f.year += f.year <= pivot ? 2000 : 1900;
      return true;
    case 'm': return (f.month = take_number(text, 1, 2)) >= 0;
    case 'd': return (f.day = take_number(text, 1, 2)) >= 0;
    case 'H': return (f.hour = take_number(text, 1, 2)) >= 0;
    case 'I': return (f.hour12 = take_number(text, 1, 2)) >= 1 && f.hour12 <= 12;
    case 'M': return (f.minute = take_number(text, 1, 2)) >= 0;
    case 'S': return (f.second = take_number(text, 1, 2)) >= 0;
    case 'f': return (f.micros = take_fraction(text)) >= 0;
    case 'z': return take_offset(text, out);
    case 'b':
    case 'B': return (f.month = take_month_name(text)) >= 0;
    case 'a':
    case 'A':
      if (take_word(text).empty()) return false;
      take(text, '.');
      return true;
    case 'p': return (f.half = take_half(text)) >= 0;
    case '%': return take(text, '%');
    default: return false;
  }
}

/// The Monday of a week by ISO 8601; nothing where the year has no such week.
std::optional<Date> monday_of(int year, int week) {
  const Date fourth = date_of(year, 1, 4);  // it is in week 1, whatever day it is
  const Date monday = fourth - (iso_weekday(fourth) - 1) + 7 * (week - 1);
  const bool is_of_year = civil(monday + 3).year == year;  // its Thursday says
  return is_of_year ? std::optional(monday) : std::nullopt;
}

/// A month without a day is its first one, a week its Monday.
bool set_day_of(const Fields& f, Moment& out) {
  if (f.week < 0) return set_day(out, f.year, f.month, f.day < 0 ? 1 : f.day);
  const auto monday = monday_of(f.year, f.week);
  if (monday) out.day = *monday;
  return monday.has_value();
}

Moment read_pattern(std::string_view pattern, std::string_view text, int pivot) {
  Moment out;
  Fields f;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%') {
      if (!take_directive(pattern[++i], text, f, out, pivot)) return fault(Fault::date);
    } else if (!take(text, pattern[i])) {
      return fault(Fault::date);
    }
  }
  if (!text.empty() || !set_day_of(f, out)) return fault(Fault::date);
  if (f.hour12 >= 0) f.hour = f.hour12 % 12 + (f.half == 1 ? 12 : 0);
  if (f.hour >= 0 && !set_time(out, f.hour, f.minute, f.second, f.micros)) return fault(Fault::date);
  return out;
}

bool is_word(std::string_view text) { return text == "iso" || text == "excel" || text == "unix" || text == "unix_ms"; }

}  // namespace

Result<DatePattern> DatePattern::parse(std::string_view text) {
  DatePattern out;
  out.text_ = std::string(text);
  if (is_word(text)) return out;
  std::string seen;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') continue;
    if (i + 1 == text.size() || std::string_view("YymdGVHIMSfzbBaAp%").find(text[i + 1]) == std::string_view::npos)
      return fail(
          ErrorKind::usage, "date_format.unknown",
          fmt::format("\"{}\" is not a directive of a date format", text.substr(i, 2)), {},
          "known: %Y %y %m %d %G %V %H %I %p %M %S %f %z %b %B %a %A %%, or the words iso, excel, unix, unix_ms");
    seen += text[++i];
  }
  const auto has = [&](std::string_view any) { return seen.find_first_of(any) != std::string::npos; };
  const bool week = has("G") && has("V") && !has("YymbBd"), month = has("Yy") && has("mbB") && !has("GV");
  if (!week && !month)
    return fail(ErrorKind::usage, "date_format.incomplete",
                fmt::format("the date format \"{}\" does not give month and year", text), {},
                "for example \"%d/%m/%Y\", or the words iso, excel, unix, unix_ms");
  // Nobody writes the time of a month: a day was forgotten.
  if (!has("d") && has("HI"))
    return fail(ErrorKind::usage, "date_format.incomplete",
                fmt::format("the date format \"{}\" has a time of day and no day", text), {},
                "for example \"%d/%m/%Y %H:%M\"");
  // Two of clock would have half of the days two in the night.
  if (has("I") && !has("p"))
    return fail(ErrorKind::usage, "date_format.incomplete",
                fmt::format("the date format \"{}\" has an hour of twelve (%I) and does not say of which half", text),
                {}, "add %p where the text says AM or PM; where it counts to 24, write %H");
  if (has("p") && (!has("I") || has("H")))
    return fail(ErrorKind::usage, "date_format.incomplete",
                fmt::format("the date format \"{}\" has a half of the day (%p) that no hour goes by", text), {},
                "%p goes with %I, the hour of twelve: write %I for %H");
  return out;
}

Moment DatePattern::read(std::string_view text, int year_pivot) const {
  if (text_ == "iso") return read_iso(text);
  if (text_ == "excel") return read_excel(text);
  if (text_ == "unix") return read_unix(text, kSecond);
  if (text_ == "unix_ms") return read_unix(text, 1000);
  return read_pattern(text_, text, year_pivot);
}

Moment read_moment(std::string_view text, const DateFormat& format) {
  text = trim(text);
  Moment out = format.patterns.empty() ? read_iso(text) : fault(Fault::date);
  for (const DatePattern& pattern : format.patterns) {
    out = pattern.read(text, format.year_pivot);
    if (out.fault == Fault::none) break;
  }
  if (out.fault != Fault::none) return out;
  out.day = out.day + format.plus_days;
  const int year = civil(out.day).year;
  if (year < kFirstYear || year > kLastYear) return fault(Fault::date_range);
  if (format.date_only) {
    out.has_time = false;
    out.micros_of_day = 0;
    out.offset_minutes.reset();
  }
  return out;
}

std::string DateFormat::to_text() const {
  std::string out = fmt::format("{}\x1f{}\x1f{}\x1f{}", year_pivot, plus_days, date_only ? 1 : 0, zone);
  for (const DatePattern& pattern : patterns) out += '\x1f' + pattern.text();
  return out;
}

DateFormat DateFormat::from_text(std::string_view text) {
  DateFormat out;
  const std::vector<std::string> parts = split(text, '\x1f');
  if (parts.size() < 4) return out;
  std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), out.year_pivot);
  std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), out.plus_days);
  out.date_only = parts[2] == "1";
  out.zone = parts[3];
  for (std::size_t i = 4; i < parts.size(); ++i)
    if (auto pattern = DatePattern::parse(parts[i])) out.patterns.push_back(std::move(*pattern));
  return out;
}

}  // namespace vigie::ingest

#include "sources/schedule.h"

#include "base/text.h"

namespace vigie::sources {
namespace {

constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr int kMinutesPerHour = 60, kMinutesPerDay = 1440;
/// A day that fits comes within eight years: 29 February of a year after 1900 or 2100.
constexpr int kDaysToLook = 8 * 366 + 1;

std::unexpected<Error> schedule_error(std::string message) {
  return fail(ErrorKind::usage, "schedule.unreadable", std::move(message), {},
              "write \"every 15 minutes\", \"every day\", or five fields as cron has them: \"30 6 * * 1-5\"");
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (std::string& word : split(text, ' '))
    if (!word.empty()) out.push_back(std::move(word));
  return out;
}

/// What a field of cron may hold.
struct Field {
  std::string_view name;
  int least, most;
};
constexpr Field kFields[] = {{"minute", 0, 59}, {"hour", 0, 23}, {"day", 1, 31}, {"month", 1, 12}, {"weekday", 0, 7}};

/// "1-5", "*/10", "7", "0-30/5" → its numbers.
std::optional<std::vector<int>> numbers_of(std::string_view part, const Field& field) {
  int step = 1, from = field.least, to = field.most;
  const auto slash = part.find('/');
  if (slash != std::string_view::npos) {
    const auto n = whole_number(part.substr(slash + 1));
    if (!n || *n < 1 || *n > field.most) return std::nullopt;
    step = static_cast<int>(*n);
    part = part.substr(0, slash);
  }
  if (part != "*") {
    const auto dash = part.find('-');
    const auto first = whole_number(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : whole_number(part.substr(dash + 1));
    if (!first || !last || *first < field.least || *last > field.most || *first > *last) return std::nullopt;
    from = static_cast<int>(*first);
    to = dash == std::string_view::npos && slash != std::string_view::npos ? field.most : static_cast<int>(*last);
  }
  std::vector<int> out;
  for (int n = from; n <= to; n += step) out.push_back(n);
  return out;
}

template <std::size_t N>
Result<> read_field(std::string_view text, const Field& field, std::bitset<N>& out) {
  for (const std::string& part : split(text, ',')) {
    const auto numbers = numbers_of(part, field);
    if (!numbers)
      return schedule_error(fmt::format("\"{}\" is no {} of a schedule: those are from {} to {}", part, field.name,
                                        field.least, field.most));
    for (const int n : *numbers) out.set(static_cast<std::size_t>(n) % N);
  }
  return {};
}

/// "15 minutes", "hour" → minutes.
Result<std::int64_t> minutes_of(const std::vector<std::string>& words) {
  std::int64_t count = 1;
  std::size_t at = 1;
  if (words.size() == 3) {
    const auto number = whole_number(words[at++]);
    if (!number || *number < 1) return schedule_error(fmt::format("\"{}\" is no number of a schedule", words[1]));
    count = *number;
  }
  if (at + 1 != words.size()) return schedule_error("a schedule says how often, and nothing else");
  const std::string& unit = words[at];
  std::int64_t minutes = 0;
  if (unit == "minute" || unit == "minutes") minutes = 1;
  else if (unit == "hour" || unit == "hours") minutes = kMinutesPerHour;
  else if (unit == "day" || unit == "days") minutes = kMinutesPerDay;
  else return schedule_error(fmt::format("\"{}\" is no unit of a schedule: minutes, hours or days", unit));
  constexpr std::int64_t kMost = 366;
  if (count > kMost * kMinutesPerDay / minutes) return schedule_error("a schedule is at most a year long");
  return count * minutes;
}

}  // namespace

bool Schedule::Cron::fits(Date day) const {
  const YearMonthDay is = civil(day);
  if (!months.test(static_cast<std::size_t>(is.month))) return false;
  const bool by_day = days.test(static_cast<std::size_t>(is.day));
  const bool by_weekday = weekdays.test(static_cast<std::size_t>(iso_weekday(day) % 7));
  if (any_day || any_weekday) return by_day && by_weekday;
  return by_day || by_weekday;
}

Result<Schedule::Cron> Schedule::read_cron(std::string_view text) {
  const std::vector<std::string> words = words_of(text);
  if (words.size() != std::size(kFields)) return schedule_error(fmt::format("\"{}\" is no schedule", text));
  Cron out;
  VIGIE_CHECK(read_field(words[0], kFields[0], out.minutes));
  VIGIE_CHECK(read_field(words[1], kFields[1], out.hours));
  VIGIE_CHECK(read_field(words[2], kFields[2], out.days));
  VIGIE_CHECK(read_field(words[3], kFields[3], out.months));
  VIGIE_CHECK(read_field(words[4], kFields[4], out.weekdays));
  out.any_day = words[2].starts_with('*');
  out.any_weekday = words[4].starts_with('*');
  const Date today = date_of(2024, 1, 1);
  for (int n = 0; n < kDaysToLook; ++n)
    if (out.fits(today + n)) return out;
  return fail(ErrorKind::usage, "schedule.never", fmt::format("no day is one of \"{}\"", text));
}

Result<Schedule> Schedule::parse(std::string_view text) {
  Schedule out;
  out.text_ = std::string(trim(text));
  const std::vector<std::string> words = words_of(out.text_);
  if (!words.empty() && words.front() == "every") {
    VIGIE_TRY(out.every_minutes_, minutes_of(words));
    return out;
  }
  VIGIE_TRY(out.cron_, read_cron(out.text_));
  return out;
}

Instant Schedule::next_after(Instant last, const calendar::Zone& zone) const {
  if (every_minutes_ > 0) return {last.micros + every_minutes_ * kMicrosPerMinute};
  const Date first = zone.day_of(last);
  for (int n = 0; n < kDaysToLook; ++n) {
    const Date day = first + n;
    if (!cron_.fits(day)) continue;
    for (int minute = 0; minute < kMinutesPerDay; ++minute) {
      if (!cron_.hours.test(static_cast<std::size_t>(minute / kMinutesPerHour)) ||
          !cron_.minutes.test(static_cast<std::size_t>(minute % kMinutesPerHour)))
        continue;
      const Instant at = zone.from_local(day.days * kMicrosPerDay + minute * kMicrosPerMinute);
      if (at > last) return at;
    }
  }
  return {last.micros + kDaysToLook * kMicrosPerDay};  // no day fits: refused when it was read
}

}  // namespace vigie::sources

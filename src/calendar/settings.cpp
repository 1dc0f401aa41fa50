#include "calendar/settings.h"

#include "base/text.h"

namespace vigie::calendar {
namespace {

template <class Value>
struct Named {
  std::string_view name;
  Value value;
};

constexpr Named<int> kWeekdays[] = {{"monday", 1}, {"tuesday", 2},  {"wednesday", 3}, {"thursday", 4},
                                    {"friday", 5}, {"saturday", 6}, {"sunday", 7}};
constexpr Named<WeekPattern> kPatterns[] = {{"none", WeekPattern::none},
                                            {"4-4-5", WeekPattern::p445},
                                            {"4-5-4", WeekPattern::p454},
                                            {"5-4-4", WeekPattern::p544}};
constexpr Named<std::optional<FrenchRegion>> kHolidays[] = {{"none", std::nullopt},
                                                            {"france", FrenchRegion::metropole},
                                                            {"france_alsace_moselle", FrenchRegion::alsace_moselle}};

template <class Value, std::size_t N>
Result<Value> parse_named(std::string_view text, const Named<Value> (&names)[N], std::string_view code,
                          std::string_view message) {
  std::vector<std::string> known;
  const std::string folded = fold_name(text);
  for (const Named<Value>& named : names) {
    if (fold_name(named.name) == folded) return named.value;
    known.emplace_back(named.name);
  }
  return fail(ErrorKind::usage, std::string(code), fmt::format(fmt::runtime(message), text), {},
              suggestion(text, known));
}

}  // namespace

Result<int> parse_weekday(std::string_view text) {
  return parse_named(text, kWeekdays, "calendar.weekday", "\"{}\" is not a day of the week");
}

std::string_view name_of_weekday(int iso_weekday) {
  for (const Named<int>& named : kWeekdays)
    if (named.value == iso_weekday) return named.name;
  return "";
}

Result<FiscalStart> parse_fiscal_start(std::string_view text) {
  // A common year: 29 February, which most years lack, is no day to start on.
  const Result<Date> date = parse_date(fmt::format("2025-{}", text));
  if (!date && parse_date(fmt::format("2024-{}", text)))
    return fail(ErrorKind::usage, "calendar.fiscal_start",
                fmt::format("\"{}\" is not a day on which every fiscal year can start", text), {},
                "write month and day, such as 04-01");
  if (!date)
    return fail(ErrorKind::usage, "calendar.fiscal_start", fmt::format("\"{}\" is not a month and a day", text), {},
                "write it as 04-01");
  const auto [year, month, day] = civil(*date);
  return FiscalStart{month, day};
}

Result<WeekPattern> parse_week_pattern(std::string_view text) {
  return parse_named(text, kPatterns, "calendar.pattern", "\"{}\" is not a week pattern");
}

Result<std::optional<FrenchRegion>> parse_holidays(std::string_view text) {
  return parse_named(text, kHolidays, "calendar.holidays", "\"{}\" is not a country whose holidays are known here");
}

}  // namespace vigie::calendar

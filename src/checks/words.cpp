#include "checks/words.h"

#include "base/text.h"
#include "checks/condition.h"

namespace vigie::checks {
namespace {

/// "2025-07-01 09:00" on the clock of the reporting zone.
std::string clock_of(Instant at, const calendar::Zone& zone) {
  constexpr std::int64_t kMinute = 60 * kMicrosPerSecond, kHour = 60;
  const Date day = zone.day_of(at);
  const std::int64_t local = at.micros + zone.offset_minutes(at) * kMinute;
  const std::int64_t minutes = (local - day.days * kMicrosPerDay) / kMinute;
  return fmt::format("{} {:02}:{:02}", to_string(day), minutes / kHour, minutes % kHour);
}

}  // namespace

std::string of_rows(const Check& check, const std::string& map, std::int64_t rows, const std::string& example) {
  const std::string columns = join(check.columns, ", ");
  switch (check.kind) {
    case Kind::not_null:
      return fmt::format("rows of {} without {}: {} (such as {}), says a check of the map {}", check.table, columns,
                         rows, example, map);
    case Kind::unique:
      return fmt::format("rows of {} that have the same {} as another one: {} (such as {}), says a check of the map {}",
                         check.table, columns, rows, example, map);
    case Kind::in_set:
      return fmt::format("rows of {} whose {} is none of {}: {} (such as {}), says a check of the map {}", check.table,
                         columns, join(check.values, ", "), rows, example, map);
    case Kind::range:
      return fmt::format("rows of {} whose {} lies outside {}: {} (such as {}), says a check of the map {}",
                         check.table, columns, bounds_of(check), rows, example, map);
    case Kind::referential:
      return fmt::format("rows of {} whose {} leads to no row of {}: {} (such as {}), says a check of the map {}",
                         check.table, columns, check.refers, rows, example, map);
    default:
      return fmt::format("rows of {} against what is expected ('{}'): {} (such as {}), says a check of the map {}",
                         check.table, check.expected, rows, example, map);
  }
}

std::string of_age(const Check& check, const std::string& map, const std::optional<Instant>& newest,
                   const calendar::Zone& zone) {
  if (!newest)
    return fmt::format("no row of {} tells its {} yet, says a check of the map {}", check.table, check.columns.front(),
                       map);
  const std::string &column = check.columns.front(), at = clock_of(*newest, zone);
  switch (check.age.unit) {
    case Age::Unit::hours:
      return fmt::format("the newest {} of {} is of {}, past its limit (hours: {}), says a check of the map {}", column,
                         check.table, at, check.age.amount, map);
    case Age::Unit::days:
      return fmt::format("the newest {} of {} is of {}, past its limit (days: {}), says a check of the map {}", column,
                         check.table, at, check.age.amount, map);
    case Age::Unit::working_days: break;
  }
  return fmt::format("the newest {} of {} is of {}, past its limit (working days: {}), says a check of the map {}",
                     column, check.table, at, check.age.amount, map);
}

std::string of_volume(const Check& check, const std::string& map, std::int64_t rows, const Expected& usual) {
  if (usual.same_weekday)
    return fmt::format(
        "the last batch of the map {} brought {} rows of {}, where {} to {} are usual: the median of {} batches of the "
        "same weekday before it is {}",
        map, rows, check.table, usual.low, usual.high, usual.batches, usual.median);
  return fmt::format(
      "the last batch of the map {} brought {} rows of {}, where {} to {} are usual: the median of {} batches before "
      "it "
      "is {}",
      map, rows, check.table, usual.low, usual.high, usual.batches, usual.median);
}

std::string of_sum(const Check& check, const std::string& map, const Sums& found) {
  const auto apart = found.ours.minus(found.theirs);
  return fmt::format("the sum of {} of {} is {}, and its control total {}: {} apart, says a check of the map {}",
                     check.columns.front(), check.table, found.ours.to_plain(), found.theirs.to_plain(),
                     apart ? apart->to_plain() : "", map);
}

}  // namespace vigie::checks

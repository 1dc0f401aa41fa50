#include "sources/data_until.h"

#include "ingest/date_format.h"

namespace vigie::sources {
namespace {

constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;

/// How the map reads the column as a time; null: it does not.
const ingest::DateFormat* format_of(const ingest::Map& map, const std::string& column) {
  for (const ingest::ColumnMap& one : map.columns)
    if (std::ranges::find(one.from, column, &ingest::Named::name) != one.from.end() &&
        (!one.date.patterns.empty() || !one.date.zone.empty()))
      return &one.date;
  return nullptr;
}

}  // namespace

std::optional<Instant> told_until(const CursorText& cursor, const ingest::Map& map, const calendar::Zone& zone) {
  const ingest::DateFormat* const written = format_of(map, cursor.column);
  const ingest::DateFormat format = written != nullptr ? *written : ingest::DateFormat{};
  // 20250701 is a number before it is a day, unless the map says otherwise.
  if (format.patterns.empty() && cursor.text.find('-') == std::string::npos) return std::nullopt;
  const ingest::Moment moment = ingest::read_moment(cursor.text, format);
  if (moment.fault != ingest::Fault::none) return std::nullopt;
  const std::int64_t local = moment.day.days * kMicrosPerDay + moment.micros_of_day;
  if (moment.offset_minutes) return Instant{local - *moment.offset_minutes * kMicrosPerMinute};
  if (cursor.in_utc) return Instant{local};
  const auto own = format.zone.empty() ? nullptr : calendar::Zone::find(format.zone).value_or(nullptr);
  return own ? own->from_local(local) : zone.from_local(local);
}

}  // namespace vigie::sources

#include "sources/data_until.h"

#include "ingest/date_format.h"

namespace vigie::sources {
namespace {

constexpr std::int64_t kMicrosOfMinute = 60 * kMicrosPerSecond;

/// How the map reads the column as a time; null: it does not.
const ingest::DateFormat* format_of(const ingest::Map& map, const std::string& column) {
  for (const ingest::ColumnMap& one : map.columns)
    if (std::ranges::find(one.from, column, &ingest::Named::name) != one.from.end() &&
        (!one.date.patterns.empty() || !one.date.zone.empty()))
      return &one.date;
  return nullptr;
}

bool is_iso(std::string_view text) {
  constexpr std::size_t kYear = 4, kMonth = 7;
  return text.size() > kMonth && text[kYear] == '-' && text[kMonth] == '-';
}

}  // namespace

std::optional<Instant> told_until(const CursorText& cursor, const ingest::Map& map, const calendar::Zone& zone) {
  const ingest::DateFormat* const written = format_of(map, cursor.column);
  ingest::DateFormat format = written != nullptr ? *written : ingest::DateFormat{};
  // What a map says of dates is for files: a database writes year, month, day. 20250701 is a number before it is a day.
  if (is_iso(cursor.text)) format.patterns.clear();
  else if (format.patterns.empty()) return std::nullopt;
  const ingest::Moment moment = ingest::read_moment(cursor.text, format);
  if (moment.fault != ingest::Fault::none) return std::nullopt;
  const std::int64_t local = moment.day.days * kMicrosPerDay + moment.micros_of_day;
  if (moment.offset_minutes) return Instant{local - *moment.offset_minutes * kMicrosOfMinute};
  if (cursor.in_utc) return Instant{local};
  const auto own = format.zone.empty() ? nullptr : calendar::Zone::find(format.zone).value_or(nullptr);
  return own ? own->from_local(local) : zone.from_local(local);
}

}  // namespace vigie::sources

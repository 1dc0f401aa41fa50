// Rows at grain hour: the hours that the clocks of each day show, and the same hour of another day.
#include "kpi/answering.h"

namespace vigie::kpi {
namespace {

using plan::Key;

/// An hour as a wall clock shows it.
struct ClockHour {
  int hour = 0, offset_minutes = 0;
  Instant from, to;
};

/// The hours of a local day, in order. An hour that daylight saving skips is not there; one that occurs twice is there
/// twice, told apart by its offset; one that a change of clocks cuts is there in its parts.
std::vector<ClockHour> hours_of(const calendar::Zone& zone, Date day) {
  constexpr std::int64_t kHour = 3'600 * kMicrosPerSecond, kMinute = 60 * kMicrosPerSecond;
  const Instant end = zone.start_of(day + 1);
  const auto runs = zone.transitions(zone.start_of(day), end);
  std::vector<ClockHour> out;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto& [start, offset] = runs[i];
    const Instant stop = i + 1 < runs.size() ? runs[i + 1].first : end;
    for (Instant at = start; at < stop;) {
      const std::int64_t local = at.micros + offset * kMinute - day.days * kMicrosPerDay;
      const std::int64_t hour = local / kHour;
      const Instant next{std::min(stop.micros, at.micros + (hour + 1) * kHour - local)};
      out.push_back({static_cast<int>(hour), offset, at, next});
      at = next;
    }
  }
  return out;
}

/// Of the hours of another day, the same one: with the same offset where that day shows it twice.
std::optional<ClockHour> hour_like(int wanted, int offset_minutes, const std::vector<ClockHour>& hours) {
  std::optional<ClockHour> out;
  for (const ClockHour& hour : hours)
    if (hour.hour == wanted && (!out || hour.offset_minutes == offset_minutes)) out = hour;
  return out;
}

}  // namespace

Result<> Answering::add_hours(Answer& answer, const std::set<Key>& keys) const {
  // The hour and its offset are the first splits of every measure: the spine gives each day its hours for every other
  // value.
  const auto axes = static_cast<std::ptrdiff_t>(evaluation_->bound().variant->axes.size());
  const auto in_order = [](const std::pair<Key, Key>& a, const std::pair<Key, Key>& b) {
    return a.first == b.first ? OthersLast()(a.second, b.second) : a.first < b.first;
  };
  std::set<std::pair<Key, Key>, decltype(in_order)> around(in_order);  // what stands before and after the hour
  for (const Key& key : keys)
    if (std::ssize(key) >= axes + kHourColumns)
      around.emplace(Key(key.begin(), key.begin() + axes), Key(key.begin() + axes + kHourColumns, key.end()));
  if (question_.by.empty() && axes == 0) around.emplace();
  const Instant as_of = evaluation_->bound().as_of.at;
  constexpr std::size_t kHoursOfADay = 24;
  VIGIE_CHECK(check_rows(slots_.size() * kHoursOfADay, around.size()));
  for (const Slot& slot : slots_)
    for (const ClockHour& hour : hours_of(session_.calendar.zone(), slot.period.whole.from))
      for (const auto& [before, after] : around) {
        Key key = before;
        key.insert(key.end(), {fmt::format("{}", hour.hour), fmt::format("{}", hour.offset_minutes)});
        key.insert(key.end(), after.begin(), after.end());
        VIGIE_TRY(Row one, row(slot, key, Level::split, hour.from < as_of));
        one.hour = hour.hour;
        one.hour_offset_minutes = hour.offset_minutes;
        one.hour_to = WallClock{hour.to, session_.calendar.zone().offset_minutes(hour.to)};
        name_hours(slot, one);
        one.complete = hour.to <= as_of;
        one.elapsed = std::clamp(static_cast<double>(as_of.micros - hour.from.micros) /
                                     static_cast<double>(hour.to.micros - hour.from.micros),
                                 0.0, 1.0);
        answer.rows.push_back(std::move(one));
      }
  return {};
}

void Answering::name_hours(const Slot& slot, Row& row) const {
  const calendar::Zone& zone = session_.calendar.zone();
  for (const auto& [comparison, range] : slot.compared) {
    const auto found = row.comparisons.find(comparison.name);
    const auto hour = hour_like(*row.hour, row.hour_offset_minutes, hours_of(zone, range.from));
    if (found == row.comparisons.end() || !hour) continue;
    found->second.hour_from = WallClock{hour->from, hour->offset_minutes};
    found->second.hour_to = WallClock{hour->to, zone.offset_minutes(hour->to)};
  }
}

std::optional<Key> Answering::same_hour(const Key& key, Date day) const {
  const std::size_t at = evaluation_->bound().variant->axes.size();
  if (question_.grain != calendar::Grain::hour || key.size() < at + kHourColumns) return key;
  if (!key[at] || !key[at + 1]) return std::nullopt;
  const auto there = hour_like(std::stoi(*key[at]), std::stoi(*key[at + 1]), hours_of(session_.calendar.zone(), day));
  if (!there) return std::nullopt;
  Key out = key;
  out[at + 1] = fmt::format("{}", there->offset_minutes);
  return out;
}

}  // namespace vigie::kpi

#include "calendar/zone.h"

#include <date/tz.h>

#include <exception>
#include <limits>

#include "base/file.h"
#include "base/floor.h"
#include "base/text.h"
#include "calendar/posix_rule.h"
#include "calendar/zone_files.h"

namespace vigie::calendar {
namespace {

constexpr int kLastYear = 2500;
constexpr std::int64_t kBeginningOfTime = std::numeric_limits<std::int64_t>::min();
/// More than any two offsets of the world differ by: how far from a local time its segment may lie.
constexpr std::int64_t kWidestOffset = 36 * 3600 * kMicrosPerSecond;
/// Where systems keep the database: the places that the date library itself looks in.
constexpr const char* kDatabaseFolders[] = {"/usr/share/zoneinfo", "/usr/share/zoneinfo/uclibc",
                                            "/usr/share/lib/zoneinfo", "/etc/zoneinfo", "/var/db/timezone/zoneinfo"};

bool is_name_of_zone(std::string_view name) { return name != "localtime" && name != "posixrules" && name != "Factory"; }

/// The rule at the end of the zone's file, or nothing where there is no such file or rule. The date library reads the
/// tables of these files but not the rule, and so would end summer time with the table: in 2037, or, where the files
/// are written without redundant years, in 1996.
std::optional<PosixRule> rule_in_file(const std::string& name) {
  for (const std::string& file : zone_files(name)) {
    const auto bytes = bytes_of(file);
    if (!bytes || !bytes->starts_with("TZif") || !bytes->ends_with('\n')) continue;
    const std::size_t before = bytes->rfind('\n', bytes->size() - 2);
    if (before == std::string::npos) continue;
    return PosixRule::parse(std::string_view(*bytes).substr(before + 1, bytes->size() - before - 2));
  }
  return std::nullopt;
}

/// (seconds UTC, offset in seconds): the table of the database, then the yearly rule.
std::vector<std::pair<std::int64_t, int>> offsets_of(const date::time_zone& zone) {
  std::vector<std::pair<std::int64_t, int>> out;
  const auto add = [&](std::int64_t at, int offset) {
    if (out.empty() || out.back().second != offset) out.emplace_back(at, offset);
  };
  const date::sys_seconds limit = date::sys_days{date::year{kLastYear} / 1 / 1};
  date::sys_info info = zone.get_info(date::sys_days{date::year{1700} / 1 / 1});
  add(std::numeric_limits<std::int64_t>::min(), static_cast<int>(info.offset.count()));
  date::sys_seconds last_change{};
  bool changed = false;
  while (info.end < limit) {
    last_change = info.end;
    changed = true;
    info = zone.get_info(info.end);
    add(last_change.time_since_epoch().count(), static_cast<int>(info.offset.count()));
  }
  const std::optional<PosixRule> rule = rule_in_file(zone.name());
  if (!rule || !rule->summer) return out;

  const std::int64_t known_until = changed ? last_change.time_since_epoch().count() : 0;
  const int first_year = civil(Date{static_cast<std::int32_t>(floor_div(known_until, 86'400))}).year;
  for (int year = first_year; year < kLastYear; ++year)
    for (const auto& [at, offset] : rule->changes(year))
      if (at > known_until) add(at, offset);
  return out;
}

/// Is every part of the name near the one that was typed? The region alone makes no city near another: Lyon is not
/// Kyiv.
bool is_near_in_each_part(std::string_view typed, std::string_view name) {
  const std::vector<std::string> typed_parts = split(typed, '/'), parts = split(name, '/');
  if (typed_parts.size() != parts.size()) return false;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (nearest_name(typed_parts[i], std::vector{parts[i]}).empty()) return false;
  return true;
}

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('/') + 1); }

std::unexpected<Error> unknown_zone(std::string_view name, const date::tzdb& database) {
  std::vector<std::string> near;
  std::vector<std::string> same_city;  // "Paris" or "Europ/Paris" for "Europe/Paris"
  const std::string city = fold_name(last_part(name));
  for (const date::time_zone& zone : database.zones) {
    if (!is_name_of_zone(zone.name())) continue;
    if (is_near_in_each_part(name, zone.name())) near.push_back(zone.name());
    if (fold_name(last_part(zone.name())) == city) same_city.push_back(zone.name());
  }
  const std::string nearest = same_city.empty() ? nearest_name(name, near) : same_city[0];
  const std::string hint = nearest.empty() ? "" : did_you_mean(nearest);
  return fail(ErrorKind::usage, "zone.unknown", fmt::format("\"{}\" is not a time zone", name), {},
              hint.empty() ? "write a name of the tz database, such as Europe/Paris" : hint);
}

}  // namespace

std::vector<std::string> zone_files(const std::string& name) {
  std::vector<std::string> out;
  for (const char* folder : kDatabaseFolders) out.push_back(fmt::format("{}/{}", folder, name));
  return out;
}

Result<std::shared_ptr<const Zone>> Zone::find(std::string_view name) {
  try {
    const date::tzdb& database = date::get_tzdb();
    const date::time_zone* found = nullptr;
    for (const date::time_zone& zone : database.zones)
      if (zone.name() == name && is_name_of_zone(name)) found = &zone;
    if (found == nullptr) return unknown_zone(name, database);

    std::shared_ptr<Zone> zone(new Zone(std::string(name)));
    for (const auto& [at, offset] : offsets_of(*found))
      zone->segments_.push_back(
          {zone->segments_.empty() ? kBeginningOfTime : at * kMicrosPerSecond, offset * kMicrosPerSecond});
    return zone;
  } catch (const std::exception& problem) {
    return fail(ErrorKind::unavailable, "zone.database",
                fmt::format("the time zone database cannot be read: {}", problem.what()), {},
                "install the system's tzdata package");
  }
}

std::size_t Zone::segment_at(std::int64_t micros) const {
  const auto after = std::upper_bound(segments_.begin(), segments_.end(), micros,
                                      [](std::int64_t value, const Segment& segment) { return value < segment.start; });
  return static_cast<std::size_t>(after - segments_.begin()) - 1;
}

int Zone::offset_minutes(Instant at) const {
  return static_cast<int>(
      floor_div(segments_[segment_at(at.micros)].offset + 30 * kMicrosPerSecond, 60 * kMicrosPerSecond));
}

Date Zone::day_of(Instant at) const {
  const std::int64_t local = at.micros + segments_[segment_at(at.micros)].offset;
  return Date{static_cast<std::int32_t>(floor_div(local, kMicrosPerDay))};
}

Zone::Found Zone::locate(std::int64_t local) const {
  std::size_t i = segment_at(local - kWidestOffset);
  for (;; ++i) {
    const std::int64_t candidate = local - segments_[i].offset;
    const bool last = i + 1 == segments_.size();
    if (last || candidate < segments_[i + 1].start) return {candidate, false, i};  // the first segment that reaches it
    const std::int64_t in_next = local - segments_[i + 1].offset;
    if (in_next < segments_[i + 1].start) return {candidate, true, i + 1};
  }
}

Instant Zone::start_of(Date day) const {
  const Found found = locate(day.days * kMicrosPerDay);
  return Instant{found.in_gap ? segments_[found.after].start : found.micros};
}

Instant Zone::from_local(std::int64_t local_micros) const { return Instant{locate(local_micros).micros}; }

std::vector<std::pair<Instant, int>> Zone::transitions(Instant from, Instant to) const {
  std::vector<std::pair<Instant, int>> out;
  if (from >= to) return out;
  out.emplace_back(from, offset_minutes(from));
  for (std::size_t i = segment_at(from.micros) + 1; i < segments_.size() && segments_[i].start < to.micros; ++i)
    out.emplace_back(Instant{segments_[i].start}, offset_minutes(Instant{segments_[i].start}));
  return out;
}

}  // namespace vigie::calendar

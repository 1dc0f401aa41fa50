// The calendar's day and offset of an instant, held against the engine's own time zones (ICU): two readers of the tz
// database, written by different people, over every zone that both know.
#include <gtest/gtest.h>

#include <random>

#include "calendar/zone.h"
#include "store/database.h"

namespace vigie::store {
namespace {

struct Shown {
  std::int64_t at = 0;
  std::int32_t day = 0;
  int offset_minutes = 0;
};

/// Zones in which every kind of rule occurs: both hemispheres, half hours and quarters, a half-hour summer time, one
/// that skipped a day, one with its summer time turned round, some that changed for good.
const std::vector<std::string> kZones{"UTC",
                                      "Europe/Paris",
                                      "Europe/London",
                                      "Europe/Dublin",
                                      "Europe/Berlin",
                                      "Europe/Lisbon",
                                      "Europe/Athens",
                                      "Europe/Kyiv",
                                      "Europe/Istanbul",
                                      "Europe/Moscow",
                                      "Atlantic/Azores",
                                      "Atlantic/Reykjavik",
                                      "America/New_York",
                                      "America/Chicago",
                                      "America/Denver",
                                      "America/Phoenix",
                                      "America/Los_Angeles",
                                      "America/Anchorage",
                                      "America/St_Johns",
                                      "America/Sao_Paulo",
                                      "America/Santiago",
                                      "America/Argentina/Buenos_Aires",
                                      "America/Bogota",
                                      "America/Caracas",
                                      "America/Havana",
                                      "Africa/Cairo",
                                      "Africa/Casablanca",
                                      "Africa/Johannesburg",
                                      "Africa/Lagos",
                                      "Africa/Nairobi",
                                      "Asia/Dubai",
                                      "Asia/Tehran",
                                      "Asia/Kolkata",
                                      "Asia/Kathmandu",
                                      "Asia/Dhaka",
                                      "Asia/Bangkok",
                                      "Asia/Shanghai",
                                      "Asia/Tokyo",
                                      "Asia/Seoul",
                                      "Asia/Jerusalem",
                                      "Asia/Pyongyang",
                                      "Asia/Vladivostok",
                                      "Australia/Perth",
                                      "Australia/Adelaide",
                                      "Australia/Darwin",
                                      "Australia/Sydney",
                                      "Australia/Lord_Howe",
                                      "Pacific/Auckland",
                                      "Pacific/Chatham",
                                      "Pacific/Apia",
                                      "Pacific/Kiritimati",
                                      "Pacific/Honolulu",
                                      "Indian/Reunion",
                                      "Antarctica/Troll"};

/// Instants from 1973 to 2030: some at random, and those around every change of the zone's offset.
std::vector<std::int64_t> instants(const calendar::Zone& zone, std::mt19937_64& dice) {
  const Instant from = *parse_instant("1973-01-01T00:00:00Z"), to = *parse_instant("2030-01-01T00:00:00Z");
  std::uniform_int_distribution<std::int64_t> any(from.micros, to.micros);
  std::vector<std::int64_t> out;
  for (int i = 0; i < 300; ++i) out.push_back(any(dice));
  constexpr std::int64_t kSecond = kMicrosPerSecond, kHour = 3600 * kSecond;
  for (const auto& [at, offset] : zone.transitions(from, to))
    for (const std::int64_t aside : {-kHour, -kSecond, std::int64_t{0}, kSecond, kHour})
      out.push_back(at.micros + aside);
  return out;
}

Result<std::vector<Shown>> shown_by_engine(Connection& connection, const std::string& zone,
                                           const std::vector<std::int64_t>& at) {
  std::string list;
  for (const std::int64_t micros : at) list += fmt::format("{}({})", list.empty() ? "" : ", ", micros);
  VIGIE_TRY(const ResultSet rows,
            connection.query(
                fmt::format("SELECT u, CAST(floor(l / 86400000000.0) AS BIGINT), (l - u) // 60000000 FROM (SELECT u, "
                            "epoch_us(timezone({}, make_timestamptz(u))) AS l FROM (VALUES {}) AS v(u))",
                            quote_text(zone), list)));
  std::vector<Shown> out;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    out.push_back(
        {rows.int64(row, 0), static_cast<std::int32_t>(rows.int64(row, 1)), static_cast<int>(rows.int64(row, 2))});
  return out;
}

TEST(Zones, ShowTheDayAndTheOffsetThatTheEngineShows) {
  auto database = std::move(Database::open({.memory_limit_mb = 256, .threads = 1}).value());
  Connection connection = std::move(database->connect().value());
  const auto known =
      connection.query("SELECT count(*) FROM duckdb_extensions() WHERE extension_name = 'icu' AND loaded");
  ASSERT_TRUE(known) << known.error().text();
  if (known->int64(0, 0) == 0)
    GTEST_SKIP() << "this build of the engine has no time zones (ICU): nothing to compare with";
  constexpr std::uint64_t kSeed = 7;
  std::mt19937_64 dice(kSeed);
  std::size_t compared = 0;
  for (const std::string& name : kZones) {
    const auto zone = calendar::Zone::find(name);
    ASSERT_TRUE(zone) << name << ": " << zone.error().text();
    const auto rows = shown_by_engine(connection, name, instants(**zone, dice));
    ASSERT_TRUE(rows) << name << ": " << rows.error().text();
    for (const Shown& row : *rows) {
      const Instant at{row.at};
      ASSERT_EQ((*zone)->day_of(at).days, row.day) << name << " at " << to_string(at);
      ASSERT_EQ((*zone)->offset_minutes(at), row.offset_minutes) << name << " at " << to_string(at);
      ++compared;
    }
  }
  EXPECT_GT(compared, 20'000U);
}

}  // namespace
}  // namespace vigie::store

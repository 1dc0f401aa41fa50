#include "calendar/zone.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "calendar/posix_rule.h"
#include "calendar/test_calendar.h"

namespace vigie::calendar {
namespace {

std::shared_ptr<const Zone> zone(std::string_view name) {
  auto found = Zone::find(name);
  EXPECT_TRUE(found) << (found ? "" : found.error().text());
  return found ? *found : nullptr;
}
Instant at(std::string_view text) { return *parse_instant(text); }
/// What a wall clock shows, as µs since local 1970-01-01.
std::int64_t wall(std::string_view text) { return parse_instant(std::string(text) + "Z")->micros; }

TEST(Zone, ParisHasADayOf23HoursAndOneOf25) {
  const auto paris = zone("Europe/Paris");
  // 30 March 2025, 02:00 → 03:00. Midnight is at 23:00 UTC the day before, the next one at 22:00 UTC.
  EXPECT_EQ(to_string(paris->start_of(day("2025-03-30"))), "2025-03-29T23:00:00Z");
  EXPECT_EQ(to_string(paris->start_of(day("2025-03-31"))), "2025-03-30T22:00:00Z");
  // 26 October 2025, 03:00 → 02:00.
  EXPECT_EQ(to_string(paris->start_of(day("2025-10-26"))), "2025-10-25T22:00:00Z");
  EXPECT_EQ(to_string(paris->start_of(day("2025-10-27"))), "2025-10-26T23:00:00Z");
  EXPECT_EQ(paris->day_of(at("2025-03-30T21:59:59Z")), day("2025-03-30"));
  EXPECT_EQ(paris->day_of(at("2025-03-30T22:00:00Z")), day("2025-03-31"));
  EXPECT_EQ(paris->offset_minutes(at("2025-03-30T00:59:59Z")), 60);
  EXPECT_EQ(paris->offset_minutes(at("2025-03-30T01:00:00Z")), 120);
}

TEST(Zone, ATimeThatIsSkippedTakesTheOffsetBeforeAndOneThatRepeatsIsTheFirst) {
  const auto paris = zone("Europe/Paris");
  // 02:30 does not exist on 30 March: with the offset before (+1) it is 01:30 UTC, which clocks show as 03:30.
  EXPECT_EQ(to_string(paris->from_local(wall("2025-03-30T02:30:00"))), "2025-03-30T01:30:00Z");
  // 02:30 comes twice on 26 October: at 00:30 UTC (+2) and at 01:30 UTC (+1).
  EXPECT_EQ(to_string(paris->from_local(wall("2025-10-26T02:30:00"))), "2025-10-26T00:30:00Z");
  EXPECT_EQ(to_string(paris->from_local(wall("2025-10-26T03:00:00"))), "2025-10-26T02:00:00Z");
}

TEST(Zone, InSaoPauloMidnightDidNotExist) {
  const auto sao_paulo = zone("America/Sao_Paulo");
  // 4 November 2018: clocks went from 00:00 (−3, 03:00 UTC) to 01:00 (−2).
  EXPECT_EQ(to_string(sao_paulo->start_of(day("2018-11-04"))), "2018-11-04T03:00:00Z");
  EXPECT_EQ(sao_paulo->day_of(at("2018-11-04T02:59:59Z")), day("2018-11-03"));
  EXPECT_EQ(sao_paulo->day_of(at("2018-11-04T03:00:00Z")), day("2018-11-04"));
  EXPECT_EQ(to_string(sao_paulo->start_of(day("2018-11-05"))), "2018-11-05T02:00:00Z");  // 23 hours later
  // 18 February 2018: at 00:00 (−2) clocks went back to 23:00 of the 17th, so the 17th had 25 hours.
  EXPECT_EQ(to_string(sao_paulo->start_of(day("2018-02-18"))), "2018-02-18T03:00:00Z");
  EXPECT_EQ(sao_paulo->day_of(at("2018-02-18T02:30:00Z")), day("2018-02-17"));
  // No summer time since 2019.
  EXPECT_EQ(sao_paulo->offset_minutes(at("2026-01-15T12:00:00Z")), -180);
}

TEST(Zone, HalfAndQuarterHours) {
  EXPECT_EQ(zone("Asia/Kolkata")->offset_minutes(at("2025-06-01T00:00:00Z")), 330);
  EXPECT_EQ(to_string(zone("Asia/Kolkata")->start_of(day("2025-06-01"))), "2025-05-31T18:30:00Z");
  EXPECT_EQ(zone("Asia/Kathmandu")->offset_minutes(at("2025-06-01T00:00:00Z")), 345);
  // Lord Howe moves its clocks by half an hour.
  EXPECT_EQ(zone("Australia/Lord_Howe")->offset_minutes(at("2025-01-01T00:00:00Z")), 660);
  EXPECT_EQ(zone("Australia/Lord_Howe")->offset_minutes(at("2025-07-01T00:00:00Z")), 630);
}

TEST(Zone, ADayThatAZoneSkippedStartsWithTheNext) {
  const auto apia = zone("Pacific/Apia");  // went over the date line: 29 December 2011 was followed by the 31st
  EXPECT_EQ(apia->start_of(day("2011-12-30")), apia->start_of(day("2011-12-31")));
  EXPECT_EQ(to_string(apia->start_of(day("2011-12-31"))), "2011-12-30T10:00:00Z");
  EXPECT_EQ(apia->day_of(at("2011-12-30T09:59:59Z")), day("2011-12-29"));
}

TEST(Zone, TransitionsBeginWithTheRangeItself) {
  const auto paris = zone("Europe/Paris");
  const auto changes = paris->transitions(at("2025-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"));
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0], std::pair(at("2025-01-01T00:00:00Z"), 60));
  EXPECT_EQ(changes[1], std::pair(at("2025-03-30T01:00:00Z"), 120));
  EXPECT_EQ(changes[2], std::pair(at("2025-10-26T01:00:00Z"), 60));
  EXPECT_EQ(paris->transitions(at("2025-03-30T01:00:00Z"), at("2025-03-30T01:00:01Z")).size(), 1u);
  EXPECT_TRUE(paris->transitions(at("2025-03-30T01:00:00Z"), at("2025-03-30T01:00:00Z")).empty());
  EXPECT_EQ(zone("UTC")->transitions(Instant{0}, at("2100-01-01T00:00:00Z")).size(), 1u);
}

TEST(Zone, SummerTimeGoesOnAfterTheTableEnds) {
  EXPECT_EQ(zone("Europe/Paris")->offset_minutes(at("2045-07-01T00:00:00Z")), 120);
  EXPECT_EQ(zone("Europe/Paris")->offset_minutes(at("2045-01-01T00:00:00Z")), 60);
  EXPECT_EQ(zone("America/New_York")->offset_minutes(at("2099-07-01T00:00:00Z")), -240);
  // Ireland's summer time is its standard time: the rule has a negative summer offset.
  EXPECT_EQ(zone("Europe/Dublin")->offset_minutes(at("2045-07-01T00:00:00Z")), 60);
  EXPECT_EQ(zone("Europe/Dublin")->offset_minutes(at("2045-01-01T00:00:00Z")), 0);
}

TEST(Zone, AMisspeltNameGetsTheNearest) {
  EXPECT_EQ(Zone::find("Europe/Pari").error().code, "zone.unknown");
  EXPECT_EQ(Zone::find("Europe/Pari").error().text(),
            R"("Europe/Pari" is not a time zone; did you mean "Europe/Paris"?)");
  EXPECT_EQ(Zone::find("Sao_Paulo").error().hint, R"(did you mean "America/Sao_Paulo"?)");
  EXPECT_EQ(Zone::find("europe/paris").error().hint, R"(did you mean "Europe/Paris"?)");
  EXPECT_EQ(Zone::find("Europ/Paris").error().hint, R"(did you mean "Europe/Paris"?)");
  EXPECT_EQ(Zone::find("Eurpe/Lisbonn").error().hint, R"(did you mean "Europe/Lisbon"?)");
  EXPECT_EQ(Zone::find("America/New York").error().hint, R"(did you mean "America/New_York"?)");
  // No zone has a name near to it: that its region is right makes none of the others near.
  EXPECT_EQ(Zone::find("Europe/Lyon").error().hint, "write a name of the tz database, such as Europe/Paris");
  EXPECT_EQ(Zone::find("").error().code, "zone.unknown");
  EXPECT_EQ(Zone::find("../../etc/passwd").error().code, "zone.unknown");
  EXPECT_EQ(Zone::find("localtime").error().code, "zone.unknown");
}

RC_GTEST_PROP(Zone, EveryInstantLiesInItsDay, ()) {
  static const std::vector<std::shared_ptr<const Zone>> kZones{
      zone("Europe/Paris"), zone("America/Sao_Paulo"), zone("Asia/Kolkata"),     zone("America/New_York"),
      zone("Pacific/Apia"), zone("Asia/Tehran"),       zone("Australia/Sydney"), zone("America/Havana")};
  const auto& any = *rc::gen::elementOf(kZones);
  const Instant moment{*rc::gen::inRange<std::int64_t>(0, 80 * 365 * kMicrosPerDay)};
  const Date local = any->day_of(moment);
  RC_ASSERT(any->start_of(local) <= moment);
  RC_ASSERT(moment < any->start_of(local + 1));
  // Reading back what the clock shows gives the instant, or the earlier one that shows the same.
  const std::int64_t shown = moment.micros + any->offset_minutes(moment) * 60 * kMicrosPerSecond;
  const Instant back = any->from_local(shown);
  RC_ASSERT(back <= moment);
  RC_ASSERT(back.micros + any->offset_minutes(back) * 60 * kMicrosPerSecond == shown);
}

TEST(PosixRule, ReadsTheFormsOfTheDatabase) {
  const auto paris = PosixRule::parse("CET-1CEST,M3.5.0,M10.5.0/3");
  ASSERT_TRUE(paris && paris->summer);
  const auto changes = paris->changes(2025);
  EXPECT_EQ(changes[0], std::pair(at("2025-03-30T01:00:00Z").micros / kMicrosPerSecond, 7200));
  EXPECT_EQ(changes[1], std::pair(at("2025-10-26T01:00:00Z").micros / kMicrosPerSecond, 3600));

  EXPECT_EQ(PosixRule::parse("<+0530>-5:30")->standard_offset, 19'800);
  EXPECT_TRUE(PosixRule::parse("<+0530>-5:30")->changes(2025).empty());

  // Nuuk changes at −1 o'clock, that is at 23:00 the day before; Gaza 50 hours into a Thursday, that is on Saturday
  // at 2.
  const auto nuuk = PosixRule::parse("<-02>2<-01>,M3.5.0/-1,M10.5.0/0");
  EXPECT_EQ(nuuk->changes(2025)[0].first, at("2025-03-30T01:00:00Z").micros / kMicrosPerSecond);
  const auto gaza = PosixRule::parse("EET-2EEST,M3.4.4/50,M10.4.4/50");
  EXPECT_EQ(gaza->changes(2026)[0].first, at("2026-03-28T00:00:00Z").micros / kMicrosPerSecond);

  // South of the equator summer ends before it starts in a year.
  const auto sydney = PosixRule::parse("AEST-10AEDT,M10.1.0,M4.1.0/3");
  EXPECT_EQ(sydney->changes(2025)[0], std::pair(at("2025-04-05T16:00:00Z").micros / kMicrosPerSecond, 36'000));
  EXPECT_EQ(sydney->changes(2025)[1], std::pair(at("2025-10-04T16:00:00Z").micros / kMicrosPerSecond, 39'600));

  // Day 60 of a year without leap days is 1 March, also in leap years; counted from 0 with them it is 1 March or 29
  // February.
  EXPECT_EQ(PosixRule::parse("AAA0BBB,J60/0,J300")->changes(2024)[0].first,
            date_of(2024, 3, 1).days * std::int64_t{86'400});
  EXPECT_EQ(PosixRule::parse("AAA0BBB,59/0,300")->changes(2024)[0].first,
            date_of(2024, 2, 29).days * std::int64_t{86'400});
}

TEST(PosixRule, RefusesWhatIsNone) {
  for (const char* text : {"", "CE-1", "CET", "CET-1CEST", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.5.0", "<+03-3",
                           "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-99", "CET-1CEST,M3.6.0,M10.5.0"})
    EXPECT_FALSE(PosixRule::parse(text)) << text;
}

}  // namespace
}  // namespace vigie::calendar

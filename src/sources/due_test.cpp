// When a source is read next by itself, and from when on it is behind.
#include "sources/due.h"

#include <gtest/gtest.h>

namespace vigie::sources {
namespace {

Instant at(std::string_view time) { return *parse_instant(time); }

const calendar::Zone& paris() {
  static const auto kParis = *calendar::Zone::find("Europe/Paris");
  return *kParis;
}

Source scheduled(std::string_view schedule, Kind kind = Kind::postgres) {
  Source out;
  out.kind = kind;
  if (!schedule.empty()) out.schedule = *Schedule::parse(schedule);
  return out;
}

LastRun ran(std::string_view when) {
  LastRun out;
  out.outcome = Outcome::brought;
  out.began = at(when);
  out.last_good = out.began;
  return out;
}

/// The n-th time in a row, after five seconds.
LastRun failed(std::string_view when, int times, std::string code, ErrorKind kind) {
  LastRun out = ran(when);
  out.outcome = Outcome::failed;
  out.seconds = 5;
  out.failures = times;
  out.failing_since = out.began;
  out.last_good.reset();
  out.error = Error{std::move(code), "", kind, {}, {}};
  return out;
}

std::string due(const Source& source, const LastRuns& runs, std::string_view now) {
  const auto found = due_at(source, runs, at(now), paris());
  return found ? to_string(*found) : "-";
}

TEST(Due, IsAtOnceTheFirstTimeAndThenByTheSchedule) {
  EXPECT_EQ(due(scheduled("every 15 minutes"), {}, "2025-07-01T09:00:00Z"), "2025-07-01T09:00:00Z");
  EXPECT_EQ(due(scheduled("every 15 minutes"), {ran("2025-07-01T09:00:00Z")}, "2025-07-01T09:01:00Z"),
            "2025-07-01T09:15:00Z");
  EXPECT_EQ(due(scheduled(""), {ran("2025-07-01T09:00:00Z")}, "2025-07-02T09:00:00Z"), "-")
      << "who says no schedule is read when somebody says so";
}

TEST(Due, HasOneRunToCatchUpAfterAWeek) {
  const Source hourly = scheduled("every hour");
  EXPECT_EQ(due(hourly, {ran("2025-07-01T09:00:00Z")}, "2025-07-08T12:30:00Z"), "2025-07-01T10:00:00Z")
      << "it is over: now";
  EXPECT_EQ(due(hourly, {ran("2025-07-08T12:30:00Z")}, "2025-07-08T12:31:00Z"), "2025-07-08T13:30:00Z")
      << "and after that run nothing is left of the week";
}

TEST(Due, ComesSoonerAfterWhatMayPassByItself) {
  const auto gone = [](int times) {
    return LastRuns{failed("2025-07-01T06:30:00Z", times, "source.unreachable", ErrorKind::unavailable)};
  };
  const Source nightly = scheduled("30 6 * * *");
  EXPECT_EQ(due(nightly, gone(1), "2025-07-01T06:31:00Z"), "2025-07-01T06:31:05Z") << "a minute after it ended";
  EXPECT_EQ(due(nightly, gone(2), "2025-07-01T06:31:00Z"), "2025-07-01T06:32:05Z");
  EXPECT_EQ(due(nightly, gone(6), "2025-07-01T06:31:00Z"), "2025-07-01T07:02:05Z");
  EXPECT_EQ(due(nightly, gone(900), "2025-07-01T06:31:00Z"), "2025-07-01T07:30:05Z") << "an hour at most";
  EXPECT_EQ(due(scheduled("every minute"), gone(4), "2025-07-01T06:31:00Z"), "2025-07-01T06:38:05Z")
      << "a schedule of a minute is slowed down";
}

TEST(Due, WaitsForItsTimeWhereSomebodyHasToMendIt) {
  const Source nightly = scheduled("30 6 * * *");
  for (const auto& [code, kind] : std::initializer_list<std::pair<const char*, ErrorKind>>{
           {"source.rows", ErrorKind::usage},
           {"source.refused", ErrorKind::unavailable},  // tried again and again, the account is locked
           {"source.deadline", ErrorKind::unavailable},
           {"snapshot.too_many_deleted", ErrorKind::check_failed}})
    EXPECT_EQ(due(nightly, {failed("2025-07-01T04:30:00Z", 1, code, kind)}, "2025-07-01T05:00:00Z"),
              "2025-07-02T04:30:00Z")
        << code;
  EXPECT_EQ(due(scheduled("every minute"), {failed("2025-07-01T04:30:00Z", 7, "source.rows", ErrorKind::usage)},
                "2025-07-01T05:00:00Z"),
            "2025-07-01T05:30:05Z");
}

TEST(Due, OfAFolderThatIsWatchedIsOnlyWhatMayPass) {
  const Source folder = scheduled("", Kind::files);
  EXPECT_TRUE(is_watched(folder));
  EXPECT_FALSE(is_watched(scheduled("every hour", Kind::files)));
  EXPECT_EQ(due(folder, {ran("2025-07-01T09:00:00Z")}, "2025-07-01T10:00:00Z"), "-");
  EXPECT_EQ(
      due(folder, {failed("2025-07-01T09:00:00Z", 1, "map.input_column", ErrorKind::usage)}, "2025-07-01T10:00:00Z"),
      "-");
  EXPECT_EQ(due(folder, {failed("2025-07-01T09:00:00Z", 1, "source.unreachable", ErrorKind::unavailable)},
                "2025-07-01T10:00:00Z"),
            "2025-07-01T09:01:05Z");
}

TEST(Due, ARunThatWasKilledCountsAsAFailure) {
  LastRun killed = ran("2025-07-01T09:00:00Z");
  killed.outcome = Outcome::begun;
  killed.failures = 3;
  killed.failing_since = killed.began;
  EXPECT_EQ(due(scheduled("every day"), {killed}, "2025-07-01T09:01:00Z"), "2025-07-01T09:04:00Z");
  EXPECT_EQ(as_it_counts(killed, scheduled(""), true, paris()).failures, 2);
  EXPECT_EQ(as_it_counts(killed, scheduled(""), false, paris()).failures, 3);
}

TEST(Due, AClockThatWasSetBackStopsNothing) {
  EXPECT_EQ(due(scheduled("every hour"), {ran("2031-01-01T00:00:00Z")}, "2025-07-01T09:00:00Z"),
            "2025-07-01T10:00:00Z");
}

TEST(Behind, IsASourceThatMissedTwoTimes) {
  const auto from = [](const Source& source, const LastRun& line) {
    const auto found = behind_from(source, line, paris());
    return found ? to_string(*found) : "-";
  };
  LastRun line = ran("2025-07-01T09:00:00Z");
  EXPECT_EQ(from(scheduled("every 15 minutes"), line), "2025-07-01T10:30:00Z")
      << "an hour's grace where nothing failed";
  EXPECT_EQ(from(scheduled(""), line), "-");
  line.failures = 2;
  line.failing_since = at("2025-07-01T09:15:00Z");
  EXPECT_EQ(from(scheduled("every 15 minutes"), line), "2025-07-01T09:30:00Z");
  EXPECT_EQ(from(scheduled("", Kind::files), line), "2025-07-01T09:25:00Z") << "a watched folder, after ten minutes";
  EXPECT_EQ(from(scheduled(""), line), "2025-07-02T09:15:00Z") << "read by hand, after a day";
  line.last_good.reset();
  EXPECT_EQ(from(scheduled("every 15 minutes"), line), "2025-07-01T09:15:00Z") << "it never went well";
}

}  // namespace
}  // namespace vigie::sources

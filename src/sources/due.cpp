#include "sources/due.h"

namespace vigie::sources {
namespace {

constexpr std::int64_t kMinute = 60 * kMicrosPerSecond;
constexpr int kLongestPause = 60;  ///< minutes
constexpr std::int64_t kFolderMayFail = 10 * kMinute, kUnscheduledMayFail = kMicrosPerDay;
/// Of a source that fails nothing is late before so long: a run takes its time, and a server has to start.
constexpr std::int64_t kGrace = 60 * kMinute;

/// 1, 2, 4 … 60 minutes.
std::int64_t pause_after(int failures) {
  int minutes = 1;
  for (int n = 1; n < failures && minutes < kLongestPause; ++n) minutes *= 2;
  return std::min(minutes, kLongestPause) * kMinute;
}

/// What may be over by itself. A wrong password is not: who tries it again and again is locked out.
bool may_pass(const LastRun& line) {
  if (line.outcome == Outcome::begun) return true;
  if (!line.error || line.error->kind != ErrorKind::unavailable) return false;
  const std::string& code = line.error->code;
  return code != "source.refused" && !code.starts_with("secret.") && code != "source.deadline";
}

/// The run that failed last: which of its maps did, and when it ended.
struct Failure {
  int times = 0;
  bool may_pass = false;
  Instant ended;
};

std::optional<Failure> failure_of(const LastRuns& runs) {
  Failure out;
  for (const LastRun& line : runs) {
    if (line.failures == 0) continue;
    out.times = std::max(out.times, line.failures);
    out.may_pass = out.may_pass || may_pass(line);
    out.ended =
        std::max(out.ended, Instant{line.began.micros + static_cast<std::int64_t>(line.seconds * kMicrosPerSecond)});
  }
  return out.times > 0 ? std::optional(out) : std::nullopt;
}

}  // namespace

bool is_watched(const Source& source) { return source.kind == Kind::files && !source.schedule; }

std::optional<Instant> due_at(const Source& source, const LastRuns& runs, Instant now, const calendar::Zone& zone) {
  const auto failure = failure_of(runs);
  const Instant again{failure ? failure->ended.micros + pause_after(failure->times) : 0};
  if (!source.schedule) {
    // A folder that was not there, say: nothing in it tells when it is back.
    const bool tries = is_watched(source) && failure && failure->may_pass;
    return tries ? std::optional(again) : std::nullopt;
  }
  if (runs.empty()) return now;
  Instant last;
  for (const LastRun& line : runs) last = std::max(last, line.began);
  // A clock that was set back: what it says of the last run is of no use.
  const Instant next = source.schedule->next_after(std::min(last, now), zone);
  if (!failure) return next;
  return failure->may_pass ? again : std::max(next, again);
}

std::optional<Instant> behind_from(const Source& source, const LastRun& line, const calendar::Zone& zone) {
  const auto allowed = [&](Instant last_good) {
    return source.schedule->next_after(source.schedule->next_after(last_good, zone), zone);
  };
  if (line.failures == 0) {
    if (!source.schedule || !line.last_good) return std::nullopt;
    return Instant{allowed(*line.last_good).micros + kGrace};
  }
  const Instant since = line.failing_since.value_or(line.began);
  if (!source.schedule) return Instant{since.micros + (is_watched(source) ? kFolderMayFail : kUnscheduledMayFail)};
  return line.last_good ? std::max(allowed(*line.last_good), since) : since;
}

LastRun as_it_counts(LastRun run, const Source& source, bool is_under_way, const calendar::Zone& zone) {
  if (is_under_way && run.outcome == Outcome::begun && run.failures > 0 && --run.failures == 0)
    run.failing_since.reset();
  run.behind_from = behind_from(source, run, zone);
  return run;
}

}  // namespace vigie::sources

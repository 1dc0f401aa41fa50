#include "ingest/held_checks.h"
#include "sources/due.h"
#include "sources/loaded.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

const LastRun* run_of(const LastRuns& runs, const std::string& map) {
  const auto found = std::ranges::find(runs, map, &LastRun::map);
  return found == runs.end() ? nullptr : &*found;
}

/// `map` is that of the feed, `runs` as they count now.
FeedStatus status_of(const Feed& feed, const Result<ingest::Map>& map, const std::string& id, const LastRuns& runs,
                     bool is_under_way) {
  FeedStatus out{.map = id, .mode = feed.mode};
  if (const LastRun* const run = run_of(runs, out.map)) out.run = *run;
  if (out.run && out.run->outcome == Outcome::begun && !is_under_way) {
    out.run->outcome = Outcome::failed;
    out.run->error = Error{"source.broke_off",
                           "the last sync did not come to its end: its process was stopped or killed",
                           ErrorKind::unavailable,
                           {},
                           "nothing of it was kept but what its receipts told; sync again"};
  }
  if (!map) out.error = map.error();
  else if (out.run) out.error = out.run->error;
  return out;
}

State state_of(const LastRuns& runs, bool is_under_way, Instant now) {
  if (is_under_way) return State::running;
  if (runs.empty()) return State::never_run;
  if (std::ranges::any_of(runs, [](const LastRun& run) { return run.failures > 0; })) return State::failing;
  const auto is_late = [&](const LastRun& run) { return run.behind_from && *run.behind_from <= now; };
  return std::ranges::any_of(runs, is_late) ? State::behind : State::fine;
}

/// Of a source whose file can be read.
Status status_of(const Source& source, const Context& context, bool is_under_way) {
  const calendar::Zone& zone = context.ingest.calendar.zone();
  Status out;
  out.kind = source.kind;
  const LastRuns on_record = last_runs_of(context.workspace, source.id);
  const Instant now = context.ingest.clock.now();
  LastRuns runs;
  for (const LastRun& run : on_record) {
    const LastRun& counts = runs.emplace_back(as_it_counts(run, source, is_under_way, zone));
    out.failures = std::max(out.failures, counts.failures);
    if (counts.failing_since)
      out.failing_since = std::min(out.failing_since.value_or(*counts.failing_since), *counts.failing_since);
  }
  for (const Feed& feed : source.feeds) {
    const auto map = map_of(source, feed, context.ingest.model, zone.name());
    const std::string id = map ? map->id : id_on_record(on_record, feed.map_file, context.workspace);
    out.feeds.push_back(status_of(feed, map, id, runs, is_under_way));
  }
  out.state = state_of(runs, is_under_way, now);
  out.is_watched = is_watched(source);
  if (source.schedule) out.schedule = source.schedule->text();
  out.due = due_at(source, on_record, now, zone);
  return out;
}

/// A run that begins or ends meanwhile would be told by half: then it is looked at again. One that does both leaves
/// another record behind.
Status status_now(const Source& source, const Context& context) {
  constexpr int kLooks = 5;
  const auto look = [&] {
    return std::pair(context.under_way.now().contains(source.id), identity_of_last_runs(context.workspace, source.id));
  };
  auto before = look();
  Status out = status_of(source, context, before.first);
  for (int n = 1; n < kLooks; ++n) {
    auto after = look();
    if (after == before) break;
    before = std::move(after);
    out = status_of(source, context, before.first);
  }
  return out;
}

}  // namespace

std::string_view name_of(State state) {
  switch (state) {
    case State::fine: return "fine";
    case State::never_run: return "never_run";
    case State::running: return "running";
    case State::failing: return "failing";
    case State::behind: return "behind";
    case State::unreadable: return "unreadable";
  }
  return "";
}

Result<std::vector<Status>> status(const Context& context) {
  VIGIE_TRY(const std::vector<Loaded> loaded, load_all(context.workspace, context.presets));
  VIGIE_TRY(const std::vector<checks::State> checked, ingest::check_states(context.ingest.database));
  std::vector<Status> out;
  for (const Loaded& one : loaded) {
    Status status = one.source ? status_now(*one.source, context) : Status{};
    if (!one.source) status.error = one.source.error();
    status.id = one.name();
    status.file = shown_file(one.file);
    for (FeedStatus& feed : status.feeds)
      std::ranges::copy_if(checked, std::back_inserter(feed.checks),
                           [&](const checks::State& check) { return check.map == feed.map; });
    out.push_back(std::move(status));
  }
  return out;
}

bool may_be_behind(const fs::path& workspace, Instant now) {
  std::error_code ignored;
  if (!fs::exists(workspace / "sources", ignored)) return false;
  std::set<std::string> late;
  for (const auto& [source, runs] : all_last_runs(workspace))
    for (const LastRun& run : runs)
      if (run.behind_from && *run.behind_from <= now) late.insert(source);
  if (late.empty()) return false;
  // One whose file is gone is nobody's any more.
  const std::set<std::string> there = names_of_all(workspace);
  return std::ranges::any_of(late, [&](const std::string& source) { return there.contains(source); });
}

std::vector<Behind> behind(const Context& context) {
  const Instant now = context.ingest.clock.now();
  if (!may_be_behind(context.workspace, now)) return {};
  const auto loaded = load_all(context.workspace, context.presets);
  if (!loaded) return {};
  const calendar::Zone& zone = context.ingest.calendar.zone();
  const std::set<std::string> under_way = context.under_way.now();
  std::vector<Behind> out;
  for (const Loaded& one : *loaded) {
    if (!one.source) continue;  // vigie check and vigie sources tell of it
    const LastRuns runs = last_runs_of(context.workspace, one.source->id);
    for (const Feed& feed : one.source->feeds) {
      const auto map = map_of(*one.source, feed, context.ingest.model, zone.name());
      // Of one that cannot be read, what is on record: figures rest on it all the same.
      const LastRun* const on_record =
          run_of(runs, map ? map->id : id_on_record(runs, feed.map_file, context.workspace));
      if (on_record == nullptr) continue;
      const std::string table = map ? map->table->name : on_record->table;
      if (table.empty()) continue;
      const LastRun run = as_it_counts(*on_record, *one.source, under_way.contains(one.source->id), zone);
      if (!run.behind_from || *run.behind_from > now) continue;
      if (out.empty() || out.back().source != one.source->id) out.push_back({one.source->id, {}, {}, false});
      Behind& behind = out.back();
      behind.tables.insert(table);
      behind.fails = behind.fails || run.failures > 0;
      if (run.last_good && (!behind.last_good || *run.last_good < *behind.last_good)) behind.last_good = run.last_good;
    }
  }
  return out;
}

std::vector<Error> check(const fs::path& workspace, const fs::path& presets, const model::Model& model,
                         const std::string& time_zone) {
  std::vector<Error> out = passed_over(workspace);
  const auto loaded = load_all(workspace, presets);
  if (!loaded) return {loaded.error()};
  for (const Loaded& one : *loaded) {
    if (!one.source) {
      out.push_back(one.source.error());
      continue;
    }
    std::vector<std::string> ids;
    for (const Feed& feed : one.source->feeds) {
      const auto map = map_of(*one.source, feed, model, time_zone);
      if (map) ids.push_back(map->id);
      if (!map) {
        // What is wrong within a map of maps/ is told of the map, once.
        std::error_code ignored;
        const bool told = map.error().where.file.ends_with(feed.map_file.filename().string()) &&
                          fs::equivalent(feed.map_file.parent_path(), workspace / "maps", ignored);
        if (!told) out.push_back(map.error());
      }
    }
    if (ids.size() < one.source->feeds.size()) continue;  // one of those that cannot be read may be meant
    if (const auto named = check_names_of_maps(*one.source, ids); !named) out.push_back(named.error());
  }
  return out;
}

}  // namespace vigie::sources

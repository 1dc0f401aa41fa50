#include "ingest/held_checks.h"
#include "sources/due.h"
#include "sources/loaded.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

FeedStatus status_of(const Feed& feed, const std::string& map, const Journal& journal, bool is_under_way) {
  FeedStatus out;
  out.map = map;
  out.mode = feed.mode;
  const auto line = std::ranges::find(journal, map, &JournalLine::map);
  if (line == journal.end()) return out;
  out.outcome = line->outcome;
  out.last_run = line->last_run;
  out.last_good = line->last_good;
  out.data_until = line->data_until;
  out.rows = line->rows;
  out.loaded = line->loaded;
  out.updated = line->updated;
  out.deleted = line->deleted;
  out.quarantined = line->quarantined;
  out.reached = line->reached;
  out.error = line->error;
  if (line->outcome == Outcome::begun && !is_under_way) {
    out.outcome = Outcome::failed;
    out.error = Error{"source.broke_off",
                      "the last sync did not come to its end: its process was stopped or killed",
                      ErrorKind::unavailable,
                      {},
                      "nothing of it was kept but what its receipts told; sync again"};
  }
  return out;
}

State state_of(const Journal& journal, bool is_under_way, Instant now) {
  if (is_under_way) return State::running;
  if (journal.empty()) return State::never_run;
  if (std::ranges::any_of(journal, [](const JournalLine& line) { return line.failures > 0; })) return State::failing;
  const auto is_late = [&](const JournalLine& line) { return line.behind_from && *line.behind_from <= now; };
  return std::ranges::any_of(journal, is_late) ? State::behind : State::fine;
}

/// Of a source whose file can be read.
Status status_of(const Source& source, const Context& context, bool is_under_way) {
  const calendar::Zone& zone = context.ingest.calendar.zone();
  const Instant now = context.ingest.clock.now();
  Status out;
  out.kind = source.kind;
  const Journal journal = read_journal(context.workspace, source.id);
  for (const Feed& feed : source.feeds) {
    const auto map = map_of(source, feed, context.ingest.model, zone.name());
    out.feeds.push_back(status_of(feed, map ? map->id : feed.map_file.stem().string(), journal, is_under_way));
    if (!map) out.feeds.back().error = map.error();
  }
  Journal judged = journal;
  for (JournalLine& line : judged) {
    line = without_this_run(std::move(line), is_under_way);
    line.behind_from = behind_from(source, line, zone);
    out.failures = std::max(out.failures, line.failures);
    if (line.failing_since)
      out.failing_since = std::min(out.failing_since.value_or(*line.failing_since), *line.failing_since);
  }
  out.state = state_of(judged, is_under_way, now);
  out.is_watched = is_watched(source);
  if (source.schedule) out.schedule = source.schedule->text();
  out.due = due_at(source, journal, now, zone);
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
  const std::set<std::string> under_way = context.under_way.now();
  VIGIE_TRY(const std::vector<checks::State> checked, ingest::check_states(context.ingest.database));
  std::vector<Status> out;
  for (const Loaded& one : loaded) {
    Status status = one.source ? status_of(*one.source, context, under_way.contains(one.name())) : Status{};
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
  for (const auto& [source, journal] : read_journals(workspace))
    for (const JournalLine& line : journal)
      if (line.behind_from && *line.behind_from <= now) late.insert(source);
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
    const Journal journal = read_journal(context.workspace, one.source->id);
    for (const Feed& feed : one.source->feeds) {
      const auto map = map_of(*one.source, feed, context.ingest.model, zone.name());
      const auto found = std::ranges::find(journal, map ? map->id : feed.map_file.stem().string(), &JournalLine::map);
      if (!map || found == journal.end()) continue;
      const JournalLine line = without_this_run(*found, under_way.contains(one.source->id));
      const auto from = behind_from(*one.source, line, zone);
      if (!from || *from > now) continue;
      if (out.empty() || out.back().source != one.source->id) out.push_back({one.source->id, {}, {}, false});
      Behind& behind = out.back();
      behind.tables.insert(map->table->name);
      behind.fails = behind.fails || line.failures > 0;
      if (line.last_good && (!behind.last_good || *line.last_good < *behind.last_good))
        behind.last_good = line.last_good;
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
      ids.push_back(map ? map->id : feed.map_file.stem().string());
      if (!map) {
        // What is wrong within a map of maps/ is told of the map, once.
        std::error_code ignored;
        const bool told = map.error().where.file.ends_with(feed.map_file.filename().string()) &&
                          fs::equivalent(feed.map_file.parent_path(), workspace / "maps", ignored);
        if (!told) out.push_back(map.error());
      }
    }
    if (const auto named = check_names_of_maps(*one.source, ids); !named) out.push_back(named.error());
  }
  return out;
}

}  // namespace vigie::sources

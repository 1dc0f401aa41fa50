#include "server/events/event_maps.h"

#include "base/text.h"
#include "base/yaml.h"
#include "workspace/map_folder.h"

namespace vigie::events {
namespace {

namespace fs = std::filesystem;

/// Maps that are not there, or wrong, do not have the folder read more often than this.
constexpr std::chrono::milliseconds kBetweenLooks{500};

std::set<std::string, std::less<>> hashed_members(const ingest::Map& map) {
  std::set<std::string, std::less<>> out;
  const auto add = [&](const std::vector<ingest::Named>& names) {
    for (const ingest::Named& one : names)
      if (map.is_hashed(one.name)) out.insert(one.name);
  };
  add(map.key);
  for (const ingest::ColumnMap& column : map.columns) add(column.from), add(column.join);
  return out;
}

}  // namespace

Result<> check_takes_events(const ingest::Map& map) {
  const auto refused = [&](std::string message, std::string hint) {
    return fail(ErrorKind::data, "events.map", std::move(message), map.where, std::move(hint));
  };
  if (map.inputs.size() != 1)
    return refused(fmt::format("the map \"{}\" has several inputs, and an event is a record of one", map.id),
                   "write a map of its own for events");
  if (map.inputs.front().format != ingest::Format::jsonl)
    return refused(fmt::format("the map \"{}\" does not read JSON lines", map.id), "say format: jsonl under input");
  if (map.hashes() && map.query)
    return refused(fmt::format("the map \"{}\" hashes columns of its query, and events are kept before it", map.id),
                   "hash members of the events in a map without a query");
  if (map.mode == ingest::Mode::snapshot || map.mode == ingest::Mode::snapshot_of_dates)
    return refused(fmt::format("the map \"{}\" is of snapshots: what is missing from a file is deleted, and no event "
                               "holds all",
                               map.id),
                   "say mode: upsert");
  return {};
}

void EventMaps::look() {
  looked_ = std::chrono::steady_clock::now();
  known_.clear();
  for (const fs::path& folder : {workspace_.folder() / "maps", workspace_.folder() / "maps" / "events"}) {
    const auto found = workspace::maps_in(folder);
    if (!found) continue;  // it is not there, or `vigie check` tells of it
    for (const fs::path& file : found->maps) {
      std::error_code ignored;
      const auto written = fs::last_write_time(file, ignored);
      const std::string shown = fs::relative(file, workspace_.folder(), ignored).string();
      const auto root = YamlNode::load_file(file, shown);
      const YamlNode* const named = root ? root->find("map") : nullptr;
      const auto id = named != nullptr ? named->as_text() : Result<std::string>("");
      if (!id || id->empty()) continue;
      const auto map = ingest::Map::load(file, workspace_.model(), workspace_.calendar().zone().name());
      const auto [known, is_first] =
          known_.emplace(*id, Known{file, written, map ? check_takes_events(*map) : std::unexpected(map.error()),
                                    map ? hashed_members(*map) : std::set<std::string, std::less<>>{}});
      if (is_first) continue;
      const std::string other = fs::relative(known->second.file, workspace_.folder(), ignored).string();
      known->second.usable =
          fail(ErrorKind::data, "events.map",
               fmt::format("the map \"{}\" is in {} and in {}: nobody knows which is meant", *id, other, shown), {},
               "give one of the two another id");
    }
  }
}

Result<fs::path> EventMaps::find(const std::string& id) {
  const std::lock_guard guard(mutex_);
  std::error_code problem;
  auto found = known_.find(id);
  const bool is_current = found != known_.end() && found->second.usable &&
                          fs::last_write_time(found->second.file, problem) == found->second.written && !problem;
  if (is_current) return found->second.file;
  const bool has_changed = found != known_.end() && found->second.usable;
  if (has_changed || std::chrono::steady_clock::now() - looked_ > kBetweenLooks) {
    look();
    found = known_.find(id);
  }
  if (found == known_.end()) {
    std::vector<std::string> ids;
    for (const auto& [known, about] : known_)
      if (about.usable) ids.push_back(known);
    return fail(ErrorKind::usage, "events.unknown_map", fmt::format("no map \"{}\" in the workspace", id), {},
                suggestion(id, ids));
  }
  VIGIE_CHECK(found->second.usable);
  return found->second.file;
}

std::set<std::string, std::less<>> EventMaps::hashed(const std::string& id) {
  const std::lock_guard guard(mutex_);
  const auto found = known_.find(id);
  return found == known_.end() ? std::set<std::string, std::less<>>{} : found->second.hashed;
}

}  // namespace vigie::events

#include "server/events/check_events.h"

#include <map>

#include "base/text.h"
#include "base/yaml_folder.h"
#include "server/events/event_maps.h"
#include "server/events/webhook.h"
#include "workspace/map_folder.h"

namespace vigie::events {
namespace {

namespace fs = std::filesystem;

/// Of the maps that events may name: whether they take any.
using Takers = std::map<std::string, Result<>>;

void look_at_maps(const fs::path& folder, const model::Model& model, const std::string& time_zone, Takers& takers,
                  const std::function<void(Error)>& tell) {
  const auto found = workspace::maps_in(folder);
  if (!found) return tell(found.error());
  for (const Error& error : found->passed_over) tell(error);
  for (const fs::path& file : found->maps) {
    const auto map = ingest::Map::load(file, model, time_zone);
    if (!map) {
      tell(map.error());
      continue;
    }
    const Result<> taken = check_takes_events(*map);
    if (!taken) tell(taken.error());
    takers.emplace(map->id, taken);
  }
}

/// Maps of one id in both folders: events would go to whichever comes first.
void look_at_names(const fs::path& maps, const std::function<void(Error)>& tell) {
  std::vector<fs::path> files;
  for (const fs::path& folder : {maps, maps / "events"})
    if (const auto found = workspace::maps_in(folder))
      files.insert(files.end(), found->maps.begin(), found->maps.end());
  for (const Error& error : workspace::repeated_maps(files))
    if (fs::path(error.where.file).parent_path() == maps / "events") tell(error);
}

void look_at_webhooks(const fs::path& folder, const Takers& takers, std::vector<Error>& found) {
  const auto files = yaml_folder(folder);
  if (!files) return found.push_back(files.error());
  for (const fs::path& file : files->nearly) found.push_back(not_read(file));
  for (const fs::path& file : files->files) {
    auto webhook = usable_webhook(file);
    if (!webhook && webhook.error().code == "secret.missing") {
      if (const auto said = Webhook::load(file); said && said->secret.from == Secret::From::environment) webhook = said;
    }
    if (!webhook) {
      found.push_back(webhook.error());
      continue;
    }
    const auto map = takers.find(webhook->map);
    std::vector<std::string> ids;
    for (const auto& [id, taken] : takers)
      if (taken) ids.push_back(id);
    if (map == takers.end())
      found.push_back({"events.unknown_map", fmt::format("no map \"{}\" in the workspace", webhook->map),
                       ErrorKind::usage, webhook->map_where, suggestion(webhook->map, ids)});
    else if (!map->second && map->second.error().where.file.find("events/") == std::string::npos)
      found.push_back(map->second.error());
  }
}

}  // namespace

std::vector<Error> check(const fs::path& workspace, const model::Model& model, const std::string& time_zone) {
  std::vector<Error> found;
  const fs::path maps = workspace / "maps";
  // Named as the workspace's own file, wherever the workspace is.
  const auto tell = [&](Error error) {
    if (!error.where.file.empty()) error.where.file = "maps/events/" + fs::path(error.where.file).filename().string();
    found.push_back(std::move(error));
  };
  Takers takers;
  look_at_maps(maps / "events", model, time_zone, takers, tell);
  look_at_names(maps, tell);
  // Those of maps/ are for files first: what is wrong with them is told elsewhere, or of the webhook that names them.
  look_at_maps(maps, model, time_zone, takers, [](const Error&) {});
  look_at_webhooks(workspace / "webhooks", takers, found);
  return found;
}

}  // namespace vigie::events

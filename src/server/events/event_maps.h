#pragma once
#include <mutex>
#include <set>

#include "ingest/map.h"
#include "workspace/workspace.h"

namespace vigie::events {

/// Whether events can be records of a map: one input of JSON lines, and no snapshot. Error: events.map.
Result<> check_takes_events(const ingest::Map& map);

/// The maps that events may name: those of the workspace's maps/ and maps/events/ that read JSON lines. Kept while
/// their files stay as they are; any thread.
class EventMaps {
 public:
  explicit EventMaps(workspace::Workspace& workspace) : workspace_(workspace) {}

  /// The file of the map of that id, checked. Errors: events.unknown_map, events.map, and those of Map::load.
  Result<std::filesystem::path> find(const std::string& id);
  /// Of a map that was found: which members of its events are hashed before they are kept; none of most.
  std::set<std::string, std::less<>> hashed(const std::string& id);

 private:
  struct Known {
    std::filesystem::path file;
    std::filesystem::file_time_type written;
    Result<> usable;
    std::set<std::string, std::less<>> hashed;
  };
  void look();

  workspace::Workspace& workspace_;
  std::mutex mutex_;
  std::map<std::string, Known> known_;
  std::chrono::steady_clock::time_point looked_{};
};

}  // namespace vigie::events

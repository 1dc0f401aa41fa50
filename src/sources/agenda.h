#pragma once
#include <chrono>
#include <map>
#include <memory>

#include "sources/folder_watch.h"
#include "sources/last_runs.h"
#include "sources/loaded.h"

namespace vigie::sources {

/// Which sources are to be read now. It looks at files alone and at the time that it is given, never waits, and starts
/// nothing. A file of `sources/` that comes, changes or goes is taken up at the next look; a source that fails is tried
/// at once when its file or that of a map has been changed: somebody has mended it. Used by one thread.
class Agenda {
 public:
  /// `between_looks`: at watched folders, and at least twenty times as long as such a look takes, so that a slow
  /// network is left in peace; 0: each time.
  Agenda(std::filesystem::path workspace, std::filesystem::path presets, const calendar::Zone& zone,
         std::chrono::milliseconds between_looks);

  struct Task {
    std::string source;
    bool is_folder = false;
    std::set<std::string> whole;  ///< see Order
  };
  /// Those that are due, without the ones that are `under_way`.
  std::vector<Task> due(Instant now, const std::set<std::string>& under_way);
  /// Has a source read as soon as may be. Errors: source.unknown, source.none, those of its file.
  Result<> ask(const std::string& source);
  /// What is wrong with files of `sources/`, each time that it is new.
  std::vector<Error> news_of_files();

 private:
  using Steady = std::chrono::steady_clock;
  /// What is known of one source.
  struct Entry {
    Result<Source> source;
    std::string state_of_maps, state_of_runs;
    std::string file_identity;
    LastRuns runs;
    bool asked = false;
    std::optional<Instant> tried;
    std::string runs_when_tried;
    std::unique_ptr<FolderWatch> watch;  ///< of a watched folder
    Steady::time_point looked{};
    Steady::duration pause{};
  };

  void look_at_files();
  void look_at_runs(const std::string& name, Entry& entry) const;
  bool is_due(Entry& entry, Instant now);
  bool has_files(Entry& entry, Instant now) const;
  static bool left_no_word(const Entry& entry, Instant now);

  const std::filesystem::path workspace_, presets_;
  const calendar::Zone& zone_;
  const std::chrono::milliseconds between_looks_;
  std::map<std::string, Entry> entries_;  ///< by the names of the sources
  std::string state_of_files_;
  std::vector<Error> wrong_, news_;
};

}  // namespace vigie::sources

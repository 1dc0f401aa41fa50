#pragma once
#include <map>
#include <set>

#include "sources/source.h"

namespace vigie::sources {

/// A folder while it is watched: says when there is a file that is whole and was not seen yet. It is looked at again
/// and again, for a folder of the network tells nobody of its files. Of a local one the system tells which file was
/// moved in under its name: such a file is whole at once, whatever `settled` says. Used by one thread.
class FolderWatch {
 public:
  FolderWatch();
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  struct News {
    bool more = false;   ///< a whole file that was not there at the last look, or changed since; the folder, or one in
                         ///< it, came or went
    bool fewer = false;  ///< one that was there is gone
  };
  News look(const Source& source, Instant now);
  /// Files that were moved in, as Order::whole takes them.
  const std::set<std::string>& whole() const { return moved_; }

 private:
  void listen_to(const Source& source);
  void hear();
  void note_what_moved_in(const Source& source);

  int notices_ = -1;  ///< inotify; -1 where the system has none left
  std::map<int, std::filesystem::path> folders_;
  std::set<std::filesystem::path> arrived_;  ///< moved in, and not written since
  std::set<std::string> seen_, moved_;
  bool was_there_ = true;
};

}  // namespace vigie::sources

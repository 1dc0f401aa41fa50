#include "sources/folder_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "sources/folder.h"

namespace vigie::sources {

namespace fs = std::filesystem;

FolderWatch::FolderWatch() : notices_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

FolderWatch::~FolderWatch() {
  if (notices_ >= 0) ::close(notices_);
}

FolderWatch::News FolderWatch::look(const Source& source, Instant now) {
  // Heard before it is looked: a file that comes between the two is seen at the next look.
  listen_to(source);
  note_what_moved_in(source);
  std::error_code ignored;
  bool is_there = fs::is_directory(source.place, ignored);
  News news;
  std::set<std::string> whole, moved;
  for (const Feed& feed : source.feeds) {
    auto files = whole_files(source, feed, moved_, now);
    is_there = is_there && files;
    if (!files) continue;  // a sync tells why
    for (FolderFile& file : *files) {
      news.more = news.more || !seen_.contains(file.stands);
      if (moved_.contains(file.stands)) moved.insert(file.stands);
      whole.insert(std::move(file.stands));
    }
  }
  news.more = news.more || is_there != was_there_;
  was_there_ = is_there;
  news.fewer = std::ranges::any_of(seen_, [&](const std::string& one) { return !whole.contains(one); });
  seen_ = std::move(whole);
  moved_ = std::move(moved);  // what was moved away again, or written since, is forgotten
  return news;
}

/// To listen to a folder once more changes nothing; one that was replaced is another.
void FolderWatch::listen_to(const Source& source) {
  if (notices_ < 0) return;
  for (const Feed& feed : source.feeds)
    for (const fs::path& folder : folders_of(source, feed))
      if (const int id = ::inotify_add_watch(notices_, folder.c_str(), IN_MOVED_TO | IN_MODIFY | IN_ONLYDIR); id >= 0)
        folders_[id] = folder;
}

/// How they stand is looked up between two hearings: what was written before that is known by then, and whatever is
/// written after it stands otherwise.
void FolderWatch::note_what_moved_in(const Source& source) {
  hear();
  std::map<fs::path, std::string> found;
  for (const fs::path& file : arrived_)
    if (auto stands = stands_as(source.place, file)) found.emplace(file, *std::move(stands));
  std::erase_if(arrived_, [&](const fs::path& file) { return !found.contains(file); });  // folders, and what is gone
  hear();
  for (auto& [file, stands] : found)
    if (arrived_.erase(file) > 0) moved_.insert(std::move(stands));
}

/// Where notices were lost, what was moved in waits until it has settled.
void FolderWatch::hear() {
  if (notices_ < 0) return;
  alignas(inotify_event) std::array<char, 64UL * 1024> notices{};
  for (;;) {
    const auto got = ::read(notices_, notices.data(), notices.size());
    if (got <= 0) return;
    inotify_event notice{};
    for (const char *at = notices.data(), *end = at + got; at < end; at += sizeof notice + notice.len) {
      std::memcpy(&notice, at, sizeof notice);
      if ((notice.mask & IN_Q_OVERFLOW) != 0) arrived_.clear();
      if ((notice.mask & IN_IGNORED) != 0) folders_.erase(notice.wd);
      const auto folder = folders_.find(notice.wd);
      if (folder == folders_.end() || notice.len == 0) continue;
      const fs::path file = folder->second / (at + sizeof notice);
      if ((notice.mask & IN_MOVED_TO) != 0) arrived_.insert(file);
      else if ((notice.mask & IN_MODIFY) != 0) arrived_.erase(file);
    }
  }
}

}  // namespace vigie::sources

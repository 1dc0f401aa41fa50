#pragma once
#include <map>
#include <set>

#include "sources/reader.h"

namespace vigie::sources {

/// A file of a folder that has not been taken yet.
struct NewFile {
  std::filesystem::path path;
  std::string digest;
  std::string stands;  ///< size, time and name: as long as they are the same, its content is
  Instant changed;
};

/// A file that a feed names, as it stands, whether or not it was taken.
struct FolderFile {
  std::filesystem::path path;
  std::string stands;
  Instant changed;
};
/// Those that do not grow any more: with `done`, whose mark is there; else those that were not changed within
/// `settled`, or that are among `whole`, and stand as they stood then. In the order of their names; no file is opened.
std::vector<FolderFile> whole_files(const Source& source, const Feed& feed, const std::set<std::string>& whole,
                                    Instant now);
/// FolderFile::stands of a file of the folder; nothing: there is none.
std::optional<std::string> stands_as(const std::filesystem::path& folder, const std::filesystem::path& file);
/// The folders in which the files of a feed may be.
std::set<std::filesystem::path> folders_of(const Source& source, const Feed& feed);

/// The whole files that a feed names, without those that were taken (`known`: digest → stands) and those that change
/// while they are read. Errors: source.unreachable (no such folder), file.unreadable, file.packed.
Result<std::vector<NewFile>> new_files(const Source& source, const Feed& feed,
                                       const std::map<std::string, std::string>& known,
                                       const std::set<std::string>& whole, Instant now);

}  // namespace vigie::sources

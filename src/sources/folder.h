#pragma once
#include <map>
#include <set>

#include "sources/source.h"

namespace vigie::sources {

/// A file that a feed names, as it stands, whether or not it was taken.
struct FolderFile {
  std::filesystem::path path;
  std::string name;    ///< from the folder on
  std::string stands;  ///< size, time and name: as long as they are the same, its content is
  Instant changed;
};
/// Those that do not grow any more: with `done`, whose mark is there; else those that were not changed within
/// `settled`, or that are among `whole`, and stand as they stood then. In the order of their names; no file is opened.
/// Errors: source.unreachable (a folder in it that cannot be read).
Result<std::vector<FolderFile>> whole_files(const Source& source, const Feed& feed, const std::set<std::string>& whole,
                                            Instant now);
/// FolderFile::stands of a file of the folder; nothing: there is none.
std::optional<std::string> stands_as(const std::filesystem::path& folder, const std::filesystem::path& file);
/// The folders in which the files of a feed may be.
std::set<std::filesystem::path> folders_of(const Source& source, const Feed& feed);

/// A file of a folder that has not been taken yet.
struct NewFile {
  FolderFile file;
  std::string digest;  ///< of its content
};

/// The files that were taken: name → as it was then.
struct TakenFile {
  std::string digest, stands;
};
using TakenFiles = std::map<std::string, TakenFile>;

/// The whole files that a feed names, but for those that change while they are read, and those that stand as they stood
/// when they were taken.
struct Found {
  /// What was not taken under that name with that content, nor, where a map does not take each file for the whole truth
  /// of its moment, with that content under another name. A content that returns to a file is news: ingest knows what
  /// it changes.
  std::vector<NewFile> news;
  /// Those that were touched, or brought another name: their content was taken. Noted, they need not be read again; and
  /// what is `missing` among them is so no more, for what was refused stands nowhere and its rows are in.
  std::vector<NewFile> known;
};
/// `missing`: names of files that were refused since they were taken, and are told until they come.
/// Errors: source.unreachable (no such folder, or one that cannot be read), file.unreadable, file.packed.
Result<Found> look_for_news(const Source& source, const Feed& feed, ingest::Mode mode, const TakenFiles& taken,
                            const std::set<std::string>& missing, const std::set<std::string>& whole, Instant now);

}  // namespace vigie::sources

#pragma once
#include "sources/reader.h"

namespace vigie::sources {

/// A file of a folder that has not been taken yet.
struct NewFile {
  std::filesystem::path path;
  std::string name;    ///< from the folder on
  std::string digest;  ///< of its content
  std::string stands;  ///< size and time: as long as they are the same, its content is
};

/// The files that were taken: name → as it was then.
struct TakenFile {
  std::string digest, stands;
};
using TakenFiles = std::map<std::string, TakenFile>;

/// The files that a feed names, in the order of their names, without those that may still grow: with `done`, those
/// whose mark is not there; else those changed within `settled`, or while they were read. And without those that are no
/// news: taken under that name with that content, or, where a map does not take each file for the whole truth of its
/// moment, with that content under another name. A content that returns to a file is news: ingest knows what it
/// changes.
///
/// Errors: source.unreachable (no such folder, or one that cannot be read), file.unreadable, file.packed.
Result<std::vector<NewFile>> new_files(const Source& source, const Feed& feed, ingest::Mode mode,
                                       const TakenFiles& taken, Instant now);

}  // namespace vigie::sources

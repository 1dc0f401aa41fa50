#pragma once
#include "sources/reader.h"

namespace vigie::sources {

/// A file of a folder that has not been taken yet.
struct NewFile {
  std::filesystem::path path;
  std::string digest;
  std::string stands;  ///< size, time and name: as long as they are the same, its content is
};

/// The files that a feed names, in the order of their names, without those that were taken (`known`: digest → stands)
/// and those that may still grow: with `done`, those whose mark is not there; else those changed within `settled`, or
/// while they were read. Errors: source.unreachable (no such folder), file.unreadable, file.packed.
Result<std::vector<NewFile>> new_files(const Source& source, const Feed& feed,
                                       const std::map<std::string, std::string>& known, Instant now);

}  // namespace vigie::sources

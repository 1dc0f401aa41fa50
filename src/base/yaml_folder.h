#pragma once
#include <filesystem>
#include <vector>

#include "base/result.h"

namespace vigie {

/// The files of a folder that end in .yaml, those that nearly do (*.yml, *.YAML), which who reads the folder would pass
/// over without a word, and what is named like either and is no file: a pipe would be waited for without end. Each in
/// name order. A name that begins with a dot is the copy of an editor or a file system, and no text of a person's.
struct YamlFolder {
  std::vector<std::filesystem::path> files, nearly, no_files;
};

/// A folder that is not there holds none. Fails with file.unreadable.
Result<YamlFolder> yaml_folder(const std::filesystem::path& folder);

}  // namespace vigie

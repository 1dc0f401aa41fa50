#pragma once
#include <filesystem>
#include <vector>

#include "base/result.h"

namespace vigie {

/// The files of a folder that end in .yaml, and those that nearly do (*.yml, *.YAML), which who reads the folder would
/// pass over without a word; both in name order.
struct YamlFolder {
  std::vector<std::filesystem::path> files, nearly;
};

/// A folder that is not there holds none. Fails with file.unreadable.
Result<YamlFolder> yaml_folder(const std::filesystem::path& folder);

}  // namespace vigie

#pragma once
#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.h"

namespace vigie {

/// The files of a folder that end in .yaml, in name order; and one, where there is any, that nearly does (*.yml,
/// *.YAML): who reads the folder would pass it over without a word.
struct YamlFolder {
  std::vector<std::filesystem::path> files;
  std::optional<std::filesystem::path> nearly;
};

/// A folder that is not there holds none. Fails with file.unreadable.
Result<YamlFolder> yaml_folder(const std::filesystem::path& folder);

}  // namespace vigie

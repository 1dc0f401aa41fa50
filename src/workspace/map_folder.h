#pragma once
#include <filesystem>
#include <vector>

#include "base/result.h"

namespace vigie::workspace {

/// The maps of a folder (*.yaml), in name order; a map.file_name for each file that nearly ends as maps do (*.yml), and
/// a map.no_file for each pipe or folder that is named like a map: they would be passed over without a word.
struct MapFolder {
  std::vector<std::filesystem::path> maps;
  std::vector<Error> passed_over;
};

/// A folder that is not there holds none. Fails with file.unreadable.
Result<MapFolder> maps_in(const std::filesystem::path& folder);

/// A map.id_taken for each file that is a map of an id that one before it has: the imports of one would count as those
/// of the other. Files that cannot be read as maps are for others to tell of.
std::vector<Error> repeated_maps(const std::vector<std::filesystem::path>& maps);

}  // namespace vigie::workspace

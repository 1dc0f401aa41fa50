#pragma once
#include <filesystem>
#include <vector>

#include "base/result.h"

namespace vigie::workspace {

/// The maps of a folder (*.yaml), in name order; a folder that is not there holds none. Fails with map.file_name where
/// a file nearly ends as maps do (*.yml, *.YAML): it would be passed over without a word.
Result<std::vector<std::filesystem::path>> maps_in(const std::filesystem::path& folder);

/// Fails with map.id_taken where two files are maps of one id: the imports of one would count as those of the other.
/// Files that cannot be read as maps are for others to tell of.
Result<> check_distinct_maps(const std::vector<std::filesystem::path>& maps);

}  // namespace vigie::workspace

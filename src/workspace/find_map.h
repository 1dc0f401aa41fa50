#pragma once
#include "ingest/mend.h"

namespace vigie::workspace {

/// Finds the map of an id: where it stood when it brought rows; else in maps/ of the workspace and the folders in it;
/// else among the presets that ship with the program. Fails with quarantine.map.
ingest::FindMap map_finder(const std::filesystem::path& workspace);

}  // namespace vigie::workspace

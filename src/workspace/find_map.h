#pragma once
#include "ingest/mend.h"

namespace vigie::workspace {

/// Finds the map of an id: where it stood when it brought rows; else in maps/ of the workspace and the folders in it;
/// else among the presets that ship with the program. Fails with quarantine.map.
ingest::FindMap map_finder(const std::filesystem::path& workspace);

/// Whether it is certain that a file is no map of this id any more: it is not there, or says another one. Of one that
/// cannot be read, it is not.
bool is_another_map(const std::filesystem::path& file, const std::string& id);

}  // namespace vigie::workspace

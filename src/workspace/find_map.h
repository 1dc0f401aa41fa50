#pragma once
#include "ingest/mend.h"

namespace vigie::workspace {

/// Finds the map of an id: where it stood when it brought rows; else in maps/ of the workspace and the folders in it;
/// else among the presets that ship with the program. Fails with quarantine.map.
ingest::FindMap map_finder(const std::filesystem::path& workspace);

/// Whether it is certain that a file is no map of this id any more: it is not there, or says another one. Of one that
/// cannot be read it is not, nor of one outside of the workspace whose folder is not there: a disk may not be mounted.
bool is_another_map(const std::filesystem::path& workspace, const std::filesystem::path& file, const std::string& id);

/// Whether a file that is to be a map says of none which it is: it may be the map of any id.
bool says_no_id(const std::filesystem::path& file);
/// Whether one in maps/ of the workspace, or in a folder in it, does.
bool any_says_no_id(const std::filesystem::path& workspace);

}  // namespace vigie::workspace

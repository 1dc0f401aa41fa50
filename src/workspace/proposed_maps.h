#pragma once
#include "workspace/look.h"

namespace vigie::workspace {

/// Keeps what was proposed for a file: its maps in the folder's `maps/`, and the copy that they read. All of it or
/// nothing: a map that stands there is its owner's. It is written over only while it is a proposal for the same file
/// that nobody has edited since, which its last line tells.
///
/// Returns the files of the maps, in their order. Errors: map.exists, file.unwritable.
Result<std::vector<std::filesystem::path>> keep_proposed(LookedAt& looked, const std::filesystem::path& folder,
                                                         tongue::Language language);

}  // namespace vigie::workspace

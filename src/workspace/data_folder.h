#pragma once
#include <filesystem>

#include "base/result.h"

namespace vigie::workspace {

/// Makes data/ in the folder of a workspace. What the company sold, to whom, for how much: for nobody else on the
/// machine. A folder that is there keeps its rights. Gives whether it was made now; fails with file.unwritable.
Result<bool> make_data_folder(const std::filesystem::path& folder);

}  // namespace vigie::workspace

#pragma once
#include <filesystem>

#include "base/result.h"

namespace vigie::workspace {

/// The folder that holds what ships with the program: model/, kpis/, web/. In order: $VIGIE_SHARE,
/// share/vigie beside the program's bin folder, the source tree it was built from. Fails with `share.missing`.
Result<std::filesystem::path> share_folder();

}  // namespace vigie::workspace
